"""Chapter 6: the appendix on methods, which ends with what is missing and the list of tables."""

from __future__ import annotations

from dataclasses import replace

from ctieval.report.chapters.appendix.adjusted import build_adjusted
from ctieval.report.chapters.appendix.balance import build_balance
from ctieval.report.chapters.appendix.checklists import build_checklists
from ctieval.report.chapters.appendix.coverage import build_coverage
from ctieval.report.chapters.appendix.estimands import build_estimands
from ctieval.report.chapters.appendix.flow import build_flow
from ctieval.report.chapters.appendix.follow_up import build_follow_up
from ctieval.report.chapters.appendix.instruments import build_instruments
from ctieval.report.chapters.appendix.measures import build_measures
from ctieval.report.chapters.appendix.methods import build_methods, build_rates
from ctieval.report.chapters.appendix.plan import build_plan
from ctieval.report.chapters.appendix.records import (
    build_disclosure,
    build_gaps,
    build_lists,
    build_notices,
    build_provenance,
)
from ctieval.report.chapters.appendix.risks import build_risks
from ctieval.report.chapters.appendix.sensitivity import build_sensitivity
from ctieval.report.chapters.context import Context
from ctieval.report.model import Para, Section, SectionKind


def build_appendix(context: Context, chapters: tuple[Section, ...]) -> Section:
    """Build the appendix to some chapters."""
    appendix = Section(
        "appendix",
        context.text("appendix.title"),
        (Para(context.text("appendix.lead")),),
        (
            build_flow(context),
            *build_sensitivity(context),
            build_balance(context),
            build_follow_up(context),
            *build_estimands(context),
            build_methods(context),
            *build_coverage(context),
            *build_risks(context),
            *build_adjusted(context),
            *build_instruments(context),
            build_rates(context),
            *build_measures(context),
            build_disclosure(context),
            build_notices(context),
            build_plan(context),
            build_provenance(context),
        ),
        SectionKind.APPENDIX,
    )
    everything = (*chapters, appendix)
    gaps = build_gaps(context, everything)
    known = (*chapters, replace(appendix, sections=(*appendix.sections, gaps)))
    checklists = build_checklists(context, known)
    listed = (*chapters, replace(appendix, sections=(*appendix.sections, *checklists)))
    lists = build_lists(context, listed)
    return replace(appendix, sections=(*appendix.sections, gaps, *checklists, lists))
