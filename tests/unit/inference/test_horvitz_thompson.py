from fractions import Fraction

import numpy as np
import pytest

from ctieval.designs.enumerate import enumerate_assignments
from ctieval.designs.joint import joint_matrix, joint_probabilities
from ctieval.domain.design import Blocked, Clustered, Complete, Simple
from ctieval.domain.entrants import Entrants
from ctieval.errors import EstimationError
from ctieval.inference.cells import count_cells
from ctieval.inference.horvitz_thompson import Drawn, hajek, horvitz_thompson

BLOCKS = np.array(["A"] * 4 + ["B"] * 3, dtype=object)


def entrants(block=None, cluster=None, n=7):
    empty = np.full(n, "", dtype=object)
    return Entrants(empty if block is None else block, empty if cluster is None else cluster, np.empty((n, 0)))


def laid_out(design, who, arm):
    """The units of a design as drawn: clusters where there are any, else persons."""
    from ctieval.designs.quotas import build_quotas

    quotas = build_quotas(design, who)
    arms = np.zeros(len(quotas.unit_block), dtype=np.int64)
    arms[quotas.unit] = arm
    return Drawn(quotas.unit, quotas.unit_block, arms, joint_probabilities(design, who))


def by_hand(values, arm, joint, n):
    """Aronow and Middleton's variance by its double sum over all persons and arms."""
    units = np.concatenate([np.flatnonzero(arm == 0), n + np.flatnonzero(arm == 1)])
    chance = np.diag(joint)
    y = np.concatenate([-values, values]) / chance
    found = 0.0
    for i in units:
        for j in units:
            found += (1 - chance[i] * chance[j] / joint[i, j]) * y[i] * y[j]
        never = joint[i] == 0
        found += never.sum() * (y[i] * chance[i]) ** 2 / chance[i]
    return found / n**2


DESIGNS = {
    "complete": (Complete(3), entrants()),
    "simple": (Simple(Fraction(1, 3)), entrants()),
    "blocked": (Blocked("place", (("A", 2), ("B", 1))), entrants(BLOCKS)),
    "shares that leave remainders": (Blocked("place", (("", Fraction(2, 5)),)), entrants(BLOCKS)),
    "clusters of unlike size": (Clustered("site", 2), entrants(cluster=np.array(list("aaabbcd"), dtype=object))),
    "one of all": (Complete(1), entrants()),
}


@pytest.mark.parametrize("design", DESIGNS)
def test_over_the_whole_law_it_is_unbiased_and_its_variance_never_too_small(design):
    declared, who = DESIGNS[design]
    rng = np.random.default_rng(4)
    control = rng.normal(2, 3, size=7)
    treated = control + rng.normal(1, 2, size=7)
    estimates, variances, chances = [], [], []
    for arm, chance in enumerate_assignments(declared, who):
        found = horvitz_thompson(np.where(arm == 1, treated, control), laid_out(declared, who, arm))
        estimates.append(found.estimate)
        variances.append(found.variance)
        chances.append(float(chance))
    mean = np.dot(chances, estimates)
    assert mean == pytest.approx((treated - control).mean(), abs=1e-12)
    assert np.dot(chances, variances) >= np.dot(chances, (estimates - mean) ** 2) * (1 - 1e-12)


@pytest.mark.parametrize("design", ["complete", "simple", "blocked", "shares that leave remainders", "one of all"])
def test_the_sums_by_block_are_the_double_sum_over_persons(design):
    declared, who = DESIGNS[design]
    values = np.random.default_rng(1).normal(size=7)
    joint = joint_matrix(declared, who)
    for arm, _ in list(enumerate_assignments(declared, who))[:10]:
        found = horvitz_thompson(values, laid_out(declared, who, arm)).variance
        assert found == pytest.approx(by_hand(values, arm, joint, 7), rel=1e-10)


def test_with_equal_probabilities_hajek_is_the_difference_in_means():
    declared, who = DESIGNS["complete"]
    arm = np.array([0, 1, 0, 1, 1, 0, 0])
    y = np.random.default_rng(3).normal(size=7)
    cells = count_cells(y, arm, np.zeros(7, dtype=int), 1)
    found = hajek(y, laid_out(declared, who, arm))
    assert found.estimate == pytest.approx(cells.mean[0, 1] - cells.mean[0, 0], rel=1e-12)
    neyman = (cells.squares / (cells.n - 1) / cells.n).sum()
    assert found.variance == pytest.approx(neyman, rel=1e-9)


def test_a_constant_moves_horvitz_thompson_under_a_simple_draw_but_never_hajek():
    declared, who = DESIGNS["simple"]
    drawn = laid_out(declared, who, np.array([0, 1, 0, 1, 1, 0, 0]))
    y = np.random.default_rng(3).normal(size=7)
    assert hajek(y + 100, drawn).estimate == pytest.approx(hajek(y, drawn).estimate, abs=1e-11)
    assert abs(horvitz_thompson(y + 100, drawn).estimate - horvitz_thompson(y, drawn).estimate) > 1


def test_a_missing_outcome_is_refused_and_the_way_out_named():
    declared, who = DESIGNS["complete"]
    drawn = laid_out(declared, who, np.array([0, 1, 0, 1, 1, 0, 0]))
    with pytest.raises(EstimationError) as caught:
        horvitz_thompson(np.array([1.0, 2, 3, 4, 5, 6, np.nan]), drawn)
    assert "Hájek" in caught.value.do


def test_an_arm_without_a_value_is_refused():
    declared, who = DESIGNS["complete"]
    drawn = laid_out(declared, who, np.array([0, 1, 0, 1, 1, 0, 0]))
    with pytest.raises(EstimationError):
        hajek(np.where(drawn.arm == 1, np.nan, 1.0), drawn)
