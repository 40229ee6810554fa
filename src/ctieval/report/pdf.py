"""Renders a report as a tagged PDF through Typst, without a network, other fonts or packages.

The file declares PDF/UA-1 (reading aloud) and PDF/A-2a (archives). The template ``report.typ`` fixes the look; the
report enters it as data, so that nothing a user wrote can be read as a command.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import cache, partial
from importlib import resources
from typing import Final

from ctieval.domain.wording import Language
from ctieval.report.catalogue import load_catalogue
from ctieval.report.charts.draw import draw_chart
from ctieval.report.inline import plain
from ctieval.report.model import Meta, Report
from ctieval.report.pdf_blocks import DataWriter, to_printable
from ctieval.report.printed import cover_lines
from ctieval.report.properties import UNDATED
from ctieval.report.resolve import resolve
from ctieval.report.tokens import COLOURS, FONT

STANDARDS: Final = ("ua-1", "a-2a")

_REGIONS: Final[dict[Language, str]] = {"da": "DK", "en": "GB"}


def render_pdf(report: Report) -> bytes:
    """Render a report as PDF: tagged, in the report's own font, with contents, bookmarks and references that lead.

    The same report gives the same bytes. Whatever a user wrote is shown as text; a sign that the font lacks is
    shown as a replacement sign. A report without a date is dated 1 January 1980, as files in a zip archive are.

    Raises:
        ValueError: If an id stands twice, or a text refers to what is not there (``resolve``).
    """
    import typst  # noqa: PLC0415 (80 MB, and only this format needs it)

    room = resources.files("ctieval.report")
    day = report.meta.date or UNDATED
    return typst.compile(
        (room / "templates" / "report.typ").read_bytes(),
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(room / "fonts")]),
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(_to_data(report), ensure_ascii=False)},
        pdf_standards=list(STANDARDS),
        timestamp=int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()),
    )


def _to_data(report: Report) -> dict[str, object]:
    numbered, words = resolve(report), load_catalogue(report.meta.lang)
    shown = partial(to_printable, font=_signs())
    writer = DataWriter(numbered, words, lambda figure: draw_chart(figure.draw, words.lang, live_text=True), shown)
    return {
        "font": FONT,
        "colours": COLOURS,
        "words": {"contents": words.text("label.contents")},
        "sections": writer.sections(),
        "cover": [[name, shown(plain(value))] for name, value in cover_lines(report.meta, words)],
        **{name: shown(plain(value)) for name, value in _told(report.meta).items()},
        "date": _parts(report.meta.date or UNDATED),
    }


def _told(meta: Meta) -> dict[str, str]:
    """Return what the cover and the properties of the file say, each under its name in the template."""
    return {
        "form": meta.form.value,
        "lang": meta.lang,
        "region": _REGIONS[meta.lang],
        "title": meta.title,
        "subtitle": meta.subtitle,
        "warning": meta.warning,
        "author": meta.author,
        "description": ". ".join(part for part in (meta.document_type, meta.subtitle) if part),
    }


def _parts(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


@cache
def _signs() -> frozenset[int]:
    """Return the code points that the shipped font has."""
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415 (matplotlib is slow to load)

    file = resources.files("ctieval.report") / "fonts" / "OpenSans-Regular.ttf"
    return frozenset(FT2Font(str(file)).get_charmap())
