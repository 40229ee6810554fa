"""Resamples of a trial and the outlook of its account, measured against their own matrix products.

The size is that of the specification (B4): 5,000 persons, 36 months of 6 quantities, 2,000 resamples, 8 accounts. What
is drawn at a time does not grow with the number of resamples; a process of its own says what it needs at the most.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
from rows import Row, at_most
from stopwatch import best, seconds

from ctieval.domain.allocation import Allocation, Declared
from ctieval.domain.arms import Arms
from ctieval.domain.design import Blocked
from ctieval.domain.outlook_plan import OutlookPlan
from ctieval.economics.outlook.build import build_outlook
from ctieval.economics.outlook.resample import build_units, draw_effects
from ctieval.economics.outlook.streams import Stream
from ctieval.rates.rate import Step

PERSONS, MONTHS, QUANTITIES, REPLICATES, ACCOUNTS, BLOCKS = 5000, 36, 6, 2000, 8, 5
MOST_PRODUCTS = 40
"""The products may take several cores, and drawing the multinomial counts, which is most of the rest, takes one."""
MOST_SECONDS, MOST_GROWTH = 3, 25


def draw_trial() -> Allocation:
    """Five blocks of a thousand, half of each drawn."""
    number = np.repeat(np.arange(BLOCKS), PERSONS // BLOCKS)
    labels = tuple(f"block {each}" for each in range(BLOCKS))
    return Allocation(
        person_id=np.array([f"P{i:06d}" for i in range(PERSONS)], dtype=object),
        arm=np.arange(PERSONS) % 2,
        probability=np.full((PERSONS, 2), 0.5),
        block=number,
        block_labels=labels,
        cluster=np.zeros(PERSONS, dtype=np.int64),
        cluster_labels=("",),
        randomised_on=np.full(PERSONS, np.datetime64("2018-02-05")),
        arms=Arms("intervention", "control"),
        design=Blocked("block", tuple((label, PERSONS // BLOCKS // 2) for label in labels)),
        proof=Declared(),
    )


def draw_months(quantities: int) -> np.ndarray:
    """Skewed quantities by person and month."""
    return np.random.default_rng(1).lognormal(0, 1.5, (PERSONS, MONTHS * quantities))


def product(columns: int) -> float:
    """Seconds of one matrix product: all counts of all resamples, and all columns."""
    counts = np.random.default_rng(2).poisson(1, (REPLICATES, PERSONS)).astype(np.float64)
    values = np.random.default_rng(3).normal(size=(PERSONS, columns))
    return best(lambda: counts @ values, 3)


def resample_and_price(replicates: int = REPLICATES) -> np.ndarray:
    """Joint draws of every mean, and every account of every draw."""
    units = build_units(draw_months(QUANTITIES), draw_trial())
    prices = np.random.default_rng(4).normal(size=(QUANTITIES, ACCOUNTS))
    drawn = draw_effects(units, replicates=replicates, seed=1)
    return drawn.reshape(replicates, MONTHS, QUANTITIES) @ prices


def look_at_all_accounts() -> None:
    months = draw_months(1)
    streams = {f"account {each}": Stream(months - each, months, {2018: months[:, 0]}) for each in range(ACCOUNTS)}
    plan = OutlookPlan(replicates=REPLICATES)
    build_outlook(streams, draw_trial(), plan, horizon_weeks=156, steps=(Step(0, 0.035),))


def peak_gigabytes(replicates: int) -> float:
    """Peak memory of a process that does nothing else."""
    done = subprocess.run([sys.executable, __file__, str(replicates)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def race_outlook(repeat: int) -> list[Row]:
    """Draws and prices, and the whole outlook, in matrix products of their own size; and the memory of four times."""
    size = f"{PERSONS:,} x {MONTHS} months x {QUANTITIES}, {REPLICATES:,} draws, {ACCOUNTS} accounts"
    drawn, looked = best(resample_and_price, repeat), seconds(look_at_all_accounts)
    some, more = peak_gigabytes(REPLICATES), peak_gigabytes(4 * REPLICATES)
    one, all_columns = product(MONTHS * QUANTITIES), product(ACCOUNTS * (MONTHS + 18))
    looks = f"outlook of {ACCOUNTS} accounts: {looked:.1f} s, in products"
    memory = f"memory of {4 * REPLICATES:,} draws over {REPLICATES:,} ({1000 * some:.0f} MB)"
    return [
        at_most("E5", f"{size}: {drawn:.1f} s, in products", drawn / one, MOST_PRODUCTS, "x"),
        at_most("E6", "the same, as the specification says it", drawn, MOST_SECONDS, " s"),
        at_most("E7", looks, looked / all_columns, MOST_PRODUCTS, "x"),
        at_most("E8", memory, 100 * (more / some - 1), MOST_GROWTH, " %"),
    ]


if __name__ == "__main__":
    resample_and_price(int(sys.argv[1]))
    status = Path("/proc/self/status").read_text()
    print(int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024 / 1e9)
