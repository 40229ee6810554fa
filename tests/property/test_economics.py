"""What holds for every account: transfers cancel, lines add up, money is linear in every rate."""

from collections import deque
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctieval.domain.allocation import Allocation, Declared
from ctieval.domain.arms import Arms
from ctieval.domain.cost_benefit import Account, Line, View
from ctieval.domain.design import Blocked
from ctieval.domain.registers import Registers, WeekPanel, week_of
from ctieval.domain.source import Source
from ctieval.domain.trial import EconomicsPlan
from ctieval.domain.units import RateUnit
from ctieval.economics.appraise import appraise
from ctieval.economics.discount import discount_factors
from ctieval.economics.horizon import build_horizon
from ctieval.economics.payments import spread_payments
from ctieval.economics.refund import count_ladder_weeks, state_shares
from ctieval.rates.book import RateBook
from ctieval.rates.load import load_rates
from ctieval.rates.rate import Amount, Rate, Schedule, Step
from ctieval.registers.codes import load_code_list

LADDER = (Step(1, 0.8), Step(5, 0.4), Step(27, 0.3), Step(53, 0.2))
SHIPPED = load_rates(None)
CODES = load_code_list(None)
MONDAY = np.datetime64("2015-01-05")
DRAWN = 156
HORIZON = 12
MADE_UP = Source("Made up", "", "", SHIPPED.rates[0].valid_through, simulated=True)


def shares_by_the_plain_loop(path: str) -> list[float]:
    """The state machine as the specification writes it; a share in every benefit week."""
    n, started, window, shares = 0, False, deque(maxlen=156), []
    for week in path:
        if week == "B":
            n, started = n + 1, True
            window.append(0)
            shares.append(next(step.amount for step in reversed(LADDER) if n >= step.start))
        elif started:
            window.append(1 if week == "S" else 0)
        if started and sum(window) >= 52:
            n, started = 0, False
            window.clear()
    return shares


runs = st.lists(st.tuples(st.sampled_from("BSU"), st.integers(1, 90)), min_size=1, max_size=12)
paths = runs.map(lambda parts: "".join(letter * weeks for letter, weeks in parts))


@given(st.lists(paths, min_size=1, max_size=4))
def test_the_ladder_agrees_with_the_plain_loop(people):
    length = max(len(path) for path in people)
    letter = np.array([list(path.ljust(length, "U")) for path in people])
    count = count_ladder_weeks(letter == "B", letter == "S", reset_weeks=52, reset_window=156)
    shares = state_shares(count, LADDER)
    for row, path in enumerate(people):
        assert shares[row][letter[row] == "B"].tolist() == shares_by_the_plain_loop(path)


@given(st.lists(st.floats(0, 200), min_size=1, max_size=20), st.floats(0, 0.2))
def test_a_flat_schedule_is_the_textbook_factor(years, rate):
    found = discount_factors(np.array(years), (Step(0, rate), Step(30, rate)))
    assert found == pytest.approx((1 + rate) ** -np.array(years))


@given(st.floats(0, 150), st.floats(0, 50))
def test_a_later_krone_is_never_worth_more(years, later):
    steps = SHIPPED.newest_schedule("fm_2021").steps
    now, then = discount_factors(np.array([years, years + later]), steps)
    assert then <= now <= 1


def made_up(name: str, unit: RateUnit, value: float | tuple[Step, ...]) -> Rate:
    """A rate of one value."""
    first = SHIPPED.rate("cash_benefit_other").first_day
    dated = Schedule(first, value, MADE_UP) if isinstance(value, tuple) else Amount(first, value, MADE_UP)
    return Rate(name, name, unit, None, SHIPPED.rates[0].valid_through, (dated,))


def book_of(cash: float, grant: float, study: float, cost: float, discount: float = 0.035) -> RateBook:
    """The shipped book with four rates of our own."""
    own = (
        made_up("cash_benefit_other", RateUnit.DKK_PER_MONTH, cash),
        made_up("cash_benefit_provider", RateUnit.DKK_PER_MONTH, 2 * cash),
        made_up("study_grant", RateUnit.DKK_PER_WEEK, study),
        made_up("programme_cost", RateUnit.DKK, cost),
        made_up("project_grant", RateUnit.DKK, grant),
        made_up("flat", RateUnit.SHARE_PER_YEAR, (Step(0, discount),)),
    )
    kept = tuple(rate for rate in SHIPPED.rates if rate.name not in {each.name for each in own})
    return replace(SHIPPED, rates=kept + own)


def trial_of(seed: int) -> tuple[Allocation, Registers]:
    """A blocked trial of 24 persons with random weeks, some of whom moved away or died."""
    rng = np.random.default_rng(seed)
    n = 24
    block = np.repeat([0, 1], n // 2)
    arm = np.tile([0, 1], n // 2)
    codes = rng.choice([730, 731, 737, 0, 0, 651, 999], size=(n, DRAWN + HORIZON)).astype(np.int16)
    codes[rng.random(n) < 0.5, :DRAWN] = 730
    codes[20:, DRAWN + 3 :] = np.where(rng.random(4) < 0.3, -1, 0)[:, None]
    ids = np.array([f"P{i:02d}" for i in range(n)], dtype=object)
    allocation = Allocation(
        person_id=ids,
        arm=arm,
        probability=np.full(n, 0.5),
        block=block,
        block_labels=("a", "b"),
        randomised_on=np.full(n, MONDAY + 7 * DRAWN),
        arms=Arms("intervention", "control"),
        design=Blocked("block", (("", 6),)),
        proof=Declared(),
    )
    registers = Registers(
        persons=pd.DataFrame({"person_id": ids, "provider": rng.random(n) < 0.4}),
        weeks=WeekPanel(ids, week_of(MONDAY), codes),
        employment=None,
        payments=None,
        activity=None,
        survey=None,
        recognised=(),
        digests=(),
    )
    return allocation, registers


def lines_of(seed: int, book: RateBook, discount: str = "fm_2021", registers: Registers | None = None):
    """Estimates by view, account and line."""
    allocation, own = trial_of(seed)
    plan = EconomicsPlan(("municipality", "state"), HORIZON, 2018, discount)
    found = appraise(plan, allocation, registers or own, book, CODES)
    return {(line.view, line.account, line.line): line.effect.estimate for line in found.lines}


seeds = st.integers(0, 10_000)
kroner = st.floats(0, 50_000)


@given(seeds, kroner, kroner, kroner, kroner)
def test_lines_add_up_to_the_net_result_and_accounts_to_the_public(seed, cash, grant, study, cost):
    lines = lines_of(seed, book_of(cash, grant, study, cost))
    for view in View:
        net = {account: lines[view, account, Line.NET_RESULT] for account in Account}
        for account in Account:
            own = [value for (v, a, line), value in lines.items() if (v, a) == (view, account)]
            assert sum(own) - net[account] == pytest.approx(net[account], abs=1e-6)
        assert net[Account.MUNICIPALITY] + net[Account.STATE] == pytest.approx(net[Account.PUBLIC], abs=1e-6)
        for transfer in (Line.REFUND_LOST, Line.PROJECT_GRANT):
            both = [lines.get((view, account, transfer), 0.0) for account in (Account.MUNICIPALITY, Account.STATE)]
            assert sum(both) == pytest.approx(0, abs=1e-6)
            assert (view, Account.PUBLIC, transfer) not in lines


@given(seeds, st.floats(0.1, 5), st.floats(0.1, 5), st.floats(0.1, 5))
def test_money_is_linear_in_every_rate(seed, cash, study, cost):
    base = lines_of(seed, book_of(10_000, 0, 0, 0))
    of_study = lines_of(seed, book_of(0, 0, 1_000, 0))
    of_cost = lines_of(seed, book_of(0, 0, 0, 24_000))
    mixed = lines_of(seed, book_of(10_000 * cash, 0, 1_000 * study, 24_000 * cost))
    for key, value in mixed.items():
        parts = (cash, base), (study, of_study), (cost, of_cost)
        assert value == pytest.approx(sum(scale * lines.get(key, 0.0) for scale, lines in parts), abs=1e-6)


@given(seeds)
def test_at_discount_0_the_present_value_is_the_plain_sum(seed):
    lines = lines_of(seed, book_of(5_200 / 12, 0, 100, 0, discount=0.0), discount="flat")
    allocation, registers = trial_of(seed)
    code = registers.weeks.code[:, DRAWN:]
    weight = np.where(registers.persons["provider"], 2, 1)[:, None]
    kroner = 100.0 * (weight * np.isin(code, [730, 731, 737]) + (code == 651)).sum(axis=1)
    observed = (code != -1).all(axis=1)
    saved = 0.0
    for block in (0, 1):
        means = [kroner[observed & (allocation.block == block) & (allocation.arm == arm)].mean() for arm in (0, 1)]
        saved += (means[0] - means[1]) * (observed & (allocation.block == block)).sum() / observed.sum()
    assert lines[View.ORDINARY_OPERATION, Account.PUBLIC, Line.BENEFIT_SAVED] == pytest.approx(saved, abs=1e-6)


@given(seeds)
def test_swapping_the_arms_turns_every_sign(seed):
    allocation, registers = trial_of(seed)
    plan = EconomicsPlan(("municipality", "state"), HORIZON, 2018, "fm_2021")
    book = book_of(10_000, 0, 1_000, 0)
    lines, turned = (
        [line.effect.estimate for line in appraise(plan, each, registers, book, CODES).lines]
        for each in (allocation, replace(allocation, arm=1 - allocation.arm))
    )
    assert turned == pytest.approx([-value for value in lines], abs=1e-6)


periods = st.lists(
    st.tuples(st.integers(0, 23), st.integers(-40, 100), st.integers(0, 60), st.floats(0, 10_000)), max_size=30
)


@given(periods)
def test_payments_spread_by_day_agree_with_the_plain_loop(found):
    allocation, registers = trial_of(1)
    whole = replace(registers.weeks, code=np.maximum(registers.weeks.code, 0))
    horizon = build_horizon(allocation, whole, HORIZON, CODES)
    start = pd.Timestamp(MONDAY) + pd.Timedelta(weeks=DRAWN)
    rows = [
        (
            allocation.person_id[who],
            start + pd.Timedelta(days=first),
            start + pd.Timedelta(days=first + length),
            "730",
            x,
        )
        for who, first, length, x in found
    ]
    table = pd.DataFrame(rows, columns=["person_id", "start", "end", "benefit", "amount"]).astype(
        {"start": "datetime64[ns]", "end": "datetime64[ns]", "amount": "float64"}
    )
    expected = np.zeros((24, HORIZON))
    for who, first, length, x in found:
        for day in range(first, first + length + 1):
            if 0 <= day < 7 * HORIZON:
                expected[who, day // 7] += x / (length + 1)
    paid = spread_payments(table, allocation.person_id, horizon, SHIPPED.benefits)
    assert paid.ladder == pytest.approx(expected, abs=1e-6)
    assert not paid.state.any()
