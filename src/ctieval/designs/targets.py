"""Expected numbers of one block by arm, and the refusal of what cannot be conducted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

from ctieval.domain.design import Drawn, Quota
from ctieval.errors import DesignError

Target: TypeAlias = tuple[Fraction, ...]
"""Expected number by arm, the control first."""

TargetRule: TypeAlias = Callable[[str, Drawn | None, int, str], Target]
"""From the label of a block, what is declared of it, its number of units and their name, to its target."""


def fix_target(label: str, drawn: Drawn | None, size: int, unit: str) -> Target:
    """Return the expected numbers of a block in which no draw may leave an arm empty.

    Raises:
        DesignError: If the block has no quota, if a share is not between 0 and 1, if the quotas exceed the block, or
            if an arm could be empty.

    Examples:
        >>> [str(each) for each in fix_target("153", (2, Fraction(1, 4)), 10, "eligible person")]
        ['11/2', '2', '5/2']
    """
    if drawn is None:
        raise refusal(
            label,
            found=f"{_counted(size, unit)} and no quota",
            expected="a count or a share for every block",
            do="add its quota to the plan; a quota under the empty label serves every block not named",
        )
    quotas = _spread(drawn)
    target = tuple(_expected(label, quota, size) for quota in quotas)
    shown = f"a quota of {' and '.join(map(str, quotas))} among {_counted(size, unit)}"
    if min(target) < 0 or sum(target) > size:
        raise refusal(
            label,
            found=shown,
            expected="quotas below the number of persons",
            do="lower the quota in the plan, or look at why the screening lets so few in",
        )
    target = (size - sum(target, Fraction(0)), *target)
    if min(target) < 1:
        raise refusal(
            label,
            found=f"{shown}, which can leave an arm empty",
            expected=f"at least one {unit.rpartition(' ')[2]} in each arm, whatever the draw",
            do="change the quota, merge the block with another, or leave the block out of the trial",
        )
    return target


def leave_to_chance(label: str, drawn: Drawn | None, size: int, unit: str) -> Target:
    """Return the expected numbers of a block whose units are each drawn alone.

    Raises:
        DesignError: If an arm has no share between 0 and 1.
    """
    shares = _spread(drawn) if drawn is not None else ()
    control = 1 - sum(shares)
    if any(isinstance(each, int) for each in shares) or not shares or min(*shares, control) <= 0:
        raise refusal(
            label,
            found=f"the shares {', '.join(map(str, shares))} for {_counted(size, unit)}",
            expected="a share above 0 for each intervention, together below 1",
            do="correct the shares in the plan",
        )
    return tuple(Fraction(each * size) for each in (control, *shares))


def fill_places(label: str, drawn: Drawn | None, size: int, unit: str) -> Target:
    """Return the expected numbers of a block whose places are all drawn; with places for everybody, nobody is drawn.

    Raises:
        DesignError: If the block has no number of places, or none above 0.
    """
    if not isinstance(drawn, int) or drawn < 1:
        raise refusal(
            label,
            found=f"{_counted(size, unit)} and {'no number of' if drawn is None else drawn} places",
            expected="a whole number of places above 0 for every block",
            do="write the places of the block in the plan, or leave the block out of the trial",
        )
    places = min(drawn, size)
    return (Fraction(size - places), Fraction(places))


def to_mapping(drawn: Sequence[tuple[str, Drawn]]) -> Mapping[str, Drawn]:
    """Return what is declared of each block by its label.

    Raises:
        DesignError: If a block is named twice.
    """
    for label, times in Counter(label for label, _ in drawn).items():
        if times > 1:
            raise refusal(label, found="more than one quota", expected="one quota for each block", do="delete one")
    return dict(drawn)


def refusal(label: str, *, found: str, expected: str, do: str) -> DesignError:
    """Return the error of one block; the empty label is the whole cohort, or the quota of blocks not named."""
    where = f"block {label}" if label else "the cohort"
    return DesignError(what="the design cannot be conducted", where=where, found=found, expected=expected, do=do)


def _spread(drawn: Drawn) -> tuple[Quota, ...]:
    """Return one quota for each intervention."""
    return drawn if isinstance(drawn, tuple) else (drawn,)


def _expected(label: str, quota: Quota, size: int) -> Fraction:
    """Return the expected number of one arm."""
    if isinstance(quota, Fraction) and not 0 < quota < 1:
        raise refusal(
            label, found=f"the share {quota}", expected="a share between 0 and 1", do="correct the share in the plan"
        )
    return quota * size if isinstance(quota, Fraction) else Fraction(quota)


def _counted(size: int, unit: str) -> str:
    return f"{size} {unit}" if size == 1 else f"{size} {unit}s"
