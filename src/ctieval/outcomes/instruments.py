"""Instruments looked up, and answers made into scores; what a score means for a trial is decided elsewhere."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd

from ctieval.domain.arrays import FloatArray, StrArray
from ctieval.domain.instrument import Instrument, Scoring
from ctieval.domain.outcome import InstrumentOutcome
from ctieval.domain.outcome_table import Status
from ctieval.errors import InputError, ProtocolError
from ctieval.outcomes.instrument_form import read_instrument
from ctieval.outcomes.table import OutcomeColumn
from ctieval.registers.rules import Rule, check_rule

_SHIPPED = resources.files("ctieval.outcomes") / "instruments"


@cache
def shipped_instruments() -> tuple[Instrument, ...]:
    """Load the instruments that the library knows, by name."""
    files = sorted((entry for entry in _SHIPPED.iterdir() if entry.name.endswith(".toml")), key=lambda each: each.name)
    return tuple(read_instrument(entry.read_text(encoding="utf-8"), entry.name) for entry in files)


def load_instruments(folder: Path | None = None) -> tuple[Instrument, ...]:
    """Load the instruments that the library knows, and lay the trial's own over them.

    Args:
        folder: The trial's own instruments, one ``<name>.toml`` each, or None. One of the same name takes the
            place of the library's.

    Raises:
        InputError: If there is no such folder, or a file in it is not UTF-8 text.
        ProtocolError: If an instrument is not declared as it should be.

    Examples:
        >>> [instrument.name for instrument in load_instruments()]
        ['cantril', 'gse', 'who5']
    """
    if folder is None:
        return shipped_instruments()
    if not folder.is_dir():
        raise _unreadable(folder, "no such folder", "a folder with one TOML file for each instrument")
    own = tuple(read_instrument(_read(path), path.name) for path in sorted(folder.glob("*.toml")))
    named = {each.name: each for each in (*shipped_instruments(), *own)}
    return tuple(named[name] for name in sorted(named))


def find_instrument(name: str, instruments: tuple[Instrument, ...] = ()) -> Instrument:
    """Return an instrument by its name.

    Args:
        name: Short name, such as ``who5``.
        instruments: The instruments of the trial; those of the library where there are none.

    Raises:
        ProtocolError: If no instrument has the name.

    Examples:
        >>> find_instrument("who5").score_range
        (0.0, 100.0)
    """
    known = instruments or shipped_instruments()
    found = next((each for each in known if each.name == name), None)
    if found is None:
        raise ProtocolError(
            file="trial.toml",
            key=f"instrument {name}",
            line=None,
            what=f"no instrument is called {name}",
            found=f"the name {name}",
            expected=f"one of: {', '.join(each.name for each in known)}",
            do=f"correct the name, or declare {name}.toml in the trial's instruments folder, named in [data]",
        )
    return found


def read_scores(
    outcome: InstrumentOutcome,
    survey: pd.DataFrame | None,
    person_id: StrArray,
    instruments: tuple[Instrument, ...] = (),
) -> OutcomeColumn:
    """Read the scores of one wave of an instrument, and of the wave before where one is declared.

    Args:
        outcome: The declared outcome.
        survey: Answers: ``person_id``, ``wave``, ``instrument``, ``item``, ``answer``; None where there are none.
        person_id: Persons whose scores are wanted, shape (n,).
        instruments: The instruments of the trial; those of the library where there are none.

    Returns:
        Scores in points; ``NO_ANSWER`` where fewer items are answered than the instrument asks for.

    Raises:
        ProtocolError: If no instrument has the name.
        SchemaError: If an answer or an item is not one of the instrument's.
        SchemaError: If an item is answered twice by a person in a wave.
    """
    instrument = find_instrument(outcome.instrument, instruments)
    nobody = np.full(len(person_id), np.nan)
    if survey is None:
        return OutcomeColumn(nobody, np.full(len(person_id), int(Status.NO_ANSWER)), nobody)
    check_answers(survey, instrument)
    scores = score_answers(read_wave(survey, instrument, outcome.wave, person_id), instrument)
    before = None if outcome.baseline_wave is None else read_wave(survey, instrument, outcome.baseline_wave, person_id)
    return OutcomeColumn(
        values=scores,
        status=np.where(np.isnan(scores), int(Status.NO_ANSWER), int(Status.OBSERVED)),
        baseline=nobody if before is None else score_answers(before, instrument),
    )


def read_wave(survey: pd.DataFrame, instrument: Instrument, wave: str, person_id: StrArray) -> FloatArray:
    """Read the answers to an instrument in one wave, reversed items turned.

    Args:
        survey: Answers that ``check_answers`` has passed.
        instrument: The instrument.
        wave: The wave.
        person_id: Persons whose answers are wanted, shape (n,).

    Returns:
        Answers, shape (n, items); NaN where there is none.
    """
    mine = survey[survey["instrument"].isin([instrument.name]) & survey["wave"].isin([wave])]
    row = pd.Index(person_id).get_indexer(pd.Index(mine["person_id"]))
    answers = np.full((len(person_id), instrument.items), np.nan)
    item = _numbers(mine["item"])[row >= 0].astype(np.int64) - 1
    answers[row[row >= 0], item] = _numbers(mine["answer"])[row >= 0]
    turned = np.array(instrument.reverse, dtype=np.int64) - 1
    answers[:, turned] = instrument.lowest + instrument.highest - answers[:, turned]
    return answers


def score_answers(answers: FloatArray, instrument: Instrument) -> FloatArray:
    r"""Make answers into scores.

    With *a* of the *k* items answered, *a* no fewer than the instrument asks for, and their sum *s*, the score is
    :math:`s k / a` (``SUM``), :math:`s / a` (``MEAN``) or :math:`100 (s - a l) / (a (h - l))` (``PERCENT``) with *l*
    and *h* the lowest and the highest answer: an open item counts as the mean of the person's others.

    Args:
        answers: Answers that all run the same way, shape (n, items); NaN where there is none.
        instrument: The instrument.

    Returns:
        Scores, shape (n,); NaN for those who answered too few items.

    Examples:
        >>> score_answers(np.array([[0.0, 1, 2, 3, 4], [5, 5, 5, 5, np.nan]]), find_instrument("who5"))
        array([40., nan])
    """
    answered = (~np.isnan(answers)).sum(axis=1)
    total = np.nansum(answers, axis=1)
    enough = np.where(answered >= instrument.minimum_answered, answered, np.nan)
    match instrument.scoring:
        case Scoring.SUM:
            return total * instrument.items / enough
        case Scoring.MEAN:
            return total / enough
        case Scoring.PERCENT:
            span = instrument.highest - instrument.lowest
            return 100 * (total - enough * instrument.lowest) / (enough * span)


def check_answers(survey: pd.DataFrame, instrument: Instrument) -> None:
    """Hold every row of the instrument to its items and answers, each item answered once.

    Raises:
        SchemaError: If an answer or an item is not one of the instrument's.
        SchemaError: If an item is answered twice by a person in a wave.
    """
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


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable(path, "bytes that are not UTF-8", "a text file in UTF-8") from None


def _unreadable(path: Path, found: str, expected: str) -> InputError:
    return InputError(
        what="the trial's own instruments cannot be read",
        where=path.name,
        found=found,
        expected=expected,
        do="correct instruments in [data] of the plan, or mend the file",
    )
