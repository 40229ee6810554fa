"""The tables of a plan, each into its type."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import cast

from ctieval.domain.arms import Arms
from ctieval.domain.criterion import ActivityReady, Criterion, Eligibility, GapRule, MinimumAge, MinimumUnemployment
from ctieval.domain.statement import Statement, StatementKind
from ctieval.domain.trial import (
    AllocationFile,
    AnalysisTable,
    Assignment,
    BaselineVariable,
    EconomicsPlan,
    ImportedAllocation,
    ImportedDesign,
    PlannedDraw,
    RegisterFolder,
    ReportPlan,
)
from ctieval.domain.units import Unit
from ctieval.domain.wording import Language
from ctieval.protocol.decision import read_caseload, read_parameters
from ctieval.protocol.designs import read_design
from ctieval.protocol.dream import read_dream_columns
from ctieval.protocol.intake import declares_intake, read_intake_plan
from ctieval.protocol.outlook import read_outlook_plan
from ctieval.protocol.rerandomised import read_rerandomised
from ctieval.protocol.table_reader import TableReader

PERSPECTIVES = ("municipality", "state", "citizen", "society")
SMALLEST_CELL_ALLOWED = 3
DEFAULT_SMALLEST_CELL = 5


def read_arms(trial: TableReader) -> Arms:
    """Read the names of the arms."""
    arms = trial.table("arms")
    intervention, *others = arms.one_or_more("intervention")
    named = Arms(intervention=intervention, control=arms.text("control"), others=tuple(others))
    arms.finish()
    return named


def read_data(table: TableReader, folder: Path, elsewhere: Path | None) -> AnalysisTable | RegisterFolder:
    """Read where the persons come from: a ready table, or a folder of register extracts."""
    if table.has("table"):
        table_path = folder / table.text("table")
        found = AnalysisTable(
            path=elsewhere or table_path,
            id=table.text("id"),
            arm=table.text("arm"),
            intervention=table.cell_value("intervention"),
            control=table.cell_value("control"),
            block=table.optional_text("block"),
            source=table.label("source"),
        )
    else:
        registers = folder / table.text("folder")
        rates, codes = table.optional_text("rates"), table.optional_text("codes")
        instruments = table.optional_text("instruments")
        found = RegisterFolder(
            folder=elsewhere or registers,
            rates=folder / rates if rates else None,
            covers=_covers(table),
            source=table.label("source"),
            simulated=table.flag("simulated", default=False),
            codes=folder / codes if codes else None,
            instruments=folder / instruments if instruments else None,
            dream=read_dream_columns(table.table("dream")),
        )
    table.finish()
    return found


def read_eligibility(top: TableReader) -> Eligibility | None:
    """Read the criteria, in the order in which a first reason is given."""
    if not top.has("eligibility"):
        return None
    table = top.table("eligibility")
    as_of = table.day("as_of")
    criteria: list[Criterion] = []
    if table.has("min_age_years"):
        criteria.append(MinimumAge(table.integer("min_age_years", minimum=0)))
    if table.has("min_unemployed"):
        spell = table.table("min_unemployed")
        criteria.append(
            MinimumUnemployment(
                weeks=spell.integer("weeks", minimum=1),
                gap_rule=spell.choice("gap_rule", GapRule),
                benefits=spell.text("benefits"),
            )
        )
        spell.finish()
    if table.flag("activity_ready", default=False):
        criteria.append(ActivityReady())
    table.finish()
    if not criteria:
        raise table.error(
            "",
            what="the eligibility has no criterion",
            found="only the day of the look-up",
            expected="min_age_years, min_unemployed or activity_ready",
            do="add a criterion, or take the table [eligibility] out",
        )
    return Eligibility(as_of, tuple(criteria))


def read_assignment(table: TableReader, folder: Path, data: AnalysisTable | RegisterFolder) -> Assignment:
    """Read how the arms came about: drawn here, or imported from the ready table or from a file of their own."""
    if table.flag("imported", default=False):
        declared = ImportedAllocation(table.choice("design", ImportedDesign), _read_share(table))
        imported = declared if isinstance(data, AnalysisTable) else _read_allocation_file(table, declared, data)
        table.finish()
        return imported
    if declares_intake(table):
        return read_intake_plan(table, folder)
    draw = PlannedDraw(
        design=read_rerandomised(table, read_design(table)),
        seed=table.integer("seed", minimum=0),
        record=folder / table.text("record"),
        randomised_on=table.day("randomised_on"),
    )
    table.finish()
    return draw


def _read_share(table: TableReader) -> tuple[tuple[str, Fraction], ...]:
    """Read which share was to be drawn; the sizes of the arms are held against it."""
    if not table.has("share"):
        return ()
    share = table.quotas("share")
    for _, quota in share:
        if not isinstance(quota, Fraction) or not 0 < quota < 1:
            raise table.error(
                "share",
                what="the share that was to be drawn is no share",
                found="a number that is not between 0 and 1, or a list",
                expected="a share between 0 and 1, or one for each block",
                do='write such as share = 0.5, or share = { "153" = 0.5 }; leave it out where it is not known',
            )
    return tuple((label, quota) for label, quota in share if isinstance(quota, Fraction))


def _read_allocation_file(table: TableReader, declared: ImportedAllocation, data: RegisterFolder) -> AllocationFile:
    """Read where the arms of a register trial stand, and when they were drawn."""
    source = AnalysisTable(
        path=(data.folder.parent if data.folder.is_file() else data.folder) / table.text("file"),
        id=table.text("id"),
        arm=table.text("arm"),
        intervention=table.cell_value("intervention"),
        control=table.cell_value("control"),
        block=table.optional_text("block"),
        source=data.source,
    )
    return AllocationFile(source, declared, table.day("randomised_on"))


def read_baseline(top: TableReader) -> tuple[BaselineVariable, ...]:
    """Read the characteristics before the draw; one without a unit is in named categories."""
    variables: list[BaselineVariable] = []
    for table in top.tables("baseline"):
        name = table.text("name")
        unit = table.choice("unit", Unit) if table.has("unit") else None
        variables.append(BaselineVariable(name, table.label("label", name), table.text("column", name), unit))
        table.finish()
    return tuple(variables)


def read_economics(top: TableReader) -> EconomicsPlan | None:
    """Read the economic analysis, or None where the plan has none."""
    if not top.has("economics"):
        return None
    table = top.table("economics")
    perspectives = table.texts("perspectives", ("municipality", "state"))
    if unknown := [name for name in perspectives if name not in PERSPECTIVES]:
        raise table.error(
            "perspectives",
            what="the plan asks for an account that is not known",
            found=", ".join(unknown),
            expected="one or more of: " + ", ".join(PERSPECTIVES),
            do='write such as perspectives = ["municipality", "state"]',
        )
    plan = EconomicsPlan(
        perspectives=perspectives,
        horizon_weeks=table.integer("horizon_weeks", minimum=1),
        price_year=table.integer("price_year", minimum=1990),
        discount=table.text("discount"),
        outlook=read_outlook_plan(table.table("outlook")),
        parameters=read_parameters(table.tables("parameter")),
        caseload=read_caseload(table.table("caseload")),
    )
    table.finish()
    return plan


def read_report(table: TableReader) -> ReportPlan:
    """Read how the report is made."""
    languages = table.texts("languages", ("da", "en"))
    if not set(languages) <= {"da", "en"}:
        raise table.error(
            "languages",
            what="the report is asked for in a language that is not here",
            found=", ".join(languages),
            expected='"da", "en" or both',
            do="name the languages that are here",
        )
    plan = ReportPlan(
        languages=cast("tuple[Language, ...]", languages),
        smallest_cell=table.integer("smallest_cell", minimum=SMALLEST_CELL_ALLOWED, default=DEFAULT_SMALLEST_CELL),
        dated=table.optional_day("date"),
        author=table.optional_text("author") or "",
        about=table.optional_text("about") or "",
        statements=_statements(table),
    )
    table.finish()
    return plan


def _statements(report: TableReader) -> tuple[Statement, ...]:
    """Read what only the evaluator can tell, in the order of the report."""
    if not report.has("statements"):
        return ()
    table = report.table("statements", expected='{ funding = "who paid" }')
    found = tuple(Statement(kind, table.label(kind.value)) for kind in StatementKind if table.has(kind.value))
    table.finish()
    return found


def _covers(table: TableReader) -> tuple[date, date] | None:
    if not table.has("covers"):
        return None
    days = table.table("covers", expected="{ start = 2018-01-01, end = 2019-12-31 }, both days inclusive")
    covers = (days.day("start"), days.day("end"))
    days.finish()
    return covers
