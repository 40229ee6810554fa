"""A municipality that does not program: from ``ctieval init`` to the report, with the slips such users make."""

import json
import re
from datetime import date, timedelta

import openpyxl
import pytest

AS_OF, DRAWN_ON, LAST = date(2022, 1, 17), date(2022, 1, 24), date(2023, 12, 31)
PLAN = {
    "start = 2026-01-01\nend = 2028-01-01": "start = 2022-01-24\nend = 2023-12-31",
    "start = 2023-01-01, end = 2027-12-31": "start = 2019-01-01, end = 2023-12-31",
    "as_of = 2026-01-05": "as_of = 2022-01-17",
    "randomised_on = 2026-01-12": "randomised_on = 2022-01-24",
    '{ "153" = 0.5 }': '{ "153" = 0.5, "550" = 0.5 }',
    "price_year = 2026": "price_year = 2023",
}
REPORT = ["manifest.json", "rapport.html", "report.html"]


def danish(day):
    return day.strftime("%d-%m-%Y")


def kroner(amount):
    return f"{amount:.2f}".replace(".", ",")


def persons():
    """Eighty invented persons in two municipalities, as a caseworker writes them."""
    return [
        [
            f"B{number:03d}",
            danish(date(1960 + number % 30, 1 + number % 12, 1 + number % 28)),
            ("Kvinde", "mand", "K", "m")[number % 4],
            ("153", "550")[number % 2],
            ("Aktivitetsparat", "aktivitetsparat", "Jobparat", "Ikke visiteret")[number % 8 // 2],
            ("ja", "nej")[number % 3 == 0],
            "",
            "",
        ]
        for number in range(80)
    ]


def left_on(number):
    """The last day on benefit; a few stay on it."""
    return LAST if number % 7 == 0 else date(2022, 3, 31) + timedelta(days=9 * (number * 13 % 60))


def periods():
    return [
        [f"B{number:03d}", danish(start), danish(end), "730", kroner(11282 + number)]
        for number in range(80)
        for start, end in ((date(2020, 3, 1), date(2021, 3, 31)), (date(2021, 4, 1), left_on(number)))
    ]


def employment():
    """Months as Danish Excel shows a month that was typed as 2023-09."""
    months = [("sep", 23), ("okt", 23), ("nov", 23), ("dec", 23)]
    return [
        [f"B{number:03d}", f"{name}-{year}", "160,33" if number % 2 else "82", kroner(24900 - number)]
        for number in range(80)
        if number % 7
        for name, year in months
    ]


TABLES = {"persons": persons, "periods": periods, "employment": employment}


def fill(folder, name, rows):
    path = folder / "data" / f"{name}.csv"
    headings = path.read_text(encoding="utf-8-sig").splitlines()[0]
    blank = headings.count(";") + 1
    text = "\r\n".join([headings, *(";".join([*row, *[""] * (blank - len(row))]) for row in rows)]) + "\r\n"
    path.write_bytes(("\ufeff" + text).encode("utf-8"))


def min_day(one, other):
    """The earlier of two days in Danish writing."""
    return min(one, other, key=lambda day: day.split("-")[::-1])


def mend(folder, changes):
    plan = folder / "trial.toml"
    text = plan.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    plan.write_text(text, encoding="utf-8")


@pytest.fixture
def trial(call, tmp_path):
    """A trial made by init and filled in, ready to be drawn."""
    folder = tmp_path / "forsoeg"
    assert call("init", folder)[0] == 0
    for name, rows in TABLES.items():
        fill(folder, name, rows())
    for unused in ("activity", "survey"):
        (folder / "data" / f"{unused}.csv").unlink()
    mend(folder, PLAN)
    plan = folder / "trial.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(re.sub(r"\[\[outcome\]\]\nname = \"who5.*?\n\n", "", text, flags=re.DOTALL), encoding="utf-8")
    return folder


def assert_one_clear_error(result, code, *words):
    found_code, out, err = result
    assert found_code == code, err
    assert out == ""
    assert err.count("Error ") == 1
    for part in ("where:", "found:", "expected:", "do:", *words):
        assert part in err


def test_from_empty_templates_to_the_report(call, trial):
    code, out, err = call("check", trial)
    assert code == 0, err
    assert "block 153" in out
    assert "ctieval assign" in err
    code, out, err = call("screen", trial)
    assert code == 0, err
    assert "Under 30 år" in out
    assert_one_clear_error(call("report", trial, "--format", "html"), 10, "not been drawn", "ctieval assign")
    assert not (trial / "rapport").exists()
    code, _, err = call("assign", trial)
    assert code == 0, err
    record = (trial / "allocation.json").read_bytes()
    assert_one_clear_error(call("assign", trial), 31, "drawn only once")
    assert (trial / "allocation.json").read_bytes() == record
    code, _, err = call("verify", trial / "allocation.json")
    assert code == 0, err
    assert "proves its draw" in err
    code, _, err = call("report", trial, "--format", "html")
    assert code == 0, err
    assert sorted(path.name for path in (trial / "rapport").iterdir()) == REPORT
    page = (trial / "rapport" / "rapport.html").read_text(encoding="utf-8")
    assert "Brøndby" in page
    assert "Kvinde" in page


def test_excel_files_give_the_same_evaluation(call, trial):
    call("assign", trial)
    _, expected, _ = call("evaluate", trial, "--table", "all", "--format", "json")
    for name in TABLES:
        path = trial / "data" / f"{name}.csv"
        book = openpyxl.Workbook()
        for line in path.read_text(encoding="utf-8-sig").splitlines():
            book.active.append([cell or None for cell in line.split(";")])
        book.active.append([None] * 5)
        book.save(path.with_suffix(".xlsx"))
        path.unlink()
        (trial / "data" / f"~${name}.xlsx").write_bytes(b"open in Excel")
    code, found, err = call("evaluate", trial, "--table", "all", "--format", "json")
    assert code == 0, err
    assert json.loads(found) == json.loads(expected)


ELSEWHERE = {
    "[assignment]\nblock": "[drawn_before]\nblock",
    **{f"# {line}": line for line in ("[assignment]", "imported = ", 'file = "', "id = ", "arm = ", "intervention = ")},
    '# control = "': 'control = "',
    "# design = ": "design = ",
    '# block = "': 'block = "',
    "# randomised_on = 2018-02-05": "randomised_on = 2022-01-24",
}


def import_arms(trial, *, others=(), arm=("Kontrol", "Indsats")):
    """Put the arms of the record into a file of the municipality's own, and the plan accordingly."""
    record = json.loads((trial / "allocation.json").read_text(encoding="utf-8"))["record"]
    rows = [[each["id"], arm[each["arm"]], each["block"]] for each in record["persons"]]
    rows += [[other, arm[number % 2], "153"] for number, other in enumerate(others)]
    text = "\r\n".join(";".join(row) for row in [["Borger-id", "Gruppe", "Kommune"], *rows])
    (trial / "data" / "lodtraekning.csv").write_text(text, encoding="utf-8-sig")
    (trial / "allocation.json").unlink()
    mend(trial, ELSEWHERE)
    plan = trial / "trial.toml"
    text = plan.read_text(encoding="utf-8")
    planned = re.search(r"\[drawn_before\].*?\n\n", text, flags=re.DOTALL)
    plan.write_text(text.replace(planned[0], ""), encoding="utf-8")


def of_the_arms(tables):
    """What follows from the arms alone; the permutations of the balance follow from the record, or its absence."""
    kept = {"balance": ("name", "level", "arm", "difference", "std_difference"), "draw": ("law", "statistic", "df")}
    return {
        name: [{key: row[key] for key in kept.get(name, row) if key in row} for row in rows]
        for name, rows in tables.items()
    }


def test_arms_that_were_drawn_before_are_evaluated_alike_and_marked_as_declared(call, trial):
    call("assign", trial)
    _, expected, _ = call("evaluate", trial, "--table", "all", "--format", "json")
    import_arms(trial)
    code, found, err = call("evaluate", trial, "--table", "all", "--format", "json")
    assert code == 0, err
    assert of_the_arms(json.loads(found)) == of_the_arms(json.loads(expected))
    code, out, err = call("check", trial)
    assert code == 0, err
    assert "lodtraekning.csv" in out
    assert "can be evaluated" in err
    code, _, err = call("report", trial, "--format", "html")
    assert code == 0, err
    page = (trial / "rapport" / "rapport.html").read_text(encoding="utf-8")
    assert "ikke bevist" in page
    assert "Brøndby" in page
    inputs = json.loads((trial / "rapport" / "manifest.json").read_text(encoding="utf-8"))["provenance"]["inputs"]
    assert "lodtraekning.csv" in [name for name, _ in inputs]


def test_arms_that_were_drawn_before_are_not_drawn_again(call, trial):
    call("assign", trial)
    import_arms(trial)
    assert_one_clear_error(call("assign", trial), 13, "no draw to make")
    assert not (trial / "allocation.json").exists()


def test_drawn_persons_who_are_not_in_the_registers_are_counted(call, trial):
    call("assign", trial)
    import_arms(trial, others=["Kanariefugl1", "Kanariefugl2"])
    result = call("report", trial, "--format", "html")
    assert_one_clear_error(result, 10, "2 of ", "died or moved")
    assert "Kanariefugl" not in result[2]
    assert not (trial / "rapport").exists()


def test_drawn_persons_who_were_taken_out_of_the_registers_are_counted(call, trial):
    call("assign", trial)
    drawn = json.loads((trial / "allocation.json").read_text(encoding="utf-8"))["record"]["persons"][0]["id"]
    for name, rows in TABLES.items():
        fill(trial, name, [row for row in rows() if row[0] != drawn])
    result = call("report", trial, "--format", "html")
    assert_one_clear_error(result, 10, "1 of ", "persons drawn")
    assert drawn not in result[2]


def test_arms_under_other_names_than_the_plan_says(call, trial):
    call("assign", trial)
    import_arms(trial, arm=("Kontrol", "Kanariefugl"))
    result = call("report", trial, "--format", "html")
    assert_one_clear_error(result, 11, "lodtraekning.csv", "Gruppe")
    assert "Kanariefugl" not in result[2]


CANNOT_BE_CARRIED_OUT = {
    "a municipality without persons": ('"550" = 0.5', '"101" = 0.5', 30, "block 101"),
    "a municipality without a quota": (', "550" = 0.5', "", 30, "block 550"),
    "more drawn than there are": ('"153" = 0.5', '"153" = 500', 30, "block 153"),
    "an unknown characteristic": ('"sex"', '"koen"', 13, "baseline[2].column"),
    "an unknown discount": ('"fm_2021"', '"fm_2012"', 13, "nearest: fm_2021"),
    "a look-up outside the extract": ("as_of = 2022-01-17", "as_of = 2018-01-15", 13, "eligibility.as_of"),
    "nobody eligible": ("min_age_years = 30", "min_age_years = 99", 30, "no eligible person"),
}


@pytest.mark.parametrize("name", CANNOT_BE_CARRIED_OUT)
@pytest.mark.parametrize("command", ["check", "assign"])
def test_a_plan_that_cannot_be_carried_out_is_refused_before_anybody_is_drawn(call, trial, command, name):
    old, new, code, word = CANNOT_BE_CARRIED_OUT[name]
    mend(trial, {old: new})
    assert_one_clear_error(call(command, trial), code, word)
    assert not (trial / "allocation.json").exists()


@pytest.mark.parametrize("command", ["evaluate", "report", "check"])
def test_paid_work_without_the_table_employment_is_an_error_and_never_zero(call, trial, command):
    (trial / "data" / "employment.csv").unlink()
    code, out, _ = call("check", trial)
    assert code == 0
    assert "missing" in out
    assert call("assign", trial)[0] == 0
    assert_one_clear_error(call(command, trial), 10, "ordinary_job_12m", "employment")
    assert not (trial / "rapport").exists()


def test_employment_that_ends_before_the_weekly_codes_leaves_nobody_measured_and_no_selection(call, trial):
    """The last month of the window is not whole: those on benefit have no value, as little as those in a job."""
    call("assign", trial)
    rows = [row for row in periods() if not row[1].endswith("2023")]
    fill(trial, "periods", [[*row[:2], min_day(row[2], "29-01-2023"), *row[3:]] for row in rows])
    fill(trial, "employment", [["B001", "2022-09", "120", "18000"]])
    mend(trial, {"start = 2019-01-01, end = 2023-12-31": "start = 2019-01-01, end = 2023-01-29"})
    code, out, err = call("evaluate", trial, "--table", "follow_up", "--format", "json")
    assert code == 0, err
    job = [row for row in json.loads(out) if row["outcome"] == "ordinary_job_12m" and row["status"] == "observed"]
    assert [row["n"] for row in job] == [0, 0]
    assert "W-EMPLOYMENT-SHORT: ordinary_job_12m" in err
    mend(trial, {"end = 2023-01-29": "end = 2023-01-31"})
    code, _, err = call("evaluate", trial)
    assert code == 0, err
    assert "W-EMPLOYMENT-SHORT" not in err


def test_register_codes_of_the_trial_itself(call, trial):
    fill(
        trial, "periods", [[*row[:3], "870" if number == 5 else row[3], row[4]] for number, row in enumerate(periods())]
    )
    assert_one_clear_error(call("check", trial), 12, "870", "codes in [data]")
    (trial / "koder-eksempel.txt").rename(trial / "koder.toml")
    mend(trial, {'rates = "rates"': 'rates = "rates"\ncodes = "koder.toml"'})
    code, _, err = call("check", trial)
    assert code == 0, err


def test_a_report_that_may_not_be_written_is_no_fault_of_the_program(call, trial):
    call("assign", trial)
    (trial / "rapport").write_text("a file where the folder should be", encoding="utf-8")
    assert_one_clear_error(call("report", trial, "--format", "html"), 10, "where:    rapport")


WHO5 = """[[outcome]]
name = "who5_12m"
instrument = "who5"
wave = "12m"
baseline_wave = "start"
measured_in = "intervention"

[economics]"""


def test_answers_are_counted_by_wave_so_that_a_misspelt_name_is_seen(call, trial):
    answers = [[f"B{number:03d}", wave, "who5", "1", "3"] for number in range(9) for wave in ("start", "12 mdr")]
    text = "\n".join(";".join(row) for row in [["Borger-id", "Måling", "Instrument", "Spørgsmål", "Svar"], *answers])
    (trial / "data" / "survey.csv").write_text(text, encoding="cp1252")
    mend(trial, {"[economics]": WHO5})
    code, out, err = call("check", trial, "--format", "json")
    assert code == 0, err
    found = [row["found"] for row in json.loads(out) if row["what"] in {"outcome who5_12m", "survey"}]
    assert found == [
        "9 persons have answered in the wave start",
        "0 persons have answered in the wave 12m",
        "9 answers are of an instrument or a wave that no outcome names",
    ]


def test_before_anything_can_be_followed_up_the_check_says_so(call, trial):
    call("assign", trial)
    early = [row for row in periods() if row[1] == "01-03-2020"]
    fill(trial, "periods", [*early, *([*row[:2], "06-02-2022", *row[3:]] for row in periods() if row not in early)])
    fill(trial, "employment", [["B001", "2021-09", "5", "800"]])
    mend(trial, {"start = 2019-01-01, end = 2023-12-31": "start = 2019-01-01, end = 2022-02-06"})
    code, out, err = call("check", trial)
    assert code == 0, err
    assert "drawn into the intervention" in out
    assert "W-NOT-ESTIMABLE: ordinary_job_12m" in out
    assert "no effect can be estimated yet" in err
