"""Forms of rates: refused as they are, and read when every place is filled in."""

import re
from datetime import date
from pathlib import Path

import pytest

from ctieval.domain.units import RateUnit
from ctieval.errors import RateError, RateNotInForceError, RateUnverifiedError, UnknownRateError
from ctieval.rates.form import build_form
from ctieval.rates.load import load_rates
from ctieval.rates.overlay import Standing, check_overlay
from ctieval.rates.rate import Schedule
from ctieval.rates.read import read_rate
from ctieval.rates.reindex import adjust_price
from ctieval.rates.wanted import load_wanted

BOOK = load_rates(None)
WANTED = {rate.name: rate for rate in load_wanted(BOOK)}
ANSWERS = {
    "unit": '"dkk/week"',
    "from": "2018-01-01",
    "valid_through": "2018-12-31",
    "amount": "0.5",
    "start": "1",
    "title": '"T"',
    "section": '"S"',
    "retrieved": "2019-01-01",
}


def fill_in(form: str) -> str:
    return re.sub(r'(\w+) = "\?"', lambda place: f"{place[1]} = {ANSWERS[place[1]]}", form)


@pytest.mark.parametrize("name", [*BOOK.names, *WANTED])
def test_a_form_is_refused_until_it_is_filled_in(name: str):
    form = build_form(name, BOOK)
    with pytest.raises(RateError, match="still to be filled in"):
        read_rate(form, f"{name}.toml")
    rate = read_rate(fill_in(form), f"{name}.toml")
    assert rate.values[0].in_force == date(2018, 1, 1)
    asked = WANTED.get(name) or BOOK.rate(name)
    assert (rate.description, rate.payer) == (asked.description, asked.payer)
    assert rate.unit == (asked.unit or RateUnit.DKK_PER_WEEK)


def test_the_form_of_a_schedule_has_steps():
    (value,) = read_rate(fill_in(build_form("refund_share", BOOK)), "refund_share.toml").values
    assert isinstance(value, Schedule)


@pytest.mark.parametrize("place", ["from", "valid_through", "amount", "title", "section", "retrieved"])
def test_one_place_left_open_is_named(place: str):
    form = build_form("municipal_tax", BOOK)
    left_open = fill_in(form).replace(f"{place} = {ANSWERS[place]}", f'{place} = "?"')
    with pytest.raises(RateError) as refused:
        read_rate(left_open, "municipal_tax.toml")
    assert refused.value.where.endswith(f".{place}")


def test_a_form_that_nobody_asks_for_offers_the_nearest():
    with pytest.raises(UnknownRateError) as refused:
        build_form("municipal_taxes", BOOK)
    assert refused.value.nearest[0] == "municipal_tax"


def test_what_is_wanted_is_what_no_file_holds(tmp_path):
    assert not set(WANTED) & set(BOOK.names)
    (tmp_path / "municipal_tax.toml").write_text(fill_in(build_form("municipal_tax", BOOK)), encoding="utf-8")
    assert set(WANTED) - {rate.name for rate in load_wanted(load_rates(tmp_path))} == {"municipal_tax"}


def test_every_rate_that_a_benefit_names_is_known_or_wanted():
    named = {name for benefit in BOOK.benefits.benefits for name in (benefit.provider, benefit.other)}
    assert named <= set(BOOK.names) | set(WANTED)


def write_own(folder: Path, name: str, like: str) -> None:
    text = fill_in(build_form(like, BOOK)).replace(f'name = "{like}"', f'name = "{name}"')
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def test_an_overlay_is_told_what_each_rate_does(tmp_path):
    for name, like in (
        ("cash_benefit_other", "cash_benefit_other"),
        ("municipal_tax", "municipal_tax"),
        ("program_cost", "programme_cost"),
        ("our_discount", "fm_2021"),
    ):
        write_own(tmp_path, name, like)
    found = {own.rate.name: own for own in check_overlay(tmp_path)}
    assert {name: own.standing for name, own in found.items()} == {
        "cash_benefit_other": Standing.REPLACES,
        "municipal_tax": Standing.FILLS,
        "our_discount": Standing.UNASKED,
        "program_cost": Standing.UNASKED,
    }
    assert found["program_cost"].nearest[0] == "programme_cost"
    assert found["municipal_tax"].nearest == ()


def test_a_rate_that_only_an_own_benefit_names_is_asked_for(tmp_path):
    benefit = 'name = "b"\ndescription = "B"\ncodes = ["521"]\nprovider = "apprentice"\nother = "apprentice"'
    source = 'source = { title = "T", section = "", href = "", retrieved = 2026-01-01 }'
    text = f'[[benefit]]\n{benefit}\nfinancing = "state"\n{source}\n'
    (tmp_path / "benefits.toml").write_text(text, encoding="utf-8")
    assert "apprentice" in {rate.name for rate in load_wanted(load_rates(tmp_path))}
    write_own(tmp_path, "apprentice", "sickness_benefit")
    (own,) = check_overlay(tmp_path)
    assert own.standing is Standing.FILLS


def test_kroner_move_by_the_index_that_is_named_and_by_no_other():
    days = {"from_day": date(2021, 6, 1), "to_day": date(2023, 6, 1)}
    assert adjust_price(1, BOOK, "cash_benefit_other", **days) == pytest.approx(11944 / 11698)
    assert adjust_price(1, BOOK, "cash_benefit_provider", **days) == pytest.approx(15874 / 15547)
    with pytest.raises(UnknownRateError):
        adjust_price(1, BOOK, "price_index", **days)
    with pytest.raises(RateUnverifiedError):
        adjust_price(1, BOOK, "cash_benefit_other", from_day=date(2021, 6, 1), to_day=date(2025, 1, 1))
    with pytest.raises(RateNotInForceError):
        adjust_price(1, BOOK, "cash_benefit_other", from_day=date(2012, 6, 1), to_day=date(2021, 1, 1))


def test_the_tax_of_one_municipality_has_its_own_form():
    rate = read_rate(fill_in(build_form("municipal_tax_153", BOOK)), "municipal_tax_153.toml")
    assert (rate.name, rate.unit) == ("municipal_tax_153", RateUnit.SHARE)
    with pytest.raises(UnknownRateError):
        build_form("state_tax_153", BOOK)
