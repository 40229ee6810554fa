"""Reads rate files: every key known, every value sourced, every date in order. Nothing is looked up here."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias, TypeVar, cast

from ctieval.domain.source import Source
from ctieval.domain.units import RateUnit
from ctieval.errors import RateError
from ctieval.rates.benefit import Benefit, BenefitTable, Financing
from ctieval.rates.rate import Abolition, Amount, DatedValue, Payer, Rate, Schedule, Step

_Table: TypeAlias = Mapping[str, object]
_Choice = TypeVar("_Choice", bound=StrEnum)

ABOLISHED = "none"
TO_FILL_IN = "?"
_NUMBER = (int, float)
_SHARES = frozenset({RateUnit.SHARE, RateUnit.SHARE_PER_YEAR})
_SOURCE = {"title": (str,), "section": (str,), "href": (str,), "retrieved": (date,)}
_MARKS = {"secondary": (bool,), "simulated": (bool,)}


def read_rate(text: str, file: str) -> Rate:
    """Read one rate from its file.

    Args:
        text: The TOML text.
        file: Name of the file, whose stem is the name of the rate.

    Raises:
        RateError: If the text is not TOML, or the name is not the stem of the file.
        RateError: If a key is unknown, missing or of another type, at any depth; so no value goes unsourced.
        RateError: If values do not rise, overlap, or leave a gap, or one starts after its ``valid_through``.
        RateError: If something is still to be filled in: the place keeper ``?``, or a source without a title.
        RateError: If an amount is negative or not finite, or a share is over 1.
        RateError: If steps do not rise.
    """
    form = _parse(text, file)
    _check_keys(
        form,
        file,
        required={"name": (str,), "description": (str,), "unit": (str,), "value": (list,)},
        optional={"payer": (str,)},
    )
    name = str(form["name"])
    if f"{name}.toml" != file:
        raise _broken(file, f"the name {name}", f"the name of the file without its ending: {file[:-5]}")
    unit = _choice(RateUnit, form["unit"], f"{file}, unit")
    values = tuple(
        _read_value(each, unit, f"{file}, value[{number}]")
        for number, each in enumerate(cast("list[object]", form["value"]), start=1)
    )
    _check_days(values, file)
    return Rate(
        name=name,
        description=str(form["description"]),
        unit=unit,
        payer=_choice(Payer, form["payer"], f"{file}, payer") if "payer" in form else None,
        values=values,
    )


def read_benefits(text: str, file: str, base: BenefitTable | None = None) -> BenefitTable:
    """Read which benefit each register code stands for, laid over a table where one is given.

    A benefit of the same name takes the place of the one in ``base``, and ``without_benefit``, where the text
    holds it, that of the list there.

    Args:
        text: The TOML text.
        file: Name of the file.
        base: The table that this one overlays, or None; then ``without_benefit`` must stand in the text.

    Raises:
        RateError: If the text is not TOML, or a key is unknown, missing or of another type.
        RateError: If a code stands in two places.
    """
    form = _parse(text, file)
    without = {"without_benefit": (list,)}
    _check_keys(
        form,
        file,
        required=without if base is None else {},
        optional={"benefit": (list,)} if base is None else {**without, "benefit": (list,)},
    )
    entries = cast("list[object]", form.get("benefit", []))
    read = [_read_benefit(each, f"{file}, benefit[{number}]") for number, each in enumerate(entries, start=1)]
    named = {benefit.name: benefit for benefit in (*(base.benefits if base else ()), *read)}
    table = BenefitTable(
        benefits=tuple(named.values()),
        without_benefit=(
            _codes(form["without_benefit"], f"{file}, without_benefit")
            if base is None or "without_benefit" in form
            else base.without_benefit
        ),
    )
    _check_disjoint(table, file)
    return table


def _parse(text: str, file: str) -> _Table:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise _broken(file, str(cause), "TOML, in which a key stands once and a day exists") from None


def _read_value(entry: object, unit: RateUnit, where: str) -> DatedValue:
    """One dated value: an amount, a schedule, or the abolition of the rate."""
    form = _as_table(entry, where)
    abolished, stepped = form.get("amount") == ABOLISHED, "steps" in form
    kind = {"steps": (list,)} if stepped else {"amount": (*_NUMBER, str)}
    until = {} if abolished else {"valid_through": (date,)}
    _check_keys(form, where, required={"from": (date,), **until, **kind, "source": (dict,)})
    in_force = cast("date", form["from"])
    source = _read_source(form["source"], f"{where}.source")
    if abolished:
        return Abolition(in_force, source)
    valid_through = cast("date", form["valid_through"])
    if valid_through < in_force:
        raise _broken(f"{where}.valid_through", valid_through.isoformat(), f"{in_force.isoformat()} or later")
    if stepped:
        return Schedule(in_force, valid_through, _read_steps(form["steps"], unit, f"{where}.steps"), source)
    return Amount(in_force, valid_through, _number(form["amount"], unit, f"{where}.amount"), source)


def _read_steps(entries: object, unit: RateUnit, where: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    for number, entry in enumerate(cast("list[object]", entries), start=1):
        place = f"{where}[{number}]"
        form = _as_table(entry, place)
        _check_keys(form, place, required={"start": (int,), "amount": _NUMBER})
        steps.append(Step(cast("int", form["start"]), _number(form["amount"], unit, f"{place}.amount")))
    if not steps or any(later.start <= former.start for former, later in pairwise(steps)):
        raise _broken(where, f"steps that start at {[step.start for step in steps]}", "at least one step, rising")
    return tuple(steps)


def _read_benefit(entry: object, where: str) -> Benefit:
    form = _as_table(entry, where)
    texts = ("name", "description", "provider", "other", "financing")
    _check_keys(form, where, required={**dict.fromkeys(texts, (str,)), "codes": (list,), "source": (dict,)})
    return Benefit(
        name=str(form["name"]),
        description=str(form["description"]),
        codes=_codes(form["codes"], f"{where}.codes"),
        provider=str(form["provider"]),
        other=str(form["other"]),
        financing=_choice(Financing, form["financing"], f"{where}.financing"),
        source=_read_source(form["source"], f"{where}.source"),
    )


def _read_source(entry: object, where: str) -> Source:
    form = _as_table(entry, where)
    _check_keys(form, where, required=_SOURCE, optional=_MARKS)
    if not str(form["title"]).strip():
        raise _broken(f"{where}.title", "nothing", "the title of the document that proves the value")
    return Source(
        title=str(form["title"]),
        section=str(form["section"]),
        href=str(form["href"]),
        retrieved=cast("date", form["retrieved"]),
        secondary=bool(form.get("secondary", False)),
        simulated=bool(form.get("simulated", False)),
    )


def _codes(entries: object, where: str) -> frozenset[int]:
    """Register codes of a list of codes and ranges, such as ``["771", "730-739"]``."""
    codes: set[int] = set()
    for entry in cast("list[object]", entries):
        ends = str(entry).split("-")
        if not isinstance(entry, str) or len(ends) > 2 or not all(e.isascii() and e.isdigit() for e in ends):
            raise _broken(where, "an entry that is no code", 'a list such as ["771", "730-739"]')
        codes |= set(range(int(ends[0]), int(ends[-1]) + 1))
    return frozenset(codes)


def _number(found: object, unit: RateUnit, where: str) -> float:
    """Check an amount."""
    amount = float(found) if isinstance(found, _NUMBER) else math.nan
    highest = 1.0 if unit in _SHARES else math.inf
    if not (math.isfinite(amount) and 0 <= amount <= highest):
        raise _broken(where, f"{found}", f"a number from 0 to {highest:g}" + f', or "{ABOLISHED}"')
    return amount


def _choice(choices: type[_Choice], found: object, where: str) -> _Choice:
    """Take a word out of a closed list."""
    if found not in list(choices):
        raise _broken(where, f"{found}", f"one of {', '.join(choices)}")
    return choices(str(found))


def _check_days(values: tuple[DatedValue, ...], file: str) -> None:
    """Refuse values that do not rise, that overlap, or that leave a gap; an abolition lasts until the next value."""
    if not values:
        raise _broken(file, "no value", "at least one [[value]] with its source")
    for number, (former, later) in enumerate(pairwise(values), start=2):
        where = f"{file}, value[{number}].from"
        day, before = later.in_force.isoformat(), former.in_force.isoformat()
        if later.in_force == former.in_force:
            raise _broken(where, f"{day} twice", "one value a day")
        if later.in_force < former.in_force:
            raise _broken(where, f"{day} after {before}", "rising days")
        if isinstance(former, Abolition):
            continue
        follows = former.valid_through + timedelta(days=1)
        if later.in_force != follows:
            kind = "an overlap" if later.in_force < follows else "a gap"
            found = f"{day}, {kind}: the value before it is valid through {former.valid_through.isoformat()}"
            raise _broken(where, found, follows.isoformat())


def _check_disjoint(table: BenefitTable, file: str) -> None:
    owner: dict[int, str] = dict.fromkeys(table.without_benefit, "without_benefit")
    for benefit in table.benefits:
        for code in sorted(benefit.codes):
            if code in owner:
                raise _broken(file, f"the code {code} in {owner[code]} and in {benefit.name}", "each code once")
            owner[code] = benefit.name


def _as_table(entry: object, where: str) -> _Table:
    if not isinstance(entry, dict):
        raise _broken(where, f"a {type(entry).__name__}", "a table")
    return cast("_Table", entry)


def _check_keys(
    form: _Table,
    where: str,
    *,
    required: Mapping[str, tuple[type, ...]],
    optional: Mapping[str, tuple[type, ...]] | None = None,
) -> None:
    """Refuse a table with a key too few or too many, or with a value of another type."""
    known = {**required, **(optional or {})}
    unknown, missing = sorted(set(form) - set(known)), sorted(set(required) - set(form))
    if unknown:
        raise _broken(where, f"the unknown key {_listed(unknown)}", f"no other keys than {_listed(known)}")
    if missing:
        raise _broken(where, f"no key {_listed(missing)}", f"the keys {_listed(required)}")
    for key, value in form.items():
        if value == TO_FILL_IN:
            raise _broken(f"{where}.{key}", f'"{TO_FILL_IN}", still to be filled in', "what stands in the source")
        if type(value) not in known[key]:
            kinds = " or ".join(kind.__name__ for kind in known[key])
            raise _broken(f"{where}.{key}", f"a {type(value).__name__}", f"a {kinds}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _broken(where: str, found: str, expected: str) -> RateError:
    return RateError(
        what="a rate file cannot be read",
        where=where,
        found=found,
        expected=expected,
        do="mend the file after the form of the shipped rates",
    )
