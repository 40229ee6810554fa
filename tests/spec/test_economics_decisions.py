"""Worked examples (ME) and published cases (AC) of the specification on decisions: ratios, draws, censored costs."""

import tomllib
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from ctieval.domain.decision import Quadrant
from ctieval.domain.parameter import Distribution, Parameter
from ctieval.economics.decision.acceptability import estimate_acceptability, normal_acceptability, share_gaining
from ctieval.economics.decision.censored_costs import (
    CostHistory,
    Ends,
    weighted_available_mean,
    weighted_complete_mean,
)
from ctieval.economics.decision.censored_months import mean_by_survival, weigh_months
from ctieval.economics.decision.cost_ratio import estimate_cost_ratio
from ctieval.economics.decision.formula import Term
from ctieval.economics.decision.information import (
    normal_information,
    partial_information,
    perfect_information,
    population_value,
    sample_information,
)
from ctieval.economics.decision.joint_draws import JointDraws
from ctieval.economics.decision.public_funds import place_funds
from ctieval.economics.decision.sensitivity import cross, draw_points, estimate_indices, pair, split_variance, to_values
from ctieval.economics.decision.tornado import build_tornado
from ctieval.rates.load import load_rates

KRONER, SHARE = 0.01, 1e-4
"""Tolerances that the specification states for these examples: its figures are printed to so many digits."""

DECILE = stats.norm.ppf(0.9)
CENSORED = Path(__file__).parents[1] / "golden" / "censored_costs.toml"


def test_me10_value_of_information():
    assert perfect_information(np.repeat([10_000.0, -5000.0], [6, 4])) == pytest.approx(2000)
    per_person = normal_information(4400, 2416.6092)
    assert per_person == pytest.approx(32.738774, abs=SHARE)
    steps = load_rates(None).newest_schedule("fm_2021").steps
    for_all = population_value(per_person, persons_per_year=500, years=3, steps=steps)
    assert for_all == pytest.approx(47_466.2177, abs=0.5), "the example rounds its standard error to four decimals"
    assert sample_information(4400, 2416.6092, 2416.6092) == pytest.approx(2.7088303, abs=SHARE)


NET = (Term(("weeks", "rate")), Term(("programme",), -1))
WEEKS = Parameter("weeks", 6, 6 - 2 * DECILE, 6 + 2 * DECILE, Distribution.NORMAL)
RATE = Parameter("rate", 2160, 2160 - 200 * DECILE, 2160 + 200 * DECILE, Distribution.NORMAL)
NOTHING_DRAWN = JointDraws(("programme",), np.array([10_000.0]), np.full((2, 1), 10_000.0))


def test_me11_variance_by_source():
    """Indices are quasi-random sums over 4,096 points; the specification allows .005."""
    sampling, weeks, rate = estimate_indices(NET, NOTHING_DRAWN, [WEEKS, RATE], log2_points=12, seed=1)
    assert (weeks.first_order, rate.first_order) == pytest.approx((0.921036, 0.0710676), abs=0.005)
    assert (weeks.total - weeks.first_order) == pytest.approx(0.0079, abs=0.005)
    assert (sampling.first_order, sampling.total) == pytest.approx((0, 0), abs=1e-9)


def test_me11_value_of_information():
    """Over 2^14 points the specification allows 2 kr.; the splines add as much again to what is nearly nil."""
    points = draw_points(3, log2_points=14, seed=1)
    net, values = pair(NET, NOTHING_DRAWN, [WEEKS, RATE], points), to_values(points[:, 1:], [WEEKS, RATE])
    assert (net.mean(), net.std()) == pytest.approx((2960, 4501.38), abs=2)
    assert perfect_information(net) == pytest.approx(665.5, abs=2)
    assert share_gaining(net) == pytest.approx(0.742, abs=0.001)
    assert normal_information(2960, 2160 * 2) == pytest.approx(632.8731, abs=SHARE)
    assert partial_information(net, values[:, :1]) == pytest.approx(632.87, abs=2)
    assert normal_information(2960, 6 * 200) == pytest.approx(2.6, abs=0.1), "2.665; the specification cuts it short"
    assert partial_information(net, values[:, 1:]) == pytest.approx(2.6, abs=2)


def test_me11_sampling_beside_parameters():
    """Weeks as the trial's draws and the rate as a parameter: both shares by the closed form."""
    weeks = 6 + 2 * stats.norm.ppf((np.arange(2000) + 0.5) / 2000)
    drawn = JointDraws(("weeks", "programme"), np.array([6, 1e4]), np.column_stack([weeks, np.full(2000, 1e4)]))
    values = to_values(draw_points(1, log2_points=10, seed=1), [RATE])
    split = split_variance(cross(NET, drawn, [RATE], values))
    assert split.std_deviation == pytest.approx(4501.38, rel=0.002), "the tails of 2,000 and 1,024 points are cut"
    assert split.sampling == pytest.approx(0.9210 + 0.0079, abs=0.001), "likewise"
    assert split.sampling + split.parameters == pytest.approx(1)


def test_me14_acceptability():
    found = estimate_acceptability(
        (0.01, 100),
        np.array([0.01, 0.02, -0.01]),
        np.full(3, 100.0),
        [0, 10_000, 20_000],
        named=("work", "weeks", "public"),
    )
    assert found.net_benefit == (-100, 0, 100)
    assert found.share_above_zero == (0, 1 / 3, 2 / 3)
    assert found.loss_if_adopted == pytest.approx((100, 200 / 3, 300 / 3))
    assert found.loss_if_declined == pytest.approx((0, 100 / 3, 400 / 3))
    assert normal_acceptability((0.05, 10_000), (0.02, 4000), 0.3, 300_000) == pytest.approx(0.7925812, abs=1e-6)


def test_me15_tornado():
    net = (Term(("w", "s", "p")), Term(("C",), -1))
    ranges = {"w": (8, 5, 11), "s": (0.8, 0.7, 0.8), "p": (2700, 2500, 2900), "C": (15_000, 12_000, 20_000)}
    bars = build_tornado(net, {}, [Parameter(key, *three, Distribution.GAMMA) for key, three in ranges.items()])
    assert [bar.key for bar in bars] == ["w", "C", "p", "s"]
    ends = {bar.key: (bar.net_at_low, bar.net_at_high, bar.swing) for bar in bars}
    assert ends["w"] == pytest.approx((-4200, 8760, 12_960))
    assert ends["C"] == pytest.approx((5280, -2720, 8000))
    assert ends["p"] == pytest.approx((1000, 3560, 2560))
    assert ends["s"] == pytest.approx((120, 2280, 2160))
    assert bars[0].switching_value == pytest.approx(6.944444, abs=1e-6)


def test_me17_follow_up():
    cost = np.array([[100, 100, 100], [200, 200, 200], [300, 300, np.nan], [400, np.nan, np.nan]])
    followed, ended = np.array([3, 3, 2, 1]), np.zeros(4, dtype=bool)
    assert weigh_months(cost, followed, ended, np.zeros(4, dtype=np.int64)).mean() == pytest.approx(600)
    assert mean_by_survival(cost, followed, ended) == pytest.approx(600)
    assert np.nansum(cost, axis=1).mean() == 475
    assert np.nansum(cost, axis=1)[followed == 3].mean() == 450


def job_training(men: tuple[float, ...], women: tuple[float, ...], *, persons: tuple[int, int]):
    """Net cost, willingness to pay, and programme cost of JTPA: earnings of 30 months, subsidy, welfare, cost."""

    def of(earnings: float, subsidy: float, welfare: float, cost: float) -> np.ndarray:
        yearly = (earnings - subsidy) * 12 / 30
        paid = yearly * (1 + 1 / 1.03 + 0.5 / 1.03**1.5) + subsidy
        less_welfare = welfare / 2.5 * (1 + 1 / 1.03 + 0.5 / 1.03**1.5)
        return np.array([cost - 0.128 * paid - less_welfare, 0.872 * paid - less_welfare, cost])

    return np.average([of(*men), of(*women)], axis=0, weights=persons)


def test_ac1_job_training_of_adults():
    cost, gain, programme = job_training((1599, 244, -334, 1175), (1837, 154, 235, 1381), persons=(5102, 6102))
    assert (cost, gain) == pytest.approx((1093, 1504), abs=1)
    assert place_funds(cost, gain).ratio == pytest.approx(1.38, abs=0.01)
    assert place_funds(cost, programme).ratio == pytest.approx(1.18, abs=0.01)
    assert (cost, gain) == pytest.approx((1093.5367, 1503.7945), abs=KRONER)


def test_ac2_job_training_of_youth():
    cost, gain, _ = job_training((-868, 100, -119, 2165), (210, 74, 379, 1466), persons=(1704, 2657))
    assert (cost, gain) == pytest.approx((1582, -361.4), abs=5)
    assert place_funds(cost, gain).ratio == pytest.approx(-0.23, abs=0.01)
    assert place_funds(cost, gain).quadrant is Quadrant.HARM_AT_A_COST


def supported_work(earnings: str, *, after: float, pay: float, cost: float, welfare: float, admin: float, rest: float):
    """Net cost and willingness to pay of the National Supported Work demonstration, in 1976 dollars.

    The deflator of 1.086 is of all but the earnings of 1979 to 1986, and the allowances are the participants' loss.
    """
    later = np.array(earnings.split(), dtype=float) @ 1.03 ** -np.arange(3.0, 11)
    earned = later + 1.086 * (after + pay)
    net = 1.086 * (cost + welfare - admin) - 0.129 * earned
    return net, 0.871 * earned + 1.086 * (welfare - rest), 1.086 * cost


def test_ac5_supported_work_of_youth():
    cost, gain, programme = supported_work(
        "9 157 61 72 17 -7 17 -34", after=-3, pay=2577, cost=4193, welfare=-474, admin=83, rest=4
    )
    assert (cost, gain) == pytest.approx((3555, 2139), abs=1)
    assert place_funds(cost, gain).ratio == pytest.approx(0.60, abs=0.005)
    assert place_funds(cost, programme).ratio == pytest.approx(1.28, abs=0.005)
    assert (cost, gain) == pytest.approx((3554.9832, 2139.2165), abs=KRONER)


def test_ac6_supported_work_of_mothers_on_benefit():
    """No gate: the published figure was not retrieved, so that this is held against the specification's own."""
    cost, gain, _ = supported_work(
        "248 234 40 437 456 525 413 375", after=1028, pay=3815, cost=5901, welfare=-2615, admin=123, rest=10
    )
    assert (cost, gain) == pytest.approx((2470.66, 3660.51), abs=KRONER)
    assert place_funds(cost, gain).ratio == pytest.approx(1.482, abs=0.001)


@pytest.mark.parametrize(
    ("gains", "net", "ratio"),
    [((2394, 4985, 0, -2011), 1226, 1.30), ((2150, 5653, 0, -5233), -7699, 0.25)],
    ids=["first", "second"],
)
def test_ac10_block_arithmetic(gains, net, ratio):
    lines = ("taxpayers", "participants", "others", "indirect", "programme")
    effects = np.array([*gains, net - sum(gains)], dtype=float)
    draws = JointDraws(lines, effects, np.tile(effects, (20, 1)))
    found = estimate_cost_ratio(draws, payer="society", gains=lines[:-1], costs=lines[-1:])
    assert found.ratio == pytest.approx(ratio, abs=0.01)
    assert [each.line for each in (*found.gains, *found.costs)] == list(lines)


@pytest.fixture(scope="module")
def published():
    return tomllib.loads(CENSORED.read_text(encoding="utf-8"))


@pytest.mark.parametrize("limit", [None, 6.0], ids=["to_the_longest", "to_six"])
@pytest.mark.parametrize("name", ["uu", "ee"])
def test_ac11_censored_costs(published, name, limit):
    """Both estimates and the first's standard error; the published one of the second is of another formula."""
    duration, ended = np.array(published[name]["persons"]).T
    person, start, stop, cost = np.array(published[name]["costs"]).T
    history = CostHistory(person.astype(int) - 1, start, stop, cost, duration, ended == 1)
    printed = published[name]["to_the_longest" if limit is None else "to_six"]
    limit = duration.max() if limit is None else limit
    complete = weighted_complete_mean(history, limit, ends=Ends.INCLUSIVE)
    available = weighted_available_mean(history, limit, ends=Ends.INCLUSIVE)
    assert (complete.estimate, complete.std_error) == pytest.approx(
        (printed["complete"], printed["std_error"]), abs=KRONER
    )
    assert available.estimate == pytest.approx(printed["available"], abs=KRONER)
