"""A small register extract, looked up on Monday 15 January 2018."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.registers import EmploymentPanel, Registers, WeekPanel, week_of
from ctieval.registers.codes import load_code_list

AS_OF = date(2018, 1, 15)
WEEK = week_of(np.datetime64(AS_OF))


@pytest.fixture(scope="session")
def codes():
    return load_code_list()


@pytest.fixture
def extract():
    """Make an extract from weekly codes whose last column is the week of 15 January 2018."""

    def build(code, *, hours=None, first_month=None, panel_id=None, last_week=WEEK, periods=None, **columns):
        code = np.atleast_2d(np.array(code, dtype=np.int16))
        ids = np.array([f"P{i}" for i in range(len(code))], dtype=object)
        born = pd.to_datetime(pd.Series(["1980-06-01"] * len(code)))
        persons = pd.DataFrame({"person_id": ids, "birth_date": born, "sex": "female", "municipality": "153"})
        panel_id = ids if panel_id is None else np.array(panel_id, dtype=object)
        employment = None
        if hours is not None:
            worked = np.atleast_2d(np.array(hours, dtype=np.float64))
            employment = EmploymentPanel(panel_id, first_month, worked, worked)
        return Registers(
            persons=persons.assign(**columns),
            weeks=WeekPanel(panel_id, last_week - code.shape[1] + 1, code),
            employment=employment,
            payments=None,
            activity=None,
            survey=None,
            recognised=(),
            digests=(),
            periods=periods,
        )

    return build


@pytest.fixture
def periods():
    """Make the table ``periods`` from tuples of person, first day, last day and benefit."""

    def build(*rows):
        table = pd.DataFrame(rows, columns=["person_id", "start", "end", "benefit"])
        return table.astype({"start": "datetime64[s]", "end": "datetime64[s]", "benefit": "str"})

    return build
