"""Reads the file of an instrument: every key known, every score in one band. Nothing is scored here."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias, TypeVar, cast

from ctieval.domain.instrument import Band, Instrument, Scoring
from ctieval.domain.outcome import BetterWhen
from ctieval.domain.source import Source
from ctieval.domain.wording import Label
from ctieval.errors import ProtocolError

_Table: TypeAlias = Mapping[str, object]
_Choice = TypeVar("_Choice", bound=StrEnum)

_NUMBER = (int, float)
_REQUIRED = {
    "name": (str,),
    "title": (str, dict),
    "items": (int,),
    "range": (list,),
    "score": (str,),
    "minimum_answered": (int,),
    "better_when": (str,),
    "source": (dict,),
}
_OPTIONAL = {"reverse": (list,), "band": (list,)}
_BAND = {"name": (str,), "label": (str, dict), "low": _NUMBER, "high": _NUMBER}
_SOURCE = {"title": (str,), "retrieved": (date,)}
_MARKS = {"section": (str,), "href": (str,), "secondary": (bool,)}
_KINDS: Mapping[type, str] = {
    str: "a text",
    dict: "a table",
    int: "a whole number",
    float: "a number",
    list: "a list",
    date: "a date",
    bool: "true or false",
}


def read_instrument(text: str, file: str) -> Instrument:
    """Read one instrument from its file.

    Args:
        text: The TOML text.
        file: Name of the file, whose stem is the name of the instrument.

    Raises:
        ProtocolError: If the text is not TOML, or the name is not the stem of the file.
        ProtocolError: If a key is unknown, missing or of another type, at any depth; so no scoring goes unsourced.
        ProtocolError: If the answers do not rise, a reversed item is no item, or more must be answered than there are.
        ProtocolError: If a score of complete answers lies in no band, or in two.

    Examples:
        >>> read_instrument('name = "mood"', "mood.toml")
        Traceback (most recent call last):
        ...
        ctieval.errors.ProtocolError: an instrument is not declared as it should be
          where:    mood.toml, title
          found:    nothing
          expected: a text or a table
          do:       add a line that begins with title =
    """
    form = _parse(text, file)
    _check_keys(form, file, "", _REQUIRED, _OPTIONAL)
    if f"{form['name']}.toml" != file:
        raise _broken(file, "name", f"the name {form['name']}", f"the name of the file without its ending: {file[:-5]}")
    items = _whole(form["items"], 1, file, "items")
    lowest, highest = _range(form["range"], file)
    instrument = Instrument(
        name=str(form["name"]),
        title=_label(form["title"], file, "title"),
        items=items,
        lowest=lowest,
        highest=highest,
        scoring=_choice(Scoring, form["score"], file, "score"),
        minimum_answered=_whole(form["minimum_answered"], 1, file, "minimum_answered", most=items),
        better_when=_choice(BetterWhen, form["better_when"], file, "better_when"),
        source=_source(form["source"], file, "source"),
        reverse=_reverse(form.get("reverse", []), items, file),
        bands=tuple(
            _band(each, file, f"band[{number}]")
            for number, each in enumerate(cast("list[object]", form.get("band", [])), start=1)
        ),
    )
    _check_bands(instrument, file)
    return instrument


def _parse(text: str, file: str) -> _Table:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise _broken(file, "the syntax", str(cause), "TOML, in which a key stands once") from None


def _range(value: object, file: str) -> tuple[int, int]:
    match value:
        case [int() as lowest, int() as highest] if lowest < highest:
            return lowest, highest
        case _:
            found = ", ".join(map(str, cast("list[object]", value))) or "an empty list"
            raise _broken(file, "range", found, "two whole numbers, the lowest answer and a higher one, such as [0, 5]")


def _reverse(value: object, items: int, file: str) -> tuple[int, ...]:
    numbers = cast("list[object]", value)
    found = [each for each in numbers if isinstance(each, int) and 1 <= each <= items]
    if len(set(found)) != len(numbers):
        expected = f"different items of the instrument, each from 1 to {items}"
        raise _broken(file, "reverse", ", ".join(map(str, numbers)), expected)
    return tuple(sorted(found))


def _band(entry: object, file: str, key: str) -> Band:
    form = _as_table(entry, file, key)
    _check_keys(form, file, f"{key}.", _BAND, {"source": (dict,)})
    return Band(
        name=str(form["name"]),
        label=_label(form["label"], file, f"{key}.label"),
        low=float(cast("float", form["low"])),
        high=float(cast("float", form["high"])),
        source=_source(form["source"], file, f"{key}.source") if "source" in form else None,
    )


def _check_bands(instrument: Instrument, file: str) -> None:
    """Every score of complete answers lies in one band, and the bands rise."""
    bands = instrument.bands
    if not bands:
        return
    low, high = instrument.score_range
    span = f"bands from {low:g} to {high:g} that follow each other"
    if len({band.name for band in bands}) < len(bands):
        raise _broken(file, "band", "two bands of one name", "a name of its own for each band")
    if bands[0].low != low or bands[-1].high != high:
        raise _broken(file, "band", f"bands from {bands[0].low:g} to {bands[-1].high:g}", span)
    for number, (lower, upper) in enumerate(pairwise(bands), start=2):
        if not lower.low <= lower.high < upper.low <= upper.high:
            found = f"an overlap, or a band that falls: {_ends(lower)} and then {_ends(upper)}"
            raise _broken(file, f"band[{number}]", found, span)
    left_out = [score for score in instrument.scores if not any(band.low <= score <= band.high for band in bands)]
    if left_out:
        raise _broken(file, "band", f"a gap: no band holds the score {left_out[0]:g}", span)


def _ends(band: Band) -> str:
    return f"{band.low:g}-{band.high:g}"


def _source(entry: object, file: str, key: str) -> Source:
    form = _as_table(entry, file, key)
    _check_keys(form, file, f"{key}.", _SOURCE, _MARKS)
    return Source(
        title=str(form["title"]),
        section=str(form.get("section", "")),
        href=str(form.get("href", "")),
        retrieved=cast("date", form["retrieved"]),
        secondary=bool(form.get("secondary", False)),
    )


def _label(value: object, file: str, key: str) -> Label:
    if isinstance(value, str):
        return Label(value, value)
    form = cast("_Table", value)
    _check_keys(form, file, f"{key}.", {"da": (str,), "en": (str,)}, {})
    return Label(str(form["da"]), str(form["en"]))


def _whole(value: object, least: int, file: str, key: str, most: int | None = None) -> int:
    number = cast("int", value)
    if number < least or (most is not None and number > most):
        expected = f"a whole number of at least {least}" + ("" if most is None else f" and at most {most}, the items")
        raise _broken(file, key, f"{number}", expected)
    return number


def _choice(kind: type[_Choice], value: object, file: str, key: str) -> _Choice:
    try:
        return kind(str(value))
    except ValueError:
        raise _broken(file, key, str(value), "one of: " + ", ".join(kind)) from None


def _as_table(entry: object, file: str, key: str) -> _Table:
    if not isinstance(entry, dict):
        raise _broken(file, key, _kind(entry), "a table")
    return cast("_Table", entry)


def _check_keys(
    form: _Table,
    file: str,
    prefix: str,
    required: Mapping[str, tuple[type, ...]],
    optional: Mapping[str, tuple[type, ...]],
) -> None:
    """Refuse the first key that is unknown, missing or of another type."""
    known = {**required, **optional}
    for key in (each for each in form if each not in known):
        near = get_close_matches(key, known, n=1)
        expected = f"perhaps {near[0]}" if near else "one of: " + ", ".join(known)
        raise _broken(file, prefix + key, f"the key {key}, which nobody reads", expected)
    for key in (each for each in required if each not in form):
        raise _broken(file, prefix + key, "nothing", _names(required[key]), do=f"add a line that begins with {key} =")
    for key, value in form.items():
        if isinstance(value, bool) != (known[key] == (bool,)) or not isinstance(value, known[key]):
            raise _broken(file, prefix + key, _kind(value), _names(known[key]))
        if value == "":
            raise _broken(file, prefix + key, "an empty text", _names(known[key]))


def _names(kinds: Iterable[type]) -> str:
    return " or ".join(_KINDS[kind] for kind in kinds)


def _kind(value: object) -> str:
    return _KINDS.get(type(value), "something else")


def _broken(file: str, key: str, found: str, expected: str, do: str = "") -> ProtocolError:
    return ProtocolError(
        file=file,
        key=key,
        line=None,
        what="an instrument is not declared as it should be",
        found=found,
        expected=expected,
        do=do or f"correct {key} in {file}",
    )
