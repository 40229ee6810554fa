"""Simulated probabilities of adaptive designs against every history, over a declared grid; 4 Monte Carlo errors."""

from fractions import Fraction

import numpy as np
import pytest

from ctieval.designs.intake.deal import enumerate_intake
from ctieval.designs.intake.simulate import simulate_joint, simulate_marginal
from ctieval.designs.intake.tally import ratio
from ctieval.domain.design import BiasedCoin, Minimised, PermutedBlocks

pytestmark = pytest.mark.slow

REPLICATES = 200_000
TWO = [("f", "x"), ("m", "x"), ("f", "y"), ("f", "x"), ("m", "y"), ("f", "y"), ("m", "x"), ("f", "x")]
ONE = [(sex,) for sex, _ in TWO]
EVEN = (Fraction(1), Fraction(1))

GRID = {
    "rows": (PermutedBlocks("sex", (1, 2, 3)), ONE),
    "unequal rows": (PermutedBlocks("sex", (1, 2), (1, 2)), ONE),
    "coin 2/3": (BiasedCoin("sex", Fraction(2, 3)), ONE),
    "coin 9/10": (BiasedCoin("", Fraction(9, 10)), [()] * 9),
    "minimised 0.7": (Minimised(("sex", "town"), EVEN, Fraction(7, 10)), TWO),
    "minimised 1": (Minimised(("sex", "town"), EVEN, Fraction(1)), TWO),
    "minimised 1 to 2": (Minimised(("sex", "town"), EVEN, Fraction(4, 5), (1, 2)), TWO),
    "minimised 1 to 2 to 3": (
        Minimised(("sex", "town"), (Fraction(2), Fraction(1)), Fraction(4, 5), (1, 2, 3)),
        TWO[:6],
    ),
}


@pytest.mark.parametrize("name", GRID)
def test_every_probability_is_that_of_the_histories(name):
    design, levels = GRID[name]
    n, arms = len(levels), len(ratio(design))
    marginal, joint = np.zeros((n, arms)), np.zeros((n, arms, n, arms))
    for dealt, probability in enumerate_intake(design, levels):
        came = (dealt[:, None] == np.arange(arms)).astype(float)
        marginal += float(probability) * came
        joint += float(probability) * np.multiply.outer(came, came)
    for exact, found in (
        (marginal, simulate_marginal(design, levels, replicates=REPLICATES, seed=20260302)),
        (joint, simulate_joint(design, levels, replicates=REPLICATES, seed=20260302)),
    ):
        off = np.abs(found.mean - exact) / np.maximum(found.std_error, 1e-12)
        off[np.abs(found.mean - exact) < 1e-9] = 0
        assert off.max() < 4, f"{name}: {off.max():.2f} Monte Carlo errors"
        assert found.std_error.max() < 0.0012
