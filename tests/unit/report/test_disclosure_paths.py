"""What a reader may learn of a week: never that somebody was there alone, nor when she came or left."""

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from ctieval.domain.flow import BlockCount
from ctieval.domain.outcome import State
from ctieval.domain.state_paths import PATH_STATES
from ctieval.report.disclosure.paths import round_paths
from ctieval.report.protect import protect

K = 5


def moved(paths, week, persons, arm="intervention", into=State.EDUCATION):
    """The paths had so many persons of an arm been in a state in one week, and not on benefit."""
    states = getattr(paths, arm)
    share = persons / states.n[0]
    shares = [list(each) for each in states.shares]
    number = paths.weeks.index(week)
    shares[PATH_STATES.index(into)][number] += share
    shares[PATH_STATES.index(State.PASSIVE_BENEFIT)][number] -= share
    return replace(paths, **{arm: replace(states, shares=tuple(map(tuple, shares)))})


def with_job(paths, week, treated):
    """The paths had so many of the intervention, and nobody else, had an ordinary job in a week."""
    curve, number = paths.curve(State.ORDINARY_JOB), paths.weeks.index(week)
    share = treated / curve.n_treated[number]
    half = 1.96 * math.sqrt(share * (1 - share) / curve.n_treated[number]) if treated else math.nan

    def put(values, value):
        return (*values[:number], value, *values[number + 1 :])

    changed = replace(
        curve,
        intervention=put(curve.intervention, share),
        estimate=put(curve.estimate, share),
        conf_low=put(curve.conf_low, share - half),
        conf_high=put(curve.conf_high, share + half),
    )
    return replace(paths, curves=(changed, *paths.curves[1:]))


@pytest.mark.parametrize("persons", [1, 2])
@pytest.mark.parametrize("arm", ["control", "intervention"])
def test_one_who_is_alone_in_a_state_leaves_no_trace(full, persons, arm):
    alone = protect(replace(full, paths=moved(full.paths, 17, persons, arm)))
    assert repr(alone) == repr(protect(full))


@pytest.mark.parametrize("week", [-4, 0])
def test_one_who_is_alone_in_a_job_leaves_no_trace_in_curve_band_or_placebo(full, week):
    assert full.paths.curve(State.ORDINARY_JOB).control[full.paths.weeks.index(week)] == 0
    one, nobody = (protect(replace(full, paths=with_job(full.paths, week, n))) for n in (1, 0))
    assert repr(one.paths) == repr(nobody.paths)


def test_one_who_counts_for_many_leaves_no_trace_either(full):
    blocks = (BlockCount("A", 388, 10), BlockCount("B", 510, 470))
    flow = replace(full.flow, blocks=blocks)
    weight = (398 / 1378) / (10 / 480)
    assert weight > K
    one = round_paths(moved(full.paths, 17, weight), flow, K)
    assert repr(one) == repr(round_paths(full.paths, flow, K))


def test_a_step_stands_for_at_least_the_smallest_cell(full):
    rounded = protect(full).paths
    for arm, before in ((rounded.control, full.paths.control), (rounded.intervention, full.paths.intervention)):
        shares = sorted({share for state in arm.shares for share in state})
        steps = [after - share for share, after in pairwise(shares)]
        assert min(step for step in steps if step > 1e-9) * min(before.n) >= K - 1e-9


@pytest.mark.parametrize("missing", [1, 2, 4])
def test_however_few_are_missing_the_same_is_told(full, missing):
    def with_missing(few):
        n = tuple(each - few for each in (full.flow.allocated[1],) * len(full.paths.weeks))
        return replace(full.paths, intervention=replace(full.paths.intervention, n=n))

    told = round_paths(with_missing(missing), full.flow, K)
    assert repr(told) == repr(round_paths(with_missing(3), full.flow, K))
    assert set(told.intervention.n) == {full.flow.allocated[1] - K}
    assert round_paths(with_missing(0), full.flow, K).intervention.n[0] == full.flow.allocated[1]


def test_every_state_but_the_largest_stays_within_half_a_step(full):
    rounded = protect(full).paths
    for state in PATH_STATES:
        pairs = zip(rounded.intervention.of(state), full.paths.intervention.of(state), strict=True)
        room = 4 if state is State.PASSIVE_BENEFIT else 0.5
        assert max(abs(after - before) for after, before in pairs) <= room / 93


def test_an_effect_is_the_difference_of_what_is_shown_and_its_interval_no_narrower(full):
    rounded, exact = protect(full).paths.curves[2], full.paths.curves[2]
    for number, effect in enumerate(rounded.estimate):
        assert effect == rounded.intervention[number] - rounded.control[number]
        shown = rounded.conf_high[number] - rounded.conf_low[number]
        assert shown >= exact.conf_high[number] - exact.conf_low[number] - 1e-12


def test_there_is_no_interval_where_an_arm_shows_nobody(full):
    curve = protect(full).paths.curve(State.ORDINARY_JOB)
    hidden = [math.isnan(low) for low in curve.conf_low]
    nobody = [0.0 in pair for pair in zip(curve.control, curve.intervention, strict=True)]
    assert hidden == nobody
    assert any(hidden)
    assert not all(hidden)


def test_weeks_before_the_draw_are_counted_where_they_show_an_interval(full):
    placebo = [curve.placebo.weeks for curve in protect(full).paths.curves]
    assert placebo == [0, 0, 12, 0]


def test_rounding_adds_no_hidden_value_to_the_log(full):
    assert protect(full).suppression.values == 0


def test_arms_that_are_too_small_show_no_path(full):
    assert (
        protect(replace(full, trial=replace(full.trial, report=replace(full.trial.report, smallest_cell=30)))).paths
        is None
    )


def test_where_one_person_may_be_shown_nothing_is_rounded(full):
    trial = replace(full.trial, report=replace(full.trial.report, smallest_cell=1))
    assert protect(replace(full, trial=trial)).paths is full.paths
