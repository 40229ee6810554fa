"""Reads what is known of a public claim from its file; what follows from it is reckoned elsewhere."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from ctieval.domain.claim import Background, Basis, Claim, Known, Standing
from ctieval.domain.source import Source
from ctieval.errors import InputError, ProtocolError
from ctieval.protocol.lines import to_key_lines
from ctieval.protocol.table_reader import TableReader

FORM = "claim.toml"
EXAMPLE = "claim-broendby.toml"
_SHARE, _AMOUNT, _WEEK = (0.0, 1.0), (0.0, sys.float_info.max), (1.0, sys.float_info.max)
_SECTIONS = {
    "counterfactual": {"would_have_left": _SHARE},
    "ladder": {"week": _WEEK},
    "programme": {"cost": _AMOUNT},
    "tax": {"municipal": _SHARE, "average": _SHARE},
}
_STATED = {
    Background.SELF_SUPPORTING: _SHARE,
    Background.PARTICIPANTS: _AMOUNT,
    Background.PERIOD_MONTHS: _AMOUNT,
}


class _ClaimReader(TableReader):
    """A reader that speaks of the claim, where that of a plan speaks of the plan."""

    def error(self, key: str, *, what: str, found: str, expected: str, do: str) -> ProtocolError:
        what, do = (text.replace("the plan", "the claim") for text in (what, do))
        return super().error(key, what=what, found=found, expected=expected, do=do)

    def take(self, key: str) -> _ClaimReader:
        """Return a reader of the same kind over a table inside this one."""
        inner = self.table(key)
        assert isinstance(inner, _ClaimReader)  # noqa: S101  (a table inside is read as this one is)
        return inner

    def span(self, key: str, bounds: tuple[float, float]) -> tuple[float, float]:
        """Return a number within its bounds, or a range written ``[lowest, highest]``."""
        least, most = bounds
        expected = f"a number of at least {least:g}" + (f" and at most {most:g}" if most < sys.float_info.max else "")
        value = self._take(key, expected, None)
        ends: list[object] = list(value) if isinstance(value, list) else [value, value]
        numbers = [float(end) for end in ends if isinstance(end, int | float) and not isinstance(end, bool)]
        if len(numbers) != 2 or len(ends) != 2 or not least <= numbers[0] <= numbers[1] <= most:
            raise self._wrong_kind(key, value, f"{expected}; or a range [lowest, highest]")
        return numbers[0], numbers[1]


def load_claim(path: Path) -> Claim:
    """Load a claim from its file, strictly.

    Args:
        path: A TOML file as ``write_claim_form`` writes it.

    Returns:
        The claim; what the file does not hold is None.

    Raises:
        InputError: If there is no such file, or it is not UTF-8.
        ProtocolError: If the file is no TOML, or a key is unknown, missing, of the wrong kind or out of its bounds.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise _no_file(path) from None
    return _read(text, path.name)


def load_example() -> Claim:
    """Load the shipped example, a claim that was made in public.

    Examples:
        >>> load_example().saving.low
        3800000.0
    """
    return _read(resources.files("ctieval.protocol").joinpath("forms", EXAMPLE).read_text(encoding="utf-8"), EXAMPLE)


def write_claim_form(path: Path, *, form: str = FORM) -> Path:
    """Write a file to fill in, or the shipped example; no file is ever replaced.

    Args:
        path: The new file.
        form: Which of the two.

    Raises:
        InputError: If the file is there already.
    """
    if path.exists():
        raise InputError(
            what="the file is there already",
            where=path.name,
            found="a file of that name",
            expected="a new file",
            do="choose another name, or move the file away; nothing was written",
        )
    path.write_bytes(resources.files("ctieval.protocol").joinpath("forms", form).read_bytes())
    return path


def _read(text: str, file: str) -> Claim:
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(file, str(error)) from None
    top = _ClaimReader(values, file=file, name="", lines=to_key_lines(text))
    own = top.take("claim")
    source = _read_source(own)
    background = {} if not top.has("background") else _read_background(top.take("background"), source)
    found = {name: _read_section(top.take(name), keys) for name, keys in _SECTIONS.items() if top.has(name)}
    tax = found.get("tax", {})
    claim = Claim(
        title=own.label("title"),
        on=own.day("on"),
        saving=Known(*own.span("saving", _AMOUNT), Standing.STATED, source),
        basis=own.choice("basis", Basis),
        control_group=background.get(Background.CONTROL_GROUP),
        would_have_left=found.get("counterfactual", {}).get("would_have_left"),
        ladder_week=found.get("ladder", {}).get("week"),
        programme_cost=found.get("programme", {}).get("cost"),
        municipal_tax=tax.get("municipal"),
        average_tax=tax.get("average"),
        background=tuple((each, background[each]) for each in _STATED if each in background),
    )
    own.finish()
    top.finish()
    return claim


def _read_source(table: _ClaimReader) -> Source:
    inner = table.take("source")
    source = Source(
        title=inner.text("title"),
        section=inner.text("section", ""),
        href=inner.text("href", ""),
        retrieved=inner.day("retrieved"),
        secondary=inner.flag("secondary", default=False),
        simulated=inner.flag("illustrative", default=False),
    )
    inner.finish()
    return source


def _read_background(table: _ClaimReader, source: Source) -> dict[Background, Known]:
    """Read what the claim states beside its amount; a control group is 1, and none is 0."""
    found = {
        each: Known(*table.span(each.value, bounds), Standing.STATED, source)
        for each, bounds in _STATED.items()
        if table.has(each.value)
    }
    if table.has(Background.CONTROL_GROUP.value):
        group = float(table.flag(Background.CONTROL_GROUP.value, default=False))
        found[Background.CONTROL_GROUP] = Known(group, group, Standing.STATED, source)
    table.finish()
    return found


def _read_section(table: _ClaimReader, keys: Mapping[str, tuple[float, float]]) -> dict[str, Known]:
    """Read the numbers of one section; without a source of its own they are somebody's word."""
    source = _read_source(table) if table.has("source") else None
    standing = Standing.GIVEN if source is None else Standing.SOURCED
    if source is not None and source.simulated:
        standing = Standing.ILLUSTRATIVE
    found = {key: Known(*table.span(key, bounds), standing, source) for key, bounds in keys.items() if table.has(key)}
    table.finish()
    return found


def _no_file(path: Path) -> InputError:
    return InputError(
        what="the claim cannot be read",
        where=path.name,
        found="no file of that name, or one that is not UTF-8",
        expected="a TOML file",
        do="correct the name, or write a file to fill in with: ctieval claim template FILE",
    )


def _not_toml(file: str, reason: str) -> ProtocolError:
    return ProtocolError(
        file=file,
        key="the whole file",
        line=None,
        what="the claim is not TOML",
        found=reason,
        expected="a TOML file",
        do="correct the line; texts stand in quotes, and numbers without dots between thousands",
    )
