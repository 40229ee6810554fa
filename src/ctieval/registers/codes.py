"""Lists of register codes: what each weekly code means, and which codes make up a named set.

The lists are TOML files in ``codelists``, each with its vintage and its source; a trial's overlay adds codes and
sets or takes the place of shipped ones. What a person did in a week is decided elsewhere.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import TypeAlias, cast

import numpy as np

from ctieval.domain.arrays import BoolArray
from ctieval.domain.outcome import State
from ctieval.domain.registers import BLANK
from ctieval.domain.source import Source
from ctieval.errors import InputError

CODES_END = 1000
SHIPPED = "dream_2015.toml"

_Table: TypeAlias = Mapping[str, object]

_SOURCE = {"title": str, "section": str, "href": str, "retrieved": date}
_CODE = {"name": str, "group": str, "activity": str, "counts_to_duration": bool, "resets_duration": bool}
_SET = {"basis": str, "description": str}
_WITHOUT_CODES = frozenset({State.SELF_SUPPORT, State.BENEFIT, State.ORDINARY_HOURS})
_CODE_STATES = tuple(state.value for state in State if state not in _WITHOUT_CODES)
_MARKS = ("counts_to_duration", "resets_duration")


class Basis(StrEnum):
    """What a set rests on: the list's own source, an inference from it, or a convention of ours."""

    SOURCE = "source"
    INFERENCE = "inference"
    CONVENTION = "convention"


@dataclass(frozen=True, slots=True)
class RegisterCode:
    """One weekly code.

    Attributes:
        code: The code, 0 to 999.
        name: Its Danish name in the register.
        group: The benefit it belongs to.
        activity: The activity, as the source classes it.
        counts_to_duration: True where the week counts as public support.
        resets_duration: True where the week ends a count of public support.
        state: The one state it belongs to; None for the blank week alone.
        source: The document that proves it.
    """

    code: int
    name: str
    group: str
    activity: str
    counts_to_duration: bool
    resets_duration: bool
    state: State | None
    source: Source


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A named set of codes.

    Attributes:
        name: Its name, such as ``kontanthjaelp`` or ``supported_job``.
        basis: What the set rests on.
        description: What it holds, and what was decided.
        codes: Its members.
    """

    name: str
    basis: Basis
    description: str
    codes: frozenset[int]


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of register codes.

    Attributes:
        vintage: Month of the list, such as ``2015-11``; with an overlay both, the overlay last.
        source: The document that proves the shipped list; each code carries its own.
        codes: Every known code, sorted; 0 is the blank week.
        sets: The named sets: the states, then the sets of benefits.
    """

    vintage: str
    source: Source
    codes: tuple[RegisterCode, ...]
    sets: tuple[CodeSet, ...]

    @property
    def known(self) -> frozenset[int]:
        """Every code of the list, the blank week among them."""
        return frozenset(entry.code for entry in self.codes)

    def members(self, name: str) -> frozenset[int]:
        """Return the codes of a named set.

        Args:
            name: Name of a state or of another set.

        Raises:
            InputError: If the list has no set of that name.

        Examples:
            >>> sorted(load_code_list().members("exit"))
            [997, 998, 999]
        """
        for named in self.sets:
            if named.name == name:
                return named.codes
        names = [named.name for named in self.sets]
        nearest = ", ".join(get_close_matches(name, names, n=3, cutoff=0.3)) or ", ".join(names)
        raise InputError(
            what=f"the code list has no set called {name}",
            where=f"the code list of vintage {self.vintage}",
            found=f"the name {name}",
            expected=f"a named set; nearest: {nearest}",
            do=f"correct the name, or add [sets.{name}] to the trial's code list",
        )

    def lookup(self, name: str) -> BoolArray:
        """Return a set as an array to look codes up in.

        Position 1000, which ``NOT_OBSERVED`` (-1) also reaches, is False: ``lookup(name)[panel.code]`` is True
        where the week holds a code of the set, and False in a week that is not observed.

        Args:
            name: Name of a state or of another set.

        Returns:
            Membership by code, shape (1001,).

        Raises:
            InputError: If the list has no set of that name.

        Examples:
            >>> load_code_list().lookup("kontanthjaelp")[np.array([730, 0, -1, 651])].tolist()
            [True, False, False, False]
        """
        table = np.zeros(CODES_END + 1, dtype=np.bool_)
        table[sorted(self.members(name))] = True
        return table


def load_code_list(overlay: Path | None = None) -> CodeList:
    """Load the shipped list of DREAM codes, with a trial's overlay laid over it.

    An overlay has the form of the shipped file without its ``states``: it states its vintage and source, and its
    ``codes`` and ``sets`` are added or take the place of those of the same name. Ranges in a set stand for the
    codes known after the overlay.

    Args:
        overlay: TOML file of the trial, or None.

    Raises:
        InputError: If a file cannot be read as TOML or holds a key or type that the form does not know.
        InputError: If a code other than the blank week belongs to no state.
        InputError: If a set names a code that is not known.

    Examples:
        >>> codes = load_code_list()
        >>> codes.vintage, len(codes.known), 730 in codes.members("activity_ready")
        ('2015-11', 131, True)
    """
    shipped = resources.files("ctieval.registers").joinpath("codelists", SHIPPED).read_text(encoding="utf-8")
    base = _parse(shipped, SHIPPED)
    _check_keys(base, SHIPPED, required={"vintage": str, "source": dict, "codes": dict, "sets": dict, "states": dict})
    states, sets = _table(base, "states", SHIPPED), _table(base, "sets", SHIPPED)
    codes = _read_codes(base, SHIPPED)
    vintage = str(base["vintage"])
    where = SHIPPED
    if overlay is not None:
        where = overlay.name
        own = _parse(_read_text(overlay), where)
        _check_keys(own, where, required={"vintage": str, "source": dict}, optional={"codes": dict, "sets": dict})
        codes |= _read_codes(own, where)
        sets = {**sets, **_table(own, "sets", where)}
        vintage = f"{vintage} + {own['vintage']}"
    entries = tuple(codes[code] for code in sorted(codes))
    return CodeList(
        vintage=vintage,
        source=_read_source(base, SHIPPED),
        codes=entries,
        sets=_read_states(states, entries) + _read_sets(sets, entries, where),
    )


def _read_text(path: Path) -> str:
    """Text of the overlay."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise _broken(path.name, "a file that cannot be read", "a TOML file in UTF-8") from None


def _parse(text: str, where: str) -> _Table:
    """Tables of a TOML text; a code that stands twice does not parse."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise _broken(where, str(cause), "TOML in which every code and set stands once") from None


def _read_codes(tables: _Table, where: str) -> dict[int, RegisterCode]:
    """Every code of one file, each with the file's source."""
    source = _read_source(tables, where)
    entries = (_read_code(key, tables, where, source) for key in _table(tables, "codes", where))
    return {entry.code: entry for entry in entries}


def _read_code(key: str, tables: _Table, where: str, source: Source) -> RegisterCode:
    """One code."""
    place = f"{where}, codes.{key}"
    entry = _table(_table(tables, "codes", where), key, where)
    if not (key.isascii() and key.isdigit() and len(key) <= 3 and key == str(int(key))):
        raise _broken(place, "a key that is not a code", "a code from 0 to 999 in quotation marks")
    _check_keys(entry, place, required=_CODE, optional={"state": str})
    stated = entry.get("state")
    if stated not in ((None,) if int(key) == BLANK else _CODE_STATES):
        raise _broken(place, f"the state {stated}", f"one of {', '.join(_CODE_STATES)}; none for the blank week")
    return RegisterCode(
        code=int(key),
        name=str(entry["name"]),
        group=str(entry["group"]),
        activity=str(entry["activity"]),
        counts_to_duration=bool(entry["counts_to_duration"]),
        resets_duration=bool(entry["resets_duration"]),
        state=None if stated is None else State(stated),
        source=source,
    )


def _read_states(tables: _Table, entries: tuple[RegisterCode, ...]) -> tuple[CodeSet, ...]:
    """One set a state, made of the codes that name it."""
    return tuple(
        _read_set(
            name,
            _table(tables, name, SHIPPED),
            f"{SHIPPED}, states.{name}",
            frozenset(entry.code for entry in entries if entry.state == name),
        )
        for name in tables
    )


def _read_sets(tables: _Table, entries: tuple[RegisterCode, ...], where: str) -> tuple[CodeSet, ...]:
    """The sets that list their codes, or take them from a mark, with codes added and left out."""
    sets: list[CodeSet] = []
    for name in tables:
        form, place = dict(_table(tables, name, where)), f"{where}, sets.{name}"
        listed, mark = form.pop("codes", None), form.pop("marked", None)
        added, left_out = (_ranges(form.pop(key, []), entries, place) for key in ("added", "left_out"))
        if (listed is None) == (mark is None) or name in _CODE_STATES:
            raise _broken(place, "a set that cannot be told", "codes or marked, one of them, and no state's name")
        codes = _ranges(listed, entries, place) if mark is None else _marked(mark, entries, place)
        sets.append(_read_set(name, form, place, (codes | added) - left_out))
    return tuple(sets)


def _read_set(name: str, form: _Table, place: str, codes: frozenset[int]) -> CodeSet:
    """One set, its codes being known."""
    _check_keys(form, place, required=_SET)
    if form["basis"] not in list(Basis):
        raise _broken(place, f"the basis {form['basis']}", f"one of {', '.join(Basis)}")
    return CodeSet(name=name, basis=Basis(form["basis"]), description=str(form["description"]), codes=codes)


def _ranges(listed: object, entries: tuple[RegisterCode, ...], place: str) -> frozenset[int]:
    """Known codes of a list of codes and ranges, such as ``["152", "730-739"]``."""
    codes: set[int] = set()
    for item in cast("list[object]", listed) if isinstance(listed, list) else [listed]:
        ends = str(item).split("-")
        if not isinstance(item, str) or len(ends) > 2 or not all(end.isascii() and end.isdigit() for end in ends):
            raise _broken(place, "something else than codes", 'a list such as ["152", "730-739"]')
        found = {entry.code for entry in entries if int(ends[0]) <= entry.code <= int(ends[-1])}
        if not found:
            raise _broken(place, f"{item}, which holds no known code", "codes that stand in the list")
        codes |= found
    return frozenset(codes)


def _marked(mark: object, entries: tuple[RegisterCode, ...], place: str) -> frozenset[int]:
    """Known codes that carry a mark."""
    if mark not in _MARKS:
        raise _broken(place, f"the mark {mark}", f"one of {', '.join(_MARKS)}")
    return frozenset(entry.code for entry in entries if getattr(entry, str(mark)))


def _read_source(tables: _Table, where: str) -> Source:
    """The source of one file."""
    form, place = _table(tables, "source", where), f"{where}, source"
    _check_keys(form, place, required=_SOURCE, optional={"secondary": bool, "simulated": bool})
    return Source(
        title=str(form["title"]),
        section=str(form["section"]),
        href=str(form["href"]),
        retrieved=cast("date", form["retrieved"]),
        secondary=bool(form.get("secondary", False)),
        simulated=bool(form.get("simulated", False)),
    )


def _table(tables: _Table, key: str, where: str) -> _Table:
    """A table within a table, empty where there is none."""
    table = tables.get(key, {})
    if not isinstance(table, dict):
        place = f"{where}, {key}"
        raise _broken(place, "a value", "a table")
    return cast("_Table", table)


def _check_keys(
    form: _Table, where: str, *, required: Mapping[str, type], optional: Mapping[str, type] | None = None
) -> None:
    """Refuse a table with a key too few, a key too many, or a value of another type."""
    known = {**required, **(optional or {})}
    if not set(required) <= set(form) <= set(known):
        raise _broken(where, f"the keys {', '.join(sorted(form)) or 'of no entry'}", f"the keys {', '.join(known)}")
    for key, value in form.items():
        if type(value) is not known[key]:
            place = f"{where}.{key}"
            raise _broken(place, f"a {type(value).__name__}", f"a {known[key].__name__}")


def _broken(where: str, found: str, expected: str) -> InputError:
    """The error of a code list that breaks its form."""
    return InputError(
        what="the code list cannot be read",
        where=where,
        found=found,
        expected=expected,
        do="mend the file after the form of dream_2015.toml",
    )
