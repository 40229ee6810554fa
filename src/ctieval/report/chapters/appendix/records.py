"""What disclosure control did, what everything was made from, what must be known, and what is missing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ctieval.domain.allocation import Proven
from ctieval.domain.wording import Fact, Notice
from ctieval.report.cells import Col, Row
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.municipality import build_municipality_disclosure
from ctieval.report.model import Block, Bullets, Figure, Missing, Para, Section, Table

_YEARS = ("year", "price_year", "first_year", "last_year")


def build_disclosure(context: Context) -> Section:
    """Build the section on disclosure control."""
    suppression = context.evaluation.suppression
    if suppression is None:
        msg = "only a protected evaluation has a log of its suppression"
        raise ValueError(msg)
    rule = context.text("appendix.disclosure.rule", smallest=suppression.smallest_cell)
    blocks: list[Block] = [Para(rule)]
    if context.evaluation.part is not None:
        blocks = [*build_municipality_disclosure(context, suppression.smallest_cell)]
    elif suppression.counts:
        log = context.text("appendix.disclosure.log", counts=suppression.counts)
        values = context.text("appendix.disclosure.values", values=suppression.values)
        blocks.append(Para(f"{log} {values}" if suppression.values else log))
        blocks += [Para(context.text("appendix.disclosure.rounded"))] if _is_rounded(context) else []
    else:
        blocks.append(Para(context.text("appendix.disclosure.nothing")))
    if context.evaluation.paths is not None:
        blocks.append(Para(context.text("appendix.disclosure.paths", smallest=suppression.smallest_cell)))
    if context.evaluation.sensitivity is not None and context.evaluation.sensitivity.rounded_to > 1:
        blocks.append(Para(context.text("appendix.disclosure.sensitivity", smallest=suppression.smallest_cell)))
    blocks.append(Para(context.text("appendix.disclosure.limits")))
    return Section("disclosure", context.text("appendix.disclosure.title"), tuple(blocks))


def _is_rounded(context: Context) -> bool:
    """Tell whether a value stands without its number of persons."""
    levels = (level for row in context.evaluation.levels for level in (row.control, row.intervention) if level)
    return any(level.n is None and not math.isnan(level.mean) for level in levels)


def build_notices(context: Context) -> Section:
    """Build the section on what a reader must know of the results."""
    account = context.evaluation.economics
    notices = (*context.evaluation.warnings, *(() if account is None else account.warnings))
    if not notices:
        blocks: tuple[Block, ...] = (Para(context.text("appendix.notices.none")),)
    else:
        points = tuple(_notice_points(context, notices))
        blocks = (Para(context.text("appendix.notices.lead")), Bullets(points))
    return Section("notices", context.text("appendix.notices.title"), blocks)


def _notice_points(context: Context, notices: tuple[Notice, ...]) -> Iterator[str]:
    """One sentence for each code and facts, whatever the number of outcomes that it is said of."""
    subjects: dict[Notice, list[str]] = {}
    for notice in dict.fromkeys(notices):
        subjects.setdefault(replace(notice, subject=""), []).append(notice.subject)
    for notice, said_of in subjects.items():
        yield notice_sentence(context, notice, tuple(said_of))


def notice_sentence(context: Context, notice: Notice, subjects: tuple[str, ...]) -> str:
    """Say what a notice means for what it is about; a number of persons may be hidden."""
    facts: dict[str, Fact] = {
        name.removeprefix("n_"): str(fact) if name in _YEARS else fact for name, fact in notice.facts
    }
    sentence = context.text(f"notice.{notice.code}", subject=_subjects(context, subjects), **facts)
    keys = (f"notice_more.{notice.code}.{name}" for name in facts)
    return " ".join((sentence, *(context.text(key, **facts) for key in keys if context.words.has(key))))


def _subjects(context: Context, subjects: tuple[str, ...]) -> str:
    with_effect = {effect.outcome for effect in context.effects()}
    if len(subjects) > 1 and with_effect == set(subjects):
        return context.text("appendix.notices.all_outcomes")
    return "; ".join(_subject(context, each) for each in subjects)


def _subject(context: Context, name: str) -> str:
    for outcome in context.evaluation.trial.outcomes:
        if outcome.name == name:
            return context.label(outcome.label)
    for variable in context.evaluation.trial.baseline:
        if variable.name == name:
            return context.label(variable.label)
    instruments = context.evaluation.instruments
    for instrument in () if instruments is None else instruments.instruments:
        if instrument.name == name:
            return context.label(instrument.title)
    keys = (f"subject.{name}", f"fact.benefit.{name}")
    return next((context.text(key) for key in keys if context.words.has(key)), name)


def build_provenance(context: Context) -> Section:
    """Build the section on what the report was made from."""
    return Section("provenance", context.text("appendix.provenance.title"), tuple(_provenance(context)))


def _provenance(context: Context) -> Iterator[Block]:
    proof = context.evaluation.proof
    yield Para(context.text(f"appendix.provenance.{type(proof).__name__.lower()}"))
    yield Para(context.text("appendix.provenance.lead"))
    yield Table(
        id="provenance",
        caption=context.text("appendix.provenance.caption"),
        columns=(Col("what", context.text("head.what")), Col("value", context.text("head.value"))),
        rows=tuple(Row(pair) for pair in _pairs(context)),
        source=context.text("source.run"),
        n_note=context.text("persons.none_files"),
        note=context.text("appendix.provenance.note"),
    )


def _pairs(context: Context) -> Iterator[tuple[str, str]]:
    provenance, proof = context.evaluation.provenance, context.evaluation.proof
    for name, version in provenance.versions:
        yield context.text("appendix.provenance.version", name=name), version
    if provenance.trial_digest:
        yield context.text("appendix.provenance.plan"), provenance.trial_digest
    if isinstance(proof, Proven):
        yield context.text("appendix.provenance.record"), proof.record_digest
    for name, digest in provenance.inputs:
        yield context.text("appendix.provenance.input", name=name), digest
    for name, seed in provenance.seeds:
        named = context.text(f"seed.{name}") if context.words.has(f"seed.{name}") else name
        yield context.text("appendix.provenance.seed", name=named), str(seed)


def build_gaps(context: Context, sections: tuple[Section, ...]) -> Section:
    """Build the list of everything that the report cannot say, wherever it stands."""
    gaps = dict.fromkeys(block for block in _blocks_of(sections) if isinstance(block, Missing))
    points = tuple(context.text("appendix.gaps.point", what=gap.what, needed=gap.needed) for gap in gaps)
    blocks: tuple[Block, ...] = (Para(context.text("appendix.gaps.none")),)
    if points:
        blocks = (Para(context.text("appendix.gaps.lead")), Bullets(points))
    return Section("gaps", context.text("appendix.gaps.title"), blocks)


def build_lists(context: Context, sections: tuple[Section, ...]) -> Section:
    """Build the list of figures and tables, in the order of reading."""
    figures = tuple(block for block in _blocks_of(sections) if isinstance(block, Figure))
    tables = tuple(block for block in _blocks_of(sections) if isinstance(block, Table))
    blocks: list[Block] = []
    for key, found in (("figure", figures), ("table", tables)):
        if found:
            points = tuple(context.text(f"appendix.lists.{key}", id=each.id, caption=each.caption) for each in found)
            blocks += [Para(context.text(f"appendix.lists.{key}s")), Bullets(points)]
    return Section("lists", context.text("appendix.lists.title"), tuple(blocks))


def _blocks_of(sections: tuple[Section, ...]) -> Iterator[Block]:
    for section in sections:
        yield from section.blocks
        yield from _blocks_of(section.sections)
