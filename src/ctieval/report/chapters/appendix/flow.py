"""The flow of participants, drawn and counted."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.effect_table import Effect
from ctieval.domain.flow import FollowUp
from ctieval.domain.outcome import Role, StateOutcome
from ctieval.report.cells import HIDDEN, Col, Count, Kind, Row
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sources import data_source, drawn_note
from ctieval.report.chapters.target_group import exclusion_text
from ctieval.report.chapters.values import to_count
from ctieval.report.drawing import FlowArm, FlowBox, FlowChart, FlowStage
from ctieval.report.model import Block, Figure, Para, Section

CONTROL, INTERVENTION = 0, 1


def build_flow(context: Context) -> Section:
    """Build the section on the flow of participants."""
    return Section("flow", context.text("appendix.flow.title"), tuple(_blocks(context)))


def _blocks(context: Context) -> Iterator[Block]:
    followed = _followed(context)
    label = "" if followed is None else context.outcome_label(followed)
    yield Para(context.text("appendix.flow.lead" if label else "appendix.flow.lead_without_outcome", label=label))
    chart = FlowChart(_trunk(context), tuple(_arm(context, arm, followed) for arm in (INTERVENTION, CONTROL)))
    yield Figure(
        id="flow",
        caption=context.text("appendix.flow.caption"),
        alt=_alt(context),
        draw=chart,
        columns=(
            Col("box", context.text("head.flow_step")),
            Col("arm", context.text("head.arm")),
            Col("n", context.text("head.persons"), Kind.COUNT),
        ),
        rows=tuple(_rows(chart)),
        source=data_source(context),
        n_note=drawn_note(context),
        note=context.text("appendix.flow.note") if context.evaluation.flow.screening else "",
    )


def _followed(context: Context) -> str | None:
    """Name of the outcome whose follow-up the figure shows: the first primary one, else the first."""
    effects: tuple[Effect, ...] = context.effects(Role.PRIMARY) or context.effects()
    return effects[0].outcome if effects else None


def _trunk(context: Context) -> tuple[FlowStage, ...]:
    screening = context.evaluation.flow.screening
    allocated = context.evaluation.flow.allocated
    everybody = (*allocated, *(other.drawn for other in context.evaluation.flow.other_arms))
    total = HIDDEN if None in everybody else sum(n for n in everybody if n is not None)
    drawn = FlowStage(FlowBox(context.text("appendix.flow.drawn"), total))
    if screening is None:
        return (drawn,)
    details = tuple(
        (exclusion_text(context, row.reason), to_count(row.first)) for row in screening.exclusions if row.first != 0
    )
    out = _sum(tuple(count for _, count in details))
    leaving = FlowBox(context.text("appendix.flow.excluded"), out, details) if details else None
    screened = FlowStage(FlowBox(context.text("appendix.flow.screened"), to_count(screening.screened)), leaving)
    if screening.eligible == total:
        return (screened, FlowStage(FlowBox(context.text("appendix.flow.eligible_drawn"), total)))
    eligible = FlowStage(FlowBox(context.text("appendix.flow.eligible"), to_count(screening.eligible)))
    return (screened, eligible, drawn)


def _arm(context: Context, arm: int, followed: str | None) -> FlowArm:
    name = context.text("head.intervention" if arm else "head.control")
    boxes = [FlowBox(context.text("appendix.flow.arm"), to_count(context.evaluation.flow.allocated[arm]))]
    row = next((r for r in context.evaluation.flow.follow_up if (r.outcome, r.arm) == (followed, arm)), None)
    if row is not None:
        boxes += [
            FlowBox(context.text("appendix.flow.lost"), _lost(row), _reasons(context, row)),
            FlowBox(context.text("appendix.flow.analysed"), to_count(row.observed)),
        ]
    return FlowArm(name, tuple(boxes))


def _lost(row: FollowUp) -> Count:
    return _sum(tuple(to_count(each.n) for each in row.lost))


def _reasons(context: Context, row: FollowUp) -> tuple[tuple[str, Count], ...]:
    return tuple((_reason(context, row.outcome, each.reason), to_count(each.n)) for each in row.lost)


def _reason(context: Context, outcome: str, reason: str) -> str:
    """Word a loss; an exit is another set of persons where less of the state is better: the dead are then lost too."""
    declared = context.outcome(outcome)
    better = declared.state_is_better if isinstance(declared, StateOutcome) else declared.better_when
    directed = f"lost_{reason}.{better.value}"
    return context.text(directed if context.words.has(directed) else f"lost.{reason}")


def _sum(counts: tuple[Count, ...]) -> Count:
    known = [count for count in counts if isinstance(count, int)]
    return sum(known) if len(known) == len(counts) else HIDDEN


def _rows(chart: FlowChart) -> Iterator[Row]:
    for stage in chart.trunk:
        for box in (stage.box, stage.leaving):
            yield from () if box is None else _box_rows(box, "")
    for arm in chart.arms:
        for box in arm.boxes:
            yield from _box_rows(box, arm.name)


def _box_rows(box: FlowBox, arm: str) -> Iterator[Row]:
    yield Row((box.label, arm, box.n))
    for label, count in box.details:
        yield Row((label, arm, count))


def _alt(context: Context) -> str:
    flow = context.evaluation.flow
    control, treated = (context.fmt.count(to_count(n)) for n in flow.allocated)
    arms = context.text("appendix.flow.alt", control=control, treated=treated)
    if flow.screening is None:
        return arms
    counts = (to_count(flow.screening.screened), to_count(flow.screening.eligible))
    screened, eligible = (context.fmt.count(n) for n in counts)
    return f"{context.text('appendix.flow.alt_screened', screened=screened, eligible=eligible)} {arms}"
