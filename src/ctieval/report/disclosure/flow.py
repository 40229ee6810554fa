"""Takes the hidden counts out of the flow of participants."""

from __future__ import annotations

from dataclasses import replace

from ctieval.domain.flow import BlockCount, ExclusionCount, FollowUp, LossCount, ParticipantFlow, ScreeningFlow
from ctieval.report.disclosure.counts import Verdict
from ctieval.report.disclosure.gather import CONTROL, INTERVENTION, in_block, lost, persons
from ctieval.report.disclosure.screening import ANY, ELIGIBLE, FIRST, ONLY, SCREENED, reason


def mask_flow(flow: ParticipantFlow, verdict: Verdict) -> ParticipantFlow:
    """Return the flow with the hidden counts taken out."""
    control, intervention = flow.allocated
    return ParticipantFlow(
        screening=None if flow.screening is None else _screening(flow.screening, verdict),
        allocated=(
            verdict.shown(persons(CONTROL, control), control),
            verdict.shown(persons(INTERVENTION, intervention), intervention),
        ),
        blocks=tuple(_block(block, verdict) for block in flow.blocks),
        follow_up=tuple(_follow_up(row, verdict) for row in flow.follow_up),
        other_arms=tuple(
            replace(other, drawn=verdict.shown(persons(arm, other.drawn), other.drawn))
            for arm, other in enumerate(flow.other_arms, start=INTERVENTION + 1)
        ),
    )


def _screening(flow: ScreeningFlow, verdict: Verdict) -> ScreeningFlow:
    return ScreeningFlow(
        screened=verdict.shown(SCREENED, flow.screened),
        exclusions=tuple(_exclusion(flow, number, row, verdict) for number, row in enumerate(flow.exclusions)),
        eligible=verdict.shown(ELIGIBLE, flow.eligible),
    )


def _exclusion(flow: ScreeningFlow, number: int, row: ExclusionCount, verdict: Verdict) -> ExclusionCount:
    return replace(
        row,
        first=verdict.shown(reason(flow, number, FIRST), row.first),
        any=verdict.shown(reason(flow, number, ANY), row.any),
        only=verdict.shown(reason(flow, number, ONLY), row.only),
    )


def _block(block: BlockCount, verdict: Verdict) -> BlockCount:
    return replace(
        block,
        control=verdict.shown(in_block(block.block, CONTROL), block.control),
        intervention=verdict.shown(in_block(block.block, INTERVENTION), block.intervention),
    )


def _follow_up(row: FollowUp, verdict: Verdict) -> FollowUp:
    return replace(
        row,
        observed=verdict.shown(persons(row.arm, row.observed), row.observed),
        lost=tuple(
            LossCount(each.reason, verdict.shown(lost(row.arm, each.reason, each.n), each.n)) for each in row.lost
        ),
    )
