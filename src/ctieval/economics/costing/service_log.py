"""A log of services as arrays, in the order of the allocation: who, when, where and how long; no price."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, DateArray, FloatArray, IntArray, StrArray
from ctieval.domain.registers import Registers
from ctieval.economics.costing.ingredients import Ingredient, Scope

MINUTES_PER_HOUR = 60


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ServiceLog:
    """Rows of a log of those drawn, shape (m,).

    Attributes:
        person: Place of the person in the allocation.
        day: The day.
        week: Week after the person's own draw; week 0 holds the day of the draw.
        contact: Hours of contact, each person's share where several met.
        indirect: Hours of other work for it, shared likewise.
        session: 1, or the person's share where several met.
        role: Occupation; empty where the log does not say.
        activity: Name of the activity.
        site: Place; the person's municipality where the log does not say.
    """

    person: IntArray
    day: DateArray
    week: IntArray
    contact: FloatArray
    indirect: FloatArray
    session: FloatArray
    role: StrArray
    activity: StrArray
    site: StrArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"ServiceLog({len(self.person)} rows)"

    def keep(self, rows: BoolArray) -> ServiceLog:
        """Keep some rows, shape (m,)."""
        return ServiceLog(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Logs:
    """Both logs.

    Attributes:
        programme: What the intervention gave.
        usual: Usual services, in both arms.
        usual_in_control: True for the rows of ``usual`` in the control.
    """

    programme: ServiceLog
    usual: ServiceLog
    usual_in_control: BoolArray

    def __repr__(self) -> str:
        """Name the sizes, never a person."""
        return f"Logs({self.programme!r}, {self.usual!r})"

    def of(self, ingredient: Ingredient) -> ServiceLog:
        """Return the rows in which an ingredient is counted."""
        match ingredient.scope:
            case Scope.INTERVENTION:
                return self.programme
            case Scope.BOTH:
                return self.usual
            case Scope.CONTROL:
                return self.usual.keep(self.usual_in_control)


def read_logs(allocation: Allocation, registers: Registers) -> Logs:
    """Read the log of the programme and that of usual services; a log that is not there has no rows."""
    programme, usual = (
        read_service_log(table, allocation, registers.persons)
        for table in (registers.activity, registers.usual_services)
    )
    return Logs(programme, usual, allocation.arm[usual.person] == 0)


def read_service_log(table: pd.DataFrame | None, allocation: Allocation, persons: pd.DataFrame) -> ServiceLog:
    """Read a log; rows of persons who were not drawn are left out.

    Args:
        table: The log with the columns of ``activity``, or None.
        allocation: The allocation.
        persons: The persons with their municipality.

    Returns:
        The rows in the order of the log; none without a log.
    """
    log = pd.DataFrame(columns=["person_id", "date", "activity", "minutes"]) if table is None else table
    person = pd.Index(allocation.person_id).get_indexer(pd.Index(log["person_id"])).astype(np.int64)
    kept = person >= 0
    person, log = person[kept], log[kept]
    day = log["date"].to_numpy(dtype="datetime64[D]")
    together = np.maximum(_numbers(log, "n_participants", 1.0), 1.0)
    home = persons.set_index("person_id")["municipality"].reindex(allocation.person_id).to_numpy(dtype=np.object_)
    site = _texts(log, "site")
    return ServiceLog(
        person=person,
        day=day,
        week=_week(day) - _week(allocation.randomised_on)[person],
        contact=_numbers(log, "minutes", 0.0) / MINUTES_PER_HOUR / together,
        indirect=_numbers(log, "minutes_indirect", 0.0) / MINUTES_PER_HOUR / together,
        session=1 / together,
        role=_texts(log, "role"),
        activity=_texts(log, "activity"),
        site=np.where(site == "", home[person], site),
    )


def _week(day: DateArray) -> IntArray:
    return (day.astype("datetime64[D]").astype(np.int64) + 3) // 7


def _numbers(log: pd.DataFrame, name: str, empty: float) -> FloatArray:
    if name not in log:
        return np.full(len(log), empty)
    return np.nan_to_num(log[name].to_numpy(dtype=np.float64, na_value=np.nan), nan=empty)


def _texts(log: pd.DataFrame, name: str) -> StrArray:
    if name not in log:
        return np.full(len(log), "", dtype=np.object_)
    return log[name].fillna("").to_numpy(dtype=np.object_)
