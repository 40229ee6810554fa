"""Permuted blocks of random size: short rows that hold the arms in their ratio, dealt in random order."""

from __future__ import annotations

from ctieval.designs.intake.lot import Lot
from ctieval.designs.intake.tally import Levels, Tally
from ctieval.domain.design import PermutedBlocks


def deal_permuted(design: PermutedBlocks, tally: Tally, levels: Levels, lot: Lot) -> tuple[int, Tally]:
    r"""Deal the next person the next place of her stratum's row.

    A row holds ``c`` times the ratio, with ``c`` drawn among the multiples when the row begins. Of a row with
    ``l_k`` places left for arm k the next place is arm k with probability

    .. math:: l_k / \sum_j l_j

    which deals every order of the row with equal probability. The tally is the places left. Which multiple was drawn
    is written down nowhere: a reader of the arms so far knows the end of a row only as far as they give it away.

    Args:
        design: Stratum, multiples and ratio.
        tally: Places left of the row by stratum; none where the next person begins one.
        levels: The person's stratum, or nothing where there is one stratum.
        lot: What chooses.

    Returns:
        The arm, and the tally after it.

    References:
        Matts, J. P. & Lachin, J. M. (1988). Properties of permuted-block randomization in clinical trials.
        Controlled Clinical Trials 9(4), 327-344, doi:10.1016/0197-2456(88)90047-5.

    Examples:
        >>> deal_permuted(PermutedBlocks("", (1, 2)), {(): (0, 1)}, (), lambda weights: weights.index(max(weights)))
        (1, {(): (0, 0)})
    """
    left = tally.get(levels, ())
    if not any(left):
        multiple = design.multiples[lot([1] * len(design.multiples))]
        left = tuple(multiple * each for each in design.ratio)
    arm = lot(left)
    return arm, {**tally, levels: tuple(places - (each == arm) for each, places in enumerate(left))}
