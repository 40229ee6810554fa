"""One sheet of the workbook of the account: what is put in a cell, and how it is named elsewhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from ctieval.report.cells import ABSENT
from ctieval.report.economy_book.live import Live
from ctieval.report.workbook.looks import Looks
from ctieval.report.workbook.sheet import A4, fit_row
from ctieval.report.xml_text import xml_text

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

FIRST_ROW: Final = 4
_HEAD_ROW: Final = 3
_LEAD_SIGNS: Final = 110
_NAME_WIDTH: Final = 40
_WIDTH: Final = 16
_NARROW: Final = 13
_MANY: Final = 14
"""With more columns than these, each is narrow."""
_OPEN_ENDS: Final = {math.inf: "∞", -math.inf: "-∞"}


class Shown(StrEnum):
    """How a number is shown."""

    KR = "#,##0.00;-#,##0.00"
    QUANTITY = "#,##0.000000;-#,##0.000000"
    SHARE = "0.00%"
    FACTOR = "0.0000"
    WHOLE = "#,##0"


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet.

    Attributes:
        name: Its name.
        sheet: The sheet.
        looks: The formats of the workbook.
    """

    name: str
    sheet: Worksheet
    looks: Looks

    def open(
        self, title: str, lead: str, heads: Sequence[str], *, numbers: range | None = None, widths: Sequence[int] = ()
    ) -> None:
        """Write title, lead and heads, and set the page up; ``numbers`` are the columns that hold no text."""
        self.sheet.write_string(0, 0, xml_text(title), self.looks.get("title"))
        self.sheet.merge_range(1, 0, 1, max(len(heads), 6) - 1, "", self.looks.get("text"))
        self.sheet.write_string(1, 0, xml_text(lead), self.looks.get("text"))
        usual = [_NAME_WIDTH, *[_NARROW if len(heads) > _MANY else _WIDTH] * (len(heads) - 1)]
        for place, width in enumerate([*widths, *usual[len(widths) :]]):
            self.sheet.set_column(place, place, width)
        fit_row(self.sheet, 1, [(lead, _LEAD_SIGNS)])
        self.heads(_HEAD_ROW, heads, numbers=numbers)
        self.sheet.freeze_panes(FIRST_ROW, 1)
        self.sheet.repeat_rows(_HEAD_ROW)
        self.sheet.set_paper(A4)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_footer("&L&A&R&P / &N")
        self.sheet.hide_gridlines(2)
        self.sheet.protect("", {"format_columns": True, "format_rows": True})

    def heads(self, row: int, heads: Sequence[str], *, numbers: range | None = None) -> None:
        """Write a row of heads; where nothing is said, all columns but the first hold numbers."""
        right = range(1, len(heads)) if numbers is None else numbers
        for place, head in enumerate(heads):
            is_aside = bool(right) and place >= right.stop
            look = self.looks.get("aside_head" if is_aside else "head", right=place in right)
            self.sheet.write_string(row, place, xml_text(head), look)

    def text(self, row: int, column: int, text: str, look: str = "body") -> None:
        """Write a text; it is never a formula."""
        self.sheet.write_string(row, column, xml_text(text), self.looks.get(look))

    def number(self, row: int, column: int, value: float, shown: Shown, look: str = "body") -> Live:
        """Write a number that does not change, and return its cell; one that is not known is a dash."""
        form = self.looks.get(look, right=True, number_format=shown.value)
        if math.isfinite(value):
            self.sheet.write_number(row, column, value + 0.0, form)
        else:
            self.sheet.write_string(row, column, _OPEN_ENDS.get(value, ABSENT.value), form)
        return self.at(row, column, value)

    def formula(self, row: int, column: int, live: Live, shown: Shown, look: str = "body") -> Live:
        """Write a formula with its value, and return its cell."""
        form = self.looks.get(look, right=True, number_format=shown.value)
        self.sheet.write_formula(row, column, self._here(live.formula), form, live.value + 0.0)  # pyright: ignore[reportArgumentType] (its default is 0)
        return self.at(row, column, live.value)

    def told(self, row: int, column: int, formula: str, value: str, look: str = "aside") -> None:
        """Write a formula that gives a text."""
        self.sheet.write_formula(row, column, self._here(formula), self.looks.get(look), value)  # pyright: ignore[reportArgumentType]

    def at(self, row: int, column: int, value: float) -> Live:
        """Return a cell as it is named on other sheets."""
        from xlsxwriter.utility import xl_rowcol_to_cell  # noqa: PLC0415 (only this format needs it)

        return Live(f"{self._prefix}{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}", value)

    @property
    def _prefix(self) -> str:
        quoted = self.name.replace("'", "''")
        return f"'{quoted}'!"

    def _here(self, formula: str) -> str:
        """Name cells of this sheet without the sheet."""
        return f"={formula.replace(self._prefix, '')}"
