"""Ten thousand simulated trials against the drawing of their normals, in the same run."""

from __future__ import annotations

import numpy as np
from rows import Row, at_most
from stopwatch import seconds

from ctieval.assignment.power.detect import Question
from ctieval.assignment.power.outcome import Mean
from ctieval.assignment.power.sampling import Blocks, Persons
from ctieval.assignment.power.simulate import simulate_question

TRIALS, PERSONS, MOST = 10_000, 1_000, 10
WEEKS = Mean(sd_control=14, sd_intervention=14)
POOL = Question(outcome=WEEKS, sampling=Persons(control=500, intervention=500))
FIVE = Question(outcome=WEEKS, sampling=Blocks(control=(140,) * 5, intervention=(60,) * 5, between=0.1))


def race_power(repeat: int) -> list[Row]:
    """By turns: the normals of all trials, and the trials, simulated and summarised."""
    normals, pool, five = [], [], []
    for _ in range(repeat):
        normals.append(seconds(lambda: np.random.default_rng(1).standard_normal((TRIALS, PERSONS))))
        pool.append(seconds(lambda: simulate_question(POOL, 2.0, trials=TRIALS, seed=1)))
        five.append(seconds(lambda: simulate_question(FIVE, 2.0, trials=TRIALS, seed=1)))
    what = f"{TRIALS:,} trials of {PERSONS:,}"
    return [
        at_most("P1", f"{what}, one pool, in draws of their normals", min(pool) / min(normals), MOST, "x"),
        at_most("P2", f"{what}, 5 blocks, in draws of their normals", min(five) / min(normals), MOST, "x"),
    ]
