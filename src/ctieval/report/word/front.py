"""What stands before the first chapter: the cover and the contents."""

from __future__ import annotations

from markupsafe import Markup

from ctieval.report.inline import plain
from ctieval.report.model import Form, Meta
from ctieval.report.printed import cover_lines
from ctieval.report.resolve import Label, target, walk
from ctieval.report.word.lists import LISTS, field_of_lines, write_lists
from ctieval.report.word.markup import NEW_PAGE, NOTHING, TAB, Pen, paragraph


def write_front(pen: Pen) -> Markup:
    """Write everything before the first chapter; the lists of figures and tables too, if no section is for them."""
    report = pen.numbered.report
    if report.meta.form is Form.MEMO:
        return _cover(report.meta, pen)
    listed = any(section.id == LISTS for section in walk(report.sections))
    return _cover(report.meta, pen) + _contents(pen) + (NOTHING if listed else write_lists(pen))


def _cover(meta: Meta, pen: Pen) -> Markup:
    parts = (("Title", meta.title), ("Subtitle", meta.subtitle), ("CoverWarning", meta.warning))
    head = NOTHING.join(paragraph(style, pen.run(plain(text))) for style, text in parts if text)
    return head + NOTHING.join(
        paragraph("CoverLine", pen.run(name) + TAB + pen.run(plain(value), bold=True))
        for name, value in cover_lines(meta, pen.words)
    )


def _contents(pen: Pen) -> Markup:
    """Write the contents, chapters and the sections in them."""
    lines = [
        (f"TOC{level}", target(section), _contents_line(pen.label(target(section)), pen))
        for chapter in pen.numbered.report.sections
        for level, section in ((1, chapter), *((2, inner) for inner in chapter.sections))
    ]
    title = paragraph("TOCHeading", pen.run(pen.words.text("label.contents")), NEW_PAGE)
    return title + field_of_lines(r'TOC \o "1-2" \h \z', lines, pen)


def _contents_line(label: Label, pen: Pen) -> Markup:
    number = pen.run(label.number) + TAB if label.number else NOTHING
    return number + pen.run(plain(label.title))
