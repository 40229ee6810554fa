"""The rate book: looking up, refusing, and the trial's own folder over the shipped one."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from ctieval.domain.units import RateUnit
from ctieval.errors import RateError, RateNotInForceError, RateUnverifiedError, UnknownRateError
from ctieval.rates.load import load_rates
from ctieval.rates.rate import Rate

OWN = """
name = "{name}"
description = "Ours"
unit = "{unit}"
[[value]]
from = 2010-01-01
valid_through = {until}
amount = {amount}
source = {{ title = "Made up", section = "", href = "", retrieved = 2026-01-01, simulated = true }}
"""


@pytest.fixture(scope="module")
def book():
    return load_rates(None)


def write(folder: Path, name: str, amount: object = 1, unit: str = "dkk", until: str = "2030-12-31") -> None:
    text = OWN.format(name=name, amount=amount, unit=unit, until=until)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


# Kroner a month: provider, other.
CASH_BENEFIT = {
    2013: (13952, 10500), 2014: (14203, 10689), 2015: (14416, 10849), 2016: (14575, 10968),
    2017: (14808, 11143), 2018: (14993, 11282), 2019: (15180, 11423), 2020: (15355, 11554),
    2021: (15547, 11698), 2022: (15570, 11716), 2023: (15874, 11944), 2024: (16382, 12326),
}  # fmt: skip


@pytest.mark.parametrize("year", CASH_BENEFIT)
def test_cash_benefit_of_each_year(book, year: int):
    for day in (date(year, 1, 7), date(year, 12, 31)):
        found = tuple(book.value(f"cash_benefit_{who}", day).amount for who in ("provider", "other"))
        assert found == CASH_BENEFIT[year]


def test_secondary_sources_say_so(book):
    marked = {value.in_force.year for value in book.rate("cash_benefit_other").values if value.source.secondary}
    assert marked == {2019, 2021}


def test_a_value_holds_until_the_day_before_the_next(book):
    assert book.value("cash_benefit_other", date(2016, 1, 3)).amount == 10849
    assert book.value("cash_benefit_other", date(2016, 1, 4)).amount == 10968


def test_nothing_is_known_of_2025(book):
    with pytest.raises(RateUnverifiedError) as refused:
        book.value("cash_benefit_other", date(2025, 1, 1))
    assert refused.value.valid_through == date(2024, 12, 31)
    assert refused.value.file == "rates/cash_benefit_other.toml"
    assert book.value_unverified("cash_benefit_other", date(2025, 1, 1)).amount == 12326


def test_before_the_first_value_nothing_is_invented(book):
    with pytest.raises(RateNotInForceError) as refused:
        book.value("cash_benefit_other", date(2012, 12, 31))
    assert (refused.value.name, refused.value.on) == ("cash_benefit_other", date(2012, 12, 31))


def test_an_unknown_name_offers_the_nearest_three(book):
    with pytest.raises(UnknownRateError) as refused:
        book.value("cash_benefit_others", date(2018, 1, 1))
    assert refused.value.nearest[0] == "cash_benefit_other"
    assert len(refused.value.nearest) == 3


def test_the_ladder_and_the_discount_schedule(book):
    ladder = book.schedule("refund_share", date(2018, 1, 1))
    assert [(step.start, step.amount) for step in ladder.steps] == [(1, 0.8), (5, 0.4), (27, 0.3), (53, 0.2)]
    discount = book.newest_schedule("fm_2021")
    assert [(step.start, step.amount) for step in discount.steps] == [(0, 0.035), (35, 0.025), (70, 0.015)]
    assert (ladder.unit, discount.unit) == (RateUnit.SHARE, RateUnit.SHARE_PER_YEAR)
    with pytest.raises(RateNotInForceError):
        book.schedule("refund_share", date(2016, 1, 3))


@pytest.mark.parametrize(
    ("day", "factor"),
    [(date(2017, 8, 27), 1.2), (date(2017, 8, 28), 1.1), (date(2023, 6, 21), 1.1), (date(2024, 6, 30), 1)],
)
def test_the_tax_distortion_factor_is_that_of_the_guidance_in_force(book, day: date, factor: float):
    assert book.value("tax_distortion_factor", day).amount == factor


def test_the_net_tax_factor_and_the_equalisation_share(book):
    assert book.value("net_tax_factor", date(2023, 6, 22)).amount == 1.28
    assert book.value("equalisation_share", date(2021, 1, 1)).amount == 0.75
    with pytest.raises(RateNotInForceError):
        book.value("net_tax_factor", date(2023, 6, 21))


def test_the_count_starts_again_after_52_of_156_weeks_and_counts_from_july_2014(book):
    assert book.newest_value("refund_reset_weeks").amount == 52
    assert book.newest_value("refund_reset_window").amount == 156
    assert book.rate("refund_reset_weeks").first_day == date(2014, 7, 1)


def test_kinds_are_not_mixed_up(book):
    for ask in (book.value, book.value_unverified):
        with pytest.raises(RateError, match="another kind"):
            ask("refund_share", date(2018, 1, 1))
    with pytest.raises(RateError, match="another kind"):
        book.schedule("cash_benefit_other", date(2018, 1, 1))
    with pytest.raises(RateError, match="another kind"):
        book.newest_value("fm_2021")
    with pytest.raises(RateError, match="another kind"):
        book.newest_schedule("cash_benefit_other")


def test_an_abolished_rate_is_not_in_force(tmp_path):
    write(tmp_path, "old", unit="dkk/month", until="2019-12-31")
    with (tmp_path / "old.toml").open("a", encoding="utf-8") as file:
        file.write('[[value]]\nfrom = 2020-01-01\namount = "none"\n')
        file.write('source = { title = "Act", section = "s. 2", href = "", retrieved = 2026-01-01 }\n')
    book = load_rates(tmp_path)
    assert book.value("old", date(2019, 12, 31)).amount == 1
    for day in (date(2020, 1, 1), date(2099, 1, 1)):
        with pytest.raises(RateNotInForceError, match="2010-01-01 to 2019-12-31"):
            book.value("old", day)
    with pytest.raises(RateError, match="abolition"):
        book.newest_value("old")


def test_an_overlay_replaces_by_name_and_adds(book, tmp_path):
    write(tmp_path, "programme_cost", 3_500_000)
    write(tmp_path, "cash_benefit_other", 5000, "dkk/month")
    own = load_rates(tmp_path)
    assert set(own.names) == {*book.names, "programme_cost"}
    assert own.newest_value("programme_cost").amount == 3_500_000
    assert own.value("cash_benefit_other", date(2025, 6, 1)).amount == 5000
    assert own.value("cash_benefit_other", date(2025, 6, 1)).source.simulated
    assert own.rate("cash_benefit_provider") == book.rate("cash_benefit_provider")
    assert own.benefits == book.benefits


def test_an_overlay_adds_a_benefit(book, tmp_path):
    text = """
    [[benefit]]
    name = "job_rotation"
    description = "Job rotation"
    codes = ["522"]
    provider = "rotation"
    other = "rotation"
    financing = "state"
    source = { title = "T", section = "", href = "", retrieved = 2026-01-01 }
    """
    (tmp_path / "benefits.toml").write_text(text, encoding="utf-8")
    own = load_rates(tmp_path)
    assert own.benefits.benefits[:-1] == book.benefits.benefits
    assert own.benefits.benefits[-1].codes == {522}


def test_an_overlay_that_is_not_there_or_not_readable_is_refused(tmp_path):
    with pytest.raises(RateError, match="no such folder"):
        load_rates(tmp_path / "rates")
    (tmp_path / "latin.toml").write_bytes("name = 'æ'".encode("latin-1"))
    with pytest.raises(RateError, match="cannot be read"):
        load_rates(tmp_path)


@pytest.mark.parametrize("rate", load_rates(None).rates, ids=lambda rate: rate.name)
def test_every_shipped_value_is_sourced(rate: Rate):
    assert rate.description
    for value in rate.values:
        assert value.source.title
        assert value.source.section
        assert value.source.href.startswith("http")
        assert not value.source.simulated
        assert value.in_force <= value.valid_through < value.source.retrieved + timedelta(days=1)


def test_every_register_code_stands_once_but_three(book):
    from ctieval.registers.codes import load_code_list

    listed = book.benefits.without_benefit.union(*(benefit.codes for benefit in book.benefits.benefits))
    assert load_code_list().known - listed == {511, 521, 522}
