"""From a protected evaluation to a report: which chapters there are, and in what order."""

from __future__ import annotations

from ctieval.domain.evaluation import Evaluation
from ctieval.domain.wording import Language
from ctieval.errors import DisclosureError
from ctieval.report.catalogue import load_catalogue
from ctieval.report.chapters.appendix.chapter import build_appendix
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.cover import build_cover
from ctieval.report.chapters.economy import build_economy
from ctieval.report.chapters.effects import build_effects
from ctieval.report.chapters.implementation import build_implementation
from ctieval.report.chapters.introduction import build_introduction
from ctieval.report.chapters.summary import build_summary
from ctieval.report.chapters.target_group import build_target_group
from ctieval.report.model import Report


def build_report(evaluation: Evaluation, lang: Language) -> Report:
    """Build the report of an evaluation in one language.

    Every chapter is there, whatever the data: a part that nothing is known of says so, and what would be needed.

    Args:
        evaluation: The evaluation, after ``protect``.
        lang: The language.

    Returns:
        The report; the same evaluation gives the same report.

    Raises:
        DisclosureError: If disclosure control has not run.
    """
    if evaluation.suppression is None:
        raise DisclosureError(
            what="an evaluation that has not been through disclosure control cannot be published",
            where="build_report",
            found="an evaluation without a log of its suppression",
            expected="the evaluation that protect returns",
            do="call protect(evaluation) first",
        )
    context = Context(evaluation, load_catalogue(lang))
    chapters = (
        build_summary(context),
        build_introduction(context),
        build_target_group(context),
        build_implementation(context),
        build_effects(context),
        build_economy(context),
    )
    return Report(build_cover(context), (*chapters, build_appendix(context, chapters)))
