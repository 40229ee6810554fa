from fractions import Fraction

import pytest

from ctieval.designs.intake.check import check_intake
from ctieval.domain.design import BiasedCoin, Minimised, PermutedBlocks
from ctieval.errors import DesignError

ONE, SURE = (Fraction(1),), Fraction(4, 5)


@pytest.mark.parametrize(
    ("design", "arms"),
    [
        (PermutedBlocks("town", (1, 2, 3)), 2),
        (PermutedBlocks("", (1,), (1, 2, 1)), 3),
        (BiasedCoin("", Fraction(1, 2)), 2),
        (BiasedCoin("", Fraction(1)), 2),
        (Minimised(("sex",), ONE, Fraction(1, 3), (1, 2)), 2),
    ],
)
def test_what_can_be_conducted_passes(design, arms):
    check_intake(design, arms)


@pytest.mark.parametrize(
    ("design", "key"),
    [
        (PermutedBlocks("town", (1,), (1, 1, 1)), "ratio"),
        (PermutedBlocks("town", (1,), (1, 0)), "ratio"),
        (PermutedBlocks("town", ()), "multiples"),
        (PermutedBlocks("town", (0, 1)), "multiples"),
        (BiasedCoin("", Fraction(1, 3)), "favour"),
        (BiasedCoin("", Fraction(3, 2)), "favour"),
        (Minimised(("sex",), ONE, Fraction(1, 4), (1, 2)), "favour"),
        (Minimised((), (), SURE), "factors"),
        (Minimised(("sex", "sex"), ONE * 2, SURE), "factors"),
        (Minimised(("sex", "town"), ONE, SURE), "weights"),
        (Minimised(("sex",), (Fraction(0),), SURE), "weights"),
    ],
)
def test_what_cannot_is_refused_by_the_key_to_mend(design, key):
    with pytest.raises(DesignError) as refused:
        check_intake(design, 2)
    assert refused.value.where == f"the {key} of the design"
    assert key in refused.value.do
