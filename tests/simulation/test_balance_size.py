"""How often the check of a draw cries wolf: in 5 % of intact draws, whatever the design, and no more."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from ctieval.assignment.balance.check import check_balance
from ctieval.assignment.balance.redraw import redraw
from ctieval.designs.deal import deal_arms
from ctieval.designs.probability import probabilities_by_quotas
from ctieval.designs.quotas import build_quotas
from ctieval.domain.allocation import Allocation, Declared
from ctieval.domain.arms import Arms
from ctieval.domain.design import Blocked, BlockedClustered, Clustered, Complete, Simple
from ctieval.domain.entrants import Entrants
from ctieval.domain.trial import BaselineVariable
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label

TRIALS, DRAWS, LEVEL = 1000, 199, 0.05
N = 60
BLOCK = np.repeat(np.array(["a", "b", "c"], dtype=object), [30, 18, 12])
CLUSTER = np.array([f"{label}{i % 6}" for i, label in enumerate(BLOCK)], dtype=object)
WANTED = (
    BaselineVariable("weeks", Label("w", "w"), "weeks", Unit.WEEKS),
    BaselineVariable("rare", Label("r", "r"), "rare", Unit.SHARE),
    BaselineVariable("place", Label("p", "p"), "place", None),
)


def world(rng):
    """Skewed weeks with gaps, a rare trait, and a place that goes with the block."""
    weeks = np.where(rng.random(N) < 0.1, np.nan, rng.exponential(20, N) + 5 * (BLOCK == "a"))
    place = np.where(rng.random(N) < 0.5, BLOCK, "elsewhere")
    return pd.DataFrame({"weeks": weeks, "rare": rng.random(N) < 0.08, "place": place})


@pytest.mark.slow
@pytest.mark.parametrize(
    "design",
    [
        Complete(6),
        Complete((20, 20)),
        Simple(Fraction(1, 3)),
        Blocked("block", (("a", 3), ("b", 9), ("c", Fraction(1, 2)))),
        Clustered("cluster", 6),
        BlockedClustered("block", "cluster", (("", 2),)),
    ],
    ids=lambda design: type(design).__name__,
)
def test_one_draw_in_twenty_is_called_unusual(design):
    rng = np.random.Generator(np.random.PCG64(20180201))
    quotas = build_quotas(design, Entrants(BLOCK, CLUSTER, np.empty((N, 0))))
    rejected, singly = 0, np.zeros(TRIALS)
    for trial in range(TRIALS):
        made = Allocation(
            person_id=np.array([f"P{trial:04d}-{i:03d}" for i in range(N)], dtype=object),
            arm=deal_arms(quotas, rng),
            probability=probabilities_by_quotas(quotas),
            block=quotas.block,
            block_labels=quotas.labels,
            cluster=quotas.cluster,
            cluster_labels=quotas.cluster_labels,
            randomised_on=np.full(N, np.datetime64("2018-02-05")),
            arms=Arms("intervention", "control", tuple(f"other {i}" for i in range(2, quotas.arms))),
            design=design,
            proof=Declared(),
        )
        table = check_balance(world(rng), made, WANTED, assignments=redraw(made, draws=DRAWS, few=0))
        rejected += table.omnibus.p_value <= LEVEL
        singly[trial] = table.tallies[0].observed - table.tallies[0].expected
    error = 4 * np.sqrt(LEVEL * (1 - LEVEL) / TRIALS)
    assert abs(rejected / TRIALS - LEVEL) <= error
    assert abs(singly.mean()) <= 4 * singly.std() / np.sqrt(TRIALS)
