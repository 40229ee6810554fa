"""Small cases of the kernels that a reader can follow, and the traps that the design names."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from ctieval.domain.criterion import GapRule
from ctieval.domain.window import Window
from ctieval.registers.kernels.block import Block, Participants
from ctieval.registers.kernels.evidence import month_starts
from ctieval.registers.kernels.intervals import join, tile
from ctieval.registers.kernels.look_up import LookUp, latest_birthday, look_up
from ctieval.registers.kernels.overlay import StateRules, overlay
from ctieval.registers.kernels.paths import count_paths, sum_paths
from ctieval.registers.kernels.payments import to_weekly_rates
from ctieval.registers.weeks import months_of_weeks, to_week_number

BENEFIT, JOB, SELF_SUPPORT, BLANK, MOVED, BLANK_AT_MOVE = 1, 2, 3, 4, 5, 6


@pytest.fixture
def rules():
    of_code = np.zeros(1001, dtype=np.int16)
    of_code[[0, 651, 730, 731]] = BLANK, BENEFIT, BENEFIT, BENEFIT
    return StateRules(of_code, JOB, SELF_SUPPORT, BLANK, 0, MOVED, BLANK_AT_MOVE, least_hours=1, least_earnings=1)


def rows(spells):
    return list(zip(*(getattr(spells, name).tolist() for name in ("row", "start", "end", "code")), strict=True))


def test_codes_of_one_state_are_one_run_and_a_hole_is_none(make_block, rules):
    assert rows(overlay(make_block(), rules)) == [
        (0, 2505, 2530, BENEFIT),
        (0, 2530, 2557, SELF_SUPPORT),
        (1, 2510, 2512, SELF_SUPPORT),
        (1, 2514, 2516, BENEFIT),
        (1, 2516, 2527, SELF_SUPPORT),
        (1, 2527, 2531, JOB),
        (1, 2531, 2535, BLANK),
        (1, 2535, 2540, SELF_SUPPORT),
        (1, 2540, 2557, MOVED),
    ]


def test_a_code_may_be_laid_open_to_the_month(make_block, rules):
    of_code = np.where(rules.of_code == BENEFIT, BLANK, rules.of_code).astype(np.int16)
    beside = replace(rules, of_code=of_code)
    assert {state for _, _, _, state in rows(overlay(make_block(), beside))} == {JOB, SELF_SUPPORT, BLANK, MOVED}


def test_months_decide_by_the_threshold_asked_for(make_block, rules):
    for least_hours, least_earnings, worked in ((14801, None, 0), (14800, None, 4), (None, 20000, 4), (None, 20001, 0)):
        asked = replace(rules, least_hours=least_hours, least_earnings=least_earnings)
        runs = overlay(make_block(), asked)
        job = runs.code == JOB
        assert (runs.end - runs.start)[job].sum() == worked


def test_a_block_without_persons_has_no_runs(make_block, rules):
    empty: Block = make_block().take(np.zeros(0, dtype=np.int32))
    assert len(overlay(empty, rules)) == 0
    nobody = Participants(*(np.zeros(0, dtype=np.int32),) * 3)
    assert len(nobody.within(make_block())[0]) == 0
    assert len(nobody.within(empty)[0]) == 0


@pytest.mark.parametrize("year", [1992, 1998, 2004, 2009, 2015, 2020, 2026])
def test_every_week_of_a_year_with_53_has_the_month_of_its_thursday(year):
    weeks = np.arange(to_week_number(year, 1), to_week_number(year + 1, 1))
    assert len(weeks) == 53
    months = months_of_weeks(weeks)
    starts = month_starts(np.arange(months[0], months[-1] + 2))
    np.testing.assert_array_equal(np.searchsorted(starts, weeks, side="right") - 1 + months[0], months)


def test_tiles_of_persons_without_a_run_are_one_gap(make_spells):
    low, high = np.array([0, 3, 5], dtype=np.int32), np.array([9, 9, 5], dtype=np.int32)
    assert rows(tile(make_spells((1, 4, 6, 7)), low, high, 0)) == [
        (0, 0, 9, 0),
        (1, 3, 4, 0),
        (1, 4, 6, 7),
        (1, 6, 9, 0),
    ]


def test_runs_of_two_persons_are_never_joined(make_spells):
    assert len(join(make_spells((0, 1, 3, 7), (1, 3, 4, 7)))) == 2


def test_weeks_beyond_16_bits_of_a_key_are_not_mixed_up(make_spells, rules):
    runs = make_spells((40_000, 2900, 2915, 1), (40_001, 2900, 2915, 1))
    keys = runs.start_keys()
    assert keys[1] - keys[0] == 2**15
    assert keys.dtype == np.int64


def test_squares_of_payments_in_oere_are_exact_where_a_float_is_not(make_spells):
    """A float holds whole numbers up to 2**53; the sum of squares is larger and odd."""
    n, amount = 3, 94_906_267
    row = np.arange(n, dtype=np.int32)
    spells = make_spells(*((person, 100, 110, 730) for person in range(n)))
    drawn = Participants(row, np.zeros(n, dtype=np.int32), np.full(n, 100, dtype=np.int32))
    rates = to_weekly_rates([730], np.full((1, 10), amount), 100)
    _, squares = sum_paths(spells, drawn, Window(0, 3), rates, n_arms=1)
    assert squares.tolist() == [[n * amount**2] * 3]
    assert n * amount**2 > 2**53


def test_a_path_counts_to_one_in_every_observed_week(make_block, rules):
    block = make_block()
    drawn = Participants(block.pidx, np.array([0, 1, 1], dtype=np.int32), np.full(3, 2520, dtype=np.int32))
    counts = count_paths(overlay(block, rules), drawn, Window(-15, 37), n_arms=2, n_states=rules.n_states)
    assert counts[0].sum(axis=0).tolist() == [1] * 52
    assert counts[1].sum(axis=0).tolist() == [0] * 5 + [1, 1, 0, 0] + [1] * 43


@pytest.mark.parametrize(
    ("as_of", "years", "born"),
    [
        (date(2018, 2, 28), 30, "1988-02-28"),
        (date(2018, 3, 1), 30, "1988-03-01"),
        (date(2020, 2, 29), 30, "1990-02-28"),
        (date(2020, 2, 29), 32, "1988-02-29"),
    ],
)
def test_the_birthday_itself_counts(as_of, years, born):
    assert np.datetime64(latest_birthday(as_of, years), "D") == np.datetime64(born)


@pytest.fixture
def asked():
    table = np.zeros(1001, dtype=np.bool_)
    benefits = table.copy()
    benefits[[730, 731]] = True
    return LookUp(
        day=7 * 2529,
        born_by=3500,
        benefits=benefits,
        ready=benefits,
        gone=table,
        least_weeks=25,
        gap_rule=GapRule.DAYS_28,
        longest_gap_weeks=4,
        most_hours=1000,
    )


def test_exactly_so_many_weeks_are_enough(make_block, asked):
    table, sums = look_up(make_block(), asked)
    assert table["least"].tolist() == [25, 0, 0]
    assert table["eligible"].tolist() == [1, 0, -1]
    assert (sums["eligible"].tolist(), sums["not_known"].tolist()) == ([1], [1])
    table, _ = look_up(make_block(), replace(asked, least_weeks=26))
    assert table["eligible"].tolist() == [-1, 0, -1]


@pytest.mark.parametrize("gap", [(4, 1000, True), (5, 0, False), (4, 1001, False), (1, 0, True)])
def test_a_gap_of_28_days_with_10_hours_does_not_break_the_spell(make_block, make_spells, make_months, asked, gap):
    weeks, hours, holds = gap
    codes = make_spells((0, 2505, 2515, 730), (0, 2515 + weeks, 2530, 730))
    months = make_months((0, 578, hours, 0))
    table, _ = look_up(make_block(codes=codes, months=months), asked)
    assert table["least"][0] == (25 if holds else 15 - weeks)


def test_whoever_moved_or_is_gone_is_out_for_that_alone(make_block, asked):
    gone = np.zeros(1001, dtype=np.bool_)
    gone[731] = True
    table, _ = look_up(make_block(), replace(asked, gone=gone, day=7 * 2540))
    assert table["here"].tolist() == [1, 0, 1]
    table, _ = look_up(make_block(), replace(asked, gone=gone))
    assert table["here"].tolist() == [0, 1, 1]
