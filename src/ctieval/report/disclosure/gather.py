"""Walks through an evaluation and names every head count that a report would show."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TypeAlias

from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.description import ArmLevel, BaselineRow
from ctieval.domain.design import blocked_by
from ctieval.domain.effect_table import Effect
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.flow import BlockCount, FollowUp
from ctieval.domain.outcome import AmountOutcome, Role, StateOutcome
from ctieval.domain.units import Unit
from ctieval.domain.wording import Fact, Notice
from ctieval.report.disclosure.counts import HeadCount, Key, Sum
from ctieval.report.disclosure.screening import ELIGIBLE, gather_screening

Found: TypeAlias = Iterator[HeadCount | Sum]
CONTROL, INTERVENTION = 0, 1


def persons(arm: int, n: int | None) -> Key:
    """Key of so many persons of an arm, drawn, observed or asked alike."""
    return ("persons", str(arm), str(n))


def lost(arm: int, reason: str, n: int | None) -> Key:
    """Key of those of an arm without a value, for one reason."""
    return ("lost", str(arm), reason, str(n))


def in_block(label: str, arm: int) -> Key:
    """Key of an arm of a block."""
    return ("block", label, str(arm))


def events(outcome: str, arm: int) -> Key:
    """Key of those with the value 1 of an outcome."""
    return ("events", outcome, str(arm))


def category(evaluation: Evaluation, row: BaselineRow, arm: int) -> Key:
    """Key of those in a category before the draw; where the blocks are these categories, the block's key."""
    own = ("category", row.name, row.level, str(arm))
    columns = {variable.name: variable.column for variable in evaluation.trial.baseline}
    if columns.get(row.name) != blocked_by(evaluation.design):
        return own
    n = events_of(_arms(row)[arm], row.unit)
    same = [block.block for block in evaluation.flow.blocks if (block.control, block.intervention)[arm] == n]
    return in_block(row.level if row.level in same else same[0], arm) if same else own


def reached(step: str) -> Key:
    """Key of those who reached a step."""
    return ("reached", step)


def told(notice: Notice, name: str) -> Key:
    """Key of those whom a fact of a notice counts."""
    return ("notice", notice.code, notice.subject, name)


def is_head_count(name: str, fact: Fact) -> bool:
    """Tell whether a fact of a notice is a number of persons; a whole number is, unless its name says otherwise."""
    return isinstance(fact, int) and name not in _NO_PERSONS


def arm_of(effect: Effect, evaluation: Evaluation) -> int:
    """Return the number of the intervention whose effect it is: 1 for the one that is described, else 2 and more."""
    control = evaluation.trial.arms.control
    others = [f"{other.name} - {control}" for other in evaluation.flow.other_arms]
    return INTERVENTION + 1 + others.index(effect.contrast) if effect.contrast in others else INTERVENTION


def described_effects(evaluation: Evaluation) -> tuple[Effect, ...]:
    """Return the effects of the intervention that is described, the only one or the first of several."""
    return tuple(row for row in evaluation.effects.rows if arm_of(row, evaluation) == INTERVENTION)


def notices_of(evaluation: Evaluation) -> tuple[Notice, ...]:
    """Return every notice of an evaluation."""
    own = () if evaluation.economics is None else evaluation.economics.warnings
    return (*evaluation.warnings, *evaluation.effects.warnings, *own)


_NO_PERSONS = frozenset(
    {
        "year",
        "price_year",
        "first_year",
        "last_year",
        "years",
        "months",
        "weeks",
        "weeks_without_payment",
        "periods",
        "replicates",
        "clusters",
        "contrasts",
        "points",
    }
)


def events_of(level: ArmLevel, unit: str) -> int | None:
    """Return how many have the value 1, from their share where no count is given; None for other units."""
    if level.events is not None or unit != Unit.SHARE or not level.n or math.isnan(level.mean):
        return level.events
    return round(level.mean * level.n)


def gather(evaluation: Evaluation) -> Found:
    """Name every head count of an evaluation, and the sums between them."""
    drawn = evaluation.flow.allocated
    everybody = (*drawn, *(arm.drawn for arm in evaluation.flow.other_arms))
    total = None if None in everybody else sum(n for n in everybody if n is not None)
    if evaluation.flow.screening is not None:
        yield from gather_screening(evaluation.flow.screening, total)
        if evaluation.flow.screening.eligible == total:
            yield Sum(ELIGIBLE, tuple(persons(arm, n) for arm, n in enumerate(everybody)))
    yield from _other_arms(evaluation)
    yield from _blocks(evaluation.flow.blocks, drawn)
    for row in evaluation.flow.follow_up:
        yield from _follow_up(row, drawn[row.arm])
    yield from _outcomes(evaluation)
    yield from _baseline(evaluation)
    yield from _intervention_alone(evaluation)
    for effect in (*described_effects(evaluation), *_ledger(evaluation.economics)):
        yield from _count(persons(CONTROL, effect.n_control), effect.n_control, drawn[CONTROL])
        yield from _count(persons(INTERVENTION, effect.n_treated), effect.n_treated, drawn[INTERVENTION])
    for arm in (CONTROL, INTERVENTION):
        yield from _followed(evaluation, arm)
    for notice in notices_of(evaluation):
        yield from _notice(notice, evaluation)


def _other_arms(evaluation: Evaluation) -> Found:
    """Those drawn into the interventions that are not described, and those of them in an effect."""
    for arm, other in enumerate(evaluation.flow.other_arms, start=INTERVENTION + 1):
        yield from _count(persons(arm, other.drawn), other.drawn)
    for effect in evaluation.effects.rows:
        arm = arm_of(effect, evaluation)
        if arm > INTERVENTION:
            drawn = evaluation.flow.other_arms[arm - INTERVENTION - 1].drawn
            control = evaluation.flow.allocated[CONTROL]
            yield from _count(persons(CONTROL, effect.n_control), effect.n_control, control)
            yield from _count(persons(arm, effect.n_treated), effect.n_treated, drawn)


def _count(key: Key, n: int | None, *against: int | None) -> Found:
    if n is not None:
        yield HeadCount(key, n, against)


def _blocks(blocks: tuple[BlockCount, ...], drawn: tuple[int | None, int | None]) -> Found:
    for arm in (CONTROL, INTERVENTION):
        yield from _count(persons(arm, drawn[arm]), drawn[arm])
        for block in blocks:
            yield from _count(in_block(block.block, arm), (block.control, block.intervention)[arm])
        yield Sum(persons(arm, drawn[arm]), tuple(in_block(block.block, arm) for block in blocks))


def _follow_up(row: FollowUp, drawn: int | None) -> Found:
    yield from _count(persons(row.arm, row.observed), row.observed, drawn)
    for each in row.lost:
        yield from _count(lost(row.arm, each.reason, each.n), each.n)
    parts = (lost(row.arm, each.reason, each.n) for each in row.lost)
    yield Sum(persons(row.arm, drawn), (persons(row.arm, row.observed), *parts))


def _outcomes(evaluation: Evaluation) -> Found:
    units = {outcome.name: outcome.unit for outcome in evaluation.trial.outcomes}
    for row in evaluation.levels:
        for arm, level in enumerate((row.control, row.intervention)):
            if level is not None:
                key = events(row.outcome, arm)
                yield from _level(level, arm, evaluation.flow.allocated[arm], key, units.get(row.outcome, ""))


def _level(level: ArmLevel, arm: int, drawn: int | None, key: Key, unit: str) -> Found:
    yield from _count(persons(arm, level.n), level.n, drawn)
    yield from _count(key, events_of(level, unit), level.n)


def _baseline(evaluation: Evaluation) -> Found:
    for _, group in groupby(evaluation.baseline, key=lambda row: row.name):
        rows = tuple(group)
        for arm in (CONTROL, INTERVENTION):
            for row in rows:
                key = category(evaluation, row, arm)
                yield from _level(_arms(row)[arm], arm, evaluation.flow.allocated[arm], key, row.unit)
            yield from _categories(evaluation, rows, arm)


def _categories(evaluation: Evaluation, rows: tuple[BaselineRow, ...], arm: int) -> Found:
    """Categories add up to the persons with one; a number that is known, and where it is not, to those drawn."""
    if not rows[0].level:
        known, drawn = _arms(rows[0])[arm].n, evaluation.flow.allocated[arm]
        for row in rows[1:]:
            yield Sum(persons(arm, drawn), (persons(arm, known), category(evaluation, row, arm)))
        return
    counts = [events_of(_arms(row)[arm], row.unit) for row in rows if row.level]
    n = _arms(rows[0])[arm].n
    if counts and sum(c for c in counts if c is not None) == n:
        yield Sum(persons(arm, n), tuple(category(evaluation, row, arm) for row in rows if row.level))


def _intervention_alone(evaluation: Evaluation) -> Found:
    drawn = evaluation.flow.allocated[INTERVENTION]
    observed = {row.outcome: row.observed for row in evaluation.flow.follow_up if row.arm == INTERVENTION}
    for row in evaluation.experienced:
        yield from _count(persons(INTERVENTION, row.n), row.n, drawn, observed.get(row.outcome))
    if evaluation.implementation is not None:
        offered = evaluation.implementation.drawn
        yield from _count(persons(INTERVENTION, offered), offered, drawn)
        for step in evaluation.implementation.steps:
            yield from _count(reached(step.step), step.reached, offered)


def _followed(evaluation: Evaluation, arm: int) -> Found:
    """Those followed through the registers; a longer window, or a stricter rule on exits, keeps some of them."""
    before: list[int] = []
    for n in dict.fromkeys(_numbers_followed(evaluation, arm)):
        yield HeadCount(persons(arm, n), n, tuple(before))
        before.append(n)


def _numbers_followed(evaluation: Evaluation, arm: int) -> Iterator[int]:
    tracked = (each for each in evaluation.trial.outcomes if isinstance(each, StateOutcome | AmountOutcome))
    roles = {each.name: list(Role).index(each.role) for each in tracked}
    rows = [row for row in evaluation.flow.follow_up if row.arm == arm and row.outcome in roles]
    numbers = [row.observed for row in sorted(rows, key=lambda row: roles[row.outcome])]
    numbers += [(effect.n_control, effect.n_treated)[arm] for effect in _ledger(evaluation.economics)]
    return (n for n in numbers if n is not None)


def _notice(notice: Notice, evaluation: Evaluation) -> Found:
    """Counts of a notice; those of an arm may be what one group of the arm has more than another."""
    for name, fact in notice.facts:
        if isinstance(fact, int) and is_head_count(name, fact):
            yield HeadCount(told(notice, name), fact)
            arm = {"control": CONTROL, "intervention": INTERVENTION}.get(name.removeprefix("n_"))
            if arm is not None:
                for whole in (evaluation.flow.allocated[arm], *_numbers_followed(evaluation, arm)):
                    if whole is not None:
                        yield Sum(persons(arm, whole), (persons(arm, whole - fact), told(notice, name)))


def _ledger(economics: CostBenefit | None) -> Iterable[Effect]:
    if economics is not None:
        yield economics.weeks_saved
        yield from (each.effect for each in (*economics.lines, *economics.results))


def _arms(row: BaselineRow) -> tuple[ArmLevel, ArmLevel]:
    return (row.control, row.intervention)
