"""How many a design draws from each block, checked against the cohort; who they are is for ``draw`` to say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from ctieval.domain.arrays import IntArray, StrArray
from ctieval.domain.design import Blocked, Complete, Design, Quota
from ctieval.errors import DesignError


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Quotas:
    """A design laid upon a cohort.

    Attributes:
        labels: Labels of the blocks, sorted; one empty label where the design has none.
        block: Number of each person's block, shape (n,).
        size: Persons in each block.
        target: Expected number drawn from each block; where it is no whole number, the number drawn is the
            whole number below or above it.
    """

    labels: tuple[str, ...]
    block: IntArray
    size: tuple[int, ...]
    target: tuple[Fraction, ...]

    @property
    def probability(self) -> tuple[Fraction, ...]:
        """Exact probability of the intervention in each block."""
        return tuple(target / size for target, size in zip(self.target, self.size, strict=True))

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Quotas({float(sum(self.target)):g} of {len(self.block)} in {len(self.labels)} blocks)"


def build_quotas(design: Design, blocks: StrArray) -> Quotas:
    """Lay a design upon a cohort, and refuse what cannot be conducted.

    Args:
        design: The declared design.
        blocks: Label of each person's block, shape (n,); a complete design looks at their number alone.

    Returns:
        The expected number drawn from each block, such that no draw can leave an arm of a block empty.

    Raises:
        DesignError: If nobody is in the cohort, if a person has no block, if every person is a block, if a
            block has no quota, two quotas or a quota without persons, if a share is not between 0 and 1, if
            a count exceeds its block, or if an arm of a block could be empty.

    Examples:
        >>> blocks = np.array(["550"] * 4 + ["153"] * 7, dtype=object)
        >>> quotas = build_quotas(Blocked("municipality", (("153", Fraction(1, 2)), ("550", 1))), blocks)
        >>> quotas.labels, quotas.size, quotas.target
        (('153', '550'), (7, 4), (Fraction(7, 2), Fraction(1, 1)))
    """
    if len(blocks) == 0:
        raise DesignError(
            what="nobody can be drawn",
            where="the cohort",
            found="no eligible person",
            expected="at least one person for each arm",
            do="look at the flow of the screening: which criterion keeps everybody out",
        )
    if isinstance(design, Complete):
        blocks = np.full(len(blocks), "", dtype=object)
        named: dict[str, Quota] = {"": design.drawn}
    else:
        named = dict(design.drawn)
    block, found = pd.factorize(blocks, sort=True)
    labels = tuple(str(label) for label in found)
    size = tuple(int(count) for count in np.bincount(block))
    if isinstance(design, Blocked):
        _check_blocks(design, dict(zip(labels, size, strict=True)))
    quotas = (named.get(label, named.get("")) for label in labels)
    target = tuple(_check_quota(*each) for each in zip(labels, quotas, size, strict=True))
    return Quotas(labels=labels, block=block.astype(np.int64), size=size, target=target)


def _check_blocks(design: Blocked, size: dict[str, int]) -> None:
    """Every person has a block, and every quota its block."""
    if "" in size:
        raise DesignError(
            what="the draw cannot be blocked",
            where=f"column {design.block}",
            found=f"{size['']} {'person' if size[''] == 1 else 'persons'} without a block",
            expected="a block for every eligible person",
            do=f"complete {design.block} in the persons table, or make it a criterion of eligibility",
        )
    if len(size) == sum(size.values()) > 1:
        raise DesignError(
            what="the draw cannot be blocked",
            where=f"column {design.block}",
            found=f"as many blocks as persons, {len(size)}",
            expected="blocks that each hold persons for both arms",
            do="name a column that persons share, such as the municipality",
        )
    for label, times in Counter(label for label, _ in design.drawn).items():
        if times > 1:
            raise _refusal(label, found="more than one quota", expected="one quota for each block", do="delete one")
        if label and label not in size:
            raise _refusal(
                label,
                found=f"a quota, but no eligible person whose {design.block} is {label}",
                expected="quotas for the blocks of the cohort",
                do="correct the label in the plan, or delete its quota",
            )


def _check_quota(label: str, quota: Quota | None, size: int) -> Fraction:
    """Return the expected number drawn from one block."""
    if quota is None:
        raise _refusal(
            label,
            found=f"{size} eligible persons and no quota",
            expected="a count or a share for every block",
            do="add its quota to the plan; a quota under the empty label serves every block not named",
        )
    if isinstance(quota, Fraction) and not 0 < quota < 1:
        raise _refusal(
            label, found=f"the share {quota}", expected="a share between 0 and 1", do="correct the share in the plan"
        )
    target = quota * size if isinstance(quota, Fraction) else Fraction(quota)
    if not 0 <= target <= size:
        raise _refusal(
            label,
            found=f"a quota of {quota} among {size} eligible persons",
            expected="a quota below the number of persons",
            do="lower the quota in the plan, or look at why the screening lets so few in",
        )
    if not 1 <= target <= size - 1:
        raise _refusal(
            label,
            found=f"a quota of {quota} among {size} eligible persons, which can leave an arm empty",
            expected="at least one person in each arm, whatever the draw",
            do="change the quota, merge the block with another, or leave the block out of the trial",
        )
    return target


def _refusal(label: str, *, found: str, expected: str, do: str) -> DesignError:
    """Name the block; the empty label is the whole cohort, or the quota of blocks not named."""
    where = f"block {label}" if label else "the cohort"
    return DesignError(what="the design cannot be conducted", where=where, found=found, expected=expected, do=do)
