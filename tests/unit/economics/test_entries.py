"""Postings, rungs, taxes out of the rate book, and whole kroner."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from ctieval.domain.source import Source
from ctieval.domain.units import RateUnit
from ctieval.economics.entries import Flows, TaxRules, post_flows
from ctieval.economics.journal import Entry, Party
from ctieval.economics.rounding import to_whole_kroner
from ctieval.economics.rungs import break_even_displacement, reckon_rungs
from ctieval.economics.tax_rules import RATES, load_tax_rules
from ctieval.rates.load import load_rates
from ctieval.rates.rate import Amount, Rate

FLOWS = Flows(*(np.array([amount, 2 * amount]) for amount in (1000.0, 200.0, 500.0, 3000.0, 400.0, 50.0)))
ON = date(2021, 6, 1)


def test_on_costs_are_output_and_are_not_taxed():
    rules = TaxRules(0.25, 0.25, 0.12, 0.08, 0.75, 0.2, 0.1)
    plain = post_flows(FLOWS, replace(rules, on_costs=0.0))
    found = post_flows(FLOWS, rules)
    assert found.society() - plain.society() == pytest.approx(0.1 * FLOWS.earnings)
    assert found.total([Party.CITIZEN]) - plain.total([Party.CITIZEN]) == pytest.approx(0.1 * FLOWS.earnings)
    assert found.total([Party.STATE]) == pytest.approx(plain.total([Party.STATE]))


def test_without_the_taxes_only_the_first_rung_is_reckoned():
    journal = post_flows(FLOWS, None)
    rungs = reckon_rungs(journal)
    assert rungs.after_refund.tolist() == [-1250, -2500]
    assert (rungs.with_own_tax, rungs.after_equalisation, rungs.national) == (None, None, None)
    assert set(journal.postings) == {Entry.BENEFIT, Entry.REFUND, Entry.PROGRAMME, Entry.USUAL_SERVICES}


def test_nothing_tells_an_amount():
    assert repr(FLOWS) == "Flows(2,)"
    assert repr(reckon_rungs(post_flows(FLOWS, None))) == "MunicipalRungs(2,)"


def test_where_nothing_is_displaced_there_is_no_break_even():
    zero = np.zeros(2)
    journal = post_flows(Flows(zero, zero, zero, zero, np.ones(2), zero), None)
    assert np.isnan(break_even_displacement(journal, (Party.MUNICIPALITY,))).all()


def test_the_shipped_book_knows_one_of_the_taxes_and_names_the_others():
    found = load_tax_rules(load_rates(None), ON)
    assert found.rules is None
    assert [value.rate for value in found.rates] == ["equalisation_share"]
    assert set(found.missing) == set(RATES.values()) - {"equalisation_share"}
    assert "equalisation_share" in load_tax_rules(load_rates(None), date(2018, 6, 1)).missing


def test_taxes_of_the_trials_own_are_read_by_name():
    book = load_rates(None)
    days = date(2021, 1, 1), date(2021, 12, 31)
    source = Source("Made up", "", "", ON, simulated=True)
    own = tuple(
        Rate(name, name, RateUnit.SHARE, None, (Amount(*days, number / 10, source),))
        for number, name in enumerate(RATES.values())
    )
    kept = tuple(rate for rate in book.rates if rate.name not in RATES.values())
    found = load_tax_rules(replace(book, rates=kept + own), ON)
    assert found.rules == TaxRules(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    assert (len(found.rates), found.missing) == (7, ())


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
