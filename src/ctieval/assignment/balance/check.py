"""The check of a draw: characteristics one by one and all together, and the numbers drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pandas as pd

from ctieval.assignment.balance.advice import load_thresholds
from ctieval.assignment.balance.columns import BaselineColumn, read_columns
from ctieval.assignment.balance.means import Differences, Panel, build_panel, compare_arms
from ctieval.assignment.balance.omnibus import (
    NO_SPREAD,
    Metric,
    build_metric,
    check_all,
    drawn_metric,
    fixed_covariance,
)
from ctieval.assignment.balance.redraw import Assignments, redraw
from ctieval.assignment.balance.reference import Reference, gather
from ctieval.assignment.balance.regression import check_column
from ctieval.assignment.balance.sample_ratio import check_sample_ratio
from ctieval.assignment.balance.units import count_units, ratio_basis
from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.balance_table import BalanceTable, Law, Omnibus, RatioBasis, SampleRatio
from ctieval.domain.design import Rerandomised
from ctieval.domain.trial import BaselineVariable
from ctieval.domain.units import Unit
from ctieval.errors import EstimationError


def check_balance(
    frame: pd.DataFrame,
    allocation: Allocation,
    variables: tuple[BaselineVariable, ...],
    *,
    assignments: Assignments | None = None,
    share: Mapping[str, Fraction] | None = None,
) -> BalanceTable:
    """Check that a draw came out as its design says: never a test of a hypothesis about the world.

    The arms are held against every assignment that the design could have given, where these are few, and else
    against many drawn by the sampler that made the draw. That holds for any blocks, clusters and probabilities.
    Numbers that are not known count as the mean in the test of all, beside a column that says whose are not known.

    Args:
        frame: The characteristics, one row a person in the order of the allocation; see ``align``.
        allocation: The arms and their design.
        variables: The characteristics.
        assignments: What the design could have given; None to let ``redraw`` find it.
        share: Share of each block by its label that was to be drawn into the one intervention, under the empty label
            that of every other block; None to take the probabilities of the allocation.

    Returns:
        One row for each row of ``describe_baseline``, the test of all, and the numbers drawn by block.

    Raises:
        SchemaError: If a column is not there, if a number is no number, or if a share is neither 0 nor 1.
        DesignError: If the draws of the design cannot be made again; see ``redraw``.
        EstimationError: If the design could not have given these arms.

    Examples:
        All 6 ways to draw 2 of 4: in 4 of them the mean ages differ by as much.

        >>> from ctieval.domain.allocation import Declared
        >>> from ctieval.domain.arms import Arms
        >>> from ctieval.domain.design import Complete
        >>> from ctieval.domain.wording import Label
        >>> persons, undated = np.array(["a", "b", "c", "d"], dtype=object), np.full(4, "NaT", "datetime64[D]")
        >>> arm, half, one = np.array([0, 0, 1, 1]), np.full((4, 2), 0.5), np.zeros(4, dtype=np.int64)
        >>> arms, design = Arms("new", "usual"), Complete(2)
        >>> allocation = Allocation(persons, arm, half, one, ("",), one, ("",), undated, arms, design, Declared())
        >>> age = BaselineVariable("age", Label("Alder", "Age"), "age_years", Unit.YEARS)
        >>> table = check_balance(pd.DataFrame({"age_years": [36, 40, 39, 43]}), allocation, (age,))
        >>> table.law.value, table.assignments, round(table.omnibus.p_value, 3)
        ('enumerated', 6, 0.667)
    """
    columns = read_columns(frame, variables)
    drawn_from = redraw(allocation, _judged_by(allocation, frame)) if assignments is None else assignments
    compared = _compare(columns, allocation, drawn_from)
    thresholds = load_thresholds()
    rows = tuple(
        check_column(
            column,
            compared.found,
            compared.reference,
            thresholds,
            place=(arm, number),
            scale=float(compared.panel.scale[number]),
        )
        for arm in range(compared.panel.n_arms - 1)
        for number, column in enumerate(columns)
    )
    return BalanceTable(
        rows=rows,
        omnibus=_check_all(compared, _tested(columns), drawn_from),
        ratio=_check_ratio(allocation, share or {}),
        thresholds=thresholds,
        law=drawn_from.law,
        assignments=drawn_from.count,
        seed=drawn_from.seed,
    )


def _judged_by(allocation: Allocation, frame: pd.DataFrame) -> FloatArray | None:
    """The covariates by which a rerandomised design accepts its draws."""
    design = allocation.design
    return frame[list(design.covariates)].to_numpy(dtype=np.float64) if isinstance(design, Rerandomised) else None


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """The columns, the differences that were found, and those of the draws; gaps filled after the table's columns."""

    panel: Panel
    found: Differences
    reference: Reference
    covariance: FloatArray | None


def _compare(columns: tuple[BaselineColumn, ...], allocation: Allocation, assignments: Assignments) -> _Compared:
    own = allocation.compared
    values = np.column_stack([column.numbers[own] for column in columns])
    share = np.array([column.unit is Unit.SHARE for column in columns])
    gaps = np.isnan(values).any(axis=0)
    filled = np.where(np.isnan(values), _means(values), values)[:, gaps]
    _, block = np.unique(allocation.block[own], return_inverse=True)
    panel = build_panel(np.hstack([values, filled]), np.append(share, share[gaps]), block, len(allocation.arms.labels))
    reference = gather(panel, ((arms[:, own], weight) for arms, weight in assignments.batches()))
    covariance = _fixed(panel, allocation.arm[own]) if assignments.formula else None
    std_error = reference.std_error
    if covariance is not None:
        exact = np.sqrt(np.diag(covariance)).reshape(reference.std_error.shape)
        complete = panel.known.all(axis=0)
        std_error = np.where(complete, exact, std_error)
    reference = replace(reference, std_error=np.where(std_error > NO_SPREAD, std_error, 0.0))
    return _Compared(panel, compare_arms(panel, allocation.arm[None, own]), reference, covariance)


def _means(values: FloatArray) -> FloatArray:
    """Mean of what is known of each column, 0 where nothing is."""
    known = ~np.isnan(values)
    return np.where(known, values, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)


def _fixed(panel: Panel, arm: IntArray) -> FloatArray:
    return fixed_covariance(panel.standard, arm, panel.block, np.bincount(panel.block) / len(panel.block))


def _tested(columns: tuple[BaselineColumn, ...]) -> IntArray:
    """Numbers of the columns that are tested together: gaps filled, and without the first of the categories."""
    gaps = [number for number, column in enumerate(columns) if np.isnan(column.numbers).any()]
    filled = {number: len(columns) + place for place, number in enumerate(gaps)}
    first = {column.variable.name: number for number, column in reversed(list(enumerate(columns)))}
    dropped = {number for number in first.values() if columns[number].level}
    return np.array([filled.get(number, number) for number in range(len(columns)) if number not in dropped], dtype=int)


def _check_all(compared: _Compared, tested: IntArray, assignments: Assignments) -> Omnibus:
    drawn = compared.reference.mean[:, :, tested]
    flat = drawn.reshape(len(drawn), drawn.shape[1] * drawn.shape[2])
    found = compared.found.mean[0][:, tested].ravel()
    metric = _metric(compared, tested, flat)
    sampled = assignments.law is Law.SAMPLED
    omnibus = check_all(found, flat, compared.reference.weight, metric, sampled=sampled)
    if omnibus.p_value <= 0:
        raise EstimationError(
            what="the balance of the arms cannot be checked",
            where="the allocation",
            found="arms that the design cannot give",
            expected="one of the assignments of the declared design",
            do="declare the design by which the arms were drawn",
        )
    return omnibus


def _metric(compared: _Compared, tested: IntArray, drawn: FloatArray) -> Metric:
    """The distance under the exact covariance where a formula gives it, else under that of the draws."""
    if compared.covariance is None:
        return drawn_metric(drawn, compared.reference.weight)
    k = compared.panel.standard.shape[1]
    places = np.concatenate([arm * k + tested for arm in range(compared.panel.n_arms - 1)])
    return build_metric(compared.covariance[np.ix_(places, places)], np.zeros(len(places)))


def _check_ratio(allocation: Allocation, share: Mapping[str, Fraction]) -> SampleRatio:
    drawn, probability = count_units(allocation)
    labels = allocation.block_labels
    for number, label in enumerate(labels):
        if (declared := share.get(label, share.get(""))) is not None:
            probability[number] = (1 - float(declared), float(declared))
    basis = RatioBasis.CHANCE if share else ratio_basis(allocation)
    return check_sample_ratio(drawn, probability, labels, basis)
