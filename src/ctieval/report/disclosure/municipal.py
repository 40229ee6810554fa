r"""How finely each municipality's own report may tell what the joint report tells of all of them.

A joint report tells numbers of persons and means exactly. What one municipality's own report hides could then be had
by taking the others' off the joint one. So no municipality's report tells exactly what rests on its persons' values:
every share and mean is rounded to whole steps, one of which stands for at least half of ``smallest_cell`` persons, and
the number with a value is not told. What each leaves open, the joint number and the others' cannot close:

- A share whose rounded value could be that of fewer than ``smallest_cell`` persons, or of all but so few, is hidden.
  Whether it is 0 is then hidden too; only what is 0 or 1 in the whole trial is told.
- Nothing is told of a municipality whose numbers drawn the joint report hides, or whose arms are too small for steps.
  Where that is one alone, the smallest of the others joins it, as else the joint mean would give it away.
- What a reader could work out all the same, from the joint report and every municipality's own, is tried out by linear
  programming (``disclosure.told``). What would narrow a small number down to fewer than ``smallest_cell`` values is
  hidden in every municipality.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ctieval.domain.description import ArmLevel
from ctieval.domain.units import Unit
from ctieval.report.disclosure.gather import events_of
from ctieval.report.disclosure.grid import Grid, lay_grid
from ctieval.report.disclosure.mask import HIDDEN, Discretion, rounded
from ctieval.report.disclosure.told import Arm, Told, find_narrow

Name: TypeAlias = tuple[str, ...]
Pair: TypeAlias = tuple[ArmLevel | None, ArmLevel | None]
Drawn: TypeAlias = tuple[int | None, int | None]


Ends: TypeAlias = tuple[float, float]
_ANY: Ends = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Shown:
    """One measurement that every municipality's report may tell of.

    Attributes:
        name: Its name; measurements with three words that are alike but for the last are the categories of one.
        unit: Value of ``Unit``.
        own: Its levels in control and intervention by municipality; None in an arm of which nothing is told.
        joint: The same as the joint report tells them, without a number of persons where that is hidden.
        withheld: Municipalities where nothing may be told for another reason.
    """

    name: Name
    unit: str
    own: tuple[Pair, ...]
    joint: Pair
    withheld: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Judged:
    """How much may be told of a municipality, and between which ends a reader then knows the shares of both arms."""

    discretion: Discretion
    ends: tuple[Ends, Ends] = (_ANY, _ANY)


_SILENT = _Judged(HIDDEN)


def judge_municipalities(
    shown: Sequence[Shown], drawn: Sequence[Drawn], smallest_cell: int
) -> Mapping[Name, tuple[Discretion, ...]]:
    """Decide how much the report of each municipality may tell.

    Args:
        shown: The measurements.
        drawn: Persons drawn into control and intervention by municipality, as the joint report tells them.
        smallest_cell: Fewest persons that may be shown.

    Returns:
        One discretion a municipality, by the name of the measurement.
    """
    judged = {each.name: _judge_all(each, drawn, smallest_cell) for each in shown}
    for group in _groups(shown):
        for arm in (0, 1):
            for name in tuple(_give_away(group, arm, judged, drawn, smallest_cell)):
                judged[name] = (_SILENT,) * len(drawn)
    return {name: tuple(each.discretion for each in found) for name, found in judged.items()}


def _judge_all(shown: Shown, drawn: Sequence[Drawn], smallest_cell: int) -> tuple[_Judged, ...]:
    found = [_judge(shown, municipality, each, smallest_cell) for municipality, each in enumerate(drawn)]
    others = [m for m, each in enumerate(found) if each is not _SILENT]
    if len(others) == len(found) - 1 and others:
        found[min(others, key=lambda m: sum(n or 0 for n in drawn[m]))] = _SILENT
    return tuple(found)


def _judge(shown: Shown, municipality: int, drawn: Drawn, smallest_cell: int) -> _Judged:
    grid = _lay(shown, municipality, drawn, smallest_cell)
    if grid is None or municipality in shown.withheld:
        return _SILENT
    if shown.unit != Unit.SHARE:
        return _Judged(rounded(grid))
    levels = shown.own[municipality]
    few = [
        level is not None and not _is_known(joint) and _tells_few(grid, level.mean)
        for level, joint in zip(levels, shown.joint, strict=True)
    ]
    control, intervention = (
        _ends(grid, level, hidden=any(few), few=own) for level, own in zip(levels, few, strict=True)
    )
    return _Judged(HIDDEN if any(few) else rounded(grid), (control, intervention))


def _lay(shown: Shown, municipality: int, drawn: Drawn, smallest_cell: int) -> Grid | None:
    """Lay the steps; None where the arms are too small for them, or their numbers are hidden."""
    levels = [(level, n) for level, n in zip(shown.own[municipality], drawn, strict=True) if level is not None]
    if any(n is None for n in drawn) or any(math.isnan(level.mean) for level, _ in levels):
        return None
    fewest = [_fewest(level.n or 0, n or 0, smallest_cell) for level, n in levels]
    half_a_cell = math.ceil(smallest_cell / 2)
    return lay_grid([level for level, _ in levels], fewest, shown.unit, smallest_cell, persons=half_a_cell)


def _fewest(n: int, drawn: int, smallest_cell: int) -> int:
    """The fewest that n of those drawn can be, told in whole steps, so that none missing is told as a few missing."""
    step = max(smallest_cell, 1)
    return n if step == 1 else drawn - step * ((drawn - n) // step + 1)


def _is_known(joint: ArmLevel | None) -> bool:
    """Whether the joint report tells that all of the arm are alike."""
    return joint is not None and joint.n is not None and joint.mean in (0, 1)


def _tells_few(grid: Grid, share: float) -> bool:
    """As ``Grid.tells_few``, but none is as few as a few."""
    shown = grid.round(share)
    edge = min(shown, 1 - shown) - grid.step / 2
    return edge * min(grid.fewest) <= grid.smallest_cell - 1


def _ends(grid: Grid, level: ArmLevel | None, *, hidden: bool, few: bool) -> Ends:
    """Between which ends a reader knows a share: around what is told, or towards an end of the scale."""
    if level is None or (hidden and not few):
        return _ANY
    if not hidden:
        middle, half = grid.round(level.mean), grid.step / 2
        return max(middle - half, 0.0), min(middle + half, 1.0)
    steps = (number * grid.step for number in range(math.ceil(1 / grid.step)))
    last = max(share for share in steps if share <= 0.5 and _tells_few(grid, share)) + grid.step / 2
    return (0.0, last) if level.mean <= 0.5 else (1 - last, 1.0)


def _groups(shown: Sequence[Shown]) -> Iterator[tuple[Shown, ...]]:
    """Shares of the same persons: categories of one, or measurements of which the same numbers are missing."""
    groups: dict[Hashable, list[Shown]] = {}
    for each in shown:
        if each.unit == Unit.SHARE:
            numbers = tuple(level and level.n for pair in each.own for level in pair)
            groups.setdefault((each.name[:-1], numbers), []).append(each)
    yield from map(tuple, groups.values())


def _give_away(
    group: Sequence[Shown], arm: int, judged: Mapping[Name, tuple[_Judged, ...]], drawn: Sequence[Drawn], smallest: int
) -> Iterator[Name]:
    """Name the measurements that would tell too much of an arm, together with the joint report."""
    categories = len(group[0].name) > 2 and _events(group, arm) == _observed(group[0], arm)
    told = [each for each in group if any(found.discretion is not HIDDEN for found in judged[each.name])]
    if not told or smallest <= 1 or any(pair[arm] is None for pair in group[0].own):
        return
    together = list(group) if categories else told
    narrow = set(
        find_narrow(
            _arm(group[0], arm, drawn),
            [_tell(each, arm, judged[each.name]) for each in together],
            smallest,
            add_up=categories,
        )
    )
    everything = None in narrow or (categories and narrow)
    yield from (each.name for number, each in enumerate(together) if everything or number in narrow)


def _arm(shown: Shown, arm: int, drawn: Sequence[Drawn]) -> Arm:
    observed = tuple(0 if level is None else level.n or 0 for level in (pair[arm] for pair in shown.own))
    everybody = tuple(each[arm] for each in drawn)
    joint = shown.joint[arm]
    known = joint is not None and joint.n is not None and None not in everybody
    persons = [sum(level.n or 0 for level in pair if level is not None) for pair in shown.own]
    numbers = tuple(n if each is None else each for n, each in zip(observed, everybody, strict=True))
    return Arm(
        drawn=numbers,
        observed=observed,
        weights=tuple(n / max(sum(persons), 1) for n in persons),
        missing=sum(numbers) - sum(observed) if known else None,
    )


def _observed(shown: Shown, arm: int) -> int:
    return sum(level.n or 0 for level in (pair[arm] for pair in shown.own) if level is not None)


def _events(group: Sequence[Shown], arm: int) -> int:
    levels = (pair[arm] for each in group for pair in each.own)
    return sum(events_of(level, Unit.SHARE) or 0 for level in levels if level is not None)


def _tell(shown: Shown, arm: int, judged: tuple[_Judged, ...]) -> Told:
    ends = [each.ends[arm] for each in judged]
    joint = shown.joint[arm]
    known = joint is not None and joint.n is not None and not math.isnan(joint.mean)
    return Told(
        low=tuple(low for low, _ in ends),
        high=tuple(high for _, high in ends),
        joint=_events((shown,), arm) if known else None,
        joint_mean=joint.mean if joint is not None and known else math.nan,
    )
