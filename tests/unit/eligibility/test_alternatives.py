from ctieval.domain.criterion import ActivityReady, GapRule, MinimumAge, MinimumUnemployment
from ctieval.domain.sensitivity import Thresholds, Varied, thresholds_of
from ctieval.eligibility.alternatives import Ranges, change_thresholds, list_grid, list_one_way, usual_ranges

SPELL = MinimumUnemployment(52, GapRule.DAYS_28, "kontanthjaelp")
CRITERIA = (ActivityReady(), SPELL, MinimumAge(30))
PLANNED = thresholds_of(CRITERIA)


def test_the_usual_thresholds_of_the_trial_are_those_of_the_protocol(codes):
    found = usual_ranges(PLANNED, codes)
    assert found.years == (28, 29, 30, 31, 32)
    assert found.weeks == (26, 39, 52, 78, 104)
    assert set(found.gap_rules) == set(GapRule)


def test_the_sets_tried_hold_the_planned_one_and_count_as_unemployment(codes):
    tried = usual_ranges(PLANNED, codes).benefits
    assert tried == ("cash_and_education_benefit", "connected_unemployment", "public_support")
    assert all(codes.members(name) > codes.members("kontanthjaelp") for name in tried)
    assert (
        usual_ranges(thresholds_of((MinimumUnemployment(1, GapRule.STRICT, "public_support"),)), codes).benefits == ()
    )


def test_a_short_spell_has_fewer_weeks_around_it_and_never_none(codes):
    planned = Thresholds(1, 1, GapRule.STRICT, "kontanthjaelp")
    found = usual_ranges(planned, codes)
    assert found.weeks == (1, 1, 1, 1, 2)
    assert found.years == (0, 0, 1, 2, 3)
    weeks = [each.weeks for varied, each in list_one_way(planned, found) if varied is Varied.WEEKS]
    assert weeks == [1, 2]


def test_one_threshold_is_changed_at_a_time_and_the_planned_one_stands_among_them():
    tried = Ranges(years=(28,), weeks=(104, 26), gap_rules=(GapRule.STRICT,), benefits=("public_support",))
    found = list(list_one_way(PLANNED, tried))
    assert [(varied.value, each) for varied, each in found if each != PLANNED] == [
        ("age", Thresholds(28, 52, GapRule.DAYS_28, "kontanthjaelp")),
        ("weeks", Thresholds(30, 26, GapRule.DAYS_28, "kontanthjaelp")),
        ("weeks", Thresholds(30, 104, GapRule.DAYS_28, "kontanthjaelp")),
        ("gap_rule", Thresholds(30, 52, GapRule.STRICT, "kontanthjaelp")),
        ("benefits", Thresholds(30, 52, GapRule.DAYS_28, "public_support")),
    ]
    assert [varied for varied, each in found if each == PLANNED] == [v for v in Varied if v is not Varied.AGE_AND_WEEKS]


def test_the_grid_holds_every_pair_by_age_and_then_by_weeks():
    found = [(each.years, each.weeks) for _, each in list_grid(PLANNED, Ranges(years=(28,), weeks=(26,)))]
    assert found == [(28, 26), (28, 52), (30, 26), (30, 52)]


def test_a_threshold_that_the_plan_does_not_have_is_not_invented(codes):
    age, spell, neither = ((MinimumAge(30),), (SPELL,), (ActivityReady(),))
    assert {v for v, _ in list_one_way(thresholds_of(age), usual_ranges(thresholds_of(age), codes))} == {Varied.AGE}
    found = {varied for varied, _ in list_one_way(thresholds_of(spell), usual_ranges(thresholds_of(spell), codes))}
    assert found == {Varied.WEEKS, Varied.GAP_RULE, Varied.BENEFITS}
    assert list(list_one_way(thresholds_of(neither), usual_ranges(thresholds_of(neither), codes))) == []
    for criteria in (age, spell, neither):
        assert list(list_grid(thresholds_of(criteria), Ranges((28,), (26,)))) == []


def test_the_criteria_keep_their_order_and_the_rest_of_the_plan():
    changed = change_thresholds(CRITERIA, Thresholds(28, 26, GapRule.STRICT, "dagpenge"))
    assert changed == (ActivityReady(), MinimumUnemployment(26, GapRule.STRICT, "dagpenge"), MinimumAge(28))
    assert change_thresholds(CRITERIA, PLANNED) == CRITERIA
    assert change_thresholds((ActivityReady(),), PLANNED) == (ActivityReady(),)


def test_of_two_criteria_of_a_kind_the_first_is_changed():
    two = (MinimumAge(30), MinimumAge(25), SPELL, MinimumUnemployment(4, GapRule.STRICT, "public_support"))
    assert thresholds_of(two) == PLANNED
    assert change_thresholds(two, Thresholds(28, 26, GapRule.STRICT, "dagpenge"))[1::2] == two[1::2]
