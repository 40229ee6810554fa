"""The outlook of the account: what must hold whatever the kroner, as the specification of the economy lists it."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctieval.domain.outlook_plan import OutlookPlan, ScenarioName
from ctieval.economics.outlook.build import build_outlook
from ctieval.economics.outlook.extrapolate import (
    Beyond,
    break_even_decay,
    carry_on,
    required_months,
)
from ctieval.economics.outlook.payback import payback_months
from ctieval.economics.outlook.resample import build_units, draw_effects
from ctieval.economics.outlook.streams import Stream
from ctieval.inference.by_design import by_design
from ctieval.rates.rate import Step

STEPS = (Step(0, 0.035),)
PLAN = OutlookPlan(replicates=200)
seeds = st.integers(0, 2**32 - 1)
rounds = settings(max_examples=25)


def cells(rng):
    """Arms and blocks with two to five persons in each cell, mixed."""
    rows = [(arm, block) for block in range(rng.integers(1, 4)) for arm in (0, 1) for _ in range(rng.integers(2, 6))]
    rows = [rows[place] for place in rng.permutation(len(rows))]
    return np.array([arm for arm, _ in rows]), [f"block {block}" for _, block in rows]


def draw_streams(rng, n, months=12):
    displaced = rng.normal(200, 1000, (n, months)).round()
    services = rng.normal(-300, 300, (n, months)).round()
    return {"municipality": Stream(displaced + services, displaced, {2018: displaced[:, 0]}, week_value=2000.0)}


def change(streams, function):
    return {
        name: Stream(function(each.net), function(each.displaced), {y: function(k) for y, k in each.nominal.items()})
        for name, each in streams.items()
    }


def look(streams, allocation, plan=PLAN, steps=STEPS):
    return build_outlook(streams, allocation, plan, horizon_weeks=52, steps=steps)


def observed(outlook):
    return outlook.account("municipality").scenario(ScenarioName.OBSERVED)


@rounds
@given(seeds)
def test_the_same_seed_gives_the_same_outlook_in_any_order_and_under_any_names(make_allocation, seed):
    rng = np.random.default_rng(seed)
    arm, block = cells(rng)
    streams = draw_streams(rng, len(arm))
    order = rng.permutation(len(arm))
    first = look(streams, make_allocation(arm, block))
    again = look(change(streams, lambda each: each[order]), make_allocation(arm[order], [block[i] for i in order]))
    named = replace(make_allocation(arm, block), person_id=rng.permutation([f"other {i}" for i in range(len(arm))]))
    weeks = {name: replace(each, week_value=None) for name, each in streams.items()}
    assert repr(look(weeks, make_allocation(arm, block))) == repr(again)
    assert repr(look(streams, named)) == repr(first)
    assert repr(look(streams, named, replace(PLAN, seed=2))) != repr(first)


@rounds
@given(seeds)
def test_resamples_have_the_covariance_of_the_design(make_allocation, seed):
    """The variance of a sum and a difference fixes the covariance; of 4,000 draws within five standard errors."""
    rng = np.random.default_rng(seed)
    arm, block = cells(rng)
    values = rng.normal(size=(len(arm), 2))
    values = np.column_stack([values, values[:, 0] + values[:, 1]])
    allocation = make_allocation(arm, block)
    drawn = draw_effects(build_units(values, allocation), replicates=4000, seed=seed)
    expected = by_design(values, allocation).std_error ** 2
    spread = ((drawn - drawn.mean(axis=0)) ** 2).std(axis=0) / math.sqrt(4000)
    assert (np.abs(drawn.var(axis=0) - expected) < 5 * spread).all()


@rounds
@given(seeds, st.sampled_from([0.25, 2.0, 8.0]))
def test_prices_scale_kroner_and_leave_payback_alone(make_allocation, seed, factor):
    """A power of two scales a float exactly, so that no resample crosses zero by its last digits."""
    rng = np.random.default_rng(seed)
    arm, block = cells(rng)
    allocation, streams = make_allocation(arm, block), draw_streams(rng, len(arm))
    plain, scaled = look(streams, allocation), look(change(streams, lambda each: factor * each), allocation)
    one, other = (each.account("municipality") for each in (plain, scaled))
    assert other.curve.estimate == pytest.approx(np.array(one.curve.estimate) * factor)
    assert other.payback == one.payback
    assert [each.share_above_zero for each in other.scenarios] == [each.share_above_zero for each in one.scenarios]
    assert other.extrapolation.required_months == one.extrapolation.required_months
    assert other.break_even.displacement == pytest.approx(one.break_even.displacement)


@rounds
@given(seeds)
def test_swapping_the_arms_turns_every_sign(make_allocation, seed):
    rng = np.random.default_rng(seed)
    arm, block = cells(rng)
    streams = draw_streams(rng, len(arm))
    one, other = (look(streams, make_allocation(each, block)) for each in (arm, 1 - arm))
    assert observed(other).effect.estimate == pytest.approx(-observed(one).effect.estimate)
    assert observed(other).effect.conf_low == pytest.approx(-observed(one).effect.conf_high)


@rounds
@given(seeds, st.floats(-1000, 1000))
def test_what_both_arms_have_changes_nothing(make_allocation, seed, constant):
    rng = np.random.default_rng(seed)
    arm, block = cells(rng)
    allocation, streams = make_allocation(arm, block), draw_streams(rng, len(arm))
    one, other = look(streams, allocation), look(change(streams, lambda each: each + constant), allocation)
    assert observed(other).effect.estimate == pytest.approx(observed(one).effect.estimate, abs=1e-6)


@rounds
@given(seeds, st.floats(0, 1), st.integers(1, 60))
def test_what_was_observed_does_not_depend_on_the_decay(make_allocation, seed, decay, months):
    rng = np.random.default_rng(seed)
    arm, block = cells(rng)
    allocation, streams = make_allocation(arm, block), draw_streams(rng, len(arm))
    one = look(streams, allocation)
    other = look(streams, allocation, replace(PLAN, yearly_decay=decay, extrapolated_months=months))
    assert observed(other).effect.estimate == pytest.approx(observed(one).effect.estimate, abs=1e-9)
    assert other.account("municipality").curve.estimate == pytest.approx(one.account("municipality").curve.estimate)


@rounds
@given(seeds)
def test_no_displacement_and_no_caution_is_what_was_observed(make_allocation, seed):
    rng = np.random.default_rng(seed)
    arm, block = cells(rng)
    plan = replace(PLAN, displacement=0.0, cautious_level=1e-12)
    found = look(draw_streams(rng, len(arm)), make_allocation(arm, block), plan)
    cautious = found.account("municipality").scenario(ScenarioName.CAUTIOUS)
    assert cautious.effect.estimate == pytest.approx(observed(found).effect.estimate, abs=1e-6)


@rounds
@given(seeds)
def test_shares_above_zero_and_below_it_are_all(make_allocation, seed):
    rng = np.random.default_rng(seed)
    arm, block = cells(rng)
    allocation = make_allocation(arm, block)
    net = draw_streams(rng, len(arm))["municipality"].net.sum(axis=1)
    values = np.column_stack([net, -net])
    drawn = draw_effects(build_units(values, allocation), replicates=300, seed=1)
    assert (drawn[:, 0] > 0).sum() + (drawn[:, 1] >= 0).sum() == 300


@given(seeds, st.integers(1, 30))
def test_payback_is_the_first_month_of_the_last_stretch_above_zero(seed, months):
    curves = np.random.default_rng(seed).normal(size=(8, months)).cumsum(axis=1)
    for curve, found in zip(curves, payback_months(curves), strict=True):
        assert (curve[found:] >= 0).all()
        assert found == 0 or curve[found - 1] < 0


parts, kroner = st.floats(0, 1), st.floats(-1e5, 1e5)


@given(kroner, st.floats(-1e4, 1e4), parts, st.floats(0.9, 1))
def test_the_required_months_pay_back_and_one_less_does_not(net, monthly, decay, ratio):
    beyond = Beyond(0.97, ratio)
    required = float(required_months(np.array(net), np.array(monthly), beyond, yearly_decay=decay))
    slack = 1e-6 * (1 + abs(net))
    if math.isfinite(required):
        assert net + monthly * carry_on(beyond, months=required, yearly_decay=decay) >= -slack
        if required > 0:
            assert net + monthly * carry_on(beyond, months=required - 1, yearly_decay=decay) <= slack
    else:
        assert monthly <= 0 or net + monthly * carry_on(beyond, months=1e7, yearly_decay=decay) <= slack


@given(kroner, st.floats(-1e4, 1e4), st.integers(1, 60))
def test_the_break_even_decay_is_the_largest_that_pays_back(net, monthly, months):
    beyond = Beyond(0.97, 0.997)

    def result(decay):
        return net + monthly * carry_on(beyond, months=months, yearly_decay=decay)

    slack = 1e-5 * (1 + abs(net))
    found = break_even_decay(net, monthly, beyond, months=months)
    if found is None:
        assert result(0) < 0
        assert result(1) < 0
    else:
        assert result(found) >= -slack
        assert found == 1 or result(min(1, found + 1e-3)) <= slack


@given(st.floats(0, 0.1), st.floats(0, 0.1), parts, st.integers(0, 60))
def test_a_larger_discount_rate_never_raises_a_gain(lower, higher, decay, months):
    lower, higher = sorted((lower, higher))
    values = [
        carry_on(Beyond((1 + r) ** -1.0, (1 + r) ** (-1 / 12)), months=months, yearly_decay=decay)
        for r in (lower, higher)
    ]
    assert values[1] <= values[0] + 1e-9
