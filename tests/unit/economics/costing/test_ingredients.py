"""Prices of ingredients in the account, and the parts that they belong to."""

import pytest

from ctieval.domain.costing import CostPart
from ctieval.domain.wording import Label, Notice
from ctieval.economics.costing.ingredients import PriceLevel, read_ingredients
from ctieval.errors import SchemaError


def test_danish_words_stand_for_the_values_and_empty_cells_for_nothing(make_ingredients, book):
    (found,), notices = read_ingredients(make_ingredients({}), PriceLevel(book, 2018, 0.035))
    assert (found.scope, found.payer, found.driver) == ("T", "municipality", "contact_min")
    assert (found.price, found.role, found.grade, notices) == (400, "", "B", ())
    assert found.label == Label("Støttetimer", "Støttetimer")


@pytest.mark.parametrize(
    ("cells", "part"),
    [
        ({}, CostPart.PROGRAMME),
        ({"Gruppe": "begge"}, CostPart.USUAL_SERVICES),
        ({"Gruppe": "kontrol"}, CostPart.USUAL_SERVICES),
        ({"Doneret": "ja"}, CostPart.DONATED),
        ({"Doneret": "ja", "Kun forskning": "ja"}, CostPart.RESEARCH),
    ],
)
def test_the_part_of_the_account(make_ingredients, book, cells, part):
    (found,), _ = read_ingredients(make_ingredients(cells), PriceLevel(book, 2018, 0.035))
    assert found.part is part


def test_a_price_of_another_year_is_converted_by_its_own_index(make_ingredients, book):
    table = make_ingredients({"Prisår": "2021", "Indeks": "cash_benefit_other"})
    (found,), notices = read_ingredients(table, PriceLevel(book, 2023, 0.035))
    assert found.price == pytest.approx(400 * 11_944 / 11_698)
    assert notices == ()


@pytest.mark.parametrize("index", ["", "no_such_index"])
def test_a_price_without_an_index_stands_as_it_is_and_that_is_said(make_ingredients, book, index):
    table = make_ingredients({"Prisår": "2017", "Indeks": index}, {"Prisår": "2019"}, {"Prisår": "2018"})
    found, notices = read_ingredients(table, PriceLevel(book, 2018, 0.035))
    assert [each.price for each in found] == [400, 400, 400]
    facts = (("price_year", 2018), ("first_year", 2017), ("last_year", 2019))
    assert notices == (Notice("W-COST-PRICES-NOT-INDEXED", "ingredients", facts),)


def test_a_set_up_without_a_life_is_refused(make_ingredients, book):
    table = make_ingredients({}, {"Fase": "opstart"})
    with pytest.raises(SchemaError) as caught:
        read_ingredients(table, PriceLevel(book, 2018, 0.035))
    assert (caught.value.column, caught.value.heading, caught.value.first_row) == ("life_years", "Levetid", 3)
