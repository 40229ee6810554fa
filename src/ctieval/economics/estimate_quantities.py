"""Averages the quantities in each arm as the design weighs persons, so that they add up to the lines."""

from __future__ import annotations

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, IntArray
from ctieval.domain.ledger_quantities import LedgerQuantities, Quantity
from ctieval.economics.merge_quantities import merge_quantities
from ctieval.economics.quantities import PersonQuantities
from ctieval.inference.by_design import by_design


def estimate_quantities(
    persons: PersonQuantities, allocation: Allocation, *, fewest: int = 1
) -> LedgerQuantities | None:
    """Average every quantity in each arm.

    The estimator is linear in what persons have, so that the mean of an arm is what it gives where everybody in the
    other has nothing; the difference of the two is the effect.

    Args:
        persons: The quantities of each person.
        allocation: The allocation, in the same person order.
        fewest: Fewest persons of an arm behind a quantity; see ``merge_quantities``.

    Returns:
        The quantities; None where too few persons are behind them.

    Raises:
        EstimationError: If fewer than two persons are wholly observed in an arm of a block.
    """
    merged = merge_quantities(persons, allocation.arm, fewest)
    if merged is None or not merged.amounts:
        return None
    values = np.column_stack(list(merged.amounts.values()))
    both = by_design(values, allocation)
    one = by_design(values * (allocation.arm == 1)[:, None], allocation).estimate
    return LedgerQuantities(
        cells=merged.cells,
        quantities=tuple(
            Quantity(
                entry=key.entry,
                party=key.party,
                price=key.price,
                share=key.share,
                cell=key.cell,
                control=float(one[number] - both.estimate[number]),
                intervention=float(one[number]),
                std_error=float(both.std_error[number]),
                persons=_count(np.nan_to_num(values[:, number]) != 0, allocation.arm),
            )
            for number, key in enumerate(merged.amounts)
        ),
    )


def _count(has_some: BoolArray, arm: IntArray) -> tuple[int, int]:
    control, intervention = np.bincount(arm[has_some], minlength=2)[:2]
    return int(control), int(intervention)
