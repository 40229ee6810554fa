import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from ctieval.domain.allocation import Allocation, Declared
from ctieval.domain.arms import Arms
from ctieval.domain.design import Blocked, Complete

ROOT = Path(__file__).parents[1]
settings.register_profile("ctieval", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("ctieval")


@pytest.fixture(scope="session")
def reference() -> Path:
    """Folder of the reference data and golden values, read from CTIEVAL_REFERENCE."""
    folder = Path(os.environ.get("CTIEVAL_REFERENCE", ROOT / ".." / "shared" / "reference")).resolve()
    if not (folder / "values").is_dir():
        reason = "the reference data are not here; name their folder in CTIEVAL_REFERENCE"
        if os.environ.get("CTIEVAL_REQUIRE_REFERENCE") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


def allocation_of(arm, block=None) -> Allocation:
    """An allocation with these arms and blocks; persons are numbered."""
    arm = np.asarray(arm, dtype=np.int64)
    n = len(arm)
    ids = np.array([f"P{i:06d}" for i in range(n)], dtype=object)
    if block is None:
        number, labels = np.zeros(n, dtype=np.int64), ("",)
        design = Complete(int(arm.sum()))
    else:
        labels_found, number = np.unique(np.asarray(block), return_inverse=True)
        labels = tuple(str(label) for label in labels_found)
        design = Blocked("block", tuple((label, int(arm[number == i].sum())) for i, label in enumerate(labels)))
    share = np.array([arm[number == i].mean() for i in range(len(labels))])
    return Allocation(
        person_id=ids,
        arm=arm,
        probability=np.column_stack([1 - share, share])[number],
        block=number.astype(np.int64),
        block_labels=labels,
        cluster=np.zeros(n, dtype=np.int64),
        cluster_labels=("",),
        randomised_on=np.full(n, np.datetime64("NaT"), dtype="datetime64[D]"),
        arms=Arms("intervention", "control"),
        design=design,
        proof=Declared(),
    )


@pytest.fixture(scope="session")
def make_allocation():
    """The function that makes an allocation from arms and blocks."""
    return allocation_of
