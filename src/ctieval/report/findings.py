"""What an effect shows, by its interval and the direction in which a person fares better; the words are elsewhere."""

from __future__ import annotations

import math
from enum import StrEnum

from ctieval.domain.effect_table import Effect
from ctieval.domain.outcome import BetterWhen


class Finding(StrEnum):
    """What a reader may conclude; each has its sentences in both catalogues.

    ``INCONCLUSIVE`` is never worded as "no effect": the interval then holds gains as well as losses.
    ``PRECISELY_SMALL`` needs a smallest relevant effect that was declared. ``HIDDEN``: too few persons.
    ``WITHOUT_INTERVAL``: the uncertainty cannot be reckoned, as where nobody differs from anybody.
    """

    POSITIVE = "positive"
    NEGATIVE = "negative"
    INCONCLUSIVE = "inconclusive"
    PRECISELY_SMALL = "precisely_small"
    HIDDEN = "hidden"
    WITHOUT_INTERVAL = "without_interval"


def find_direction(
    low: float, high: float, better_when: BetterWhen, *, smallest_relevant: float | None = None
) -> Finding:
    """Classify an interval.

    Args:
        low: Lower end, in the unit of the effect.
        high: Upper end.
        better_when: Direction in which a person fares better.
        smallest_relevant: Smallest effect that matters, in the unit of the effect and without sign; None where
            nobody declared one, and then no effect can be called small.

    Returns:
        Precisely small where the whole interval lies nearer to 0 than the smallest relevant effect; else
        positive or negative where it lies wholly on the better or worse side of 0; else inconclusive.

    Examples:
        >>> find_direction(-9.0, -1.0, BetterWhen.LOWER).value
        'positive'
        >>> find_direction(-0.4, 0.3, BetterWhen.HIGHER).value
        'inconclusive'
        >>> find_direction(-0.4, 0.3, BetterWhen.HIGHER, smallest_relevant=1.0).value
        'precisely_small'
    """
    if smallest_relevant is not None and -smallest_relevant < low and high < smallest_relevant:
        return Finding.PRECISELY_SMALL
    if low <= 0 <= high:
        return Finding.INCONCLUSIVE
    return Finding.POSITIVE if (low > 0) == (better_when is BetterWhen.HIGHER) else Finding.NEGATIVE


def find_effect(effect: Effect, better_when: BetterWhen, *, smallest_relevant: float | None = None) -> Finding:
    """Classify an effect; one that disclosure control has hidden is ``HIDDEN``.

    Args:
        effect: The effect.
        better_when: Direction in which a person fares better.
        smallest_relevant: Smallest effect that matters, or None where nobody declared one.
    """
    if math.isnan(effect.estimate):
        return Finding.HIDDEN
    if math.isnan(effect.conf_low) or math.isnan(effect.conf_high):
        return Finding.WITHOUT_INTERVAL
    return find_direction(effect.conf_low, effect.conf_high, better_when, smallest_relevant=smallest_relevant)
