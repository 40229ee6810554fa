"""Names the head counts of the screening, and how one reason gives another away."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, combinations, groupby

import numpy as np

from ctieval.domain.flow import ScreeningFlow
from ctieval.report.disclosure.counts import HeadCount, Key, Sum

Found = Iterator[HeadCount | Sum]
FIRST, ANY, ONLY = _HOWS = "first", "any", "only"
SCREENED: Key = ("screened",)
ELIGIBLE: Key = ("eligible",)


def reason(flow: ScreeningFlow, number: int, how: str) -> Key:
    """Key of those whom a reason keeps out: ``FIRST``, ``ANY`` or ``ONLY``.

    Whoever does not meet the first criterion has it as first reason; whoever has the last criterion as first
    reason has no other. These are the same persons, and share a key.
    """
    criteria = _criteria(flow)
    same_as_first = (how == ANY and criteria[number] == 0) or (how == ONLY and criteria[number] == criteria[-1])
    return ("reason", str(number), FIRST if same_as_first else how)


def gather_screening(flow: ScreeningFlow, drawn: int | None) -> Found:
    """Name every head count of the screening, and the sums between them.

    Args:
        flow: From screened to eligible.
        drawn: Persons drawn, or None where that is not known.
    """
    yield from _count(SCREENED, flow.screened)
    yield from _count(ELIGIBLE, flow.eligible, drawn)
    for number, row in enumerate(flow.exclusions):
        yield from _count(reason(flow, number, FIRST), row.first)
        yield from _count(reason(flow, number, ANY), row.any, row.first, flow.screened)
        yield from _count(reason(flow, number, ONLY), row.only, row.first)
    yield Sum(SCREENED, (ELIGIBLE, *(reason(flow, number, FIRST) for number in range(len(flow.exclusions)))))
    yield from _criteria_of(flow)


def _count(key: Key, n: int | None, *against: int | None) -> Found:
    if n is not None:
        yield HeadCount(key, n, against)


def _criteria(flow: ScreeningFlow) -> tuple[int, ...]:
    """Number of the criterion of each reason; the one that it cannot be assessed follows that it is not met."""
    own = (not row.reason.key.startswith("not_assessable.") for row in flow.exclusions)
    return tuple(number - 1 for number in accumulate(own))


def _criteria_of(flow: ScreeningFlow) -> Found:
    """Those whom a criterion keeps out, failed or not assessable; no table shows them, but a reader adds them up."""
    numbers = range(len(flow.exclusions))
    reasons = tuple(tuple(rows) for _, rows in groupby(numbers, key=_criteria(flow).__getitem__))
    totals = [{how: _total(flow, rows, how) for how in _HOWS} for rows in reasons]
    for criterion, rows in enumerate(reasons):
        for how in _HOWS:
            yield from _unseen(_all(criterion, how), totals[criterion][how])
            yield Sum(_all(criterion, how), tuple(reason(flow, number, how) for number in rows))
    groups = _groups(totals)
    sizes = _solve(totals, groups)
    yield from _ranks(totals) if sizes is None else _combinations(groups, sizes, len(totals))


def _combinations(groups: list[tuple[int, ...]], sizes: list[int], n_criteria: int) -> Found:
    r"""Those who do not meet exactly these criteria, where the counts of the criteria tell how many they are.

    With :math:`n_S` persons who do not meet exactly the criteria :math:`S`, any reason of criterion :math:`c` is
    :math:`\sum_{S \ni c} n_S`, the first is :math:`\sum_{\min S = c} n_S`, and the only one is :math:`n_{\{c\}}`.
    Up to three criteria, these sums have one solution; with more, one if hardly anybody fails many.
    """
    for group, n in zip(groups, sizes, strict=True):
        yield from _unseen(_together(group), n)
    for criterion in range(n_criteria):
        for how in _HOWS:
            counted = (group for group in groups if _counts(group, criterion, how))
            yield Sum(_all(criterion, how), tuple(_together(group) for group in counted))


def _ranks(totals: list[dict[str, int]]) -> Found:
    """Those who fail one criterion before another; who has one before is among those who have one after their first."""
    before = [total[ANY] - total[FIRST] for total in totals]
    after = [total[FIRST] - total[ONLY] for total in totals]
    for own in range(len(totals)):
        earlier, later = sum(after[:own]), sum(before[own + 1 :])
        yield from _unseen(_rank("before", own), before[own])
        yield from _unseen(_rank("after", own), after[own])
        yield Sum(_all(own, ANY), (_all(own, FIRST), _rank("before", own)))
        yield Sum(_all(own, FIRST), (_all(own, ONLY), _rank("after", own)))
        yield from _unseen(_rank("earlier", own), earlier)
        yield from _unseen(_rank("other", own), earlier - before[own])
        yield Sum(_rank("earlier", own), tuple(_rank("after", each) for each in range(own)))
        yield Sum(_rank("earlier", own), (_rank("before", own), _rank("other", own)))
        yield from _unseen(_rank("later", own), later)
        yield from _unseen(_rank("more", own), later - after[own])
        yield Sum(_rank("later", own), tuple(_rank("before", each) for each in range(own + 1, len(totals))))
        yield Sum(_rank("later", own), (_rank("after", own), _rank("more", own)))


def _rank(name: str, criterion: int) -> Key:
    return (name, str(criterion))


def _unseen(key: Key, n: int) -> Found:
    yield HeadCount(key, n, unseen=True)


def _all(criterion: int, how: str) -> Key:
    return ("criterion", str(criterion), how)


def _total(flow: ScreeningFlow, rows: tuple[int, ...], how: str) -> int:
    return sum(getattr(flow.exclusions[number], how) or 0 for number in rows)


def _groups(totals: list[dict[str, int]]) -> list[tuple[int, ...]]:
    """Sets of criteria that somebody may fail together, as far as no difference of the counts is zero."""
    leads = [total[FIRST] > total[ONLY] for total in totals]
    follows = [total[ANY] > total[FIRST] for total in totals]
    sets = (group for size in range(1, len(totals) + 1) for group in combinations(range(len(totals)), size))
    return [
        group for group in sets if len(group) == 1 or (leads[group[0]] and all(follows[each] for each in group[1:]))
    ]


def _together(group: tuple[int, ...]) -> Key:
    return ("together", *map(str, group))


def _counts(group: tuple[int, ...], criterion: int, how: str) -> bool:
    """Tell whether those who do not meet exactly these criteria are counted with one of them."""
    return {FIRST: group[0] == criterion, ANY: criterion in group, ONLY: group == (criterion,)}[how]


def _solve(totals: list[dict[str, int]], groups: list[tuple[int, ...]]) -> list[int] | None:
    """Sizes of the groups, or None where the counts do not tell them."""
    counts = [(criterion, how) for criterion in range(len(totals)) for how in _HOWS]
    matrix = np.array([[float(_counts(group, *each)) for group in groups] for each in counts])
    if not groups or np.linalg.matrix_rank(matrix) < len(groups):
        return None
    known = np.array([totals[criterion][how] for criterion, how in counts])
    sizes = np.linalg.lstsq(matrix, known, rcond=None)[0].round().astype(np.int64)
    return sizes.tolist() if (sizes >= 0).all() and (matrix @ sizes == known).all() else None
