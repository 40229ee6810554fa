"""One question, one answer: which weeks the public pays for, in the outcomes and in the account alike."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.outcome import BetterWhen, Measure, Role, State, StateOutcome
from ctieval.domain.outcome_table import Status
from ctieval.domain.registers import NOT_OBSERVED, Registers, WeekPanel, week_of
from ctieval.domain.window import Window
from ctieval.domain.wording import Label
from ctieval.economics.appraise import appraise
from ctieval.economics.benefits import build_benefits
from ctieval.economics.horizon import build_horizon
from ctieval.economics.inputs import AccountInputs
from ctieval.evaluate.data import load_allocation, open_data
from ctieval.evaluate.demo import write_demo
from ctieval.inference.by_design import by_design
from ctieval.outcomes.track import track
from ctieval.rates.load import load_rates
from ctieval.registers.codes import load_code_list

CODES = load_code_list()
BOOK = load_rates()
MONDAY = np.datetime64("2018-01-01")
WEEKS = 4
KRONER_WITHOUT_WEEKS = {"study_grant", "adult_education_support", "old_age_pension"}
OVERLAY = """
vintage = "2026-01"
[source]
title = "A letter from the register"
section = "p. 1"
href = ""
retrieved = 2026-11-22
[codes.870]
name = "Ny ydelse"
group = "Ny ydelse"
activity = "Passiv"
counts_to_duration = true
resets_duration = false
state = "passive_benefit"
"""


@pytest.fixture
def count_both(make_allocation):
    """Weeks on benefit of each person by the outcome and by the account; NaN where one of them does not know."""

    def count(paths, codes=CODES, book=BOOK):
        allocation = make_allocation(np.arange(len(paths)) % 2)
        allocation = replace(allocation, randomised_on=np.full(len(paths), MONDAY))
        registers = Registers(
            persons=pd.DataFrame({"person_id": allocation.person_id, "provider": False}),
            weeks=WeekPanel(allocation.person_id, week_of(MONDAY), np.array(paths, dtype=np.int16)),
            employment=None,
            payments=None,
            activity=None,
            survey=None,
            recognised=(),
            digests=(),
        )
        outcome = StateOutcome(
            name="benefit",
            label=Label("Uger på ydelse", "Weeks on benefit"),
            role=Role.PRIMARY,
            better_when=BetterWhen.HIGHER,
            state=State.BENEFIT,
            measure=Measure.WEEKS,
            window=Window(0, WEEKS),
        )
        table = track((outcome,), allocation, registers, codes)
        horizon = build_horizon(allocation, registers.weeks, WEEKS, codes)
        benefits = build_benefits(horizon, allocation.person_id, registers, book, codes)
        account = np.where(horizon.observed, benefits.on_benefit.sum(axis=1), np.nan)
        return np.where(table.status[:, 0] == Status.OBSERVED, table.values[:, 0], np.nan), account  # noqa: PD011

    return count


def test_every_code_is_a_week_in_both_or_in_neither(count_both):
    known = sorted(CODES.known)
    outcome, account = count_both([[code] * WEEKS for code in known])
    np.testing.assert_array_equal(outcome, account)
    assert {code for code, weeks in zip(known, account, strict=True) if weeks > 0} == CODES.members("public_payment")
    assert [code for code, weeks in zip(known, account, strict=True) if np.isnan(weeks)] == [997]


@pytest.mark.parametrize(
    ("path", "weeks"),
    [
        ([730, 730, 783, 783], 4),
        ([730, 730, 881, 621], 4),
        ([730, 785, 810, 771], 4),
        ([730, 651, 652, 661], 1),
        ([730, 521, 522, 114], 1),
        ([730, 999, 999, 999], 1),
        ([730, 998, 998, 998], 1),
        ([730, 997, 730, 730], np.nan),
        ([730, NOT_OBSERVED, NOT_OBSERVED, NOT_OBSERVED], np.nan),
    ],
)
def test_a_path_by_hand(path, weeks, count_both):
    outcome, account = count_both([path, [0] * WEEKS])
    np.testing.assert_array_equal(outcome, [weeks, 0])
    np.testing.assert_array_equal(account, [weeks, 0])


def test_in_the_demo_the_account_saves_the_weeks_that_the_outcome_loses(tmp_path):
    trial = write_demo(tmp_path)
    data = open_data(trial)
    allocation = load_allocation(trial, data)
    (benefit,) = (each for each in trial.outcomes if each.name == "benefit_weeks_24m")
    counted_dead = replace(benefit, better_when=BetterWhen.HIGHER)
    found = by_design(track((counted_dead,), allocation, data.registers, data.codes).values, allocation)
    saved = appraise(trial.economics, allocation, AccountInputs(data.registers, data.rates, data.codes)).weeks_saved
    assert (saved.n_control, saved.n_treated) == (int(found.n_control[0]), int(found.n_treated[0]))
    assert saved.estimate == pytest.approx(-found.estimate[0], rel=1e-12)
    assert saved.std_error == pytest.approx(found.std_error[0], rel=1e-12)


def test_every_benefit_that_has_kroner_is_in_the_weeks_or_left_out_by_name():
    paid, listed = CODES.members("public_payment"), {each.name: each.codes for each in BOOK.benefits.benefits}
    assert {name for name, codes in listed.items() if not codes & paid} == KRONER_WITHOUT_WEEKS
    assert {name for name, codes in listed.items() if (codes & CODES.known) - paid} == KRONER_WITHOUT_WEEKS


def test_a_week_without_kroner_is_no_week_on_benefit():
    assert not BOOK.benefits.without_benefit & CODES.members("public_payment")


def test_a_code_of_the_trials_own_list_is_a_week_in_both(count_both, tmp_path):
    (tmp_path / "codes.toml").write_text(OVERLAY, encoding="utf-8")
    widened = load_code_list(tmp_path / "codes.toml")
    outcome, account = count_both([[870] * WEEKS, [0] * WEEKS], widened)
    assert outcome.tolist() == account.tolist() == [WEEKS, 0]


def test_the_convention_is_marked_as_ours():
    (named,) = (each for each in CODES.sets if each.name == "public_payment")
    assert named.basis == "convention"
    assert "Ours" in named.description
    assert "Dansk" in named.description
