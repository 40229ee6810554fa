"""The sheet of the assumptions: the only cells that a reader may change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ctieval.domain.units import RateUnit
from ctieval.report.economy_book.assumptions import Assumption
from ctieval.report.economy_book.desk import Desk, shown_as
from ctieval.report.economy_book.live import Live, total_range
from ctieval.report.economy_book.page import FIRST_ROW, Page, Shown
from ctieval.report.workbook.sheet import fit_row

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

KEY_COLUMN: Final = 0
VALUE_COLUMN: Final = 2
CHANGED: Final = "changed_assumptions"
_ORIGINAL, _LOW, _HIGH, _DISTRIBUTION, _UNIT, _SOURCE, _GRADE, _IS_CHANGED = range(3, 11)
_HEADS: Final = (
    "key",
    "what",
    "value",
    "original",
    "low",
    "high",
    "distribution",
    "unit",
    "source",
    "grade",
    "is_changed",
)
_WIDTHS: Final = (37, 42, 14, 14, 11, 16, 18, 16, 60, 14, 12)


def write_assumptions(book: Workbook, desk: Desk) -> Mapping[str, Live]:
    """Write the assumptions, name their cells, and return them by their keys.

    Args:
        book: The workbook, in which the names are defined.
        desk: What the sheet is written from.

    Returns:
        The cells by key; ``CHANGED`` is the number of values that are no longer the engine's.
    """
    page = desk.open("assumptions", desk.heads(*_HEADS), numbers=range(2, 6), widths=_WIDTHS)
    found: dict[str, Live] = {}
    changed: list[Live] = []
    for row, each in enumerate(desk.assumptions, start=FIRST_ROW):
        value = _write_value(page, row, each)
        original = page.number(row, _ORIGINAL, each.value, shown_as(each.unit))
        limit = Shown.WHOLE if shown_as(each.unit) is Shown.KR else shown_as(each.unit)
        page.number(row, _LOW, each.low, limit)
        page.number(row, _HIGH, each.high, limit)
        _write_texts(page, row, each, desk)
        is_changed = Live(f"IF({value.formula}={original.formula},0,1)", 0.0)
        changed.append(page.formula(row, _IS_CHANGED, is_changed, Shown.WHOLE))
        book.define_name(each.name, f"={value.formula}")
        found[each.key] = Live(each.name, each.value)
    last = FIRST_ROW + len(desk.assumptions)
    page.text(last, KEY_COLUMN + 1, desk.text("all_changed"), "total")
    cell = page.formula(last, _IS_CHANGED, total_range(changed), Shown.WHOLE, "total")
    book.define_name(CHANGED, f"={cell.formula}")
    return {**found, CHANGED: Live(CHANGED, 0.0)}


def _write_value(page: Page, row: int, each: Assumption) -> Live:
    value = page.number(row, VALUE_COLUMN, each.value, shown_as(each.unit), "input")
    rule = {"validate": "decimal", "criteria": "between", "minimum": each.low, "maximum": each.high}
    page.sheet.data_validation(row, VALUE_COLUMN, row, VALUE_COLUMN, {**rule, "ignore_blank": False})
    return value


def _write_texts(page: Page, row: int, each: Assumption, desk: Desk) -> None:
    page.text(row, KEY_COLUMN, each.key)
    page.text(row, KEY_COLUMN + 1, desk.key_name(each.key), "text")
    page.text(row, _DISTRIBUTION, desk.text("no_distribution"), "aside")
    page.text(row, _UNIT, desk.words.text(f"rate_unit.{RateUnit(each.unit).name.lower()}"))
    if each.rate is None:
        page.text(row, _SOURCE, desk.text("level_source"), "text")
        page.text(row, _GRADE, desk.text("grade.chosen"))
        return
    source = each.rate.source
    told = ", ".join(part for part in (source.title, source.section, source.href) if part)
    page.text(row, _SOURCE, told, "text")
    fit_row(page.sheet, row, [(told, _WIDTHS[_SOURCE])])
    grade = "simulated" if source.simulated else "secondary" if source.secondary else "primary"
    page.text(row, _GRADE, desk.text(f"grade.{grade}"))
