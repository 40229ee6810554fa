"""What holds for every block of every store; a block for which it does not is refused, never repaired."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import chain

import numpy as np

from ctieval.domain.arrays import BoolArray, IntArray
from ctieval.domain.registers import BLANK, NOT_OBSERVED
from ctieval.errors import CodeListError, InputError
from ctieval.registers.kernels.block import SOME, UNKNOWN, Block
from ctieval.registers.kernels.intervals import touches
from ctieval.registers.weeks import to_week_text

_LAST_CODE = 999


def check_block(block: Block, *, where: str) -> None:
    """Refuse a block that breaks a rule of the store.

    * Persons are numbered without a gap; each is observed within the weeks of the extract.
    * Spells are sorted by person and start, have at least one week, do not overlap, lie within the weeks in which
      the person is observed, carry a code from 1 to 999 or that of a hole (-1), and are as long as they can be.
    * Months are sorted, one row a person and month, within the months of the extract; hours and earnings are known
      and not negative, or -1, or for hours -2.

    Args:
        block: The block.
        where: Its name in a message.

    Raises:
        InputError: If a rule is broken; the first that is.
    """
    for rule, broken in chain(_persons(block), _spells(block), _months(block)):
        if np.any(broken):
            raise InputError(
                what="a block breaks a rule of the store",
                where=where,
                found=f"{np.count_nonzero(broken)} rows that break it; values are not shown",
                expected=rule,
                do="write the store again from its extract",
            )


def check_codes(block: Block, known: Collection[int], *, where: str) -> None:
    """Refuse codes that are not in the code list.

    Raises:
        CodeListError: If a code is not known; the smallest such code of the block is named.
    """
    codes = block.codes
    in_list = np.zeros(_LAST_CODE + 2, dtype=np.bool_)
    in_list[[code for code in known if BLANK <= code <= _LAST_CODE]] = True
    in_list[NOT_OBSERVED] = True
    unknown = ~in_list[codes.code]
    if unknown.any():
        code = codes.code[unknown].min()
        of_code = codes.code == code
        raise CodeListError(
            code=str(code),
            n_weeks=int((codes.end - codes.start)[of_code].sum()),
            first_week=to_week_text(int(codes.start[of_code].min())),
            where=where,
            do="correct the code, or add it with its group and source to the trial's own code list",
        )


def _persons(block: Block) -> Iterator[tuple[str, BoolArray]]:
    span = block.span
    yield "persons numbered one after the other", np.diff(block.pidx) != 1
    outside = (block.entry < span.first_week) | (block.exit > span.end_week) | (block.entry > block.exit)
    yield "entry and exit within the weeks of the extract, in that order", outside


def _spells(block: Block) -> Iterator[tuple[str, BoolArray]]:
    codes = block.codes
    yield "spells of persons of the block", (codes.row < 0) | (codes.row >= len(block))
    yield "spells that begin before they end", codes.start >= codes.end
    yield "spells sorted by person and start", _steps(codes.start_keys()) <= 0
    same = codes.row[1:] == codes.row[:-1]
    yield "spells of a person that do not overlap", same & (codes.start[1:] < codes.end[:-1])
    yield "codes from 1 to 999, or -1 for a hole", (codes.code < -1) | (codes.code == BLANK) | (codes.code > _LAST_CODE)
    yield "spells as long as they can be", touches(codes, codes.code[1:] == codes.code[:-1])
    inside = (codes.start >= block.entry[codes.row]) & (codes.end <= block.exit[codes.row])
    yield "spells between the entry and the exit of the person", ~inside


def _months(block: Block) -> Iterator[tuple[str, BoolArray]]:
    months, span = block.months, block.span
    yield "months of persons of the block", (months.row < 0) | (months.row >= len(block))
    yield "months of the extract", (months.month < span.first_month) | (months.month >= span.end_month)
    same = months.row[1:] == months.row[:-1]
    unsorted = (months.row[1:] < months.row[:-1]) | (same & (months.month[1:] <= months.month[:-1]))
    yield "months sorted by person and month, each once", unsorted
    below = (months.hours < SOME) | (months.earnings < UNKNOWN)
    yield "hours and earnings of 0 or more, -1 where not known, and -2 for hours of which no more is known", below


def _steps(keys: IntArray) -> IntArray:
    return keys[1:] - keys[:-1]
