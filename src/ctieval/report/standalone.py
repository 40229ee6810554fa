"""Makes sections of a report fit to stand alone: no reference in them leads out of them, and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias, assert_never

from ctieval.report.catalogue import Catalogue
from ctieval.report.cells import Row
from ctieval.report.inline import replace_references
from ctieval.report.model import Block, Box, Bullets, Figure, KeyFigures, Missing, Para, Section, Table
from ctieval.report.printed import reference_words
from ctieval.report.resolve import Numbered, target, walk

Rewording: TypeAlias = Callable[[str], str]


def to_standalone(sections: tuple[Section, ...], whole: Numbered, words: Catalogue) -> tuple[Section, ...]:
    """Return sections in which a reference to what stands elsewhere is words, and names the whole report.

    Args:
        sections: The sections.
        whole: The report to which the references lead.
        words: The catalogue of its language.
    """
    own = set(_targets(sections))

    def name_elsewhere(written: str) -> str | None:
        if written.lower() in own:
            return None
        return words.text("elsewhere.reference", reference=reference_words(written, whole, words))

    return tuple(
        _reword_section(section, lambda text: replace_references(text, name_elsewhere)) for section in sections
    )


def _targets(sections: tuple[Section, ...]) -> list[str]:
    found = list(walk(sections))
    blocks = [block for section in found for block in section.blocks if isinstance(block, Figure | Table)]
    return [target(each) for each in (*found, *blocks)]


def _reword_section(section: Section, reword: Rewording) -> Section:
    blocks = tuple(_reword(block, reword) for block in section.blocks)
    return replace(section, blocks=blocks, sections=tuple(_reword_section(each, reword) for each in section.sections))


def _reword(block: Block, reword: Rewording) -> Block:
    match block:
        case Para() | Bullets():
            return _reword_text(block, reword)
        case Box():
            return replace(block, blocks=tuple(_reword_text(part, reword) for part in block.blocks))
        case Missing():
            return replace(block, what=reword(block.what), needed=reword(block.needed))
        case KeyFigures():
            items = (replace(item, label=reword(item.label), note=reword(item.note)) for item in block.items)
            return replace(block, items=tuple(items))
        case Figure() | Table():
            told = {name: reword(getattr(block, name)) for name in ("caption", "source", "n_note", "note")}
            return replace(block, **told, rows=tuple(_reword_row(row, reword) for row in block.rows))
        case _:
            assert_never(block)


def _reword_row(row: Row, reword: Rewording) -> Row:
    return replace(row, cells=tuple(reword(cell) if isinstance(cell, str) else cell for cell in row.cells))


def _reword_text(block: Para | Bullets, reword: Rewording) -> Para | Bullets:
    if isinstance(block, Para):
        return Para(reword(block.text))
    return Bullets(tuple(reword(item) for item in block.items))
