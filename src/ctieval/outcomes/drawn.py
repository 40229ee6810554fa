"""Everybody drawn, found in the registers with the week of her own randomisation; nothing is measured here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, IntArray
from ctieval.domain.registers import Registers
from ctieval.errors import InputError
from ctieval.registers.kernels.block import Participants
from ctieval.registers.store.panels import PersonBlocks, to_blocks
from ctieval.registers.weeks import weeks_of

Followed: TypeAlias = Registers | PersonBlocks
"""The registers of a trial, or persons in blocks: a ``Store`` of any size, or ``to_blocks(registers)``."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Drawn:
    """Everybody drawn.

    Attributes:
        blocks: The registers in blocks.
        persons: The persons drawn, in the order of the blocks.
        order: Place in the allocation of each of ``persons``, shape (n,).
        week_zero: Number of the ISO week that holds the day of the draw, in the order of the allocation, shape (n,).
    """

    blocks: PersonBlocks
    persons: Participants
    order: IntArray
    week_zero: IntArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Drawn({len(self.order)} persons)"

    @property
    def back(self) -> IntArray:
        """Place among ``persons`` of everybody in the allocation, shape (n,)."""
        return np.argsort(self.order)


def find_drawn(allocation: Allocation, followed: Followed) -> Drawn:
    """Find everybody drawn in the registers.

    Args:
        allocation: The allocation.
        followed: The registers, of any size.

    Raises:
        InputError: If somebody drawn is not in the registers.
        InputError: If the day of a draw is not known.
    """
    blocks = to_blocks(followed) if isinstance(followed, Registers) else followed
    pidx = blocks.find(allocation.person_id)
    _check_none(
        pidx < 0,
        what="somebody who was drawn is not in the registers",
        where="table persons, column person_id",
        do="add the missing persons to the register files; nobody who was drawn may be left out",
    )
    _check_none(
        np.isnat(allocation.randomised_on),
        what="weeks cannot be counted from a day that is not known",
        where="the allocation, randomised_on",
        do="give the day of the draw for every person",
    )
    order = np.argsort(pidx)
    week_zero = weeks_of(allocation.randomised_on)
    arm, week = (column[order].astype(np.int32) for column in (allocation.arm, week_zero))
    return Drawn(blocks, Participants(pidx[order], arm, week), order, week_zero)


def _check_none(wrong: BoolArray, *, what: str, where: str, do: str) -> None:
    if wrong.any():
        found, expected = f"{int(wrong.sum())} of {len(wrong)} persons", f"{len(wrong)} of {len(wrong)} persons"
        raise InputError(what=what, where=where, found=f"{found} without", expected=f"{expected} with", do=do)
