from datetime import date

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from ctieval.domain.dream_columns import DreamColumns
from ctieval.errors import InputError, SchemaError
from ctieval.registers.codes import load_code_list
from ctieval.registers.opened import open_tables
from ctieval.registers.person_rows import read_persons
from ctieval.registers.read import find_unknown_codes, read_registers
from ctieval.registers.recognise import recognise_table

AS_OF = date(2018, 3, 1)
COVERS = (date(2018, 1, 1), date(2018, 12, 30))
PERSON = {"birth_date": "01-02-1970", "sex": "kvinde", "municipality": "153"}
DREAM = {"lobenr": ["b", "a"], "y_1801": [730, ""], "y_1802": ["", 651], "grad_2018_01": ["0,5", ""]}
DECLARED = DreamColumns(
    headings={"birth_date": "foedt", "sex": "kon"},
    meanings={"sex": {"1": "male", "2": "female"}, "visitation": {"3": "activity_ready", "2": "job_ready"}},
)
DELIVERED = {
    **DREAM,
    "foedt": ["31-12-1980", "01-02-1970"],
    "kon": [1, 2],
    "nykom2017": [101, 101],
    "nykom2018": [550, 153],
    "visit_1kv2018": [3, 2],
    "visit_2kv2018": [2, 2],
}


def read(source, **more):
    return read_registers(source, load_code_list(), **more)


def broken(kind, source, **more):
    with pytest.raises(kind) as caught:
        read(source, **more)
    assert "Kanariefugl" not in str(caught.value)
    return caught.value


def persons_of(registers):
    return registers.persons.astype("str").to_dict("list")


@pytest.fixture
def one_file(tmp_path):
    """Write one table as a semicolon file."""

    def write(table, name="dream.csv"):
        path = tmp_path / name
        pd.DataFrame(table).to_csv(path, sep=";", index=False)
        return path

    return write


def test_one_dream_file_as_delivered_holds_everything(one_file):
    registers = read(one_file(DELIVERED, "extract.csv"), columns=DECLARED, as_of=AS_OF)
    assert persons_of(registers) == {
        "person_id": ["a", "b"],
        "birth_date": ["1970-02-01", "1980-12-31"],
        "sex": ["female", "male"],
        "municipality": ["153", "550"],
        "visitation": ["job_ready", "activity_ready"],
    }
    assert registers.weeks.code.tolist() == [[0, 651], [730, 0]]
    assert registers.employment.employed.tolist() == [[0], [1]]
    (told,) = registers.recognised
    assert told.startswith("extract.csv: CSV, semicolon, decimal comma, UTF-8, 2 rows; weekly codes, one row a person")
    assert "municipality from nykom2018, visitation from visit_1kv2018" in told
    assert "columns not used: nykom2017, visit_2kv2018" in told
    assert [name for name, _ in registers.digests] == ["extract.csv"]


def test_assessments_are_left_aside_where_nobody_says_what_they_mean(one_file):
    columns = DreamColumns(DECLARED.headings, {"sex": DECLARED.meanings["sex"]})
    registers = read(one_file(DELIVERED), columns=columns, as_of=AS_OF)
    assert "visitation" not in registers.persons
    assert "assessments of 2 quarters not used" in registers.recognised[0]


def test_a_declared_heading_of_the_identifier_holds(one_file):
    table = {("pnr_kode" if name == "lobenr" else name): cells for name, cells in DELIVERED.items()}
    columns = DreamColumns({**DECLARED.headings, "person_id": "pnr_kode"}, DECLARED.meanings)
    assert read(one_file(table), columns=columns, as_of=AS_OF).weeks.person_id.tolist() == ["a", "b"]


def test_what_the_persons_lack_is_taken_from_dream(one_file, tmp_path):
    one_file(DELIVERED)
    persons = {"person_id": ["a", "b", "c"], "birth_date": ["1970-02-01"] * 3, "sex": ["female"] * 3}
    one_file(persons | {"municipality": [153, 550, 153]}, "persons.csv")
    registers = read(tmp_path, columns=DECLARED, as_of=AS_OF)
    assert registers.persons["visitation"].fillna("").tolist() == ["job_ready", "activity_ready", ""]
    assert registers.persons["birth_date"].dt.year.tolist() == [1970] * 3
    one_file(persons, "persons.csv")
    error = broken(SchemaError, tmp_path, columns=DECLARED, as_of=AS_OF)
    assert (error.table, error.column, error.rule, error.n_rows, error.first_row) == (
        "persons", "municipality", "required", 1, 4,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("form", "rows"),
    [
        ("weeks", {"week": ["2018-W02", "2018-W01", "2018-W01"], "code": [651, 730, 730]}),
        (
            "periods",
            {
                "start": ["08-01-2018", "01-01-2018", "01-01-2018"],
                "end": ["09-01-2018"] + ["02-01-2018"] * 2,
                "benefit": [651, 730, 730],
            },
        ),
    ],
)
def test_one_file_with_many_rows_a_person_holds_the_persons_too(one_file, form, rows):
    table = {"person_id": ["a", "a", "b"], **rows, **{name: [cell] * 3 for name, cell in PERSON.items()}}
    path = one_file(table, "all.csv")
    registers = read(path, covers=COVERS)
    assert persons_of(registers)["person_id"] == ["a", "b"]
    assert registers.weeks.code[:, :2].tolist() == [[730, 651], [730, 0]]
    assert (recognise_table(path).table, recognise_table(path).also) == (form, ("persons",))
    table["birth_date"] = ["01-02-1970", "02-02-1970", "01-02-1970"]
    error = broken(SchemaError, one_file(table, "all.csv"), covers=COVERS)
    assert (error.table, error.column, error.rule, error.first_row) == (
        "persons in all.csv", "birth_date", "one answer a person", 3,
    )  # fmt: skip


def test_frames_of_any_library_and_files_are_taken_by_name(one_file):
    delivered = {name: cells if name != "y_1801" else ["730", None] for name, cells in DELIVERED.items()}
    delivered["y_1802"] = [None, "651"]
    expected = read(one_file(DELIVERED), columns=DECLARED, as_of=AS_OF)
    duckdb = pytest.importorskip("duckdb")
    frame = pd.DataFrame(delivered)
    relation = duckdb.from_arrow(pa.table(delivered))
    for given in (frame, pl.DataFrame(delivered), pl.LazyFrame(delivered), pa.table(delivered), relation):
        found = read({"dream": given}, columns=DECLARED, as_of=AS_OF)
        assert persons_of(found) == persons_of(expected)
        assert (found.weeks.code == expected.weeks.code).all()
        assert (found.employment.employed == expected.employment.employed).all()
        assert found.recognised[0].startswith("dream: a data frame, 2 rows; weekly codes")
        assert found.digests == ()
    pd.testing.assert_frame_equal(frame, pd.DataFrame(delivered))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"dreem": DREAM}, "no input table is called dreem"),
        ({"persons": DREAM}, "the weekly codes are missing"),
        ({"weeks": DREAM, "dream": DREAM}, "more than one form"),
        ({"dream": DREAM}, "the table persons is missing"),
    ],
)
def test_tables_that_are_not_whole_are_refused(source, words):
    assert words in broken(InputError, {name: pd.DataFrame(table) for name, table in source.items()}).what


@pytest.mark.parametrize(
    ("table", "found"), [({"id": ["x"], "arm": [1]}, "no table"), ({"person_id": ["x"], **PERSON}, "the table persons")]
)
def test_one_file_without_weekly_codes_is_refused(one_file, table, found):
    assert broken(InputError, one_file(table)).found == found


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"headings": {**DECLARED.headings, "sex": "koen"}}, ("dream.csv", "koen", "declared column", 0, None)),
        ({"meanings": {**DECLARED.meanings, "sex": {"1": "male"}}}, ("dream.csv", "kon", "declared value", 1, 3)),
        ({"headings": {"birth_date": "foedt"}}, ("persons in dream.csv", "sex", "required", 0, None)),
    ],
)
def test_declarations_that_do_not_fit_the_file_are_named(one_file, more, expected):
    columns = DreamColumns(more.get("headings", DECLARED.headings), more.get("meanings", DECLARED.meanings))
    error = broken(SchemaError, one_file(DELIVERED), columns=columns, as_of=AS_OF)
    assert (error.table, error.column, error.rule, error.n_rows, error.first_row) == expected


def test_every_unknown_code_is_found_with_its_weeks(one_file):
    table = {"lobenr": ["a", "b"], "y_1801": [777, 735], "y_1802": [777, 730], "y_1804": [735, 777]}
    path = one_file(table | {name: [cell] * 2 for name, cell in PERSON.items()})
    known = load_code_list()
    found = find_unknown_codes(path, known)
    assert [(each.code, each.n_weeks, each.first_week, each.last_week) for each in found] == [
        (777, 3, "2018-W01", "2018-W04"),
    ]
    table["y_1801"][0] = 778
    error = broken(Exception, one_file(table | {name: [cell] * 2 for name, cell in PERSON.items()}))
    assert (error.exit_code, error.code, error.n_weeks) == (12, "777", 2)
    assert "1 more code is not known" in error.do
    assert find_unknown_codes(one_file(DELIVERED), known, columns=DECLARED, as_of=AS_OF) == ()


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"person_id": ["a"], "month": ["2018-01"], "hours": [1], "earnings": [1]}, ("employment", ())),
        ({"person_id": ["a"], **PERSON}, ("persons", ())),
        ({"id": ["a"], "arm": [1]}, (None, ())),
        ({"LOBENR": ["a"], "Y_1801": [1], **PERSON}, ("dream", ("persons",))),
    ],
)
def test_a_file_is_recognised_by_its_headings(one_file, table, expected):
    found = recognise_table(one_file(table, "any.csv"))
    assert (found.table, found.also) == expected
    assert str(found).startswith("any.csv: CSV, semicolon")


def test_no_repr_shows_a_person(one_file):
    opened = open_tables(one_file(DELIVERED), DECLARED)
    persons = read_persons(opened, DECLARED, AS_OF)
    assert (repr(opened), repr(persons)) == ("OpenTables(dream)", "PersonRows(2 persons)")
