"""Turns sections and blocks into the body of a Word file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, assert_never

from markupsafe import Markup

from ctieval.report.inline import plain
from ctieval.report.model import (
    Block,
    Box,
    BoxKind,
    Bullets,
    Figure,
    KeyFigure,
    KeyFigures,
    Missing,
    Para,
    Section,
    Table,
)
from ctieval.report.printed import key_interval, key_value
from ctieval.report.resolve import target
from ctieval.report.word.columns import TEXT_TWIPS
from ctieval.report.word.grid import to_grid
from ctieval.report.word.lists import LISTS, sequence, write_lists
from ctieval.report.word.markup import KEEP_NEXT, NEW_PAGE, NO_NUMBER, NOTHING, Pen, chain, paragraph

_BOX_STYLE: Final = {BoxKind.READING_HELP: "ReadingHelp", BoxKind.NOTE: "Note", BoxKind.COMMENT: "Comment"}
_AFTER_LIST: Final = Markup('<w:spacing w:after="160"/>')
_AFTER_BOX: Final = Markup('<w:spacing w:after="300"/>')
_BULLET: Final = Markup('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>')
_KEY_TABLE: Final = Markup(
    '<w:tbl><w:tblPr><w:tblStyle w:val="KeyFigures"/><w:tblW w:w="{width}" w:type="dxa"/>'
    '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0600" w:firstRow="0" w:lastRow="0" w:firstColumn="0" '
    'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
    "<w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr></w:tbl>"
)


@dataclass(frozen=True, slots=True)
class BodyWriter:
    """Writes the parts of one report.

    Attributes:
        pen: Writes its texts.
        picture: Returns the drawing that shows a figure, to stand in a run.
    """

    pen: Pen
    picture: Callable[[Figure], Markup]

    def section(self, section: Section, level: int = 1) -> Markup:
        """Write a section with everything in it, its heading at a level."""
        at = target(section)
        title = self.pen.bookmark(at, self.pen.run(plain(section.title)))
        look = (NEW_PAGE if section.id == LISTS else NOTHING) + (NOTHING if self.pen.label(at).number else NO_NUMBER)
        blocks = [write_lists(self.pen)] if section.id == LISTS else [self.block(block) for block in section.blocks]
        inner = NOTHING.join(self.section(each, level + 1) for each in section.sections)
        return paragraph(f"Heading{level}", title, look) + NOTHING.join(blocks) + inner

    def block(self, block: Block) -> Markup:
        """Write one block."""
        match block:
            case Para(text):
                return paragraph("BodyText", self.pen.rich(text))
            case Bullets(items):
                return self._bullets(items)
            case Box():
                return self._box(block)
            case Missing():
                return self._missing(block)
            case KeyFigures():
                return self._key_figures(block)
            case Table() | Figure():
                return self._caption(block) + self._content(block) + self._notes(block)
            case _:
                assert_never(block)

    def _bullets(self, items: tuple[str, ...]) -> Markup:
        *firsts, last = (self.pen.rich(item) for item in items)
        written = [paragraph("ListBullet", each) for each in firsts]
        return NOTHING.join([*written, paragraph("ListBullet", last, _AFTER_LIST)])

    def _caption(self, block: Table | Figure) -> Markup:
        """Write a caption whose number is a field, so that it stays right when the text is edited."""
        at = target(block)
        label = self.pen.label(at)
        before, number, after = label.heading(self.pen.words).partition(label.number)
        live = self.pen.field(rf"SEQ {sequence(before)} \* ARABIC", number)
        text = self.pen.run(before) + self.pen.bookmark(at, live) + self.pen.run(f"{after}: ")
        return paragraph("Caption", text + self.pen.rich(block.caption))

    def _content(self, block: Table | Figure) -> Markup:
        if isinstance(block, Table):
            return to_grid(block, self.pen)
        return paragraph("Picture", Markup("<w:r>{}</w:r>").format(self.picture(block)))

    def _notes(self, block: Table | Figure) -> Markup:
        """Write note, number of persons and source."""
        lines = (("note", block.note), ("persons", block.n_note), ("source", block.source))
        words = self.pen.words
        return chain(
            "SourceNote",
            [
                self.pen.run(f"{words.text(f'label.{name}')}: ", style="NoteLabel") + self.pen.rich(text)
                for name, text in lines
                if text
            ],
        )

    def _box(self, box: Box) -> Markup:
        kind = _BOX_STYLE[box.kind]
        parts: list[tuple[str, str]] = []
        for block in box.blocks:
            parts += [("Text", block.text)] if isinstance(block, Para) else [("Bullet", item) for item in block.items]
        return self._framed(kind, box.title, parts)

    def _missing(self, missing: Missing) -> Markup:
        words = self.pen.words
        title = f"{words.text('label.missing')}: {missing.what}"
        return self._framed("Missing", title, [("Text", f"{words.text('label.needed')}: {missing.needed}")])

    def _framed(self, kind: str, title: str, parts: list[tuple[str, str]]) -> Markup:
        """Write paragraphs with one ground and one edge, on one page."""
        written = [paragraph(f"{kind}Title", self.pen.rich(title))]
        for place, (role, text) in enumerate(parts, start=1):
            number = _BULLET if role == "Bullet" else NOTHING
            look = KEEP_NEXT + number if place < len(parts) else number + _AFTER_BOX
            written.append(paragraph(f"{kind}{role}", self.pen.rich(text), look))
        return NOTHING.join(written)

    def _key_figures(self, block: KeyFigures) -> Markup:
        width = TEXT_TWIPS // len(block.items)
        cells = NOTHING.join(self._key_cell(item, width) for item in block.items)
        grid = Markup('<w:gridCol w:w="{}"/>').format(width) * len(block.items)
        return _KEY_TABLE.format(width=TEXT_TWIPS, grid=grid, cells=cells) + paragraph("AfterTable", NOTHING)

    def _key_cell(self, item: KeyFigure, width: int) -> Markup:
        run = self.pen.run
        before, number, after = key_value(item, self.pen.words)
        value = run(before, style="KeyUnit") + run(number) + run(after, style="KeyUnit")
        notes = [text for text in (key_interval(item, self.pen.words), item.note) if text]
        content = paragraph("KeyValue", value) + paragraph("KeyLabel", self.pen.rich(item.label))
        content += NOTHING.join(paragraph("KeyNote", self.pen.rich(text)) for text in notes)
        return Markup('<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/></w:tcPr>{}</w:tc>').format(width, content)
