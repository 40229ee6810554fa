"""Chapter 2: who could be drawn, and who was."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.flow import ScreeningFlow
from ctieval.domain.wording import Phrase
from ctieval.report.cells import Col, Kind, Row, RowRole
from ctieval.report.chapters.baseline import baseline_rows
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.instruments import build_start
from ctieval.report.chapters.sources import data_source, drawn_note
from ctieval.report.chapters.values import to_count, to_mean
from ctieval.report.model import Block, Bullets, Para, Section, Table


def build_target_group(context: Context) -> Section:
    """Build chapter 2."""
    return Section(
        "target-group",
        context.text("target_group.title"),
        sections=(
            Section("criteria", context.text("target_group.criteria.title"), tuple(_criteria(context))),
            Section("participants", context.text("target_group.participants.title"), tuple(_participants(context))),
            *build_start(context),
        ),
    )


def _criteria(context: Context) -> Iterator[Block]:
    eligibility, screening = context.evaluation.trial.eligibility, context.evaluation.flow.screening
    if eligibility is None or screening is None:
        yield context.missing("screening", "trial.toml")
        return
    yield Para(context.text("target_group.criteria.lead", as_of=context.fmt.date(eligibility.as_of)))
    yield Bullets(tuple(context.words.phrase(criterion.phrase) for criterion in eligibility.criteria))
    counts = {"screened": to_count(screening.screened), "eligible": to_count(screening.eligible)}
    yield Para(
        context.text("target_group.criteria.counts", **{name: context.fmt.count(n) for name, n in counts.items()})
    )
    yield _exclusions(context, screening)
    if context.evaluation.sensitivity is not None and context.evaluation.sensitivity.one_way:
        yield Para(context.text("target_group.criteria.sensitivity"))


def _exclusions(context: Context, screening: ScreeningFlow) -> Table:
    counted = tuple(row for row in screening.exclusions if row.any != 0)
    rows = tuple(
        Row((exclusion_text(context, row.reason), to_count(row.first), to_count(row.any), to_count(row.only)))
        for row in counted
    )
    out = None if any(row.first is None for row in counted) else sum(row.first or 0 for row in counted)
    total = Row((context.text("target_group.criteria.all"), to_count(out), None, None), RowRole.TOTAL)
    return Table(
        id="exclusions",
        caption=context.text("target_group.criteria.caption"),
        columns=(
            Col("reason", context.text("head.reason")),
            *(Col(name, context.text(f"head.{name}"), Kind.COUNT) for name in ("first", "any", "only")),
        ),
        rows=(*rows, total),
        source=data_source(context),
        n_note=context.text("persons.screened", n=context.fmt.count(to_count(screening.screened))),
        note=context.text("target_group.criteria.note"),
    )


def exclusion_text(context: Context, reason: Phrase) -> str:
    """Name those whom a criterion keeps out."""
    return context.words.phrase(Phrase(f"excluded.{reason.key}", reason.facts))


def _participants(context: Context) -> Iterator[Block]:
    if not context.evaluation.baseline:
        yield context.missing("baseline", "trial.toml")
        return
    yield Para(context.text("target_group.participants.lead"))
    key = "note_blocked" if context.blocked_by else "note"
    yield Table(
        id="participants",
        caption=context.text("target_group.participants.caption"),
        columns=(
            Col("characteristic", context.text("head.characteristic")),
            Col("intervention", context.text("head.intervention"), Kind.RATIO),
            Col("control", context.text("head.control"), Kind.RATIO),
        ),
        rows=baseline_rows(context, lambda row: (to_mean(row.intervention, row.unit), to_mean(row.control, row.unit))),
        source=data_source(context),
        n_note=drawn_note(context),
        note=context.text(f"target_group.participants.{key}", unit=context.block_word),
    )
