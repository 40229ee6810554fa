"""What holds for every account: transfers cancel, lines add up, money is linear in every rate.

The invariants of the specification of the economy (2.14), and the test of each; ``o`` is ``test_outlook``, ``d`` is
``test_economic_decisions``, both beside this module:

====================================================  ================================================================
Every transfer sums to zero                           ``every_transfer_sums_to_zero``, ``in_everybodys_account``
Society is the sum of the resource lines              ``every_transfer_sums_to_zero``, ``society_is_the_citizen``
Lines add up to the result                            ``lines_add_up``; per posting ``every_account_is_its_parties``
Swapping the arms turns every sign                    ``swapping_the_arms``; o ``swapping_the_arms``
All prices times s: money times s                     ``dearer_times``, ``money_is_linear``
All prices times s: payback, MVPF and BCR stay        o ``prices_scale_kroner``; d ``prices_only_scale`` (two)
What both arms have changes nothing                   ``what_everybody_earns_more_of``; o ``what_both_arms_have``
One week as two halves changes nothing                ``a_payment_cut_in_two``
At r = 0 the plain sum                                ``at_discount_0``, ``months_and_years``
A larger r never raises a positive stream             ``a_larger_discount_rate``; o ``a_larger_discount_rate``
What was observed does not depend on the decay        ``the_results_do_not_depend``; o ``what_was_observed``
No displacement is the identity                       ``displacement_of_nothing`` (two); o ``no_displacement``
M0 to M3 differ by their named lines alone            ``the_rungs_differ``, ``the_rungs_of_an_effect``
Order and names of persons do not matter              ``the_order_and_the_names`` (with all that ``appraise`` tells)
The trial twice: the effect stays, SS/(n(2n-1))       ``the_trial_entered_twice``
Two blocks that are alike, merged, keep the effect    ``two_blocks_that_are_alike``
P(NPV > 0) = 1 - P(-NPV >= 0)                         o ``shares_above_zero``; d ``a_gain_and_no_gain``
====================================================  ================================================================
"""

import io
import re
from collections import deque
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from ctieval.domain.allocation import Allocation, Declared
from ctieval.domain.arms import Arms
from ctieval.domain.cost_benefit import Account, View
from ctieval.domain.design import Blocked
from ctieval.domain.outlook_plan import OutlookPlan, ScenarioName
from ctieval.domain.posting import PUBLIC, Entry, Kind, Party
from ctieval.domain.registers import EmploymentPanel, Registers, WeekPanel, week_of
from ctieval.domain.source import Source
from ctieval.domain.trial import EconomicsPlan
from ctieval.domain.units import RateUnit
from ctieval.domain.window import Window
from ctieval.economics.accounts import SocietyFactors, reckon_accounts
from ctieval.economics.appraise import appraise
from ctieval.economics.discount import discount_factors
from ctieval.economics.entries import Flows, TaxRules, post_flows
from ctieval.economics.estimate_accounts import estimate_accounts
from ctieval.economics.horizon import build_horizon
from ctieval.economics.inputs import AccountInputs
from ctieval.economics.payments import spread_payments
from ctieval.economics.reckon import reckon_persons
from ctieval.economics.refund import count_ladder_weeks, state_shares
from ctieval.economics.rounding import to_whole_kroner
from ctieval.economics.rungs import break_even_displacement, displace, reckon_rungs
from ctieval.economics.tax_rules import RATES
from ctieval.rates.book import RateBook
from ctieval.rates.load import load_rates
from ctieval.rates.rate import Amount, Rate, Schedule, Step
from ctieval.registers.codes import load_code_list
from ctieval.report.economy_book.render import render_account
from ctieval.report.model import Meta

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


@given(persons, tax_rules, st.floats(1, 2))
def test_every_account_is_its_parties_in_the_journal(amounts, rules, factor):
    """Two ways to each result: the account's own lines, and the totals of the parties in the journal."""
    journal = post_flows(flows_of(amounts), rules)
    accounts = reckon_accounts(journal, SocietyFactors(factor, factor))
    net = {account: np.sum(list(lines.values()), axis=0) for account, lines in accounts.items()}
    rungs = reckon_rungs(journal)
    expected = {
        Account.M0: rungs.after_refund,
        Account.M1: rungs.with_own_tax,
        Account.M2: journal.total([Party.MUNICIPALITY]),
        Account.M3: rungs.national,
        Account.STATE: journal.total([Party.STATE]),
        Account.OTHER_MUNICIPALITIES: journal.total([Party.OTHER_MUNICIPALITIES]),
        Account.PUBLIC: journal.total(PUBLIC),
        Account.CITIZEN: journal.total([Party.CITIZEN]),
        Account.EMPLOYERS: journal.total([Party.EMPLOYERS]),
        Account.SOCIETY: journal.society(),
        Account.SOCIETY_CONSUMER_PRICES: factor * journal.society(),
        Account.SOCIETY_PUBLIC_FUNDS: journal.society() + (factor - 1) * journal.total(PUBLIC),
    }
    for account, value in expected.items():
        assert net[account] == pytest.approx(value, abs=1e-6), account
    assert net[Account.STATE_BEFORE_TAX] + net[Account.M0] == pytest.approx(net[Account.PUBLIC_BEFORE_TAX], abs=1e-6)
    assert set(net) == set(Account) - {Account.REGION}


@given(persons, tax_rules)
def test_society_is_the_citizen_the_public_and_the_employers(amounts, rules):
    accounts = reckon_accounts(post_flows(flows_of(amounts), rules), SocietyFactors(None, None))
    net = {account: np.sum(list(lines.values()), axis=0) for account, lines in accounts.items()}
    parts = net[Account.CITIZEN] + net[Account.PUBLIC] + net[Account.EMPLOYERS]
    assert parts == pytest.approx(net[Account.SOCIETY], abs=1e-6)
    assert Account.SOCIETY_CONSUMER_PRICES not in net


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


TAXES = dict(zip(RATES.values(), (0.25, 0.24, 0.12, 0.08, 0.75, 0.2, 0.1), strict=True))


def book_of(cash: float, grant: float, study: float, cost: float, discount: float = 0.035, **taxes: float) -> RateBook:
    """The shipped book with rates of our own; taxes are known where they are given."""
    own = (
        made_up("cash_benefit_other", RateUnit.DKK_PER_MONTH, cash),
        made_up("cash_benefit_provider", RateUnit.DKK_PER_MONTH, 2 * cash),
        made_up("study_grant", RateUnit.DKK_PER_WEEK, study),
        made_up("programme_cost", RateUnit.DKK, cost),
        made_up("project_grant", RateUnit.DKK, grant),
        made_up("flat", RateUnit.SHARE_PER_YEAR, (Step(0, discount),)),
        *(made_up(name, RateUnit.SHARE, share) for name, share in taxes.items()),
    )
    kept = tuple(rate for rate in SHIPPED.rates if rate.name not in {each.name for each in own})
    return replace(SHIPPED, rates=kept + own)


def trial_of(seed: int, wage: float = 100.0) -> tuple[Allocation, Registers]:
    """A blocked trial of 24 persons with random weeks and earnings, some of whom moved away or died."""
    rng = np.random.default_rng(seed)
    n = 24
    block = np.repeat([0, 1], n // 2)
    arm = np.tile([0, 1], n // 2)
    codes = rng.choice([730, 731, 737, 0, 0, 651, 999], size=(n, DRAWN + HORIZON)).astype(np.int16)
    codes[rng.random(n) < 0.5, :DRAWN] = 730
    codes[20:, DRAWN + 3 :] = np.where(rng.random(4) < 0.3, -1, 0)[:, None]
    ids = np.array([f"P{i:02d}" for i in range(n)], dtype=object)
    hours = rng.integers(0, 160, size=(n, 60)) * (rng.random((n, 60)) < 0.5)
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
        persons=pd.DataFrame({"person_id": ids, "provider": rng.random(n) < 0.4, "municipality": ["153"] * n}),
        weeks=WeekPanel(ids, week_of(MONDAY), codes),
        employment=EmploymentPanel(ids, 45 * 12, hours.astype(np.float64), wage * hours),
        payments=None,
        activity=None,
        survey=None,
        recognised=(),
        digests=(),
    )
    return allocation, registers


def plan_of(discount: str = "fm_2021") -> EconomicsPlan:
    """A plan of the horizon."""
    return EconomicsPlan(("municipality", "state"), HORIZON, 2018, discount)


def account_of(plan: EconomicsPlan, allocation: Allocation, inputs: AccountInputs):
    """The account over the horizon, without what lies beyond it."""
    persons = reckon_persons(plan, allocation, inputs).persons
    return estimate_accounts(persons, allocation, window=Window(0, plan.horizon_weeks))


def effects_of(allocation: Allocation, registers: Registers, book: RateBook, discount: str = "fm_2021"):
    """Every effect of the account, by view, account and line; a result is the line None."""
    found = account_of(plan_of(discount), allocation, AccountInputs(registers, book, CODES))
    lines = {(line.view, line.account, line.line): line.effect for line in found.lines}
    return lines | {(each.view, each.account, None): each.effect for each in found.results}


def estimates_of(effects):
    """The estimates alone."""
    return {key: effect.estimate for key, effect in effects.items()}


def lines_of(seed: int, book: RateBook, discount: str = "fm_2021"):
    """Estimates by view, account and line."""
    return estimates_of(effects_of(*trial_of(seed), book, discount))


seeds = st.integers(0, 10_000)
kroner = st.floats(0, 50_000)
FEW = settings(max_examples=15, deadline=None)
FEWER = settings(max_examples=10)


@FEW
@given(seeds, kroner, kroner, kroner, kroner, st.booleans())
def test_lines_add_up_to_the_result_of_every_account(seed, cash, grant, study, cost, taxed):
    effects = lines_of(seed, book_of(cash, grant, study, cost, **(TAXES if taxed else {})))
    results = {(view, account): value for (view, account, line), value in effects.items() if line is None}
    assert {account for _, account in results} == (
        set(Account) - {Account.REGION} if taxed else {Account.M0, Account.STATE_BEFORE_TAX, Account.PUBLIC_BEFORE_TAX}
    )
    for (view, account), net in results.items():
        own = [value for (v, a, line), value in effects.items() if (v, a) == (view, account) and line is not None]
        assert sum(own) == pytest.approx(net, abs=1e-6)
    for view in View:
        parts = results[view, Account.M0] + results[view, Account.STATE_BEFORE_TAX]
        assert parts == pytest.approx(results[view, Account.PUBLIC_BEFORE_TAX], abs=1e-6)
        for transfer in (Entry.REFUND, Entry.PROJECT_GRANT):
            both = [effects.get((view, each, transfer), 0.0) for each in (Account.M0, Account.STATE_BEFORE_TAX)]
            assert sum(both) == pytest.approx(0, abs=1e-6)
            assert (view, Account.PUBLIC_BEFORE_TAX, transfer) not in effects


@FEW
@given(seeds)
def test_the_rungs_of_an_effect_differ_by_their_named_lines_alone(seed):
    effects = lines_of(seed, book_of(10_000, 0, 1_000, 24_000, **TAXES))
    ordinary = View.ORDINARY_OPERATION

    def lines(account):
        return {line: value for (view, a, line), value in effects.items() if (view, a) == (ordinary, account) and line}

    m0, m1, m2, m3 = (lines(account) for account in (Account.M0, Account.M1, Account.M2, Account.M3))
    own_tax = {Entry.TAX_ON_BENEFIT, Entry.TAX_ON_EARNINGS}
    assert set(m1) - set(m0) == own_tax
    assert set(m2) - set(m1) == {Entry.EQUALISATION}
    assert set(m3) - set(m1) == {Entry.BUDGET_GUARANTEE}
    for wider in (m1, m2, m3):
        assert {line: wider[line] for line in m0} == m0
    assert m3[Entry.BUDGET_GUARANTEE] == pytest.approx(-m0[Entry.BENEFIT] - m0[Entry.REFUND], abs=1e-6)


@FEW
@given(seeds, st.floats(0.1, 5), st.floats(0.1, 5), st.floats(0.1, 5))
def test_money_is_linear_in_every_rate(seed, cash, study, cost):
    base = lines_of(seed, book_of(10_000, 0, 0, 0))
    of_study = lines_of(seed, book_of(0, 0, 1_000, 0))
    of_cost = lines_of(seed, book_of(0, 0, 0, 24_000))
    mixed = lines_of(seed, book_of(10_000 * cash, 0, 1_000 * study, 24_000 * cost))
    for key, value in mixed.items():
        parts = (cash, base), (study, of_study), (cost, of_cost)
        assert value == pytest.approx(sum(scale * lines.get(key, 0.0) for scale, lines in parts), abs=1e-6)


@FEW
@given(seeds, st.floats(0.1, 10))
def test_dearer_times_are_dearer_by_as_much(seed, scale):
    """All prices times s: money times s, and the displacement that uses a gain up as before."""
    found = [
        account_of(
            plan_of(),
            trial_of(seed)[0],
            AccountInputs(
                trial_of(seed, wage=100 * by)[1], book_of(10_000 * by, 0, 1_000 * by, 24_000 * by, **TAXES), CODES
            ),
        )
        for by in (1.0, scale)
    ]
    for once, dearer in zip(found[0].results, found[1].results, strict=True):
        assert dearer.effect.estimate == pytest.approx(scale * once.effect.estimate, rel=1e-9, abs=1e-6)
        assert dearer.effect.std_error == pytest.approx(scale * once.effect.std_error, rel=1e-9, abs=1e-6)
        if abs(once.effect.estimate) > 1:
            assert dearer.break_even_displacement == pytest.approx(once.break_even_displacement, rel=1e-6, nan_ok=True)


@FEW
@given(seeds)
def test_at_discount_0_the_present_value_is_the_plain_sum(seed):
    lines = lines_of(seed, book_of(5_200 / 12, 0, 100, 0, discount=0.0), discount="flat")
    allocation, registers = trial_of(seed)
    code = registers.weeks.code[:, DRAWN:]
    weight = np.where(registers.persons["provider"], 2, 1)[:, None]
    observed = (code != -1).all(axis=1)
    for entry, kroner in (
        (Entry.BENEFIT, 100.0 * (weight * np.isin(code, [730, 731, 737])).sum(axis=1)),
        (Entry.STATE_BENEFIT, 100.0 * (code == 651).sum(axis=1)),
    ):
        saved = 0.0
        for block in (0, 1):
            means = [kroner[observed & (allocation.block == block) & (allocation.arm == arm)].mean() for arm in (0, 1)]
            saved += (means[0] - means[1]) * (observed & (allocation.block == block)).sum() / observed.sum()
        found = lines.get((View.ORDINARY_OPERATION, Account.PUBLIC_BEFORE_TAX, entry), 0.0)
        assert found == pytest.approx(saved, abs=1e-6)


@FEW
@given(seeds)
def test_swapping_the_arms_turns_every_sign(seed):
    allocation, registers = trial_of(seed)
    book = book_of(10_000, 0, 1_000, 0, **TAXES)
    lines, turned = (
        list(estimates_of(effects_of(each, registers, book)).values())
        for each in (allocation, replace(allocation, arm=1 - allocation.arm))
    )
    assert turned == pytest.approx([-value for value in lines], abs=1e-6)


@FEW
@given(seeds, st.floats(0, 50_000))
def test_what_everybody_earns_more_of_alike_changes_nothing(seed, raise_of):
    allocation, registers = trial_of(seed)
    raised = replace(
        registers, employment=replace(registers.employment, earnings=registers.employment.earnings + raise_of)
    )
    book = book_of(10_000, 0, 1_000, 24_000, **TAXES)
    found, again = (effects_of(allocation, each, book) for each in (registers, raised))
    for key, effect in found.items():
        assert again[key].estimate == pytest.approx(effect.estimate, abs=1e-5)
        assert again[key].std_error == pytest.approx(effect.std_error, abs=1e-5)


@FEW
@given(seeds, st.randoms(use_true_random=False))
def test_the_order_and_the_names_of_persons_do_not_matter(seed, random):
    allocation, registers = trial_of(seed)
    order = random.sample(range(24), 24)
    turned = replace(
        allocation, person_id=allocation.person_id[order], arm=allocation.arm[order], block=allocation.block[order]
    )
    book = book_of(10_000, 5_000, 1_000, 24_000, **TAXES)
    found, again = (effects_of(each, registers, book) for each in (allocation, turned))
    for key, effect in found.items():
        assert again[key].estimate == pytest.approx(effect.estimate, abs=1e-6)
        assert again[key].std_error == pytest.approx(effect.std_error, abs=1e-6)


@FEW
@given(seeds)
def test_the_trial_entered_twice_has_the_same_effects_with_less_spread(seed):
    """A cell's variance of the mean, SS / (n (n - 1)), becomes SS / (n (2n - 1))."""
    allocation, registers = trial_of(seed)
    twice = double(allocation, registers)
    book = book_of(10_000, 0, 1_000, 0, **TAXES)
    found, again = effects_of(allocation, registers, book), effects_of(*twice, book)
    persons = reckon_persons(plan_of(), allocation, AccountInputs(registers, book, CODES)).persons
    net = persons.net()[Account.M2].sum(axis=1)
    key = (View.ORDINARY_OPERATION, Account.M2, None)
    assert again[key].estimate == pytest.approx(found[key].estimate, abs=1e-6)
    seen = ~np.isnan(net)
    variance = 0.0
    for block in (0, 1):
        for arm in (0, 1):
            cell = net[seen & (allocation.block == block) & (allocation.arm == arm)]
            weight = (seen & (allocation.block == block)).sum() / seen.sum()
            variance += weight**2 * ((cell - cell.mean()) ** 2).sum() / (len(cell) * (2 * len(cell) - 1))
    assert again[key].std_error ** 2 == pytest.approx(variance, rel=1e-9)


def double(allocation: Allocation, registers: Registers) -> tuple[Allocation, Registers]:
    """Everybody once more, under another name."""
    ids = np.concatenate([allocation.person_id, np.array([f"Q{i:02d}" for i in range(24)], dtype=object)])
    twice = replace(
        allocation,
        person_id=ids,
        arm=np.tile(allocation.arm, 2),
        block=np.tile(allocation.block, 2),
        cluster=np.tile(allocation.cluster, 2),
        probability=np.tile(allocation.probability, (2, 1)),
        randomised_on=np.tile(allocation.randomised_on, 2),
    )
    persons = pd.concat([registers.persons] * 2, ignore_index=True).assign(person_id=ids)
    job = registers.employment
    return twice, replace(
        registers,
        persons=persons,
        weeks=replace(registers.weeks, person_id=ids, code=np.tile(registers.weeks.code, (2, 1))),
        employment=replace(
            job, person_id=ids, hours=np.tile(job.hours, (2, 1)), earnings=np.tile(job.earnings, (2, 1))
        ),
    )


@FEW
@given(seeds, st.floats(0, 1))
def test_displacement_of_nothing_is_the_account_and_a_part_of_it_lies_between(seed, share):
    allocation, registers = trial_of(seed)
    book = book_of(10_000, 0, 1_000, 24_000, **TAXES)
    persons = reckon_persons(plan_of(), allocation, AccountInputs(registers, book, CODES)).persons
    net, left = persons.net(), persons.undisplaced
    assert set(net) == set(left)
    services = [Entry.PROGRAMME, Entry.USUAL_SERVICES]
    for account, lines in persons.lines.items():
        if account is not Account.SOCIETY_PUBLIC_FUNDS:
            stays = sum((lines[entry] for entry in services if entry in lines), 0.0 * net[account])
            assert left[account] == pytest.approx(stays, abs=1e-6, nan_ok=True)
        part = (1 - share) * net[account] + share * left[account]
        assert (1 - 0.0) * net[account] + 0.0 * left[account] == pytest.approx(net[account], nan_ok=True)
        assert np.nanmax(np.abs(part)) <= max(np.nanmax(np.abs(net[account])), np.nanmax(np.abs(left[account]))) + 1e-6


@FEW
@given(seeds)
def test_months_and_years_hold_the_same_kroner(seed):
    allocation, registers = trial_of(seed)
    book = book_of(10_000, 0, 1_000, 24_000, discount=0.0, **TAXES)
    persons = reckon_persons(plan_of("flat"), allocation, AccountInputs(registers, book, CODES)).persons
    for account, lines in persons.lines.items():
        for entry, present in lines.items():
            total = present.sum(axis=1)
            assert persons.nominal[account][entry].sum(axis=1) == pytest.approx(total, abs=1e-6, nan_ok=True)
            assert persons.budget[account][entry].sum(axis=1) == pytest.approx(total, abs=1e-6, nan_ok=True)


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


@settings(max_examples=10, deadline=None)
@given(seeds, st.integers(1, 4), st.sampled_from([TAXES, {}, {"employer_on_costs": 0.1}]))
def test_the_workbook_gives_every_result_again_however_its_quantities_are_merged(seed, fewest, taxes):
    allocation, registers = trial_of(seed)
    book = book_of(10_000, 3_000, 1_000, 24_000, **taxes)
    account = appraise(plan_of(), allocation, AccountInputs(registers, book, CODES, fewest=fewest))
    assume(account.quantities is not None)
    sheet = load_workbook(io.BytesIO(render_account(account, Meta("A", "en", "B"))), data_only=True)["Checks"]
    residuals = [row[1] for row in sheet.iter_rows(min_row=5, values_only=True) if row[2] is not None]
    assert len(residuals) > len(account.results)
    assert residuals == pytest.approx([0.0] * len(residuals), abs=1e-6)


PARTIES = (Account.CITIZEN, Account.M2, Account.OTHER_MUNICIPALITIES, Account.STATE, Account.EMPLOYERS)
PRICED = {"cash": 10_000, "grant": 5_000, "study": 1_000, "cost": 24_000}


def persons_of(seed: int, book: RateBook, discount: str = "fm_2021"):
    """Everybody's own account."""
    allocation, registers = trial_of(seed)
    return reckon_persons(plan_of(discount), allocation, AccountInputs(registers, book, CODES)).persons


@FEW
@given(seeds, kroner, st.floats(0, 50_000))
def test_every_transfer_in_everybodys_account_sums_to_zero(seed, cash, study):
    persons = persons_of(seed, book_of(cash, 0, study, 24_000, **TAXES))
    for accounts in (persons.lines, persons.nominal, persons.budget):
        for entry in (each for each in Entry if each.kind is Kind.TRANSFER):
            posted = [accounts[party][entry] for party in PARTIES if entry in accounts[party]]
            if posted:
                assert np.nanmax(np.abs(np.sum(posted, axis=0))) <= 1e-6, entry


@FEW
@given(seeds, st.floats(0, 0.2), st.floats(0, 0.2))
def test_a_larger_discount_rate_never_raises_a_positive_stream(seed, lower, more):
    dear, cheap = (
        persons_of(seed, book_of(10_000, 0, 1_000, 24_000, discount=rate, **TAXES), "flat").lines
        for rate in (lower, lower + more)
    )
    for entry in (Entry.BENEFIT, Entry.STATE_BENEFIT, Entry.WAGES):
        received, later = dear[Account.CITIZEN][entry], cheap[Account.CITIZEN][entry]
        seen = ~np.isnan(received)
        assert (received[seen] >= 0).all()
        assert (later[seen] <= received[seen] + 1e-9).all()


@FEWER
@given(seeds, st.floats(0, 0.99), st.integers(1, 60))
def test_the_results_do_not_depend_on_the_outlook(seed, decay, months):
    allocation, registers = trial_of(seed)
    inputs = AccountInputs(registers, book_of(**PRICED, **TAXES), CODES)
    plans = (OutlookPlan(replicates=50), OutlookPlan(yearly_decay=decay, extrapolated_months=months, replicates=50))
    first, other = (appraise(replace(plan_of(), outlook=plan), allocation, inputs) for plan in plans)
    assert (other.lines, other.results, other.weeks_saved) == (first.lines, first.results, first.weeks_saved)
    for own, others in zip(first.outlook.accounts, other.outlook.accounts, strict=True):
        assert others.scenario(ScenarioName.OBSERVED) == own.scenario(ScenarioName.OBSERVED)
        assert (others.curve, others.payback) == (own.curve, own.payback)


@FEWER
@given(seeds, st.randoms(use_true_random=False))
def test_the_same_seed_is_the_same_bytes_in_any_order_and_under_any_names(seed, random):
    """Account, outlook and decision; reordered sums may differ in their last digits, so that those are compared so."""
    allocation, registers = trial_of(seed)
    book, plan = book_of(**PRICED, **TAXES), replace(plan_of(), outlook=OutlookPlan(replicates=50))
    first = appraise(plan, allocation, AccountInputs(registers, book, CODES))
    assert repr(appraise(plan, allocation, AccountInputs(registers, book, CODES))) == repr(first)
    ids = random.sample([f"Q{i:02d}" for i in range(24)], 24)
    renamed = dict(zip(allocation.person_id.tolist(), ids, strict=True))
    called = np.array(ids, dtype=object)
    other = replace(
        registers,
        persons=registers.persons.assign(person_id=registers.persons["person_id"].map(renamed)),
        weeks=replace(registers.weeks, person_id=called),
        employment=replace(registers.employment, person_id=called),
    )
    named = appraise(plan, replace(allocation, person_id=called), AccountInputs(other, book, CODES))
    assert repr(named) == repr(first)
    order = random.sample(range(24), 24)
    rows = {name: getattr(allocation, name)[order] for name in ("person_id", "arm", "block")}
    turned = appraise(plan, replace(allocation, **rows), AccountInputs(registers, book, CODES))
    assert numbers_of(turned) == pytest.approx(numbers_of(first), rel=1e-7, abs=1e-5, nan_ok=True)


def numbers_of(found):
    """Every number that an account tells, in order."""
    told = re.sub(r"datetime\.date\([^)]*\)", "", repr(found))
    return [float(each) for each in re.findall(r"-?\b(?:\d+\.?\d*(?:e[+-]?\d+)?|inf|nan)\b", told)]


@FEW
@given(seeds)
def test_two_blocks_that_are_alike_keep_the_effect_when_they_are_merged(seed):
    allocation, registers = double(*trial_of(seed))
    alike = np.concatenate([np.zeros(24), np.ones(24)]).astype(np.int64)
    apart = replace(allocation, block=alike, design=Blocked("block", (("a", 12), ("b", 12))))
    merged = replace(allocation, block=0 * alike, block_labels=("a",), design=Blocked("block", (("a", 24),)))
    book = book_of(**PRICED, **TAXES)
    found, again = (estimates_of(effects_of(each, registers, book)) for each in (apart, merged))
    assert list(again) == list(found)
    assert list(again.values()) == pytest.approx(list(found.values()), abs=1e-6)


@given(periods, st.data())
def test_a_payment_cut_in_two_with_its_share_of_each_is_the_same_money(found, data):
    """A week of benefit is the same as its two parts, wherever it is cut; a period of several weeks likewise."""
    allocation, registers = trial_of(1)
    horizon = build_horizon(
        allocation, replace(registers.weeks, code=np.maximum(registers.weeks.code, 0)), HORIZON, CODES
    )
    start = pd.Timestamp(MONDAY) + pd.Timedelta(weeks=DRAWN)
    whole, parts = [], []
    for who, first, length, amount in found:
        cut = data.draw(st.integers(1, length + 1))
        whole.append((who, first, first + length, amount))
        parts.append((who, first, first + cut - 1, amount * cut / (length + 1)))
        if cut <= length:
            parts.append((who, first + cut, first + length, amount * (length + 1 - cut) / (length + 1)))
    paid, again = (
        spread_payments(
            pd.DataFrame(
                {
                    "person_id": [allocation.person_id[who] for who, *_ in rows],
                    "start": pd.array([start + pd.Timedelta(days=day) for _, day, *_ in rows], dtype="datetime64[ns]"),
                    "end": pd.array([start + pd.Timedelta(days=day) for _, _, day, _ in rows], dtype="datetime64[ns]"),
                    "benefit": ["730"] * len(rows),
                    "amount": np.array([amount for *_, amount in rows], dtype=np.float64),
                }
            ),
            allocation.person_id,
            horizon,
            SHIPPED.benefits,
        )
        for rows in (whole, parts)
    )
    assert again.ladder == pytest.approx(paid.ladder, abs=1e-6)
