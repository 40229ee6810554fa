"""Questionnaires as data, and their scores; what a score means for a trial is decided elsewhere."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd

from ctieval.domain.arrays import FloatArray, StrArray
from ctieval.domain.outcome import InstrumentOutcome
from ctieval.domain.outcome_table import Status
from ctieval.domain.source import Source
from ctieval.errors import ProtocolError
from ctieval.outcomes.table import OutcomeColumn
from ctieval.registers.rules import Rule, check_rule

_FOLDER = resources.files("ctieval.outcomes") / "instruments"


@dataclass(frozen=True, slots=True)
class Band:
    """Scores that are read alike.

    Attributes:
        key: Key of its name in the text catalogues.
        low: Lowest score.
        high: Highest score.
        source: What proves the band.
    """

    key: str
    low: int
    high: int
    source: Source


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire whose score is the sum of its answers times a factor.

    Attributes:
        name: Short name, as in the survey.
        title: Its own title.
        items: Number of items, numbered from 1.
        lowest: Lowest answer.
        highest: Highest answer.
        factor: What the sum is multiplied by.
        bands: How scores are read, from low to high.
        source: What proves the scoring.
    """

    name: str
    title: str
    items: int
    lowest: int
    highest: int
    factor: int
    bands: tuple[Band, ...]
    source: Source


def load_instrument(name: str) -> Instrument:
    """Load an instrument that the library knows.

    Args:
        name: Short name, such as ``who5``.

    Raises:
        ProtocolError: If no instrument has the name.

    Examples:
        >>> who5 = load_instrument("who5")
        >>> who5.factor * who5.items * who5.highest
        100
    """
    known = sorted(entry.name.removesuffix(".toml") for entry in _FOLDER.iterdir() if entry.name.endswith(".toml"))
    if name not in known:
        raise ProtocolError(
            file="trial.toml",
            key=f"instrument {name}",
            line=None,
            what=f"no instrument is called {name}",
            found=f"the name {name}",
            expected=f"one of: {', '.join(known)}",
            do="correct the name of the instrument",
        )
    form = tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    bands, source = form.pop("band"), form.pop("source")
    return Instrument(**form, bands=tuple(_load_band(band) for band in bands), source=Source(**source))


def _load_band(form: dict[str, Any]) -> Band:
    source = form.pop("source")
    return Band(**form, source=Source(**source))


def read_scores(outcome: InstrumentOutcome, survey: pd.DataFrame | None, person_id: StrArray) -> OutcomeColumn:
    """Read the scores of one wave of an instrument, and of the wave before where one is declared.

    Args:
        outcome: The declared outcome.
        survey: Answers: ``person_id``, ``wave``, ``instrument``, ``item``, ``answer``; None where there are none.
        person_id: Persons whose scores are wanted, shape (n,).

    Returns:
        Scores in points; ``NO_ANSWER`` where an item has no answer.

    Raises:
        ProtocolError: If no instrument has the name.
        SchemaError: If an answer or an item is not one of the instrument's.
        SchemaError: If an item is answered twice by a person in a wave.
    """
    instrument = load_instrument(outcome.instrument)
    nobody = np.full(len(person_id), np.nan)
    if survey is None:
        return OutcomeColumn(nobody, np.full(len(person_id), int(Status.NO_ANSWER)), nobody)
    _check_answers(survey, instrument)
    scores = _wave_scores(survey, instrument, outcome.wave, person_id)
    return OutcomeColumn(
        values=scores,
        status=np.where(np.isnan(scores), int(Status.NO_ANSWER), int(Status.OBSERVED)),
        baseline=_wave_scores(survey, instrument, outcome.baseline_wave, person_id),
    )


def _wave_scores(survey: pd.DataFrame, instrument: Instrument, wave: str | None, person_id: StrArray) -> FloatArray:
    """Sum times factor, shape (n,); NaN for a person who left an item open, since no rule fills it in."""
    answers = survey[survey["instrument"].isin([instrument.name]) & survey["wave"].isin([wave])]
    answer = _numbers(answers["answer"])
    row = pd.Index(person_id).get_indexer(pd.Index(answers["person_id"]))
    counted = (row >= 0) & ~np.isnan(answer)
    total = np.bincount(row[counted], weights=answer[counted], minlength=len(person_id))
    answered = np.bincount(row[counted], minlength=len(person_id))
    return np.where(answered == instrument.items, total * instrument.factor, np.nan)


def _check_answers(survey: pd.DataFrame, instrument: Instrument) -> None:
    """Hold every row of the instrument to its items and answers, each item answered once."""
    mine = survey["instrument"].isin([instrument.name]).to_numpy()
    item, answer = _numbers(survey["item"]), _numbers(survey["answer"])
    items = np.arange(1, instrument.items + 1)
    answers = np.arange(instrument.lowest, instrument.highest + 1)
    twice = survey.duplicated(["person_id", "wave", "instrument", "item"]).to_numpy()
    known_item = Rule("item of the instrument", "item", f"{instrument.name} has the items 1 to {instrument.items}")
    in_range = Rule(
        "answer in range",
        "answer",
        f"a whole number from {instrument.lowest} to {instrument.highest} for {instrument.name}, or an empty cell",
    )
    once = Rule("unique", "item", "each person answers an item once in a wave")
    check_rule(mine & ~np.isin(item, items), known_item, table="survey")
    check_rule(mine & ~(np.isnan(answer) | np.isin(answer, answers)), in_range, table="survey")
    check_rule(mine & twice, once, table="survey")


def _numbers(column: pd.Series) -> FloatArray:
    return column.to_numpy(dtype=np.float64, na_value=np.nan)
