"""The cover."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.allocation import Masked
from ctieval.report.chapters.context import Context
from ctieval.report.model import Meta
from ctieval.report.municipalities import municipality_title


def build_cover(context: Context) -> Meta:
    """Build what stands on the cover; simulated data and masked arms are named there."""
    trial = context.evaluation.trial
    return Meta(
        title=context.label(trial.title),
        lang=context.words.lang,
        document_type=context.text("cover.document_type"),
        subtitle=municipality_subtitle(context) or context.text("cover.subtitle"),
        date=trial.report.dated,
        author=trial.report.author,
        about=trial.report.about,
        warning=" ".join(_warnings(context)),
    )


def municipality_subtitle(context: Context) -> str:
    """Name the municipality that the evaluation is about; empty where it is about the whole trial."""
    part = context.evaluation.part
    if part is None:
        return ""
    title = municipality_title(part.municipality)
    return context.text("municipality.subtitle", municipality=title, n=part.municipalities)


def _warnings(context: Context) -> Iterator[str]:
    if isinstance(context.evaluation.proof, Masked):
        yield context.text("masked.cover")
    if context.evaluation.provenance.simulated:
        yield context.text("cover.simulated")
