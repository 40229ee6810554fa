"""Instruments described by wave and arm: who answered, how scores lie, how reliable they are; no arm is compared."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, FloatArray
from ctieval.domain.description import ArmLevel
from ctieval.domain.instrument import Instrument
from ctieval.domain.instrument_table import Absent, Advice, InstrumentTable, InstrumentWave
from ctieval.domain.outcome import InstrumentOutcome, MeasuredIn
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.domain.source import Source
from ctieval.domain.units import Unit
from ctieval.domain.wording import Notice
from ctieval.inference.arm_level import describe_arm
from ctieval.outcomes.experienced import describe_arm_changes
from ctieval.outcomes.instruments import check_answers, find_instrument, read_wave, score_answers
from ctieval.outcomes.reliability import estimate_reliability

_CONTROL, _INTERVENTION = 0, 1


def describe_instruments(
    table: OutcomeTable,
    allocation: Allocation,
    survey: pd.DataFrame | None,
    instruments: tuple[Instrument, ...] = (),
) -> InstrumentTable | None:
    """Describe the instruments of the declared outcomes, by wave and arm.

    Args:
        table: The outcomes.
        allocation: The allocation.
        survey: Answers: ``person_id``, ``wave``, ``instrument``, ``item``, ``answer``; None where there are none.
        instruments: The instruments of the trial; those of the library where there are none.

    Returns:
        One row an instrument, wave and arm in which it was measured; None where no outcome is of an instrument, or
        nobody was asked.

    Raises:
        ProtocolError: If no instrument has the name.
        SchemaError: If an answer or an item is not one of the instrument's, or is given twice.
    """
    asked = tuple(each for each in table.outcomes if isinstance(each, InstrumentOutcome))
    if survey is None or not asked:
        return None
    used = tuple(find_instrument(name, instruments) for name in dict.fromkeys(each.instrument for each in asked))
    waves: list[InstrumentWave] = []
    for instrument in used:
        check_answers(survey, instrument)
        mine = tuple(each for each in asked if each.instrument == instrument.name)
        waves += _waves(survey, instrument, mine, allocation)
    return InstrumentTable(used, tuple(waves), describe_arm_changes(table, allocation), load_advice())


def notices_of_instruments(table: InstrumentTable | None) -> tuple[Notice, ...]:
    """Say of which instruments omega cannot be had, since one factor would explain more than all of an item."""
    rows = () if table is None else table.waves
    heywood = dict.fromkeys(row.instrument for row in rows if row.reliability.omega_absent is Absent.HEYWOOD)
    return tuple(Notice("W-OMEGA-HEYWOOD", name) for name in heywood)


@cache
def load_advice() -> Advice:
    """Load the conventions by which a description of instruments is read."""
    form = tomllib.loads(resources.files("ctieval.outcomes").joinpath("reliability.toml").read_text(encoding="utf-8"))
    return Advice(form["extreme_share"], Source(**form["source"]), form["fewest_complete"])


def _waves(
    survey: pd.DataFrame, instrument: Instrument, outcomes: tuple[InstrumentOutcome, ...], allocation: Allocation
) -> Iterator[InstrumentWave]:
    """Waves before the intervention first, and in each the intervention before the control.

    Where both arms were asked, they are described as in the table of effects: over those who could have come into
    either, each block weighing alike in both. Where only the intervention was, there is nothing to compare with.
    """
    before = dict.fromkeys(each.baseline_wave for each in outcomes if each.baseline_wave is not None)
    both = any(each.measured_in is MeasuredIn.BOTH for each in outcomes)
    for wave in dict.fromkeys((*before, *(each.wave for each in outcomes))):
        answers = read_wave(survey, instrument, wave, allocation.person_id)
        scores = score_answers(answers, instrument)
        for arm in (_INTERVENTION, _CONTROL) if both else (_INTERVENTION,):
            mine = (allocation.arm == arm) & (allocation.compared | (not both))
            level = describe_arm(scores, allocation, arm, Unit.POINTS) if both else _level(scores[mine])
            yield _describe(answers[mine], level, instrument, wave, arm=arm, at_start=wave in before)


def _describe(
    answers: FloatArray, level: ArmLevel, instrument: Instrument, wave: str, *, arm: int, at_start: bool
) -> InstrumentWave:
    """Describe the answers of one arm in one wave, shape (persons, items)."""
    scores = score_answers(answers, instrument)
    scored = scores[~np.isnan(scores)]
    low, high = instrument.score_range
    return InstrumentWave(
        instrument=instrument.name,
        wave=wave,
        at_start=at_start,
        arm=arm,
        level=level,
        unscored=len(scores) - len(scored),
        bands=tuple(int(each.sum()) for each in _in_bands(scored, instrument)),
        floor=int((scored <= low).sum()),
        ceiling=int((scored >= high).sum()),
        reliability=estimate_reliability(answers, fewest=load_advice().fewest_complete),
    )


def _in_bands(scores: FloatArray, instrument: Instrument) -> Iterator[BoolArray]:
    """True for the scores in each band; a score between two bands belongs to the lower."""
    ends = (*(band.low for band in instrument.bands[1:]), np.inf)
    for band, end in zip(instrument.bands, ends, strict=False):
        yield (scores >= band.low) & (scores < end)


def _level(scores: FloatArray) -> ArmLevel:
    scored = scores[~np.isnan(scores)]
    n = len(scored)
    return ArmLevel(n, float(scored.mean()) if n else np.nan, float(scored.std(ddof=1)) if n > 1 else np.nan, None)
