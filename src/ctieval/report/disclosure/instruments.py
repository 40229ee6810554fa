"""Head counts of the questionnaires: who answered in which wave, with what score; and what is hidden of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from ctieval.domain.evaluation import Evaluation
from ctieval.domain.instrument_table import ArmChange, InstrumentTable, InstrumentWave, Reliability
from ctieval.domain.outcome import InstrumentOutcome
from ctieval.domain.units import Unit
from ctieval.report.disclosure.counts import HeadCount, Key, Sum, Verdict
from ctieval.report.disclosure.gather import INTERVENTION, lost, persons
from ctieval.report.disclosure.mask import (
    HIDDEN,
    Discretion,
    Openness,
    discretion_of,
    mask_experienced,
    mask_level,
)
from ctieval.report.disclosure.results import Outcomes

Found: TypeAlias = Iterator[HeadCount | Sum]

_UNSCORED = "no_answer"
"""Persons without a usable answer are lost for one reason, whichever the wave."""

_DECIMALS = 2
"""Digits of an alpha whose number of persons is hidden; with the interval, it would tell that number."""


def gather_instruments(evaluation: Evaluation) -> Found:
    """Name every head count of the questionnaires, and the sums between them.

    Those with a score in a wave divide into bands, and into those at the lowest score, at the highest and between.
    Those with every item answered, and those with a score both times, are some of them.
    """
    table = evaluation.instruments
    if table is None:
        return
    for row in table.waves:
        yield from _wave(row, evaluation.flow.allocated[row.arm])
    for outcome, arm, n in _measured_twice(evaluation, table):
        scored = tuple(each.level.n for each in table.waves if each.arm == arm and _is_of(each, outcome))
        if n is not None:
            yield HeadCount(persons(arm, n), n, (evaluation.flow.allocated[arm], *scored))


def mask_instruments(evaluation: Evaluation, outcomes: Outcomes, verdict: Verdict) -> InstrumentTable | None:
    """Return the questionnaires with what is hidden taken out."""
    table = evaluation.instruments
    if table is None:
        return None
    return replace(
        table,
        waves=tuple(_mask_wave(row, _discretion(row, evaluation, outcomes, verdict), verdict) for row in table.waves),
        changes=tuple(_mask_change(row, outcomes, verdict) for row in table.changes),
    )


def _wave(row: InstrumentWave, drawn: int | None) -> Found:
    n, whole = row.level.n, persons(row.arm, row.level.n)
    if n is None or row.unscored is None:
        return
    yield HeadCount(whole, n, (drawn,))
    yield HeadCount(lost(row.arm, _UNSCORED, row.unscored), row.unscored)
    if drawn == n + row.unscored:
        yield Sum(persons(row.arm, drawn), (whole, lost(row.arm, _UNSCORED, row.unscored)))
    if row.reliability.n is not None:
        yield HeadCount(persons(row.arm, row.reliability.n), row.reliability.n, (n,))
    bands = tuple(_band(row, number) for number in range(len(row.bands)))
    yield from (HeadCount(key, size or 0) for key, size in zip(bands, row.bands, strict=True))
    if bands:
        yield Sum(whole, bands)
    yield from _extremes(row, n, bands)


def _extremes(row: InstrumentWave, n: int, bands: tuple[Key, ...]) -> Found:
    """Those at the ends, and those who are not: of everybody, and of the outer bands."""
    ends = (("floor", row.floor or 0, 0), ("ceiling", row.ceiling or 0, -1))
    for name, size, outer in ends:
        key = _end(row, name)
        yield HeadCount(key, size, (n,))
        yield from _rest(key, _end(row, f"not_{name}"), persons(row.arm, n), n - size)
        if bands:
            yield from _rest(key, _end(row, f"band_without_{name}"), bands[outer], (row.bands[outer] or 0) - size)


def _rest(part: Key, other: Key, whole: Key, n: int) -> Found:
    yield HeadCount(other, n, unseen=True)
    yield Sum(whole, (part, other))


def _band(row: InstrumentWave, number: int) -> Key:
    return ("band", row.instrument, row.wave, str(row.arm), str(number))


def _end(row: InstrumentWave, name: str) -> Key:
    return ("end", row.instrument, row.wave, str(row.arm), name)


def _measured_twice(
    evaluation: Evaluation, table: InstrumentTable
) -> Iterator[tuple[InstrumentOutcome, int, int | None]]:
    """The outcomes of questionnaires with an arm, and how many of it have a score both times."""
    asked = {each.name: each for each in evaluation.trial.outcomes if isinstance(each, InstrumentOutcome)}
    yield from ((asked[row.outcome], INTERVENTION, row.n) for row in evaluation.experienced if row.outcome in asked)
    yield from ((asked[row.outcome], row.arm, row.n) for row in table.changes)


def _is_of(row: InstrumentWave, outcome: InstrumentOutcome) -> bool:
    return row.instrument == outcome.instrument and row.wave in (outcome.wave, outcome.baseline_wave)


def _discretion(row: InstrumentWave, evaluation: Evaluation, outcomes: Outcomes, verdict: Verdict) -> Discretion:
    """How much may be said of a wave: of one that an outcome is measured in, no more than of the outcome."""
    measured = (each for each in evaluation.trial.outcomes if isinstance(each, InstrumentOutcome))
    same = [outcomes.of(each.name) for each in measured if (each.instrument, each.wave) == (row.instrument, row.wave)]
    worst = max(same, key=lambda each: each.openness, default=None)
    if worst is not None and worst.openness is not Openness.OPEN:
        return worst
    whole = persons(row.arm, row.level.n)
    if verdict.is_small(row.level.n):
        return HIDDEN
    openness = Openness.ROUNDED if verdict.hides(whole) else Openness.OPEN
    return discretion_of(openness, [row.level], [verdict.fewest(whole, row.level.n or 0)], Unit.POINTS, verdict)


def _mask_wave(row: InstrumentWave, discretion: Discretion, verdict: Verdict) -> InstrumentWave:
    return replace(
        row,
        level=mask_level(row.level, discretion),
        unscored=verdict.shown(lost(row.arm, _UNSCORED, row.unscored), row.unscored),
        bands=tuple(verdict.shown(_band(row, number), n) for number, n in enumerate(row.bands)),
        floor=verdict.shown(_end(row, "floor"), row.floor),
        ceiling=verdict.shown(_end(row, "ceiling"), row.ceiling),
        reliability=_mask_reliability(row.reliability, row.arm, verdict),
    )


def _mask_reliability(reliability: Reliability, arm: int, verdict: Verdict) -> Reliability:
    """Alpha and its interval tell the number of persons, so that where it is hidden they go, or are rounded."""
    if not verdict.hides(persons(arm, reliability.n)):
        return reliability
    nan = math.nan
    without = replace(reliability, n=None, alpha_low=nan, alpha_high=nan)
    if verdict.is_small(reliability.n):
        return replace(without, alpha=nan, omega=nan)
    return replace(without, alpha=round(reliability.alpha, _DECIMALS), omega=round(reliability.omega, _DECIMALS))


def _mask_change(row: ArmChange, outcomes: Outcomes, verdict: Verdict) -> ArmChange:
    """A change is as coarse as the level after it; where its number is hidden, it is not shown."""
    small = verdict.is_small(row.n) or verdict.hides(persons(row.arm, row.n))
    discretion = HIDDEN if small else outcomes.of(row.outcome)
    return mask_experienced(row, discretion)
