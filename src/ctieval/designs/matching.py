"""Optimal-greedy groups: of all persons not yet in a group, the two who resemble each other most begin the next.

This is not the matching with the smallest sum of distances, which would need a search of another kind; like it, it
depends on the persons alone, and never on an outcome or an arm.
"""

from __future__ import annotations

import heapq
from dataclasses import replace

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.design import Design, Intake, Matched, WaitingList
from ctieval.domain.entrants import Entrants
from ctieval.errors import DesignError

DECIMALS = 9
"""Distances equal to so many decimals, in standard deviations squared, are ties: on every machine the same."""

REPEATED = 1e-10
"""Variance, in that of one covariate, below which a direction repeats the others but for the errors of floats."""


def form_blocks(design: Design, entrants: Entrants) -> Entrants:
    """Let a design form its blocks; one that is told them, or has none, leaves the persons as they are.

    Args:
        design: The declared design.
        entrants: The persons, in the order in which lots are dealt.

    Returns:
        The persons, with the label of the block that the design formed.

    Raises:
        DesignError: If persons cannot be matched; see ``form_groups``.
    """
    match design:
        case WaitingList():
            return form_blocks(design.draw, entrants)
        case Matched():
            return form_groups(design, entrants)
        case _:
            return entrants


def forms_blocks(design: Design | Intake) -> bool:
    """True for a design that forms its blocks itself, from covariates."""
    return forms_blocks(design.draw) if isinstance(design, WaitingList) else isinstance(design, Matched)


def form_groups(design: Matched, entrants: Entrants) -> Entrants:
    r"""Put persons who resemble one another into groups of one size.

    The pair with the smallest distance begins a group; while the group is not full, the person with the smallest sum
    of distances to its members joins it. Then the next group is begun, until fewer than ``size`` persons are left,
    who join the last group. The distance is Mahalanobis's,

    .. math:: d^2(i, j) = (x_i - x_j)^\top S^{+} (x_i - x_j)

    with the covariance S of all who enter; where it is singular, its pseudo-inverse leaves out what repeats. Of equal
    distances the first persons in the order of the entrants win.

    Args:
        design: Covariates and size.
        entrants: The persons, in the order in which lots are dealt; persons whose ``block`` is known keep it.

    Returns:
        The persons, with the number of their group as block, as a text of digits.

    Raises:
        DesignError: If the size is below 2, or more than enter.
        DesignError: If a covariate is missing or infinite for somebody.
        DesignError: If every covariate is the same for everybody.

    References:
        Greevy, R., Lu, B., Silber, J. H. & Rosenbaum, P. (2004). Optimal multivariate matching before randomization.
        Biostatistics 5(2), 263-275, doi:10.1093/biostatistics/5.2.263.
        Moore, R. T. (2012). Multivariate continuous blocking to improve political science experiments. Political
        Analysis 20(4), 460-479, doi:10.1093/pan/mps025: the optimal-greedy algorithm.

    Examples:
        >>> ages = np.array([[30.0], [51.0], [44.0], [31.0], [50.0], [45.0]])
        >>> form_groups(Matched(("age",), 2, 1), replace(Entrants.alike(6), covariates=ages)).block
        array(['1', '2', '3', '1', '2', '3'], dtype=object)
    """
    if (entrants.block != "").all():
        return entrants
    _check_covariates(design, entrants)
    group = _group(whiten(entrants.covariates), design.size)
    digits = len(str(int(group.max()) + 1))
    return replace(entrants, block=np.array([f"{each + 1:0{digits}d}" for each in group.tolist()], dtype=object))


def whiten(covariates: FloatArray) -> FloatArray:
    """Turn covariates so that squared differences add up to Mahalanobis's distance, shape (n, rank)."""
    telling = covariates[:, ~constant_covariates(covariates)]
    centred = telling - telling.mean(axis=0)
    scaled = centred / centred.std(axis=0)
    values, vectors = np.linalg.eigh(scaled.T @ scaled / (len(scaled) - 1))
    kept = values > REPEATED
    return scaled @ vectors[:, kept] / np.sqrt(values[kept])


def constant_covariates(covariates: FloatArray) -> BoolArray:
    """True for the covariates that are the same for everybody, shape (p,)."""
    return np.ptp(covariates, axis=0) == 0


def _check_covariates(design: Matched, entrants: Entrants) -> None:
    if not 2 <= design.size <= len(entrants):
        raise _refusal(
            "the cohort",
            found=f"groups of {design.size} among {len(entrants)} eligible persons",
            expected="groups of two persons or more, and as many persons as fill one",
            do="correct size in the plan",
        )
    if entrants.covariates.shape[1] != len(design.covariates):
        raise _refusal(
            "the cohort",
            found=f"{entrants.covariates.shape[1]} covariates",
            expected=f"{len(design.covariates)}: {', '.join(design.covariates)}",
            do="give the covariates that the design names",
        )
    for column, missing in zip(design.covariates, (~np.isfinite(entrants.covariates)).sum(axis=0), strict=True):
        if missing:
            raise _refusal(
                f"column {column}",
                found=f"{missing} {'person' if missing == 1 else 'persons'} without a value",
                expected="a number for everybody, known before the draw",
                do=f"complete {column}, make it a criterion of eligibility, or match on another covariate",
            )
    if constant_covariates(entrants.covariates).all():
        raise _refusal(
            "column " + ", ".join(design.covariates),
            found="the same value for everybody",
            expected="at least one covariate that tells persons apart",
            do="match on other covariates, or draw without matching",
        )


def _group(points: FloatArray, size: int) -> IntArray:
    """Return the number of the group of each person, in the order in which they are begun."""
    n = len(points)
    group = np.full(n, -1, dtype=np.int64)
    nearest = [_nearest(points, person, group < 0) for person in range(n - 1)]
    heapq.heapify(nearest)
    for number in range(n // size):
        _, one, other = _closest_pair(nearest, points, group)
        members = [one, other]
        distance = _distances(points, points[one]) + _distances(points, points[other])
        group[members] = number
        while len(members) < size:
            free = np.flatnonzero(group < 0)
            members.append(int(free[np.round(distance[free], DECIMALS).argmin()]))
            group[members[-1]] = number
            distance += _distances(points, points[members[-1]])
    return np.where(group < 0, n // size - 1, group)


def _closest_pair(nearest: list[tuple[float, int, int]], points: FloatArray, group: IntArray) -> tuple[float, int, int]:
    """Take the closest pair of free persons off the heap; whoever lost her neighbour looks for the next one."""
    while True:
        pair = heapq.heappop(nearest)
        _, one, other = pair
        if group[one] < 0 and group[other] < 0:
            return pair
        if group[one] < 0 and (group[one + 1 :] < 0).any():
            heapq.heappush(nearest, _nearest(points, one, group < 0))


def _nearest(points: FloatArray, person: int, free: BoolArray) -> tuple[float, int, int]:
    """Return the free person after this one who is nearest: distance, this one, the other."""
    after = person + 1 + np.flatnonzero(free[person + 1 :])
    distance = np.round(_distances(points[after], points[person]), DECIMALS)
    best = int(distance.argmin())
    return float(distance[best]), person, int(after[best])


def _distances(points: FloatArray, point: FloatArray) -> FloatArray:
    return ((points - point) ** 2).sum(axis=1)


def _refusal(where: str, *, found: str, expected: str, do: str) -> DesignError:
    return DesignError(what="persons cannot be matched", where=where, found=found, expected=expected, do=do)
