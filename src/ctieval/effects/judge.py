"""What an estimate shows by its interval, as a phrase key."""

from __future__ import annotations

import math

from ctieval.domain.effect_table import Effect
from ctieval.domain.judged_effect import JudgedEffect
from ctieval.domain.outcome import BetterWhen, Outcome
from ctieval.domain.wording import Fact, Phrase


def judge_direction(kind: str, row: Effect, outcome: Outcome, *, neutral: float = 0.0) -> JudgedEffect:
    """Judge an estimate by the side of no difference on which its interval lies.

    Args:
        kind: Key of the sentences, under ``judged``.
        row: The estimate.
        outcome: The outcome, with its better direction.
        neutral: The value that says that the arms are alike.

    Returns:
        The estimate with ``better``, ``worse`` or ``undecided``, or ``without_interval``.
    """
    named: tuple[tuple[str, Fact], ...] = (("outcome", row.outcome), ("estimate", row.estimate))
    if math.isnan(row.conf_low):
        return JudgedEffect(row, Phrase(f"judged.{kind}.without_interval", named))
    if row.conf_low <= neutral <= row.conf_high:
        verdict = "undecided"
    else:
        verdict = "better" if (row.conf_low > neutral) == (outcome.better_when is BetterWhen.HIGHER) else "worse"
    level = round(100 * row.conf_level, 6)
    facts = (*named, ("low", row.conf_low), ("high", row.conf_high), ("level", level))
    return JudgedEffect(row, Phrase(f"judged.{kind}.{verdict}", facts))
