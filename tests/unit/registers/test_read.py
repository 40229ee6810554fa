from datetime import date

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.registers import BLANK, NOT_OBSERVED
from ctieval.errors import CodeListError, EmptyTableError, InputError, SchemaError
from ctieval.registers.codes import load_code_list
from ctieval.registers.read import read_registers
from ctieval.registers.weeks import from_week_text

FIRST = from_week_text("2018-W01")
A, B = 0, 1


def person(person_id, **more):
    return {"person_id": person_id, "birth_date": "01-02-1970", "sex": "female", "municipality": "153", **more}


def week(person_id, text, code=730):
    return {"person_id": person_id, "week": text, "code": code}


def period(person_id, start, end, benefit=730):
    return {"person_id": person_id, "start": start, "end": end, "benefit": benefit}


def month(person_id, text, hours="37,5", earnings=5200):
    return {"person_id": person_id, "month": text, "hours": hours, "earnings": earnings}


PERSON_B = person("b", died_on="")
WEEKS = [week("a", "2018-W05"), week("b", "2018-W06", 651)]
CONTACT = {"person_id": "x", "date": "05-02-2018", "activity": "samtale", "minutes": 5}
ANSWER = {"person_id": "x", "wave": "12m", "instrument": "who5", "item": 1, "answer": 5}
PERIODS = [period("a", "01-02-2018", "28-02-2018")]


def at(registers, row, text):
    return registers.weeks.code[row, from_week_text(text) - registers.weeks.first_week]


@pytest.fixture
def refused(read_folder):
    def read(kind=SchemaError, **tables):
        with pytest.raises(kind) as caught:
            read_folder(**tables)
        assert "Kanariefugl" not in str(caught.value) + repr(caught.value)
        return caught.value

    return read


def facts(error):
    return (error.table, error.column, error.rule, error.n_rows, error.first_row)


def test_weeks_are_put_on_the_calendar(read_folder):
    registers = read_folder(weeks=WEEKS)
    assert registers.persons["person_id"].tolist() == registers.weeks.person_id.tolist() == ["a", "b"]
    assert registers.persons["municipality"].tolist() == ["153", "550"]
    assert registers.weeks.first_week == FIRST
    assert registers.weeks.code.shape == (2, 52)
    assert registers.weeks.code.dtype == np.int16
    assert at(registers, A, "2018-W05") == 730
    assert at(registers, B, "2018-W06") == 651
    assert int((registers.weeks.code != BLANK).sum()) == 2
    assert registers.employment is registers.payments is registers.activity is registers.survey is None


def test_what_was_recognised_is_told_by_file_and_holds_no_person(read_folder):
    registers = read_folder(weeks=WEEKS, employment=[month("a", "2018-03")])
    told = dict(line.split(": ", 1) for line in registers.recognised)
    assert told["persons.csv"] == "CSV, semicolon, no decimals, UTF-8, 2 rows"
    assert "2018-W01 to 2018-W52 observed" in told["weeks.csv"]
    assert "weeks at the end without a code of anybody: 46" in told["weeks.csv"]
    assert "2018-01 to 2018-11 observed" in told["employment.csv"]
    assert (
        "months without a row of anybody (read as no paid hours): 10; of them at the end: 8" in told["employment.csv"]
    )
    assert [name for name, _ in registers.digests] == ["employment.csv", "persons.csv", "weeks.csv"]
    assert all(len(digest) == 64 for _, digest in registers.digests)


def test_a_week_has_the_code_of_a_period_that_covers_one_day_of_it(read_folder):
    registers = read_folder(periods=[period("a", "04-02-2018", "12-02-2018")])
    codes = [at(registers, A, f"2018-W{number:02d}") for number in range(4, 9)]
    assert codes == [BLANK, 730, 730, 730, BLANK]


@pytest.mark.parametrize("turned", [1, -1])
def test_of_two_periods_in_one_week_the_later_start_gives_the_code(read_folder, turned):
    rows = [period("a", "01-01-2018", "31-01-2018", 730), period("a", "01-02-2018", "28-02-2018", 651)]
    registers = read_folder(periods=rows[::turned])
    assert at(registers, A, "2018-W05") == 651
    assert at(registers, A, "2018-W04") == 730


def dream(**cells):
    return [{"lobenr": "a", **cells}]


def test_dream_columns_are_put_on_the_calendar_in_the_order_of_the_weeks(read_folder):
    registers = read_folder(covers=None, dream=dream(y_1802=651, y_1752="", y_1801=730, branche="x"))
    assert registers.weeks.first_week == FIRST - 1
    assert registers.weeks.code.tolist() == [[0, 730, 651], [0, 0, 0]]
    line = next(line for line in registers.recognised if line.startswith("dream"))
    assert "one row a person and one column a week (DREAM); columns not used: branche;" in line
    assert "persons without a row (read as weeks without a code): 1" in line


def test_dream_weeks_outside_covers_are_not_observed(read_folder):
    cells = {f"y_18{number:02d}": 730 for number in range(1, 5)}
    registers = read_folder(
        covers=(date(2018, 1, 8), date(2018, 3, 25)), dream=dream(**cells, **{f"y_18{n:02d}": "" for n in range(5, 13)})
    )
    assert registers.weeks.first_week == FIRST + 1
    assert registers.weeks.code.shape == (2, 11)
    line = next(line for line in registers.recognised if line.startswith("dream"))
    assert "person-weeks outside these weeks (not used): 1" in line


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"y_1853": 1}, ("dream", "y_1853", "ISO week", 0, None)),
        ({"y_1801": 1, "Y_1801": 1}, ("dream", "Y_1801", "one column", 0, None)),
        ({"branche": 1}, ("dream", "y_YYWW", "required", 0, None)),
        ({"y_1801": 730, "y_1802": "Kanariefugl"}, ("dream", "y_1802", "pattern", 1, 2)),
        ({"y_1801": "7,5"}, ("dream", "y_1801", "pattern", 1, 2)),
    ],
)
def test_broken_dream_columns_are_named(refused, cells, expected):
    assert facts(refused(covers=None, dream=dream(**cells))) == expected


@pytest.mark.parametrize(("weeks", "absent"), [(range(1, 8), "y_1808"), (range(2, 9), "y_1801")])
def test_dream_must_reach_as_far_as_covers_says(refused, weeks, absent):
    cells = {f"y_18{number:02d}": 730 for number in weeks}
    error = refused(covers=(date(2018, 1, 1), date(2018, 2, 28)), dream=dream(**cells))
    assert facts(error) == ("dream", absent, "inside covers", 0, None)


@pytest.mark.parametrize("tables", [{"weeks": WEEKS}, {"periods": PERIODS}])
def test_rows_alone_do_not_tell_what_is_covered(refused, tables):
    error = refused(InputError, covers=None, **tables)
    assert error.exit_code == 10
    assert "covers" in error.do


@pytest.mark.parametrize("covers", [(date(2018, 2, 1), date(2018, 1, 1)), (date(2018, 1, 2), date(2018, 1, 9))])
def test_days_that_hold_no_whole_week_or_month_are_refused(refused, covers):
    assert "no whole week" in refused(InputError, covers=covers, weeks=WEEKS).what


def test_weeks_covered_in_part_are_not_observed_and_counted(read_folder):
    rows = [week("a", f"2018-W{number:02d}") for number in range(1, 10)]
    registers = read_folder(covers=(date(2018, 1, 3), date(2018, 3, 1)), weeks=rows)
    assert registers.weeks.first_week == FIRST + 1
    assert registers.weeks.code[A].tolist() == [730] * 7
    line = next(line for line in registers.recognised if line.startswith("weeks"))
    assert "2018-W02 to 2018-W08 observed; persons without a row" in line
    assert "person-weeks outside these weeks (not used): 2" in line


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({"weeks": [*WEEKS, week("Kanariefugl", "2018-W05")]}, ("weeks", "person_id", "known person", 1, 4)),
        ({"weeks": [*WEEKS, week("a", "2018-W53")]}, ("weeks", "week", "ISO week", 1, 4)),
        ({"weeks": [*WEEKS, week("a", "2019-W01")]}, ("weeks", "week", "inside covers", 1, 4)),
        ({"weeks": [week("a", "2017-W52"), *WEEKS]}, ("weeks", "week", "inside covers", 1, 2)),
        ({"weeks": [*WEEKS, WEEKS[0]]}, ("weeks", "", "primaryKey", 2, 2)),
        (
            {"periods": [*PERIODS, period("Kanariefugl", "01-02-2018", "02-02-2018")]},
            ("periods", "person_id", "known person", 1, 3),
        ),
        ({"periods": [period("a", "02-02-2018", "01-02-2018")]}, ("periods", "end", "start before end", 1, 2)),
        ({"periods": [*PERIODS, period("b", "31-12-2017", "01-02-2018")]}, ("periods", "start", "inside covers", 1, 3)),
        ({"periods": [*PERIODS, period("b", "01-12-2018", "31-12-2018")]}, ("periods", "end", "inside covers", 1, 3)),
        (
            {"weeks": WEEKS, "employment": [month("a", "2018-03"), month("Kanariefugl", "2018-03")]},
            ("employment", "person_id", "known person", 1, 3),
        ),
        ({"weeks": WEEKS, "employment": [month("a", "2019-03")]}, ("employment", "month", "inside covers", 1, 2)),
        ({"weeks": WEEKS, "employment": [month("a", "2018-03", hours="-1")]}, ("employment", "hours", "minimum", 1, 2)),
        ({"weeks": WEEKS, "employment": [month("a", "2018-03")] * 2}, ("employment", "", "primaryKey", 2, 2)),
        (
            {"weeks": WEEKS, "employment": [month("a", "2018-03", "744"), month("a", "2018-02", "744,5")]},
            ("employment", "hours", "maximum", 1, 3),
        ),
        ({"weeks": WEEKS, "activity": [CONTACT]}, ("activity", "person_id", "known person", 1, 2)),
        ({"weeks": WEEKS, "survey": [ANSWER]}, ("survey", "person_id", "known person", 1, 2)),
        (
            {"weeks": WEEKS, "persons": [person("a"), person("b"), person("a", municipality="550")]},
            ("persons", "person_id", "unique", 2, 2),
        ),
        (
            {"weeks": WEEKS, "persons": [person("a", died_on="01-01-1960"), person("b", died_on="")]},
            ("persons", "died_on", "not before birth", 1, 2),
        ),
        (
            {"weeks": WEEKS, "persons": [person("a", moved_on=""), person("b", moved_on="01-01-1960")]},
            ("persons", "moved_on", "not before birth", 1, 3),
        ),
        (
            {"weeks": WEEKS, "persons": [person("a"), person("b", birth_date="12-02-2018")]},
            ("weeks", "", "no week before birth", 1, 3),
        ),
        (
            {"periods": PERIODS, "persons": [person("a", birth_date="05-02-2018")]},
            ("periods", "", "no week before birth", 1, 2),
        ),
        (
            {"weeks": WEEKS, "persons": [person("a", died_on=""), person("b", died_on="04-02-2018")]},
            ("weeks", "", "no benefit after death", 1, 3),
        ),
        (
            {"periods": PERIODS, "persons": [person("a", died_on="25-02-2018")]},
            ("periods", "", "no benefit after death", 1, 2),
        ),
        (
            {
                "covers": None,
                "dream": [{"lobenr": "b", "y_1805": ""}, {"lobenr": "a", "y_1805": 730}],
                "persons": [person("a", died_on="28-01-2018"), person("b", died_on="")],
            },
            ("dream", "", "no benefit after death", 1, 3),
        ),
        (
            {"weeks": [*WEEKS, week("a", "2018-W04", 999)]},
            ("weeks", "", "no benefit after death", 1, 2),
        ),
    ],
)
def test_broken_registers_are_named_and_counted(refused, tables, expected):
    assert facts(refused(**tables)) == expected


@pytest.mark.parametrize("died_on", ["", "31-12-2018"])
def test_nobody_comes_back_from_the_code_of_the_dead(read_folder, died_on):
    """A blank week after it is no week alive, in which a late payment of wages would be a job."""
    rows = [*WEEKS, week("a", "2018-W06", 999)]
    registers = read_folder(weeks=rows, persons=[person("a", died_on=died_on), PERSON_B])
    assert set(registers.weeks.code[A, 5:].tolist()) == {999}
    assert 999 not in registers.weeks.code[B]


def test_the_weeks_of_birth_and_death_may_have_a_code_and_others_a_blank_one(read_folder):
    rows = [*WEEKS, week("a", "2018-W04", 0), week("a", "2018-W10", 0)]
    registers = read_folder(weeks=rows, persons=[person("a", birth_date="30-01-2018", died_on="31-01-2018"), PERSON_B])
    assert at(registers, A, "2018-W05") == 730


OVERLAPS = [
    ([("a", 1, 31, 730), ("a", 31, 40, 651)], (1, 3)),
    ([("a", 31, 40, 651), ("a", 1, 31, 730)], (1, 2)),
    ([("a", 1, 90, 730), ("a", 10, 20, 730), ("a", 60, 70, 651)], (1, 4)),
    ([("a", 1, 90, 730), ("a", 60, 70, 651), ("a", 80, 85, 140)], (1, 3)),
    ([("a", 1, 31, 730), ("a", 1, 31, 651)], (1, 3)),
    ([("a", 1, 10, 730), ("a", 5, 30, 730), ("a", 30, 31, 651)], (1, 4)),
]


def in_2018(rows):
    days = [f"{day:%d-%m-%Y}" for day in pd.date_range("2017-12-31", "2018-12-30")]
    return [period(who, days[start], days[end], code) for who, start, end, code in rows]


@pytest.mark.parametrize(("rows", "expected"), OVERLAPS)
def test_overlapping_periods_with_different_codes_are_refused(refused, rows, expected):
    error = refused(periods=in_2018(rows))
    assert facts(error) == ("periods", "start", "periods of one person may not overlap", *expected)


@pytest.mark.parametrize(
    "rows",
    [
        [("a", 1, 31, 730), ("a", 32, 40, 651)],
        [("a", 1, 31, 730), ("b", 10, 40, 651)],
        [("a", 1, 31, 730), ("a", 10, 40, 730)],
        [("a", 1, 90, 730), ("a", 10, 20, 730), ("a", 50, 60, 730)],
        [("a", 1, 31, 730), ("a", 32, 32, 651), ("a", 33, 60, 730)],
    ],
)
def test_periods_side_by_side_or_of_one_code_are_accepted(read_folder, rows):
    assert (read_folder(periods=in_2018(rows)).weeks.code[A] != BLANK).any()


@pytest.mark.parametrize(
    ("tables", "n_weeks", "first_week"),
    [
        ({"weeks": [*WEEKS, week("a", "2018-W09", 777), week("b", "2018-W08", 777)]}, 2, "2018-W08"),
        ({"periods": [*PERIODS, period("b", "05-03-2018", "19-03-2018", 777)]}, 3, "2018-W10"),
        ({"covers": None, "dream": dream(y_1801=730, y_1802=777, y_1803=777)}, 2, "2018-W02"),
    ],
)
def test_an_unknown_code_is_named_with_its_weeks(refused, tables, n_weeks, first_week):
    error = refused(CodeListError, **tables)
    assert (error.code, error.n_weeks, error.first_week, error.exit_code) == ("777", n_weeks, first_week, 12)


def test_the_dead_carry_their_code_from_the_week_after(read_folder):
    registers = read_folder(weeks=WEEKS, persons=[person("a", died_on="31-01-2018"), person("b", died_on="")])
    assert at(registers, A, "2018-W05") == 730
    assert set(registers.weeks.code[A, 5:]) == {999}
    assert 999 not in registers.weeks.code[B]


def test_the_code_of_the_dead_may_stand_after_death(read_folder):
    rows = [*WEEKS, week("a", "2018-W08", 999)]
    registers = read_folder(weeks=rows, persons=[person("a", died_on="31-01-2018"), person("b", died_on="")])
    assert set(registers.weeks.code[A, 5:]) == {999}


def test_those_who_moved_are_not_observed_from_the_week_after(read_folder):
    rows = [*WEEKS, week("a", "2018-W07"), week("a", "2018-W08")]
    registers = read_folder(
        weeks=rows,
        persons=[person("a", moved_on="31-01-2018"), person("b", moved_on="")],
        employment=[month("a", "2018-01"), month("a", "2018-03")],
    )
    assert at(registers, A, "2018-W05") == 730
    assert set(registers.weeks.code[A, 5:]) == {NOT_OBSERVED}
    assert NOT_OBSERVED not in registers.weeks.code[B]
    assert registers.employment.hours[A, 0] == 37.5
    assert np.isnan(registers.employment.hours[A, 1:]).all()
    assert not np.isnan(registers.employment.earnings[B]).any()
    told = "; ".join(registers.recognised)
    assert "person-weeks with a code after a move (not used): 2" in told
    assert "rows outside these months or after a move (not used): 1" in told


def test_the_month_of_the_move_is_observed(read_folder):
    persons = [person("a", moved_on="31-01-2018"), person("b", moved_on="")]
    registers = read_folder(weeks=WEEKS, persons=persons, employment=[month("b", "2018-01")])
    assert registers.employment.hours[A, 0] == 0
    assert np.isnan(registers.employment.hours[A, 1])


def test_a_death_after_a_move_is_known(read_folder):
    registers = read_folder(
        weeks=WEEKS,
        persons=[person("a", moved_on="31-01-2018", died_on="28-02-2018"), person("b", moved_on="", died_on="")],
    )
    assert at(registers, A, "2018-W06") == NOT_OBSERVED
    assert at(registers, A, "2018-W10") == 999


def test_employment_is_zero_where_observed_without_a_row(read_folder):
    registers = read_folder(
        covers=(date(2018, 1, 1), date(2018, 4, 30)), weeks=WEEKS, employment=[month("b", "2018-02")]
    )
    assert registers.employment.first_month == 576
    assert registers.employment.hours.tolist() == [[0, 0, 0, 0], [0, 37.5, 0, 0]]
    assert registers.employment.earnings[B].tolist() == [0, 5200, 0, 0]
    assert registers.employment.person_id is registers.weeks.person_id


def test_without_covers_the_months_found_tell(read_folder):
    rows = [month("a", "2018-02"), month("b", "2018-04")]
    registers = read_folder(covers=None, dream=dream(y_1801=730), employment=rows)
    assert registers.employment.first_month == 577
    assert registers.employment.hours.shape == (2, 3)


def test_months_covered_in_part_are_not_used_and_counted(read_folder):
    rows = [month("a", "2018-01"), month("a", "2018-02")]
    registers = read_folder(covers=(date(2018, 1, 2), date(2018, 2, 28)), weeks=WEEKS, employment=rows)
    assert registers.employment.hours.shape == (2, 1)
    assert any("rows outside these months or after a move (not used): 1" in line for line in registers.recognised)


def test_kroner_actually_paid_are_kept_row_by_row(read_folder):
    registers = read_folder(periods=[{**row, "amount": "10.849,00"} for row in PERIODS])
    assert registers.payments["amount"].tolist() == [10849]
    assert registers.payments["start"].tolist() == [pd.Timestamp("2018-02-01")]


def test_periods_without_amounts_are_no_payments(read_folder):
    assert read_folder(periods=PERIODS).payments is None
    assert read_folder(periods=[{**row, "amount": ""} for row in PERIODS]).payments is None


def test_amounts_in_some_rows_only_are_refused(refused):
    rows = [{**PERIODS[0], "amount": "1,50"}, {**period("b", "01-02-2018", "02-02-2018"), "amount": ""}]
    assert facts(refused(periods=rows)) == ("periods", "amount", "amount in every row or in none", 1, 3)


def test_logs_and_answers_are_handed_on(read_folder):
    registers = read_folder(
        weeks=WEEKS,
        activity=[{"person_id": "a", "date": "05-02-2018", "activity": "samtale", "minutes": "60"}],
        survey=[{"person_id": "a", "wave": "12m", "instrument": "who5", "item": 1, "answer": ""}],
    )
    assert registers.activity["minutes"].tolist() == [60]
    assert registers.survey["answer"].isna().tolist() == [True]


def test_row_order_changes_nothing_but_the_logs(read_folder):
    first = read_folder(weeks=WEEKS, employment=[month("a", "2018-02"), month("b", "2018-04")])
    second = read_folder(weeks=WEEKS[::-1], employment=[month("b", "2018-04"), month("a", "2018-02")])
    assert (first.weeks.code == second.weeks.code).all()
    assert (first.employment.hours == second.employment.hours).all()


def test_a_folder_must_be_there_and_complete(tmp_path, read_folder):
    codes = load_code_list()
    with pytest.raises(InputError, match="folder of registers is missing"):
        read_registers(tmp_path / "none", codes)
    with pytest.raises(InputError, match="persons is missing"):
        read_registers(tmp_path, codes)
    with pytest.raises(InputError, match="weekly codes are missing"):
        read_folder()
    with pytest.raises(InputError, match="more than one form"):
        read_folder(weeks=WEEKS, periods=PERIODS)


def test_two_files_for_one_table_are_refused(tmp_path, read_folder):
    (tmp_path / "Weeks.xlsx").write_bytes(b"")
    with pytest.raises(InputError) as caught:
        read_folder(weeks=WEEKS)
    assert caught.value.found == "Weeks.xlsx and weeks.csv"


def test_files_of_other_names_or_endings_are_named_and_not_read(tmp_path, read_folder):
    for name in ("notes.csv", "~$persons.xlsx", "readme.md", "survey.xls", ".hidden.csv"):
        (tmp_path / name).write_bytes(b"")
    assert read_folder(weeks=WEEKS).recognised[-1] == "not read as a table of the registers: notes.csv, survey.xls"


def test_a_table_under_another_name_is_shown_where_one_is_missing(tmp_path, read_folder):
    (tmp_path / "personer.csv").write_bytes(b"")
    (tmp_path / "persons.xls").write_bytes(b"")
    with pytest.raises(InputError) as caught:
        read_registers(tmp_path, load_code_list())
    assert caught.value.found == "none of the tables; other files: personer.csv, persons.xls"
    assert "persons.xlsx" in caught.value.do


def test_the_danish_heading_stands_in_errors_that_are_found_after_the_schema(refused):
    error = refused(persons=[person("a")], periods=[period("a", "28-02-2018", "01-02-2018")])
    assert facts(error) == ("periods", "end", "start before end", 1, 2)
    assert error.heading == "Til"
    assert "column end (Til), first in row 2" in str(error)


def test_silent_weeks_are_counted_at_both_ends(read_folder):
    told = read_folder(periods=PERIODS, covers=(date(2018, 1, 1), date(2018, 3, 11))).recognised[0]
    assert "weeks at the beginning without a code of anybody: 4" in told
    assert "weeks at the end without a code of anybody: 1" in told


def test_excel_and_parquet_hold_the_same_registers(tmp_path, read_folder):
    expected = read_folder(weeks=WEEKS, employment=[month("a", "2018-02")])
    for path in list(tmp_path.iterdir()):
        frame = pd.read_csv(path, sep=";", decimal=",")
        path.unlink()
        if path.stem == "weeks":
            frame.to_parquet(path.with_suffix(".parquet"))
        else:
            frame.to_excel(path.with_suffix(".xlsx"), index=False)
    found = read_registers(tmp_path, load_code_list(), covers=(date(2018, 1, 1), date(2018, 12, 30)))
    assert (found.weeks.code == expected.weeks.code).all()
    assert (found.employment.hours == expected.employment.hours).all()
    pd.testing.assert_frame_equal(found.persons, expected.persons)


def test_no_repr_shows_a_person(read_folder):
    registers = read_folder(
        persons=[person("Kanariefugl")],
        weeks=[week("Kanariefugl", "2018-W05")],
        employment=[month("Kanariefugl", "2018-02")],
    )
    assert "Kanariefugl" not in repr(registers) + "".join(registers.recognised)


def test_benefit_by_day_is_kept_where_the_extract_holds_periods(read_folder):
    kept = read_folder(periods=PERIODS).periods
    assert kept[["person_id", "benefit"]].to_numpy().tolist() == [["a", "730"]]
    assert kept[["start", "end"]].astype("str").to_numpy().tolist() == [["2018-02-01", "2018-02-28"]]


def test_without_periods_there_is_no_benefit_by_day(read_folder):
    assert read_folder(weeks=WEEKS).periods is None


@pytest.mark.parametrize("log", ["activity", "survey"])
def test_a_log_with_headings_alone_is_as_good_as_none(tmp_path, log):
    heads = {"activity": "Borger-id;Dato;Aktivitet;Minutter", "survey": "person_id;wave;instrument;item;answer"}
    (tmp_path / "persons.csv").write_text("person_id;birth_date;sex;municipality\na;01-02-1970;female;153\n")
    (tmp_path / "weeks.csv").write_text("person_id;week;code\na;2018-W05;730\n")
    (tmp_path / f"{log}.csv").write_text(heads[log] + "\n", encoding="utf-8")
    covers = (date(2018, 1, 1), date(2018, 3, 31))
    registers = read_registers(tmp_path, load_code_list(), covers=covers)
    assert getattr(registers, log) is None
    assert f"only headings, and taken as absent: {log}.csv" in registers.recognised
    (tmp_path / "weeks.csv").write_text("person_id;week;code\n")
    with pytest.raises(EmptyTableError, match="no row under them"):
        read_registers(tmp_path, load_code_list(), covers=covers)
