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
from ctieval.economics.benefits import build_benefits
from ctieval.economics.discount import discount_factors
from ctieval.economics.entries import Flows, TaxRules, post_flows
from ctieval.economics.horizon import build_horizon
from ctieval.economics.journal import PUBLIC, Entry, Kind, Party
from ctieval.economics.ladder import track_ladder
from ctieval.economics.ledger import build_ledger
from ctieval.economics.payments import spread_payments
from ctieval.economics.refund import count_ladder_weeks, state_shares
from ctieval.economics.rounding import to_whole_kroner
from ctieval.economics.rungs import break_even_displacement, displace, reckon_rungs
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


def counts_by_the_plain_loop(path: str, reset_weeks: int = 52, reset_window: int = 156) -> list[int]:
    """The state machine as the specification writes it; the week on the ladder in every week."""
    n, started, window, counts = 0, False, deque(maxlen=reset_window), []
    for week in path:
        if week == "B":
            n, started = n + 1, True
            window.append(0)
        elif started:
            window.append(1 if week == "S" else 0)
        counts.append(n)
        if started and sum(window) >= reset_weeks:
            n, started = 0, False
            window.clear()
    return counts


def share_of(week: int) -> float:
    """The state's share of a week on the ladder."""
    return next(step.amount for step in reversed(LADDER) if week >= step.start)


runs = st.lists(st.tuples(st.sampled_from("BSU"), st.integers(1, 90)), min_size=1, max_size=12)
paths = runs.map(lambda parts: "".join(letter * weeks for letter, weeks in parts))


@given(st.lists(paths, min_size=1, max_size=4))
def test_the_ladder_agrees_with_the_plain_loop(people):
    length = max(len(path) for path in people)
    letter = np.array([list(path.ljust(length, "U")) for path in people])
    count = count_ladder_weeks(letter == "B", letter == "S", reset_weeks=52, reset_window=156)
    shares = state_shares(count, LADDER)
    for row, path in enumerate(people):
        expected = counts_by_the_plain_loop(path)
        assert count[row, : len(path)].tolist() == expected
        paid = np.flatnonzero(letter[row] == "B")
        assert shares[row][paid].tolist() == [share_of(expected[week]) for week in paid]


short_paths = st.text(alphabet="BSU", min_size=1, max_size=60)


@given(st.lists(short_paths, min_size=1, max_size=9), st.integers(1, 6), st.integers(0, 8), st.integers(1, 4))
def test_any_reset_rule_agrees_with_the_plain_loop_however_the_persons_are_cut(people, reset, beyond, at_a_time):
    length = max(len(path) for path in people)
    letter = np.array([list(path.ljust(length, "U")) for path in people])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ctieval.economics.refund.PERSONS_AT_A_TIME", at_a_time)
        count = count_ladder_weeks(letter == "B", letter == "S", reset_weeks=reset, reset_window=reset + beyond)
    for row, path in enumerate(people):
        assert count[row, : len(path)].tolist() == counts_by_the_plain_loop(path, reset, reset + beyond)


@given(st.lists(paths, min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_persons_does_not_matter_on_the_ladder(people, random):
    length = max(len(path) for path in people)
    letter = np.array([list(path.ljust(length, "U")) for path in people])
    order = random.sample(range(len(people)), len(people))
    counts = [
        count_ladder_weeks(each == "B", each == "S", reset_weeks=52, reset_window=156)
        for each in (letter, letter[order])
    ]
    assert (counts[0][order] == counts[1]).all()


def flows_of(amounts: list[list[float]]) -> Flows:
    """Levels of some persons: benefit, the refunded share of it, the state's benefit, earnings and two services."""
    benefit, share, state, earnings, programme, services = np.array(amounts).T
    return Flows(benefit, benefit * share, state, earnings, programme, services)


levels = st.floats(0, 100_000)
person = st.tuples(levels, st.floats(0, 1), levels, levels, levels, levels).map(list)
persons = st.lists(person, min_size=1, max_size=6)
shares = st.floats(0, 0.9)
tax_rules = st.builds(TaxRules, *[shares] * 7)


@given(persons, tax_rules)
def test_every_transfer_sums_to_zero_and_society_is_the_sum_of_resources(amounts, rules):
    journal = post_flows(flows_of(amounts), rules)
    for entry in journal.postings:
        if entry.kind is Kind.TRANSFER:
            assert np.abs(journal.total(Party, [entry])).max() <= 1e-6
    assert journal.total(Party) == pytest.approx(journal.society(), abs=1e-6)
    parts = [journal.total([party]) for party in Party]
    assert np.sum(parts, axis=0) == pytest.approx(journal.total(Party), abs=1e-6)
    lines = [journal.total(Party, [entry]) for entry in Entry]
    assert np.sum(lines, axis=0) == pytest.approx(journal.total(Party), abs=1e-6)


@given(persons, tax_rules, st.floats(0.01, 100))
def test_the_journal_is_linear_in_its_flows(amounts, rules, scale):
    once = post_flows(flows_of(amounts), rules)
    scaled = post_flows(flows_of([[scale * b, s, *(scale * x for x in rest)] for b, s, *rest in amounts]), rules)
    for party in Party:
        assert scaled.total([party]) == pytest.approx(scale * once.total([party]), rel=1e-9, abs=1e-6)


@given(persons, tax_rules, st.floats(0, 1))
def test_the_rungs_differ_by_their_named_lines_alone(amounts, rules, claw_back):
    journal = post_flows(flows_of(amounts), rules)
    rungs = reckon_rungs(journal, claw_back=claw_back)
    own = [Party.MUNICIPALITY]
    first = (Entry.BENEFIT, Entry.REFUND)
    tax = journal.total(own, [Entry.TAX_ON_BENEFIT, Entry.TAX_ON_EARNINGS])
    assert rungs.with_own_tax - rungs.after_refund == pytest.approx(tax, abs=1e-6)
    shared = journal.total(own, [Entry.EQUALISATION])
    assert rungs.after_equalisation - rungs.with_own_tax == pytest.approx(shared, abs=1e-6)
    assert rungs.with_own_tax - rungs.national == pytest.approx(claw_back * journal.total(own, first), abs=1e-6)
    assert rungs.after_equalisation == pytest.approx(journal.total(own), abs=1e-6)
    benefit, _, state, earnings, *_ = np.array(amounts).T
    base = (1 - rules.labour_market) * earnings + benefit + state
    kept = rungs.after_equalisation - rungs.after_refund
    assert kept == pytest.approx(rules.retained * base, abs=1e-6)


@given(persons, tax_rules, st.floats(0, 1))
def test_displacement_of_nothing_changes_nothing_and_break_even_is_where_it_ends(amounts, rules, share):
    journal = post_flows(flows_of(amounts), rules)
    assert displace(journal, 0.0).total(Party) == pytest.approx(journal.total(Party), abs=1e-6)
    displaced = displace(journal, share)
    output = journal.total(Party, [Entry.OUTPUT])
    assert displaced.society() == pytest.approx(journal.society() - share * output, abs=1e-6)
    point = break_even_displacement(journal, tuple(Party))
    for row in np.flatnonzero(output > 1):
        assert displace(journal, float(point[row])).society()[row] == pytest.approx(0, abs=1e-6)


@given(st.integers(0, 10_000))
def test_the_account_of_the_report_is_the_first_rung(seed):
    """Two engines: the lines that the report shows, and the journal of the same weeks, person by person."""
    allocation, registers = trial_of(seed)
    book = book_of(10_000, 0, 1000, 0)
    horizon = build_horizon(allocation, registers.weeks, HORIZON, CODES)
    benefits = build_benefits(horizon, allocation.person_id, registers, book, CODES)
    ladder = track_ladder(horizon, registers.weeks, CODES, book, needed=benefits.ladder > 0)
    ledger = build_ledger(horizon, benefits, ladder, np.ones(HORIZON), cost_per_person=None, grant_per_person=None)
    paid, seen = benefits.ladder, horizon.observed
    refund = np.where(paid > 0, paid * ladder.share, 0.0)
    journal = post_flows(Flows(paid, refund, benefits.state, 0 * paid, 0 * paid, 0 * paid), None)
    parties = {Account.MUNICIPALITY: [Party.MUNICIPALITY], Account.STATE: [Party.STATE], Account.PUBLIC: PUBLIC}
    lines = {Line.BENEFIT_SAVED: Entry.BENEFIT, Line.REFUND_LOST: Entry.REFUND}
    for (account, line), found in ledger.postings.items():
        total = journal.total(parties[account], [lines[line]]).sum(axis=1)
        assert found[seen] == pytest.approx(total[seen], abs=1e-6)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=30))
def test_whole_kroner_add_up_and_none_moves_by_a_krone(amounts):
    whole = to_whole_kroner(np.array(amounts))
    assert whole.sum() == round(float(np.sum(amounts)))
    assert (np.abs(whole - np.array(amounts)) < 1).all()


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
    days = first, SHIPPED.rates[0].valid_through
    dated = Schedule(*days, value, MADE_UP) if isinstance(value, tuple) else Amount(*days, value, MADE_UP)
    return Rate(name, name, unit, None, (dated,))


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
        probability=np.full((n, 2), 0.5),
        block=block,
        block_labels=("a", "b"),
        cluster=np.zeros(n, dtype=np.int64),
        cluster_labels=("",),
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
