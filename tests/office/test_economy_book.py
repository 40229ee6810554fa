"""LibreOffice reckons the workbook of the account anew: as the engine did, and as it would with another rate."""

import shutil
import subprocess
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from ctieval.domain.cost_benefit import View
from ctieval.evaluate.data import load_allocation, open_data
from ctieval.evaluate.demo import write_demo
from ctieval.evaluate.story import evaluate
from ctieval.rates.rate import Amount
from ctieval.report.catalogue import load_catalogue
from ctieval.report.economy_book.inputs_sheet import CHANGED
from ctieval.report.economy_book.read_back import read_assumptions
from ctieval.report.economy_book.render import render_economy_book
from ctieval.report.protect import protect

OERE = 0.01
UP = 1.1
CHANGES = (
    "municipal_tax_153@2015-01-01",
    "labour_market_contribution@2015-01-01",
    "cash_benefit_other@2019-01-01",
    "tax_distortion_factor@2017-08-28",
)
LEVEL = "programme_price_level"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Plan, arms and data of the demo."""
    trial = write_demo(tmp_path_factory.mktemp("demo"))
    data = open_data(trial)
    return trial, load_allocation(trial, data), data


@pytest.fixture(scope="module")
def base(demo):
    return protect(evaluate(*demo))


@pytest.fixture(scope="module")
def files(tmp_path_factory, base, absent):
    """The workbooks before LibreOffice opens them: both languages, and Danish ones with one assumption changed."""
    if shutil.which("soffice") is None:
        absent("soffice is not installed (Debian: libreoffice-calc)", "OFFICE")
    folder = tmp_path_factory.mktemp("written")
    found = {lang: folder / f"{lang}.xlsx" for lang in ("da", "en")}
    for lang, path in found.items():
        path.write_bytes(render_economy_book(base, lang))
    for number, key in enumerate((*CHANGES, LEVEL)):
        book = load_workbook(found["da"])
        cell = next(row[2] for row in book["Antagelser"].iter_rows(min_row=5) if row[0].value == key)
        cell.value *= UP
        found[key] = folder / f"changed_{number}.xlsx"
        book.save(found[key])
    return found


@pytest.fixture(scope="module")
def reckoned(tmp_path_factory, files):
    """What LibreOffice makes of them, in one session; every formula is reckoned anew, since nothing is trusted."""
    folder = tmp_path_factory.mktemp("reckoned")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    to = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder)]
    command = ["soffice", "--headless", "--norestore", profile, *to, *map(str, files.values())]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return {key: load_workbook(folder / path.name, data_only=True) for key, path in files.items()}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_formula_comes_to_the_value_that_was_written_with_it(files, reckoned, lang):
    formulas, values = load_workbook(files[lang]), load_workbook(files[lang], data_only=True)
    compared = 0
    for sheet in formulas.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            expected = values[sheet.title][cell.coordinate].value
            found = reckoned[lang][sheet.title][cell.coordinate].value
            where = f"{sheet.title} {cell.coordinate}"
            assert found == (expected if isinstance(expected, str) else pytest.approx(expected, abs=1e-6)), where
            compared += 1
    assert compared > 500


def results(book):
    """Net results by account as they stand on the sheet, without and with the grant, and what is said of intervals."""
    sheet = book["Resultat"]
    heads = [cell.value for cell in sheet[4]]
    rows = [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[0]]
    split = next(number for number, row in enumerate(rows) if row[0] == "Med projekttilskud")
    ordinary = {row[0]: row[heads.index("Nettoresultat")] for row in rows[:split]}
    funded = {row[0]: row[3] for row in rows[split + 2 :]}
    return {View.ORDINARY_OPERATION: ordinary, View.AS_FUNDED: funded}, {row[-1] for row in rows[:split]}


def engine(evaluation):
    words, account = load_catalogue("da"), evaluation.economics
    return {
        view: {
            words.text(f"account.{each.account.value}"): each.effect.estimate
            for each in account.results
            if each.view is view
        }
        for view in View
    }


def with_rate(demo, key):
    """The demo evaluated anew with one dated rate a tenth higher."""
    trial, allocation, data = demo
    name, _, day = key.partition("@")
    values = {
        rate.name: tuple(
            replace(value, amount=UP * value.amount)
            if isinstance(value, Amount) and value.in_force.isoformat() == day
            else value
            for value in rate.values
        )
        for rate in data.rates.rates
        if rate.name == name
    }
    rates = tuple(replace(rate, values=values.get(rate.name, rate.values)) for rate in data.rates.rates)
    return protect(evaluate(trial, allocation, replace(data, rates=replace(data.rates, rates=rates))))


def assert_same(found, expected):
    for view in View:
        assert found[view] == pytest.approx(expected[view], abs=OERE)


def test_the_results_are_the_engine_s(reckoned, base):
    found, said = results(reckoned["da"])
    assert_same(found, engine(base))
    assert said == {"gælder"}


@pytest.mark.parametrize("key", CHANGES)
def test_a_changed_rate_gives_what_the_engine_gives_with_it(reckoned, files, demo, base, key):
    found, said = results(reckoned[key])
    assert_same(found, engine(with_rate(demo, key)))
    before, _ = results(reckoned["da"])
    ordinary = View.ORDINARY_OPERATION
    assert max(abs(found[ordinary][account] - kroner) for account, kroner in before[ordinary].items()) > 10
    assert said == {"kræver ny kørsel"}
    (changed,) = read_assumptions(files[key], base.economics)
    assert changed.key == key
    assert changed.value == pytest.approx(UP * changed.original)


def test_a_changed_price_level_gives_what_dearer_ingredients_would(reckoned, base):
    found, _ = results(reckoned[LEVEL])
    cost = next(each.difference for each in base.economics.quantities.quantities if each.price == LEVEL)
    expected = engine(base)[View.ORDINARY_OPERATION]
    municipality = "Kommunen efter refusion"
    assert found[View.ORDINARY_OPERATION][municipality] == pytest.approx(expected[municipality] - 0.1 * cost, abs=OERE)


def test_every_check_is_in_order_and_the_changes_are_counted(reckoned):
    for key, book in reckoned.items():
        sheet = book["Checks" if key == "en" else "Kontrol"]
        verdicts = {row[2] for row in sheet.iter_rows(min_row=5, values_only=True) if row[2]}
        untouched = {"da": {"i orden"}, "en": {"in order"}}
        assert verdicts == untouched.get(key, {"i orden", "antagelser er ændret"})
        assert CHANGED in book.defined_names
