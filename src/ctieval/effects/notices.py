"""What a reader must know of an effect: coded, with its facts, and never with a number that would point to a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arms import ArmPair
from ctieval.domain.arrays import FloatArray
from ctieval.domain.design import Matched, drawn_by
from ctieval.domain.wording import Fact, Notice
from ctieval.inference.by_design import DesignEstimate
from ctieval.inference.estimable import MOST_NAMED
from ctieval.inference.skewness import is_skewed
from ctieval.inference.spread import FEWEST_DIFFERING, count_differing

FEW_DIFFER = "W-FEW-DIFFER"
SKEWED = "W-SKEWED"
LEFT_OUT, FILLED = "W-COVARIATE-LEFT-OUT", "W-COVARIATE-FILLED"
FEWEST_DF_OF_CLUSTERS = 4.0
"""Below this many degrees of freedom a t interval over clusters is not to be relied on (Tipton 2015, section 5)."""


def notices_of_design(
    outcome: str, found: DesignEstimate, values: FloatArray, allocation: Allocation, pair: ArmPair
) -> Iterator[Notice]:
    """Say what a reader must know of an effect that the design implies.

    Blocks are named by their labels, at most a handful, and not by how few persons they hold; matched blocks, which
    nobody named, are not. Where there are several interventions a fact says which contrast it is.

    Args:
        outcome: Short name of the outcome.
        found: The effect, on this outcome alone.
        values: The outcome, shape (n,), in the order of the allocation; NaN where not observed.
        allocation: The allocation, with its design.
        pair: The two arms that are compared.

    Yields:
        ``W-NO-VARIATION`` where nobody of an arm differs from the others, else ``W-FEW-DIFFER`` where very few do, else
        ``W-SKEWED`` where the estimate is skewed; ``W-BLOCKS-POOLED``, ``W-PAIR-BROKEN`` and ``W-FEW-CLUSTERS``.

    References:
        Tipton, E. (2015). Small sample adjustments for robust variance estimation with meta-regression. Psychological
        Methods 20(3), 375-393, doi:10.1037/met0000011.
    """
    named = name_contrast(allocation, pair)
    told = found.particulars[0]
    code = _of_spread(found, values, allocation, pair)
    if code:
        yield Notice(code, outcome, named)
    if told.pooled and not isinstance(drawn_by(allocation.design), Matched):
        yield Notice("W-BLOCKS-POOLED", outcome, (("blocks", _list(told.pooled)), *named))
    if told.left_out:
        yield Notice("W-PAIR-BROKEN", outcome, (("persons", told.left_out), *named))
    if told.clusters and found.df[0] < FEWEST_DF_OF_CLUSTERS:
        yield Notice("W-FEW-CLUSTERS", outcome, (("clusters", told.clusters), *named))


def notices_of_adjustment(
    outcome: str, names: Sequence[str], *, n_missing: Sequence[int], dropped: Sequence[int], full_leverage: int
) -> Iterator[Notice]:
    """Say what became of the covariates of an adjusted effect; none of the persons is counted.

    Args:
        outcome: Short name of the outcome.
        names: The characteristic of each column; one in categories has several columns.
        n_missing: Persons without a value of each column.
        dropped: Numbers of the columns that were left out: they do not vary, or others explain them.
        full_leverage: Persons, or directions of clusters, that the regression fits whatever their outcome.

    Yields:
        ``W-COVARIATE-FILLED`` for a characteristic with gaps, ``W-COVARIATE-LEFT-OUT`` for one of which no column is
        left, and ``W-FULL-LEVERAGE`` where somebody tells nothing of the spread.
    """
    filled = [name for name, missing in zip(names, n_missing, strict=True) if missing]
    kept = {name for number, name in enumerate(names) if number not in dropped}
    gone = [names[each] for each in dropped if names[each] not in kept]
    yield from (Notice(FILLED, name) for name in dict.fromkeys(filled))
    yield from (Notice(LEFT_OUT, name) for name in dict.fromkeys(gone))
    if full_leverage:
        yield Notice("W-FULL-LEVERAGE", outcome)


def name_contrast(allocation: Allocation, pair: ArmPair) -> tuple[tuple[str, Fact], ...]:
    """Return the contrast as a fact, or nothing where there is only one."""
    return (("contrast", allocation.arms.name_pair(pair)),) if allocation.arms.others else ()


def _of_spread(found: DesignEstimate, values: FloatArray, allocation: Allocation, pair: ArmPair) -> str:
    """The code of what the spread within the two arms says of the interval; empty where it says nothing."""
    if found.std_error[0] == 0:
        return "W-NO-VARIATION"
    among = np.isin(allocation.arm, [pair.arm, pair.reference])
    two, own = allocation.between(pair), values[among]
    if count_differing(own, two.arm) < FEWEST_DIFFERING:
        return FEW_DIFFER
    return SKEWED if is_skewed(own, two) else ""


def _list(names: Sequence[str]) -> str:
    """The first few names; dots stand for the others."""
    found = list(dict.fromkeys(names))
    return ", ".join([*found[:MOST_NAMED], *(["…"] if len(found) > MOST_NAMED else [])])
