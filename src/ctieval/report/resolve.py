"""Numbers sections, figures and tables, and checks every reference; it looks at nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ctieval.report.catalogue import Catalogue
from ctieval.report.inline import references
from ctieval.report.model import (
    Block,
    Box,
    Bullets,
    Figure,
    KeyFigures,
    Missing,
    Para,
    Report,
    Section,
    SectionKind,
    Table,
)

_DEEPEST: Final = 3


class Series(StrEnum):
    """What is numbered together; the value is the key of its words under ``label`` and ``reference``."""

    FIGURE = "figure"
    TABLE = "table"
    APPENDIX_FIGURE = "appendix_figure"
    APPENDIX_TABLE = "appendix_table"
    CHAPTER = "chapter"
    SECTION = "section"
    UNNUMBERED = "unnumbered"


@dataclass(frozen=True, slots=True)
class Label:
    """The number of a section, figure or table.

    Attributes:
        series: What it is numbered among.
        number: Its number, such as ``3`` or ``4.2``; empty where it has none.
        title: Its title or caption.
    """

    series: Series
    number: str
    title: str

    def reference(self, catalogue: Catalogue) -> str:
        """Return the words that stand for it inside a sentence, such as ``figur 1``."""
        return catalogue.text(f"reference.{self.series.value}", number=self.number, title=self.title)

    def heading(self, catalogue: Catalogue) -> str:
        """Return the words before its caption, such as ``Figur 1``."""
        return catalogue.text(f"label.{self.series.value}", number=self.number)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A report whose references are known to lead somewhere.

    Attributes:
        report: The report.
        labels: Label of each section, figure and table by its target, such as ``fig:forest``.
        unreferenced: Targets of figures and tables to which no text refers.
    """

    report: Report
    labels: Mapping[str, Label]
    unreferenced: tuple[str, ...]


def resolve(report: Report) -> Numbered:
    """Number a report and check its references.

    Figures and tables are numbered consecutively through the chapters, and in series of their own through the
    appendix.

    Raises:
        ValueError: If two sections, two figures or two tables share an id; if a text refers to something that
            is not there; or if sections stand more than three deep.
    """
    pairs = [*_section_labels(report.sections, "", SectionKind.NUMBERED), *_block_labels(report)]
    labels = dict(pairs)
    twice = sorted(target for target, times in Counter(target for target, _ in pairs).items() if times > 1)
    if twice:
        msg = f"an id stands twice: {', '.join(twice)}"
        raise ValueError(msg)
    used = {target for text in _texts(report) for target in references(text)}
    unknown = sorted(used - labels.keys())
    if unknown:
        msg = f"a text refers to what is not there: {', '.join(unknown)}"
        raise ValueError(msg)
    unreferenced = tuple(target for target in labels if not target.startswith("sec:") and target not in used)
    return Numbered(report, MappingProxyType(labels), unreferenced)


def walk(sections: tuple[Section, ...]) -> Iterator[Section]:
    """Yield every section in the order of reading."""
    for section in sections:
        yield section
        yield from walk(section.sections)


def target(block: Section | Figure | Table) -> str:
    """Return the target of a section, figure or table, such as ``sec:results``."""
    space = {Section: "sec", Figure: "fig", Table: "tab"}[type(block)]
    return f"{space}:{block.id}"


def _section_labels(
    sections: tuple[Section, ...], parent: str, kind: SectionKind, depth: int = 1
) -> Iterator[tuple[str, Label]]:
    if sections and depth > _DEEPEST:
        msg = f"section {sections[0].id} stands more than {_DEEPEST} deep"
        raise ValueError(msg)
    number = 0
    for section in sections:
        own_kind = section.kind if depth == 1 else kind
        full, series = "", Series.UNNUMBERED
        if own_kind is not SectionKind.UNNUMBERED:
            number += 1
            full, series = f"{parent}{number}", Series.CHAPTER if depth == 1 else Series.SECTION
        yield target(section), Label(series, full, section.title)
        yield from _section_labels(section.sections, f"{full}.", own_kind, depth + 1)


def _block_labels(report: Report) -> Iterator[tuple[str, Label]]:
    count: Counter[Series] = Counter()
    for chapter in report.sections:
        appendix = chapter.kind is SectionKind.APPENDIX
        for block in (block for section in walk((chapter,)) for block in section.blocks):
            if isinstance(block, Figure | Table):
                kind = "figure" if isinstance(block, Figure) else "table"
                series = Series(f"appendix_{kind}" if appendix else kind)
                count[series] += 1
                yield target(block), Label(series, str(count[series]), block.caption)


def _texts(report: Report) -> Iterator[str]:
    for section in walk(report.sections):
        for block in section.blocks:
            yield from _block_texts(block)


def _block_texts(block: Block) -> Iterator[str]:
    match block:
        case Para(text):
            yield text
        case Bullets(items):
            yield from items
        case Box(blocks=inner):
            for part in inner:
                yield from _block_texts(part)
        case Missing(what, needed):
            yield from (what, needed)
        case KeyFigures(items):
            for item in items:
                yield from (item.label, item.note)
        case Figure() | Table():
            yield from (block.caption, block.source, block.n_note, block.note)
            yield from (cell for row in block.rows for cell in row.cells if isinstance(cell, str))
