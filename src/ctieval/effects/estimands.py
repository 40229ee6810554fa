"""What each effect is an effect of, read off the plan and the rules by which outcomes are measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ctieval.domain.effect_table import Effect
from ctieval.domain.estimand_card import EstimandCard, Event, Intercurrent, Strategy, Summary
from ctieval.domain.outcome import (
    BetterWhen,
    ColumnOutcome,
    InstrumentOutcome,
    MeasuredIn,
    Outcome,
    Role,
    State,
    StateOutcome,
    TrackedOutcome,
)
from ctieval.domain.trial import Trial
from ctieval.domain.units import Unit
from ctieval.domain.wording import Phrase


def describe_estimands(trial: Trial, effects: Iterable[Effect]) -> tuple[EstimandCard, ...]:
    """Describe the estimand of every primary and secondary outcome measured in both arms.

    Args:
        trial: The plan.
        effects: Every effect of the report, of whatever method.

    Returns:
        One card an outcome, in the declared order; a card names the estimands that the report has of it.

    References:
        ICH E9(R1) (2019). Addendum on estimands and sensitivity analysis in clinical trials, section A.3.
    """
    named: dict[str, dict[str, None]] = {}
    for effect in effects:
        named.setdefault(effect.outcome, {})[effect.estimand] = None
    return tuple(
        _card(trial, outcome, tuple(named.get(outcome.name, ())))
        for outcome in trial.outcomes
        if outcome.measured_in is MeasuredIn.BOTH and outcome.role is not Role.EXPLORATORY
    )


def _card(trial: Trial, outcome: Outcome, estimands: tuple[str, ...]) -> EstimandCard:
    return EstimandCard(
        outcome=outcome.name,
        role=outcome.role,
        population=Phrase(f"estimand_card.population.{'drawn' if trial.eligibility is None else 'eligible'}"),
        arms=Phrase("estimand_card.arms", (("intervention", trial.arms.intervention), ("control", trial.arms.control))),
        events=tuple(Intercurrent(event, strategy) for event, strategy in _events(outcome)),
        summary=Summary.SHARES if outcome.unit is Unit.SHARE else Summary.MEANS,
        estimands=estimands,
    )


def _events(outcome: Outcome) -> Iterator[tuple[Event, Strategy]]:
    """What may come between the draw and an outcome; ``outcomes.states`` says how exits are read."""
    yield Event.NEVER_STARTED, Strategy.TREATMENT_POLICY
    match outcome:
        case ColumnOutcome():
            yield Event.NO_VALUE, Strategy.NOT_OBSERVED
        case InstrumentOutcome():
            yield Event.NO_ANSWER, Strategy.NOT_OBSERVED
        case _:
            yield from _events_in_registers(outcome)
    yield Event.WITHDRAWN_CONSENT, Strategy.WITHDRAWN


def _events_in_registers(outcome: TrackedOutcome) -> Iterator[tuple[Event, Strategy]]:
    state = outcome.state if isinstance(outcome, StateOutcome) else None
    more_is_better = (
        outcome.state_is_better if isinstance(outcome, StateOutcome) else outcome.better_when
    ) is BetterWhen.HIGHER
    if state is not State.EXIT:
        yield Event.EXIT, Strategy.COMPOSITE if more_is_better else Strategy.NOT_OBSERVED
    yield Event.MOVED, Strategy.NOT_OBSERVED
    if state is None or state in (State.BENEFIT, State.PENSION_OR_RESOURCE, State.ORDINARY_HOURS):
        yield Event.DISABILITY_PENSION, Strategy.TREATMENT_POLICY
    else:
        yield Event.DISABILITY_PENSION, Strategy.COMPOSITE
    if state is None or state in (State.BENEFIT, State.ORDINARY_HOURS):
        yield Event.SUPPORTED_JOB, Strategy.TREATMENT_POLICY
    elif state is not State.SUPPORTED_JOB:
        yield Event.SUPPORTED_JOB, Strategy.COMPOSITE
