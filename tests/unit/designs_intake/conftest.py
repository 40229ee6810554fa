from fractions import Fraction

import pytest

from ctieval.domain.design import BiasedCoin, Minimised, PermutedBlocks

HALF = Fraction(1, 2)

ARRIVALS = {
    "one stratum": [()] * 6,
    "two strata": [("a",), ("b",), ("a",), ("a",), ("b",), ("a",)],
    "two factors": [("f", "x"), ("m", "x"), ("f", "y"), ("f", "x"), ("m", "y"), ("f", "y")],
}

DESIGNS = {
    "pairs": (PermutedBlocks("", (1,)), "one stratum"),
    "random rows": (PermutedBlocks("town", (1, 2, 3)), "two strata"),
    "unequal rows": (PermutedBlocks("town", (1, 2), (1, 2)), "two strata"),
    "three arms in rows": (PermutedBlocks("", (1, 2), (2, 1, 1)), "one stratum"),
    "coin": (BiasedCoin("", Fraction(2, 3)), "one stratum"),
    "coin in strata": (BiasedCoin("town", Fraction(3, 4)), "two strata"),
    "minimised": (Minimised(("sex", "town"), (Fraction(1), Fraction(1)), Fraction(4, 5)), "two factors"),
    "minimised, weighed": (Minimised(("sex", "town"), (Fraction(2), HALF), Fraction(4, 5)), "two factors"),
    "minimised, unequal": (Minimised(("sex", "town"), (Fraction(1), HALF), Fraction(4, 5), (1, 2)), "two factors"),
    "minimised, three arms": (
        Minimised(("sex", "town"), (Fraction(1), Fraction(1)), Fraction(7, 10), (1, 2, 2)),
        "two factors",
    ),
}


@pytest.fixture(params=DESIGNS)
def case(request):
    """A design, and the levels of six persons in the order in which they come."""
    design, arrivals = DESIGNS[request.param]
    return design, ARRIVALS[arrivals]


@pytest.fixture
def to_marginal():
    """The exact probability of each person's arms, from every history."""

    def marginal(tree, arms):
        return [
            [sum((p for dealt, p in tree if dealt[person] == arm), Fraction(0)) for arm in range(arms)]
            for person in range(len(tree[0][0]))
        ]

    return marginal


@pytest.fixture
def to_joint():
    """The exact probability of each pair's arms, from every history."""

    def joint(tree, arms):
        persons = range(len(tree[0][0]))
        return [
            [
                [
                    [sum((p for dealt, p in tree if dealt[i] == k and dealt[j] == m), Fraction(0)) for m in range(arms)]
                    for j in persons
                ]
                for k in range(arms)
            ]
            for i in persons
        ]

    return joint
