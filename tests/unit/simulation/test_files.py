import hashlib
from datetime import date

import numpy as np
import pytest

from ctieval.eligibility.screen import screen
from ctieval.protocol.load import load_trial
from ctieval.rates.load import load_rates
from ctieval.registers.read import read_registers
from ctieval.registers.read_table import read_table
from ctieval.simulation.files import write_plan, write_world
from ctieval.simulation.load_settings import load_settings
from ctieval.simulation.reveal import reveal


@pytest.fixture(scope="module")
def registers(world, drawn):
    return reveal(world, drawn)


@pytest.fixture(scope="module")
def folder(registers, tmp_path_factory):
    written = tmp_path_factory.mktemp("world") / "data"
    write_world(registers, written)
    return written


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    written = tmp_path_factory.mktemp("plan")
    write_plan(written)
    return written


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_files_are_those_of_a_municipality(folder):
    assert {path.name for path in folder.iterdir()} == {
        "persons.csv",
        "dream.csv",
        "employment.csv",
        "activity.csv",
        "survey.csv",
        "usual_services.csv",
        "ingredients.csv",
        "accounts.csv",
    }
    head = (folder / "employment.csv").read_bytes()[:200]
    assert head.startswith(b"\xef\xbb\xbfperson_id;month;hours;earnings\r\n")


def test_the_same_registers_give_the_same_bytes(registers, folder, tmp_path):
    write_world(registers, tmp_path)
    assert digests(tmp_path) == digests(folder)


def test_tables_without_rows_to_write_are_left_out(world, tmp_path):
    assert [path.name for path in write_world(world.control, tmp_path)] == [
        "persons.csv",
        "dream.csv",
        "employment.csv",
        "survey.csv",
        "usual_services.csv",
        "ingredients.csv",
    ]


def test_registers_are_read_back_as_they_were_written(folder, registers, codes):
    found = read_registers(folder, codes, covers=(date(2015, 1, 1), date(2020, 3, 31)))
    assert found.weeks.first_week == registers.weeks.first_week
    assert found.employment.first_month == registers.employment.first_month
    assert np.array_equal(found.weeks.code, registers.weeks.code)
    assert np.array_equal(found.employment.hours, registers.employment.hours, equal_nan=True)
    assert np.array_equal(found.employment.earnings, registers.employment.earnings, equal_nan=True)
    assert found.accounts["amount"].tolist() == registers.accounts["amount"].tolist()
    assert found.ingredients["unit_price"].tolist() == registers.ingredients["unit_price"].tolist()
    assert found.ingredients["life_years"].count() == 2
    for name in ("persons", "activity", "survey", "usual_services"):
        expected = getattr(registers, name)
        assert getattr(found, name)[list(expected.columns)].equals(expected)


def test_weeks_are_laid_out_as_in_dream(folder):
    frame = read_table(folder / "dream.csv").frame
    assert list(frame.columns[[0, 1, -1]]) == ["person_id", "y_1502", "y_2013"]
    assert frame.shape == (2067, 1 + 273)


def test_identifiers_are_not_shaped_like_cpr_numbers(folder):
    ids = read_table(folder / "persons.csv").frame["person_id"]
    assert ids.str.fullmatch(r"P\d{5}").all()


def test_plan_agrees_with_the_settings_of_the_world(plan):
    trial, settings = load_trial(plan), load_settings()
    assert trial.eligibility.as_of == settings.calendar.as_of
    assert trial.assignment.randomised_on == settings.calendar.randomised_on
    assert dict(trial.assignment.design.drawn) == {place.code: place.drawn for place in settings.municipality}
    assert trial.data.folder == plan / "data"
    assert trial.data.simulated


def test_the_criteria_of_the_plan_admit_exactly_the_target_group(plan, registers, world, codes):
    cohort = screen(load_trial(plan).eligibility, registers, codes)
    assert np.array_equal(cohort.eligible, world.eligible)


def test_every_rate_of_the_plan_says_that_it_is_simulated(plan):
    shipped = set(load_rates(None).names)
    own = [rate for rate in load_rates(plan / "rates").rates if rate.name not in shipped]
    assert {"programme_cost", "project_grant"} <= {rate.name for rate in own}
    assert all(value.source.simulated for rate in own for value in rate.values)


def test_every_benefit_week_of_the_world_has_a_rate(plan, registers):
    book = load_rates(plan / "rates")
    paid = {code: benefit for benefit in book.benefits.benefits for code in benefit.codes}
    observed = set(registers.weeks.code[registers.weeks.code > 0].tolist()) - book.benefits.without_benefit
    eligible_codes = {code for code in observed if not (130 <= code < 150 or 720 <= code < 730)}
    assert {paid[code].other for code in eligible_codes} <= set(book.names)
