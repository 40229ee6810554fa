"""Costs by person and week, by ingredient and arm, and what is said about them."""

import numpy as np
import pytest

from ctieval.domain.costing import CostCategory, CostPart
from ctieval.domain.posting import Party
from ctieval.domain.wording import Notice
from ctieval.errors import InputError

DAY, LATER = "2018-01-01", "2018-01-17"


def codes_of(found):
    return [notice.code for notice in found.notices]


def sum_of(found, part, category=None):
    return next(each for each in found.costing.sums if (each.part, each.category) == (part, category))


def test_without_ingredients_there_are_no_costs(make_costs):
    assert make_costs([0, 1], None) is None


def test_hours_are_priced_in_the_week_in_which_they_were_spent(make_costs, make_ingredients, make_log):
    log = make_log((1, DAY, 90), (1, LATER, 60), (0, DAY, 0))
    found = make_costs([0, 1], make_ingredients({}), weeks=4, activity=log)
    assert found.programme.tolist() == [[0, 0, 0, 0], [600, 0, 400, 0]]
    assert repr(found) == "PersonCosts(2 persons, 4 weeks)"


def test_whoever_got_the_programme_cost_it_whatever_the_arm(make_costs, make_ingredients, make_log):
    """The contrast of those drawn would else be of a control that got nothing."""
    found = make_costs([0, 1], make_ingredients({}), weeks=1, activity=make_log((0, DAY, 60), (1, DAY, 60)))
    assert found.programme.tolist() == [[400], [400]]
    assert found.costing.ingredients[0].control.persons == 1


@pytest.mark.parametrize(
    ("driver", "expected"),
    [
        ("kontaktminutter", [400, 200]),
        ("øvrige minutter", [100, 400]),
        ("kontakter", [800, 200]),
        ("deltagere", [400, 400]),
        ("måneder pr. sted", [600, 200]),
        ("samlet", [200, 200]),
    ],
)
def test_each_driver_counts_its_own_units(make_costs, make_ingredients, make_log, driver, expected):
    """Two contacts of one person in two months; one of another, who shared hers with a third who was not drawn."""
    log = make_log((0, DAY, 30), (0, "2018-02-05", 30), (1, DAY, 60), minutes_indirect=[15, None, 120])
    log = log.assign(n_participants=[1, None, 2])
    found = make_costs([1, 1, 0], make_ingredients({"Tælles i": driver}), activity=log)
    assert found.programme.sum(axis=1).tolist() == [*expected, 0]


def test_a_month_is_counted_at_each_place(make_costs, make_ingredients, make_log):
    log = make_log((0, DAY, 30), (1, DAY, 30), site=["A", None])
    table = make_ingredients({"Tælles i": "måneder pr. sted"})
    found = make_costs([1, 1], table, municipality=["153", "550"], activity=log)
    assert found.programme.sum(axis=1).tolist() == [400, 400]
    assert found.costing.ingredients[0].quantity == 2


def test_role_and_activity_choose_the_rows(make_costs, make_ingredients, make_log):
    log = make_log((1, DAY, 60, "CTI"), (1, DAY, 60, "Match"), (1, DAY, 60, "CTI"), role=["støtte", "støtte", None])
    table = make_ingredients({"Faggruppe": "støtte", "Aktivitet": "CTI"}, {"Aktivitet": "Møde"})
    found = make_costs([0, 1], table, weeks=1, activity=log)
    assert found.programme.tolist() == [[0], [400]]
    assert Notice("W-COST-INGREDIENT-UNUSED", "r1") in found.notices
    assert Notice("W-COST-HOURS-UNPRICED", "activity", (("percent", 66.7),)) in found.notices


def test_overhead_is_on_top_and_paid_hours_are_more_than_contact(make_costs, make_ingredients, make_log):
    log = make_log((1, DAY, 60), minutes_indirect=[30])
    table = make_ingredients({"Overhead": "0,2"}, {"Tælles i": "øvrige minutter", "Overhead": "0,2"})
    found = make_costs([0, 1], table, weeks=1, activity=log)
    assert found.programme.sum() == pytest.approx(720)
    assert found.costing.hours[0].ratio == pytest.approx(1.5)
    assert np.isnan(found.costing.hours[1].ratio)
    assert "W-COST-CONTACT-ONLY" not in codes_of(found)


def test_contact_alone_is_said_to_be_too_little(make_costs, make_ingredients, make_log):
    found = make_costs([0, 1], make_ingredients({}), activity=make_log((1, DAY, 60)))
    assert "W-COST-CONTACT-ONLY" in codes_of(found)


def test_usual_services_are_counted_in_both_arms(make_costs, make_ingredients, make_log):
    usual = make_log((0, DAY, 120), (1, DAY, 30))
    table = make_ingredients({}, {"Gruppe": "begge"}, {"Gruppe": "kontrol", "Tælles i": "deltagere", "Enhedspris": 50})
    found = make_costs([0, 1], table, weeks=1, activity=make_log((1, DAY, 60)), usual_services=usual)
    assert found.usual_services.tolist() == [[850], [200]]
    assert not found.costing.gross
    assert found.costing.net_per_person_drawn == 400 + 200 - 850
    assert "W-COST-GROSS" not in codes_of(found)


@pytest.mark.parametrize("usual", [None, [(1, DAY, 60)]], ids=["no log", "a log of the treated alone"])
def test_without_a_log_of_the_control_the_cost_is_gross(make_costs, make_ingredients, make_log, usual):
    table = make_ingredients({}, {"Gruppe": "begge"})
    logs = {"usual_services": None if usual is None else make_log(*usual)}
    found = make_costs([0, 1], table, weeks=1, activity=make_log((1, DAY, 60)), **logs)
    assert found.costing.gross
    assert np.isnan(found.costing.net_per_person_drawn)
    assert found.usual_services.sum() == 0
    assert "W-COST-GROSS" in codes_of(found)


def test_research_and_donations_stand_apart_and_set_up_is_not_paid_again(make_costs, make_ingredients, make_log):
    table = make_ingredients(
        {},
        {"Tælles i": "samlet", "Enhedspris": 900, "Kun forskning": "ja"},
        {"Tælles i": "samlet", "Enhedspris": 700, "Doneret": "ja"},
        {"Tælles i": "samlet", "Enhedspris": 3000, "Fase": "opstart", "Levetid": 3, "Kategori": "uddannelse"},
    )
    found = make_costs([0, 1], table, activity=make_log((1, DAY, 60), (1, "2018-12-30", 0)))
    years, yearly = 364 / 365.25, 3000 * 0.035 / (1 - 1.035**-3)
    assert found.programme.sum() == pytest.approx(400 + yearly * years)
    assert sum_of(found, CostPart.RESEARCH).intervention.total == 900
    assert sum_of(found, CostPart.DONATED).intervention.total == 700
    assert sum_of(found, CostPart.PROGRAMME, CostCategory.TRAINING).intervention.total == pytest.approx(yearly * years)
    assert found.costing.at_scale.total == 400


def test_another_payer_stands_apart(make_costs, make_ingredients, make_log):
    table = make_ingredients({}, {"Betaler": "regionen"}, {"Gruppe": "begge", "Betaler": "stat"})
    log, usual = make_log((1, DAY, 60)), make_log((0, DAY, 60))
    found = make_costs([0, 1], table, weeks=1, activity=log, usual_services=usual)
    assert found.programme.sum() == 400
    assert found.programme_of_others[Party.REGION].tolist() == [[0], [400]]
    assert found.usual_services_of_others[Party.STATE].tolist() == [[400], [0]]


def test_what_is_outside_the_horizon_is_left_out_and_said(make_costs, make_ingredients, make_log):
    log = make_log((1, DAY, 60), (1, "2017-12-31", 60), (1, "2018-01-15", 120))
    found = make_costs([0, 1], make_ingredients({}), weeks=2, activity=log)
    assert found.programme.tolist() == [[0, 0], [400, 0]]
    assert Notice("W-COST-OUTSIDE-HORIZON", "ingredients", (("percent", 75.0),)) in found.notices


def test_nobody_beside_those_drawn_counts(make_costs, make_ingredients, make_log):
    found = make_costs([0, 1], make_ingredients({}), weeks=1, activity=make_log((1, DAY, 60), (7, DAY, 60)))
    assert found.programme.sum() == 400


def test_the_tables_add_up(make_costs, make_ingredients, make_log):
    table = make_ingredients(
        {}, {"Kategori": "uddannelse", "Tælles i": "samlet", "Enhedspris": 90}, {"Gruppe": "begge"}
    )
    log, usual = make_log((1, DAY, 60), (3, DAY, 45)), make_log((0, DAY, 60), (1, DAY, 20))
    found = make_costs([0, 1, 0, 1], table, activity=log, usual_services=usual)
    whole = sum_of(found, CostPart.PROGRAMME).intervention
    parts = [each.intervention for each in found.costing.sums if each.part is CostPart.PROGRAMME and each.category]
    assert whole.total == pytest.approx(sum(each.total for each in parts)) == pytest.approx(found.programme.sum())
    assert whole.per_participant == pytest.approx(sum(each.per_participant for each in parts))
    assert (whole.drawn, whole.persons) == (2, 2)
    assert sum_of(found, CostPart.USUAL_SERVICES).control.per_person_drawn == 200


@pytest.mark.parametrize(("booked", "ratio"), [(400, 1.0), (440, 0.91), (365, 1.10)])
def test_accounts_that_agree_are_shown_beside(make_costs, make_ingredients, make_log, make_accounts, booked, ratio):
    accounts = make_accounts(("153", "2018-K1", booked))
    found = make_costs([0, 1], make_ingredients({}), activity=make_log((1, DAY, 60)), accounts=accounts)
    rows = found.costing.reconciled
    assert [(row.site, row.quarter) for row in rows] == [("", ""), ("153", ""), ("153", "2018-Q1")]
    assert {round(row.ratio, 2) for row in rows} == {ratio}


@pytest.mark.parametrize("booked", [363, 445])
def test_accounts_that_do_not_agree_stop_the_analysis(make_costs, make_ingredients, make_log, make_accounts, booked):
    accounts = make_accounts(("153", "2018-q1", booked), ("550", "2018-Q1", 400), ("550", "2018-Q2", 0))
    log = make_log((1, DAY, 60), (2, DAY, 60))
    with pytest.raises(InputError) as caught:
        make_costs([0, 1, 1], make_ingredients({}), municipality=["153", "153", "550"], activity=log, accounts=accounts)
    assert caught.value.where == "accounts, site 153; most in 153, 2018-Q1"
    assert caught.value.found.startswith(f"400 kroner by the ingredients, {booked} in the accounts")


def test_places_without_accounts_are_named_by_their_share(make_costs, make_ingredients, make_log, make_accounts):
    accounts = make_accounts(("153", "2018-K1", 400))
    log = make_log((1, DAY, 60), (2, DAY, 20))
    found = make_costs(
        [0, 1, 1], make_ingredients({}), municipality=["153", "153", "550"], activity=log, accounts=accounts
    )
    assert Notice("W-COST-PLACE-WITHOUT-ACCOUNTS", "accounts", (("percent", 25.0),)) in found.notices


def test_accounts_of_nothing_do_not_agree_with_anything(make_costs, make_ingredients, make_log, make_accounts):
    with pytest.raises(InputError):
        make_costs(
            [0, 1], make_ingredients({}), activity=make_log((1, DAY, 60)), accounts=make_accounts(("153", "2018-K1", 0))
        )


def test_a_programme_that_nobody_logged_does_not_agree_with_its_accounts(make_costs, make_ingredients, make_accounts):
    with pytest.raises(InputError, match="do not agree") as caught:
        make_costs([0, 1], make_ingredients({}), accounts=make_accounts(("153", "2018-K1", 400)))
    assert caught.value.found.startswith("0 kroner by the ingredients, 400 in the accounts")
