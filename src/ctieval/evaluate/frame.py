"""One effect on any data frame, for an analyst who has a table and no plan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from ctieval.assignment.balance.describe import align
from ctieval.assignment.imported import import_allocation
from ctieval.assignment.labels import to_text
from ctieval.domain.allocation import Allocation
from ctieval.domain.arms import Arms
from ctieval.domain.arrays import FloatArray
from ctieval.domain.design import BlockedClustered, Clustered
from ctieval.domain.effect_table import EffectTable
from ctieval.domain.outcome import BetterWhen, ColumnOutcome, Role
from ctieval.domain.provenance import Provenance
from ctieval.domain.schema import FieldType
from ctieval.domain.trial import AnalysisTable, ImportedAllocation, ImportedDesign
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label
from ctieval.effects.analyses import Measured, Method
from ctieval.effects.average import estimate_effects
from ctieval.effects.contrasts import analyse_contrasts
from ctieval.errors import EstimationError, SchemaError
from ctieval.inference.learned_design import learned_design
from ctieval.outcomes.columns import read_columns
from ctieval.registers.cells import read_cells
from ctieval.registers.read_table import read_frame

ROW = "row number"
MOST_INTERVENTIONS = 20
"""A column of more values than these and the control holds something else than arms."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """How an effect is estimated from a table.

    Attributes:
        method: The method.
        covariates: Columns known before the draw, for ``adjusted`` and ``standardized``.
        take_up: Column that says who took part, for ``cace``.
    """

    method: Method = Method.DIFFERENCE
    covariates: tuple[str, ...] = ()
    take_up: str = ""


AS_THE_DESIGN_IMPLIES = Analysis()


def estimate_frame(
    frame: object,
    outcome: str,
    *,
    arm: str,
    control: str | None = None,
    block: str | None = None,
    cluster: str | None = None,
    analysis: Analysis = AS_THE_DESIGN_IMPLIES,
) -> EffectTable:
    """Estimate the average effect on one column of a data frame.

    Several interventions are each held against the control, one effect a contrast.

    Each row is a person. The design is declared by what is given: blocked where ``block`` names a column, clustered
    where ``cluster`` does, else complete. Effects on a column of 0 and 1 are differences of shares.

    Args:
        frame: A frame of pandas, Polars, Arrow or DuckDB; it is not changed.
        outcome: Column of the outcome; an empty cell leaves the person out of the estimate.
        arm: Column of the arm, with two values or a few more.
        control: Value of the control arm; may be left out where the values are 0 and 1.
        block: Column of the blocks, or None.
        cluster: Column of the clusters that were drawn whole, or None.
        analysis: How the effect is estimated.

    Returns:
        One effect a contrast.

    Raises:
        SchemaError: If a column is missing or cannot be read as what it should be.
        SchemaError: If there is one arm, or the control is not named and they are not 0 and 1.
        EstimationError: If the effect cannot be estimated, such as with one person in an arm, or the method lacks what
            it needs.

    Examples:
        >>> frame = pd.DataFrame({"work": [0, 1, 0, 1, 1, 1], "treat": [0, 0, 0, 1, 1, 0]})
        >>> effects = estimate_frame(frame, "work", arm="treat")
        >>> effects.rows[0].estimate, effects.rows[0].unit
        (0.5, 'share')
    """
    _check_complete(analysis)
    if outcome in analysis.covariates:
        raise _is_the_outcome(outcome)
    read = read_frame(frame)
    rows = read.assign(**{ROW: range(2, len(read) + 2)})
    arms = _arms(rows, arm, control)
    allocation = _allocate(rows, _source(arms, arm, block), arms, cluster)
    declared = _declare(rows, outcome)
    table = read_columns((declared,), allocation, rows, ROW)
    provenance = Provenance((("ctieval", version("ctieval")),))
    if analysis.method is Method.DIFFERENCE:
        effects = estimate_effects(table, allocation, provenance)
        if not effects.rows:
            raise _not_estimable(effects, outcome)
        return effects
    ordered = align(rows, ROW, allocation)
    covariates, names = _numbers(ordered, analysis.covariates)
    measured = Measured(
        values=table.values[:, 0],  # noqa: PD011 (no frame: the outcomes of the table)
        covariates=covariates,
        take_up=_take_up(ordered, analysis.take_up),
        names=names,
    )
    effects, warnings = analyse_contrasts(analysis.method, measured, allocation, declared)
    return EffectTable(effects, learned_design(allocation), warnings, provenance)


def _check_complete(analysis: Analysis) -> None:
    """Refuse a method without the columns that it needs."""
    needs = {Method.ADJUSTED: ("covariates", analysis.covariates), Method.CACE: ("take-up", analysis.take_up)}
    name, given = needs.get(analysis.method, ("", "nothing is needed"))
    if not given:
        raise EstimationError(
            what=f"the method {analysis.method.value} lacks a column that it needs",
            where=name,
            found="no column",
            expected=f"at least one column: {name}",
            do="name it, or use the method difference",
        )


def _is_the_outcome(name: str) -> EstimationError:
    return EstimationError(
        what="an effect cannot be adjusted for its own outcome",
        where=f"covariates, column {name}",
        found="the column of the outcome",
        expected="columns known before the draw",
        do="leave it out of the covariates",
    )


def _source(arms: Arms, arm: str, block: str | None) -> AnalysisTable:
    return AnalysisTable(
        path=Path("table"),
        id=ROW,
        arm=arm,
        intervention=arms.intervention,
        control=arms.control,
        block=block,
        source=Label("", ""),
    )


def _allocate(rows: pd.DataFrame, source: AnalysisTable, arms: Arms, cluster: str | None) -> Allocation:
    """The allocation that the columns declare; whole clusters were drawn where they are named."""
    design = ImportedDesign.COMPLETE if source.block is None else ImportedDesign.BLOCKED
    allocation = import_allocation(rows, source, ImportedAllocation(design), arms)
    if cluster is None:
        return allocation
    if cluster not in rows.columns:
        raise _no_column(cluster, len(rows))
    named = to_text(align(rows, ROW, allocation)[cluster])
    if (named == "").any():
        raise _unreadable(cluster, "every person has a cluster", int((named == "").sum()))
    number, labels = pd.factorize(named, sort=True)
    in_arms = pd.Series(allocation.arm).groupby(number).transform("nunique").to_numpy()
    if (in_arms > 1).any():
        raise SchemaError(
            table="table",
            column=cluster,
            rule="all persons of a cluster are in one arm",
            n_rows=int((in_arms > 1).sum()),
            first_row=None,
            expected=f"clusters in one arm; {len(np.unique(number[in_arms > 1]))} of {len(labels)} are in several",
            do="name the column of the clusters that were drawn whole, or leave it out",
        )
    drawn = [len(np.unique(number[allocation.arm == arm])) for arm in range(1, len(arms.labels))]
    quota = drawn[0] if len(drawn) == 1 else tuple(drawn)
    declared = BlockedClustered(source.block, cluster, ()) if source.block else Clustered(cluster, quota)
    return replace(allocation, cluster=number.astype(np.int64), cluster_labels=tuple(map(str, labels)), design=declared)


def _numbers(rows: pd.DataFrame, names: tuple[str, ...]) -> tuple[FloatArray, tuple[str, ...]]:
    """Columns as numbers, shape (n, k), and what each is of; words become yes and no of each category but the first."""
    found: list[FloatArray] = []
    for name in names:
        if name not in rows.columns:
            raise _no_column(name, len(rows))
        column = rows[name]
        if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
            found.append(column.to_numpy(dtype=np.float64, na_value=np.nan)[:, None])
        else:
            levels = pd.get_dummies(pd.Series(to_text(column)), drop_first=True)
            found.append(levels.to_numpy(dtype=np.float64))
    of = tuple(name for name, each in zip(names, found, strict=True) for _ in range(each.shape[1]))
    return (np.hstack(found) if found else np.empty((len(rows), 0))), of


def _take_up(rows: pd.DataFrame, name: str) -> FloatArray:
    """Take-up as numbers, shape (n,): yes and no as 1 and 0; other words do not say who took part."""
    if not name:
        return np.full(len(rows), np.nan)
    if name not in rows.columns:
        raise _no_column(name, len(rows))
    answers = read_cells(rows[name], FieldType.BOOLEAN)
    read = read_cells(rows[name], FieldType.NUMBER) if answers.broken.any() else answers
    unread = read.broken | read.ambiguous
    if unread.any() or read.column.isna().all():
        rule = "yes or no, or a finite number, for each person: 1 for who took part and 0 for who did not, or how much"
        raise _unreadable(name, rule, int(unread.sum()) or len(rows))
    return read.column.to_numpy(dtype=np.float64, na_value=np.nan)


def _unreadable(name: str, rule: str, n_rows: int) -> SchemaError:
    return SchemaError(
        table="table",
        column=name,
        rule=rule,
        n_rows=n_rows,
        first_row=None,
        expected=rule,
        do="correct the column, or the name of the column",
    )


def _no_column(name: str, n_rows: int) -> SchemaError:
    return SchemaError(
        table="table",
        column=name,
        rule="the column is there",
        n_rows=n_rows,
        first_row=None,
        expected="a column of this name",
        do="correct the name of the column",
    )


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
    interventions = [value for value in found if value != named]
    if named not in found or not 1 <= len(interventions) <= MOST_INTERVENTIONS:
        raise SchemaError(
            table="table",
            column=arm,
            rule="two arms or a few more, of which one is named as the control",
            n_rows=len(rows),
            first_row=None,
            expected=f"2 to {MOST_INTERVENTIONS + 1} arms; the control is named, or the arms are 0 and 1",
            do=f"name the control arm ({len(found)} different values were found), and leave out rows of other arms",
        )
    first, *others = interventions
    return Arms(intervention=first, control=str(named), others=tuple(others))


def _not_estimable(effects: EffectTable, outcome: str) -> EstimationError:
    facts = dict(effects.warnings[-1].facts)
    return EstimationError(
        what="the effect cannot be estimated",
        where=f"outcome {outcome}; {facts.get('where', '')}",
        found="an arm of the trial, or of a block, with fewer than two persons with a value",
        expected="at least two persons with a value in each arm, of each block where there are blocks",
        do="merge small blocks, or look for the missing values",
    )
