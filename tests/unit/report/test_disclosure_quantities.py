"""The quantities behind the account are told exactly enough to reckon with, and never of a few."""

from dataclasses import replace

import pytest

from ctieval.domain.ledger_quantities import PROGRAMME_LEVEL, LedgerQuantities, Quantity
from ctieval.domain.posting import Entry, Party
from ctieval.report.disclosure.quantities import mask_quantities


def quantity(entry, price="", persons=(9, 9), amount=1 / 3):
    return Quantity(entry, Party.STATE, price, "", None, amount, 2 * amount, amount / 7, persons)


def quantities(*found):
    return LedgerQuantities((), found)


WAGES = quantity(Entry.WAGES), replace(quantity(Entry.WAGES), cell=1)


def test_they_are_told_only_where_the_account_is_shown_as_it_is():
    assert mask_quantities(quantities(*WAGES), 5, is_open=True) is not None
    assert mask_quantities(quantities(*WAGES), 5, is_open=False) is None
    assert mask_quantities(None, 5, is_open=True) is None


def test_numbers_of_persons_are_left_out():
    found = mask_quantities(quantities(*WAGES), 5, is_open=True)
    assert {each.persons for each in found.quantities} == {(None, None)}


@pytest.mark.parametrize("persons", [(4, 9), (9, 1), (None, 9)])
def test_one_that_rests_on_few_withholds_all(persons):
    few = replace(WAGES[1], persons=persons)
    assert mask_quantities(quantities(WAGES[0], few), 5, is_open=True) is None


@pytest.mark.parametrize("persons", [(0, 9), (9, 0), (5, 5)])
def test_nobody_is_not_few(persons):
    found = replace(WAGES[1], persons=persons)
    assert mask_quantities(quantities(WAGES[0], found), 5, is_open=True) is not None


def test_a_whole_line_and_what_services_cost_are_told_as_the_lines_are():
    few = (1, 1)
    found = quantities(quantity(Entry.STATE_BENEFIT, persons=few), quantity(Entry.PROGRAMME, PROGRAMME_LEVEL, few))
    assert mask_quantities(found, 5, is_open=True) is not None


@pytest.mark.parametrize(
    ("found", "digits"),
    [
        (quantity(Entry.WAGES), 5),
        (quantity(Entry.PROGRAMME, PROGRAMME_LEVEL), 5),
        (quantity(Entry.BENEFIT, "cash_benefit_other@2018-01-01"), 8),
        (quantity(Entry.PROJECT_GRANT, "project_grant@2018-01-01"), 14),
    ],
)
def test_last_digits_are_left_out(found, digits):
    (masked,) = mask_quantities(quantities(found), 5, is_open=True).quantities
    assert masked.control == round(1 / 3, digits)
    assert masked.intervention == round(2 / 3, digits)
    assert masked.std_error == round(1 / 21, digits)
