"""Head counts of who took part, and what is hidden of them and of the effect on those who did."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from ctieval.domain.compliance_table import ComplianceTable, ComplierRow, Shape, TakeUpRow
from ctieval.domain.effect_table import Effect
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.units import Unit
from ctieval.report.disclosure.counts import HeadCount, Key, Sum, Verdict
from ctieval.report.disclosure.gather import CONTROL, INTERVENTION, persons, reached
from ctieval.report.disclosure.grid import Grid
from ctieval.report.disclosure.mask import HIDDEN, Discretion, Openness, mask_effect, rounded
from ctieval.report.disclosure.results import Outcomes

Found: TypeAlias = Iterator[HeadCount | Sum]
_NAN = math.nan


def gather_take_up(evaluation: Evaluation) -> Found:
    """Name every head count of take-up.

    A step may hold those of another, so that what one has more than another is taken for a group too. In the
    intervention a step may hold the same persons as one of the funnel: where they are as many, they are taken for the
    same.
    """
    table = evaluation.compliance
    if table is None:
        return
    for arm in (CONTROL, INTERVENTION):
        beside = _funnel(evaluation) if arm == INTERVENTION else ()
        drawn = evaluation.flow.allocated[arm]
        before: list[int | None] = [drawn, None if drawn is None else drawn - table.not_known[arm]]
        for row in table.steps:
            n = _of(row, arm)
            if n is not None:
                yield HeadCount(_key(evaluation, arm, n), n, (*before, *beside))
                before.append(n)


def mask_compliance(evaluation: Evaluation, outcomes: Outcomes, verdict: Verdict) -> ComplianceTable | None:
    """Return take-up and the effects on compliers with what is hidden taken out.

    An effect on compliers is that of the draw over their share, so that each of the three gives the third away: where
    the number of those who took part is hidden, in either arm, nothing of it is shown; where the effect of the draw is
    rounded, it is rounded as much. It also tells the share among those with a value, and so how many of those who took
    part have none: where any of these groups is small, it is rounded so that it does not. Of how many it is not known
    whether they took part the share of compliers would tell: where they are few, the share is not shown.
    """
    table = evaluation.compliance
    if table is None:
        return None
    telling = any(
        verdict.hides(_key(evaluation, arm, n))
        for row in table.steps
        if row.is_taking_part
        for arm in (CONTROL, INTERVENTION)
        if (n := _of(row, arm)) is not None
    ) or any(verdict.hides(persons(arm, n)) for arm, n in enumerate(table.drawn))
    control, intervention = (verdict.shown(persons(arm, n), n) for arm, n in enumerate(table.drawn))
    few_unknown = any(verdict.is_small(n) for n in table.not_known)
    return replace(
        table,
        drawn=(control, intervention),
        steps=tuple(_mask_step(row, evaluation, verdict) for row in table.steps),
        compliers=_NAN if telling or few_unknown else table.compliers,
        rows=tuple(
            _mask_row(row, HIDDEN if telling else outcomes.of(row.effect.outcome), table, verdict) for row in table.rows
        ),
        not_known=(0, 0),
    )


def _of(row: TakeUpRow, arm: int) -> int | None:
    return row.intervention if arm == INTERVENTION else row.control


def _funnel(evaluation: Evaluation) -> tuple[int | None, ...]:
    funnel = evaluation.implementation
    return () if funnel is None else tuple(step.reached for step in funnel.steps)


def _key(evaluation: Evaluation, arm: int, n: int) -> Key:
    """Key of so many of an arm; of the arm itself, or of a step of the funnel, where they are as many."""
    if n == evaluation.flow.allocated[arm]:
        return persons(arm, n)
    funnel = evaluation.implementation
    steps = () if funnel is None or arm == CONTROL else funnel.steps
    same = [step.step for step in steps if step.reached == n]
    return reached(same[0]) if same else ("take_up", str(arm), str(n))


def _mask_step(row: TakeUpRow, evaluation: Evaluation, verdict: Verdict) -> TakeUpRow:
    control, intervention = (
        None if n is None else verdict.shown(_key(evaluation, arm, n), n)
        for arm, n in ((CONTROL, row.control), (INTERVENTION, row.intervention))
    )
    return replace(row, control=control, intervention=intervention)


def _mask_row(row: ComplierRow, discretion: Discretion, table: ComplianceTable, verdict: Verdict) -> ComplierRow:
    few = any(verdict.is_small(n) for n in (*row.cells, *table.not_known))
    coarse = _coarsen(discretion, table.compliers)
    if few:
        coarse = _blur(coarse, row.effect, table, verdict)
    regions = tuple(_mask_region(each, coarse) for each in row.regions)
    overlap = row.shape is Shape.OUTSIDE and regions[0].conf_high >= regions[1].conf_low
    if overlap:
        regions = (replace(regions[0], conf_high=math.inf),)
    taking, leaving = (_mask_mean(mean, row.effect.unit, coarse, few=few) for mean in _means(row))
    nothing = math.isnan(taking) or math.isnan(leaving)
    return ComplierRow(
        effect=mask_effect(row.effect, coarse),
        regions=regions,
        shape=Shape.EVERYTHING if overlap else row.shape,
        taking_part=_NAN if nothing else taking,
        not_taking_part=_NAN if nothing else leaving,
    )


def _means(row: ComplierRow) -> tuple[float, float]:
    return row.taking_part, row.not_taking_part


def _coarsen(discretion: Discretion, compliers: float) -> Discretion:
    """As coarse as the effect of the draw, over the share of compliers."""
    if discretion.openness is not Openness.ROUNDED or discretion.grid is None:
        return discretion
    return rounded(discretion.grid.coarsen(1 / abs(compliers))) if compliers else HIDDEN


def _blur(discretion: Discretion, effect: Effect, table: ComplianceTable, verdict: Verdict) -> Discretion:
    """At least as coarse as an effect on as many more, or fewer, as may not be told of."""
    if discretion.openness is Openness.HIDDEN:
        return discretion
    compliers = math.floor(abs(table.compliers) * (table.drawn[INTERVENTION] or 0))
    if compliers < verdict.smallest_cell:
        return HIDDEN
    reach = max(abs(each) for each in (effect.estimate, effect.conf_low, effect.conf_high) if not math.isnan(each))
    own = Grid(1.0, (compliers,), verdict.smallest_cell).coarsen(reach * verdict.smallest_cell / compliers)
    step = max(own.step, 0.0 if discretion.grid is None else discretion.grid.step)
    return rounded(replace(own, step=step))


def _mask_region(region: Effect, discretion: Discretion) -> Effect:
    """A region with its ends rounded outwards; open ends stay open."""
    masked = mask_effect(region, discretion)
    if discretion.grid is None:
        return masked
    low, high = (_move(end, discretion.grid, by) for end, by in ((region.conf_low, -1), (region.conf_high, 1)))
    return replace(masked, estimate=discretion.grid.round(region.estimate), conf_low=low, conf_high=high)


def _move(end: float, grid: Grid, by: int) -> float:
    return end if math.isinf(end) else grid.round(end + by * grid.step)


def _mask_mean(mean: float, unit: str, discretion: Discretion, *, few: bool) -> float:
    if few or discretion.openness is Openness.HIDDEN:
        return _NAN
    if discretion.grid is None or math.isnan(mean):
        return mean
    tells = unit == Unit.SHARE and discretion.grid.tells_few(mean)
    return _NAN if tells else discretion.grid.round(mean)
