"""How often the band holds the whole true curve, and the interval of a scenario its true value.

Each person's months are skewed and go together, as those of one account do; the true effect is zero in every month.
"""

import numpy as np
import pytest

from ctieval.domain.outlook_plan import OutlookPlan, ScenarioName
from ctieval.economics.outlook.build import build_outlook
from ctieval.economics.outlook.streams import Stream
from ctieval.rates.rate import Step

WORLDS, MONTHS, LEVEL = 1000, 24, 0.95
LEAST = LEVEL - 4 * np.sqrt(LEVEL * (1 - LEVEL) / WORLDS)
"""Four Monte Carlo errors below what is stated."""


def holds_zero(low, high):
    return all(each <= 0 for each in low) and all(each >= 0 for each in high)


def draw_world(seed: int, n: int) -> Stream:
    rng = np.random.default_rng(seed)
    level = 800 * rng.lognormal(0, 1, (n, 1))
    months = level * rng.lognormal(0, 0.5, (n, MONTHS)) * (rng.random((n, MONTHS)) < 0.7)
    return Stream(months, months)


@pytest.mark.slow
@pytest.mark.parametrize("n", [80, 200])
def test_the_band_holds_the_whole_curve_as_often_as_it_says(make_allocation, n: int):
    allocation = make_allocation([0, 1] * (n // 2), sorted("ABCD" * (n // 4)))
    band = months = decay = 0
    for seed in range(WORLDS):
        plan = OutlookPlan(replicates=500, seed=seed)
        found = build_outlook(
            {"account": draw_world(seed, n)}, allocation, plan, horizon_weeks=104, steps=(Step(0, 0.0),)
        )
        own = found.account("account")
        band += holds_zero(own.curve.band.low, own.curve.band.high)
        months += holds_zero(own.curve.conf_low, own.curve.conf_high)
        effect = own.scenario(ScenarioName.DECAY).effect
        decay += holds_zero([effect.conf_low], [effect.conf_high])
    print(f"n = {n}: band {band / WORLDS:.3f}, all single months {months / WORLDS:.3f}, decay {decay / WORLDS:.3f}")
    assert band / WORLDS >= LEAST
    assert months < band
    assert decay / WORLDS >= LEAST
