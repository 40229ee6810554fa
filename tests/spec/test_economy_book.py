"""The account as a workbook: every number is the engine's, only assumptions can be changed, and nobody is in it."""

import io
import math
import re
import zipfile
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from ctieval.domain.cost_benefit import Account, View
from ctieval.domain.ledger_quantities import WITHHELD
from ctieval.domain.posting import Entry
from ctieval.economics.accounts import SCOPES
from ctieval.errors import DisclosureError, InputError
from ctieval.evaluate.data import open_data
from ctieval.evaluate.demo import write_demo
from ctieval.evaluate.story import evaluate_trial
from ctieval.report.catalogue import load_catalogue
from ctieval.report.cells import ABSENT
from ctieval.report.economy_book.assumptions import gather_assumptions
from ctieval.report.economy_book.desk import PURSES, SHEETS
from ctieval.report.economy_book.page import FIRST_ROW
from ctieval.report.economy_book.read_back import ChangedAssumption, read_assumptions
from ctieval.report.economy_book.render import render_account, render_economy_book
from ctieval.report.model import Meta
from ctieval.report.protect import protect
from ctieval.report.publish import Audience, ReportFormat, publish

OERE = 0.01
TAX = "municipal_tax_153@2015-01-01"


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    return evaluate_trial(write_demo(tmp_path_factory.mktemp("demo")))


@pytest.fixture(scope="module")
def protected(evaluation):
    return protect(evaluation)


@pytest.fixture(scope="module")
def written(protected):
    return {lang: render_economy_book(protected, lang) for lang in ("da", "en")}


def opened(content, *, values=True):
    return load_workbook(io.BytesIO(content), data_only=values)


def sheet_of(book, lang, key):
    return book[load_catalogue(lang).text(f"economy_book.sheet.{key}")]


def rows_of(sheet, first=FIRST_ROW):
    """Rows under the head as mappings from head to value, until one is empty."""
    heads = [cell.value for cell in sheet[first]]
    for row in sheet.iter_rows(min_row=first + 1, values_only=True):
        if row[0] is None:
            return
        yield dict(zip(heads, row, strict=False))


@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_line_and_result_is_the_engine_s(written, protected, lang):
    words, account = load_catalogue(lang), protected.economics
    shown = {
        row[words.text("economy_book.head.account")]: row
        for row in rows_of(sheet_of(opened(written[lang]), lang, "results"))
    }
    assert len(shown) == len({line.account for line in account.lines}) == len(Account) - 1
    for each in account.lines:
        if each.view is View.ORDINARY_OPERATION:
            found = shown[words.text(f"account.{each.account.value}")][words.text(f"line.{each.line.value}")]
            assert found == pytest.approx(each.effect.estimate, abs=OERE)
    for each in account.results:
        if each.view is View.ORDINARY_OPERATION:
            row = shown[words.text(f"account.{each.account.value}")]
            assert row[words.text("economy_book.head.net_result")] == pytest.approx(each.effect.estimate, abs=OERE)
            assert row[words.text("economy_book.head.engine")] == pytest.approx(each.effect.estimate, rel=1e-12)
            assert row[words.text("economy_book.head.low")] == pytest.approx(each.effect.conf_low, rel=1e-12)


def test_the_results_as_funded_are_the_engine_s(written, protected):
    sheet = sheet_of(opened(written["en"]), "en", "results")
    first = next(row for row in range(FIRST_ROW, 60) if sheet.cell(row, 1).value == "With the project grant") + 1
    shown = {row["Account"]: row["Net result"] for row in rows_of(sheet, first)}
    words = load_catalogue("en")
    funded = [each for each in protected.economics.results if each.view is View.AS_FUNDED]
    assert shown == pytest.approx(
        {words.text(f"account.{e.account.value}"): e.effect.estimate for e in funded}, abs=OERE
    )


def test_every_transfer_of_the_ledger_adds_up_to_nil_and_every_check_is_in_order(written):
    book = opened(written["en"])
    for row in rows_of(sheet_of(book, "en", "ledger")):
        amounts = [amount for amount in list(row.values())[2:-1] if amount is not None]
        assert sum(amounts) == pytest.approx(row["In all"], abs=1e-9)
        if row["Kind"] == "transfer":
            assert row["In all"] == pytest.approx(0, abs=1e-6)
    verdicts = [row["Verdict"] for row in rows_of(sheet_of(book, "en", "checks"))][:-1]
    assert len(verdicts) > 30
    assert set(verdicts) == {"in order"}


def test_the_purses_of_an_account_are_those_of_the_engine():
    of_consumer_prices = {Account.SOCIETY_CONSUMER_PRICES: SCOPES[Account.SOCIETY]}
    assert {account: set(scope.parties) for account, scope in {**SCOPES, **of_consumer_prices}.items()} == {
        account: set(parties) for account, parties in PURSES.items()
    }


def test_both_languages_hold_the_same_numbers_and_the_same_evaluation_gives_the_same_bytes(written, protected):
    numbers = {}
    for lang, content in written.items():
        assert content == render_economy_book(protected, lang)
        book = opened(content)
        assert book.sheetnames == [load_catalogue(lang).text(f"economy_book.sheet.{key}") for key in SHEETS]
        cells = (cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
        numbers[lang] = [cell.value for cell in cells if isinstance(cell.value, int | float)]
    assert numbers["da"] == numbers["en"]


def test_only_the_values_of_the_assumptions_can_be_changed(written, protected):
    book = opened(written["da"], values=False)
    known = gather_assumptions(protected.economics, protected.economics.quantities)
    free = [
        (sheet.title, cell.column_letter)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    ]
    assert free == [("Antagelser", "C")] * len(known)
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book.worksheets)
    rules = book["Antagelser"].data_validations.dataValidation
    assert sum(len(list(rule.cells)) for rule in rules) == len(known)
    assert set(book.defined_names) == {*(each.name for each in known), "changed_assumptions"}


def test_a_rate_that_few_received_can_not_be_changed(protected):
    account = protected.economics
    keys = {each.key.partition("@")[0] for each in gather_assumptions(account, account.quantities)}
    assert {"cash_benefit_other", "municipal_tax_153", "net_tax_factor", "programme_price_level"} <= keys
    assert not {"sickness_benefit", "study_grant", "fm_2021[0]", "refund_share[1]"} & keys


def test_no_quantity_tells_how_many_or_rests_on_few(evaluation, protected):
    fewest = evaluation.trial.report.smallest_cell
    of_some = (Entry.TAX_ON_BENEFIT, Entry.WAGES, Entry.BENEFIT, Entry.REFUND)
    persons = [n for each in evaluation.economics.quantities.of(*of_some) for n in each.persons]
    assert min(n for n in persons if n) >= fewest
    assert {n for each in protected.economics.quantities.quantities for n in each.persons} == {None}


def test_quantities_that_rest_on_too_few_are_withheld_and_the_workbook_is_not_written(evaluation, tmp_path):
    stricter = replace(evaluation.trial, report=replace(evaluation.trial.report, smallest_cell=12))
    found = protect(replace(evaluation, trial=stricter))
    assert found.economics.quantities is None
    assert WITHHELD in {notice.code for notice in found.economics.warnings}
    assert render_economy_book(found, "da") is None
    paths = publish(found, tmp_path, audiences=(Audience.FULL,), formats=(ReportFormat.XLSX,))
    assert [path.name for path in paths] == ["rapport.xlsx", "report.xlsx", "manifest.json"]
    with pytest.raises(DisclosureError, match="has not been through disclosure control"):
        render_account(found.economics, Meta("Trial", "en", "Report"))


def test_an_evaluation_before_disclosure_control_is_refused(evaluation):
    with pytest.raises(DisclosureError, match="without a log"):
        render_economy_book(evaluation, "en")


def test_without_an_account_there_is_no_workbook(protected):
    assert render_economy_book(replace(protected, economics=None), "en") is None


def test_the_workbook_lies_beside_the_report_and_in_the_manifest(protected, written, tmp_path):
    told = []
    paths = publish(protected, tmp_path, formats=(ReportFormat.XLSX,), progress=told.append)
    assert told == ["rapport.xlsx", "oekonomi.xlsx", "report.xlsx", "economy.xlsx"]
    assert (tmp_path / "oekonomi.xlsx").read_bytes() == written["da"]
    assert '"economy.xlsx"' in paths[-1].read_text("utf-8")
    only = publish(protected, tmp_path / "html", audiences=(Audience.FULL,), formats=(ReportFormat.HTML,))
    assert [path.name for path in only] == ["rapport.html", "report.html", "manifest.json"]


def test_what_is_not_known_is_left_out_or_said(protected):
    account = replace(protected.economics, results=(), outlook=None)
    book = opened(render_account(account, Meta("Trial", "en", "Report")))
    for name, cell in (
        ("Ingredients", "The costs are not reckoned"),
        ("Scenarios", "Not reckoned"),
        ("Budget years", "Not"),
    ):
        assert str(book[name]["A5"].value).startswith(cell)
    shown = list(rows_of(book["Results"]))
    assert all(row["Net result"] is None for row in shown)
    assert next(row["Refund"] for row in shown) == pytest.approx(account.lines[1].effect.estimate, abs=OERE)
    assert len(list(rows_of(book["Checks"]))) < 15


def test_the_view_with_the_grant_is_there_only_where_it_is_known(protected):
    results = tuple(each for each in protected.economics.results if each.view is View.ORDINARY_OPERATION)
    book = opened(render_account(replace(protected.economics, results=results), Meta("Trial", "en", "Report")))
    assert [row["Check"] for row in rows_of(book["Checks"]) if "with the project grant" in row["Check"]] == []


@pytest.mark.parametrize(("share", "shown"), [(0.0, "< 0.05%"), (1.0, "> 99.95%"), (None, ABSENT.value), (0.25, 0.25)])
def test_no_share_of_the_resamples_is_nil_or_all(protected, share, shown):
    account, outlook = protected.economics, protected.economics.outlook
    first, *others = outlook.accounts
    scenarios = (replace(first.scenarios[0], share_above_zero=share), *first.scenarios[1:])
    changed = replace(outlook, accounts=(replace(first, scenarios=scenarios), *others), replicates=2000, budget=())
    book = opened(render_account(replace(account, outlook=changed), Meta("Trial", "en", "Report")))
    found = book["Scenarios"]["H5"].value
    assert (found.replace("\u00a0", "") if isinstance(found, str) else found) == shown
    assert book["Budget years"]["A5"].value == "Not reckoned."


def test_an_open_interval_is_told_as_such(protected):
    account = protected.economics
    first, *others = account.results
    open_ended = replace(first, effect=replace(first.effect, conf_low=-math.inf, conf_high=math.inf))
    book = opened(render_account(replace(account, results=(open_ended, *others)), Meta("Trial", "en", "Report")))
    row = next(rows_of(book["Results"]))
    assert (row["Low"], row["High"]) == ("-∞", "∞")


def test_no_person_is_in_the_workbook(evaluation, protected, tmp_path, read_written):
    ids = open_data(evaluation.trial).registers.persons["person_id"].tolist()
    shape = re.compile(r"\b(" + "|".join(sorted({re.sub(r"\d", r"\\d", each) for each in ids})) + r")\b")
    assert shape.search(ids[0])
    for lang in ("da", "en"):
        (tmp_path / f"{lang}.xlsx").write_bytes(render_economy_book(protected, lang))
        text = read_written(tmp_path / f"{lang}.xlsx")
        assert "cash_benefit_other" in text
        assert not shape.search(text)


def test_what_a_user_wrote_is_no_formula(protected, evaluation):
    costing = evaluation.costing
    first, *others = costing.ingredients
    hostile = replace(costing, ingredients=(replace(first, source='=HYPERLINK("x")', grade="+1"), *others))
    content = render_economy_book(replace(protected, costing=hostile), "en")
    cells = [cell for row in opened(content, values=False)["Ingredients"].iter_rows() for cell in row]
    assert "HYPERLINK" in "".join(str(cell.value) for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)


@pytest.fixture
def edited(written, tmp_path):
    """A function that lets an editor loose on the sheet of assumptions, and gives the file."""

    def edit(change, lang="da"):
        book = opened(written[lang], values=False)
        change(sheet_of(book, lang, "assumptions"))
        book.save(tmp_path / "edited.xlsx")
        return tmp_path / "edited.xlsx"

    return edit


def cell_of(sheet, key, column="C"):
    row = next(row for row in range(FIRST_ROW, 80) if sheet[f"A{row}"].value == key)
    return sheet[f"{column}{row}"]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_what_was_changed_is_read_back(edited, protected, lang):
    assert read_assumptions(edited(lambda sheet: None, lang), protected.economics) == ()

    def change(sheet):
        cell_of(sheet, TAX).value = 0.3
        cell_of(sheet, "programme_price_level").value = 2

    found = read_assumptions(edited(change, lang), protected.economics)
    assert found == (ChangedAssumption(TAX, 0.243, 0.3), ChangedAssumption("programme_price_level", 1.0, 2.0))


def put(key, value, column="C"):
    def change(sheet):
        cell_of(sheet, key, column).value = value

    return change


def append(key):
    def change(sheet):
        sheet["A70"].value, sheet["C70"].value = key, 0.5

    return change


def drop(key):
    def change(sheet):
        sheet.delete_rows(cell_of(sheet, key).row)

    return change


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (put(TAX, "=0.1+0.2"), "a formula"),
        (put(TAX, "CANARY7391"), "no number"),
        (put(TAX, None), "an empty cell"),
        (put(TAX, True), "no number"),
        (put(TAX, 1.01), "a number beyond the limits"),
        (put(TAX, -0.01), "a number beyond the limits"),
        (put(TAX, 24.3), "a number beyond the limits"),
        (append("CANARY7391"), "a key that the account does not have"),
        (append(TAX), "a key that stands twice"),
        (drop(TAX), "1 keys that are not there"),
        (put(TAX, "=A1", "A"), "1 keys that are not there"),
    ],
)
def test_an_edit_that_is_no_assumption_is_refused(edited, protected, change, found):
    with pytest.raises(InputError) as caught:
        read_assumptions(edited(change), protected.economics)
    assert caught.value.found == found
    assert "CANARY" not in str(caught.value)
    assert "edited.xlsx" in caught.value.where


def test_limits_in_the_file_do_not_count(edited, protected):
    def change(sheet):
        cell_of(sheet, TAX, "F").value = 100
        cell_of(sheet, TAX, "D").value = 0.5
        cell_of(sheet, TAX).value = 7

    with pytest.raises(InputError, match="beyond the limits"):
        read_assumptions(edited(change), protected.economics)


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04"])
def test_a_file_that_is_no_workbook_is_refused(tmp_path, protected, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(InputError, match="something else than a workbook"):
        read_assumptions(tmp_path / "a.xlsx", protected.economics)


def test_another_workbook_is_refused(tmp_path, protected):
    paths = publish(protected, tmp_path, audiences=(Audience.FULL,), formats=(ReportFormat.XLSX,))
    with pytest.raises(InputError, match="no sheet of assumptions"):
        read_assumptions(paths[0], protected.economics)
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as packed:
        packed.writestr("a.txt", "")
    with pytest.raises(InputError, match="something else than a workbook"):
        read_assumptions(tmp_path / "b.xlsx", protected.economics)
