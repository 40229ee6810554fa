"""One DREAM file holds what a folder of tables holds: the same persons, weeks and months of work."""

from datetime import date

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from ctieval.domain.dream_columns import DreamColumns, FullTime
from ctieval.evaluate.demo import write_demo
from ctieval.registers.codes import load_code_list
from ctieval.registers.read import read_registers
from ctieval.registers.weeks import to_month_text

COVERS = (date(2015, 1, 5), date(2020, 3, 31))
HOURS_OF_FULL_TIME = 160.0
DECLARED = DreamColumns(
    headings={"birth_date": "foedt", "sex": "kon", "died_on": "doed", "moved_on": "fraflyttet"},
    meanings={"sex": {"1": "male", "2": "female"}},
    full_time=FullTime(degree=1, hours=HOURS_OF_FULL_TIME),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo")
    write_demo(path, seed=11)
    return path / "data"


@pytest.fixture(scope="module")
def expected(folder):
    return read_registers(folder, load_code_list(), covers=COVERS)


def delivered(registers, folder):
    """The rows as DREAM lays them out: codes by week, the degree of employment by month, the municipality by year."""
    table = pd.read_csv(folder / "dream.csv", sep=";", encoding="utf-8-sig").rename(columns={"person_id": "LOBENR"})
    persons = registers.persons.set_index("person_id").loc[table["LOBENR"]]
    work = registers.employment
    hours = pd.DataFrame(work.hours, index=work.person_id).loc[table["LOBENR"]]
    texts = (to_month_text(work.first_month + place).replace("-", "_") for place in hours.columns)
    hours.columns = [f"grad_{text}" for text in texts]
    days = persons[["birth_date", "died_on", "moved_on"]].set_axis(["foedt", "doed", "fraflyttet"], axis=1)
    days = days.astype(object).map(lambda day: None if pd.isna(day) else day.date())
    more = days.assign(kon=persons["sex"].map({"male": 1, "female": 2}), nykom2018=persons["municipality"].astype(int))
    degrees = (hours / HOURS_OF_FULL_TIME).where(hours > 0)
    return pd.concat([table, more.reset_index(drop=True), degrees.reset_index(drop=True)], axis=1)


@pytest.mark.parametrize("name", ["dream.csv", "dream.parquet", "dream.sav", "dream.dta"])
def test_one_file_says_what_the_folder_says(expected, folder, tmp_path, name):
    table, path = delivered(expected, folder), tmp_path / name
    write = {
        ".csv": lambda: table.to_csv(path, sep=";", decimal=",", index=False),
        ".parquet": lambda: table.to_parquet(path),
        ".sav": lambda: pyreadstat.write_sav(table, path),
        ".dta": lambda: pyreadstat.write_dta(table, path),
    }
    write[path.suffix]()
    found = read_registers(path, load_code_list(), covers=COVERS, columns=DECLARED, as_of=date(2018, 1, 10))
    columns = ["person_id", "birth_date", "sex", "municipality", "died_on", "moved_on"]
    pd.testing.assert_frame_equal(found.persons[columns], expected.persons[columns])
    assert (found.weeks.code == expected.weeks.code).all()
    assert found.weeks.first_week == expected.weeks.first_week
    assert found.employment.first_month == expected.employment.first_month
    np.testing.assert_allclose(found.employment.hours, expected.employment.hours, rtol=1e-12)
    np.testing.assert_array_equal(found.employment.employed == 1, expected.employment.hours > 0)
    assert np.isnan(found.employment.earnings).all()
    assert "hours as the plan declares full time" in found.recognised[0]
