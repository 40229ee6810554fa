"""Turns sections and blocks into HTML for the page and the notebook alike; neither's frame stands here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from ctieval.report.catalogue import Catalogue
from ctieval.report.cells import Cell, Col
from ctieval.report.inline import plain, spans
from ctieval.report.model import Block, Figure, Section, Table
from ctieval.report.printed import is_number, key_interval, key_value, reference_words
from ctieval.report.resolve import Label, Numbered, target


@lru_cache(maxsize=1)
def templates() -> Environment:
    """Return the templates: everything put into them is escaped, and nothing may be left undefined."""
    return Environment(
        loader=PackageLoader("ctieval.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True, slots=True)
class BlockWriter:
    """Writes the parts of one report as HTML.

    Attributes:
        numbered: The report with its numbers.
        words: The catalogue of its language.
        picture: Returns the element that shows a figure.
        names: What the templates know.
    """

    numbered: Numbered
    words: Catalogue
    picture: Callable[[Figure], Markup]
    names: dict[str, object] = field(init=False, default_factory=dict[str, object])

    def __post_init__(self) -> None:
        """Name what the templates may call."""
        self.names.update(
            report=self.numbered.report,
            words=self.words,
            show=self.block,
            show_section=self.section,
            grid=self.grid,
            notes=self.notes,
            picture=self.picture,
            label=self.label,
            rich=self.rich,
            plain=plain,
            cell=self.cell,
            is_number=is_number,
            key_value=lambda item: key_value(item, self.words),
            key_interval=lambda item: key_interval(item, self.words),
        )

    def fill(self, template: str, **facts: object) -> Markup:
        """Fill one template."""
        return Markup(templates().get_template(template).render(**self.names, **facts))  # noqa: S704 (escaped)

    def section(self, section: Section, level: int = 2) -> Markup:
        """Write a section with everything in it, its heading at a level."""
        return self.fill("section.html.jinja", section=section, level=level)

    def block(self, block: Block) -> Markup:
        """Write one block."""
        return self.fill(f"block/{type(block).__name__.lower()}.html.jinja", block=block)

    def grid(self, block: Table | Figure, labelled_by: str) -> Markup:
        """Write rows and columns, named by the elements with some ids."""
        return self.fill("grid.html.jinja", block=block, labelled_by=labelled_by)

    def notes(self, block: Table | Figure) -> Markup:
        """Write note, number of persons and source."""
        return self.fill("notes.html.jinja", block=block)

    def label(self, block: Section | Table | Figure) -> Label:
        """Return the label of a section, table or figure."""
        return self.numbered.labels[target(block)]

    def rich(self, text: str) -> Markup:
        """Write a text with its bold stretches and its references."""
        return Markup("").join(
            _bold(self._reference(span.text) if span.is_reference else escape(span.text), bold=span.bold)
            for span in spans(text)
        )

    def cell(self, cell: Cell, column: Col) -> Markup:
        """Write the value of a cell."""
        return self.rich(self.words.fmt.cell(cell, column))

    def _reference(self, written: str) -> Markup:
        """Write a link to a section, figure or table."""
        address = written.lower().replace(":", "-")
        return Markup('<a href="#{}">{}</a>').format(address, reference_words(written, self.numbered, self.words))


def _bold(text: Markup, *, bold: bool) -> Markup:
    return Markup("<strong>{}</strong>").format(text) if bold else text
