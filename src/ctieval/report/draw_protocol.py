"""One page on a draw, to sign and file; who was drawn stands in the record alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from ctieval.domain.draw_protocol import DrawnBlock, DrawProtocol
from ctieval.domain.wording import Language
from ctieval.report.catalogue import Catalogue, load_catalogue
from ctieval.report.html import style_sheet
from ctieval.report.html_blocks import templates
from ctieval.report.municipalities import municipality_names

FILE_NAMES: dict[Language, str] = {"da": "lodtraekningsprotokol.html", "en": "draw-protocol.html"}


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    numbers: tuple[str, ...]
    probabilities: str


def render_draw_protocol(protocol: DrawProtocol, lang: Language) -> bytes:
    """Render the protocol of a draw as one HTML file that prints on one page.

    It shows how many of each block came into each arm, which the plan fixed beforehand or the draw decided, and no
    outcome. It is a paper for the file, not for publication.

    Args:
        protocol: The facts of the draw.
        lang: The language.

    Returns:
        The page; the same protocol gives the same bytes.
    """
    words = load_catalogue(lang)
    page = (
        templates()
        .get_template("draw_protocol.html.jinja")
        .render(
            words=words,
            style=style_sheet("draw_protocol.css"),
            title=protocol.title.to_text(lang),
            arms=protocol.arms,
            design=words.phrase(protocol.design),
            rows=[_row(block, words) for block in protocol.blocks],
            facts=tuple(_facts(protocol, words)),
            record=protocol.record,
        )
    )
    return page.encode()


def _row(block: DrawnBlock, words: Catalogue) -> _Row:
    numbers = (*block.persons, sum(block.persons))
    named = municipality_names().get(block.label, block.label) or words.text("protocol.everybody")
    shown = tuple(words.fmt.count(number) for number in numbers)
    return _Row(named, shown, " / ".join(block.probabilities))


def _facts(protocol: DrawProtocol, words: Catalogue) -> Iterator[tuple[str, str, bool]]:
    told = {
        "randomised_on": (words.fmt.date(protocol.randomised_on), False),
        "drawn_at": (_moment(protocol.drawn_at, words), False),
        "drawn_by": (protocol.drawn_by or words.text("protocol.not_told"), False),
        "seed": (str(protocol.seed), False),
        "generator": (", ".join((protocol.generator, *(" ".join(each) for each in protocol.versions))), False),
        "record": (protocol.record, False),
        "record_digest": (protocol.record_digest, True),
        "cohort_digest": (protocol.cohort_digest, True),
        "plan_digest": (protocol.plan_digest or words.text("protocol.not_told"), True),
    }
    for name, (value, is_digest) in told.items():
        yield words.text(f"protocol.{name}"), value, is_digest


def _moment(at: str, words: Catalogue) -> str:
    if not at:
        return words.text("protocol.not_told")
    moment = datetime.fromisoformat(at)
    day = words.fmt.date(date(moment.year, moment.month, moment.day))
    return words.text("protocol.moment", day=day, time=moment.strftime("%H:%M"), offset=moment.strftime("%z") or "-")
