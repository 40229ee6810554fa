"""What other libraries do of the work of ``effects.py``, each by its own best way in; none of them is needed."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

PACKAGES = ("scipy", "statsmodels", "pyfixest", "tea-tasting")
Work = Callable[[], float]
"""Work that ends in the t statistic of the arm."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One work of ours by another library.

    Attributes:
        ours: Name of our work.
        name: The library, and what it does where that is not the same.
        work: Its work.
        unlike: True where its formula is another one, the nearest that it has.
    """

    ours: str
    name: str
    work: Work
    unlike: bool = False


def versions() -> str:
    """The libraries and their versions."""
    return ", ".join(f"{name} {_version(name)}" for name in PACKAGES)


def find_peers(trial: Any) -> list[Peer]:
    """The works of every library that is installed."""
    peers: list[Peer] = []
    for name, make in (
        ("scipy.stats", _scipy),
        ("statsmodels.api", _statsmodels),
        ("pyfixest", _pyfixest),
        ("tea_tasting", _tea),
    ):
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        peers += make(trial, module)
    return peers


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed, not raced"


def _scipy(trial: Any, peer: ModuleType) -> list[Peer]:
    def difference() -> float:
        return peer.ttest_ind(trial.y[trial.arm == 1], trial.y[trial.arm == 0], equal_var=False).statistic

    return [Peer("difference", "scipy, Welch", difference)]


def _statsmodels(trial: Any, peer: ModuleType) -> list[Peer]:
    means = importlib.import_module("statsmodels.stats.weightstats")

    def difference() -> float:
        return means.ttest_ind(trial.y[trial.arm == 1], trial.y[trial.arm == 0], usevar="unequal")[0]

    def lin() -> float:
        centred = trial.covariates - trial.covariates.mean(axis=0)
        x = np.column_stack([trial.x[:, :2], centred, centred * trial.arm[:, None]])
        return peer.OLS(trial.y, x).fit(cov_type="HC2").tvalues[1]

    def by_cluster() -> float:
        return peer.OLS(trial.y, trial.x).fit(cov_type="cluster", cov_kwds={"groups": trial.cluster}).tvalues[1]

    return [
        Peer("difference", "statsmodels, Welch", difference),
        Peer("hc2", "statsmodels, HC2", lambda: peer.OLS(trial.y, trial.x).fit(cov_type="HC2").tvalues[1]),
        Peer("lin", "statsmodels, Lin by hand with HC2", lin),
        Peer("cr2", "statsmodels, CR1 (it has no CR2)", by_cluster, unlike=True),
    ]


def _pyfixest(trial: Any, peer: ModuleType) -> list[Peer]:
    names = [f"x{number}" for number in range(trial.covariates.shape[1])]
    centred = pd.DataFrame(trial.covariates - trial.covariates.mean(axis=0), columns=names)
    frame = centred.assign(y=trial.y, arm=trial.arm, cluster=trial.cluster)
    eleven, every = " + ".join(names[:-1]), " + ".join(names)

    def fit(formula: str, vcov: object) -> Work:
        return lambda: peer.feols(formula, frame, vcov=vcov, lean=True).tstat()["arm"]

    return [
        Peer("difference", "pyfixest, HC2", fit("y ~ arm", "HC2")),
        Peer("hc2", "pyfixest, HC2", fit(f"y ~ arm + {eleven}", "HC2")),
        Peer("lin", "pyfixest, Lin by formula with HC2", fit(f"y ~ arm * ({every})", "HC2")),
        Peer("cr2", "pyfixest, CRV1 (it has no CR2)", fit(f"y ~ arm + {eleven}", {"CRV1": "cluster"}), unlike=True),
        Peer("cr2", "pyfixest, CRV3 (it has no CR2)", fit(f"y ~ arm + {eleven}", {"CRV3": "cluster"}), unlike=True),
    ]


def _tea(trial: Any, peer: ModuleType) -> list[Peer]:
    polars = importlib.import_module("polars")
    columns = {"variant": trial.arm, "y": trial.y, "before": trial.before[:, 0]}
    plain, cuped = peer.Experiment(y=peer.Mean("y")), peer.Experiment(y=peer.Mean("y", "before"))

    def analyse(experiment: Any, frame: object) -> Work:
        return lambda: experiment.analyze(frame)["y"].statistic

    pandas_frame, polars_frame = pd.DataFrame(columns), polars.DataFrame(columns)
    return [
        Peer("difference", "tea-tasting, pandas", analyse(plain, pandas_frame)),
        Peer("difference", "tea-tasting, Polars", analyse(plain, polars_frame)),
        Peer("lin1", "tea-tasting, CUPED, pandas", analyse(cuped, pandas_frame), unlike=True),
        Peer("lin1", "tea-tasting, CUPED, Polars", analyse(cuped, polars_frame), unlike=True),
    ]
