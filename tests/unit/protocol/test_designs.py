from fractions import Fraction

import pytest

from ctieval.domain.arms import Arms
from ctieval.domain.design import (
    Blocked,
    BlockedClustered,
    Capacity,
    Clustered,
    Complete,
    Matched,
    Simple,
    WaitingList,
)
from ctieval.errors import ProtocolError
from ctieval.protocol.load import load_trial

PLAN = """
[trial]
title = "Støtte"
start = 2018-02-01
end = 2020-03-31
arms = {{ intervention = {intervention}, control = "Kontrolgruppe" }}

[data]
folder = "data"
source = "Registre"

[assignment]
{assignment}
seed = 20180201
record = "allocation.json"
randomised_on = 2018-02-05

[[outcome]]
name = "job"
state = "ordinary_job"
window_weeks = [0, {weeks}]
measure = "weeks"

[economics]
horizon_weeks = {horizon}
price_year = 2020
discount = "fm_2021"

[report]
"""

HALF = Fraction(1, 2)
ONE, TWO = '"Forløb"', '["Forløb", "Kursus"]'


@pytest.fixture
def load(tmp_path):
    def load_plan(assignment, *, intervention=ONE, weeks=52, horizon=52):
        """The trial of a plan with this assignment."""
        text = PLAN.format(assignment=assignment, intervention=intervention, weeks=weeks, horizon=horizon)
        (tmp_path / "trial.toml").write_text(text, encoding="utf-8")
        return load_trial(tmp_path)

    return load_plan


@pytest.mark.parametrize(
    ("assignment", "design"),
    [
        ("drawn = 120", Complete(120)),
        ('block = "municipality"\ndrawn = 0.5', Blocked("municipality", (("", HALF),))),
        ('design = "simple"\ndrawn = "1/3"', Simple(Fraction(1, 3))),
        ('design = "complete"\ndrawn = 0.5', Complete(HALF)),
        ('design = "clustered"\ncluster = "office"\ndrawn = 4', Clustered("office", 4)),
        (
            'design = "blocked_clustered"\nblock = "town"\ncluster = "office"\ndrawn = { "153" = 2, "550" = 0.5 }',
            BlockedClustered("town", "office", (("153", 2), ("550", HALF))),
        ),
        (
            'design = "matched"\ncovariates = ["age_years", "benefit_weeks_52"]\ndrawn = 1',
            Matched(("age_years", "benefit_weeks_52"), 2, 1),
        ),
        ('design = "matched"\ncovariates = ["age_years"]\nsize = 4\ndrawn = 0.5', Matched(("age_years",), 4, HALF)),
        ('design = "capacity"\nplaces = 40', Capacity("", (("", 40),))),
        (
            'design = "capacity"\nblock = "municipality"\nplaces = { "153" = 20, "550" = 12 }',
            Capacity("municipality", (("153", 20), ("550", 12))),
        ),
        (
            'design = "waiting_list"\nweeks = 52\nblock = "municipality"\ndrawn = 0.5',
            WaitingList(Blocked("municipality", (("", HALF),)), 52),
        ),
        (
            'design = "waiting_list"\ndraw = "capacity"\nweeks = 60\nplaces = 40',
            WaitingList(Capacity("", (("", 40),)), 60),
        ),
    ],
)
def test_every_design_can_be_declared(load, assignment, design):
    assert load(assignment).assignment.design == design


@pytest.mark.parametrize(
    ("assignment", "design"),
    [
        ("drawn = [60, 0.25]", Complete((60, Fraction(1, 4)))),
        ('design = "simple"\ndrawn = [0.25, 0.25]', Simple((Fraction(1, 4), Fraction(1, 4)))),
        (
            'block = "municipality"\ndrawn = { "153" = [20, 30], "550" = ["1/3", "1/3"] }',
            Blocked("municipality", (("153", (20, 30)), ("550", (Fraction(1, 3), Fraction(1, 3))))),
        ),
    ],
)
def test_several_interventions_have_a_quota_each(load, assignment, design):
    trial = load(assignment, intervention=TWO)
    assert trial.arms == Arms("Forløb", "Kontrolgruppe", ("Kursus",))
    assert trial.arms.labels == ("Kontrolgruppe", "Forløb", "Kursus")
    assert trial.assignment.design == design


@pytest.mark.parametrize(
    ("assignment", "intervention", "key", "what"),
    [
        ('design = "lottery"\ndrawn = 5', ONE, "assignment.design", "a value of the wrong kind"),
        ('design = "simple"\ndrawn = 5', ONE, "assignment.drawn", "has no fixed number"),
        ('design = "complete"\ndrawn = { "153" = 5 }', ONE, "assignment.drawn", "numbers per block without a block"),
        ('design = "complete"\nblock = "municipality"\ndrawn = 5', ONE, "assignment.block", "a key that nobody reads"),
        ('design = "blocked"\ndrawn = 5', ONE, "assignment.block", "lacks a key"),
        ('design = "clustered"\ndrawn = 5', ONE, "assignment.cluster", "lacks a key"),
        ('design = "matched"\ndrawn = 1', ONE, "assignment.covariates", "a value of the wrong kind"),
        ('design = "capacity"\ndrawn = 5', ONE, "assignment.places", "lacks a key"),
        ('design = "capacity"\nplaces = 0.5', ONE, "assignment.places", "not a number"),
        ('design = "capacity"\nplaces = { "153" = 5 }', ONE, "assignment.places", "without a block"),
        ('design = "waiting_list"\ndrawn = 5', ONE, "assignment.weeks", "lacks a key"),
        ('design = "waiting_list"\ndraw = "simple"\nweeks = 5\ndrawn = 0.5', ONE, "assignment.draw", "cannot be drawn"),
        ('design = "waiting_list"\ndraw = "waiting_list"\nweeks = 5', ONE, "assignment.draw", "cannot be drawn"),
        ("drawn = [5, 6]", ONE, "assignment.drawn", "do not fit the arms"),
        ("drawn = 5", TWO, "assignment.drawn", "do not fit the arms"),
        ("drawn = [5, 0.0]", TWO, "assignment.drawn", "a value of the wrong kind"),
        ('design = "capacity"\nplaces = 5', TWO, "assignment.places", "do not fit the arms"),
        ("drawn = 5", '["Forløb", "Forløb"]', "trial.arms", "two arms have the same name"),
        ("drawn = 5", "[]", "trial.arms.intervention", "a value of the wrong kind"),
    ],
)
def test_a_design_that_makes_no_sense_names_its_key(load, assignment, intervention, key, what):
    with pytest.raises(ProtocolError) as refused:
        load(assignment, intervention=intervention)
    assert refused.value.key == key
    assert what in refused.value.what


def test_nothing_is_measured_beyond_the_waiting_time(load):
    assignment = 'design = "waiting_list"\nweeks = 40\ndrawn = 0.5'
    assert load(assignment, weeks=40, horizon=40).assignment.design.weeks == 40
    with pytest.raises(ProtocolError) as refused:
        load(assignment, weeks=41, horizon=40)
    assert refused.value.key == "outcome[1].window_weeks"
    assert refused.value.found.startswith("job: weeks to 41")
    with pytest.raises(ProtocolError) as refused:
        load(assignment, weeks=40, horizon=41)
    assert refused.value.key == "economics.horizon_weeks"


def test_arms_drawn_elsewhere_are_two(tmp_path):
    plan = """
        [trial]
        title = "JOBS"
        arms = { intervention = ["A", "B"], control = "C" }
        [data]
        table = "jobs.csv"
        id = "id"
        arm = "arm"
        intervention = 1
        control = 0
        source = "JOBS"
        [assignment]
        imported = true
        design = "complete"
        [[outcome]]
        name = "work"
        column = "work"
        unit = "share"
        [report]
    """
    (tmp_path / "trial.toml").write_text(plan, encoding="utf-8")
    with pytest.raises(ProtocolError) as refused:
        load_trial(tmp_path)
    assert refused.value.key == "trial.arms"
    assert refused.value.found == "3 names of arms"
