"""Disclosure control of each municipality's own report beside the joint one, which stays as it is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.description import ArmLevel, BaselineRow, ExperiencedRow, OutcomeLevel
from ctieval.domain.effect_table import Effect
from ctieval.domain.evaluation import Evaluation, Suppression
from ctieval.domain.flow import ParticipantFlow
from ctieval.domain.implementation_table import FunnelStep, ImplementationTable
from ctieval.domain.units import Unit
from ctieval.report.disclosure.mask import HIDDEN, Discretion, mask_effect, mask_experienced, mask_level
from ctieval.report.disclosure.municipal import Drawn, Name, Shown, judge_municipalities
from ctieval.report.disclosure.municipal_account import round_account
from ctieval.report.protect import protect

_NAN = math.nan
_NOBODY = ArmLevel(0, _NAN, _NAN, 0)


def protect_municipalities(joint: Evaluation, parts: Mapping[str, Evaluation]) -> Mapping[str, Evaluation]:
    r"""Round the reports of single municipalities, so that together with the joint one they tell nothing of a few.

    The joint report is that of ``protect(joint)``, and does not change. A reader is taken to know it, the report of
    every municipality, the plan and this program. How finely a municipality is told of follows from all of them
    (``disclosure.municipal``), whichever is asked for.

    Only what is named here is told: persons drawn, as the joint report tells them; characteristics, outcomes, effects,
    steps of the programme and the account, all rounded. What an evaluation holds beside these is left out.

    What this does not do:

    - Means of numbers, such as weeks or kroner, are rounded to what half of ``smallest_cell`` persons add who lie one
      standard deviation away; that no few persons' values can be worked out of them is not proven.
    - That a hidden share is small, or nearly all, is not hidden. Where one is hidden in every municipality, a reader
      who reckons back from all that is hidden to what could have hidden it is not tried out.
    - Different outcomes of the same persons are tried out together only as far as the same persons lack a value.
    - Of two municipalities that weigh unequally, the joint report alone can tell a share of each; no municipal report
      adds to it, but the joint one is not mended.

    Args:
        joint: The evaluation of the whole trial, before disclosure control.
        parts: Those of every municipality, before disclosure control.

    Returns:
        The evaluations fit to publish, each with ``suppression`` set.

    References:
        Hundepool, A. et al. (2012). Statistical Disclosure Control, chs. 4 and 5. Wiley.
    """
    published, smallest = protect(joint), joint.trial.report.smallest_cell
    blocks = {block.block: (block.control, block.intervention) for block in published.flow.blocks}
    drawn = tuple(_both(blocks.get(label, (None, None))) for label in parts)
    shown = tuple(_list_shown(joint, published, tuple(parts.values())))
    judged = judge_municipalities(shown, drawn, smallest)
    return {
        label: _round(part, published, _Telling(number, drawn[number], judged, {each.name: each for each in shown}))
        for number, (label, part) in enumerate(parts.items())
    }


def _both(drawn: Drawn) -> Drawn:
    """Persons of both arms, or of neither."""
    return drawn if None not in drawn else (None, None)


@dataclass(frozen=True, slots=True)
class _Telling:
    """How much may be told of one municipality.

    Attributes:
        number: Its position among all.
        drawn: Persons drawn, as the joint report tells them.
        judged: How finely each measurement is told in each municipality.
        shown: The measurements.
    """

    number: int
    drawn: Drawn
    judged: Mapping[Name, tuple[Discretion, ...]]
    shown: Mapping[Name, Shown]

    def of(self, *name: str) -> Discretion:
        """Return how finely a measurement is told."""
        found = self.judged.get(name)
        return HIDDEN if found is None else found[self.number]

    def levels(self, *name: str) -> tuple[ArmLevel, ...]:
        """Return the levels of a measurement before rounding."""
        return tuple(level for level in self.shown[name].own[self.number] if level is not None)


def _list_shown(joint: Evaluation, published: Evaluation, parts: Sequence[Evaluation]) -> Iterator[Shown]:
    yield from _list_outcomes(joint, published, parts)
    yield from _list_baseline(joint, published, parts)
    yield from _list_steps(joint, published, parts)
    for row in joint.experienced:
        own = tuple((None, _experienced_level(row, part)) for part in parts)
        if row.unit != Unit.SHARE:
            yield Shown(("experienced", row.outcome), row.unit, own, (None, None))
    if joint.economics is not None:
        accounts = tuple(_account_levels(part.economics) for part in parts)
        yield Shown(("account",), Unit.DKK, accounts, (None, None))


def _list_outcomes(joint: Evaluation, published: Evaluation, parts: Sequence[Evaluation]) -> Iterator[Shown]:
    units = {outcome.name: outcome.unit.value for outcome in joint.trial.outcomes}
    for row, told in zip(joint.levels, published.levels, strict=True):
        found = [next((each for each in part.levels if each.outcome == row.outcome), None) for part in parts]
        own = tuple((None, _NOBODY) if each is None else (each.control, each.intervention) for each in found)
        silent = frozenset(
            number
            for number, part in enumerate(parts)
            if row.control and units[row.outcome] != Unit.SHARE and not _has_interval(part, row.outcome)
        )
        yield Shown(("outcome", row.outcome), units[row.outcome], own, (told.control, told.intervention), silent)


def _has_interval(part: Evaluation, outcome: str) -> bool:
    return any(each.outcome == outcome and not math.isnan(each.conf_low) for each in part.effects.rows)


def _list_baseline(joint: Evaluation, published: Evaluation, parts: Sequence[Evaluation]) -> Iterator[Shown]:
    for row, told in zip(joint.baseline, published.baseline, strict=True):
        own = tuple(_baseline_levels(row, part) for part in parts)
        yield Shown(("baseline", row.name, row.level), row.unit, own, (told.control, told.intervention))


def _baseline_levels(row: BaselineRow, part: Evaluation) -> tuple[ArmLevel, ArmLevel]:
    """Levels of a characteristic in a municipality; a category that nobody there has is one of nobody."""
    same = (each for each in part.baseline if (each.name, each.level) == (row.name, row.level))
    found = next(same, None)
    if found is not None:
        return found.control, found.intervention
    control, intervention = (ArmLevel(n, 0.0, _NAN, 0) if row.level else _NOBODY for n in part.flow.allocated)
    return control, intervention


def _list_steps(joint: Evaluation, published: Evaluation, parts: Sequence[Evaluation]) -> Iterator[Shown]:
    if joint.implementation is None or published.implementation is None:
        return
    for step, told in zip(joint.implementation.steps, published.implementation.steps, strict=True):
        own = tuple((None, _reached(_find_step(step.step, part), part.flow.allocated[1])) for part in parts)
        whole = None if told.reached is None else published.implementation.drawn
        joint_level = _NOBODY if whole is None else _reached(told, whole)
        yield Shown(("step", step.step), Unit.SHARE, own, (None, replace(joint_level, n=whole)))


def _find_step(step: str, part: Evaluation) -> FunnelStep:
    steps = () if part.implementation is None else part.implementation.steps
    return next((each for each in steps if each.step == step), FunnelStep(step, 0, _NAN, _NAN))


def _reached(step: FunnelStep, drawn: int | None) -> ArmLevel:
    return ArmLevel(drawn, (step.reached or 0) / drawn, _NAN, step.reached) if drawn else _NOBODY


def _experienced_level(row: ExperiencedRow, part: Evaluation) -> ArmLevel:
    """The level after, of those measured both times; its spread is that of everybody measured after."""
    own = next((each for each in part.experienced if each.outcome == row.outcome), None)
    level = next((each for each in part.levels if each.outcome == row.outcome), None)
    if own is None or level is None or math.isnan(own.conf_low):
        return _NOBODY
    return replace(level.intervention, n=own.n, mean=own.after, events=None)


def _account_levels(account: CostBenefit | None) -> tuple[ArmLevel, ArmLevel]:
    """How many are in the account; its kroner have steps of their own."""
    weeks = None if account is None else account.weeks_saved
    if weeks is None or math.isnan(weeks.std_error):
        return _NOBODY, _NOBODY
    return ArmLevel(weeks.n_control, 0.0, 1.0, None), ArmLevel(weeks.n_treated, 0.0, 1.0, None)


def _round(part: Evaluation, published: Evaluation, telling: _Telling) -> Evaluation:
    """Build the evaluation that is told, from nothing but what may be."""
    effects = replace(
        part.effects,
        rows=tuple(_effect(each, part, telling) for each in published.effects.rows),
        design=part.effects.design.partition(";")[0],
        warnings=(),
    )
    rounded = Evaluation(
        trial=part.trial,
        design=part.design,
        proof=part.proof,
        flow=ParticipantFlow(None, telling.drawn, (), ()),
        baseline=tuple(_baseline(each, telling) for each in published.baseline if _is_there(each, part)),
        levels=tuple(_level(each, telling) for each in published.levels),
        effects=effects,
        experienced=tuple(mask_experienced(each, telling.of("experienced", each.outcome)) for each in part.experienced),
        implementation=_implementation(part, telling),
        economics=None if part.economics is None else round_account(part.economics, telling.of("account")),
        missing=(),
        warnings=(),
        provenance=part.provenance,
        suppression=None,
        estimands=part.estimands,
        part=None if part.part is None else replace(part.part, allocated=published.flow.allocated),
    )
    hidden = sum(math.isnan(each.estimate) for each in rounded.effects.rows)
    return replace(rounded, suppression=Suppression(part.trial.report.smallest_cell, 0, hidden))


def _is_there(row: BaselineRow, part: Evaluation) -> bool:
    """Whether the municipality describes this characteristic; the municipality itself is none of it."""
    return any(each.name == row.name for each in part.baseline)


def _level(row: OutcomeLevel, telling: _Telling) -> OutcomeLevel:
    discretion = telling.of("outcome", row.outcome)
    control, intervention = telling.shown["outcome", row.outcome].own[telling.number]
    return OutcomeLevel(
        row.outcome,
        None if row.control is None or control is None else mask_level(control, discretion),
        mask_level(intervention or _NOBODY, discretion),
    )


def _effect(row: Effect, part: Evaluation, telling: _Telling) -> Effect:
    """The effect in the municipality; where nothing may be told, what is left of that of the whole trial is a name."""
    own = next((each for each in part.effects.rows if each.outcome == row.outcome), None)
    control, intervention = telling.drawn
    if own is None or control is None or intervention is None:
        return mask_effect(row, HIDDEN)
    levels = telling.levels("outcome", row.outcome)
    return mask_effect(own, telling.of("outcome", row.outcome), levels, ((control, intervention),))


def _baseline(row: BaselineRow, telling: _Telling) -> BaselineRow:
    discretion = telling.of("baseline", row.name, row.level)
    levels = telling.levels("baseline", row.name, row.level)
    control, intervention = (mask_level(level, discretion) for level in levels)
    return replace(
        row,
        control=control,
        intervention=intervention,
        std_difference=_std_difference(row.unit, control.mean, intervention.mean, levels),
    )


def _std_difference(unit: str, control: float, intervention: float, levels: tuple[ArmLevel, ...]) -> float:
    """The standardised difference of what is told, to one digit where the spread is not told."""
    share = unit == Unit.SHARE
    variances = [p * (1 - p) for p in (control, intervention)] if share else [level.std**2 for level in levels]
    spread = math.sqrt(sum(variances) / 2)
    return round((intervention - control) / spread, 2 if share else 1) if spread > 0 else _NAN


def _implementation(part: Evaluation, telling: _Telling) -> ImplementationTable | None:
    table, drawn = part.implementation, telling.drawn[1]
    if table is None or drawn is None:
        return None
    return ImplementationTable(drawn, tuple(_step(each, drawn, telling) for each in table.steps))


def _step(step: FunnelStep, drawn: int, telling: _Telling) -> FunnelStep:
    grid = telling.of("step", step.step).grid
    if grid is None:
        return FunnelStep(step.step, None, _NAN, _NAN)
    reached = round(grid.round((step.reached or 0) / drawn) * drawn)
    return FunnelStep(step.step, reached, round(step.contacts_mean, 1), round(step.hours_mean, 1))
