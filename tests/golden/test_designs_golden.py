"""Values of randomizr 1.0.0, and where it does not deliver what it reports, the truth by enumeration."""

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from ctieval.designs.count import count_assignments
from ctieval.designs.enumerate import enumerate_assignments
from ctieval.designs.joint import joint_matrix
from ctieval.designs.probability import probabilities
from ctieval.designs.rounding import enumerate_numbers
from ctieval.domain.design import Blocked, BlockedClustered, Clustered, Complete, Simple
from ctieval.domain.entrants import Entrants
from ctieval.errors import DesignError

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)
LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"), dtype=object)


@pytest.fixture(scope="module")
def golden(reference):
    values = json.loads((reference / "values" / "designs.json").read_text(encoding="utf-8"))["values"]
    return {each["id"]: each["value"] for each in values}


def persons_of(*sizes):
    return Entrants.in_blocks(np.repeat(np.array(["A", "B", "C"][: len(sizes)], dtype=object), sizes))


def clusters_of(n):
    """Clusters a, b, c ... of 1, 2, 3 ... persons; n of them."""
    cluster = np.repeat(LETTERS[:n], np.arange(1, n + 1))
    return replace(Entrants.alike(len(cluster)), cluster=cluster)


def blocked(*quotas):
    return Blocked("block", tuple(zip("ABC", quotas, strict=False)))


def tenths(*parts):
    return tuple(Fraction(part, 10) for part in parts)


def delivered(design, entrants):
    """The probabilities that enumeration delivers, exact, shape (arms, n)."""
    arms = probabilities(design, entrants).shape[1]
    return sum(
        share * (arm[None, :] == np.arange(arms)[:, None]).astype(object)
        for arm, share in enumerate_assignments(design, entrants)
    )


# In randomizr the columns are its conditions in their order; where it names them T1, T2, T3, the first is our control.
@pytest.mark.parametrize(
    ("key", "design", "entrants"),
    [
        ("simple_default", Simple(HALF), Entrants.alike(10)),
        ("simple_p0.3", Simple(Fraction(3, 10)), Entrants.alike(10)),
        ("simple_3arm", Simple(tenths(3, 4)), Entrants.alike(10)),
        ("complete_default_N100", Complete(HALF), Entrants.alike(100)),
        ("complete_odd_N101", Complete(HALF), Entrants.alike(101)),
        ("complete_m40", Complete(40), Entrants.alike(100)),
        ("complete_prob_frac_N101_p.34", Complete(Fraction(34, 100)), Entrants.alike(101)),
        ("complete_3arm_each", Complete((30, 40)), Entrants.alike(100)),
        ("complete_3arm_N100", Complete((THIRD, THIRD)), Entrants.alike(100)),
        ("complete_prob_each_N103", Complete(tenths(3, 5)), Entrants.alike(103)),
        ("cluster_default", Clustered("c", HALF), clusters_of(7)),
        ("cluster_m4", Clustered("c", 10), clusters_of(26)),
        ("cluster_3arm", Clustered("c", (10, 6)), clusters_of(26)),
    ],
)
def test_probabilities(golden, key, design, entrants):
    (expected,) = golden[key]["unique_rows"]["values"]
    assert golden[key]["nrow"] == len(entrants)
    np.testing.assert_allclose(probabilities(design, entrants), [expected] * len(entrants), rtol=1e-8)


@pytest.mark.parametrize(
    ("key", "design", "sizes"),
    [
        ("block_default", blocked(HALF, HALF, HALF), (50, 100, 201)),
        ("block_m", blocked(20, 30, 40), (50, 100, 200)),
        ("block_m_each_3arm", blocked((20, 5), (25, 25), (50, 50)), (50, 100, 200)),
        ("block_prob_each", blocked(HALF, Fraction(3, 10)), (30, 70)),
    ],
)
def test_probabilities_by_block(golden, key, design, sizes):
    entrants = persons_of(*sizes)
    found = probabilities(design, entrants)
    for label, expected in golden[key].items():
        (row,) = expected["unique_rows"]["values"]
        assert expected["nrow"] == (entrants.block == label).sum()
        np.testing.assert_allclose(found[entrants.block == label], [row] * expected["nrow"], rtol=1e-8)


def test_probabilities_by_block_and_cluster(golden):
    entrants = clusters_of(26)
    number = np.searchsorted(LETTERS, entrants.cluster)
    entrants = replace(
        entrants, block=np.array(["b1", "b2", "b3"], dtype=object)[np.searchsorted([5, 10], number, "right")]
    )
    found = probabilities(BlockedClustered("b", "c", (("b1", 2), ("b2", 3), ("b3", 8))), entrants)
    for label, expected in golden["block_and_cluster"].items():
        (row,) = expected["unique_rows"]["values"]
        assert expected["nrow"] == (entrants.block == label).sum()
        np.testing.assert_allclose(found[entrants.block == label], [row] * expected["nrow"], rtol=1e-8)


def test_numbers_of_assignments(golden):
    eight = replace(Entrants.alike(24), cluster=np.repeat(LETTERS[:8], 3))
    assert {
        "complete_10_5": count_assignments(Complete(5), Entrants.alike(10)),
        "complete_3arm_9": count_assignments(Complete((THIRD, THIRD)), Entrants.alike(9)),
        "complete_odd_7": count_assignments(Complete(HALF), Entrants.alike(7)),
        "block": count_assignments(blocked(2, 2, 3), persons_of(4, 4, 6)),
        "cluster": count_assignments(Clustered("c", HALF), eight),
        "simple_6": count_assignments(Simple(HALF), Entrants.alike(6)),
    } == golden["n_permutations"]


def test_every_assignment_of_three_in_six(golden):
    found = sorted(arm.tolist() for arm, _ in enumerate_assignments(Complete(3), Entrants.alike(6)))
    assert len(found) == golden["permutation_matrix_6_3"]["ncol"]
    assert found == golden["permutation_matrix_6_3"]["sorted_columns"]["values"]


def test_probabilities_of_the_assignments_of_half_of_five(golden):
    expected = golden["permutation_probabilities_odd5"]
    law = list(enumerate_assignments(Complete(HALF), Entrants.alike(5)))
    assert len(law) == expected["n"]
    for drawn, share in expected["prob_by_m"].items():
        assert float(sum(each for arm, each in law if arm.sum() == int(drawn))) == pytest.approx(share, rel=1e-8)
    for drawn, share in expected["each"].items():
        assert [float(each) for arm, each in law if arm.sum() == int(drawn)] == pytest.approx([share] * 10, rel=1e-8)


def test_joint_probabilities_of_two_in_six(golden):
    matrix = joint_matrix(Complete(2), Entrants.alike(6))
    joint = {"p11_pair": matrix[6, 7], "p10_pair": matrix[0, 7], "p00_pair": matrix[0, 1], "p1": matrix[6, 6]}
    assert joint == pytest.approx(golden["joint_probabilities_complete"], rel=1e-8)


def test_nine_tenths_of_five_is_refused_where_randomizr_draws_four_fifths():
    """randomizr 1.0.0 turns prob = 0.9, N = 5 into 0.8 without a word.

    Nine tenths of five can leave no control at all, so that the declared design cannot be kept: it is refused.
    At N = 15 it can, and then the enumerated draws deliver nine tenths exactly.
    """
    with pytest.raises(DesignError):
        probabilities(Complete(Fraction(9, 10)), Entrants.alike(5))
    control, intervention = delivered(Complete(Fraction(9, 10)), Entrants.alike(15))
    assert set(control) == {Fraction(1, 10)}
    assert set(intervention) == {Fraction(9, 10)}


def test_unequal_arms_are_delivered_where_randomizr_reports_what_it_does_not_do():
    """randomizr 1.0.0 draws remainders in unequal shares one after the other, without replacement.

    The second draw of a remainder then depends on the first, and more often than declared falls on the arm that is
    likely to be left. For ``complete_ra(prob_each = c(.6, .2, .2))`` with N = 4 it delivers 0.617, 0.191 and 0.191,
    while ``obtain_condition_probabilities()`` still says 0.6, 0.2 and 0.2 (28 Monte Carlo errors apart). N = 4 we
    refuse, since it can leave an arm empty; at N = 6 and 7 remainders are of the same kind, and delivered exactly.
    """
    with pytest.raises(DesignError):
        probabilities(Complete(tenths(2, 2)), Entrants.alike(4))
    for n in (6, 7):
        law = delivered(Complete(tenths(2, 2)), Entrants.alike(n))
        assert [set(arm) for arm in law] == [{Fraction(6, 10)}, {Fraction(2, 10)}, {Fraction(2, 10)}]


def test_what_randomizr_reports_of_103_persons_is_what_we_deliver():
    """``complete_prob_each_N103`` is what randomizr reports; by the fault above it is not what it delivers.

    Persons of one block are alike given how many come into each arm, so that the law of the numbers is proof enough.
    """
    target = [tuple(103 * share for share in tenths(2, 3, 5))]
    law = list(enumerate_numbers(target))
    assert len(law) > 1
    assert [sum(int(table[0, arm]) * share / 103 for table, share in law) for arm in range(3)] == [*tenths(2, 3, 5)]


def test_unequal_arms_in_small_blocks_balance_over_the_blocks():
    """randomizr 1.0.0 rounds each block by itself, so that the size of an arm floats with the number of blocks.

    Here shares of 4, 4 and 2 tenths of two blocks of six are delivered exactly, and the total of every arm is its own
    expected number, rounded down or up: 4.8, 4.8 and 2.4.
    """
    design, entrants = blocked(tenths(4, 2), tenths(4, 2)), persons_of(6, 6)
    law = delivered(design, entrants)
    assert [set(arm) for arm in law] == [{Fraction(4, 10)}, {Fraction(4, 10)}, {Fraction(2, 10)}]
    totals = {tuple(np.bincount(arm).tolist()) for arm, _ in enumerate_assignments(design, entrants)}
    assert totals <= {(5, 5, 2), (5, 4, 3), (4, 5, 3)}
