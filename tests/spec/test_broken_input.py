"""Twelve kinds of broken input: each gives one clear error, or a safe result, and nothing half-written."""

import json

import openpyxl
import pytest

from ctieval.cli.main import run

PLAN = """
[trial]
title = {title}
arms = {{ intervention = "Indsats", control = "Kontrol" }}

[data]
table = "{table}"
id = "id"
arm = "arm"
intervention = "T"
control = "C"
block = "block"
source = "Kommunens register"

[assignment]
imported = true
design = "blocked"

[[baseline]]
name = "age"
unit = "years"

[[outcome]]
name = "weeks"
column = "weeks"
unit = "weeks"
role = "primary"

[report]
smallest_cell = 3
"""
HEADINGS = ["id", "arm", "block", "age", "weeks", "started"]


def good_rows():
    rows = []
    for number in range(48):
        block = "Nord" if number < 24 else "Syd"
        rows.append([f"K{number:03d}", "TC"[number % 2], block, f"{30 + number % 9},5", str(number % 13), "05-02-2018"])
    return rows


def as_csv(rows, headings=HEADINGS, delimiter=";"):
    return "\r\n".join(delimiter.join(row) for row in [headings, *rows]) + "\r\n"


@pytest.fixture
def walk(tmp_path, capsys):
    """Write a trial, run its report, and give the exit code, standard error and the files written."""

    def run_report(content, *, table="table.csv", title='"Forsøg"'):
        (tmp_path / "trial.toml").write_text(PLAN.format(title=title, table=table), encoding="utf-8")
        if callable(content):
            content(tmp_path / table)
        else:
            (tmp_path / table).write_bytes(content)
        with pytest.raises(SystemExit) as left:
            run(["report", str(tmp_path), "--format", "html"])
        out = tmp_path / "rapport"
        return left.value.code, capsys.readouterr().err, sorted(p.name for p in out.iterdir()) if out.exists() else []

    return run_report


def changed(row, column, value):
    rows = good_rows()
    rows[row][HEADINGS.index(column)] = value
    return as_csv(rows).encode("utf-8")


def assert_one_clear_error(result, code, *words):
    found_code, err, written = result
    assert found_code == code, err
    assert "Traceback" not in err
    assert err.count("Error ") == 1
    for part in ("where:", "found:", "expected:", "do:"):
        assert part in err
    for word in words:
        assert word in err
    assert written == []


def test_the_sound_table_gives_a_report(walk):
    code, err, written = walk(as_csv(good_rows()).encode("utf-8"))
    assert code == 0, err
    assert written == ["manifest.json", "rapport.html", "report.html"]


def test_wrong_delimiter(walk):
    assert_one_clear_error(walk(as_csv(good_rows(), delimiter="|").encode()), 10, "table.csv")


def test_missing_column(walk):
    rows = [[row[0], *row[2:]] for row in good_rows()]
    assert_one_clear_error(walk(as_csv(rows, headings=["id", *HEADINGS[2:]]).encode()), 11, "column arm")


def test_cpr_numbers(walk):
    rows = good_rows()
    for number, row in enumerate(rows):
        row[0] = f"{number % 28 + 1:02d}0670-{1000 + number}"
    result = walk(as_csv(rows).encode())
    assert_one_clear_error(result, 11, "CPR")
    assert "0670-1000" not in result[1]


def test_duplicate_ids(walk):
    result = walk(changed(7, "id", "K003"))
    assert_one_clear_error(result, 11, "column id", "row 9")
    assert "K003" not in result[1]


def test_impossible_date(walk):
    result = walk(changed(4, "started", "31-02-2018"))
    assert_one_clear_error(result, 11, "column started", "row 6")
    assert "31-02-2018" not in result[1]


def test_unknown_arm(walk):
    result = walk(changed(4, "arm", "Hemmelig"))
    assert_one_clear_error(result, 11, "column arm", "row 6")
    assert "Hemmelig" not in result[1]


def test_empty_file(walk):
    assert_one_clear_error(walk(b""), 10, "table.csv")


def test_a_block_with_one_person(walk):
    assert_one_clear_error(walk(changed(4, "block", "Øst")), 30, "Øst")


def test_text_in_a_number_column(walk):
    result = walk(changed(4, "weeks", "mange"))
    assert_one_clear_error(result, 11, "column weeks")
    assert "mange" not in result[1]


def test_mixed_encodings(walk):
    text = as_csv(good_rows()).replace("Nord", "Nørre").replace("Syd", "Søndre")
    head, tail = text[: len(text) // 2], text[len(text) // 2 :]
    assert_one_clear_error(walk(head.encode("utf-8") + tail.encode("cp1252")), 10, "table.csv")


def test_a_spreadsheet_with_formulas(walk):
    def write(path):
        book = openpyxl.Workbook()
        for row in [HEADINGS, *good_rows()]:
            book.active.append(row)
        book.active["E2"] = "=1+1"
        book.save(path)

    assert_one_clear_error(walk(write, table="table.xlsx"), 10, "table.xlsx", "formula")


def test_a_name_with_html_in_it(walk, tmp_path):
    code, err, written = walk(
        as_csv(good_rows()).replace("Nord", "<b>Nord</b>").encode(), title='"<script>alert(1)</script>"'
    )
    assert code == 0, err
    for name in ("rapport.html", "report.html"):
        page = (tmp_path / "rapport" / name).read_text(encoding="utf-8")
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert "<b>Nord</b>" not in page
    assert json.loads((tmp_path / "rapport" / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    assert written == ["manifest.json", "rapport.html", "report.html"]


def test_the_same_bytes_twice(walk, tmp_path):
    walk(as_csv(good_rows()).encode())
    first = {path.name: path.read_bytes() for path in (tmp_path / "rapport").iterdir()}
    walk(as_csv(good_rows()).encode())
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "rapport").iterdir()}
