"""The draw and its power measured against a sort and a draw of normals in the same run: python bench/assignment.py.

Ratios, never seconds: a machine shared with others changes its speed within the hour.
"""

from __future__ import annotations

import argparse
import sys
from fractions import Fraction

import numpy as np
from power import race_power
from rows import Row, at_most, to_text
from stopwatch import best

from ctieval.assignment.lots import draw_lots
from ctieval.designs.draw import draw
from ctieval.domain.design import Blocked
from ctieval.domain.entrants import Entrants

MOST_SORTS = 3
TWO_ARMS = Blocked("block", (("", Fraction(1, 2)),))
THREE_ARMS = Blocked("block", (("", (Fraction(3, 10), Fraction(1, 5))),))


def race_draws(persons: int, blocks: int, repeat: int) -> list[Row]:
    """One draw of everybody against one stable sort of everybody's block number, the array that it puts in order."""
    rng = np.random.Generator(np.random.PCG64(1))
    number = rng.integers(blocks, size=persons)
    entrants = Entrants.in_blocks(np.array([f"{each:05d}" for each in range(blocks)], dtype=object)[number])
    person_id = np.array([f"P{each:09d}" for each in range(persons)], dtype=object)
    sort = best(lambda: np.argsort(number, kind="stable"), repeat)
    two, three = (best(lambda design=design: draw(design, entrants, rng), repeat) for design in (TWO_ARMS, THREE_ARMS))
    hashed = best(lambda: draw_lots(person_id, entrants, TWO_ARMS, 1), 1)
    who = f"{persons:,} in {blocks:,} blocks: "
    return [
        at_most("D1", f"{who}draw in halves, in stable sorts", two / sort, MOST_SORTS, "x"),
        at_most("D2", f"{who}three unequal arms, in stable sorts", three / sort, MOST_SORTS, "x"),
        Row("D3", f"{who}D1 with every identifier hashed", f"{hashed / sort:.0f}x", "none", True),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--blocks", type=int, default=1_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a target is not met")
    arguments = parser.parse_args()
    rows = race_draws(arguments.persons, arguments.blocks, arguments.repeat)
    rows += race_power(arguments.repeat)
    print(to_text(rows))
    return int(arguments.strict and not all(row.met for row in rows))


if __name__ == "__main__":
    sys.exit(main())
