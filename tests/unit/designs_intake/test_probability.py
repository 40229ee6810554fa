"""Probabilities given for analysis, against every history enumerated."""

from fractions import Fraction

import numpy as np

from ctieval.designs.intake.deal import enumerate_intake
from ctieval.designs.intake.probability import intake_probabilities, joint_intake_probabilities
from ctieval.designs.intake.tally import ratio
from ctieval.designs.simulated import EXACT
from ctieval.domain.design import BiasedCoin, Minimised, PermutedBlocks


def within_four_errors(simulated, exact):
    assert simulated.mean.shape == exact.shape
    assert (np.abs(simulated.mean - exact) <= 4 * simulated.std_error + 1e-12).all()


def test_marginal_probabilities_are_those_of_the_tree(case, to_marginal):
    design, levels = case
    found = intake_probabilities(design, levels, replicates=6000)
    exact = np.array(to_marginal(enumerate_intake(design, levels), len(ratio(design))), dtype=float)
    if found.replicates == EXACT:
        np.testing.assert_allclose(found.mean, exact, atol=1e-12)
    else:
        within_four_errors(found, exact)


def test_joint_probabilities_are_those_of_the_tree(case, to_joint):
    design, levels = case
    found = joint_intake_probabilities(design, levels, replicates=6000)
    exact = np.array(to_joint(enumerate_intake(design, levels), len(ratio(design))), dtype=float)
    if isinstance(design, PermutedBlocks):
        assert found.replicates == EXACT
        np.testing.assert_allclose(found.mean, exact, atol=1e-12)
    else:
        within_four_errors(found, exact)


def test_joint_probabilities_of_permuted_rows_longer_than_the_intake(to_joint):
    design, levels = PermutedBlocks("town", (1, 4), (2, 1)), [("a",)] * 5 + [("b",)]
    exact = np.array(to_joint(enumerate_intake(design, levels), 2), dtype=float)
    np.testing.assert_allclose(joint_intake_probabilities(design, levels).mean, exact, atol=1e-12)


def test_unequal_minimisation_does_not_keep_the_ratio_at_every_person(to_marginal):
    sure = Minimised(("sex",), (Fraction(1),), Fraction(1), (1, 2))
    assert to_marginal(enumerate_intake(sure, [("f",)]), 2) == [[0, 1]]
    assert intake_probabilities(sure, [("f",)]).mean.tolist() == [[0.0, 1.0]]


def test_what_is_simulated_says_how_often_and_how_surely():
    unequal = Minimised(("sex",), (Fraction(1),), Fraction(3, 4), (1, 2))
    few, many = (intake_probabilities(unequal, [("f",)] * 9, replicates=r) for r in (1000, 16000))
    assert (few.replicates, many.replicates) == (1000, 16000)
    assert 3 < few.std_error[-1, 0] / many.std_error[-1, 0] < 5


def test_a_simulation_repeats_itself_and_its_rows_add_up():
    unequal = Minimised(("sex",), (Fraction(1),), Fraction(3, 4), (1, 2, 1))
    first, again = (intake_probabilities(unequal, [("f",)] * 5, replicates=1500).mean for _ in range(2))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_allclose(first.sum(axis=1), 1, atol=1e-12)


def test_a_pair_is_the_same_from_both_sides():
    joint = joint_intake_probabilities(BiasedCoin("", Fraction(2, 3)), [()] * 4, replicates=1500).mean
    np.testing.assert_array_equal(joint, joint.transpose(2, 3, 0, 1))


def test_nobody_has_no_probability():
    assert intake_probabilities(PermutedBlocks("", (1,)), []).mean.shape == (0, 2)
    assert joint_intake_probabilities(PermutedBlocks("", (1,)), []).mean.shape == (0, 2, 0, 2)
