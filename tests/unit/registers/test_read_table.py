import hashlib
import io
import re
import zipfile
from datetime import date

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ctieval.errors import InputError, SchemaError
from ctieval.registers.read_table import read_frame, read_table

CANARY = "Kanariefugl"
TEXT = "id;navn;beløb\r\np1;Søren Ærø;1234,5\r\np2;Åse;NA\r\n"


@pytest.fixture
def write(tmp_path):
    def to_file(content, name="jobs.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return to_file


@pytest.fixture
def write_book(tmp_path):
    def to_file(rows, name="jobs.xlsx", sheets=1):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        for _ in range(sheets - 1):
            book.create_sheet()
        path = tmp_path / name
        book.save(path)
        return path

    return to_file


def broken(path):
    with pytest.raises(InputError) as caught:
        read_table(path)
    error = caught.value
    assert error.exit_code == 10
    assert path.name in error.where
    assert CANARY not in str(error) + repr(error)
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    return error


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 with byte order mark"), ("cp1252", "Windows-1252")],
)
def test_encodings_are_recognised_and_told(write, encoding, told):
    content = TEXT.encode(encoding)
    read = read_table(write(content))
    assert read.frame.columns.tolist() == ["id", "navn", "beløb"]
    assert read.frame["navn"].tolist() == ["Søren Ærø", "Åse"]
    assert read.recognised == f"jobs.csv: CSV, semicolon, decimal comma, {told}, 2 rows"
    assert read.digest == hashlib.sha256(content).hexdigest()
    assert repr(read) == f"TableRead({read.recognised})"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id,x\n1,2.5\n", "CSV, comma, decimal point, UTF-8, 1 row"),
        ('id,x\n1,"2,5"\n', "CSV, comma, decimal comma, UTF-8, 1 row"),
        ("id\tx\n1\t2\n", "CSV, tab, no decimals, UTF-8, 1 row"),
        ("id;x;y\n1;2,5;2.5\n", "CSV, semicolon, decimal comma and point, UTF-8, 1 row"),
        ("id;dag\n1;31.12.2019\n", "CSV, semicolon, no decimals, UTF-8, 1 row"),
        ("id;a, b, c\n1;a, b\n2;x\n", "CSV, semicolon, no decimals, UTF-8, 2 rows"),
        ("id;navn, fornavn\n1;a, b\n", "CSV, semicolon, no decimals, UTF-8, 1 row"),
    ],
)
def test_delimiter_and_decimal_mark_are_recognised_and_told(write, text, told):
    assert read_table(write(text, "a.csv")).recognised == f"a.csv: {told}"


def test_cells_are_text_without_blanks_and_empty_ones_are_missing(write):
    frame = read_table(write("id; x ;y\n007; a b ;.\nNA;NaN;1\n")).frame
    assert frame.columns.tolist() == ["id", "x", "y"]
    assert frame.iloc[0, :2].tolist() == ["007", "a b"]
    assert frame.isna().to_numpy().tolist() == [[False, False, True], [True, True, False]]


def test_quoted_cells_may_hold_delimiters_and_line_breaks(write):
    frame = read_table(write('id;x\n1;"a;b"\n2;"c\nd"\n3;"e ""f"""\n')).frame
    assert frame["x"].tolist() == ["a;b", "c\nd", 'e "f"']


def test_empty_rows_at_the_end_and_empty_columns_are_left_out(write):
    read = read_table(write("id;x;;\n1;2;;\n;;;\n;;;\n\n"))
    assert read.frame.shape == (1, 2)
    assert read.recognised.endswith("1 row")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "the table is empty"),
        (b" \r\n\r\n", "the table is empty"),
        (b"id;x\n", "the table is empty"),
        (b"id;x\n;\n", "the table is empty"),
        (f"id|x\n{CANARY}|2\n".encode(), "the file has one column only"),
        (f"id\n{CANARY}\n".encode(), "the file has one column only"),
        (f"id;x\n1;2\n{CANARY};2;3\n4\n".encode(), "rows have more or fewer cells than the headings"),
        (f"id;x\n1;2\n;\n{CANARY};4\n".encode(), "an empty row stands between others"),
        (f'id;x\n1;2\n"{CANARY};2\n3;4\n'.encode(), "rows have more or fewer cells than the headings"),
        (f"{CANARY};{CANARY};x\n1;2;3\n".encode(), "a heading stands twice, or is missing"),
        (f"id;;x\n1;{CANARY};3\n".encode(), "a heading stands twice, or is missing"),
        ("id;x\n1;æ\n".encode() + b"2;\xe6\n", "the file mixes two encodings"),
        (b"\xef\xbb\xbfid;x\n1;\xe6\n", "the file mixes two encodings"),
        (b"id;x\n1;\x81\n", "the file is neither UTF-8 nor Windows-1252"),
        (f"id;x\n{CANARY};på ø\n".encode("cp850"), "the file is neither UTF-8 nor Windows-1252"),
        ("id;x\n1;2\n".encode("utf-16"), "the encoding is not one that is read here"),
        (b"id;x\n1;\x00\n", "the encoding is not one that is read here"),
    ],
)
def test_a_broken_csv_file_gives_one_clear_error(write, content, what):
    assert broken(write(content)).what == what


def test_broken_rows_are_counted_and_located(write):
    error = broken(write("id;x\n1;2\n1;2;3\n4\n"))
    assert "first in row 3" in error.where
    assert error.found == "2 such rows; row 3 has 3 cells"
    assert "row 3" in broken(write("id;x\n1;2\n;\n3;4\n")).where
    assert "column 2" in broken(write("id;id\n1;2\n")).where
    assert "line 3" in broken(write("id;x\nø;2\n".encode() + b"\xf8;4\n")).found


@pytest.mark.parametrize("n_rows", [10, 40_000, 4_000_000])
def test_a_quotation_mark_that_is_never_closed_is_an_error_in_a_file_of_any_length(write, n_rows):
    error = broken(write('id;x\n1;2\n"3;4\n' + "5;6\n" * n_rows))
    assert error.what in ("rows have more or fewer cells than the headings", "the file cannot be cut into rows")


def test_a_first_row_of_cpr_numbers_is_refused_and_not_shown(write):
    with pytest.raises(SchemaError) as caught:
        read_table(write("010190-1234;5\n020290-1234;6\n"))
    assert caught.value.rule == "not a CPR number"
    assert "1234" not in str(caught.value)


@pytest.mark.parametrize("name", ["jobs.pdf", "jobs", "jobs.xls"])
def test_other_endings_are_refused(write, name):
    assert "ending" in broken(write(b"x", name)).found


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert broken(tmp_path / "none.csv").found == "no file of that name"
    (tmp_path / "folder.csv").mkdir()
    assert broken(tmp_path / "folder.csv").found == "a folder"


@pytest.mark.parametrize("name", ["jobs.xlsx", "jobs.parquet"])
@pytest.mark.parametrize("content", [b"no such thing", b"PK\x03\x04 half"])
def test_damaged_files_are_refused(write, name, content):
    assert "cannot be read as" in broken(write(content, name)).what


def test_a_zip_file_that_is_no_workbook_is_refused(write):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("note.txt", CANARY)
    assert "Excel" in broken(write(content.getvalue(), "jobs.xlsx")).what


def test_a_workbook_keeps_the_types_of_its_cells(write_book):
    rows = [
        ["id", "n", "dag", "x", None],
        ["p1", 1, date(2019, 12, 31), " a ", None],
        ["p2", None, None, 2.5, None],
        [None] * 5,
    ]
    read = read_table(write_book(rows, sheets=3))
    assert read.recognised == "jobs.xlsx: Excel, first of 3 sheets, 2 rows"
    assert read.frame["n"].tolist()[0] == 1
    assert read.frame["dag"].tolist()[0] == pd.Timestamp("2019-12-31")
    assert read.frame["x"].tolist() == ["a", 2.5]
    assert read.frame.shape == (2, 4)


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ([], "the table is empty"),
        ([["id", "x"]], "the table is empty"),
        ([["id", "id"], [1, 2]], "a heading stands twice, or is missing"),
        ([["id", None], [1, CANARY]], "a heading stands twice, or is missing"),
        ([["id", "x"], [1, 2], [None, None], [CANARY, 4]], "an empty row stands between others"),
        ([["id", "x"], [CANARY, "=1+1"]], "the workbook holds formulas without saved values"),
    ],
)
def test_a_broken_workbook_gives_one_clear_error(write_book, rows, what):
    assert broken(write_book(rows)).what == what


def test_formulas_without_values_are_counted_and_located(write_book):
    error = broken(write_book([["id", "x"], [1, 2], [3, "=1+1"], [4, "=B3"]]))
    assert "first in row 3, column 2" in error.where
    assert error.found.startswith("2 such cells")
    assert "values" in error.do


def set_saved_value(path, cell_xml):
    """Write a formula with a saved value into B2, as a spreadsheet program does."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    content[sheet], found = re.subn(rb'<c r="B2"[^>]*><f>1\+1</f><v ?/?>(</v>)?</c>', cell_xml, content[sheet])
    assert found == 1
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("cell", "value"),
    [(b'<c r="B2"><f>1+1</f><v>41</v></c>', 41), (b'<c r="B2" t="str"><f>1+1</f><v>ja</v></c>', "ja")],
)
def test_saved_values_of_formulas_are_read_and_never_calculated(write_book, cell, value):
    read = read_table(set_saved_value(write_book([["id", "x"], ["p1", "=1+1"]]), cell))
    assert read.frame["x"].tolist() == [value]
    assert read.recognised == "jobs.xlsx: Excel, formulas read as their saved values, 1 row"


def test_a_formula_saved_as_empty_text_is_an_empty_cell(write_book):
    cell = b'<c r="B2" t="str"><f>1+1</f><v></v></c>'
    assert read_table(set_saved_value(write_book([["id", "x"], ["p1", "=1+1"]]), cell)).frame["x"].isna().all()


def test_parquet_keeps_types_and_is_told(tmp_path):
    table = pa.table({"id": ["p1", " "], "n": [1, None], "day": [date(2019, 12, 31), None]})
    pq.write_table(table, tmp_path / "jobs.parquet")
    read = read_table(tmp_path / "jobs.parquet")
    assert read.recognised == "jobs.parquet: Parquet, 2 rows"
    assert read.frame["id"].isna().tolist() == [False, True]
    assert read.frame["n"].tolist()[0] == 1


def test_an_index_in_parquet_is_a_column(tmp_path):
    pd.DataFrame({"x": [1]}, index=pd.Index(["p1"], name="id")).to_parquet(tmp_path / "jobs.parquet")
    assert read_table(tmp_path / "jobs.parquet").frame.columns.tolist() == ["x", "id"]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (pa.table({"id": pa.array([], pa.string())}), "empty"),
        (pa.table({"id": [[1, 2]]}), "Parquet"),
        (pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["id", "id"]), "heading"),
    ],
)
def test_a_broken_parquet_file_gives_one_clear_error(tmp_path, table, words):
    pq.write_table(table, tmp_path / "jobs.parquet")
    assert words in broken(tmp_path / "jobs.parquet").what


ARROW = pa.table({"id": ["p1", " p2 ", "NA"], "x": [1.5, None, 2.0]})
NATIVE = {
    "pyarrow": lambda: ARROW,
    "pandas": lambda: ARROW.to_pandas().set_index(np.array([5, 6, 7])),
    "polars": lambda: pytest.importorskip("polars").from_arrow(ARROW),
    "polars-lazy": lambda: pytest.importorskip("polars").from_arrow(ARROW).lazy(),
    "duckdb": lambda: pytest.importorskip("duckdb").from_arrow(ARROW),
}


@pytest.mark.parametrize("library", NATIVE)
def test_frames_of_every_library_are_read_and_left_alone(library):
    given = NATIVE[library]()
    frame = read_frame(given)
    assert frame["id"].tolist()[:2] == ["p1", "p2"]
    assert frame["id"].isna().tolist() == [False, False, True]
    assert frame["x"].tolist()[::2] == [1.5, 2.0]
    assert frame.index.tolist() == [0, 1, 2]
    if isinstance(given, pd.DataFrame):
        assert given.index.tolist() == [5, 6, 7]
        assert given["id"].tolist() == ["p1", " p2 ", "NA"]


@pytest.mark.parametrize(
    "given",
    [
        {"id": [CANARY]},
        CANARY,
        pd.DataFrame({"id": []}),
        pd.DataFrame([[CANARY, 2]], columns=["id", "id"]),
        pd.DataFrame([[CANARY, 2]], columns=["id", " id"]),
    ],
)
def test_what_is_no_table_is_refused(given):
    with pytest.raises(InputError) as caught:
        read_frame(given)
    assert caught.value.exit_code == 10
    assert CANARY not in str(caught.value)


def test_a_pandas_frame_with_numbered_columns_is_read():
    assert read_frame(pd.DataFrame([["p1", 1]])).columns.tolist() == ["0", "1"]
