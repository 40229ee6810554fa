"""Renders a report as a workbook: a sheet for each figure and table, with the numbers as they are published."""

from __future__ import annotations

import io
from dataclasses import asdict
from typing import Final

from ctieval.report.catalogue import load_catalogue
from ctieval.report.model import Figure, Report, Table
from ctieval.report.properties import to_properties
from ctieval.report.resolve import resolve, walk
from ctieval.report.workbook.contents import write_contents
from ctieval.report.workbook.looks import Looks
from ctieval.report.workbook.sheet import SheetWriter

_AS_TEXT: Final = {
    "in_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}


def render_xlsx(report: Report) -> bytes:
    """Render a report as a workbook.

    The first sheet lists the others. Numbers are numbers, rounded as they are printed; an interval stands in two
    columns; whatever a user wrote is text, never a formula. The same report gives the same bytes.

    Raises:
        ValueError: If an id stands twice, or a text refers to what is not there (``resolve``).
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 (only this format needs it)

    numbered, words = resolve(report), load_catalogue(report.meta.lang)
    blocks = [b for section in walk(report.sections) for b in section.blocks if isinstance(b, Figure | Table)]
    out = io.BytesIO()
    with Workbook(out, _AS_TEXT) as book:
        book.set_properties(asdict(to_properties(report.meta)))
        writer = SheetWriter(numbered, words, Looks(book))
        write_contents(book.add_worksheet(words.text("label.contents")), blocks, writer)
        for block in blocks:
            writer.write(book.add_worksheet(writer.name(block)), block)
    return out.getvalue()
