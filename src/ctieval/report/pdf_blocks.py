"""Turns sections and blocks into plain data for the Typst template, which fixes how each looks."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from ctieval.report.catalogue import Catalogue
from ctieval.report.cells import Row
from ctieval.report.inline import Span, plain, spans
from ctieval.report.model import (
    Block,
    Box,
    Bullets,
    Figure,
    KeyFigure,
    KeyFigures,
    Missing,
    Para,
    Section,
    Table,
)
from ctieval.report.printed import is_number, key_interval, key_value, reference_words
from ctieval.report.resolve import Numbered, target

Data: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class DataWriter:
    """Writes the parts of one report as data.

    Attributes:
        numbered: The report with its numbers.
        words: The catalogue of its language.
        picture: Returns the SVG of a figure.
        shown: Returns a text without the signs that the font lacks.
    """

    numbered: Numbered
    words: Catalogue
    picture: Callable[[Figure], str]
    shown: Callable[[str], str]

    def sections(self) -> list[Data]:
        """Write every section in the order of reading, each with the level of its heading."""
        return list(self._sections(self.numbered.report.sections, 1))

    def _sections(self, sections: tuple[Section, ...], level: int) -> Iterator[Data]:
        for section in sections:
            yield {
                "level": level,
                "label": _address(target(section)),
                "number": self.numbered.labels[target(section)].number,
                "title": self.shown(plain(section.title)),
                "blocks": [self.block(block) for block in section.blocks],
            }
            yield from self._sections(section.sections, level + 1)

    def block(self, block: Block) -> Data:
        """Write one block."""
        match block:
            case Para() | Bullets():
                return self._text(block)
            case Box() | Missing():
                return self._box(block)
            case KeyFigures(items):
                return {"kind": "keyfigures", "items": [self._key_figure(item) for item in items]}
            case Figure():
                drawn = {"alt": self.shown(plain(block.alt)), "svg": self.shown(self.picture(block))}
                return {"kind": "figure", **self._captioned(block), **drawn}
            case Table():
                return {"kind": "table", **self._captioned(block), **self._grid(block)}
            case _:
                assert_never(block)

    def rich(self, text: str) -> list[Data]:
        """Write a text with its bold stretches and its references."""
        return [self._span(span) for span in spans(text)]

    def _span(self, span: Span) -> Data:
        if not span.is_reference:
            return {"text": self.shown(span.text), "bold": span.bold, "to": None}
        found = reference_words(span.text, self.numbered, self.words)
        return {"text": self.shown(found), "bold": span.bold, "to": _address(span.text.lower())}

    def _text(self, block: Para | Bullets) -> Data:
        if isinstance(block, Para):
            return {"kind": "para", "text": self.rich(block.text)}
        return {"kind": "bullets", "items": [self.rich(item) for item in block.items]}

    def _box(self, block: Box | Missing) -> Data:
        if isinstance(block, Box):
            look, title, blocks = block.kind.value, block.title, block.blocks
        else:
            what, needed = (f"{self.words.text(f'label.{name}')}: " for name in ("missing", "needed"))
            look, title, blocks = "missing", what + block.what, (Para(needed + block.needed),)
        return {"kind": "box", "look": look, "title": self.rich(title), "blocks": [self._text(each) for each in blocks]}

    def _key_figure(self, item: KeyFigure) -> Data:
        before, value, after = key_value(item, self.words)
        lines = [self.rich(line) for line in (key_interval(item, self.words), item.note) if line]
        return {"before": before, "value": value, "after": after, "label": self.rich(item.label), "lines": lines}

    def _captioned(self, block: Table | Figure) -> Data:
        notes = (("note", block.note), ("persons", block.n_note), ("source", block.source))
        return {
            "label": _address(target(block)),
            "lead": self.numbered.labels[target(block)].heading(self.words),
            "caption": self.rich(block.caption),
            "notes": [
                {"name": self.words.text(f"label.{name}"), "text": self.rich(text)} for name, text in notes if text
            ],
        }

    def _grid(self, block: Table) -> Data:
        columns = [
            {"head": self.rich(column.head), "unit": self.shown(column.unit), "number": is_number(column)}
            for column in block.columns
        ]
        return {"columns": columns, "rows": [self._row(block, row) for row in block.rows]}

    def _row(self, block: Table, row: Row) -> Data:
        cells = zip(row.cells, block.columns, strict=False)
        return {
            "role": row.role.value,
            "cells": [self.rich(self.words.fmt.cell(cell, column)) for cell, column in cells],
        }


def to_printable(text: str, *, font: frozenset[int]) -> str:
    r"""Return a text with a replacement sign for whatever a font lacks, and no sign that cannot be seen.

    Args:
        text: The text.
        font: Code points that the font has.

    Examples:
        >>> to_printable("Blåbær\u200b 漢", font=frozenset(map(ord, "Blåbær ")))
        'Blåbær �'
    """
    composed = unicodedata.normalize("NFC", text)
    kept = (sign for sign in composed if ord(sign) in font or sign.isspace() or unicodedata.category(sign) != "Cf")
    return "".join(sign if ord(sign) in font else " " if sign.isspace() else "\ufffd" for sign in kept)


def _address(found: str) -> str:
    return found.replace(":", "-")
