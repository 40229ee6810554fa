"""The cover."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.allocation import Masked
from ctieval.report.chapters.context import Context
from ctieval.report.model import Meta


def build_cover(context: Context) -> Meta:
    """Build what stands on the cover; simulated data and masked arms are named there."""
    trial = context.evaluation.trial
    return Meta(
        title=context.label(trial.title),
        lang=context.words.lang,
        document_type=context.text("cover.document_type"),
        subtitle=context.text("cover.subtitle"),
        date=trial.report.dated,
        author=trial.report.author,
        about=trial.report.about,
        warning=" ".join(_warnings(context)),
    )


def _warnings(context: Context) -> Iterator[str]:
    if isinstance(context.evaluation.proof, Masked):
        yield context.text("masked.cover")
    if context.evaluation.provenance.simulated:
        yield context.text("cover.simulated")
