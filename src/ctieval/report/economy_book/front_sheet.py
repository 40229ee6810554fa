"""The first sheet: what the workbook is, how it is read and changed, and a link to every other sheet."""

from __future__ import annotations

from ctieval.report.economy_book.desk import SHEETS, Desk
from ctieval.report.economy_book.page import Page
from ctieval.report.workbook.sheet import fit_row
from ctieval.report.xml_text import xml_text

_POINTS = ("about", "follow", "change", "rerun", "locked", "services", "small", "read_back")
_WIDTHS = (24, 104)


def write_front(desk: Desk) -> None:
    """Write the first sheet."""
    page, meta = desk.pages["readme"], desk.meta
    sheet = page.sheet
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    sheet.write_string(0, 0, xml_text(desk.text("title.readme")), page.looks.get("title"))
    sheet.write_string(1, 0, xml_text(meta.title), page.looks.get("caption"))
    sheet.write_string(2, 0, xml_text(meta.warning), page.looks.get("warning"))
    row = 4
    for key in _POINTS:
        page.text(row, 0, desk.text(f"readme.{key}.head"), "group")
        _write_long(page, row, desk.text(f"readme.{key}.text"))
        row += 1
    row += 1
    page.heads(row, desk.heads("sheet", "content"), numbers=range(0))
    for place, key in enumerate(SHEETS[1:], start=row + 1):
        name = desk.pages[key].name
        sheet.write_url(place, 0, f"internal:'{name}'!A1", page.looks.get("link"), name)
        _write_long(page, place, desk.text(f"lead.{key}"))
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.protect("")


def _write_long(page: Page, row: int, text: str) -> None:
    page.text(row, 1, text, "text")
    fit_row(page.sheet, row, [(text, _WIDTHS[1])])
