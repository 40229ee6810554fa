import contextlib
import csv
import io
import re
from datetime import date, timedelta

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ctieval.domain.registers import BLANK, NOT_OBSERVED, week_of
from ctieval.errors import InputError
from ctieval.registers.codes import load_code_list
from ctieval.registers.employment import build_employment
from ctieval.registers.lifetimes import read_lifetimes
from ctieval.registers.pull import read_participants
from ctieval.registers.read import read_registers
from ctieval.registers.read_table import read_table
from ctieval.registers.typed_columns import typed_columns

DIALECTS = [(";", ","), (";", "."), ("\t", ","), ("\t", "."), (",", "."), (",", ",")]
ENCODINGS = ["utf-8", "utf-8-sig", "cp1252"]
DAY_FORMATS = ["{:%d-%m-%Y}", "{:%d.%m.%Y}", "{:%d/%m/%Y}", "{:%Y-%m-%d}"]
EMPTY = ["", "NA", "NaN", "."]

UTF8_BY_ACCIDENT = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
"""Two letters of Windows-1252, such as a capital A-ring and an apostrophe, that are one letter in UTF-8."""
LETTERS = st.text(st.sampled_from('abcæøåÆØÅé ;,."\t-7\u2019'), max_size=12)
TEXTS = LETTERS.map(lambda text: f"k{text}".strip())
COLUMNS = {
    "text": TEXTS,
    "whole": st.integers(-(10**12), 10**12),
    "number": st.floats(-1e12, 1e12, allow_nan=False).map(lambda number: round(number, 2)),
    "day": st.dates(date(1900, 1, 1), date(2099, 12, 31)),
}


@st.composite
def frames(draw):
    """Columns of each type, of which some cells are missing."""
    n_rows = draw(st.integers(1, 8))
    kinds = draw(st.lists(st.sampled_from(list(COLUMNS)), min_size=1, max_size=4))
    cells = {"id": [f"p{row}" for row in range(n_rows)]}
    for position, kind in enumerate(kinds):
        entries = draw(st.lists(st.one_of(st.none(), COLUMNS[kind]), min_size=n_rows, max_size=n_rows))
        cells[f"{kind}_{position}"] = entries
    return cells


def written(cell, mark, day_format, empty):
    if cell is None:
        return empty
    if isinstance(cell, float):
        return f"{cell:.2f}".replace(".", mark)
    return day_format.format(cell) if isinstance(cell, date) else str(cell)


def same(cell, found):
    if cell is None:
        return pd.isna(found)
    return found == (pd.Timestamp(cell) if isinstance(cell, date) else cell)


@given(
    frames(),
    st.sampled_from(DIALECTS),
    st.sampled_from(ENCODINGS),
    st.sampled_from(DAY_FORMATS),
    st.sampled_from(EMPTY),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_frame_written_in_any_dialect_is_read_back_the_same(tmp_path, cells, dialect, encoding, day_format, empty):
    delimiter, mark = dialect
    path = tmp_path / "table.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(cells)
        for row in zip(*cells.values(), strict=True):
            writer.writerow([written(cell, mark, day_format, empty) for cell in row])
    assume(encoding != "cp1252" or not UTF8_BY_ACCIDENT.search(path.read_bytes()))
    read = typed_columns(read_table(path).frame, identifiers=["id"])
    assert read.columns.tolist() == list(cells)
    for heading, column in cells.items():
        assert all(map(same, column, read[heading].tolist())), heading


def workbook():
    """A small sound workbook."""
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in (["id", "x"], ["a", 1], ["b", 2.5]):
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def parquet():
    """A small sound Parquet file."""
    content = io.BytesIO()
    pd.DataFrame({"id": ["a", "b"], "x": [1, 2.5]}).to_parquet(content)
    return content.getvalue()


SOUND = {"a.csv": "id;navn\na;Sø\nb;1,5\n".encode(), "a.xlsx": workbook(), "a.parquet": parquet()}


@pytest.mark.parametrize("name", SOUND)
@given(data=st.data())
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_gives_a_table_or_an_input_error(tmp_path, name, data):
    content = bytearray(SOUND[name])
    for position in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
        content[position] = data.draw(st.integers(0, 255))
    (tmp_path / name).write_bytes(
        content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content
    )
    with contextlib.suppress(InputError):
        assert len(typed_columns(read_table(tmp_path / name).frame)) > 0


CODES = [730, 651, 111, 140]
PEOPLE = ["a", "b", "c"]
START = date(2019, 12, 1)
COVERS = (START, START + timedelta(days=130))


@st.composite
def histories(draw):
    """Periods of each person that do not overlap, in any order."""
    rows = []
    for who in PEOPLE:
        day = 0
        for gap, length, code in draw(
            st.lists(st.tuples(st.integers(0, 20), st.integers(1, 30), st.sampled_from(CODES)), max_size=6)
        ):
            first, last = day + gap, day + gap + length - 1
            if last <= 130:
                rows.append((who, START + timedelta(days=first), START + timedelta(days=last), code))
                day = last + 1
    return draw(st.permutations(rows))


def by_plain_loop(rows, first_week, n_weeks):
    """The code of each week: of the latest-starting period that covers one of its days."""
    panel = np.zeros((len(PEOPLE), n_weeks), dtype=np.int16)
    for person, who in enumerate(PEOPLE):
        for week in range(n_weeks):
            monday = date(1970, 1, 1) + timedelta(days=7 * (first_week + week) - 3)
            sunday = monday + timedelta(days=6)
            touching = [row for row in rows if row[0] == who and row[1] <= sunday and row[2] >= monday]
            if touching:
                panel[person, week] = max(touching, key=lambda row: row[1])[3]
    return panel


@given(histories(), st.sampled_from(PEOPLE), st.integers(0, 130), st.sampled_from([None, "died_on", "moved_on"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much])
def test_periods_on_the_calendar_agree_with_a_plain_loop(tmp_path, rows, leaver, day, leaving):
    left_on = START + timedelta(days=day)
    if leaving == "died_on":
        rows = [row for row in rows if row[0] != leaver or row[2] <= left_on]
    if not rows:
        return
    persons = pd.DataFrame({"person_id": PEOPLE, "birth_date": "1970-01-01", "sex": "male", "municipality": "153"})
    if leaving is not None:
        persons[leaving] = [f"{left_on}" if who == leaver else "" for who in PEOPLE]
    persons.to_csv(tmp_path / "persons.csv", index=False)
    pd.DataFrame(rows, columns=["person_id", "start", "end", "benefit"]).to_csv(tmp_path / "periods.csv", index=False)
    panel = read_registers(tmp_path, load_code_list(), covers=COVERS).weeks
    expected = by_plain_loop(rows, panel.first_week, panel.code.shape[1])
    gone = panel.first_week + np.arange(panel.code.shape[1]) > week_of(np.datetime64(left_on))
    if leaving is not None:
        expected[PEOPLE.index(leaver), gone] = {"died_on": 999, "moved_on": NOT_OBSERVED}[leaving]
    assert (panel.code == expected).all()


@st.composite
def jobs(draw):
    """Employment of some persons in some months of 2018, in any order."""
    keys = draw(st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(1, 12)), min_size=1, max_size=20, unique=True))
    return [(who, date(2018, number, 1), draw(st.floats(0, 200)), draw(st.floats(0, 1e5))) for who, number in keys]


@given(jobs())
def test_every_hour_and_krone_lands_in_its_month(rows):
    persons = pd.DataFrame({"person_id": PEOPLE, "birth_date": np.datetime64("1970-01-01", "s")})
    frame = pd.DataFrame(rows, columns=["person_id", "month", "hours", "earnings"])
    frame["month"] = pd.to_datetime(frame["month"]).astype("datetime64[s]")
    panel, _ = build_employment(frame, read_lifetimes(persons), (date(2018, 1, 1), date(2018, 12, 31)))
    for values, position in ((panel.hours, 2), (panel.earnings, 3)):
        assert np.count_nonzero(values) == sum(row[position] > 0 for row in rows)
        for row in rows:
            assert values[PEOPLE.index(row[0]), row[1].month - 1] == row[position]


@pytest.mark.parametrize("form", ["weeks", "dream"])
@given(seed=st.integers(0, 10**6))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_weeks_are_read_from_rows_and_from_columns(tmp_path, form, seed):
    rng = np.random.default_rng(seed)
    code = rng.choice([BLANK, *CODES], size=(len(PEOPLE), 60))
    first = week_of(np.datetime64("2019-12-30"))
    iso = [(date(2019, 12, 30) + timedelta(days=7 * week)).isocalendar() for week in range(60)]
    covers = (date(2019, 12, 30), date(2019, 12, 30) + timedelta(days=7 * 60 - 1))
    folder = tmp_path / f"{form}{seed}"
    folder.mkdir(exist_ok=True)
    persons = pd.DataFrame({"person_id": PEOPLE, "birth_date": "1970-01-01", "sex": "male", "municipality": "153"})
    persons.to_csv(folder / "persons.csv", index=False)
    if form == "weeks":
        person, week = np.nonzero(code)
        texts = np.array([f"{day.year}-W{day.week:02d}" for day in iso])
        frame = pd.DataFrame({"person_id": np.array(PEOPLE)[person], "week": texts[week], "code": code[person, week]})
    else:
        frame = pd.DataFrame(code, columns=[f"y_{day.year % 100:02d}{day.week:02d}" for day in iso])
        frame.insert(0, "lobenr", PEOPLE)
    frame.sample(frac=1, random_state=seed).to_csv(folder / f"{form}.csv", index=False)
    panel = read_registers(folder, load_code_list(), covers=covers).weeks
    assert panel.first_week == first
    assert (panel.code == code).all()


WRITERS = {
    ".sav": pyreadstat.write_sav,
    ".zsav": lambda frame, path: pyreadstat.write_sav(frame, path, compress=True),
    ".dta": pyreadstat.write_dta,
    ".xpt": lambda frame, path: pyreadstat.write_xport(frame, path, file_format_version=8),
    ".parquet": lambda frame, path: frame.to_parquet(path),
    ".xlsx": lambda frame, path: frame.to_excel(path, index=False),
}
"""How each kind of file is made; nobody but SAS makes a sas7bdat."""


@st.composite
def dream_files(draw):
    """A wide file of some weeks and months around the turn of a long year, columns in any order and case."""
    weeks = sorted(draw(st.sets(st.integers(0, 12), min_size=1)))
    months = {kind: sorted(draw(st.sets(st.integers(0, 4)))) for kind in ("branche", "grad")}
    cells = {}
    for week in weeks:
        iso = (date(2020, 11, 30) + timedelta(days=7 * week)).isocalendar()
        codes = draw(st.lists(st.sampled_from([None, 730, 651, 111]), min_size=3, max_size=3))
        cells["week", week, f"y_{iso.year % 100:02d}{iso.week:02d}"] = codes
    for kind, found in months.items():
        for month in found:
            year, number = divmod(2020 * 12 + 10 + month, 12)
            pool = [None, "4711"] if kind == "branche" else [None, 0.0, 0.5]
            column = draw(st.lists(st.sampled_from(pool), min_size=3, max_size=3))
            cells[kind, month, f"{kind}_{year}_{number + 1:02d}"] = column
    return draw(st.permutations(list(cells.items()))), draw(st.booleans())


def months_by_plain_loop(cells, first, end):
    """Employed (1), not (0) or not known (None) of each person and month."""
    panel = []
    for person in range(len(PEOPLE)):
        row = []
        for month in range(first, end):
            found = [column[person] for (kind, at, _), column in cells if kind != "week" and at == month]
            row.append(int(any(cell not in (None, 0.0) for cell in found)) if found else None)
        panel.append(row)
    return panel


@given(dream_files())
@settings(max_examples=60, deadline=None)
def test_a_dream_file_in_any_order_agrees_with_a_plain_loop(file):
    cells, upper = file
    frame = pd.DataFrame({name.upper() if upper else name: column for (_, _, name), column in cells}, dtype=object)
    frame.insert(0, "LOBENR" if upper else "lobenr", PEOPLE)
    persons = pd.DataFrame({"person_id": PEOPLE, "birth_date": "1970-01-01", "sex": "male", "municipality": "153"})
    registers = read_registers({"dream": frame, "persons": persons}, load_code_list())
    weeks = {at: column for (kind, at, _), column in cells if kind == "week"}
    assert registers.weeks.first_week == week_of(np.datetime64("2020-11-30")) + min(weeks)
    for week in range(min(weeks), max(weeks) + 1):
        expected = [cell or BLANK for cell in weeks[week]] if week in weeks else [NOT_OBSERVED] * 3
        assert registers.weeks.code[:, week - min(weeks)].tolist() == expected
    months = sorted(at for (kind, at, _), _ in cells if kind != "week")
    if not months:
        assert registers.employment is None
        return
    panel = registers.employment
    assert panel.first_month == (2020 - 1970) * 12 + 10 + months[0]
    found = [[None if np.isnan(cell) else int(cell) for cell in row] for row in panel.employed]
    assert found == months_by_plain_loop(cells, months[0], months[-1] + 1)


@pytest.mark.parametrize("suffix", [".sav", ".zsav", ".dta", ".xpt", ".parquet", ".xlsx"])
@given(seed=st.integers(0, 10**6))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_kind_of_file_holds_the_same_registers(tmp_path, suffix, seed):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"lobenr": [1.0, 2.0, 3.0]})
    for week in range(1, 9):
        frame[f"y_20{week:02d}"] = rng.choice([np.nan, *CODES], 3)
    frame["grad_2020_01"] = rng.choice([np.nan, 0.0, 0.5, 1.25], 3)
    path = tmp_path / f"dream{suffix}"
    WRITERS[suffix](frame, path)
    persons = pd.DataFrame({"person_id": ["1", "2", "3"], "birth_date": "1970-01-01", "sex": "male"})
    persons["municipality"] = "153"
    expected = read_registers({"dream": frame, "persons": persons}, load_code_list())
    found = read_registers({"dream": path, "persons": persons}, load_code_list())
    assert (found.weeks.code == expected.weeks.code).all()
    np.testing.assert_array_equal(found.employment.employed, expected.employment.employed)


@given(st.sets(st.integers(0, 60)), st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_participants_pulled_out_are_those_of_the_whole_file(tmp_path, wanted, as_text):
    frame = pd.DataFrame({"lobenr": np.arange(50), "y_2001": np.arange(50) % 3 * 365})
    path = tmp_path / ("n.csv" if as_text else "n.parquet")
    if as_text:
        frame.to_csv(path, index=False)
    else:
        frame.to_parquet(path, row_group_size=7)
    there = sorted(number for number in wanted if number < 50)
    if not there:
        with pytest.raises(InputError):
            read_participants(path, [str(number) for number in wanted])
        return
    pulled = read_participants(path, [str(number) for number in wanted])
    assert pulled.table.frame["lobenr"].astype(int).tolist() == there
    assert pulled.table.frame["y_2001"].astype(int).tolist() == [number % 3 * 365 for number in there]
    assert (pulled.n_found, pulled.n_absent) == (len(there), len(wanted) - len(there))
