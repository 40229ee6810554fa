"""The refund ladder of a million persons, and the resamples of a trial's account: python bench/economics.py.

Ratios, never seconds: a machine shared with others changes its speed within the hour. A running sum over the same
weeks is the least that any count of them must do; a plain loop is what the law reads like. Resamples are held against
the matrix products that they are made of.
"""

from __future__ import annotations

import argparse
import sys
from collections import deque

import numpy as np
from outlook import race_outlook
from rows import Row, at_least, at_most, to_text
from stopwatch import best

from ctieval.economics.refund import count_ladder_weeks, state_shares
from ctieval.rates.load import load_rates

MOST_SUMS = 10
LEAST_LOOPS = 20
LOOPED = 500
RESET, WINDOW = 52, 156


def draw_weeks(persons: int, weeks: int) -> tuple[np.ndarray, np.ndarray]:
    """Runs of benefit, self-support and subsidised jobs, half a year long on the average."""
    rng = np.random.Generator(np.random.PCG64(1))
    counted, free = (np.empty((persons, weeks), dtype=np.bool_) for _ in range(2))
    for start in range(0, persons, 10_000):
        some = slice(start, min(start + 10_000, persons))
        shape = some.stop - some.start, weeks
        new = rng.random(shape, dtype=np.float32) < 1 / 26
        new[:, 0] = True
        drawn = rng.choice(3, size=shape, p=(0.5, 0.4, 0.1)).astype(np.int8)
        begun = np.maximum.accumulate(np.where(new, np.arange(weeks), 0), axis=1)
        state = np.take_along_axis(drawn, begun, axis=1)
        counted[some], free[some] = state == 0, state == 1
    return counted, free


def loop(counted: np.ndarray, free: np.ndarray) -> np.ndarray:
    """The machine as the specification writes it, person by person and week by week."""
    found = np.zeros(counted.shape, dtype=np.int16)
    for person, (benefit, own) in enumerate(zip(counted.tolist(), free.tolist(), strict=True)):
        n, started, window = 0, False, deque(maxlen=WINDOW)
        for week, on_benefit in enumerate(benefit):
            n, started = n + on_benefit, started or on_benefit
            found[person, week] = n
            if started:
                window.append(own[week])
                if sum(window) >= RESET:
                    n, started = 0, False
                    window.clear()
    return found


def race_ladder(persons: int, weeks: int, repeat: int) -> list[Row]:
    """The count and the shares of everybody against a running sum, and some of them against the plain loop."""
    counted, free = draw_weeks(persons, weeks)
    steps = load_rates(None).newest_schedule("refund_share").steps
    rules = {"reset_weeks": RESET, "reset_window": WINDOW}
    summed = best(lambda: np.cumsum(counted, axis=1, dtype=np.int16), repeat)
    ladder = best(lambda: count_ladder_weeks(counted, free, **rules), repeat)
    some = slice(0, LOOPED)
    looped = best(lambda: loop(counted[some], free[some]), 1) * persons / LOOPED
    found = count_ladder_weeks(counted[some], free[some], **rules)
    same = bool(np.array_equal(found, loop(counted[some], free[some])))
    priced = best(lambda: state_shares(count_ladder_weeks(counted, free, **rules)[:, -104:], steps), 1)
    who = f"{persons:,} persons x {weeks} weeks: "
    return [
        at_most("E1", f"{who}the ladder ({ladder:.1f} s), in running sums", ladder / summed, MOST_SUMS, "x"),
        at_least("E2", f"{who}the ladder, over the plain loop", looped / ladder, LEAST_LOOPS),
        Row("E3", f"{LOOPED} persons as in the plain loop", "same" if same else "other", "same", met=same),
        at_most("E4", f"{who}with shares of two years, in running sums", priced / summed, 2 * MOST_SUMS, "x"),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--weeks", type=int, default=520)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--strict", action="store_true", help="exit with 1 if a target is not met")
    arguments = parser.parse_args()
    rows = [*race_ladder(arguments.persons, arguments.weeks, arguments.repeat), *race_outlook(arguments.repeat)]
    print(to_text(rows))
    return int(arguments.strict and not all(row.met for row in rows))


if __name__ == "__main__":
    sys.exit(main())
