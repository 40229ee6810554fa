"""Who took part as drawn, and the effect on those who take part because they are drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.compliance_table import ComplianceTable, ComplierRow, Shape, Sidedness, TakeUpRow, TakeUpStep
from ctieval.domain.effect_table import Effect, EffectTable
from ctieval.domain.effects_plan import LoggedTakeUp
from ctieval.domain.outcome import Outcome, Role
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.domain.take_up import TakeUp
from ctieval.domain.units import Unit
from ctieval.domain.wording import Notice
from ctieval.effects.row import UNKNOWN_INTERVAL, Keys, average_by_design, count_arms, to_row
from ctieval.errors import EstimationError
from ctieval.inference.compliance import AndersonRubin, Region, complier_effect, complier_means
from ctieval.inference.estimate import Estimate
from ctieval.inference.interval import student_interval

COMPLIERS = "cace"
"""The average effect on those who take part if drawn, and else do not."""
WALD, ANDERSON_RUBIN = "complier_effect_wald_satterthwaite", "complier_effect_anderson_rubin"
OPEN, RAYS = "W-REGION-OPEN", "W-REGION-RAYS"


def describe_compliance(
    outcomes: OutcomeTable, take_up: TakeUp, allocation: Allocation, effects: EffectTable
) -> ComplianceTable:
    """Describe take-up by arm, and estimate the effect on compliers of each primary outcome.

    Args:
        outcomes: Outcomes by person, in the order of the allocation.
        take_up: Who took part.
        allocation: The allocation of two arms, with its design.
        effects: The effects of being drawn; an outcome whose interval was withheld has none here either.

    Returns:
        Take-up and effects; without effects where nobody said what counts, or the draw changed the take-up of nobody.

    References:
        As for ``estimate_complier_effect``.
    """
    table = ComplianceTable(
        counted=take_up.counted,
        drawn=count_arms(np.ones(len(allocation.arm), dtype=np.bool_), allocation),
        steps=tuple(_steps(take_up, allocation)),
        in_control_known=take_up.in_control_known,
        sidedness=None,
        compliers=math.nan,
        rows=(),
    )
    if take_up.took_part is None:
        return table
    return replace(
        table,
        sidedness=_find_sidedness(take_up.took_part, allocation),
        compliers=_share_of_compliers(take_up.took_part, allocation),
        rows=tuple(_rows(outcomes, take_up.took_part, allocation, effects)),
        not_known=count_arms(np.isnan(take_up.took_part), allocation),
    )


def estimate_complier_effect(
    values: FloatArray, take_up: FloatArray, allocation: Allocation, outcome: Outcome, *, conf_level: float = 0.95
) -> ComplierRow:
    """Estimate the effect on those who take part because they are drawn, by the design of the allocation.

    It holds only if the draw changes the outcome by taking part alone: not if those who never started had something
    of the intervention all the same. Beside the interval by the delta method stands Anderson and Rubin's region, which
    is right however few take part; it may be the whole line, or all but an interval.

    Args:
        values: Outcome, shape (n,), in the person order of the allocation; NaN where not observed.
        take_up: Whether or how much each took part, shape (n,); NaN where not known.
        allocation: The allocation of two arms, with its design.
        outcome: The outcome, for its name, window and unit.
        conf_level: Level of interval and region, in (0, 1).

    Returns:
        The effect, its region, and the means of compliers where take-up is yes or no.

    Raises:
        EstimationError: If a value is infinite, or the draw changed the take-up of nobody.
        EstimationError: As ``by_design``.

    References:
        As for ``inference.compliance``.

    Examples:
        >>> from ctieval.domain.allocation import Declared
        >>> from ctieval.domain.arms import Arms
        >>> from ctieval.domain.design import Complete
        >>> from ctieval.domain.outcome import BetterWhen, ColumnOutcome
        >>> from ctieval.domain.wording import Label
        >>> arm, zero, half = np.array([0, 0, 0, 0, 1, 1, 1, 1]), np.zeros(8, dtype=np.int64), np.full((8, 2), 0.5)
        >>> persons, undated = np.array(list("abcdefgh"), dtype=object), np.full(8, "NaT", "datetime64[D]")
        >>> arms, design = Arms("new", "usual"), Complete(4)
        >>> allocation = Allocation(persons, arm, half, zero, ("",), zero, ("",), undated, arms, design, Declared())
        >>> weeks = ColumnOutcome(
        ...     name="weeks", label=Label("Uger", "Weeks"), role=Role.PRIMARY,
        ...     better_when=BetterWhen.HIGHER, column="weeks", unit=Unit.WEEKS,
        ... )
        >>> took_part = np.array([0.0, 0, 0, 0, 0, 1, 1, 1])
        >>> found = estimate_complier_effect(np.array([1.0, 2, 3, 6, 2, 7, 8, 9]), took_part, allocation, weeks)
        >>> round(found.effect.estimate, 6), found.shape.value, round(found.taking_part, 6)
        (4.666667, 'between', 8.0)
    """
    design = partial(average_by_design, allocation=allocation)
    found = complier_effect(values, take_up, design, conf_level=conf_level)
    known = ~(np.isnan(values) | np.isnan(take_up))
    n = count_arms(known, allocation)
    effect = to_row(found.total, Keys(WALD, COMPLIERS), outcome, allocation, n=n, conf_level=conf_level)
    taking, leaving = math.nan, math.nan
    if np.isin(take_up[known], (0, 1)).all() and found.on_take_up.estimate != 0:
        means = complier_means(values, take_up, allocation.arm.astype(np.float64), design)
        taking, leaving = means.taking_part.estimate, means.not_taking_part.estimate
    regions = tuple(_regions(effect, found.region, found.on_outcome))
    cells = tuple(_cells(values, take_up, allocation, outcome))
    return ComplierRow(effect, regions, Shape(found.region.region.value), taking, leaving, cells)


def notices_of_region(row: ComplierRow) -> tuple[Notice, ...]:
    """Return what a reader must know of a region that is no interval, or has an open end."""
    if row.shape is Shape.OUTSIDE:
        return (Notice(RAYS, row.effect.outcome),)
    is_open = any(math.isinf(end) for each in row.regions for end in (each.conf_low, each.conf_high))
    return (Notice(OPEN, row.effect.outcome),) if is_open else ()


def _regions(effect: Effect, region: AndersonRubin, on_outcome: Estimate) -> Iterator[Effect]:
    """The region as rows: one interval, or two rays; its test of no effect is that of the draw on the outcome."""
    error = np.array([on_outcome.std_error])
    test = student_interval(np.array([on_outcome.estimate]), error, np.array([effect.df]), effect.conf_level)
    row = replace(
        effect,
        std_error=math.nan,
        statistic=float(test.statistic[0]),
        p_value=float(test.p_value[0]),
        conf_low=region.low,
        conf_high=region.high,
        method=ANDERSON_RUBIN,
    )
    if region.region is Region.OUTSIDE:
        yield replace(row, conf_low=-math.inf, conf_high=region.low)
        yield replace(row, conf_low=region.high, conf_high=math.inf)
    else:
        yield row


def _share_of_compliers(took_part: FloatArray, allocation: Allocation) -> float:
    """The effect of the draw on take-up; NaN where take-up is known of too few."""
    try:
        return average_by_design(took_part, allocation).estimate
    except EstimationError:
        return math.nan


def _rows(
    outcomes: OutcomeTable, took_part: FloatArray, allocation: Allocation, effects: EffectTable
) -> Iterator[ComplierRow]:
    of_draw = {row.outcome: row for row in effects.rows}
    for number, outcome in enumerate(outcomes.outcomes):
        effect = of_draw.get(outcome.name)
        if outcome.role is not Role.PRIMARY or effect is None:
            continue
        values = outcomes.values[:, number]
        try:
            row = estimate_complier_effect(values, took_part, allocation, outcome, conf_level=effect.conf_level)
        except EstimationError:
            continue
        yield _withhold(row) if math.isnan(effect.conf_low) else row


def _withhold(row: ComplierRow) -> ComplierRow:
    return replace(row, effect=replace(row.effect, **UNKNOWN_INTERVAL), regions=())


def _cells(values: FloatArray, take_up: FloatArray, allocation: Allocation, outcome: Outcome) -> Iterator[int]:
    """Persons of each arm who took part or not, with and without a value; of a yes/no outcome, with and without it."""
    observed = ~np.isnan(values)
    for arm in (0, 1):
        for taking in (0, 1):
            mine = (allocation.arm == arm) & (take_up == taking)
            yield int((mine & observed).sum())
            yield int((mine & ~observed).sum())
            if outcome.unit is Unit.SHARE:
                yield from (int((mine & (values == event)).sum()) for event in (0, 1))


def _steps(take_up: TakeUp, allocation: Allocation) -> Iterator[TakeUpRow]:
    fewest = take_up.counted.contacts if isinstance(take_up.counted, LoggedTakeUp) else 0
    for step, contacts, reached in take_up.steps:
        control, treated = count_arms(reached, allocation)
        counts = step is not TakeUpStep.LOGGED and contacts == fewest
        yield TakeUpRow(step, contacts, control, treated, is_taking_part=counts)


def _find_sidedness(took_part: FloatArray, allocation: Allocation) -> Sidedness | None:
    """Who did otherwise than drawn; None where one of whom it is not known could make it otherwise."""
    if (took_part[allocation.arm == 0] == 1).any():
        return Sidedness.TWO_SIDED
    if np.isnan(took_part).any():
        return None
    return Sidedness.ONE_SIDED if (took_part[allocation.arm == 1] == 0).any() else Sidedness.NONE
