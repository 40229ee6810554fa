from types import SimpleNamespace

import pytest

from ctieval.domain.arms import Arms
from ctieval.domain.criterion import ActivityReady, Eligibility
from ctieval.domain.estimand_card import Event, Strategy, Summary
from ctieval.domain.outcome import (
    Amount,
    AmountOutcome,
    BetterWhen,
    ColumnOutcome,
    InstrumentOutcome,
    Measure,
    MeasuredIn,
    Role,
    State,
    StateOutcome,
)
from ctieval.domain.units import Unit
from ctieval.domain.window import Window
from ctieval.domain.wording import Label
from ctieval.effects.estimands import describe_estimands


def common(name, role=Role.SECONDARY, better=BetterWhen.HIGHER, measured_in=MeasuredIn.BOTH):
    return {
        "name": name,
        "label": Label(name, name),
        "role": role,
        "better_when": better,
        "measured_in": measured_in,
    }


def state(which, measure=Measure.WEEKS, **said):
    return StateOutcome(**common(which.value, **said), state=which, measure=measure, window=Window(0, 52))


def cards(*outcomes, eligibility=None, effects=()):
    trial = SimpleNamespace(outcomes=outcomes, arms=Arms("new", "usual"), eligibility=eligibility)
    return describe_estimands(trial, effects)


def events(outcome):
    (card,) = cards(outcome)
    return {each.event: each.strategy for each in card.events}


def test_death_is_a_part_of_what_is_good_to_have_and_no_value_of_what_is_not():
    assert events(state(State.ORDINARY_JOB))[Event.EXIT] is Strategy.COMPOSITE
    assert events(state(State.BENEFIT, better=BetterWhen.LOWER))[Event.EXIT] is Strategy.NOT_OBSERVED


def test_a_wait_is_read_as_the_state_that_is_waited_for():
    waiting = state(State.ORDINARY_JOB, Measure.WEEKS_UNTIL_FIRST, better=BetterWhen.LOWER)
    assert events(waiting)[Event.EXIT] is Strategy.COMPOSITE


@pytest.mark.parametrize(
    ("which", "pension", "supported"),
    [
        (State.ORDINARY_JOB, Strategy.COMPOSITE, Strategy.COMPOSITE),
        (State.BENEFIT, Strategy.TREATMENT_POLICY, Strategy.TREATMENT_POLICY),
        (State.ORDINARY_HOURS, Strategy.TREATMENT_POLICY, Strategy.TREATMENT_POLICY),
        (State.PENSION_OR_RESOURCE, Strategy.TREATMENT_POLICY, Strategy.COMPOSITE),
        (State.SUPPORTED_JOB, Strategy.COMPOSITE, None),
    ],
)
def test_pension_and_supported_job_are_dealt_with_as_the_outcome_measures_them(which, pension, supported):
    found = events(state(which))
    assert (found[Event.DISABILITY_PENSION], found.get(Event.SUPPORTED_JOB)) == (pension, supported)


def test_the_exit_itself_has_no_exit():
    assert Event.EXIT not in events(state(State.EXIT, better=BetterWhen.LOWER))


def test_sums_count_whatever_state_a_person_is_in():
    kroner = AmountOutcome(**common("earnings"), amount=Amount.EARNINGS, window=Window(0, 52))
    assert events(kroner)[Event.SUPPORTED_JOB] is Strategy.TREATMENT_POLICY


def test_questionnaires_and_columns_have_their_own_gap():
    asked = InstrumentOutcome(**common("who5"), instrument="who5", wave="12m")
    column = ColumnOutcome(**common("work"), column="work", unit=Unit.SHARE)
    assert list(events(asked)) == [Event.NEVER_STARTED, Event.NO_ANSWER, Event.WITHDRAWN_CONSENT]
    assert list(events(column)) == [Event.NEVER_STARTED, Event.NO_VALUE, Event.WITHDRAWN_CONSENT]


def test_a_card_is_made_of_what_the_plan_can_conclude_on():
    exploratory = state(State.EDUCATION, role=Role.EXPLORATORY)
    one_arm = state(State.SUPPORTED_JOB, measured_in=MeasuredIn.INTERVENTION)
    found = cards(state(State.ORDINARY_JOB, Measure.EVER, role=Role.PRIMARY), exploratory, one_arm)
    assert [(card.outcome, card.role, card.summary) for card in found] == [
        ("ordinary_job", Role.PRIMARY, Summary.SHARES)
    ]


def test_the_population_is_the_screened_or_the_drawn():
    screened = Eligibility(None, (ActivityReady(),))
    assert cards(state(State.EDUCATION))[0].population.key == "estimand_card.population.drawn"
    assert cards(state(State.EDUCATION), eligibility=screened)[0].population.key == "estimand_card.population.eligible"


def test_a_card_names_every_estimand_that_the_report_has_of_its_outcome_once():
    rows = [SimpleNamespace(outcome="education", estimand=each) for each in ("ate_persons", "cace", "ate_persons")]
    assert cards(state(State.EDUCATION), effects=rows)[0].estimands == ("ate_persons", "cace")
