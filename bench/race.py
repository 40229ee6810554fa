"""B1 to B8, B11 and B13: every step, ours and the naive one by turns in one run, so that changes of speed hit both."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from asked import LENGTHS, PAID_WINDOWS, PATH, WINDOWS, criteria, end_to_end, ingest, question
from plain import Plain, compare
from rows import Row, at_least, at_most

from ctieval.registers.kernels.first_spell import find_first_spell
from ctieval.registers.kernels.follow import FollowUp
from ctieval.registers.kernels.look_up import look_up
from ctieval.registers.kernels.overlay import overlay
from ctieval.registers.kernels.paths import count_paths, sum_paths
from ctieval.registers.kernels.payments import sum_payments
from ctieval.registers.kernels.windows import count_weeks
from ctieval.registers.store.open import open_store

T = TypeVar("T")
WORK = {
    "B1": ("wide Parquet -> store", 15),
    "B2": ("K1 states", 8),
    "B3": ("K2 eligibility", 20),
    "B4": ("K3 windows", 40),
    "B5": ("K4 first spell", 30),
    "B6": ("K5 payments", 40),
    "B7": ("K6 paths", 20),
    "B8": ("wide Parquet -> all tables", 15),
}
"""What is measured, and how many times faster than plain pandas it must be."""
KERNELS = ("B2", "B3", "B4", "B5", "B6", "B7")
MOST_OVER_LIMIT = 200


class Clock:
    """Seconds of ours and of the naive way, by step; a step that stands twice in a turn is added."""

    def __init__(self):
        self.ours: defaultdict[str, float] = defaultdict(float)
        self.naive: defaultdict[str, float] = defaultdict(float)

    def both(self, name: str, ours: Callable[[], T], naive: Callable[[], object]) -> T:
        found = timed(self.ours, name, ours)
        timed(self.naive, name, naive)
        return found


def timed(seconds: dict[str, float], name: str, work: Callable[[], T]) -> T:
    begin = time.perf_counter()
    found = work()
    seconds[name] += time.perf_counter() - begin
    return found


def race(files: Path, scratch: Path, persons: int, weeks: int, repeat: int) -> list[Row]:
    """The best of several turns, each in folders of its own."""
    turns, limits = [], []
    for number in range(repeat):
        clock, touched = run_turn(files, scratch / f"turn-{number}", persons, weeks)
        turns.append(clock)
        limits.append(bandwidth())
    ours, naive = (
        {name: min(getattr(turn, side)[name] for turn in turns) for name in WORK} for side in ("ours", "naive")
    )
    rows = [
        at_least(name, f"{what} ({ours[name]:.3f} s against {naive[name]:.2f} s)", naive[name] / ours[name], target)
        for name, (what, target) in WORK.items()
    ]
    over = sum(ours[name] for name in KERNELS) * max(limits) / touched
    what = f"all kernels over reading their bytes at {max(limits) / 1e9:.0f} GB/s"
    return [
        *rows,
        Row("B11", "every whole number as in plain pandas", "same", "same", met=True),
        at_most("B13", what, over, MOST_OVER_LIMIT, "x"),
    ]


def run_turn(files: Path, scratch: Path, persons: int, weeks: int) -> tuple[Clock, float]:
    """Every step once; whole numbers that differ stop the run. The bytes that the kernels must touch come too."""
    clock, asked, plain = Clock(), question(persons, weeks), Plain(files, persons, weeks)
    found = timed(clock.ours, "B8", lambda: end_to_end(files, scratch / "all", persons, weeks))
    clock.both("B1", lambda: ingest(files, scratch / "weeks", weeks, paid=False), plain.read_weeks)
    timed(clock.naive, "months", plain.read_months)
    store = open_store(scratch / "all")
    blocks = [store.load(number) for number in range(len(store))]
    runs = clock.both("B2", lambda: [overlay(block, asked.rules) for block in blocks], plain.find_states)
    for name, work in kernels(blocks, runs, asked).items():
        clock.both(name, work, plain.steps[name])
    clock.naive["B8"] = sum(clock.naive.values())
    compare(found, plain)
    return clock, bytes_touched(blocks, runs, asked)


def kernels(blocks, runs, asked: FollowUp) -> dict[str, Callable[[], object]]:
    """The kernels of ours over blocks in memory."""
    arms, n_states, rates = asked.n_arms, asked.rules.n_states, asked.rates
    drawn = [asked.drawn.within(block)[1] for block in blocks]
    held = [
        (block.codes, states, each, each.week_zero) for block, states, each in zip(blocks, runs, drawn, strict=True)
    ]
    return {
        "B3": lambda: [look_up(block, criteria()) for block in blocks],
        "B4": lambda: [count_weeks(states, zero, WINDOWS, n_states) for _, states, _, zero in held],
        "B5": lambda: [find_first_spell(states, zero, asked.first_spell) for _, states, _, zero in held],
        "B6": lambda: [sum_payments(codes, zero, PAID_WINDOWS, rates) for codes, _, _, zero in held],
        "B7": lambda: [
            (
                count_paths(states, each, PATH, n_arms=arms, n_states=n_states),
                sum_paths(codes, each, PATH, rates, n_arms=arms),
            )
            for codes, states, each, _ in held
        ],
    }


def bytes_touched(blocks, runs, asked: FollowUp) -> float:
    """Bytes of the arrays that the six kernels must read and write once, in memory."""
    codes = sum(14 * len(block.codes) for block in blocks)
    months = sum(16 * len(block.months) for block in blocks)
    states = sum(14 * len(each) for each in runs)
    a_person = 4 * len(WINDOWS) * asked.rules.n_states + 2 * len(LENGTHS) + 8 * len(PAID_WINDOWS) + 12
    tables = a_person * len(asked.drawn.pidx)
    overlaid, looked_up, followed = codes + months + states, codes, 2 * states + codes
    return overlaid + looked_up + followed + (states + codes) + tables


def bandwidth() -> float:
    """Bytes a second that one core reads, best of five."""
    cells, best = np.ones(1 << 26, dtype=np.int32), np.inf
    for _ in range(5):
        begin = time.perf_counter()
        cells.max()
        best = min(best, time.perf_counter() - begin)
    return cells.nbytes / best


def calibrate() -> float:
    """Seconds of a plain loop: how fast the machine was just then."""
    begin = time.perf_counter()
    total = 0
    for number in range(3_000_000):
        total += number & 7
    return time.perf_counter() - begin
