"""When there is a ratio, what it is made of, and when there is none."""

import numpy as np
import pytest

from ctieval.economics.decision.cost_ratio import estimate_cost_ratio
from ctieval.economics.decision.joint_draws import JointDraws
from ctieval.errors import InputError

LINES = ("saved", "refund", "programme", "usual")


def draws(*effects, spread=(0, 0, 0, 0), n=1000):
    noise = np.random.default_rng(1).normal(size=(n, 4)) * spread
    return JointDraws(LINES, np.array(effects, dtype=float), np.array(effects) + noise)


def ratio_of(found):
    return estimate_cost_ratio(found, payer="municipality", gains=LINES[:2], costs=LINES[2:])


def test_the_lines_are_listed_with_their_side():
    found = ratio_of(draws(10_000, -2000, -6000, 1000))
    assert found.ratio == pytest.approx(8000 / 5000)
    assert (found.conf_low, found.conf_high) == pytest.approx((1.6, 1.6))
    assert [(each.line, each.amount) for each in found.gains] == [("saved", 10_000), ("refund", -2000)]
    assert [(each.line, each.amount) for each in found.costs] == [("programme", 6000), ("usual", -1000)]
    assert found.refusal is None


def test_the_interval_is_that_of_the_ratio():
    drawn = draws(10_000, -2000, -6000, 1000, spread=(1500, 0, 300, 0), n=4000)
    found, ratios = ratio_of(drawn), drawn.total(LINES[:2])[1] / -drawn.total(LINES[2:])[1]
    assert (found.conf_low, found.conf_high) == pytest.approx(np.quantile(ratios, [0.025, 0.975]), rel=0.01), (
        "quantiles between two draws or at one of them"
    )


@pytest.mark.parametrize("usual", [6000, 7000], ids=["nil", "saved"])
def test_no_ratio_without_a_net_cost(usual):
    found = ratio_of(draws(10_000, -2000, -6000, usual))
    assert (found.ratio, found.conf_low, found.conf_high) == (None, None, None)
    assert found.refusal.code == "W-RATIO-WITHOUT-COST"
    assert dict(found.refusal.facts) == {"net_cost": 6000 - usual}


def test_no_ratio_where_the_cost_may_be_nil():
    found = ratio_of(draws(10_000, -2000, -6000, 1000, spread=(0, 0, 0, 3000)))
    assert found.ratio is None
    assert found.refusal.code == "W-RATIO-COST-UNSURE"
    facts = dict(found.refusal.facts)
    assert facts["conf_low"] < 0 < facts["conf_high"]


def test_no_end_is_of_a_draw_without_a_cost():
    """Two draws in a hundred have no net cost, which a 95 % interval leaves out."""
    cost = np.concatenate([np.full(98, 100.0), np.full(2, -100.0)])
    drawn = JointDraws(("gain", "cost"), np.array([50.0, -100.0]), np.column_stack([np.full(100, 50.0), -cost]))
    found = estimate_cost_ratio(drawn, payer="public", gains=["gain"], costs=["cost"])
    assert (found.conf_low, found.ratio, found.conf_high) == (0.5, 0.5, 0.5)


def test_a_line_that_is_not_drawn():
    with pytest.raises(InputError, match="no draws of a quantity") as caught:
        estimate_cost_ratio(draws(1, 1, -1, 0), payer="public", gains=["tax"], costs=["programme"])
    assert caught.value.expected == "tax"
