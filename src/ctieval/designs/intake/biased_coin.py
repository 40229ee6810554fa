"""Efron's biased coin: the arm that has fewer is given the better chance."""

from __future__ import annotations

from ctieval.designs.intake.lot import Lot
from ctieval.designs.intake.tally import Levels, Tally, add_person
from ctieval.domain.design import BiasedCoin


def deal_coin(design: BiasedCoin, tally: Tally, levels: Levels, lot: Lot) -> tuple[int, Tally]:
    """Deal the next person by the coin of her stratum.

    The arm with fewer persons in the stratum has the probability ``favour``; at a tie each has one half.

    Args:
        design: Stratum and favour.
        tally: Persons by arm in each stratum.
        levels: The person's stratum, or nothing where there is one stratum.
        lot: What chooses.

    Returns:
        The arm, and the tally after it.

    References:
        Efron, B. (1971). Forcing a sequential experiment to be balanced. Biometrika 58(3), 403-417,
        doi:10.1093/biomet/58.3.403.

    Examples:
        >>> from fractions import Fraction
        >>> weights = []
        >>> _ = deal_coin(BiasedCoin("", Fraction(2, 3)), {(): (5, 3)}, (), lambda each: weights.append(each) or 0)
        >>> weights
        [(1, 2)]
    """
    control, intervention = tally.get(levels, (0, 0))
    favoured, other = design.favour.numerator, design.favour.denominator - design.favour.numerator
    weights = (1, 1) if control == intervention else (favoured, other) if control < intervention else (other, favoured)
    arm = lot(weights)
    return arm, add_person(tally, levels, arm, 2)
