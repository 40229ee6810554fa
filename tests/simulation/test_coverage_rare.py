"""Rare events: where the t interval is known to under-cover, and what is left of that when it is withheld."""

import math
from itertools import product

import numpy as np
import pytest

from ctieval.inference.by_design import by_design
from ctieval.inference.spread import FEWEST_DIFFERING, count_differing

N_WORLDS = 4_000
ARMS = ((20, 80), (10, 50), (40, 160), (50, 50), (110, 110), (120, 398))
RATES = (0.02, 0.06, 0.10, 0.20)
SEED = 20180201
MONTE_CARLO_ERRORS = 4


@pytest.mark.slow
@pytest.mark.parametrize(("arms", "rate"), list(product(ARMS, RATES)))
def test_wrong_intervals_are_withheld(make_allocation, arms, rate):
    treated, control = arms
    arm = np.repeat([1, 0], [treated, control])
    rng = np.random.default_rng(np.random.SeedSequence([SEED, treated, control, round(100 * rate)]))
    values = (rng.random((N_WORLDS, len(arm))) < rate).astype(float)

    found = by_design(values.T, make_allocation(arm))

    wrong = ~((found.conf_low <= 0) & (found.conf_high >= 0)) & (found.std_error > 0)
    kept = np.array([count_differing(row, arm) >= FEWEST_DIFFERING for row in values])
    error = math.sqrt(0.05 * 0.95 / N_WORLDS)
    print(
        f"{treated}/{control}, rate {rate:.2f}: wrong of all {wrong.mean():.3f}, "
        f"published {kept.mean():.3f}, wrong and published {(wrong & kept).mean():.4f} (Monte Carlo error {error:.4f})"
    )
    assert (wrong & kept).mean() <= 0.05 + MONTE_CARLO_ERRORS * error
