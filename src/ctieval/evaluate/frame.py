"""One effect on any data frame, for an analyst who has a table and no plan."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

import pandas as pd

from ctieval.assignment.imported import import_allocation
from ctieval.assignment.labels import to_text
from ctieval.domain.arms import Arms
from ctieval.domain.effect_table import EffectTable
from ctieval.domain.outcome import BetterWhen, ColumnOutcome, Role
from ctieval.domain.provenance import Provenance
from ctieval.domain.trial import AnalysisTable, ImportedAllocation, ImportedDesign
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label
from ctieval.effects.average import estimate_effects
from ctieval.errors import EstimationError, SchemaError
from ctieval.outcomes.columns import read_columns
from ctieval.registers.read_table import read_frame

ROW = "row number"


def estimate_frame(
    frame: object, outcome: str, *, arm: str, control: str | None = None, block: str | None = None
) -> EffectTable:
    """Estimate the average effect on one column of a data frame.

    Each row is a person. The design is declared by what is given: blocked where ``block`` names a column, else
    complete. Effects on a column of 0 and 1 are differences of shares.

    Args:
        frame: A frame of pandas, Polars, Arrow or DuckDB; it is not changed.
        outcome: Column of the outcome; an empty cell leaves the person out of the estimate.
        arm: Column of the arm, with two values.
        control: Value of the control arm; may be left out where the values are 0 and 1.
        block: Column of the blocks, or None.

    Returns:
        One effect.

    Raises:
        SchemaError: If a column is missing or cannot be read as what it should be.
        SchemaError: If the arms are not two, or the control is not named and they are not 0 and 1.
        EstimationError: If the effect cannot be estimated, such as with one person in an arm.

    Examples:
        >>> frame = pd.DataFrame({"work": [0, 1, 0, 1, 1, 1], "treat": [0, 0, 0, 1, 1, 0]})
        >>> effects = estimate_frame(frame, "work", arm="treat")
        >>> effects.rows[0].estimate, effects.rows[0].unit
        (0.5, 'share')
    """
    read = read_frame(frame)
    rows = read.assign(**{ROW: range(2, len(read) + 2)})
    arms = _arms(rows, arm, control)
    source = AnalysisTable(
        path=Path("table"),
        id=ROW,
        arm=arm,
        intervention=arms.intervention,
        control=arms.control,
        block=block,
        source=Label("", ""),
    )
    design = ImportedDesign.COMPLETE if block is None else ImportedDesign.BLOCKED
    allocation = import_allocation(rows, source, ImportedAllocation(design), arms)
    table = read_columns((_declare(rows, outcome),), allocation, rows, ROW)
    effects = estimate_effects(table, allocation, Provenance((("ctieval", version("ctieval")),)))
    if not effects.rows:
        raise _not_estimable(effects, outcome)
    return effects


def _declare(rows: pd.DataFrame, outcome: str) -> ColumnOutcome:
    values = set(rows[outcome].dropna().unique()) if outcome in rows.columns else set()
    return ColumnOutcome(
        name=outcome,
        label=Label(outcome, outcome),
        role=Role.PRIMARY,
        better_when=BetterWhen.HIGHER,
        column=outcome,
        unit=Unit.SHARE if values and values <= {0, 1} else Unit.UNSTATED,
    )


def _arms(rows: pd.DataFrame, arm: str, control: str | None) -> Arms:
    found = sorted(set(to_text(rows[arm])) - {""}) if arm in rows.columns else ["0", "1"]
    named = control if control is not None else ("0" if found == ["0", "1"] else None)
    others = [value for value in found if value != named]
    if named is None or len(found) != 2 or len(others) != 1:
        raise SchemaError(
            table="table",
            column=arm,
            rule="two arms, of which one is named as the control",
            n_rows=len(rows),
            first_row=None,
            expected="two arms; the control is named, or the arms are 0 and 1",
            do=f"name the control arm ({len(found)} different values were found), and leave out rows of other arms",
        )
    return Arms(intervention=others[0], control=named)


def _not_estimable(effects: EffectTable, outcome: str) -> EstimationError:
    facts = dict(effects.warnings[-1].facts)
    return EstimationError(
        what="the effect cannot be estimated",
        where=f"outcome {outcome}; {facts.get('where', '')}",
        found="an arm of the trial, or of a block, with fewer than two persons with a value",
        expected="at least two persons with a value in each arm, of each block where there are blocks",
        do="merge small blocks, or look for the missing values",
    )
