"""Values of randomizr 1.0.0 for the designs that we have: complete and blocked, two arms."""

import json
from fractions import Fraction

import numpy as np
import pytest

from ctieval.designs.count import count_assignments
from ctieval.designs.enumerate import enumerate_assignments
from ctieval.designs.probability import probabilities
from ctieval.domain.design import Blocked, Complete
from ctieval.errors import DesignError

HALF = Fraction(1, 2)


@pytest.fixture(scope="module")
def golden(reference):
    values = json.loads((reference / "values" / "designs.json").read_text(encoding="utf-8"))["values"]
    return {each["id"]: each["value"] for each in values}


def blocks_of(*sizes):
    return np.repeat(np.array(["A", "B", "C"][: len(sizes)], dtype=object), sizes)


def blocked(*quotas):
    return Blocked("block", tuple(zip("ABC", quotas, strict=False)))


@pytest.mark.parametrize(
    ("key", "design", "n"),
    [
        ("complete_default_N100", Complete(HALF), 100),
        ("complete_odd_N101", Complete(HALF), 101),
        ("complete_m40", Complete(40), 100),
        ("complete_prob_frac_N101_p.34", Complete(Fraction(34, 100)), 101),
    ],
)
def test_complete_probabilities(golden, key, design, n):
    found = probabilities(design, np.full(n, "", dtype=object))
    ((_, treated),) = golden[key]["unique_rows"]["values"]
    assert golden[key]["nrow"] == n
    np.testing.assert_allclose(found, treated, rtol=1e-8)


@pytest.mark.parametrize(
    ("key", "design", "sizes"),
    [
        ("block_default", blocked(HALF, HALF, HALF), (50, 100, 201)),
        ("block_m", blocked(20, 30, 40), (50, 100, 200)),
        ("block_prob_each", blocked(HALF, Fraction(3, 10)), (30, 70)),
    ],
)
def test_blocked_probabilities(golden, key, design, sizes):
    blocks = blocks_of(*sizes)
    found = probabilities(design, blocks)
    for label, expected in golden[key].items():
        ((_, treated),) = expected["unique_rows"]["values"]
        assert expected["nrow"] == (blocks == label).sum()
        np.testing.assert_allclose(found[blocks == label], treated, rtol=1e-8)


def test_numbers_of_assignments(golden):
    counts = golden["n_permutations"]
    assert count_assignments(Complete(5), np.full(10, "", dtype=object)) == counts["complete_10_5"]
    assert count_assignments(Complete(HALF), np.full(7, "", dtype=object)) == counts["complete_odd_7"]
    assert count_assignments(blocked(2, 2, 3), blocks_of(4, 4, 6)) == counts["block"]


def test_every_assignment_of_three_in_six(golden):
    found = sorted(arm.tolist() for arm, _ in enumerate_assignments(Complete(3), np.full(6, "", dtype=object)))
    assert found == golden["permutation_matrix_6_3"]["sorted_columns"]["values"]


def test_probabilities_of_the_assignments_of_half_of_five(golden):
    expected = golden["permutation_probabilities_odd5"]
    law = list(enumerate_assignments(Complete(HALF), np.full(5, "", dtype=object)))
    assert len(law) == expected["n"]
    for drawn, share in expected["each"].items():
        assert [float(each) for arm, each in law if arm.sum() == int(drawn)] == pytest.approx([share] * 10, rel=1e-8)


def test_joint_probabilities_of_two_in_six(golden):
    expected = golden["joint_probabilities_complete"]
    law = [(arm, float(share)) for arm, share in enumerate_assignments(Complete(2), np.full(6, "", dtype=object))]
    joint = {
        "p11_pair": sum(share for arm, share in law if arm[0] == 1 and arm[1] == 1),
        "p10_pair": sum(share for arm, share in law if arm[0] == 0 and arm[1] == 1),
        "p00_pair": sum(share for arm, share in law if arm[0] == 0 and arm[1] == 0),
        "p1": sum(share for arm, share in law if arm[0] == 1),
    }
    assert joint == pytest.approx(expected, rel=1e-8)


def test_nine_tenths_of_five_is_refused_where_randomizr_draws_four_fifths():
    """randomizr 1.0.0 turns prob = 0.9, N = 5 into 0.8 without a word.

    Nine tenths of five can leave no control at all, so that the declared design cannot be kept: it is refused.
    At N = 15 it can, and then the enumerated draws deliver nine tenths exactly.
    """
    with pytest.raises(DesignError):
        probabilities(Complete(Fraction(9, 10)), np.full(5, "", dtype=object))
    law = enumerate_assignments(Complete(Fraction(9, 10)), np.full(15, "", dtype=object))
    np.testing.assert_allclose(sum(arm * float(share) for arm, share in law), 0.9, rtol=0, atol=1e-12)
