"""What a reader of one municipality's own report must know: whose it is, how uncertain, and how it was rounded."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.report.chapters.context import Context
from ctieval.report.model import Block, Box, BoxKind, Bullets, Para
from ctieval.report.municipalities import municipality_title

_POINTS = ("joint", "uncertain", "best", "rounded")


def build_municipality_box(context: Context) -> Iterator[Block]:
    """Say how one municipality's report is read; nothing where the report is of the whole trial."""
    part = context.evaluation.part
    if part is None:
        return
    points = [_text(context, name) for name in _POINTS]
    if context.evaluation.economics is not None:
        points.append(_text(context, "costs"))
    yield Box(BoxKind.NOTE, context.text("municipality.box.title"), (Bullets(tuple(points)),))


def joint_sentence(context: Context) -> str:
    """Say that the municipality is one of several in a joint trial."""
    return _text(context, "joint")


def build_municipality_note(context: Context) -> Iterator[Block]:
    """Say the same in two sentences, for a paper that must be short."""
    if context.evaluation.part is not None:
        yield Para(_text(context, "short"))


def build_municipality_disclosure(context: Context, smallest_cell: int) -> tuple[Block, ...]:
    """Say how the numbers of one municipality were rounded, and what was left out."""
    keys = ("municipality.disclosure.rounded", "municipality.disclosure.hidden", "municipality.disclosure.left_out")
    return tuple(Para(context.text(key, smallest=smallest_cell)) for key in keys)


def _text(context: Context, name: str) -> str:
    part = context.evaluation.part
    code, n = ("", 0) if part is None else (part.municipality, part.municipalities)
    return context.text(f"municipality.box.{name}", municipality=municipality_title(code), n=n)
