"""The estimators of effects against a pass over their data, and against other libraries, by turns in the same run.

One thread, by its processor time, which a machine shared with others changes least. ``python bench/effects.py`` prints
a line a measure; ``--strict`` ends with 1 if a target is missed. A library that is not installed is named and left out.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace

import numpy as np
from effects_peers import Peer, Work, find_peers, versions
from rows import Row, at_least, at_most, to_text
from stopwatch import processor_seconds

from ctieval.inference.adjusted_difference import adjusted_difference
from ctieval.inference.difference import difference_in_means
from ctieval.inference.least_squares import fit_least_squares
from ctieval.inference.robust_variance import variance_of_contrast, variance_of_contrast_by_cluster

COVARIATES, COLUMNS, CLUSTERS = 10, 11, 98
ONE_THREAD = {
    f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL", "NUMBA", "RAYON", "ARROW", "VECLIB", "NUMEXPR")
} | {"POLARS_MAX_THREADS": "1"}
SAME = 1e-4
"""How far a statistic of the same formula may lie from ours: pyfixest multiplies HC2 by n / (n - p)."""


class Trial:
    """A trial of so many persons: the constant, the arm and nine of ten covariates; 98 clusters in any order."""

    def __init__(self, n: int):
        rng = np.random.default_rng(20180201)
        self.arm = rng.permutation(np.arange(n) % 2)
        self.covariates = rng.normal(size=(n, COVARIATES))
        self.before = self.covariates[:, :1].copy()
        self.x = np.column_stack([np.ones(n), self.arm, self.covariates[:, : COLUMNS - 2]])
        self.y = self.x @ np.linspace(1, 2, COLUMNS) + rng.normal(size=n)
        self.contrast = np.eye(COLUMNS)[1]
        self.cluster = rng.integers(0, CLUSTERS, n)

    def read(self) -> float:
        return float(self.y.max())

    def gram(self) -> float:
        return float((self.x.T @ self.x)[0, 0])

    def difference(self) -> float:
        found = difference_in_means(self.y, self.arm)
        return found.estimate / found.variance**0.5

    def hc2(self) -> float:
        fit = fit_least_squares(self.x, self.y)
        return float(fit.coef[1]) / variance_of_contrast(self.x, fit, self.contrast).variance ** 0.5

    def lin(self) -> float:
        found = adjusted_difference(self.y, self.arm, self.covariates).total
        return found.estimate / found.std_error

    def lin1(self) -> float:
        found = adjusted_difference(self.y, self.arm, self.before).total
        return found.estimate / found.std_error

    def cr2(self) -> float:
        fit = fit_least_squares(self.x, self.y)
        found = variance_of_contrast_by_cluster(self.x, fit, self.contrast, self.cluster)
        return float(fit.coef[1]) / found.variance**0.5


WORKS = {
    "difference": ("F1", "difference in means, {n}, in passes over it", "read", 30),
    "hc2": ("F2", f"least squares and HC2, {{n}} x {COLUMNS}, in Gram passes", "gram", 5),
    "lin": ("F3", f"Lin with df, {{n}}, {COVARIATES} covariates, in Gram passes", "gram", 10),
    "cr2": ("F4", f"CR2 with df, {{n}} x {COLUMNS}, {CLUSTERS} clusters, in Gram passes", "gram", 10),
    "lin1": ("F5", "Lin with df, {n}, 1 covariate, in Gram passes", "gram", 10),
}
"""Each work of ours: its number, what it is, the pass that it is measured by, and at most how many of them."""
LESS = ("lin1",)
"""Works of which the peers do a lighter one, so that being ahead is no target: CUPED has one slope for both arms."""


def race(trial: Trial, repeat: int) -> list[Row]:
    """Each work by turns, the best of several counting; a statistic of the same formula that differs stops the run."""
    peers = find_peers(trial)
    works: dict[str | Peer, Work] = {name: getattr(trial, name) for name in ("read", "gram", *WORKS)}
    works |= {peer: peer.work for peer in peers}
    best, found = dict.fromkeys(works, np.inf), dict.fromkeys(works, np.nan)
    for _ in range(repeat):
        for name, work in works.items():
            taken, found[name] = processor_seconds(work)
            best[name] = min(best[name], taken)
    rows = [
        at_most(number, what.format(n=f"{len(trial.y):,}"), best[name] / best[per], most, "x")
        for name, (number, what, per, most) in WORKS.items()
    ]
    for peer in peers:
        if not peer.unlike and abs(found[peer] / found[peer.ours] - 1) > SAME:
            raise SystemExit(f"{peer.name} finds {found[peer]}, ours {found[peer.ours]}")
        row = at_least(WORKS[peer.ours][0], f"{peer.name}: its time", best[peer] / best[peer.ours], 1)
        rows.append(replace(row, target="none", met=True) if peer.ours in LESS else row)
    return rows


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--persons", type=int, default=1_000_000)
    asked.add_argument("--repeat", type=int, default=5)
    asked.add_argument("--strict", action="store_true")
    given = asked.parse_args()
    if any(os.environ.get(name) != "1" for name in ONE_THREAD):
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **ONE_THREAD})
    rows = race(Trial(given.persons), given.repeat)
    print(f"one thread, its processor time; {versions()}\n" + to_text(rows))
    return int(given.strict and not all(row.met for row in rows))


if __name__ == "__main__":
    sys.exit(main())
