"""One sheet: the caption, the numbers behind a figure or in a table, and what the reader must know of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ctieval.report.catalogue import Catalogue
from ctieval.report.cells import Col, Kind, Row, RowRole
from ctieval.report.inline import spans
from ctieval.report.model import Figure, Table
from ctieval.report.printed import heading, is_number, reference_words
from ctieval.report.resolve import Numbered, target
from ctieval.report.workbook.intervals import split_intervals
from ctieval.report.workbook.looks import Looks
from ctieval.report.workbook.values import to_value
from ctieval.report.xml_text import xml_text

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

HEAD_ROW: Final = 3
FIRST_ROW: Final = 5
A4: Final = 9
_NOTE_WIDTH: Final = 90
_WIDTHS: Final = (9, 48)
_PLAIN_WIDTH: Final = 8.43
_SIGN_WIDTH: Final = 0.95
_LINE_POINTS: Final = 13.5


@dataclass(frozen=True, slots=True)
class SheetWriter:
    """Writes the sheets of one report.

    Attributes:
        numbered: The report with its numbers.
        words: The catalogue of its language.
        looks: The formats of the workbook.
    """

    numbered: Numbered
    words: Catalogue
    looks: Looks

    def name(self, block: Table | Figure) -> str:
        """Return the name of a sheet, such as ``Figur 1``: short, and no other's."""
        return xml_text(self.numbered.labels[target(block)].heading(self.words)).replace("\u00a0", " ")

    def plain(self, text: str) -> str:
        """Return a text with the words of its references and nothing bold."""
        return xml_text(
            "".join(
                reference_words(span.text, self.numbered, self.words) if span.is_reference else span.text
                for span in spans(text)
            )
        )

    def write(self, sheet: Worksheet, block: Table | Figure) -> None:
        """Write the sheet of a figure or a table."""
        columns, rows = split_intervals(block.columns, block.rows, self.words)
        contents = self.words.text("label.contents")
        sheet.write_string(0, 0, f"{self.name(block)}: {self.plain(block.caption)}", self.looks.get("caption"))
        sheet.write_url(1, 0, f"internal:'{contents}'!A1", self.looks.get("link"), contents)
        widths = tuple(self._widths(columns, rows))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        self._write_heads(sheet, columns)
        for place, row in enumerate(rows, start=FIRST_ROW):
            self._write_row(sheet, place, row, columns)
            if row.role is not RowRole.GROUP:
                told = (self.words.fmt.cell(cell, column) for cell, column in zip(row.cells, columns, strict=True))
                fit_row(sheet, place, zip(told, widths, strict=True))
        self._write_notes(sheet, block, FIRST_ROW + len(rows) + 1, widths)
        _lay_out(sheet)

    def _write_heads(self, sheet: Worksheet, columns: tuple[Col, ...]) -> None:
        for place, column in enumerate(columns):
            right = is_number(column)
            sheet.write_string(HEAD_ROW, place, self._head(column), self.looks.get("head", right=right))
            sheet.write_string(HEAD_ROW + 1, place, column.key, self.looks.get("name", right=right))

    def _head(self, column: Col) -> str:
        return self.plain(heading(column))

    def _write_row(self, sheet: Worksheet, place: int, row: Row, columns: tuple[Col, ...]) -> None:
        for at, (cell, column) in enumerate(zip(row.cells, columns, strict=row.role is not RowRole.GROUP)):
            value = to_value(cell, column, self.words.fmt)
            name = _look(row.role, at, column)
            look = self.looks.get(name, right=is_number(column), number_format=value.number_format)
            if isinstance(value.content, str):
                sheet.write_string(place, at, self.plain(value.content), look)
            else:
                sheet.write_number(place, at, value.content, look)

    def _widths(self, columns: tuple[Col, ...], rows: tuple[Row, ...]) -> Iterator[float]:
        """Yield widths in signs: as wide as the longest value and the longest word of the heading, within bounds."""
        least, most = _WIDTHS
        for at, column in enumerate(columns):
            told = (self.words.fmt.cell(row.cells[at], column) for row in rows if row.role is not RowRole.GROUP)
            longest = max((*map(len, told), *map(len, self._head(column).split(" ")), len(column.key)))
            yield min(most, max(least, longest + 3))

    def _write_notes(self, sheet: Worksheet, block: Table | Figure, first: int, widths: tuple[float, ...]) -> None:
        """Write note, number of persons and source under the table, each across some columns."""
        look = self.looks.get("note")
        spare = max(0, math.ceil((_NOTE_WIDTH - sum(widths)) / _PLAIN_WIDTH))
        signs = sum(widths) + spare * _PLAIN_WIDTH
        lines = (("note", block.note), ("persons", block.n_note), ("source", block.source))
        for place, (name, text) in enumerate([line for line in lines if line[1]], start=first):
            told = f"{self.words.text(f'label.{name}')}: {self.plain(text)}"
            if len(widths) + spare > 1:
                sheet.merge_range(place, 0, place, len(widths) + spare - 1, "", look)
            sheet.write_string(place, 0, told, look)
            fit_row(sheet, place, [(told, signs)])


def fit_row(sheet: Worksheet, place: int, told: Iterable[tuple[str, float]]) -> None:
    """Make a row as high as its longest text needs in the width of its column, in signs."""
    lines = max(math.ceil(_SIGN_WIDTH * len(text) / width) for text, width in told)
    if lines > 1:
        sheet.set_row(place, _LINE_POINTS * lines)


def _look(role: RowRole, at: int, column: Col) -> str:
    if role in (RowRole.GROUP, RowRole.TOTAL):
        return role.value
    if at == 0 and role is RowRole.SUB:
        return "sub"
    return "text" if column.kind is Kind.TEXT else "body"


def _lay_out(sheet: Worksheet) -> None:
    """Keep the headings in view, on the screen and on every printed page; a text of digits is meant as one."""
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    sheet.freeze_panes(FIRST_ROW, 1)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P / &N")
