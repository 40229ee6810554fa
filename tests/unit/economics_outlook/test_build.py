import math
from dataclasses import replace

import numpy as np
import pytest

from ctieval.domain.outlook_plan import OutlookPlan, ScenarioName
from ctieval.domain.wording import Notice
from ctieval.economics.outlook.build import build_outlook
from ctieval.economics.outlook.extrapolate import carry_on, discount_beyond
from ctieval.economics.outlook.streams import Columns, Stream, count_months
from ctieval.errors import EstimationError, InputError
from ctieval.inference.by_design import by_design

PLAN = OutlookPlan(replicates=400)


@pytest.fixture
def allocation(make_allocation):
    return make_allocation([0, 1, 1, 0] * 15, ["A"] * 20 + ["B"] * 40)


@pytest.fixture
def streams(make_streams, allocation):
    return make_streams(allocation.arm, years=(2018, 2019))


@pytest.fixture
def outlook(streams, allocation, steps):
    return build_outlook(streams, allocation, PLAN, horizon_weeks=52, steps=steps)


def test_the_curve_ends_in_the_net_result_and_its_interval(streams, allocation, outlook):
    found = by_design(streams["municipality"].net.sum(axis=1)[:, None], allocation)
    own = outlook.account("municipality")
    ends = own.curve.estimate[-1], own.curve.conf_low[-1], own.curve.conf_high[-1]
    assert ends == pytest.approx((found.estimate[0], found.conf_low[0], found.conf_high[0]))
    observed = own.scenario(ScenarioName.OBSERVED)
    assert (observed.effect.estimate, observed.effect.conf_low) == pytest.approx(ends[:2])
    assert (observed.observed, observed.extrapolated) == (pytest.approx(ends[0]), 0)


def test_the_band_holds_the_months_and_the_trough_is_the_investment(outlook):
    curve = outlook.account("municipality").curve
    assert all(low <= month for low, month in zip(curve.band.low, curve.conf_low, strict=True))
    assert all(high >= month for high, month in zip(curve.band.high, curve.conf_high, strict=True))
    assert curve.band.factor > 1.9
    assert (curve.trough.month, curve.trough.kroner) == (0, min(curve.estimate))
    assert (len(curve.estimate), outlook.months, outlook.n_control, outlook.n_treated) == (12, 12, 30, 30)


def test_scenarios_are_sums_over_the_months_of_a_person(streams, allocation, outlook, steps):
    """The extrapolated scenario is an outcome of each person, and the design gives its interval."""
    stream, factors = streams["municipality"], count_months(52, steps).factors
    last = (stream.net / factors)[:, -6:].mean(axis=1)
    for name, decay in ((ScenarioName.DECAY, 0.5), (ScenarioName.PERSISTENCE, 0.0)):
        goes_on = carry_on(discount_beyond(steps, 12), months=24, yearly_decay=decay)
        found = by_design((stream.net.sum(axis=1) + goes_on * last)[:, None], allocation)
        result = outlook.account("municipality").scenario(name)
        assert result.effect.estimate == pytest.approx(found.estimate[0])
        assert (result.effect.conf_low, result.effect.conf_high) == pytest.approx(
            (found.conf_low[0], found.conf_high[0])
        )
        assert result.observed + result.extrapolated == pytest.approx(result.effect.estimate)


def test_the_cautious_scenario_takes_effect_and_cost_at_their_worse_ends(streams, allocation, outlook):
    stream = streams["municipality"]
    gain, kept = 0.75 * stream.displaced.sum(axis=1), (stream.net - stream.displaced).sum(axis=1)
    ends = by_design(np.column_stack([gain, kept]), allocation, conf_level=0.8).conf_low
    whole = by_design((gain + kept)[:, None], allocation)
    result = outlook.account("municipality").scenario(ScenarioName.CAUTIOUS)
    assert result.effect.estimate == pytest.approx(ends.sum())
    assert result.effect.conf_high - result.effect.conf_low == pytest.approx(whole.conf_high[0] - whole.conf_low[0])
    assert result.effect.statistic == pytest.approx(ends.sum() / whole.std_error[0])
    assert result.share_above_zero < outlook.account("municipality").scenario(ScenarioName.OBSERVED).share_above_zero


def test_a_cost_that_is_the_same_for_all_is_certain_in_the_cautious_scenario(allocation, steps):
    displaced = np.ones((60, 12))
    stream = Stream(displaced - 100.0 * allocation.arm[:, None], displaced)
    plan = replace(PLAN, last_months=24)
    found = build_outlook({"municipality": stream}, allocation, plan, horizon_weeks=52, steps=steps)
    own = found.account("municipality")
    result = own.scenario(ScenarioName.CAUTIOUS)
    assert result.effect.estimate == result.effect.conf_low == result.effect.conf_high == pytest.approx(-1200)
    assert math.isnan(result.effect.p_value)
    assert own.extrapolation.last_months == 12
    assert own.payback.month is None
    assert own.payback.shares.never == 1


def test_break_even_of_an_account(outlook):
    own = outlook.account("municipality")
    observed = own.scenario(ScenarioName.OBSERVED).effect.estimate
    cost = own.break_even.cost.estimate - observed
    assert own.break_even.cost_factor == pytest.approx(own.break_even.cost.estimate / cost)
    assert own.break_even.weeks == pytest.approx(cost / 2159.63)
    assert own.break_even.displacement == pytest.approx(observed / own.break_even.cost.estimate)
    assert outlook.account("state").break_even.weeks is None


def test_required_persistence_and_decay_pay_back(outlook, steps):
    own = outlook.account("municipality").extrapolation
    assert (own.last_months, own.months, own.yearly_decay) == (6, 24, 0.5)
    assert 0 <= own.required_never <= 1
    assert own.monthly_effect.outcome == "municipality.monthly_effect"
    assert own.uncertain == (own.monthly_effect.conf_low <= 0 <= own.monthly_effect.conf_high)


def test_the_curve_is_carried_on_to_the_scenario_with_decay(outlook):
    own = outlook.account("municipality")
    ahead, decay = own.extrapolation.ahead, own.scenario(ScenarioName.DECAY).effect
    ends = ahead.estimate[-1], ahead.conf_low[-1], ahead.conf_high[-1]
    assert ends == pytest.approx((decay.estimate, decay.conf_low, decay.conf_high))
    assert len(ahead.estimate) == 24
    steps = np.diff([own.curve.estimate[-1], *ahead.estimate])
    assert steps[12] / steps[0] == pytest.approx(0.5 / 1.035)


def test_what_was_observed_does_not_depend_on_what_is_assumed(streams, allocation, outlook, steps):
    other = replace(PLAN, yearly_decay=0.1, extrapolated_months=60, displacement=0.9, names=(ScenarioName.CAUTIOUS,))
    found = build_outlook(streams, allocation, other, horizon_weeks=52, steps=steps)
    for account in ("municipality", "state"):
        before, after = outlook.account(account), found.account(account)
        assert after.payback == before.payback
        assert after.curve.estimate == pytest.approx(before.curve.estimate)
        headline = (each.scenario(ScenarioName.OBSERVED).effect for each in (before, after))
        assert len({round(each.estimate, 9) for each in headline}) == 1
        assert after.scenario(ScenarioName.DECAY) is None


def test_the_budget_adds_up_and_speaks_of_everybody_drawn(outlook, allocation):
    rows = outlook.budget
    assert [(row.account, row.year) for row in rows] == [("municipality", 2018), ("municipality", 2019)]
    assert sum(row.per_person for row in rows) == round(sum(row.effect.estimate for row in rows))
    assert sum(row.cohort for row in rows) == round(allocation.arm.sum() * sum(row.effect.estimate for row in rows))


def test_whoever_is_not_observed_counts_in_no_account(streams, allocation, steps):
    gaps = {name: replace(stream, net=stream.net.copy()) for name, stream in streams.items()}
    gaps["state"].net[[0, 1, 2]] = np.nan
    found = build_outlook(gaps, allocation, PLAN, horizon_weeks=52, steps=steps)
    assert (found.n_control, found.n_treated) == (29, 28)
    kept = np.arange(60) > 2
    expected = by_design(np.where(kept, streams["municipality"].net.sum(axis=1), np.nan)[:, None], allocation)
    assert found.account("municipality").curve.estimate[-1] == pytest.approx(expected.estimate[0])


def test_single_persons_leave_the_intervals_of_the_design(make_allocation, make_streams, steps):
    allocation = make_allocation([0, 1] * 8, [str(i // 2) for i in range(16)])
    streams = make_streams(allocation.arm)
    found = build_outlook(streams, allocation, PLAN, horizon_weeks=52, steps=steps)
    own = found.account("municipality")
    assert found.warnings == (Notice("W-OUTLOOK-NOT-RESAMPLED", "economics"),)
    assert (found.replicates, own.curve.band, own.payback.shares) == (0, None, None)
    assert {each.share_above_zero for each in own.scenarios} == {None}
    assert own.extrapolation.required_never is None
    expected = by_design(streams["municipality"].net.sum(axis=1)[:, None], allocation)
    assert own.curve.conf_low[-1] == pytest.approx(expected.conf_low[0])


def test_a_horizon_that_ends_within_a_month_extrapolates_whole_ones(allocation, steps):
    months = count_months(54, steps)
    assert months.last_mean(np.tile(months.factors * np.arange(13), (2, 1)), 2).ravel() == pytest.approx([10.5, 10.5])
    assert months.beyond.first < count_months(52, steps).beyond.first
    assert count_months(2, steps).whole == 1


def test_months_are_those_that_a_week_begins_in(steps):
    for weeks in range(1, 160):
        found, month = count_months(weeks, steps), np.arange(weeks + 1) * 12 // 52
        assert len(found.factors) == month[-2] + 1
        assert found.whole == max(1, month[-1])


@pytest.mark.parametrize("weeks", [40, 104])
def test_months_that_are_not_those_of_the_horizon_are_refused(streams, allocation, steps, weeks):
    with pytest.raises(InputError, match="no outlook") as refused:
        build_outlook(streams, allocation, PLAN, horizon_weeks=weeks, steps=steps)
    assert "12 months" in refused.value.found


def test_no_account_and_accounts_of_other_persons_are_refused(streams, allocation, steps):
    with pytest.raises(InputError, match="no outlook"):
        build_outlook({}, allocation, PLAN, horizon_weeks=52, steps=steps)
    fewer = {**streams, "state": Stream(np.zeros((3, 12)), np.zeros((3, 12)))}
    with pytest.raises(InputError, match="no outlook") as refused:
        build_outlook(fewer, allocation, PLAN, horizon_weeks=52, steps=steps)
    assert "2 shapes" in refused.value.found


def test_an_empty_arm_is_refused_as_by_the_design(streams, allocation, steps):
    gone = {name: replace(stream, net=np.where(allocation.arm[:, None] == 1, np.nan, stream.net))
            for name, stream in streams.items()}  # fmt: skip
    with pytest.raises(EstimationError):
        build_outlook(gone, allocation, PLAN, horizon_weeks=52, steps=steps)


def test_arrays_of_other_shapes_are_no_stream():
    with pytest.raises(ValueError, match="persons and months"):
        Stream(np.zeros((3, 2)), np.zeros((3, 3)))
    with pytest.raises(ValueError, match="persons and months"):
        Stream(np.zeros((3, 2)), np.zeros((3, 2)), {2018: np.zeros(2)})


def test_nothing_shows_an_amount(streams):
    assert repr(streams["state"]) == "Stream(60, 12)"
    assert repr(Columns(np.zeros((3, 2)), {})) == "Columns(3, 2)"
