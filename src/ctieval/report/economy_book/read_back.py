"""Reads the assumptions of a workbook that somebody has changed back, and refuses what is no assumption."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias

from ctieval.domain.cost_benefit import CostBenefit
from ctieval.errors import InputError
from ctieval.report.economy_book.assumptions import Assumption, gather_assumptions
from ctieval.report.economy_book.inputs_sheet import KEY_COLUMN, VALUE_COLUMN
from ctieval.report.economy_book.page import FIRST_ROW
from ctieval.report.texts import read_texts

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_Cell: TypeAlias = "Cell | MergedCell"
_SHEET = "economy_book.sheet.assumptions"


@dataclass(frozen=True, slots=True)
class ChangedAssumption:
    """One assumption that somebody has changed.

    Attributes:
        key: Its key.
        original: The value that the engine reckoned with.
        value: The value in the workbook.
    """

    key: str
    original: float
    value: float


def read_assumptions(path: Path, account: CostBenefit) -> tuple[ChangedAssumption, ...]:
    """Read what was changed on the sheet of the assumptions, by the account that the workbook was written from.

    Nothing but keys and values is read: limits, sources and the values of the analysis come from the account, whatever
    the file says of them.

    Args:
        path: The workbook.
        account: The account after disclosure control, with its quantities.

    Returns:
        The assumptions whose value is another, in the order of the account.

    Raises:
        InputError: If the file is no workbook, or has no sheet of assumptions.
        InputError: If a key is unknown, stands twice, or is missing.
        InputError: If a value is a formula, no number, or beyond its limits.
    """
    found = dict(_read(path))
    known = () if account.quantities is None else gather_assumptions(account, account.quantities)
    originals = {each.key: each for each in known}
    lacking = [key for key in originals if key not in found]
    if lacking:
        _refuse(path, "the sheet of the assumptions", f"{len(lacking)} keys that are not there", "every key")
    changed: list[ChangedAssumption] = []
    for key, cell in found.items():
        if key not in originals:
            where = _where(cell)
            _refuse(path, where, "a key that the account does not have", "the keys as they were written")
        value = _to_number(path, cell, originals[key])
        if value != originals[key].value:
            changed.append(ChangedAssumption(key, originals[key].value, value))
    order = {key: place for place, key in enumerate(originals)}
    return tuple(sorted(changed, key=lambda each: order[each.key]))


def _read(path: Path) -> Iterator[tuple[str, _Cell]]:
    """Yield every key with the cell of its value."""
    seen: set[str] = set()
    for row in _open(path).iter_rows(min_row=FIRST_ROW + 1, max_col=VALUE_COLUMN + 1):
        key = row[KEY_COLUMN].value
        if key is None:
            continue
        if str(key) in seen:
            _refuse(path, _where(row[KEY_COLUMN]), "a key that stands twice", "each key once")
        seen.add(str(key))
        yield str(key), row[VALUE_COLUMN]


def _open(path: Path) -> Worksheet:
    from openpyxl import load_workbook  # noqa: PLC0415 (only this format needs it)
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = load_workbook(path, data_only=False)
    except (OSError, InvalidFileException, zipfile.BadZipFile, KeyError, ValueError):
        _refuse(path, "the file", "something else than a workbook", "the workbook of the economy, saved as .xlsx")
    names = {read_texts(lang)[_SHEET] for lang in ("da", "en")}
    sheet = next((each for each in book.worksheets if each.title in names), None)
    if sheet is None:
        _refuse(path, "the sheets", "no sheet of assumptions", " or ".join(sorted(names)))
    return sheet


def _to_number(path: Path, cell: _Cell, known: Assumption) -> float:
    value = cell.value
    if cell.data_type == "f":
        _refuse(path, _where(cell), "a formula", "a number: write what the formula comes to")
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse(path, _where(cell), "no number" if value is not None else "an empty cell", "a number")
    if not math.isfinite(value) or not known.low <= value <= known.high:
        expected = f"a number from {known.low:g} to {known.high:g} for {known.key}"
        _refuse(path, _where(cell), "a number beyond the limits", expected)
    return float(value)


def _where(cell: _Cell) -> str:
    return f"cell {cell.coordinate} of the sheet of the assumptions"


def _refuse(path: Path, where: str, found: str, expected: str) -> NoReturn:
    raise InputError(
        what="the assumptions cannot be read back",
        where=f"{path.name}, {where}",
        found=found,
        expected=expected,
        do="change nothing but the coloured cells of the workbook that ctieval wrote",
    ) from None
