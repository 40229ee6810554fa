from datetime import date

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.criterion import ActivityReady, Eligibility, GapRule, InRegister, MinimumAge, MinimumUnemployment
from ctieval.domain.registers import Registers
from ctieval.eligibility.flow import screening_flow
from ctieval.eligibility.screen import screen
from ctieval.errors import InputError

AS_OF = date(2018, 1, 15)
AGE, READY = MinimumAge(30), ActivityReady()
UNEMPLOYED = MinimumUnemployment(2, GapRule.STRICT, "kontanthjaelp")


def test_those_who_meet_every_criterion_are_in(extract, codes):
    registers = extract(
        [[730, 730], [0, 730], [730, 730], [130, 130], [730, 730]],
        birth_date=pd.to_datetime(["1980-01-01", "1980-01-01", "2000-01-01", "1980-01-01", None]),
    )
    cohort = screen(Eligibility(AS_OF, (AGE, UNEMPLOYED, READY)), registers, codes)
    assert cohort.eligible.tolist() == [True, False, False, False, False]
    assert cohort.first_reason.tolist() == [-1, 1, 0, 2, 0]
    assert cohort.failed.tolist() == [
        [False, False, False],
        [False, True, False],
        [True, False, False],
        [False, False, True],
        [False, False, False],
    ]
    assert cohort.not_assessable[:, 0].tolist() == [False, False, False, False, True]
    assert cohort.as_of == AS_OF


@pytest.mark.parametrize("column", ["died_on", "moved_on"])
def test_the_dead_and_those_who_moved_away_are_out_for_that_reason_alone(extract, codes, column):
    registers = extract(
        [[730], [730], [0]],
        visitation=["activity_ready", "activity_ready", "job_ready"],
        **{column: pd.to_datetime([None, "2018-01-15", "2017-01-01"])},
    )
    cohort = screen(Eligibility(AS_OF, (AGE, READY)), registers, codes)
    assert cohort.criteria == (InRegister(), AGE, READY)
    assert cohort.eligible.tolist() == [True, False, False]
    assert cohort.failed.tolist() == [[False, False, False], [True, False, False], [True, False, False]]
    assert not cohort.not_assessable.any()
    count = screening_flow(cohort).exclusions[0]
    assert (count.reason.key, count.first, count.any, count.only) == ("criterion.in_register", 2, 2, 2)


def test_where_everybody_is_in_the_register_nothing_is_said_of_it(extract, codes):
    registers = extract([[730]], died_on=pd.to_datetime(["2018-01-16"]), moved_on=pd.to_datetime(["2018-01-16"]))
    cohort = screen(Eligibility(AS_OF, (AGE, READY)), registers, codes)
    assert cohort.criteria == (AGE, READY)
    assert cohort.eligible.tolist() == [True]


def test_notices_of_the_criteria_reach_the_cohort(extract, codes):
    cohort = screen(Eligibility(AS_OF, (AGE, READY)), extract([730]), codes)
    assert [notice.code for notice in cohort.warnings] == ["W-ACTIVITY-READY-FROM-CODE"]
    assert screen(Eligibility(AS_OF, (AGE,)), extract([730]), codes).warnings == ()


def test_characteristics_are_those_known_before_the_draw(extract, codes):
    code = [[0] * 52 + [730] * 20 + [0] * 2 + [730] * 30, [890] * 104]
    registers = extract(
        code, municipality=["153", "550"], sex=["female", "male"], provider=[True, False], died_on=pd.NaT
    )
    table = screen(Eligibility(AS_OF, (UNEMPLOYED,)), registers, codes).characteristics
    assert list(table.columns) == [
        "municipality",
        "sex",
        "provider",
        "age_years",
        "benefit_weeks_52",
        "benefit_weeks_104",
        "longest_spell_weeks_104",
    ]
    assert table["municipality"].tolist() == ["153", "550"]
    assert table["age_years"].tolist() == pytest.approx([37 + 228 / 365] * 2, rel=1e-12)
    assert table["benefit_weeks_52"].tolist() == [50, 0]
    assert table["benefit_weeks_104"].tolist() == [50, 0]
    assert table["longest_spell_weeks_104"].tolist() == [30, 0]


def test_without_declared_benefits_all_public_support_is_counted(extract, codes):
    table = screen(Eligibility(AS_OF, (AGE,)), extract([890] * 104), codes).characteristics
    assert table["benefit_weeks_104"].tolist() == [104]


def test_weeks_that_are_not_wholly_observed_have_no_number(extract, codes):
    table = screen(Eligibility(AS_OF, (AGE,)), extract([[730] * 103, [-1] + [730] * 102]), codes).characteristics
    assert table["benefit_weeks_52"].tolist() == [52, 52]
    assert table["benefit_weeks_104"].isna().all()
    assert table["longest_spell_weeks_104"].isna().all()


def test_persons_stand_in_the_order_of_their_identifiers(extract, codes):
    registers = extract([[730], [0], [730]], municipality=["153", "260", "550"])
    backwards = Registers(registers.persons.iloc[::-1], registers.weeks, registers.employment, None, None, None, (), ())
    cohort = screen(Eligibility(AS_OF, (READY,)), backwards, codes)
    assert cohort.person_id.tolist() == ["P0", "P1", "P2"]
    assert cohort.characteristics["municipality"].tolist() == ["153", "260", "550"]
    assert cohort.eligible.tolist() == [True, False, True]


def test_the_registers_are_not_changed(extract, codes):
    registers = extract([[730, 0], [730, 730]])
    persons, code = registers.persons.copy(), registers.weeks.code.copy()
    screen(Eligibility(AS_OF, (AGE, UNEMPLOYED, READY)), registers, codes)
    pd.testing.assert_frame_equal(registers.persons, persons)
    np.testing.assert_array_equal(registers.weeks.code, code)


def test_without_criteria_everybody_is_in(extract, codes):
    cohort = screen(Eligibility(AS_OF, ()), extract([[730], [0]]), codes)
    assert cohort.eligible.tolist() == [True, True]


def test_nobody_screened_is_no_error(extract, codes):
    registers = extract([[730]])
    nobody = Registers(registers.persons.iloc[:0], registers.weeks, None, None, None, None, (), ())
    cohort = screen(Eligibility(AS_OF, (AGE, UNEMPLOYED, READY)), nobody, codes)
    assert len(cohort.person_id) == 0
    assert cohort.failed.shape == (0, 3)


def test_an_unknown_set_of_benefits_is_refused(extract, codes):
    plan = Eligibility(AS_OF, (MinimumUnemployment(52, GapRule.STRICT, "no_such_set"),))
    with pytest.raises(InputError, match="no_such_set"):
        screen(plan, extract([730]), codes)


def test_neither_the_cohort_nor_its_notices_show_a_person(extract, codes):
    canaries = ["CANARY-1", "CANARY-2"]
    registers = extract([[730], [0]], panel_id=canaries, person_id=canaries)
    cohort = screen(Eligibility(AS_OF, (AGE, UNEMPLOYED, READY)), registers, codes)
    assert cohort.person_id.tolist() == canaries
    for text in (repr(cohort), str(cohort), repr(cohort.warnings), repr(cohort.criteria)):
        assert "CANARY" not in text
    assert "person_id" not in cohort.characteristics
    assert cohort.characteristics.index.tolist() == [0, 1]
