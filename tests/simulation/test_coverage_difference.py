"""Coverage of the plain and the blocked interval, over the grid that issue 'House' names, declared before the run."""

import math
from itertools import product

import numpy as np
import pytest

from ctieval.inference.by_design import by_design

N_WORLDS = 4_000
N_PERSONS = 200
SHARES = (0.2, 0.5)
BLOCK_SIZES = (None, 10, 50)
OUTCOMES = ("normal", "yes_no")
EFFECT = {"normal": 0.3, "yes_no": 0.1}
SEED = 20180201
MONTE_CARLO_ERRORS = 4


def arms_of(rng, share, block_size):
    """One draw of the design: a fixed number in every block."""
    size = N_PERSONS if block_size is None else block_size
    arm = np.zeros((N_PERSONS // size, size), dtype=np.int64)
    arm[:, : round(share * size)] = 1
    return rng.permuted(arm, axis=1).ravel()


def outcomes_of(rng, kind, arm, block):
    """Outcomes of a population with a known average effect; blocks differ in level, the treated in spread too."""
    level = np.linspace(-1, 1, block.max() + 1)[block] if block.any() else np.zeros(len(arm))
    effect = EFFECT[kind] * arm
    if kind == "normal":
        return level + effect * (1 + level) + (1 + 0.5 * arm) * rng.normal(size=(N_WORLDS, len(arm)))
    return (rng.random(size=(N_WORLDS, len(arm))) < 0.3 + 0.1 * level + effect).astype(float)


@pytest.mark.slow
@pytest.mark.parametrize(("share", "block_size", "kind"), list(product(SHARES, BLOCK_SIZES, OUTCOMES)))
def test_interval_covers_the_known_effect(make_allocation, record_testsuite_property, share, block_size, kind):
    cell = f"share {share}, block {block_size or 'none'}, {kind}"
    rng = np.random.default_rng(np.random.SeedSequence([SEED, round(10 * share), block_size or 0, len(kind)]))
    size = block_size or N_PERSONS
    block = np.repeat(np.arange(N_PERSONS // size), size)
    arm = arms_of(rng, share, block_size)
    values = outcomes_of(rng, kind, arm, block)

    found = by_design(values.T, make_allocation(arm, None if block_size is None else block))

    covered = ((found.conf_low <= EFFECT[kind]) & (EFFECT[kind] <= found.conf_high)).mean()
    error = math.sqrt(0.95 * 0.05 / N_WORLDS)
    bias = found.estimate.mean() - EFFECT[kind]
    bias_error = found.estimate.std() / math.sqrt(N_WORLDS)
    print(f"{cell}: coverage {covered:.4f} (Monte Carlo error {error:.4f}), bias {bias:+.4f} ({bias_error:.4f})")
    record_testsuite_property(cell, f"{covered:.4f}")
    assert covered >= 0.95 - MONTE_CARLO_ERRORS * error
    assert abs(bias) <= MONTE_CARLO_ERRORS * bias_error
