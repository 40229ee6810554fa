import io
import os
import re
import runpy
import subprocess
import sys
import zipfile
from datetime import date
from hashlib import sha256
from itertools import islice
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ctieval.report.build import build_report
from ctieval.report.catalogue import load_catalogue
from ctieval.report.cells import ABSENT, HIDDEN, Col, Interval, Kind, Measured, Row, RowRole
from ctieval.report.fmt import Fmt
from ctieval.report.inline import plain
from ctieval.report.model import Figure, Meta, Report, Section, Table
from ctieval.report.protect import protect
from ctieval.report.resolve import resolve, target, walk
from ctieval.report.workbook.intervals import split_intervals
from ctieval.report.workbook.sheet import FIRST_ROW, HEAD_ROW
from ctieval.report.workbook.values import Value, to_value
from ctieval.report.workbook.xlsx import render_xlsx

SCRIPT = Path(__file__).with_name("sample_report.py")
SAMPLE = runpy.run_path(str(SCRIPT))
RENDER = (
    "import runpy, sys; from ctieval.report.workbook.xlsx import render_xlsx; "
    "sys.stdout.buffer.write(render_xlsx(runpy.run_path(sys.argv[1])['sample'](sys.argv[2])))"
)


class Opened:
    """A workbook as openpyxl opens it, with the figures and tables that it should hold."""

    def __init__(self, report):
        self.report, self.numbered = report, resolve(report)
        self.words = load_catalogue(report.meta.lang)
        self.content = render_xlsx(report)
        self.book = load_workbook(io.BytesIO(self.content))
        found = (b for section in walk(report.sections) for b in section.blocks)
        self.blocks = [block for block in found if isinstance(block, Figure | Table)]

    def sheets(self):
        for block in self.blocks:
            heading = self.numbered.labels[target(block)].heading(self.words)
            yield block, self.book[heading.replace("\u00a0", " ")]


def texts(sheet):
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


@pytest.fixture(scope="module", params=["da", "en"])
def opened(request):
    return Opened(SAMPLE["sample"](request.param))


@pytest.fixture(scope="module", params=[("full", "da"), ("full", "en"), ("bare", "da")])
def built(request, full, bare):
    which, lang = request.param
    return Opened(build_report(protect({"full": full, "bare": bare}[which]), lang))


def test_there_is_a_sheet_for_each_figure_and_table_and_the_first_leads_to_them(built):
    first, *others = built.book.sheetnames
    assert first == built.words.text("label.contents")
    assert len(others) == len(set(others)) == len(built.blocks)
    assert all(len(name) <= 31 for name in others)
    links = [cell.hyperlink.location for row in built.book[first].iter_rows() for cell in row if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in others]
    listed = texts(built.book[first])
    assert all(plain(block.caption) in listed for block in built.blocks)


def test_every_sheet_has_its_caption_source_and_number_of_persons(built):
    words = built.words
    for block, sheet in built.sheets():
        assert sheet["A1"].value == f"{sheet.title}: {plain(block.caption)}"
        told = texts(sheet)
        for name, text in (("persons", block.n_note), ("source", block.source), ("note", block.note)):
            if text:
                (line,) = [each for each in told if each.startswith(f"{words.text(f'label.{name}')}: ")]
                assert "\ufdd2" in text or plain(text) in line
        assert "\ufdd2" not in "".join(told)


def test_headings_stay_in_view_and_name_their_columns(built):
    for block, sheet in built.sheets():
        assert sheet.freeze_panes == f"B{FIRST_ROW + 1}"
        columns, _ = split_intervals(block.columns, block.rows, built.words)
        heads, names = islice(sheet.iter_rows(min_row=HEAD_ROW + 1, max_col=len(columns), values_only=True), 2)
        assert names == tuple(column.key for column in columns)
        assert len(set(names)) == len(names)
        assert heads == tuple(f"{c.head} ({c.unit})" if c.unit else c.head for c in columns)


def test_numbers_are_those_that_the_report_prints_and_no_digit_more(built):
    """Reads every printed number back, decimal mark and all, and looks for it in the sheet."""
    numbers = 0
    for block, sheet in built.sheets():
        columns, rows = split_intervals(block.columns, block.rows, built.words)
        for row, written in zip(rows, sheet.iter_rows(min_row=FIRST_ROW + 1, max_col=len(columns)), strict=False):
            for cell, column, stands in zip(row.cells, columns, written, strict=False):
                printed = built.words.fmt.cell(cell, column)
                if isinstance(stands.value, int | float):
                    numbers += 1
                    assert stands.value == read(printed, built.report.meta.lang)
                    assert stands.data_type == "n"
                else:
                    assert "\ufdd2" in printed or (stands.value or "") == plain(printed)
    assert numbers > 10


def read(printed, lang):
    thousands, mark = (".", ",") if lang == "da" else (",", ".")
    return float(printed.replace(thousands, "").replace(mark, ".").replace("\u2212", "-").replace("+", ""))


def test_the_ends_of_an_interval_stand_in_two_columns(opened):
    (sheet,) = [sheet for block, sheet in opened.sheets() if block.id == "effects" and isinstance(block, Table)]
    rows = list(sheet.iter_rows(min_row=HEAD_ROW + 1, values_only=True))
    assert rows[1][4:6] == ("interval_low", "interval_high")
    assert rows[3][3:7] == (5.7, -0.7, 12.1, 0.079)
    assert rows[4][1:7] == ("\u2022",) * 6
    assert rows[6][2:7] == ("\u2013", -12.0, -22.0, -2.0, opened.words.fmt.p(0.0004))
    assert rows[7][4:6] == ("\u2212∞", 5.0)
    assert sheet.cell(FIRST_ROW + 2, 4).number_format == "+#,##0.0;-#,##0.0;#,##0.0"


@pytest.mark.parametrize(
    ("cell", "column", "value"),
    [
        (918, Col("n", "N", Kind.COUNT), Value(918.0, "#,##0")),
        (2 / 3, Col("s", "S", Kind.SHARE), Value(66.7, "#,##0.0")),
        (1 / 3, Col("s", "S", Kind.SHARE, decimals=0), Value(33.0, "#,##0")),
        (-12345.67, Col("k", "K", Kind.KR, signed=True), Value(-12346.0, "+#,##0;-#,##0;#,##0")),
        (-0.0004, Col("e", "E", Kind.PP), Value(0.0, "#,##0.0")),
        (0.0004, Col("p", "p", Kind.P), Value("<\u00a00,001")),
        (0.9999, Col("p", "p", Kind.P), Value(">\u00a00,999")),
        (0.0375, Col("p", "p", Kind.P), Value(0.038, "#,##0.000")),
        (Measured(2.345, Kind.WEEKS), Col("m", "M", Kind.RATIO), Value(2.3, "#,##0.0")),
        (float("inf"), Col("r", "R", Kind.RATIO), Value("∞")),
        (HIDDEN, Col("n", "N", Kind.COUNT), Value("\u2022")),
        (ABSENT, Col("n", "N", Kind.COUNT), Value("\u2013")),
        (None, Col("n", "N", Kind.COUNT), Value("")),
        ("=1+1", Col("t", "T"), Value("=1+1")),
    ],
)
def test_a_value_stands_as_it_is_printed(cell, column, value):
    found = to_value(cell, column, Fmt("da"))
    assert found == value
    assert str(found.content) != "-0.0"


def test_a_mark_in_place_of_an_interval_stands_in_both_columns():
    columns = (Col("what", "What"), Col("ci", "95% CI", Kind.CI, of=Kind.WEEKS))
    rows = (
        Row(("Group",), RowRole.GROUP),
        Row(("a", Interval(1.0, 2.0))),
        Row(("b", HIDDEN)),
        Row(("c", Measured(Interval(-1.0, 1.0), Kind.PP, 0))),
    )
    heads, split = split_intervals(columns, rows, load_catalogue("en"))
    assert [(each.key, each.head, each.kind) for each in heads[1:]] == [
        ("ci_low", "95% CI, lower", Kind.WEEKS),
        ("ci_high", "95% CI, upper", Kind.WEEKS),
    ]
    assert [row.cells for row in split] == [
        ("Group",),
        ("a", Measured(1.0, Kind.WEEKS), Measured(2.0, Kind.WEEKS)),
        ("b", HIDDEN, HIDDEN),
        ("c", Measured(-1.0, Kind.PP, 0), Measured(1.0, Kind.PP, 0)),
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "+A1", "-2", "@SUM(A1)", "{=1}", "12345", "https://x.dk", "internal:A1", "a\x0bb"]
)
def test_whatever_a_user_wrote_is_text(text):
    table = Table("t", text, (Col("a", text), Col("b", "B", Kind.COUNT)), (Row((text, 9)),), text, text, text)
    report = Report(Meta(text, "da", text, subtitle=text, author=text, warning=text), (Section("s", text, (table,)),))
    content = render_xlsx(report)
    shown = text.replace("\x0b", "\ufffd")
    book = load_workbook(io.BytesIO(content))
    assert book["Tabel 1"].cell(FIRST_ROW + 1, 1).value == shown
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    sheets = zipfile.ZipFile(io.BytesIO(content))
    assert all(b"<f>" not in sheets.read(name) for name in sheets.namelist())


def test_properties_name_the_report_and_its_day_alone(opened):
    properties, meta = opened.book.properties, opened.report.meta
    assert (properties.title, properties.creator, properties.subject) == (meta.title, meta.author, meta.subtitle)
    assert properties.created.date() == properties.modified.date() == meta.date == date(2026, 11, 21)


def test_the_language_is_that_of_the_report(opened):
    told = " ".join(text for sheet in opened.book for text in texts(sheet))
    assert ("Kilde:" in told, "Source:" in told) == (
        (True, False) if opened.report.meta.lang == "da" else (False, True)
    )
    assert bool(re.search("nedre", told)) == (opened.report.meta.lang == "da")


def test_the_same_report_gives_the_same_bytes_in_every_process():
    settings = (
        {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"},
    )
    digests = {sha256(render_xlsx(SAMPLE["sample"]("da"))).hexdigest()}
    for setting in settings:
        command = [sys.executable, "-c", RENDER, str(SCRIPT), "da"]
        run = subprocess.run(command, env={**os.environ, **setting}, capture_output=True, check=True)
        digests.add(sha256(run.stdout).hexdigest())
    assert len(digests) == 1
