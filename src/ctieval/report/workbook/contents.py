"""The first sheet: what the workbook is, and a link to every other sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ctieval.report.cells import ABSENT, HIDDEN
from ctieval.report.model import Figure, Table
from ctieval.report.printed import cover_lines
from ctieval.report.workbook.sheet import A4, SheetWriter, fit_row

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_WIDTHS: Final = (24, 76)
_FIRST_LINE: Final = 4


def write_contents(sheet: Worksheet, blocks: list[Table | Figure], writer: SheetWriter) -> None:
    """Write the first sheet: title, cover, how the cells are read, then a line for each figure and table."""
    meta, words, look = writer.numbered.report.meta, writer.words, writer.looks.get
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, writer.plain(meta.title), look("title"))
    sheet.write_string(1, 0, words.text("workbook.title"), look("body"))
    sheet.write_string(2, 0, writer.plain(meta.warning), look("warning"))
    marks = words.text("workbook.marks", hidden=HIDDEN.value, absent=ABSENT.value)
    lines = (*cover_lines(meta, words), (words.text("workbook.reading"), marks))
    for place, (name, value) in enumerate(lines, start=_FIRST_LINE):
        sheet.write_string(place, 0, name, look("body"))
        sheet.write_string(place, 1, writer.plain(value), look("text"))
        fit_row(sheet, place, [(value, _WIDTHS[1])])
    _write_list(sheet, _FIRST_LINE + len(lines) + 1, blocks, writer)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def _write_list(sheet: Worksheet, first: int, blocks: list[Table | Figure], writer: SheetWriter) -> None:
    sheet.write_string(first, 0, writer.words.text("workbook.sheet"), writer.looks.get("head"))
    sheet.write_string(first, 1, writer.words.text("workbook.content"), writer.looks.get("head"))
    for place, block in enumerate(blocks, start=first + 1):
        name = writer.name(block)
        sheet.write_url(place, 0, f"internal:'{name}'!A1", writer.looks.get("link"), name)
        sheet.write_string(place, 1, writer.plain(block.caption), writer.looks.get("text"))
