"""What to do about a standardised difference; in a draw, a large one is chance and no fault."""

from __future__ import annotations

import math
import tomllib
from importlib import resources

from scipy.special import ndtr

from ctieval.domain.balance_table import Thresholds
from ctieval.domain.source import Source

SIGNIFICANCE = 0.05
"""Characteristics with p-values up to it are counted, and held against how many chance gives."""
USUAL = 0.95
"""Share of the draws that stay within what is called usual."""


def load_thresholds() -> Thresholds:
    """Load where advice begins.

    Examples:
        >>> [load_thresholds().advise(difference).value for difference in (-0.05, 0.2, -0.3)]
        ['satisfied', 'adjust', 'far']
    """
    form = tomllib.loads((resources.files("ctieval.assignment.balance") / "wwc.toml").read_text(encoding="utf-8"))
    return Thresholds(form["adjust"], form["far"], SIGNIFICANCE, USUAL, Source(**form["source"]))


def chance_beyond(limit: float, n_treated: int, n_control: int) -> float:
    r"""Probability that chance alone sets two arms further apart than a limit, on one characteristic.

    .. math:: 2 \Phi\Big(-\delta \sqrt{\frac{n_1 n_0}{n_1 + n_0}}\Big)

    Args:
        limit: Standardised difference, above 0.
        n_treated: Persons in the intervention.
        n_control: Persons in the control.

    Returns:
        The probability, by the normal approximation to a complete draw.

    Examples:
        With 110 against 110, one characteristic in sixteen.

        >>> chance = chance_beyond(0.25, 110, 110)
        >>> round(chance, 4), round(1 / chance)
        (0.0637, 16)
    """
    return float(2 * ndtr(-limit * math.sqrt(n_treated * n_control / (n_treated + n_control))))
