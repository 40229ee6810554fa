from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.arms import Arms
from ctieval.domain.cohort import Cohort
from ctieval.domain.criterion import ActivityReady
from ctieval.domain.design import Blocked
from ctieval.domain.trial import PlannedDraw


@pytest.fixture
def arms():
    return Arms(intervention="Indsatsgruppe", control="Kontrolgruppe")


@pytest.fixture
def make_cohort():
    def make(sizes, *, out=0, prefix="canary"):
        """A cohort with so many eligible persons in each block, and some more who are out."""
        town = [label for label, size in sizes.items() for _ in range(size)] + ["out"] * out
        n = len(town)
        return Cohort(
            person_id=np.array([f"{prefix}-{i:04d}" for i in range(n)], dtype=object),
            as_of=date(2018, 1, 15),
            criteria=(ActivityReady(),),
            failed=np.arange(n)[:, None] >= n - out,
            not_assessable=np.zeros((n, 1), dtype=bool),
            characteristics=pd.DataFrame({"municipality": town}),
        )

    return make


@pytest.fixture
def cohort(make_cohort):
    return make_cohort({"153": 9, "550": 6}, out=3)


@pytest.fixture
def plan(tmp_path):
    return PlannedDraw(
        design=Blocked("municipality", (("153", 3), ("550", 2))),
        seed=20180201,
        record=Path(tmp_path) / "allocation.json",
        randomised_on=date(2018, 2, 1),
    )
