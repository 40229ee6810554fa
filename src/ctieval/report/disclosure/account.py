"""Takes what is hidden out of the account, whose lines add up: the worst of them decides for all."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeAlias

from ctieval.domain.cost_benefit import CostBenefit, PerParticipant
from ctieval.domain.decision import Decision
from ctieval.domain.effect_table import Effect
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.ledger_quantities import WITHHELD
from ctieval.domain.wording import Notice
from ctieval.report.disclosure.counts import HeadCount, Key, Sum, Verdict
from ctieval.report.disclosure.gather import CONTROL, INTERVENTION, persons
from ctieval.report.disclosure.grid import lay_grid_of_effect
from ctieval.report.disclosure.mask import (
    HIDDEN,
    Discretion,
    Openness,
    mask_effect,
    openness_of_effect,
    rounded,
)
from ctieval.report.disclosure.quantities import mask_quantities
from ctieval.report.disclosure.results import Outcomes, mask_notices

Found: TypeAlias = Iterator[HeadCount | Sum]


def gather_participants(evaluation: Evaluation) -> Found:
    """Name the head counts of those in the account who took part.

    Those in the account are among everybody drawn, so that what a step of the funnel or of take-up has more than they
    is a group too.
    """
    found = None if evaluation.economics is None else evaluation.economics.per_participant
    if found is None:
        return
    observed = (found.take_up.n_control, found.take_up.n_treated)
    for arm, n in enumerate(found.participants):
        if n is not None:
            yield HeadCount(_participants(arm), n, (observed[arm], *_others(evaluation, arm)))


def mask_economics(evaluation: Evaluation, outcomes: Outcomes, verdict: Verdict) -> CostBenefit | None:
    """Return the account with what is hidden taken out.

    Its lines add up, so that one of them cannot be hidden alone: the worst decides for all. The cost per person
    drawn tells how many were drawn, so that nothing is shown where that is hidden. The results per participant and
    those per person drawn together tell how many took part, so that the former are shown only where nothing is hidden.
    Outlook and decision are functions of the net results and their standard errors, and are shown only where those are;
    so is an outcome that is weighed against its cost.
    """
    account = evaluation.economics
    if account is None:
        return None
    parts = (*account.lines, *account.results)
    effects = (account.weeks_saved, *(part.effect for part in parts))
    openness = max(openness_of_effect(effect, verdict) for effect in effects)
    if verdict.hides(persons(INTERVENTION, evaluation.flow.allocated[INTERVENTION])):
        openness = Openness.HIDDEN
    weeks, *masked = _mask(effects, openness, verdict)
    n_lines = len(account.lines)
    is_open = openness is Openness.OPEN
    quantities = mask_quantities(account.quantities, verdict.smallest_cell, is_open=is_open)
    withheld = (Notice(WITHHELD, "economics"),) if account.quantities is not None and quantities is None else ()
    return replace(
        account,
        lines=tuple(replace(line, effect=effect) for line, effect in zip(account.lines, masked[:n_lines], strict=True)),
        results=tuple(
            replace(
                result, effect=effect, break_even_displacement=result.break_even_displacement if is_open else math.nan
            )
            for result, effect in zip(account.results, masked[n_lines:], strict=True)
        ),
        per_participant=_mask_participants(account.per_participant, verdict, is_open=is_open),
        weeks_saved=weeks,
        outlook=account.outlook if is_open else None,
        decision=_mask_decision(account.decision, outcomes) if is_open else None,
        warnings=(*mask_notices(account.warnings, verdict), *withheld),
        quantities=quantities,
    )


def _mask_participants(found: PerParticipant | None, verdict: Verdict, *, is_open: bool) -> PerParticipant | None:
    if found is None:
        return None
    if is_open and not any(verdict.hides(_participants(arm)) for arm in (CONTROL, INTERVENTION)):
        return found
    return PerParticipant(
        take_up=mask_effect(found.take_up, HIDDEN),
        participants=(None, None),
        results=tuple(replace(result, effect=mask_effect(result.effect, HIDDEN)) for result in found.results),
    )


def _mask_decision(decision: Decision | None, outcomes: Outcomes) -> Decision | None:
    if decision is None:
        return None
    shown = (each for each in decision.acceptability if outcomes.of(each.outcome).openness is Openness.OPEN)
    return replace(decision, acceptability=tuple(shown))


def _participants(arm: int) -> Key:
    return ("participants", str(arm))


def _others(evaluation: Evaluation, arm: int) -> tuple[int | None, ...]:
    """Numbers that hold those of an arm who took part, or lie within them."""
    funnel, take_up = evaluation.implementation, evaluation.compliance
    steps = () if funnel is None or arm == CONTROL else tuple(step.reached for step in funnel.steps)
    rows = () if take_up is None else take_up.steps
    return (*steps, *((row.control, row.intervention)[arm] for row in rows))


def _mask(effects: tuple[Effect, ...], openness: Openness, verdict: Verdict) -> Iterator[Effect]:
    """Mask the account; all its kroner are rounded to the same steps, and what is the same for all is not."""
    coarsest = {effect.unit: max(each.std_error for each in effects if each.unit == effect.unit) for effect in effects}
    for effect in effects:
        if openness is not Openness.ROUNDED:
            yield mask_effect(effect, Discretion(openness))
        elif effect.std_error == 0:
            yield replace(effect, n=None, n_treated=None, n_control=None)
        else:
            arms = ((CONTROL, effect.n_control or 0), (INTERVENTION, effect.n_treated or 0))
            control, intervention = (verdict.fewest(persons(arm, n), n) for arm, n in arms)
            grid = lay_grid_of_effect(coarsest[effect.unit], (control, intervention))
            yield mask_effect(effect, rounded(grid))
