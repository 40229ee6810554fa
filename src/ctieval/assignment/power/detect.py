"""Power, the minimum detectable effect and the size that is needed, from an outcome and a sampling plan."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from ctieval.assignment.power.limits import check_number
from ctieval.assignment.power.outcome import Outcome
from ctieval.assignment.power.rejection import SignificanceTest, power_of, solve
from ctieval.assignment.power.sampling import Sampling

LEAST_EFFECT = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A trial, and what it is asked.

    Attributes:
        outcome: What is taken for granted about the outcome.
        sampling: Persons drawn, and how.
        test: The test that will be made.
        attrition: Share of those drawn who will have no value, the same in both arms, in [0, 1).
        take_up: Share of the intervention who take part, less the share of the control who do, in (0, 1].
    """

    outcome: Outcome
    sampling: Sampling
    test: SignificanceTest = field(default_factory=SignificanceTest)
    attrition: float = 0.0
    take_up: float = 1.0

    def __post_init__(self) -> None:
        """Somebody stays, and somebody takes part."""
        check_number("attrition", self.attrition, holds=0 <= self.attrition < 1, expected="at least 0, less than 1")
        check_number("take-up", self.take_up, holds=0 < self.take_up <= 1, expected="above 0 and at most 1")


def power_at(question: Question, effect: float) -> float:
    """Return the probability that the trial finds an effect on those who take part.

    Where only a part takes part, the effect on everybody assigned is that much smaller: take-up times the effect. Those
    without a value are lost to both arms alike.

    Args:
        question: The trial.
        effect: True effect on those who take part, in the unit of the outcome.

    Returns:
        Power, between 0 and 1.

    Raises:
        DesignError: If the effect is no number, or would carry a share beyond 0 or 1, or if too few persons are left.

    Examples:
        >>> from ctieval.assignment.power.outcome import Mean
        >>> from ctieval.assignment.power.sampling import Persons
        >>> weeks = Mean(sd_control=10, sd_intervention=10)
        >>> round(power_at(Question(outcome=weeks, sampling=Persons(control=64, intervention=64)), 5), 4)
        0.8015
    """
    most = question.outcome.widest
    possible = math.isfinite(effect) and abs(effect) <= most
    expected = "a number" if math.isinf(most) else "from -1 to 1, a change of the share of those who take part"
    check_number("effect", effect, holds=possible, expected=expected)
    assigned = effect * question.take_up
    kept = question.sampling.scaled(1 - question.attrition) if question.attrition else question.sampling
    return power_of(assigned, kept.precision(question.outcome.variances(assigned)), question.test)


def minimum_detectable_effect(question: Question, *, power: float = 0.8) -> float:
    """Return the smallest effect on those who take part that the trial finds with the power asked for.

    Args:
        question: The trial.
        power: Probability of finding it, in (0, 1).

    Returns:
        The effect, in the unit of the outcome, as a gain; for a share, a gain in the share.

    Raises:
        DesignError: If no effect is found with that power.

    Examples:
        >>> from ctieval.assignment.power.outcome import Share
        >>> from ctieval.assignment.power.sampling import Persons
        >>> in_job = Question(outcome=Share(control=0.06), sampling=Persons(control=398, intervention=120))
        >>> round(minimum_detectable_effect(in_job), 3)
        0.1
    """
    greatest = min(question.outcome.greatest / question.take_up, question.outcome.widest)
    return solve(
        lambda effect: power_at(question, effect), power, (LEAST_EFFECT, greatest), what="minimum detectable effect"
    )


def sample_size(question: Question, effect: float, *, power: float = 0.8) -> Sampling:
    """Return the sampling plan, arms in the same proportion, that finds an effect with the power asked for.

    Args:
        question: The trial; only the proportion of its arms counts.
        effect: True effect on those who take part, in the unit of the outcome.
        power: Probability of finding it, in (0, 1).

    Returns:
        The plan; its numbers are not rounded to whole persons.

    Raises:
        DesignError: If the effect is zero.

    Examples:
        >>> from ctieval.assignment.power.outcome import Mean
        >>> from ctieval.assignment.power.sampling import Persons
        >>> trial = Question(outcome=Mean(sd_control=1, sd_intervention=1), sampling=Persons(control=2, intervention=2))
        >>> round(sample_size(trial, 0.3).control, 1)
        175.4
    """
    check_number("effect", effect, holds=effect != 0, expected="an effect that differs from zero")
    least = question.sampling.least_scale / (1 - question.attrition)

    def at_scale(factor: float) -> float:
        return power_at(replace(question, sampling=question.sampling.scaled(factor)), effect)

    factor = solve(at_scale, power, (least, float("inf")), what="number of persons")
    return question.sampling.scaled(factor)
