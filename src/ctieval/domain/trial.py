"""The plan of a trial as data: everything is fixed here before an outcome is opened."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias

from ctieval.domain.arms import Arms
from ctieval.domain.comment import CommentFile
from ctieval.domain.criterion import Eligibility
from ctieval.domain.decision_plan import CaseloadPlan
from ctieval.domain.design import Design, Intake
from ctieval.domain.dream_columns import DreamColumns
from ctieval.domain.effects_plan import EffectsPlan
from ctieval.domain.outcome import Outcome
from ctieval.domain.outlook_plan import OutlookPlan
from ctieval.domain.parameter import Parameter
from ctieval.domain.plan_lock import PlanLock
from ctieval.domain.statement import Statement
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label, Language


class ImportedDesign(StrEnum):
    """Design that an imported allocation declares; its quotas are the numbers found."""

    COMPLETE = "complete"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class AnalysisTable:
    """One ready table, one row a person.

    Attributes:
        path: The table's file.
        id: Column of the person's identifier.
        arm: Column of the arm.
        intervention: Value of ``arm`` in the intervention, as text.
        control: Value of ``arm`` in the control, as text.
        block: Column of the block, or None.
        source: What the tables and figures name as the source of these data.
    """

    path: Path
    id: str
    arm: str
    intervention: str
    control: str
    block: str | None
    source: Label


@dataclass(frozen=True, slots=True)
class RegisterFolder:
    """A folder of register extracts, or one file that holds them all.

    Attributes:
        folder: The folder, or the file.
        rates: The trial's own rates, which overlay the shipped book, or None.
        covers: First and last day that the extracts cover, inclusive; None where weekly columns tell.
        source: What the tables and figures name as the source of these data.
        simulated: True where a simulation made the persons; every source line then says so.
        codes: The trial's own register codes, which overlay the shipped list, or None.
        instruments: The trial's own questionnaires, which overlay the shipped ones, or None.
        dream: What the plan declares about the columns of a DREAM file.
    """

    folder: Path
    rates: Path | None
    covers: tuple[date, date] | None
    source: Label
    simulated: bool = False
    codes: Path | None = None
    instruments: Path | None = None
    dream: DreamColumns = field(default_factory=DreamColumns)


@dataclass(frozen=True, slots=True)
class ImportedAllocation:
    """The draw was made elsewhere: its design is declared, and nothing here proves it.

    Attributes:
        design: The declared design.
        share: Share of each block by its label that was to be drawn, under the empty label that of every other block;
            empty where it is not known, and the numbers found are all there is.
    """

    design: ImportedDesign
    share: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True, slots=True)
class AllocationFile:
    """The arms of a register trial that was drawn elsewhere, in a table of their own; nothing here proves them.

    Attributes:
        table: The table, one row a person drawn.
        declared: The design that it declares.
        randomised_on: The day from which a drawn person's weeks are counted.
    """

    table: AnalysisTable
    declared: ImportedAllocation
    randomised_on: date


@dataclass(frozen=True, slots=True)
class PlannedDraw:
    """The draw is made by ``assign`` and proved by its record.

    Attributes:
        design: Design with its quotas.
        seed: Seed of the draw.
        record: File of the record.
        randomised_on: The day from which a drawn person's weeks are counted.
        plan_digest: SHA-256 of what is fixed before the draw: arms, criteria, draw, baseline, outcomes, economics.
    """

    design: Design
    seed: int
    record: Path
    randomised_on: date
    plan_digest: str = ""


@dataclass(frozen=True, slots=True)
class PlannedIntake:
    """Persons are drawn one at a time as they are referred; an append-only record proves every draw.

    Attributes:
        design: How each person is drawn, given those before.
        record: File of the record.
        key: File of the secret from which the draws follow, outside the folder of the record.
        opens_on: The first day on which somebody may be drawn.
        plan_digest: SHA-256 of what is fixed before the first draw, as in ``PlannedDraw``.
    """

    design: Intake
    record: Path
    key: Path
    opens_on: date
    plan_digest: str = ""


Assignment: TypeAlias = ImportedAllocation | AllocationFile | PlannedDraw | PlannedIntake


@dataclass(frozen=True, slots=True)
class BaselineVariable:
    """A characteristic of a person before the draw.

    Attributes:
        name: Short name.
        label: The name that a reader sees.
        column: The column that holds it.
        unit: Its unit; None for a characteristic in named categories.
    """

    name: str
    label: Label
    column: str
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class EconomicsPlan:
    """What the economic analysis reckons with.

    Attributes:
        perspectives: Accounts, such as ``municipality`` and ``state``.
        horizon_weeks: Weeks after the draw.
        price_year: Year of the prices.
        discount: Name of the discount schedule in the rate book.
        outlook: Resamples, extrapolation and scenarios.
        parameters: Uncertain inputs for which somebody has stated a range.
        caseload: Persons whom the decision is about, or None.
    """

    perspectives: tuple[str, ...]
    horizon_weeks: int
    price_year: int
    discount: str
    outlook: OutlookPlan = field(default_factory=OutlookPlan)
    parameters: tuple[Parameter, ...] = ()
    caseload: CaseloadPlan | None = None


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """How the report is made.

    Attributes:
        languages: Languages in the order of the files.
        smallest_cell: Fewest persons that a published cell may show.
        dated: Day printed on the cover, or None.
        author: Who made the evaluation, or an empty string.
        about: Address or citation of a text about the trial, or an empty string.
        statements: What only the evaluator can tell, such as who paid.
    """

    languages: tuple[Language, ...]
    smallest_cell: int
    dated: date | None
    author: str
    about: str
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """The whole plan.

    Attributes:
        title: Title of the trial.
        start: First day, inclusive; None where it is not known, as of a trial that somebody else made.
        end: Last day, exclusive, or None; follow-up may go on after it.
        arms: Names of the arms.
        data: Where the persons come from.
        eligibility: Criteria, or None where the persons came already screened.
        assignment: How the arms came about.
        baseline: Characteristics before the draw, for the description and the balance.
        outcomes: Declared outcomes, in the order of the report.
        economics: The economic analysis, or None.
        report: The report.
        digest: SHA-256 of the plan in canonical form.
        lock: What was fixed before the outcomes were opened, or None where the plan was never locked.
        comments: What the evaluator says of her own about the chapters of the report, one file a language.
        effects: What the analysis of effects does beyond what the draw implies.
    """

    title: Label
    start: date | None
    end: date | None
    arms: Arms
    data: AnalysisTable | RegisterFolder
    eligibility: Eligibility | None
    assignment: Assignment
    baseline: tuple[BaselineVariable, ...]
    outcomes: tuple[Outcome, ...]
    economics: EconomicsPlan | None
    report: ReportPlan
    digest: str
    lock: PlanLock | None = None
    comments: tuple[CommentFile, ...] = ()
    effects: EffectsPlan = field(default_factory=EffectsPlan)
