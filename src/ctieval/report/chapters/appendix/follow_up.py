"""Observed and lost, by outcome and arm."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.flow import FollowUp
from ctieval.report.cells import Cell, Col, Count, Kind, Row, RowRole
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sources import data_source, drawn_note
from ctieval.report.chapters.values import to_count
from ctieval.report.model import Block, Para, Section, Table

_NOT_MEASURED = "not_measured"


def build_follow_up(context: Context) -> Section:
    """Build the section on follow-up and attrition."""
    return Section("follow-up", context.text("appendix.follow_up.title"), tuple(_blocks(context)))


def _blocks(context: Context) -> Iterator[Block]:
    rows = tuple(row for row in context.evaluation.flow.follow_up if not _is_unmeasured(row))
    if not rows:
        yield context.missing("follow_up", "trial.toml")
        return
    reasons = tuple(dict.fromkeys(each.reason for row in rows for each in row.lost))
    yield Para(context.text("appendix.follow_up.lead" if reasons else "appendix.follow_up.nobody_lost"))
    yield Table(
        id="follow-up",
        caption=context.text("appendix.follow_up.caption"),
        columns=(
            Col("arm", context.text("head.outcome_and_arm")),
            Col("observed", context.text("head.observed"), Kind.COUNT),
            *(Col(reason, context.text(f"lost.{reason}"), Kind.COUNT) for reason in reasons),
        ),
        rows=tuple(_rows(context, rows, reasons)),
        source=data_source(context),
        n_note=drawn_note(context),
        note=" ".join(_notes(context, reasons)),
    )


def _notes(context: Context, reasons: tuple[str, ...]) -> Iterator[str]:
    yield context.text("appendix.follow_up.note")
    yield from (context.text(key) for each in reasons if context.words.has(key := f"appendix.follow_up.{each}"))


def _is_unmeasured(row: FollowUp) -> bool:
    return any(each.reason == _NOT_MEASURED for each in row.lost) and not row.observed


def _rows(context: Context, rows: tuple[FollowUp, ...], reasons: tuple[str, ...]) -> Iterator[Row]:
    for outcomes, arms in _alike(rows):
        yield Row(("; ".join(context.outcome_label(name) for name in outcomes),), RowRole.GROUP)
        for row in reversed(arms):
            arm = context.text("head.intervention" if row.arm else "head.control")
            lost: dict[str, Count] = {each.reason: to_count(each.n) for each in row.lost}
            cells: tuple[Cell, ...] = tuple(lost.get(reason, 0) for reason in reasons)
            yield Row((arm, to_count(row.observed), *cells), RowRole.SUB)


def _alike(rows: tuple[FollowUp, ...]) -> Iterator[tuple[list[str], tuple[FollowUp, ...]]]:
    """Outcomes with the same counts in every arm, and those counts."""
    groups: dict[object, tuple[list[str], tuple[FollowUp, ...]]] = {}
    for name in dict.fromkeys(row.outcome for row in rows):
        arms = tuple(row for row in rows if row.outcome == name)
        counts = tuple((row.arm, row.observed, row.lost) for row in arms)
        groups.setdefault(counts, ([], arms))[0].append(name)
    yield from groups.values()
