"""Postings, rungs, taxes out of the rate book, and whole kroner."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from ctieval.domain.posting import Entry, Party
from ctieval.domain.registers import week_of
from ctieval.domain.source import Source
from ctieval.domain.units import RateUnit
from ctieval.domain.wording import MissingInput
from ctieval.economics.entries import UNKNOWN_TAXES, Flows, TaxRules, post_flows
from ctieval.economics.rounding import to_whole_kroner
from ctieval.economics.rungs import break_even_displacement, reckon_rungs
from ctieval.economics.tax_rules import RATES, load_tax_rules
from ctieval.rates.load import load_rates
from ctieval.rates.rate import Amount, Rate

FLOWS = Flows(*(np.array([amount, 2 * amount]) for amount in (1000.0, 200.0, 500.0, 3000.0, 400.0, 50.0)))
ON = date(2021, 6, 1)
WEEK = week_of(np.datetime64("2021-06-01"))


def test_on_costs_are_output_and_are_not_taxed():
    rules = TaxRules(0.25, 0.25, 0.12, 0.08, 0.75, 0.2, 0.1)
    plain = post_flows(FLOWS, replace(rules, on_costs=0.0))
    found = post_flows(FLOWS, rules)
    assert found.society() - plain.society() == pytest.approx(0.1 * FLOWS.earnings)
    assert found.total([Party.CITIZEN]) - plain.total([Party.CITIZEN]) == pytest.approx(0.1 * FLOWS.earnings)
    assert found.total([Party.STATE]) == pytest.approx(plain.total([Party.STATE]))


def test_without_the_taxes_only_the_first_rung_is_reckoned():
    journal = post_flows(FLOWS, UNKNOWN_TAXES)
    rungs = reckon_rungs(journal)
    assert rungs.after_refund.tolist() == [-1250, -2500]
    assert (rungs.with_own_tax, rungs.after_equalisation, rungs.national) == (None, None, None)
    assert set(journal.postings) == {
        Entry.BENEFIT,
        Entry.STATE_BENEFIT,
        Entry.REFUND,
        Entry.PROGRAMME,
        Entry.USUAL_SERVICES,
    }


def test_nothing_tells_an_amount():
    assert repr(FLOWS) == "Flows(2,)"
    assert repr(reckon_rungs(post_flows(FLOWS, UNKNOWN_TAXES))) == "MunicipalRungs(2,)"


def test_where_nothing_is_displaced_there_is_no_break_even():
    zero = np.zeros(2)
    journal = post_flows(Flows(zero, zero, zero, zero, np.ones(2), zero), UNKNOWN_TAXES)
    assert np.isnan(break_even_displacement(journal, (Party.MUNICIPALITY,))).all()


def look_up(book, *weeks, municipality=""):
    """Taxes of one person in some weeks."""
    return load_tax_rules(book, np.array([weeks]), np.array([municipality], dtype=object))


def book_with(**amounts):
    """The shipped book with taxes of our own, all of 2021."""
    book = load_rates(None)
    days = date(2021, 1, 1), date(2021, 12, 31)
    source = Source("Made up", "", "", ON, simulated=True)
    own = tuple(
        Rate(name, name, RateUnit.SHARE, None, (Amount(*days, amount, source),)) for name, amount in amounts.items()
    )
    return replace(book, rates=tuple(rate for rate in book.rates if rate.name not in amounts) + own)


def test_the_shipped_book_knows_one_of_the_taxes_and_names_the_others():
    found = look_up(load_rates(None), WEEK)
    assert [value.rate for value in found.rates] == ["equalisation_share"]
    assert np.isnan(found.rules.municipal).all()
    assert {each.file for each in found.missing} == {
        f"rates/{name}.toml" for name in RATES.values() if name != "equalisation_share"
    }
    years_before = look_up(load_rates(None), WEEK - 156)
    assert "rates/equalisation_share.toml" in {each.file for each in years_before.missing}


def test_taxes_of_the_trials_own_are_read_by_name():
    book = book_with(**{name: number / 10 for number, name in enumerate(RATES.values())})
    found = look_up(book, WEEK)
    shares = [float(getattr(found.rules, part)[0, 0]) for part in RATES]
    assert shares == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6]
    assert (len(found.rates), found.missing) == (7, ())


def test_a_municipality_has_its_own_tax_where_the_book_knows_it():
    book = book_with(municipal_tax=0.25, municipal_tax_153=0.24)
    week, home = np.full((3, 2), WEEK), np.array(["153", "260", "153"], dtype=object)
    found = load_tax_rules(book, week, home)
    assert found.rules.municipal.tolist() == [[0.24] * 2, [0.25] * 2, [0.24] * 2]
    assert {value.rate for value in found.rates} == {"municipal_tax", "municipal_tax_153", "equalisation_share"}


def test_a_municipality_without_a_tax_is_missing_though_another_has_one():
    found = load_tax_rules(
        book_with(municipal_tax_153=0.24), np.full((2, 1), WEEK), np.array(["153", "260"], dtype=object)
    )
    assert np.isnan(found.rules.municipal[:, 0]).tolist() == [False, True]
    assert found.missing[0] == MissingInput("economics.tax", "rates/municipal_tax.toml", (("tax", "municipal_tax"),))


def test_a_tax_of_some_weeks_only_leaves_its_line_out():
    whole = dict.fromkeys(RATES.values(), 0.1)
    found = look_up(book_with(**whole), WEEK, WEEK + 52)
    assert len(found.missing) == 7
    flows = Flows(*(np.ones((1, 2)) for _ in range(6)))
    assert Entry.TAX_ON_BENEFIT not in post_flows(flows, found.rules).postings


def test_costs_of_others_are_posted_to_them():
    flows = replace(FLOWS, programme_of_others={Party.REGION: np.array([30.0, 0.0])})
    journal = post_flows(flows, UNKNOWN_TAXES)
    assert journal.total([Party.REGION]).tolist() == [-30, 0]
    assert journal.total(Party, [Entry.PROGRAMME]).tolist() == [-430, -800]


def test_where_nothing_is_known_the_journal_is_empty():
    unknown = np.full(2, np.nan)
    assert not post_flows(Flows(*[unknown] * 6), UNKNOWN_TAXES).postings


@pytest.mark.parametrize(
    ("amounts", "whole"),
    [
        ([0.5, 0.5], [1, 0]),
        ([-0.5, -0.5], [0, -1]),
        ([-2.7, 1.4, 1.3], [-3, 2, 1]),
        ([2.0, 3.0], [2, 3]),
        ([], []),
    ],
)
def test_whole_kroner_add_up(amounts: list[float], whole: list[int]):
    assert to_whole_kroner(np.array(amounts)).tolist() == whole
