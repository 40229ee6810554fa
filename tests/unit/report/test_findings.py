import math
from dataclasses import replace

import pytest

from ctieval.domain.outcome import BetterWhen
from ctieval.report.findings import Finding, find_direction, find_effect

HIGHER, LOWER = BetterWhen.HIGHER, BetterWhen.LOWER


@pytest.mark.parametrize(
    ("low", "high", "better", "smallest", "expected"),
    [
        (0.5, 2.0, HIGHER, None, Finding.POSITIVE),
        (0.5, 2.0, LOWER, None, Finding.NEGATIVE),
        (-2.0, -0.5, HIGHER, None, Finding.NEGATIVE),
        (-2.0, -0.5, LOWER, None, Finding.POSITIVE),
        (-0.5, 2.0, HIGHER, None, Finding.INCONCLUSIVE),
        (0.0, 2.0, HIGHER, None, Finding.INCONCLUSIVE),
        (-2.0, 0.0, LOWER, None, Finding.INCONCLUSIVE),
        (-math.inf, 3.0, HIGHER, None, Finding.INCONCLUSIVE),
        (0.1, math.inf, HIGHER, None, Finding.POSITIVE),
        (-0.5, 0.5, HIGHER, 1.0, Finding.PRECISELY_SMALL),
        (0.1, 0.5, LOWER, 1.0, Finding.PRECISELY_SMALL),
        (-0.5, 1.0, HIGHER, 1.0, Finding.INCONCLUSIVE),
        (0.5, 1.5, HIGHER, 1.0, Finding.POSITIVE),
    ],
)
def test_an_interval_is_classified(low, high, better, smallest, expected):
    assert find_direction(low, high, better, smallest_relevant=smallest) is expected


def test_without_a_declared_size_no_effect_is_called_small():
    assert find_direction(-1e-9, 1e-9, HIGHER) is Finding.INCONCLUSIVE


def test_hidden_and_unknown_uncertainty_are_findings_of_their_own(full):
    effect = full.effects.rows[0]
    assert find_effect(replace(effect, estimate=math.nan), HIGHER) is Finding.HIDDEN
    assert find_effect(replace(effect, conf_low=math.nan, conf_high=math.nan), HIGHER) is Finding.WITHOUT_INTERVAL
    assert find_effect(effect, HIGHER) is Finding.POSITIVE
