from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from ctieval.designs.matching import form_blocks, form_groups, whiten
from ctieval.designs.quotas import build_quotas
from ctieval.domain.design import Complete, Matched, WaitingList
from ctieval.domain.entrants import Entrants
from ctieval.errors import DesignError


def with_covariates(points):
    points = np.asarray(points, dtype=float).reshape(len(points), -1)
    return replace(Entrants.alike(len(points)), covariates=points)


def distances(points):
    points = np.asarray(points, dtype=float).reshape(len(points), -1)
    inverse = np.linalg.pinv(np.atleast_2d(np.cov(points.T)))
    return {
        (i, j): round(float((points[i] - points[j]) @ inverse @ (points[i] - points[j])), 9)
        for i, j in combinations(range(len(points)), 2)
    }


def sort_and_take(points):
    """The plain way to say it: sort all pairs by distance, and take each whose persons are both free."""
    pairs, taken = [], set()
    for (i, j), _ in sorted(distances(points).items(), key=lambda each: (each[1], each[0])):
        if not taken & {i, j}:
            taken |= {i, j}
            pairs.append({i, j})
    return pairs


@pytest.mark.parametrize("seed", range(8))
def test_pairs_are_those_of_the_sorted_list(seed):
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 4, (20, 2)).astype(float) if seed % 2 else rng.normal(size=(20, 3))
    block = form_groups(Matched(("a", "b", "c")[: points.shape[1]], 2, 1), with_covariates(points)).block
    found = [set(np.flatnonzero(block == label).tolist()) for label in sorted(set(block))]
    assert found == sort_and_take(points)


def test_those_left_over_join_the_last_group():
    block = form_groups(Matched(("age",), 3, 1), with_covariates([1, 2, 3, 10, 20, 21, 22, 40])).block
    assert sorted(np.unique(block, return_counts=True)[1].tolist()) == [3, 5]


def test_a_group_takes_whoever_is_nearest_to_its_members():
    block = form_groups(Matched(("age",), 3, 1), with_covariates([0, 1, 3, 50, 52, 54])).block
    assert block.tolist() == ["1", "1", "1", "2", "2", "2"]


def test_a_covariate_that_repeats_another_changes_nothing():
    points = np.random.default_rng(3).normal(size=(14, 2))
    once = form_groups(Matched(("a", "b"), 2, 1), with_covariates(points)).block
    repeated = np.column_stack([points, points.sum(axis=1)])
    assert whiten(repeated).shape == (14, 2)
    assert form_groups(Matched(("a", "b", "c"), 2, 1), with_covariates(repeated)).block.tolist() == once.tolist()


def test_the_unit_of_a_covariate_does_not_matter():
    points = np.random.default_rng(4).normal(size=(20, 2))
    design = Matched(("age", "kroner"), 2, 1)
    one = form_groups(design, with_covariates(points)).block
    assert form_groups(design, with_covariates(points * [12.0, 1e6] + 7)).block.tolist() == one.tolist()


def test_a_constant_covariate_is_left_out():
    points = np.random.default_rng(5).normal(size=12)
    alone = form_groups(Matched(("a",), 2, 1), with_covariates(points)).block
    for constant in (1.0, 0.1, 1e9 + 0.1):
        columns = np.column_stack([points, np.full(12, constant)])
        assert whiten(columns).shape == (12, 1)
        assert form_groups(Matched(("a", "b"), 2, 1), with_covariates(columns)).block.tolist() == alone.tolist()


@pytest.mark.parametrize(
    ("points", "size", "where", "found"),
    [
        ([[1, 2], [np.nan, 1], [3, np.nan], [4, np.nan]], 2, "column age", "1 person without a value"),
        ([[1, 2], [2, 1], [3, np.nan], [4, np.inf]], 2, "column weeks", "2 persons without a value"),
        ([[1, 2], [1, 2], [1, 2]], 2, "column age, weeks", "the same value for everybody"),
        ([[1, 2], [2, 1], [3, 3]], 4, "the cohort", "groups of 4 among 3 eligible persons"),
        ([[1, 2], [2, 1], [3, 3]], 1, "the cohort", "groups of 1 among 3 eligible persons"),
        ([[1], [2], [3]], 2, "the cohort", "1 covariates"),
    ],
)
def test_persons_who_cannot_be_matched_are_refused(points, size, where, found):
    with pytest.raises(DesignError) as refused:
        build_quotas(Matched(("age", "weeks"), size, 1), with_covariates(points))
    assert (refused.value.where, refused.value.found) == (where, found)


def test_groups_once_formed_are_kept():
    entrants = Entrants.in_blocks(np.array(["1", "2", "2", "1"], dtype=object))
    design = WaitingList(Matched(("age",), 2, 1), 26)
    assert form_blocks(design, entrants) is entrants
    assert build_quotas(design, entrants).labels == ("1", "2")
    assert form_blocks(Complete(2), entrants) is entrants


def test_a_thousand_pairs_are_found_quickly_and_in_order():
    block = form_groups(
        Matched(("x", "y"), 2, 1), with_covariates(np.random.default_rng(6).normal(size=(2000, 2)))
    ).block
    assert min(block) == "0001"
    assert np.unique(block, return_counts=True)[1].tolist() == [2] * 1000
