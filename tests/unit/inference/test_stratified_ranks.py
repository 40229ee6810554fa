from itertools import combinations, product

import numpy as np
import pytest
from scipy.stats import rankdata

from ctieval.errors import EstimationError
from ctieval.inference.ranks import compare_ranks
from ctieval.inference.stratified_ranks import compare_stratified_ranks

VALUES = np.array([1.0, 3, 3, 5, 8, 2, 2, 4, 9])
ARM = np.array([0, 1, 0, 1, 1, 0, 1, 1, 0])
STRATUM = np.array([0, 0, 0, 0, 0, 1, 1, 1, 1])


def weighted_sum(arm):
    """Van Elteren's sum of ranks of the intervention, each stratum over one more than its persons."""
    return sum(
        float(rankdata(VALUES[each == STRATUM])[arm[each == STRATUM] == 1].sum()) / ((each == STRATUM).sum() + 1)
        for each in (0, 1)
    )


def all_draws():
    for first, second in product(combinations(range(5), 3), combinations(range(5, 9), 2)):
        arm = np.zeros(9, dtype=np.int64)
        arm[[*first, *second]] = 1
        yield arm


def test_the_statistic_is_standardised_by_the_whole_law_of_the_draw():
    sums = np.array([weighted_sum(arm) for arm in all_draws()])
    assert len(sums) == 10 * 6
    found = compare_stratified_ranks(VALUES, ARM, STRATUM)
    assert found.z == pytest.approx((weighted_sum(ARM) - sums.mean()) / sums.std(), rel=1e-12)


def test_one_stratum_is_the_comparison_without():
    alone = compare_ranks(VALUES, ARM)
    found = compare_stratified_ranks(VALUES, ARM, np.zeros(9, dtype=np.int64))
    assert (found.z, found.p_value) == pytest.approx((alone.z, alone.p_value), rel=1e-12)
    assert found.superiority.estimate == pytest.approx(alone.superiority.estimate, rel=1e-12)
    assert found.superiority.df == pytest.approx(alone.superiority.df, rel=1e-12)


def test_a_shift_of_a_whole_stratum_changes_nothing():
    shifted = compare_stratified_ranks(VALUES + 100 * STRATUM, ARM, STRATUM)
    assert shifted == compare_stratified_ranks(VALUES, ARM, STRATUM)


def test_persons_without_a_value_count_nowhere():
    known = compare_stratified_ranks(VALUES, ARM, STRATUM)
    more = compare_stratified_ranks(np.append(VALUES, np.nan), np.append(ARM, 1), np.append(STRATUM, 0))
    assert more == known


def test_an_outcome_that_does_not_vary_has_no_test():
    found = compare_stratified_ranks(np.ones(9), ARM, STRATUM)
    assert found.superiority.estimate == 0.5
    assert np.isnan(found.z)


def test_a_stratum_with_one_person_in_an_arm_is_refused():
    with pytest.raises(EstimationError, match="within strata"):
        compare_stratified_ranks(np.arange(5.0), np.array([0, 0, 1, 1, 1]), np.array([0, 0, 0, 1, 1]))
