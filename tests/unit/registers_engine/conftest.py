from dataclasses import replace

import numpy as np
import pytest

from ctieval.registers.kernels.block import NO_DAY, Block, Months, Span, Spells


def numbers(*cells):
    return np.array(cells, dtype=np.int32)


def spells_of(*rows):
    """Runs from (row, start, end, code)."""
    row, start, end, code = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Spells(numbers(*row), numbers(*start), numbers(*end), np.array(code, dtype=np.int16))


def months_of_rows(*rows):
    """Months from (row, month, hours in hundredths, kroner)."""
    columns = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Months(*(numbers(*column) for column in columns))


def block_of(**changes) -> Block:
    """Three persons in the weeks 2505 to 2557 of 2018: on benefit, with a hole and a job, never seen."""
    block = Block(
        pidx=numbers(0, 1, 2),
        entry=numbers(2505, 2510, 2505),
        exit=numbers(2557, 2540, 2505),
        moved_on=numbers(NO_DAY, 7 * 2540, NO_DAY),
        birth=numbers(3000, 4000, NO_DAY),
        codes=spells_of((0, 2505, 2520, 730), (0, 2520, 2530, 731), (1, 2512, 2514, -1), (1, 2514, 2516, 651)),
        months=months_of_rows((1, 581, 14800, 20000), (1, 582, -1, -1)),
        span=Span(2505, 2557, 576, 588),
    )
    return replace(block, **changes)


@pytest.fixture(scope="session")
def make_block():
    """The function that makes the block of three persons, with changes."""
    return block_of


@pytest.fixture(scope="session")
def make_spells():
    """The function that makes runs."""
    return spells_of


@pytest.fixture(scope="session")
def make_months():
    """The function that makes months."""
    return months_of_rows
