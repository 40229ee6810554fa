"""Rows and columns as a Word table: a header row that repeats, no row across two pages, no table wider than one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from markupsafe import Markup

from ctieval.report.cells import Cell, Col, Row, RowRole
from ctieval.report.model import Table
from ctieval.report.printed import heading, is_number
from ctieval.report.word.columns import TEXT_TWIPS, column_widths, count_lines
from ctieval.report.word.markup import KEEP_NEXT, NOTHING, Pen, paragraph
from ctieval.report.xml_text import xml_text

LINES_ON_ONE_PAGE: Final = 12
"""A table of at most so many lines stays on one page; a longer one breaks, but never beside its ends."""

_TABLE: Final = Markup(
    '<w:tbl><w:tblPr><w:tblStyle w:val="ReportTable"/><w:tblW w:w="{width}" w:type="dxa"/>'
    '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
    'w:lastColumn="0" w:noHBand="0" w:noVBand="1"/><w:tblCaption w:val="{caption}"/></w:tblPr>'
    "<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
)
_TOTAL_EDGE: Final = Markup('<w:tcBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="auto"/></w:tcBorders>')


def to_grid(table: Table, pen: Pen) -> Markup:
    """Write the rows and columns of a table."""
    printed = [[pen.words.fmt.cell(cell, column) for cell, column in _pairs(row, table)] for row in table.rows]
    wide = [texts for texts, row in zip(printed, table.rows, strict=True) if row.role is not RowRole.GROUP]
    widths = column_widths(tuple(zip((heading(column) for column in table.columns), *wide, strict=True)))
    lines = sum(max(map(count_lines, texts, widths)) for texts in printed)
    return _TABLE.format(
        width=TEXT_TWIPS,
        caption=xml_text(table.caption),
        grid=NOTHING.join(Markup('<w:gridCol w:w="{}"/>').format(width) for width in widths),
        rows=_head(table.columns, widths, pen)
        + NOTHING.join(_rows(table, widths, pen, whole=lines <= LINES_ON_ONE_PAGE)),
    )


def _pairs(row: Row, table: Table) -> Iterator[tuple[Cell, Col]]:
    return zip(row.cells, table.columns, strict=row.role is not RowRole.GROUP)


def _head(columns: tuple[Col, ...], widths: tuple[int, ...], pen: Pen) -> Markup:
    cells = NOTHING.join(
        _cell(paragraph("TableHeadNumber" if is_number(column) else "TableHead", pen.rich(heading(column))), width)
        for column, width in zip(columns, widths, strict=True)
    )
    return Markup("<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{}</w:tr>").format(cells)


def _rows(table: Table, widths: tuple[int, ...], pen: Pen, *, whole: bool) -> Iterator[Markup]:
    for row, is_held in zip(table.rows, _held(table.rows, whole=whole), strict=True):
        held = KEEP_NEXT if is_held else NOTHING
        cells = _group(row, table, pen) if row.role is RowRole.GROUP else _cells(row, table, widths, pen, held)
        yield Markup("<w:tr><w:trPr><w:cantSplit/></w:trPr>{}</w:tr>").format(cells)


def _held(rows: tuple[Row, ...], *, whole: bool) -> list[bool]:
    """Tell of each row whether it stays with the one after it, the last one with the notes under the table.

    A long table breaks neither beside its ends nor between the indented rows under one heading.
    """
    held = [whole or place < 2 or place >= len(rows) - 3 for place in range(len(rows))]
    for place, (row, after) in enumerate(pairwise(rows)):
        held[place] |= row.role is RowRole.GROUP or after.role in (RowRole.SUB, RowRole.TOTAL)
    return held


def _group(row: Row, table: Table, pen: Pen) -> Markup:
    text = pen.rich(pen.words.fmt.cell(row.cells[0], table.columns[0]))
    span = Markup('<w:gridSpan w:val="{}"/>').format(len(table.columns))
    return _cell(paragraph("TableGroup", text), TEXT_TWIPS, span)


def _cells(row: Row, table: Table, widths: tuple[int, ...], pen: Pen, held: Markup) -> Markup:
    total = row.role is RowRole.TOTAL
    written: list[Markup] = []
    for place, ((cell, column), width) in enumerate(zip(_pairs(row, table), widths, strict=True)):
        number = is_number(column)
        style = "TableSub" if place == 0 and row.role is RowRole.SUB else "TableNumber" if number else "TableText"
        text = pen.rich(pen.words.fmt.cell(cell, column), bold=total)
        look = (_TOTAL_EDGE if total else NOTHING) + (Markup("<w:noWrap/>") if number else NOTHING)
        written.append(_cell(paragraph(style, text, held), width, look))
    return NOTHING.join(written)


def _cell(content: Markup, width: int, look: Markup = NOTHING) -> Markup:
    return Markup('<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/>{}</w:tcPr>{}</w:tc>').format(width, look, content)
