"""Kroner of benefit by week: dated rates, kroner paid, and what nobody knows."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.cost_benefit import PaymentBasis
from ctieval.domain.wording import MissingInput
from ctieval.economics.benefits import build_benefits, week_price
from ctieval.economics.horizon import build_horizon
from ctieval.economics.payments import PaidWeeks
from ctieval.errors import InputError, RateError
from ctieval.registers.codes import load_code_list

CODES = load_code_list()


def weeks_of(trial, book, weeks):
    horizon = build_horizon(trial.allocation, trial.registers.weeks, weeks, CODES)
    return build_benefits(horizon, trial.allocation.person_id, trial.registers, book, CODES)


def rate_missing(benefit, file):
    return MissingInput("economics.benefit_rate", f"rates/{file}.toml", (("benefit", benefit),))


def unpriced(benefits):
    """Person-weeks without a price by benefit, as the notices tell."""
    told = [notice for notice in benefits.notices if notice.code == "W-BENEFIT-UNPRICED"]
    return {notice.subject: dict(notice.facts)["person_weeks"] for notice in told}


def payments(*rows):
    table = pd.DataFrame(rows, columns=["person_id", "start", "end", "benefit", "amount"])
    return table.assign(start=pd.to_datetime(table["start"]), end=pd.to_datetime(table["end"]))


def test_a_monthly_rate_is_twelve_fifty_seconds_a_week(book):
    assert week_price(book.value("cash_benefit_other", date(2021, 1, 1))) == pytest.approx(2699.5385, abs=5e-5)
    assert week_price(book.value("cash_benefit_provider", date(2021, 1, 1))) == pytest.approx(3587.7692, abs=5e-5)
    assert 0.8 * week_price(book.value("cash_benefit_other", date(2021, 1, 1))) == pytest.approx(2159.6308, abs=5e-5)


def test_a_weekly_rate_is_what_it_is_and_a_total_prices_no_week(own_book):
    own = own_book(weekly=("dkk/week", 4355), total=1)
    assert week_price(own.value("weekly", date(2019, 1, 1))) == 4355
    with pytest.raises(RateError, match="cannot price a week"):
        week_price(own.value("total", date(2019, 1, 1)))


def test_providers_receive_their_own_rate(make_trial, book):
    trial = make_trial([0, 1], [[(730, 2)]] * 2, provider=[True, False])
    benefits = weeks_of(trial, book, 2)
    assert benefits.ladder == pytest.approx(np.array([[14993] * 2, [11282] * 2]) * 12 / 52)
    assert (benefits.basis, benefits.missing) == (PaymentBasis.RATE, ())
    assert [notice.code for notice in benefits.notices] == ["W-RATE-TIMES-WEEKS"]


@pytest.mark.parametrize("column", [{}, {"provider": pd.array([pd.NA, pd.NA], dtype="boolean")}])
def test_who_is_not_known_to_be_a_provider_has_the_lower_rate_and_is_counted(make_trial, book, column):
    benefits = weeks_of(make_trial([0, 1], [[(730, 1)]] * 2, **column), book, 1)
    assert benefits.ladder == pytest.approx(np.full((2, 1), 11282 * 12 / 52))
    (notice,) = (each for each in benefits.notices if each.code == "W-PROVIDER-UNKNOWN")
    assert notice.facts == (("persons", 2),)


def test_a_week_has_the_rate_of_its_year(make_trial, book):
    trial = make_trial([0, 1], [[(730, 3)]] * 2, from_day="2017-12-25", drawn_on="2017-12-25", provider=[False] * 2)
    benefits = weeks_of(trial, book, 3)
    assert benefits.ladder[0] == pytest.approx(np.array([11143, 11282, 11282]) * 12 / 52)
    assert [rate.in_force for rate in benefits.rates] == [date(2017, 1, 2), date(2018, 1, 1)]


@pytest.mark.parametrize("code", [0, 100, 114, 121, 652, 999])
def test_a_week_without_benefit_costs_nothing(make_trial, book, code):
    benefits = weeks_of(make_trial([0, 1], [[(code, 1)]] * 2, provider=[False] * 2), book, 1)
    assert not benefits.ladder.any()
    assert not benefits.state.any()
    assert not benefits.on_benefit.any()
    assert benefits.missing == ()


@pytest.mark.parametrize(
    ("code", "benefit", "file"),
    [
        (890, "sickness_benefit", "sickness_benefit"),
        (735, "wage_subsidy", "wage_subsidy"),
        (771, "flexjob", "flexjob_subsidy"),
        (783, "disability_pension", "disability_pension"),
    ],
)
def test_a_benefit_without_a_sourced_rate_is_unknown_and_never_0(make_trial, book, code, benefit, file):
    benefits = weeks_of(make_trial([0, 1], [[(code, 1)], [(730, 1)]], provider=[False] * 2), book, 1)
    assert np.isnan(benefits.ladder).tolist() == [[True], [False]]
    assert benefits.state.tolist() == [[0], [0]]
    assert benefits.missing == (rate_missing(benefit, file),)
    assert unpriced(benefits) == {benefit: 1}
    assert benefits.on_benefit.all()


def test_a_benefit_that_the_state_bears_alone_does_not_touch_the_ladder(make_trial, book):
    benefits = weeks_of(make_trial([0, 1], [[(651, 1)], [(730, 1)]], provider=[False] * 2), book, 1)
    assert np.isnan(benefits.state).tolist() == [[True], [False]]
    assert benefits.ladder[0] == 0
    assert benefits.missing == (rate_missing("study_grant", "study_grant"),)


@pytest.mark.parametrize(("code", "benefit"), [(651, "study_grant"), (661, "adult_education_support")])
def test_a_week_in_education_has_kroner_and_is_no_week_on_benefit(make_trial, own_book, code, benefit):
    trial = make_trial([0, 1], [[(code, 1)], [(730, 1)]], provider=[False] * 2)
    benefits = weeks_of(trial, own_book(**{benefit: ("dkk/week", 1400)}), 1)
    assert benefits.state.tolist() == [[1400], [0]]
    assert benefits.on_benefit.tolist() == [[False], [True]]


def test_a_code_that_stands_nowhere_is_unknown_to_everybody(make_trial, book):
    benefits = weeks_of(make_trial([0, 1], [[(521, 1)], [(730, 1)]], provider=[False] * 2), book, 1)
    assert np.isnan(benefits.ladder[0, 0])
    assert np.isnan(benefits.state[0, 0])
    assert benefits.missing == (
        MissingInput("economics.benefit", "rates/benefits.toml", (("benefit", "521 Voksenlærlinge"),)),
    )
    assert unpriced(benefits) == {"521 Voksenlærlinge": 1}


def test_weeks_without_a_price_are_counted_by_benefit_over_providers_and_others(make_trial, book):
    runs = [[(890, 3), (522, 1), (0, 1)], [(651, 1), (890, 1), (522, 3)], [(890, 4), (-1, 1)]]
    benefits = weeks_of(make_trial([0, 1, 1], runs, provider=[True, False, False]), book, 5)
    assert unpriced(benefits) == {"522 Rotationsvikarer": 4, "sickness_benefit": 4, "study_grant": 1}


def test_a_rate_overlay_that_names_the_code_prices_it(make_trial, tmp_path, own_book):
    (tmp_path / "benefits.toml").write_text(
        """
        [[benefit]]
        name = "adult_apprentice"
        description = "Subsidy to the employer of an adult apprentice"
        codes = ["521"]
        provider = "adult_apprentice"
        other = "adult_apprentice"
        financing = "refund_ladder"
        source = { title = "Made up", section = "", href = "", retrieved = 2026-01-01, simulated = true }
        """,
        encoding="utf-8",
    )
    trial = make_trial([0, 1], [[(521, 1)], [(730, 1)]], provider=[False] * 2)
    benefits = weeks_of(trial, own_book(adult_apprentice=("dkk/week", 1100)), 1)
    assert benefits.ladder[0, 0] == 1100
    assert (benefits.missing, unpriced(benefits)) == ((), {})


def test_a_week_after_the_last_verified_day_is_unknown(make_trial, book):
    trial = make_trial([0, 1], [[(730, 2)]] * 2, from_day="2024-12-23", drawn_on="2024-12-23", provider=[False] * 2)
    benefits = weeks_of(trial, book, 2)
    assert np.isnan(benefits.ladder).tolist() == [[False, True]] * 2
    assert benefits.missing == (rate_missing("cash_benefit", "cash_benefit_other"),)
    assert unpriced(benefits) == {"cash_benefit": 2}


def test_the_trials_own_rate_fills_the_gap(make_trial, own_book):
    trial = make_trial([0, 1], [[(890, 1)], [(730, 1)]], provider=[False] * 2)
    benefits = weeks_of(trial, own_book(sickness_benefit=("dkk/week", 4300)), 1)
    assert benefits.ladder[0, 0] == 4300
    assert benefits.missing == ()
    assert any(rate.source.simulated for rate in benefits.rates)


def test_weeks_of_somebody_not_observed_ask_for_no_rate(make_trial, book):
    benefits = weeks_of(make_trial([0, 1], [[(890, 1), (-1, 1)], [(730, 2)]], provider=[False] * 2), book, 2)
    assert benefits.missing == ()
    assert benefits.ladder[0].tolist() == [0, 0]


def test_kroner_paid_are_spread_by_day(make_trial, book):
    paid = payments(
        ("P000000", "2018-01-05", "2018-01-14", "730", 1000.0),
        ("P000000", "2017-12-30", "2018-01-02", "730", 400.0),
        ("P000001", "2018-01-15", "2018-01-15", "731", 50.0),
        ("P000001", "2018-01-16", "2018-01-16", "731", 5.0),
        ("stranger", "2018-01-15", "2018-01-15", "730", 999.0),
    )
    trial = make_trial([0, 1], [[(730, 3)]] * 2, provider=[False] * 2, payments=paid)
    benefits = weeks_of(trial, book, 3)
    assert benefits.basis is PaymentBasis.PAID
    assert benefits.ladder == pytest.approx(np.array([[200 + 300, 700, 0], [0, 0, 55]]))
    assert benefits.rates == ()
    (notice,) = benefits.notices
    assert notice.code == "W-RATE-OVER-PAID"
    assert dict(notice.facts) == {"ratio": round(6 * 11282 * 12 / 52 / 1255, 3), "weeks_without_payment": 3}


def test_kroner_paid_need_no_rate(make_trial, book):
    paid = payments(("P000000", "2018-01-01", "2018-01-07", "890", 4000.0))
    trial = make_trial([0, 1], [[(890, 1)], [(0, 1)]], provider=[False] * 2, payments=paid)
    benefits = weeks_of(trial, book, 1)
    assert benefits.ladder.tolist() == [[4000], [0]]
    assert benefits.missing == ()
    assert dict(benefits.notices[0].facts) == {"weeks_without_payment": 0}


def test_what_the_state_pays_is_paid_where_known_and_priced_where_not(make_trial, own_book):
    paid = payments(("P000000", "2018-01-01", "2018-01-07", "881", 3900.0))
    trial = make_trial([0, 1], [[(881, 2)], [(730, 2)]], provider=[False] * 2, payments=paid)
    benefits = weeks_of(trial, own_book(maternity_benefit=("dkk/week", 4300)), 2)
    assert benefits.state.tolist() == [[3900, 4300], [0, 0]]


def test_one_period_without_an_amount_falls_back_on_rates(make_trial, book):
    paid = payments(
        ("P000000", "2018-01-01", "2018-01-07", "730", 1.0), ("P000001", "2018-01-01", "2018-01-07", "730", np.nan)
    )
    trial = make_trial([0, 1], [[(730, 1)]] * 2, provider=[False] * 2, payments=paid)
    benefits = weeks_of(trial, book, 1)
    assert benefits.basis is PaymentBasis.RATE
    assert benefits.ladder == pytest.approx(np.full((2, 1), 11282 * 12 / 52))
    assert benefits.notices[0].code == "W-PAYMENTS-INCOMPLETE"
    assert benefits.notices[0].facts == (("periods", 1),)


def test_money_under_a_code_of_no_benefit_is_an_error(make_trial, book):
    paid = payments(("P000000", "2018-01-01", "2018-01-07", "521", 1.0))
    trial = make_trial([0, 1], [[(730, 1)]] * 2, provider=[False] * 2, payments=paid)
    with pytest.raises(InputError) as refused:
        weeks_of(trial, book, 1)
    assert refused.value.found == "the codes 521"


def test_a_rate_of_another_kind_is_an_error_and_not_a_gap(make_trial, own_book):
    trial = make_trial([0, 1], [[(890, 1)], [(730, 1)]], provider=[False] * 2)
    with pytest.raises(RateError, match="cannot price a week"):
        weeks_of(trial, own_book(sickness_benefit=("factor", 2)), 1)


def test_nothing_shows_a_person(make_trial, book):
    paid = payments(("P000000", "2018-01-01", "2018-01-07", "730", 1.0))
    benefits = weeks_of(make_trial([0, 1], [[(730, 1)]] * 2, payments=paid), book, 1)
    assert repr(benefits) == "BenefitWeeks(2 persons, 1 weeks)"
    assert repr(PaidWeeks(benefits.ladder, benefits.state, 0)) == "PaidWeeks(2 persons, 1 weeks)"
