"""Power reckoned on the cohort of a trial: the quotas are the plan's, the draw is neither made nor foreseen."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from ctieval.assignment.power.sampling import Blocks, Explained
from ctieval.domain.design import Clustered, Complete, Matched, Rerandomised, WaitingList
from ctieval.domain.units import Unit
from ctieval.errors import DesignError, ProtocolError
from ctieval.evaluate.data import open_data
from ctieval.evaluate.demo import write_demo
from ctieval.evaluate.power import own_history, planned_sampling, simulate_own_cohort
from ctieval.protocol.load import load_trial


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    """The simulated trial before its draw."""
    folder = tmp_path_factory.mktemp("planned")
    write_demo(folder, seed=5)
    (folder / "allocation.json").unlink()
    plan = load_trial(folder)
    return folder, plan, open_data(plan)


def test_the_sampling_is_that_of_the_quotas(planned):
    _, plan, data = planned
    sampling, labels = planned_sampling(plan, data, icc=0, between=0.1, explained=Explained())
    assert isinstance(sampling, Blocks)
    assert dict(zip(labels, sampling.intervention, strict=True)) == dict(plan.assignment.design.drawn)
    assert sampling.persons == int(data.cohort.eligible.sum())
    assert sampling.between == 0.1


def test_the_history_is_that_of_as_many_weeks_before_the_draw(planned):
    _, plan, data = planned
    values, unit = own_history(plan, data, "benefit_weeks_24m")
    assert unit is Unit.WEEKS
    assert len(values) == int(data.cohort.eligible.sum())
    assert 52 < np.nanmean(values) <= 104, "everybody was on benefit for the last year at least"


def test_the_cohort_is_drawn_again_and_again_and_no_record_is_written(planned):
    folder, plan, data = planned
    found = simulate_own_cohort(plan, data, "benefit_weeks_24m", effect=-4, trials=60, seed=1)
    assert found.effect == -4
    assert abs(found.bias.value) < 4 * found.bias.mc_error
    assert found.power.value > 0.9
    assert not (folder / "allocation.json").exists()


def test_a_yes_or_no_turns_for_as_many_as_the_effect_asks_for(planned):
    _, plan, data = planned
    found = simulate_own_cohort(plan, data, "ever_ordinary_hours_24m", effect=0.05, trials=40, seed=1)
    assert found.effect == pytest.approx(0.05, abs=0.5 / data.cohort.eligible.sum())


def test_more_cannot_turn_than_there_are(planned):
    _, plan, data = planned
    with pytest.raises(DesignError, match="cannot come about"):
        simulate_own_cohort(plan, data, "ever_ordinary_hours_24m", effect=-0.9, trials=2, seed=1)


@pytest.mark.parametrize("name", ["nothing", "who5_12m"])
def test_an_outcome_that_is_not_counted_from_weeks_is_refused(planned, name):
    _, plan, data = planned
    with pytest.raises(ProtocolError, match="one of: ordinary_job_12m"):
        own_history(plan, data, name)


def test_a_draw_of_clusters_needs_the_variance_between_them(planned):
    _, plan, data = planned
    clustered = replace(plan, assignment=replace(plan.assignment, design=Clustered("municipality", 2)))
    with pytest.raises(DesignError, match="--icc"):
        planned_sampling(clustered, data, icc=None, between=0, explained=Explained())
    sampling, _ = planned_sampling(clustered, data, icc=0.05, between=0, explained=Explained())
    assert (sampling.control, sampling.intervention, sampling.icc) == (3, 2, 0.05)


@pytest.mark.parametrize("design", [
    WaitingList(Matched(("age_years",), 2, 1), weeks=26),
    Rerandomised(Complete(100), ("age_years",), Fraction(1, 10)),
])  # fmt: skip
def test_a_design_without_a_formula_is_refused_in_words_for_the_reader(planned, design):
    _, plan, data = planned
    other = replace(plan, assignment=replace(plan.assignment, design=design))
    with pytest.raises(DesignError, match="no formula") as refused:
        planned_sampling(other, data, icc=0, between=0, explained=Explained())
    assert "--persons" in str(refused.value)
