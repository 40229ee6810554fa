"""From a protected evaluation to its documents: which chapters each has, and in what order."""

from __future__ import annotations

from dataclasses import replace

from ctieval.domain.evaluation import Evaluation
from ctieval.domain.wording import Language
from ctieval.errors import DisclosureError
from ctieval.report.catalogue import load_catalogue
from ctieval.report.chapters.appendix.chapter import build_appendix
from ctieval.report.chapters.appendix.records import build_lists
from ctieval.report.chapters.comments import add_comments
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.council import build_council, build_council_meta
from ctieval.report.chapters.cover import build_cover
from ctieval.report.chapters.economy.chapter import build_economy
from ctieval.report.chapters.effects import build_effects
from ctieval.report.chapters.implementation import build_implementation
from ctieval.report.chapters.introduction import build_introduction
from ctieval.report.chapters.summary import build_summary
from ctieval.report.chapters.target_group import build_target_group
from ctieval.report.model import Form, Para, Report, Section, SectionKind
from ctieval.report.resolve import resolve
from ctieval.report.standalone import to_standalone


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
        ProtocolError: If a comment is about no chapter, or two are about the same.
    """
    context = _context(evaluation, lang, "build_report")
    chapters = (
        build_summary(context),
        build_introduction(context),
        build_target_group(context),
        build_implementation(context),
        build_effects(context),
        build_economy(context),
    )
    sections = add_comments(context, (*chapters, build_appendix(context, chapters)))
    return Report(build_cover(context), sections)


def build_council_paper(evaluation: Evaluation, lang: Language) -> Report:
    """Build the paper with which an evaluation comes before a council: at most two pages of A4.

    It holds the same numbers as the report, each with its uncertainty, and recommends nothing: what the
    administration recommends is its own comment on ``recommendation``.

    Args:
        evaluation: The evaluation, after ``protect``.
        lang: The language.

    Returns:
        The paper; a reference to the report names it.

    Raises:
        DisclosureError: If disclosure control has not run.
        ProtocolError: If a comment is about no chapter, or two are about the same.
    """
    context = _context(evaluation, lang, "build_council_paper")
    whole = resolve(build_report(evaluation, lang))
    return Report(build_council_meta(context), to_standalone(build_council(context), whole, context.words))


def build_methods_appendix(evaluation: Evaluation, lang: Language) -> Report:
    """Build the appendix on methods as a document of its own.

    Its sections are its chapters. Figures and tables have the numbers that they have in the report.

    Args:
        evaluation: The evaluation, after ``protect``.
        lang: The language.

    Returns:
        The appendix; a reference to another chapter names the report.

    Raises:
        DisclosureError: If disclosure control has not run.
        ProtocolError: If a comment is about no chapter, or two are about the same.
    """
    context = _context(evaluation, lang, "build_methods_appendix")
    whole = build_report(evaluation, lang)
    *_, appendix = whole.sections
    *parts, _ = (replace(section, kind=SectionKind.APPENDIX) for section in appendix.sections)
    about = (Para(context.text("methods.about.text")), *appendix.blocks)
    own = (
        Section("about", context.text("methods.about.title"), about, kind=SectionKind.UNNUMBERED),
        *parts,
        replace(build_lists(context, tuple(parts)), kind=SectionKind.APPENDIX),
    )
    meta = replace(
        whole.meta, document_type=appendix.title, subtitle=context.text("methods.subtitle"), form=Form.APPENDIX
    )
    return Report(meta, to_standalone(own, resolve(whole), context.words))


def _context(evaluation: Evaluation, lang: Language, where: str) -> Context:
    """Return what chapters are built from, if it may leave."""
    if evaluation.suppression is None:
        raise DisclosureError(
            what="an evaluation that has not been through disclosure control cannot be published",
            where=where,
            found="an evaluation without a log of its suppression",
            expected="the evaluation that protect returns",
            do="call protect(evaluation) first",
        )
    return Context(evaluation, load_catalogue(lang))
