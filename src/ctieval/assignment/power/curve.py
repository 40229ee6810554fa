"""Power over a row of effects or sizes, and what an effect comes to in weeks and kroner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ctieval.assignment.power.detect import Question, power_at


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One point of a power curve.

    Attributes:
        effect: True effect on those who take part, in the unit of the outcome.
        persons: Persons drawn.
        power: Probability of finding it.
    """

    effect: float
    persons: float
    power: float


def draw_curve(question: Question, effects: Sequence[float], *, scales: Sequence[float] = (1.0,)) -> list[CurvePoint]:
    """Return the power at each effect, for the trial as it is planned and for larger or smaller ones.

    Args:
        question: The trial.
        effects: True effects, in the unit of the outcome.
        scales: Sizes of the trial relative to the plan.

    Examples:
        >>> from ctieval.assignment.power.outcome import Mean
        >>> from ctieval.assignment.power.sampling import Persons
        >>> weeks = Mean(sd_control=14, sd_intervention=14)
        >>> trial = Question(outcome=weeks, sampling=Persons(control=398, intervention=120))
        >>> [round(point.power, 2) for point in draw_curve(trial, [2, 4, 6])]
        [0.28, 0.78, 0.98]
    """
    return [
        CurvePoint(effect, question.sampling.scaled(scale).persons, power_at(_scaled(question, scale), effect))
        for scale in scales
        for effect in effects
    ]


@dataclass(frozen=True, slots=True)
class Worth:
    """What an effect comes to.

    Attributes:
        weeks_per_person: Weeks per person assigned.
        weeks: Weeks for all who are assigned to the intervention.
        kroner_per_person: Kroner per person assigned, at a fixed number of kroner a week.
        kroner: Kroner for all who are assigned to the intervention.
    """

    weeks_per_person: float
    weeks: float
    kroner_per_person: float
    kroner: float


def worth_of_weeks(effect: float, *, take_up: float, assigned: float, kroner_a_week: float) -> Worth:
    r"""Translate an effect in weeks on those who take part into weeks and kroner over everybody assigned.

    .. math:: w = \tau \, u, \quad W = n_1 w, \quad k = w c, \quad K = n_1 w c

    with take-up u, :math:`n_1` persons assigned to the intervention, and c kroner a week. It is the value of the
    weeks at that price and nothing else: not what the programme costs, nor who gains.

    Args:
        effect: Effect on those who take part, in weeks.
        take_up: Share of the intervention who take part, less the share of the control who do.
        assigned: Persons assigned to the intervention.
        kroner_a_week: What a week is worth, such as the benefit that is not paid in it.

    Examples:
        >>> worth_of_weeks(4, take_up=0.5, assigned=120, kroner_a_week=2500)
        Worth(weeks_per_person=2.0, weeks=240.0, kroner_per_person=5000.0, kroner=600000.0)
    """
    weeks = effect * take_up
    return Worth(weeks, weeks * assigned, weeks * kroner_a_week, weeks * assigned * kroner_a_week)


def _scaled(question: Question, scale: float) -> Question:
    return replace(question, sampling=question.sampling.scaled(scale))
