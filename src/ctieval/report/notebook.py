"""Shows a report, or a part of it, in a notebook; it reads well there even without style sheets."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ctieval.report.catalogue import Catalogue, load_catalogue
from ctieval.report.charts.draw import draw_chart
from ctieval.report.html_blocks import BlockWriter
from ctieval.report.inline import plain
from ctieval.report.model import Figure, Report, Table
from ctieval.report.resolve import Numbered, resolve, target, walk
from ctieval.report.svg import to_data_uri, to_inline


@dataclass(frozen=True, slots=True)
class Shown:
    """A part of a report as a notebook displays it.

    Attributes:
        html: The part as HTML. Pictures are data addresses, since a notebook that is not trusted loses inline
            SVG and style sheets.
        text: Its title and number, for places that show text alone.
    """

    html: str
    text: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}


def show(report: Report, part: str) -> Shown:
    """Return one part of a report for display, numbered as in the whole.

    Args:
        report: The report.
        part: Target of the part: ``sec:effects``, ``fig:forest``, ``tab:balance``.

    Raises:
        KeyError: If the report has no such part.
        ValueError: If an id stands twice, or a text refers to what is not there (``resolve``).
    """
    numbered, words = resolve(report), load_catalogue(report.meta.lang)
    if part not in numbered.labels:
        msg = f"the report has no {part}; it has {', '.join(numbered.labels)}"
        raise KeyError(msg)
    writer = BlockWriter(numbered, words, lambda figure: _picture(figure, numbered, words))
    label = numbered.labels[part]
    for section in walk(report.sections):
        if target(section) == part:
            return Shown(str(writer.section(section)), f"{label.number} {plain(label.title)}".strip())
        for block in section.blocks:
            if isinstance(block, Figure | Table) and target(block) == part:
                return Shown(str(writer.block(block)), f"{label.heading(words)}: {plain(label.title)}")
    raise AssertionError(part)


def _picture(figure: Figure, numbered: Numbered, words: Catalogue) -> Markup:
    drawn = draw_chart(figure.draw, words.lang, live_text=False)
    title = numbered.labels[target(figure)].heading(words)
    address = to_data_uri(to_inline(drawn, f"fig-{figure.id}", title=title, desc=plain(figure.alt)))
    return Markup('<img src="{}" alt="{}" width="640">').format(address, plain(figure.alt))
