"""Whether an effect is small enough to count as none, or at least not too harmful, by the design."""

from __future__ import annotations

from dataclasses import replace

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.effect_table import Effect
from ctieval.domain.judged_effect import JudgedEffect
from ctieval.domain.outcome import BetterWhen, Outcome
from ctieval.domain.wording import Phrase
from ctieval.errors import EstimationError
from ctieval.inference.by_design import by_design
from ctieval.inference.equivalence import Equivalence, equivalence
from ctieval.inference.estimate import Estimate

EQUIVALENCE, NON_INFERIORITY = "equivalence_two_one_sided_satterthwaite", "non_inferiority_one_sided_satterthwaite"


def estimate_equivalence(
    values: FloatArray, allocation: Allocation, outcome: Outcome, *, margin: float | None = None, alpha: float = 0.05
) -> JudgedEffect:
    r"""Test whether an effect is nearer to nothing than a margin, by the estimator that the design implies.

    .. math:: p = \max\big(P(T_\nu \ge (\hat\tau + m) / \mathrm{se}),\; P(T_\nu \le (\hat\tau - m) / \mathrm{se})\big)

    Args:
        values: Outcome, shape (n,), in the person order of the allocation; NaN where not observed.
        allocation: The allocation, with its design.
        outcome: The outcome; its smallest relevant effect is the margin where none is given.
        margin: The margin, without sign, in the unit of the outcome.
        alpha: Level of the test, in (0, 1/2).

    Returns:
        The effect with an interval of level :math:`1 - 2 \alpha`, which lies within the margins exactly where the test
        rejects; its p-value is that of the test.

    Raises:
        EstimationError: If there is no margin, or the outcome does not vary.
        EstimationError: As ``by_design``.

    References:
        As for ``inference.equivalence``.

    Examples:
        >>> from ctieval.domain.allocation import Declared
        >>> from ctieval.domain.arms import Arms
        >>> from ctieval.domain.design import Complete
        >>> from ctieval.domain.outcome import ColumnOutcome, Role
        >>> from ctieval.domain.units import Unit
        >>> from ctieval.domain.wording import Label
        >>> import numpy as np
        >>> arm, zero, half = np.array([0, 0, 0, 0, 1, 1, 1, 1]), np.zeros(8, dtype=np.int64), np.full((8, 2), 0.5)
        >>> persons, undated = np.array(list("abcdefgh"), dtype=object), np.full(8, "NaT", "datetime64[D]")
        >>> arms, design = Arms("new", "usual"), Complete(4)
        >>> allocation = Allocation(persons, arm, half, zero, ("",), zero, ("",), undated, arms, design, Declared())
        >>> weeks = ColumnOutcome(
        ...     name="weeks", label=Label("Uger", "Weeks"), role=Role.PRIMARY,
        ...     better_when=BetterWhen.HIGHER, column="weeks", unit=Unit.WEEKS,
        ... )
        >>> found = estimate_equivalence(np.array([1.0, 2, 3, 4, 1, 2, 3, 4]), allocation, weeks, margin=3.0)
        >>> round(found.effect.p_value, 4), found.phrase.key
        (0.0083, 'judged.equivalence.shown')
    """
    width = _margin(outcome, margin)
    effect, total = _by_design(values, allocation, outcome, alpha)
    tested = equivalence(total, -width, width)
    row = replace(effect, p_value=tested.p_value, method=EQUIVALENCE)
    return JudgedEffect(row, _phrase("equivalence", outcome, width, shown=tested.p_value < alpha))


def estimate_non_inferiority(
    values: FloatArray, allocation: Allocation, outcome: Outcome, *, margin: float | None = None, alpha: float = 0.05
) -> JudgedEffect:
    r"""Test whether the intervention is not worse than a margin allows, in the direction in which a person fares worse.

    .. math:: p = P(T_\nu \ge (\hat\tau + m) / \mathrm{se})

    where more is better; where less is better, the same of :math:`-\hat\tau`.

    Args:
        values: Outcome, shape (n,), in the person order of the allocation; NaN where not observed.
        allocation: The allocation, with its design.
        outcome: The outcome, with its better direction; its smallest relevant effect is the margin where none is given.
        margin: The margin, without sign, in the unit of the outcome.
        alpha: Level of the test, in (0, 1/2).

    Returns:
        The effect with an interval of level :math:`1 - 2 \alpha`; its p-value is that of the test.

    Raises:
        EstimationError: If there is no margin, or the outcome does not vary.
        EstimationError: As ``by_design``.

    References:
        As for ``inference.equivalence``.
    """
    width = _margin(outcome, margin)
    effect, total = _by_design(values, allocation, outcome, alpha)
    p_value = _worse(equivalence(total, -width, width), outcome.better_when)
    row = replace(effect, p_value=p_value, method=NON_INFERIORITY)
    return JudgedEffect(row, _phrase("non_inferiority", outcome, width, shown=p_value < alpha))


def _worse(tested: Equivalence, better: BetterWhen) -> float:
    return tested.p_low if better is BetterWhen.HIGHER else tested.p_high


def _by_design(values: FloatArray, allocation: Allocation, outcome: Outcome, alpha: float) -> tuple[Effect, Estimate]:
    found = by_design(values[:, None], allocation, conf_level=1 - 2 * alpha)
    row = found.to_effect(0, outcome=outcome.name, unit=outcome.unit, window=outcome.window_text)
    return row, Estimate(row.estimate, row.std_error**2, row.df)


def _margin(outcome: Outcome, margin: float | None) -> float:
    width = outcome.smallest_relevant if margin is None else margin
    if width is None or not width > 0:
        raise EstimationError(
            what="equivalence cannot be tested without a margin",
            where=f"outcome {outcome.name}",
            found="no smallest relevant effect" if width is None else "a margin that is not above zero",
            expected="the smallest effect that matters, in the unit of the outcome",
            do="declare smallest_relevant of the outcome in the plan, or give the margin",
        )
    return width


def _phrase(test: str, outcome: Outcome, margin: float, *, shown: bool) -> Phrase:
    key = f"judged.{test}.{'shown' if shown else 'not_shown'}"
    return Phrase(key, (("outcome", outcome.name), ("margin", margin)))
