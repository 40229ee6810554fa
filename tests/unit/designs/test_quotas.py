from fractions import Fraction

import numpy as np
import pytest

from ctieval.designs.quotas import build_quotas
from ctieval.domain.design import Blocked, BlockedClustered, Capacity, Clustered, Complete, Simple, WaitingList
from ctieval.domain.entrants import Entrants
from ctieval.errors import DesignError


def persons_of(**sizes):
    return Entrants.in_blocks(np.array([label for label, size in sizes.items() for _ in range(size)], dtype=object))


def test_counts_and_shares_are_exact_targets():
    quotas = build_quotas(Blocked("town", (("a", 2), ("b", Fraction(1, 3)))), persons_of(b=7, a=5))
    assert quotas.labels == ("a", "b")
    assert quotas.size == (5, 7)
    assert quotas.target == ((3, 2), (Fraction(14, 3), Fraction(7, 3)))
    assert quotas.probability == ((Fraction(3, 5), Fraction(2, 5)), (Fraction(2, 3), Fraction(1, 3)))
    assert quotas.block.tolist() == [1] * 7 + [0] * 5


def test_a_complete_design_is_one_block_whatever_the_blocks():
    quotas = build_quotas(Complete(3), persons_of(a=4, b=4))
    assert (quotas.labels, quotas.size, quotas.target) == (("",), (8,), ((5, 3),))
    assert quotas.block.tolist() == [0] * 8


def test_a_quota_under_the_empty_label_serves_every_block_not_named():
    quotas = build_quotas(Blocked("town", (("a", 1), ("", Fraction(1, 2)))), persons_of(a=4, b=4, c=6))
    assert quotas.target == ((3, 1), (2, 2), (3, 3))


def test_blocks_are_sorted_by_code_point_and_not_by_any_language():
    quotas = build_quotas(Blocked("town", (("", Fraction(1, 2)),)), persons_of(Å=2, z=2, a=2, Z=2))
    assert quotas.labels == ("Z", "a", "z", "Å")


@pytest.mark.parametrize(
    ("drawn", "where", "found"),
    [
        ((("a", 9), ("b", 1)), "block a", "a quota of 9 among 4 eligible persons"),
        ((("a", -1), ("b", 1)), "block a", "a quota of -1 among 4 eligible persons"),
        ((("a", 0), ("b", 1)), "block a", "can leave an arm empty"),
        ((("a", 4), ("b", 1)), "block a", "can leave an arm empty"),
        ((("a", Fraction(1, 5)), ("b", 1)), "block a", "can leave an arm empty"),
        ((("a", Fraction(4, 5)), ("b", 1)), "block a", "can leave an arm empty"),
        ((("a", Fraction(3, 2)), ("b", 1)), "block a", "the share 3/2"),
        ((("a", Fraction(1)), ("b", 1)), "block a", "the share 1"),
        ((("a", Fraction(0)), ("b", 1)), "block a", "the share 0"),
        ((("a", 1),), "block b", "3 eligible persons and no quota"),
        ((("a", 1), ("b", 1), ("c", 1)), "block c", "no eligible person whose town is c"),
        ((("a", 1), ("b", 1), ("a", 2)), "block a", "more than one quota"),
    ],
)
def test_a_design_that_cannot_be_conducted_names_its_block(drawn, where, found):
    with pytest.raises(DesignError) as refused:
        build_quotas(Blocked("town", drawn), persons_of(a=4, b=3))
    assert refused.value.where == where
    assert found in refused.value.found
    assert refused.value.exit_code == 30


def test_a_complete_design_that_cannot_be_conducted_names_the_cohort():
    with pytest.raises(DesignError) as refused:
        build_quotas(Complete(5), persons_of(a=5))
    assert refused.value.where == "the cohort"


def test_a_block_of_one_person_is_refused_by_name():
    with pytest.raises(DesignError) as refused:
        build_quotas(Blocked("town", (("", Fraction(1, 2)),)), persons_of(a=4, b=1))
    assert refused.value.where == "block b"


def test_nobody_is_refused():
    with pytest.raises(DesignError) as refused:
        build_quotas(Complete(1), Entrants.alike(0))
    assert refused.value.found == "no eligible person"


def test_persons_without_a_block_are_counted():
    with pytest.raises(DesignError) as refused:
        build_quotas(Blocked("town", (("", 1),)), Entrants.in_blocks(np.array(["a", "a", "", ""], dtype=object)))
    assert refused.value.where == "column town"
    assert refused.value.found == "2 persons without a block"


def test_a_column_of_identifiers_is_refused_without_showing_one():
    persons = np.array(["canary-1", "canary-2", "canary-3"], dtype=object)
    with pytest.raises(DesignError) as refused:
        build_quotas(Blocked("person_id", (("", 1),)), Entrants.in_blocks(persons))
    assert "canary" not in str(refused.value)


def test_the_representation_shows_sizes_alone():
    assert repr(build_quotas(Complete(2), persons_of(a=5))) == "Quotas(2 of 5 in 1 blocks)"


def test_several_interventions_have_a_quota_each_and_the_control_takes_the_rest():
    drawn = (("a", (2, Fraction(1, 4))), ("b", (1, 1)))
    quotas = build_quotas(Blocked("town", drawn), persons_of(a=10, b=3))
    assert quotas.target == ((Fraction(11, 2), 2, Fraction(5, 2)), (1, 1, 1))
    assert quotas.arms == 3


@pytest.mark.parametrize(
    ("drawn", "where", "found"),
    [
        ((("a", (1, 1)), ("b", 1)), "block b", "1 quotas, and 2 in another block"),
        ((("a", (2, 3)), ("b", (1, 1))), "block a", "a quota of 2 and 3 among 4 eligible persons"),
        ((("a", (2, 2)), ("b", (1, 1))), "block a", "can leave an arm empty"),
        ((("a", (1, 1)), ("b", (Fraction(1, 2), Fraction(1, 4)))), "block b", "can leave an arm empty"),
    ],
)
def test_arms_that_cannot_be_filled_name_their_block(drawn, where, found):
    with pytest.raises(DesignError) as refused:
        build_quotas(Blocked("town", drawn), persons_of(a=4, b=3))
    assert refused.value.where == where
    assert found in refused.value.found


@pytest.mark.parametrize("share", [Fraction(0), Fraction(1), (Fraction(1, 2), Fraction(1, 2)), ()])
def test_a_simple_draw_leaves_every_arm_a_chance(share):
    with pytest.raises(DesignError) as refused:
        build_quotas(Simple(share), Entrants.alike(4))
    assert refused.value.where == "the cohort"


def test_clusters_are_the_units_of_a_clustered_draw(make_entrants):
    quotas = build_quotas(Clustered("office", 2), make_entrants(cluster="dccbbba"))
    assert (quotas.size, quotas.target) == ((4,), ((2, 2),))
    assert quotas.cluster_labels == ("a", "b", "c", "d")
    assert quotas.cluster.tolist() == quotas.unit.tolist() == [3, 2, 2, 1, 1, 1, 0]
    assert quotas.probability == ((Fraction(1, 2), Fraction(1, 2)),)


@pytest.mark.parametrize(
    ("design", "letters", "where", "found"),
    [
        (Clustered("office", 1), {"cluster": "aaaa"}, "the cohort", "a quota of 1 among 1 cluster"),
        (Clustered("office", 1), {"n": 4}, "column office", "persons without a cluster"),
        (
            BlockedClustered("town", "office", (("", 1),)),
            {"block": "xxxyyy", "cluster": "aabbcd"},
            "block y",
            "persons of a cluster who are also in another block; so in 1 block",
        ),
        (
            BlockedClustered("town", "office", (("", 1),)),
            {"block": "xxxyyy", "cluster": "aabccc"},
            "block y",
            "a quota of 1 among 1 cluster",
        ),
        (
            BlockedClustered("town", "office", (("", 1),)),
            {"block": "xxyy", "cluster": "aabb"},
            "column town",
            "as many blocks as clusters, 2",
        ),
    ],
)
def test_clusters_that_cannot_be_drawn_are_refused(design, letters, where, found, make_entrants):
    with pytest.raises(DesignError) as refused:
        build_quotas(design, make_entrants(**letters))
    assert refused.value.where == where
    assert found in refused.value.found


def test_places_for_everybody_in_a_block_leave_nothing_to_draw():
    quotas = build_quotas(Capacity("town", (("a", 2), ("b", 7))), persons_of(a=5, b=3))
    assert quotas.target == ((3, 2), (0, 3))


@pytest.mark.parametrize(
    ("places", "where"),
    [((("a", 9), ("b", 3)), "the cohort"), ((("a", 0), ("b", 2)), "block a"), ((("a", 2),), "block b")],
)
def test_places_that_leave_nothing_to_draw_or_are_not_known_are_refused(places, where):
    with pytest.raises(DesignError) as refused:
        build_quotas(Capacity("town", places), persons_of(a=5, b=3))
    assert refused.value.where == where


def test_a_waiting_list_is_the_draw_of_those_who_start(make_entrants):
    draw, entrants = Blocked("town", (("", 1),)), persons_of(a=3, b=4)
    assert build_quotas(WaitingList(draw, 26), entrants).target == build_quotas(draw, entrants).target
