"""Weekly paths: laws that hold for any registers, and what rounding never tells."""

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ctieval.domain.description import ArmLevel
from ctieval.domain.flow import BlockCount, ParticipantFlow
from ctieval.domain.outcome import Measure, Role, StateOutcome
from ctieval.domain.outcome_table import Status
from ctieval.domain.registers import EmploymentPanel, Registers, WeekPanel, week_of
from ctieval.domain.state_paths import PATH_CURVES, PATH_STATES, ArmStates, StatePaths
from ctieval.domain.units import Unit
from ctieval.domain.window import Window
from ctieval.domain.wording import Label
from ctieval.effects.paths import estimate_curves
from ctieval.inference.arm_level import average_by_arm, describe_arm
from ctieval.inference.by_design import by_design
from ctieval.outcomes.paths import FEWEST_KNOWN, describe_paths, track_paths
from ctieval.outcomes.track import track
from ctieval.registers.codes import load_code_list
from ctieval.report.disclosure.paths import round_paths

CODES = load_code_list()
MONDAY = np.datetime64("2018-01-01")
LIKELY = [0, 0, 730, 730, 771, 737, 651, 783]


@st.composite
def worlds(draw):
    """Registers of two blocks, drawn on days of their own, with a few exits and gaps."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, weeks = draw(st.integers(24, 60)), draw(st.integers(4, 30))
    code = np.repeat(rng.choice(LIKELY, (n, weeks)), draw(st.sampled_from([1, 3, 9])), axis=1)[:, :weeks]
    for person in np.flatnonzero(rng.random(n) < 0.05):
        code[person, rng.integers(weeks) :] = rng.choice([-1, 997, 998, 999])
    hours = np.where(rng.random((n, 9)) < 0.4, 37.0, 0.0)
    ids = np.array([f"P{i:06d}" for i in range(n)], dtype=object)
    first_month = int(MONDAY.astype("datetime64[M]").astype(int))
    registers = Registers(
        persons=pd.DataFrame({"person_id": ids}),
        weeks=WeekPanel(ids, week_of(MONDAY), code.astype(np.int16)),
        employment=EmploymentPanel(ids, first_month, hours, np.zeros_like(hours)),
        payments=None,
        activity=None,
        survey=None,
        recognised=(),
        digests=(),
    )
    arm = np.arange(n) % 2
    block = np.where(np.arange(n) < 8, "A", "B")
    return registers, arm, block, MONDAY + rng.integers(0, 14, n)


def allocated(world, make_allocation):
    _, arm, block, drawn_on = world
    return replace(make_allocation(arm, block), randomised_on=drawn_on)


def followed(world, make_allocation):
    allocation = allocated(world, make_allocation)
    weekly = track_paths(allocation, world[0], CODES)
    assume(weekly is not None)
    return allocation, weekly


@given(world=worlds())
def test_everybody_known_is_in_one_state_and_nearly_everybody_is_known(world, make_allocation):
    allocation, weekly = followed(world, make_allocation)
    control, treated = describe_paths(weekly, allocation)
    for arm, states in ((0, control), (1, treated)):
        np.testing.assert_allclose(np.sum(states.shares, axis=0), 1, atol=1e-12)
        assert min(states.n) >= FEWEST_KNOWN * (allocation.arm == arm).sum()


@given(world=worlds())
def test_the_weeks_of_a_curve_sum_to_the_outcome_of_whoever_is_observed(world, make_allocation):
    allocation, weekly = followed(world, make_allocation)
    outcomes = tuple(
        StateOutcome(
            name=state.value,
            label=Label("", ""),
            role=Role.PRIMARY,
            better_when=better,
            state=state,
            measure=Measure.WEEKS,
            window=weekly.window,
        )
        for state, better in PATH_CURVES
    )
    table = track(outcomes, allocation, world[0], CODES)
    for number in range(len(PATH_CURVES)):
        sums = weekly.shares_on(number).sum(axis=1)
        np.testing.assert_array_equal(np.isnan(sums), table.status[:, number] != Status.OBSERVED)
        np.testing.assert_array_equal(sums, table.values[:, number])  # noqa: PD011


@given(world=worlds())
def test_the_curve_of_a_state_is_its_area_and_its_effect_is_the_designs(world, make_allocation):
    allocation, weekly = followed(world, make_allocation)
    control, treated = describe_paths(weekly, allocation)
    for number, curve in enumerate(estimate_curves(weekly, allocation)):
        if curve.state in PATH_STATES:
            assert curve.control == control.of(curve.state)
            assert curve.intervention == treated.of(curve.state)
        expected = by_design(weekly.shares_on(number), allocation)
        np.testing.assert_array_equal(curve.estimate, expected.estimate)
        np.testing.assert_allclose(np.subtract(curve.intervention, curve.control), expected.estimate, atol=1e-12)


@given(world=worlds(), missing=st.floats(0, 0.5), seed=st.integers(0, 99))
def test_many_averages_are_those_of_one_arm_described_at_a_time(world, missing, seed, make_allocation):
    allocation = allocated(world, make_allocation)
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(len(allocation.arm), 4))
    values[rng.random(values.shape) < missing] = np.nan
    found = average_by_arm(values, allocation)
    for arm in (0, 1):
        described: list[ArmLevel] = [describe_arm(column, allocation, arm, Unit.POINTS) for column in values.T]
        np.testing.assert_allclose(found.mean[arm], [each.mean for each in described], atol=1e-12)
        assert found.n[arm].tolist() == [each.n for each in described]


@settings(max_examples=40)
@given(shares=st.lists(st.integers(0, 300), min_size=9, max_size=9), n=st.integers(200, 2000), k=st.integers(2, 9))
def test_rounded_areas_add_up_to_one_whatever_they_were(shares, n, k):
    total = sum(shares)
    assume(total > 0)
    arm = _arm([share / total for share in shares], n)
    paths = StatePaths(Window(0, 1), 0.95, arm, arm, ())
    flow = ParticipantFlow(None, (n, n), (BlockCount("", n, n),), ())
    rounded = round_paths(paths, flow, k)
    assume(rounded is not None)
    (after,) = zip(*rounded.control.shares, strict=True)
    largest = max(range(len(shares)), key=lambda number: shares[number])
    assert min(after) >= 0
    half = 0.5 / int(n / max(k, 2.001))
    for number, share in enumerate(shares):
        if number != largest and after[largest] > 0:
            assert abs(after[number] - share / total) <= half + 1e-12
        if number != largest and share / total < half:
            assert after[number] == 0


def _arm(shares, n):
    return ArmStates((n,), tuple((share,) for share in shares))
