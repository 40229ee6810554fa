"""Steps of the intervention and how many of the drawn reached each; whether they helped is not asked here."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.implementation_table import FunnelStep, ImplementationTable
from ctieval.domain.registers import Registers


def describe_implementation(allocation: Allocation, registers: Registers) -> ImplementationTable | None:
    """Describe what the intervention arm was given, from the activity log.

    The steps stand in the order of their first date in the intervention, those of one day in alphabetical order.
    Entries of others than the persons drawn into the intervention count in no step.

    Args:
        allocation: The allocation.
        registers: The registers.

    Returns:
        Persons reached, and mean contacts and hours of those reached; None where there is no log. A person with
        an entry without minutes has no known hours, and the mean is over the others.
    """
    if registers.activity is None:
        return None
    treated = pd.Index(allocation.person_id[allocation.arm == 1])
    log = registers.activity.assign(person=treated.get_indexer(pd.Index(registers.activity["person_id"])))
    log = log[log["person"] >= 0]
    first = log.groupby("activity", sort=True)["date"].min().sort_values(kind="stable")
    steps = tuple(_step(str(activity), log[log["activity"] == activity], len(treated)) for activity in first.index)
    return ImplementationTable(drawn=len(treated), steps=steps)


def _step(activity: str, log: pd.DataFrame, drawn: int) -> FunnelStep:
    person = log["person"].to_numpy(dtype=np.int64)
    minutes = np.bincount(person, weights=log["minutes"].to_numpy(dtype=np.float64, na_value=np.nan), minlength=drawn)
    contacts = np.bincount(person, minlength=drawn)
    return FunnelStep(
        step=activity,
        reached=int((contacts > 0).sum()),
        contacts_mean=float(contacts[contacts > 0].mean()),
        hours_mean=_mean_known(minutes[contacts > 0] / 60),
    )


def _mean_known(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else np.nan
