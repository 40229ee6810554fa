"""The estimators of effects against a pass over their data, and against other libraries, by turns in the same run.

One thread. ``python bench/effects.py`` prints a line a measure; ``--strict`` ends with 1 if a target is missed.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pandas as pd
from rows import Row, at_least, at_most, to_text
from stopwatch import seconds

from ctieval.inference.adjusted_difference import adjusted_difference
from ctieval.inference.difference import difference_in_means
from ctieval.inference.least_squares import fit_least_squares
from ctieval.inference.robust_variance import variance_of_contrast, variance_of_contrast_by_cluster

COLUMNS, CLUSTERS = 11, 98
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
Work = Callable[[], object]


class Trial:
    """A trial of so many persons: the constant, the arm and nine covariates; 98 clusters in any order."""

    def __init__(self, n: int):
        rng = np.random.default_rng(20180201)
        self.arm = rng.permutation(np.arange(n) % 2)
        self.covariates = rng.normal(size=(n, COLUMNS - 1))
        self.x = np.column_stack([np.ones(n), self.arm, self.covariates[:, : COLUMNS - 2]])
        self.y = self.x @ np.linspace(1, 2, COLUMNS) + rng.normal(size=n)
        self.contrast = np.eye(COLUMNS)[1]
        self.cluster = rng.integers(0, CLUSTERS, n)

    def gram(self):
        return self.x.T @ self.x

    def read(self):
        return self.y.max()

    def difference(self):
        return difference_in_means(self.y, self.arm)

    def hc2(self):
        return variance_of_contrast(self.x, fit_least_squares(self.x, self.y), self.contrast)

    def cr2(self):
        return variance_of_contrast_by_cluster(self.x, fit_least_squares(self.x, self.y), self.contrast, self.cluster)

    def lin(self):
        return adjusted_difference(self.y, self.arm, self.covariates)


def race(trial: Trial, repeat: int) -> list[Row]:
    """Each work by turns, the best of several counting."""
    works: dict[str, Work] = {
        name: getattr(trial, name) for name in ("gram", "read", "difference", "hc2", "cr2", "lin")
    }
    rivals = find_rivals(trial)
    best = dict.fromkeys([*works, *rivals], np.inf)
    for _ in range(repeat):
        for name, work in {**works, **rivals}.items():
            best[name] = min(best[name], seconds(work))
    n = f"{len(trial.y):,}"
    passes = {name: best[name] / best["gram"] for name in ("hc2", "lin", "cr2")}
    rows = [
        at_most("F1", f"difference in means, {n}, in passes over it", best["difference"] / best["read"], 30, "x"),
        at_most("F2", f"least squares and HC2, {n} x {COLUMNS}, in Gram passes", passes["hc2"], 5, "x"),
        at_most("F3", f"Lin with df, {n} x {COLUMNS}, in Gram passes", passes["lin"], 10, "x"),
        at_most("F4", f"CR2 with df, {n} x {COLUMNS}, {CLUSTERS} clusters, in Gram passes", passes["cr2"], 10, "x"),
    ]
    for number, rival in enumerate(rivals, start=5):
        ours = rival.split(" ")[0]
        rows.append(at_least(f"F{number}", f"{rival}: its time over ours", best[rival] / best[ours], 1))
    return rows


def find_rivals(trial: Trial) -> dict[str, Work]:
    """What other libraries do of the same work; one that is not installed is named and left out."""
    rivals: dict[str, Work] = {}
    for name, make in (
        ("scipy.stats", _scipy),
        ("statsmodels.api", _statsmodels),
        ("pyfixest", _pyfixest),
        ("tea_tasting", _tea),
    ):
        try:
            module = importlib.import_module(name)
        except ImportError:
            print(f"{name} is not installed: not raced")
            continue
        rivals |= make(trial, module)
    return rivals


def _scipy(trial: Trial, peer: ModuleType) -> dict[str, Work]:
    return {
        "difference by scipy": lambda: peer.ttest_ind(trial.y[trial.arm == 1], trial.y[trial.arm == 0], equal_var=False)
    }


def _statsmodels(trial: Trial, peer: ModuleType) -> dict[str, Work]:
    groups = {"groups": trial.cluster}
    return {
        "hc2 by statsmodels": lambda: peer.OLS(trial.y, trial.x).fit(cov_type="HC2").bse,
        "cr2 by statsmodels, which has CR1 alone": lambda: (
            peer.OLS(trial.y, trial.x).fit(cov_type="cluster", cov_kwds=groups).bse
        ),
    }


def _pyfixest(trial: Trial, peer: ModuleType) -> dict[str, Work]:
    names = [f"x{number}" for number in range(COLUMNS - 2)]
    frame = pd.DataFrame(trial.covariates[:, : COLUMNS - 2], columns=names).assign(
        y=trial.y, arm=trial.arm, cluster=trial.cluster
    )
    formula = f"y ~ arm + {' + '.join(names)}"
    return {
        "hc2 by pyfixest": lambda: peer.feols(formula, frame, vcov="HC2"),
        "cr2 by pyfixest, which has CRV3": lambda: peer.feols(formula, frame, vcov={"CRV3": "cluster"}),
    }


def _tea(trial: Trial, peer: ModuleType) -> dict[str, Work]:
    frame = pd.DataFrame({"variant": trial.arm, "y": trial.y})
    experiment = peer.Experiment(y=peer.Mean("y"))
    return {"difference by tea-tasting": lambda: experiment.analyze(frame)}


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--persons", type=int, default=1_000_000)
    asked.add_argument("--repeat", type=int, default=5)
    asked.add_argument("--strict", action="store_true")
    given = asked.parse_args()
    if any(os.environ.get(name) != "1" for name in ONE_THREAD):
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **ONE_THREAD})
    rows = race(Trial(given.persons), given.repeat)
    print("one thread\n" + to_text(rows))
    return int(given.strict and not all(row.met for row in rows))


if __name__ == "__main__":
    sys.exit(main())
