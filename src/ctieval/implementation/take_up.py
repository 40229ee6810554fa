"""Who took part, by the activity log or a column: in both arms, from each person's own draw on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, IntArray
from ctieval.domain.compliance_table import TakeUpStep
from ctieval.domain.effects_plan import LoggedTakeUp, TakeUpColumn
from ctieval.domain.registers import Registers
from ctieval.domain.take_up import TakeUp
from ctieval.errors import InputError, SchemaError

CONTACTS = (1, 5, 10, 20)
"""Numbers of entries, whatever the activity, by which the table of take-up tells how much was received."""


def track_take_up(allocation: Allocation, registers: Registers, counted: LoggedTakeUp | None) -> TakeUp | None:
    """Read from the activity log how far each person drawn came, whichever arm she is in.

    An entry before a person's draw counts for nothing. Where the log has no entry of anybody in the control, it is
    taken to hold the intervention alone.

    Args:
        allocation: The allocation.
        registers: The registers.
        counted: What counts as taking part, or None where the plan does not say.

    Returns:
        Who took part; None where there is no log.

    Raises:
        InputError: If the log has no entry of the activity that counts.
    """
    if registers.activity is None:
        return None
    log = _entries(registers.activity, allocation)
    anything = np.bincount(log["person"], minlength=len(allocation.arm))
    in_control_known = bool(anything[allocation.arm == 0].any())
    first, *others = ((TakeUpStep.LOGGED, fewest, anything >= fewest) for fewest in CONTACTS)
    more = [step for step in others if step[-1].any()]
    if counted is None:
        return TakeUp(None, (first, *more), None, in_control_known)
    contacts = _count(log, counted, len(allocation.arm))
    counting = [(TakeUpStep.ACTIVITY, fewest, contacts >= fewest) for fewest in sorted({1, counted.contacts})]
    took_part = (contacts >= counted.contacts).astype(np.float64)
    return TakeUp(counted, (first, *counting, *more), took_part, in_control_known)


def read_take_up(frame: pd.DataFrame, allocation: Allocation, counted: TakeUpColumn) -> TakeUp:
    """Read from a column who took part.

    Args:
        frame: The analysis-ready table, one row a person in the order of the allocation.
        allocation: The allocation.
        counted: The column. Where it is empty for the whole control, nobody there is taken to have taken part; it
            cannot be empty for the whole intervention.

    Returns:
        Who took part.

    Raises:
        SchemaError: If the column is not there, is empty for the intervention, or holds something else than 0 and 1.
    """
    if counted.column not in frame.columns:
        raise _broken(counted, rule="the column is there", n_rows=len(frame))
    column = frame[counted.column]
    took_part = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    if broken := int((column.notna().to_numpy() & ~np.isin(took_part, (0, 1))).sum()):
        raise _broken(counted, rule="0 or 1 for each person", n_rows=broken)
    control = allocation.arm == 0
    if np.isnan(took_part[~control]).all():
        raise _broken(counted, rule="filled in for the intervention", n_rows=int((~control).sum()))
    known = not bool(np.isnan(took_part[control]).all())
    filled = took_part if known else np.where(control, 0.0, took_part)
    return TakeUp(counted, ((TakeUpStep.TOOK_PART, 0, filled == 1),), filled, known)


def _entries(activity: pd.DataFrame, allocation: Allocation) -> pd.DataFrame:
    """Entries of those drawn, with their place in the allocation, from their own draw on."""
    place: IntArray = pd.Index(allocation.person_id).get_indexer(pd.Index(activity["person_id"]))
    drawn = activity.assign(person=place)[place >= 0]
    since = pd.Series(allocation.randomised_on[drawn["person"]], index=drawn.index)
    before: BoolArray = (drawn["date"] < since).to_numpy(dtype=np.bool_)
    return drawn[~before]


def _count(log: pd.DataFrame, counted: LoggedTakeUp, n: int) -> IntArray:
    mine = log[log["activity"] == counted.activity]
    if mine.empty:
        named = sorted(set(log["activity"].astype(str)))
        raise InputError(
            what="the activity that counts as taking part is not in the log",
            where="take_up in the plan, and the activity log",
            found=f"no entry of {counted.activity} from the draw on; the log names {', '.join(named[:8]) or 'nothing'}",
            expected="the activity as the log names it",
            do="correct the name in the plan or in the log, or take take_up out",
        )
    return np.bincount(mine["person"], minlength=n)


def _broken(counted: TakeUpColumn, *, rule: str, n_rows: int) -> SchemaError:
    return SchemaError(
        table="table",
        column=counted.column,
        rule=rule,
        n_rows=n_rows,
        first_row=None,
        expected="1 for a person who took part, and 0 for one who did not",
        do="correct the column, or its name in take_up of the plan",
    )
