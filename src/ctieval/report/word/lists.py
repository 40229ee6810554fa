"""The contents and the lists of figures and tables as fields that already hold their lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from markupsafe import Markup

from ctieval.report.inline import plain
from ctieval.report.model import Figure, Table
from ctieval.report.resolve import Label, Series, target, walk
from ctieval.report.word.markup import FIELD_END, NOTHING, Pen, field_start, paragraph

LISTS: Final = "lists"
"""The section that lists figures and tables; in Word its lines are fields."""


def write_lists(pen: Pen) -> Markup:
    """Write a list for each series of figures and tables that has any."""
    return NOTHING.join(_lists(pen))


def _lists(pen: Pen) -> Iterator[Markup]:
    shown = {target(b) for s in walk(pen.numbered.report.sections) for b in s.blocks if isinstance(b, Figure | Table)}
    for series in (Series.FIGURE, Series.TABLE, Series.APPENDIX_FIGURE, Series.APPENDIX_TABLE):
        labels = {at: label for at, label in pen.numbered.labels.items() if at in shown and label.series is series}
        if labels:
            name = sequence(pen.words.text(f"label.{series.value}", number=""))
            lines = [("TableofFigures", at, _listed(label, pen)) for at, label in labels.items()]
            heading = paragraph("ListHeading", pen.run(pen.words.text(f"word.{series.value}")))
            yield heading + field_of_lines(rf'TOC \h \z \c "{name}"', lines, pen)


def field_of_lines(code: str, lines: list[tuple[str, str, Markup]], pen: Pen) -> Markup:
    """Write a field whose result is lines of a style, each a link to its target.

    Page numbers come when a word processor updates the field, since it alone knows the pages.
    """
    written: list[Markup] = []
    for place, (style, at, content) in enumerate(lines):
        start = field_start(code) if place == 0 else NOTHING
        end = FIELD_END if place == len(lines) - 1 else NOTHING
        written.append(paragraph(style, start + pen.link(at, content) + end))
    return NOTHING.join(written)


def sequence(words: str) -> str:
    """Return the name of the series that a caption counts in, one word: ``Figur``, ``Appendix_table``."""
    return "_".join(words.split())


def _listed(label: Label, pen: Pen) -> Markup:
    return pen.run(f"{label.heading(pen.words)}: {plain(label.title)}")
