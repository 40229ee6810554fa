"""Excel workbooks: the cells of the first sheet, and what became of formulas; no formula is ever calculated.

A cell with a formula is read as the value that the spreadsheet program saved beside it. Where a program wrote the
formula and saved no value, nobody can say what the cell holds, and the workbook is refused.
"""

from __future__ import annotations

import io
import warnings
from typing import Any

import numpy as np
import numpy.typing as npt
import openpyxl
import pandas as pd

from ctieval.errors import InputError
from ctieval.registers.headings import set_headings

_FORMULA = "f"
_NOTHING_SAVED = "n"


def read_workbook(content: bytes, name: str) -> tuple[pd.DataFrame, str]:
    """Read the cells of the first sheet of a workbook under the headings of its first row.

    Args:
        content: The bytes of the file.
        name: Name of the file, for errors.

    Returns:
        The table, its cells of any type, and what was recognised.

    Raises:
        InputError: If the file is no workbook, or holds a formula without a saved value; if
            ``headings.set_headings`` refuses the rows.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            values, kinds, n_sheets = _first_sheet(content, data_only=True)
            formulas = _first_sheet(content, data_only=False)[1] == _FORMULA
    except Exception:  # noqa: BLE001 - a damaged file makes its reader raise anything
        raise InputError(
            what="the file cannot be read as an Excel workbook",
            where=name,
            found="a file that is damaged, protected by a password, or of another kind",
            expected="a workbook saved as .xlsx",
            do="open it in Excel and save it again as .xlsx without a password",
        ) from None
    _check_formulas(formulas & pd.isna(values) & (kinds == _NOTHING_SAVED), name)
    sheets = "" if n_sheets == 1 else f", first of {n_sheets} sheets"
    saved = ", formulas read as their saved values" if formulas.any() else ""
    return set_headings(pd.DataFrame(values, dtype=object), name + sheets), f"Excel{sheets}{saved}"


def _first_sheet(content: bytes, *, data_only: bool) -> tuple[npt.NDArray[Any], npt.NDArray[Any], int]:
    """Return values and kinds of the cells of the first sheet, shape (rows, columns), and the number of sheets."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    rows = [[(cell.value, cell.data_type) for cell in row] for row in sheet.rows]
    cells = np.full((len(rows), max(map(len, rows), default=0), 2), np.nan, dtype=object)
    for position, row in enumerate(rows):
        for column, (value, kind) in enumerate(row):
            cells[position, column] = (np.nan if value is None else value, kind)
    book.close()
    return cells[..., 0], cells[..., 1], len(book.worksheets)


def _check_formulas(unsaved: npt.NDArray[np.bool_], name: str) -> None:
    """Refuse a workbook with formulas beside which no value was saved."""
    if unsaved.any():
        row, column = (int(position) + 1 for position in np.argwhere(unsaved)[0])
        raise InputError(
            what="the workbook holds formulas without saved values",
            where=f"{name}, first sheet, first in row {row}, column {column}",
            found=f"{int(unsaved.sum())} such {'cell' if unsaved.sum() == 1 else 'cells'}; formulas are not calculated",
            expected="values, or formulas saved with their values by a spreadsheet program",
            do="open the workbook in Excel, save it and try again, or paste the cells as values",
        )
