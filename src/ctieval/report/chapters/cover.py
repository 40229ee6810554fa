"""The cover."""

from __future__ import annotations

from ctieval.report.chapters.context import Context
from ctieval.report.model import Meta


def build_cover(context: Context) -> Meta:
    """Build what stands on the cover; simulated data are named there."""
    trial = context.evaluation.trial
    return Meta(
        title=context.label(trial.title),
        lang=context.words.lang,
        document_type=context.text("cover.document_type"),
        subtitle=context.text("cover.subtitle"),
        date=trial.report.dated,
        author=trial.report.author,
        about=trial.report.about,
        warning=context.text("cover.simulated") if context.evaluation.provenance.simulated else "",
    )
