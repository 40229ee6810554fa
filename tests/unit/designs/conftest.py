from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from ctieval.domain.design import (
    Blocked,
    BlockedClustered,
    Capacity,
    Clustered,
    Complete,
    Matched,
    Simple,
    WaitingList,
)
from ctieval.domain.entrants import Entrants

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


def entrants_of(*, block=None, cluster=None, covariates=None, n=None):
    """Persons with one letter for the block and one for the cluster, and rows of covariates."""
    n = n or len(block or cluster or covariates)
    entrants = Entrants.alike(n)
    if block:
        entrants = replace(entrants, block=np.array(list(block), dtype=object))
    if cluster:
        entrants = replace(entrants, cluster=np.array(list(cluster), dtype=object))
    if covariates is not None:
        entrants = replace(entrants, covariates=np.array(covariates, dtype=float).reshape(n, -1))
    return entrants


POINTS = np.random.default_rng(1).normal(size=(9, 2))

SMALL = {
    "simple": (Simple(THIRD), entrants_of(n=5)),
    "simple, three arms": (Simple((HALF, Fraction(1, 5))), entrants_of(n=5)),
    "complete, a count": (Complete(2), entrants_of(n=6)),
    "complete, a remainder": (Complete(HALF), entrants_of(n=7)),
    "complete, three arms unequal": (Complete((Fraction(1, 5), Fraction(3, 5))), entrants_of(n=6)),
    "complete, four arms": (Complete((Fraction(1, 4), 1, Fraction(2, 5))), entrants_of(n=6)),
    "blocked, counts": (Blocked("town", (("a", 1), ("b", 3))), entrants_of(block="aabbabbab")),
    "blocked, a remainder in every block": (Blocked("town", (("", HALF),)), entrants_of(block="aaabbbccccc")),
    "blocked, shares that differ": (
        Blocked("town", (("a", THIRD), ("b", Fraction(2, 5)), ("c", 1))),
        entrants_of(block="aaaaabbbbcc"),
    ),
    "blocked, three arms": (Blocked("town", (("", (THIRD, THIRD)),)), entrants_of(block="aaaabbbb")),
    "blocked, three arms unequal": (
        Blocked("town", (("a", (Fraction(1, 5), Fraction(3, 5))), ("b", (1, HALF)), ("c", (2, 1)))),
        entrants_of(block="aaaaabbbbcccc"),
    ),
    "clustered": (Clustered("office", HALF), entrants_of(cluster="aabbbcddef")),
    "clustered, three arms": (Clustered("office", (THIRD, THIRD)), entrants_of(cluster="aabbbcdd")),
    "blocked and clustered": (
        BlockedClustered("town", "office", (("", HALF),)),
        entrants_of(block="xxxxxyyyyy", cluster="aabcdefghh"),
    ),
    "pairs": (Matched(("age", "weeks"), 2, 1), entrants_of(covariates=POINTS)),
    "matched blocks of four": (Matched(("age",), 4, THIRD), entrants_of(covariates=POINTS[:, 0], n=9)),
    "places": (Capacity("town", (("a", 2), ("b", 9))), entrants_of(block="aaaabbb")),
    "places of one pool": (Capacity("", (("", 4),)), entrants_of(n=9)),
    "waiting list": (WaitingList(Blocked("town", (("", HALF),)), 26), entrants_of(block="aaabbbcccc")),
}


@pytest.fixture(scope="session")
def make_entrants():
    """The function that makes persons from letters."""
    return entrants_of


@pytest.fixture(params=SMALL.values(), ids=SMALL.keys())
def small(request):
    """A design with few assignments, and those who enter it."""
    return request.param
