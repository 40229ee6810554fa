"""Wide files of every kind give the same store as the panel that they were made of."""

import numpy as np
import pandas as pd
import pytest

from ctieval.errors import InputError, SchemaError
from ctieval.registers.store import wide
from ctieval.registers.store.wide import Employment, WideColumns, write_wide
from ctieval.registers.weeks import to_iso_weeks, to_week_number

KNOWN = {651, 730, 731}
FIRST = to_week_number(2020, 50)
COLUMNS = WideColumns("lobenr", birth_date="foedt", entered_on="fra", left_on="til")


def headings(first, weeks):
    years, numbers = to_iso_weeks(np.arange(first, first + weeks))
    return [f"y_{year % 100:02d}{week:02d}" for year, week in zip(years.tolist(), numbers.tolist(), strict=True)]


@pytest.fixture
def frame():
    """Five persons in eight weeks over the turn of a year with a week 53."""
    rng = np.random.default_rng(1)
    code = rng.choice([0, 0, 730, 731, 651], (5, 8))
    wide = pd.DataFrame(code, columns=headings(FIRST, 8)).astype("Int16").replace(0, pd.NA)
    dates = ["1980-02-29", None, "1970-12-31", "1990-01-01", "2000-06-06"]
    people = {"lobenr": list("baced"), "foedt": dates, "fra": [None, "2020-12-16", None, None, None]}
    return pd.concat([pd.DataFrame({**people, "til": [None, None, "2021-01-13", None, None]}), wide], axis=1)


@pytest.fixture
def employment():
    """Two jobs in one month, one row about somebody else, one beyond the months, one of which nothing is known."""
    return pd.DataFrame(
        {
            "person_id": ["c", "b", "x", "b", "e", "b"],
            "month": ["2020-12", "2020-12", "2020-12", "2020-12", "2021-01", "2022-01"],
            "hours": [160.33, 20.0, 1.0, 15.5, None, 3.0],
            "earnings": [30000.0, 4000.0, 1.0, 3000.4, 10.0, 3.0],
        }
    )


def as_parquet(frame, path):
    frame.to_parquet(path.with_suffix(".parquet"))
    return path.with_suffix(".parquet")


def as_text_parquet(frame, path):
    text = frame.copy()
    weeks = [name for name in frame if name.startswith("y_")]
    text[weeks] = frame[weeks].astype("string").fillna("")
    return as_parquet(text, path)


def as_floats(frame, path):
    weeks = [name for name in frame if name.startswith("y_")]
    return as_parquet(frame.astype(dict.fromkeys(weeks, "float64")), path)


def as_csv(frame, path):
    frame.to_csv(path.with_suffix(".csv"), index=False)
    return path.with_suffix(".csv")


def as_danish_csv(frame, path):
    frame.to_csv(path.with_suffix(".csv"), index=False, sep=";", encoding="utf-8-sig")
    return path.with_suffix(".csv")


FORMS = [as_parquet, as_text_parquet, as_floats, as_csv, as_danish_csv]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("block_size", [2, 5, 100])
def test_every_form_gives_every_week_of_the_file(tmp_path, frame, form, block_size):
    store = write_wide(
        form(frame, tmp_path / "wide"), tmp_path / "s", columns=COLUMNS, known=KNOWN, block_size=block_size
    )
    assert len(store) == -(-5 // block_size)
    expected = frame.filter(regex="^y_").fillna(0).to_numpy(dtype=np.int64)
    expected[1, :1] = -1
    expected[2, 5:] = -1
    found = np.full((5, 8), -1)
    for number in range(len(store)):
        block = store.load(number)
        for pidx, entry, leave in zip(block.pidx, block.entry - FIRST, block.exit - FIRST, strict=True):
            found[pidx, entry:leave] = 0
        codes = block.codes
        rows = zip(block.pidx[codes.row], codes.start - FIRST, codes.end - FIRST, codes.code, strict=True)
        for pidx, start, end, code in rows:
            found[pidx, start:end] = code
    np.testing.assert_array_equal(found, expected)
    assert np.concatenate([store.load_identifiers(number) for number in range(len(store))]).tolist() == list("baced")
    births = np.concatenate([store.load(number).birth for number in range(len(store))])
    assert births[0] == np.datetime64("1980-02-29").astype(int)


def everything_in(store):
    blocks = [store.load(number) for number in range(len(store))]
    cells = [(block.pidx, block.entry, block.exit, block.birth) for block in blocks]
    runs = [(block.pidx[block.codes.row], block.codes.start, block.codes.end, block.codes.code) for block in blocks]
    return [column.tolist() for part in (cells, runs) for column in map(np.concatenate, zip(*part, strict=True))]


@pytest.mark.parametrize("block_size", [2, 3, 5])
@pytest.mark.parametrize("rows", [1, 2, 4])
def test_stretches_that_end_anywhere_give_the_same_blocks(tmp_path, frame, monkeypatch, rows, block_size):
    path = as_parquet(frame, tmp_path / "wide")
    whole = write_wide(path, tmp_path / "whole", columns=COLUMNS, known=KNOWN)
    monkeypatch.setattr(wide, "_CELLS_AT_A_TIME", 8 * rows)
    cut = write_wide(path, tmp_path / "cut", columns=COLUMNS, known=KNOWN, block_size=block_size)
    assert [len(cut.load(number)) for number in range(len(cut))] == [
        min(block_size, 5 - first) for first in range(0, 5, block_size)
    ]
    assert everything_in(cut) == everything_in(whole)


@pytest.mark.parametrize(("form", "month"), [(as_parquet, str), (as_parquet, pd.Timestamp), (as_csv, str)])
def test_jobs_of_a_month_are_added_and_rows_of_others_counted(tmp_path, frame, employment, form, month):
    employment["month"] = employment["month"].map(month)
    paid = Employment(form(employment, tmp_path / "paid"), 611, 613)
    store = write_wide(
        as_parquet(frame, tmp_path / "wide"),
        tmp_path / "s",
        columns=COLUMNS,
        known=KNOWN,
        employment=paid,
        block_size=2,
    )
    assert store.manifest.unused_rows == 2
    rows = []
    for number in range(len(store)):
        months = store.load(number).months
        columns = (number * 2 + months.row, months.month, months.hours, months.earnings)
        rows += list(zip(*(column.tolist() for column in columns), strict=True))
    assert rows == [(0, 611, 3550, 7000), (2, 611, 16033, 30000), (3, 612, -1, 10)]


def broken(frame, **cells):
    changed = frame.astype(object)
    for name, cell in cells.items():
        changed.loc[3, name] = cell
    return changed.astype("string")


@pytest.mark.parametrize("form", [as_text_parquet, as_csv])
@pytest.mark.parametrize("cell", ["73x", "-1", "99999999", "7.5"])
def test_a_cell_that_is_no_code_stops_and_is_not_shown(tmp_path, frame, form, cell):
    name = headings(FIRST, 8)[4]
    path = form(broken(frame, **{name: cell}), tmp_path / "wide")
    with pytest.raises(SchemaError) as caught:
        write_wide(path, tmp_path / "s", columns=COLUMNS, known=KNOWN)
    assert cell == "-1" or cell not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_day_that_is_none_stops_and_is_not_shown(tmp_path, frame):
    path = as_csv(broken(frame, foedt="31-02-1970"), tmp_path / "wide")
    with pytest.raises(SchemaError) as caught:
        write_wide(path, tmp_path / "s", columns=COLUMNS, known=KNOWN)
    assert caught.value.column == "foedt"
    assert "31-02" not in str(caught.value)


@pytest.mark.parametrize("month", ["2020-13", "", "soon"])
def test_a_month_that_is_none_stops(tmp_path, frame, employment, month):
    employment.loc[0, "month"] = month or None
    paid = Employment(as_parquet(employment, tmp_path / "paid"), 611, 613)
    with pytest.raises(SchemaError) as caught:
        write_wide(as_parquet(frame, tmp_path / "w"), tmp_path / "s", columns=COLUMNS, known=KNOWN, employment=paid)
    assert caught.value.column == "month"


def test_a_column_that_is_not_there_is_named(tmp_path, frame):
    with pytest.raises(SchemaError) as caught:
        write_wide(as_parquet(frame, tmp_path / "w"), tmp_path / "s", columns=WideColumns("id"), known=KNOWN)
    assert caught.value.column == "id"


def test_a_column_of_employment_that_is_not_there_is_named_with_its_file(tmp_path, frame, employment):
    paid = Employment(as_csv(employment.drop(columns="hours"), tmp_path / "paid"), 611, 613)
    with pytest.raises(SchemaError) as caught:
        write_wide(as_parquet(frame, tmp_path / "w"), tmp_path / "s", columns=COLUMNS, known=KNOWN, employment=paid)
    assert (caught.value.table, caught.value.column) == ("paid.csv", "hours")


def test_a_week_without_a_column_is_named(tmp_path, frame):
    path = as_parquet(frame.drop(columns="y_2053"), tmp_path / "w")
    with pytest.raises(SchemaError) as caught:
        write_wide(path, tmp_path / "s", columns=COLUMNS, known=KNOWN)
    assert caught.value.column == "y_2053"


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(InputError) as caught:
        write_wide(tmp_path / "none.parquet", tmp_path / "s", columns=COLUMNS, known=KNOWN)
    assert caught.value.where == "none.parquet"
