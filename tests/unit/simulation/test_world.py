from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.criterion import ActivityReady, Eligibility, GapRule, MinimumAge, MinimumUnemployment
from ctieval.domain.registers import NOT_OBSERVED, week_of
from ctieval.eligibility.screen import screen
from ctieval.simulation.load_settings import load_settings
from ctieval.simulation.world import simulate_world


def same_registers(left, right):
    """True where two registers hold the same cells."""
    return (
        left.persons.equals(right.persons)
        and np.array_equal(left.weeks.code, right.weeks.code)
        and np.array_equal(left.employment.hours, right.employment.hours, equal_nan=True)
        and np.array_equal(left.employment.earnings, right.employment.earnings, equal_nan=True)
        and left.survey.equals(right.survey)
    )


def test_the_same_seed_gives_the_same_world(world):
    again = simulate_world(world.seed)
    assert same_registers(world.control, again.control)
    assert same_registers(world.intervention, again.intervention)
    assert world.intervention.activity.equals(again.intervention.activity)


def test_another_seed_gives_another_world(world):
    assert not np.array_equal(world.control.weeks.code, simulate_world(1).control.weeks.code)


@pytest.mark.parametrize("rule", [GapRule.DAYS_28, GapRule.CALENDAR_MONTH])
def test_exactly_the_target_group_is_eligible(world, codes, rule):
    criteria = (MinimumAge(30), MinimumUnemployment(52, rule, "kontanthjaelp"), ActivityReady())
    cohort = screen(Eligibility(world.settings.calendar.as_of, criteria), world.control, codes)
    assert cohort.person_id.tolist() == world.control.persons["person_id"].tolist()
    assert np.array_equal(cohort.eligible, world.eligible)
    found = Counter(cohort.characteristics["municipality"].to_numpy()[cohort.eligible])
    assert found == {"153": 518, "260": 196, "550": 242, "846": 214, "849": 208}


def test_every_criterion_is_somebodys_only_reason(world, codes):
    criteria = (MinimumAge(30), MinimumUnemployment(52, GapRule.DAYS_28, "kontanthjaelp"), ActivityReady())
    cohort = screen(Eligibility(world.settings.calendar.as_of, criteria), world.control, codes)
    out = cohort.failed | cohort.not_assessable
    only = out[out.sum(axis=1) == 1].sum(axis=0)
    assert only.min() >= 20
    assert cohort.not_assessable.any()


def test_the_strict_rule_admits_fewer(world, codes):
    strict = (MinimumUnemployment(52, GapRule.STRICT, "kontanthjaelp"),)
    cohort = screen(Eligibility(world.settings.calendar.as_of, strict), world.control, codes)
    assert (world.eligible & ~cohort.eligible).sum() > 50


def test_both_futures_share_everything_before_the_draw(world):
    history = world.draw_week - world.control.weeks.first_week
    assert np.array_equal(world.control.weeks.code[:, :history], world.intervention.weeks.code[:, :history])
    assert world.control.persons.equals(world.intervention.persons)
    months = 37  # January 2015 to January 2018
    assert np.array_equal(world.control.employment.hours[:, :months], world.intervention.employment.hours[:, :months])


def test_baseline_answers_are_the_same_in_both_futures(world):
    either = [r.survey[r.survey["wave"] == "baseline"] for r in (world.control, world.intervention)]
    assert len(either[0]) > 0
    assert either[0].equals(either[1])


def test_the_futures_differ_only_for_those_who_would_take_part(world):
    differ = (world.control.weeks.code != world.intervention.weeks.code).any(axis=1)
    log = world.intervention.activity
    met = log.loc[log["activity"] == "Tværfagligt opstartsmøde", "person_id"]
    takes_part = world.control.persons["person_id"].isin(met).to_numpy()
    assert differ.any()
    assert not (differ & ~takes_part).any()


def test_weeks_reach_three_years_back_and_two_years_on(world):
    weeks = world.control.weeks
    assert world.draw_week == week_of(np.datetime64("2018-02-05"))
    assert world.draw_week - weeks.first_week >= 156
    assert weeks.end_week - world.draw_week >= 104
    assert (weeks.code[:, : world.draw_week - weeks.first_week] >= 0).all()


def test_only_known_codes_stand_in_the_weeks(world, codes):
    for registers in (world.control, world.intervention):
        assert set(np.unique(registers.weeks.code)) - {NOT_OBSERVED} <= codes.known


def test_codes_follow_the_series_of_the_group(world):
    persons, code = (
        world.control.persons,
        world.control.weeks.code[:, world.draw_week - world.control.weeks.first_week - 1],
    )
    assert ((code[world.eligible] >= 730) & (code[world.eligible] <= 739)).all()
    assert (code[(persons["visitation"] == "job_ready").to_numpy()] < 150).all()


def test_exits_are_the_same_under_either_arm(world):
    for code in (999, 997, NOT_OBSERVED):
        control, intervention = (r.weeks.code == code for r in (world.control, world.intervention))
        assert control.any()
        assert np.array_equal(control, intervention)


def test_weeks_after_death_and_move_follow_the_persons_table(world):
    weeks = world.control.weeks
    number = np.arange(weeks.first_week, weeks.end_week)
    for column, code in (("died_on", 999), ("moved_on", NOT_OBSERVED)):
        days = world.control.persons[column]
        for row in np.flatnonzero(days.notna()):
            after = number > week_of(np.datetime64(days.iloc[row], "D"))
            assert np.array_equal(weeks.code[row] == code, after)


def test_nobody_has_a_week_before_birth(world):
    first_monday = pd.Timestamp("2015-01-05")
    assert world.control.persons["birth_date"].max() < first_monday - pd.DateOffset(years=15)


def test_nobody_is_logged_after_an_exit(world):
    persons = world.control.persons.set_index("person_id")
    gone = persons["died_on"].fillna(persons["moved_on"]).dropna()
    log = world.intervention.activity
    late = log["date"] > log["person_id"].map(gone)
    assert log["person_id"].isin(gone.index).any()
    assert not late.any()


def test_control_levels_are_those_the_settings_are_tuned_to(world):
    begin = world.draw_week - world.control.weeks.first_week
    year = world.control.weeks.code[world.eligible, begin : begin + 52]
    practice = np.isin(year, [737, 738]).any(axis=1).mean()
    # Published: about 14 % in virksomhedspraktik; three points are three standard errors of 1,378 persons.
    assert abs(practice - 0.14) < 0.03


def test_own_settings_make_another_trial():
    settings = load_settings()
    small = replace(settings, municipality=(replace(settings.municipality[0], eligible=40, drawn=10),))
    world = simulate_world(3, small)
    assert repr(world) == "World(seed 3, 40 eligible of 60 persons)"


def test_without_ratios_the_intervention_changes_no_week():
    settings = load_settings()
    ways = tuple(replace(way, ratio=1.0) for way in settings.chain.transition)
    world = simulate_world(4, replace(settings, chain=replace(settings.chain, transition=ways)))
    assert np.array_equal(world.control.weeks.code, world.intervention.weeks.code)
