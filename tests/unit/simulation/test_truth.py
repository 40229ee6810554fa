from dataclasses import replace
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from ctieval.domain.outcome import BetterWhen, InstrumentOutcome, Measure, Role, State, StateOutcome
from ctieval.domain.window import Window
from ctieval.domain.wording import Label
from ctieval.errors import InputError
from ctieval.outcomes.track import track
from ctieval.protocol.load import load_trial
from ctieval.simulation.truth import count_potential_outcomes, true_effect

LABEL = Label("navn", "name")


def outcome_of(state, measure, window, better_when="higher"):
    return StateOutcome(
        name="outcome",
        label=LABEL,
        role=Role.PRIMARY,
        better_when=BetterWhen(better_when),
        state=State(state),
        measure=Measure(measure),
        window=Window(*window),
    )


def weeks_in_job(registers, draw_week, row, weeks):
    """Weeks without a code whose month holds hours, one at a time."""
    count = 0
    for week in range(draw_week, draw_week + weeks):
        month = (np.datetime64("1970-01-01") + 7 * week).astype("datetime64[M]").astype(int)
        blank = registers.weeks.code[row, week - registers.weeks.first_week] == 0
        count += blank and registers.employment.hours[row, month - registers.employment.first_month] > 0
    return count


def test_weeks_in_an_ordinary_job_agree_with_a_plain_count(world, codes):
    found = count_potential_outcomes(world, outcome_of("ordinary_job", "weeks", (0, 104)), codes)
    rows = np.flatnonzero(world.eligible)
    for registers, values in ((world.control, found.control), (world.intervention, found.intervention)):
        for place in range(0, len(rows), 5):
            if np.isfinite(values[place]):
                assert values[place] == weeks_in_job(registers, world.draw_week, rows[place], 104)


def test_the_effect_is_the_mean_of_the_differences(world, codes):
    outcome = outcome_of("ordinary_job", "weeks", (0, 52))
    found = count_potential_outcomes(world, outcome, codes)
    known = np.isfinite(found.control)
    differences = found.intervention[known] - found.control[known]
    assert true_effect(world, outcome, codes) == pytest.approx(differences.sum() / known.sum(), abs=1e-12)


def test_the_published_level_of_transition_holds_in_the_control(world, codes):
    control = count_potential_outcomes(world, outcome_of("ordinary_job", "ever", (0, 52)), codes).control
    # Published: about 6 % within a year; two points are three standard errors of 1,378 persons.
    assert abs(np.nanmean(control) - 0.06) < 0.02


@pytest.mark.parametrize(
    ("state", "measure", "better_when", "sign"),
    [
        ("ordinary_job", "weeks", "higher", 1),
        ("ordinary_job", "ever", "higher", 1),
        ("company_measure", "ever", "higher", 1),
        ("ordinary_hours", "weeks", "higher", 1),
        ("benefit", "weeks", "lower", -1),
    ],
)
def test_the_intervention_helps_in_this_world(world, codes, state, measure, better_when, sign):
    assert sign * true_effect(world, outcome_of(state, measure, (0, 104), better_when), codes) > 0


def test_the_same_persons_have_a_value_under_either_arm(world, codes):
    found = count_potential_outcomes(world, outcome_of("benefit", "weeks", (0, 104), "lower"), codes)
    assert np.array_equal(np.isnan(found.control), np.isnan(found.intervention))
    assert 0 < np.isnan(found.control).sum() < 0.1 * len(found.control)


def test_the_dead_are_without_a_job_and_without_a_value_of_benefit_weeks(world, codes):
    died = world.control.persons["died_on"].notna().to_numpy()[world.eligible]
    job = count_potential_outcomes(world, outcome_of("ordinary_job", "at_end", (0, 112)), codes)
    benefit = count_potential_outcomes(world, outcome_of("benefit", "weeks", (0, 112), "lower"), codes)
    assert died.any()
    assert (job.control[died] == 0).all()
    assert np.isnan(benefit.control[died]).all()


def test_ever_is_at_least_one_week(world, codes):
    weeks = count_potential_outcomes(world, outcome_of("supported_job", "weeks", (0, 104)), codes).control
    ever = count_potential_outcomes(world, outcome_of("supported_job", "ever", (0, 104)), codes).control
    known = np.isfinite(weeks)
    assert np.array_equal(weeks[known] > 0, ever[known] == 1)


def test_weeks_add_up_over_windows(world, codes):
    first, second, both = (
        count_potential_outcomes(world, outcome_of("self_support", "weeks", window), codes).intervention
        for window in ((0, 52), (52, 104), (0, 104))
    )
    known = np.isfinite(both)
    assert np.array_equal((first + second)[known], both[known])


@pytest.mark.parametrize(("shorter", "longer"), [("ever", "retained_13"), ("retained_13", "retained_26")])
def test_longer_retention_is_rarer(world, codes, shorter, longer):
    more = count_potential_outcomes(world, outcome_of("ordinary_job", shorter, (0, 78)), codes).control
    less = count_potential_outcomes(world, outcome_of("ordinary_job", longer, (0, 78)), codes).control
    known = np.isfinite(more) & np.isfinite(less)
    assert (less[known] <= more[known]).all()
    assert less[known].sum() < more[known].sum()


def test_wellbeing_is_scored_from_0_to_100_and_lifted(world, codes):
    outcome = InstrumentOutcome(
        name="who5", label=LABEL, role=Role.SECONDARY, better_when=BetterWhen.HIGHER, instrument="who5", wave="12m"
    )
    found = count_potential_outcomes(world, outcome, codes)
    assert np.nanmin(found.control) >= 0
    assert np.nanmax(found.control) <= 100
    assert set(np.unique(found.control[np.isfinite(found.control)]) % 4) == {0.0}
    assert 2 < found.effect < 5


def test_every_outcome_of_the_plan_agrees_with_the_follow_up_of_both_futures(world, codes, make_allocation):
    target = world.control.persons.loc[world.eligible, "person_id"].to_numpy(dtype=object)
    plan = load_trial(Path(str(resources.files("ctieval.simulation") / "demo")))
    outcomes = tuple(outcome for outcome in plan.outcomes if isinstance(outcome, StateOutcome))
    allocation = replace(
        make_allocation(np.arange(len(target)) % 2),
        person_id=target,
        randomised_on=np.full(len(target), np.datetime64(world.settings.calendar.randomised_on, "D")),
    )
    for arm in ("control", "intervention"):
        followed = track(outcomes, allocation, getattr(world, arm), codes)
        counted = [getattr(count_potential_outcomes(world, outcome, codes), arm) for outcome in outcomes]
        assert np.array_equal(followed.values, np.column_stack(counted), equal_nan=True)


@pytest.mark.parametrize("window", [(-170, 0), (0, 113)])
def test_a_window_that_the_world_does_not_hold_is_an_error(world, codes, window):
    with pytest.raises(InputError) as error:
        true_effect(world, outcome_of("benefit", "weeks", window, "lower"), codes)
    assert "outcome" in error.value.where


def test_repr_tells_nobody(world, codes):
    found = count_potential_outcomes(world, outcome_of("ordinary_job", "weeks", (0, 52)), codes)
    assert repr(found).startswith("PotentialOutcomes(")
    assert repr(found).endswith("of 1378 persons)")
