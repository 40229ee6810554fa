from dataclasses import replace

import numpy as np
import pytest

from ctieval.domain.design import BlockedClustered
from ctieval.economics.outlook.streams import Stream
from ctieval.rates.rate import Step

STEPS = (Step(0, 0.035),)


@pytest.fixture
def steps():
    """Three and a half per cent a year, for ever."""
    return STEPS


@pytest.fixture
def make_streams():
    """A function that draws kroner of two accounts: a cost in the first month, and gains that grow with the arm."""

    def make(arm, months=12, *, seed=1, cost=6000.0, gain=520.0, years=()):
        rng = np.random.default_rng(seed)
        arm = np.asarray(arm)
        displaced = rng.gamma(0.5, 2000, (len(arm), months)) + gain * arm[:, None]
        services = np.zeros_like(displaced)
        services[:, 0] = -cost * arm - rng.gamma(1, 500, len(arm))
        nominal = {year: 100.3 * arm + rng.normal(size=len(arm)) for year in years}
        return {
            "municipality": Stream(displaced + services, displaced, nominal, week_value=2159.63),
            "state": Stream(0.5 * displaced, 0.5 * displaced),
        }

    return make


@pytest.fixture
def make_clustered(make_allocation):
    """A function that makes an allocation whose clusters were drawn whole, within blocks where there are some."""

    def make(arm, cluster, block=None):
        plain = make_allocation(arm, ["one"] * len(arm) if block is None else block)
        labels, number = np.unique(cluster, return_inverse=True)
        drawn = tuple((label, 1) for label in plain.block_labels)
        design = BlockedClustered("block", "cluster", drawn)
        return replace(plain, cluster=number, cluster_labels=tuple(map(str, labels)), design=design)

    return make
