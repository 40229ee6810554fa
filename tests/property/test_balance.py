"""What holds of the check of every draw."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ctieval.assignment.balance.check import check_balance
from ctieval.assignment.balance.describe import describe_baseline
from ctieval.assignment.balance.redraw import redraw
from ctieval.domain.trial import BaselineVariable
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label


def variable(column, unit):
    return BaselineVariable(name=column, label=Label(column, column), column=column, unit=unit)


WANTED = (variable("age", Unit.YEARS), variable("place", None), variable("woman", Unit.SHARE))


@st.composite
def trials(draw):
    """Arms and blocks with one person or more in each arm of each block, and characteristics with gaps."""
    sizes = draw(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=3))
    arm = [each for n0, n1 in sizes for each in [0] * n0 + [1] * n1]
    block = [f"block {number}" for number, (n0, n1) in enumerate(sizes) for _ in range(n0 + n1)]
    n = len(arm)
    ages = draw(st.lists(st.one_of(st.none(), st.integers(18, 70)), min_size=n, max_size=n))
    place = draw(st.lists(st.sampled_from(["east", "west", None]), min_size=n, max_size=n))
    woman = draw(st.lists(st.integers(0, 1), min_size=n, max_size=n))
    frame = pd.DataFrame({"age": pd.array(ages, dtype="Float64"), "place": place, "woman": woman})
    return np.array(arm), np.array(block), frame


def check(make_allocation, arm, block, frame, wanted=WANTED):
    return check_balance(frame, make_allocation(arm, block), wanted, assignments=None)


def alike(one, other, *, turned=False):
    """Two tables that say the same, but for the sign of what is turned."""
    sign = -1 if turned else 1
    assert one.omnibus.rank == other.omnibus.rank
    np.testing.assert_allclose(one.omnibus.p_value, other.omnibus.p_value, atol=1e-9)
    np.testing.assert_allclose(one.omnibus.statistic, other.omnibus.statistic, rtol=1e-6, atol=1e-9)
    for a, b in zip(one.rows, other.rows, strict=True):
        np.testing.assert_allclose(a.p_value, b.p_value, atol=1e-9)
        np.testing.assert_allclose(a.std_difference, sign * b.std_difference, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(a.chances, b.chances, atol=1e-9)
        np.testing.assert_allclose(a.usual, b.usual, rtol=1e-6, atol=1e-9)


@given(trials())
@settings(max_examples=25)
def test_every_share_of_the_draws_is_one(make_allocation, trial):
    table = check(make_allocation, *trial)
    shares = [table.omnibus.p_value, *(share for row in table.rows for share in (row.p_value, *row.chances))]
    assert all(0 <= share <= 1 + 1e-9 for share in shares)
    assert table.omnibus.p_value >= 1 / table.assignments - 1e-9
    assert all(row.p_value >= 1 / table.assignments - 1e-9 for row in table.rows)
    assert all(0 <= tally.expected <= len(table.compared) + 1e-9 for tally in table.tallies)


@given(trials())
@settings(max_examples=25)
def test_rows_are_those_of_the_baseline_table(make_allocation, trial):
    arm, block, frame = trial
    table, baseline = check(make_allocation, *trial), describe_baseline(frame, make_allocation(arm, block), WANTED)
    for row, described in zip(table.rows, baseline, strict=True):
        assert (row.name, row.level) == (described.name, described.level)
        np.testing.assert_allclose(row.std_difference, described.std_difference, rtol=1e-6, atol=1e-9)


@given(trials(), st.permutations(range(18)))
@settings(max_examples=25)
def test_the_order_of_rows_changes_nothing(make_allocation, trial, order):
    arm, block, frame = trial
    taken = [each for each in order if each < len(arm)]
    shuffled = frame.iloc[taken].reset_index(drop=True)
    alike(check(make_allocation, *trial), check(make_allocation, arm[taken], block[taken], shuffled))


@given(trials())
@settings(max_examples=25)
def test_calling_the_arms_by_each_other_s_names_turns_the_signs(make_allocation, trial):
    arm, block, frame = trial
    alike(check(make_allocation, *trial), check(make_allocation, 1 - arm, block, frame), turned=True)


@given(trials(), st.sampled_from([0.001, 12.0, 1e6]), st.sampled_from([-1000.0, 0.0, 5.0]))
@settings(max_examples=25)
def test_another_unit_changes_nothing(make_allocation, trial, factor, shift):
    arm, block, frame = trial
    other = frame.assign(age=frame["age"] * factor + shift)
    alike(check(make_allocation, *trial), check(make_allocation, arm, block, other))


@given(trials())
@settings(max_examples=10)
def test_a_sample_of_draws_comes_near_to_all_of_them(make_allocation, trial):
    arm, block, frame = trial
    allocation = make_allocation(arm, block)
    exact = check_balance(frame, allocation, WANTED)
    sampled = check_balance(frame, allocation, WANTED, assignments=redraw(allocation, draws=2000, few=0))
    error = 4 * np.sqrt(exact.omnibus.p_value * (1 - exact.omnibus.p_value) / 2000) + 1 / 2000
    assert abs(sampled.omnibus.p_value - exact.omnibus.p_value) <= error
