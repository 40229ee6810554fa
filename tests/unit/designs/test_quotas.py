from fractions import Fraction

import numpy as np
import pytest

from ctieval.designs.quotas import build_quotas
from ctieval.domain.design import Blocked, Complete
from ctieval.errors import DesignError


def blocks_of(**sizes):
    return np.array([label for label, size in sizes.items() for _ in range(size)], dtype=object)


def test_counts_and_shares_are_exact_targets():
    quotas = build_quotas(Blocked("town", (("a", 2), ("b", Fraction(1, 3)))), blocks_of(b=7, a=5))
    assert quotas.labels == ("a", "b")
    assert quotas.size == (5, 7)
    assert quotas.target == (Fraction(2), Fraction(7, 3))
    assert quotas.probability == (Fraction(2, 5), Fraction(1, 3))
    assert quotas.block.tolist() == [1] * 7 + [0] * 5


def test_a_complete_design_is_one_block_whatever_the_blocks():
    quotas = build_quotas(Complete(3), blocks_of(a=4, b=4))
    assert (quotas.labels, quotas.size, quotas.target) == (("",), (8,), (Fraction(3),))
    assert quotas.block.tolist() == [0] * 8


def test_a_quota_under_the_empty_label_serves_every_block_not_named():
    quotas = build_quotas(Blocked("town", (("a", 1), ("", Fraction(1, 2)))), blocks_of(a=4, b=4, c=6))
    assert quotas.target == (1, 2, 3)


def test_blocks_are_sorted_by_code_point_and_not_by_any_language():
    quotas = build_quotas(Blocked("town", (("", Fraction(1, 2)),)), blocks_of(Å=2, z=2, a=2, Z=2))
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
        build_quotas(Blocked("town", drawn), blocks_of(a=4, b=3))
    assert refused.value.where == where
    assert found in refused.value.found
    assert refused.value.exit_code == 30


def test_a_complete_design_that_cannot_be_conducted_names_the_cohort():
    with pytest.raises(DesignError) as refused:
        build_quotas(Complete(5), blocks_of(a=5))
    assert refused.value.where == "the cohort"


def test_a_block_of_one_person_is_refused_by_name():
    with pytest.raises(DesignError) as refused:
        build_quotas(Blocked("town", (("", Fraction(1, 2)),)), blocks_of(a=4, b=1))
    assert refused.value.where == "block b"


def test_nobody_is_refused():
    with pytest.raises(DesignError) as refused:
        build_quotas(Complete(1), np.array([], dtype=object))
    assert refused.value.found == "no eligible person"


def test_persons_without_a_block_are_counted():
    with pytest.raises(DesignError) as refused:
        build_quotas(Blocked("town", (("", 1),)), np.array(["a", "a", "", ""], dtype=object))
    assert refused.value.where == "column town"
    assert refused.value.found == "2 persons without a block"


def test_a_column_of_identifiers_is_refused_without_showing_one():
    persons = np.array(["canary-1", "canary-2", "canary-3"], dtype=object)
    with pytest.raises(DesignError) as refused:
        build_quotas(Blocked("person_id", (("", 1),)), persons)
    assert "canary" not in str(refused.value)


def test_the_representation_shows_sizes_alone():
    assert repr(build_quotas(Complete(2), blocks_of(a=5))) == "Quotas(2 of 5 in 1 blocks)"
