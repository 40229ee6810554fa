"""Intakes under any order of arrival: what each design promises of every history."""

from fractions import Fraction
from itertools import accumulate

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ctieval.designs.intake.deal import deal, enumerate_intake
from ctieval.designs.intake.lot import enumerate_plays, to_lot
from ctieval.designs.intake.probability import intake_probabilities, joint_intake_probabilities
from ctieval.designs.intake.tally import NOBODY, columns, ratio
from ctieval.domain.design import BiasedCoin, Minimised, PermutedBlocks

ratios = st.lists(st.integers(1, 3), min_size=2, max_size=3).map(tuple)
multiples = st.lists(st.integers(1, 3), min_size=1, max_size=3).map(tuple)
favours = st.fractions(Fraction(1, 2), Fraction(1), max_denominator=12)
strata = st.sampled_from(["", "town"])
rows = st.builds(PermutedBlocks, strata, multiples, ratios)
coins = st.builds(BiasedCoin, strata, favours)
weights = st.fractions(Fraction(1, 4), Fraction(4), max_denominator=6)
minimised = st.builds(Minimised, st.just(("sex", "town")), st.tuples(weights, weights), favours, ratios)
designs = st.one_of(rows, coins, minimised)


def arrivals(design, draw, n):
    """Levels of n persons for a design."""
    level = st.sampled_from(["a", "b", "c"])
    return draw(st.lists(st.tuples(*(level for _ in columns(design))), min_size=n[0], max_size=n[1]))


def words_of(seed):
    raw = np.random.Generator(np.random.PCG64(seed)).bit_generator
    while True:
        yield int(raw.random_raw())


def run(design, levels, seed):
    tally, arms = NOBODY, []
    lot = to_lot(words_of(seed))
    for each in levels:
        arm, tally = deal(design, tally, each, lot)
        arms.append(arm)
    return arms


@settings(deadline=None, max_examples=60)
@given(st.data(), designs, st.integers(0, 2**32))
def test_an_intake_repeats_itself_and_deals_only_its_arms(data, design, seed):
    levels = arrivals(design, data.draw, (0, 30))
    arms = run(design, levels, seed)
    assert arms == run(design, levels, seed)
    assert set(arms) <= set(range(len(ratio(design))))


@settings(deadline=None, max_examples=60)
@given(st.data(), rows, st.integers(0, 2**32))
def test_permuted_rows_never_drift_further_than_the_longest_row_allows(data, design, seed):
    """At no person of a stratum is an arm off its share by more than it can be within one row."""
    levels = arrivals(design, data.draw, (1, 40))
    arms = run(design, levels, seed)
    wanted = design.ratio
    for stratum in set(levels):
        own = [arm for arm, each in zip(arms, levels, strict=True) if each == stratum]
        for k, share in enumerate(wanted):
            lead = accumulate((sum(wanted) * (arm == k) - share) for arm in own)
            longest = max(design.multiples) * share * (sum(wanted) - share)
            assert max(map(abs, lead)) <= longest


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=40), multiples, st.integers(0, 2**32))
def test_two_equal_arms_are_never_more_than_half_the_longest_row_apart(towns, sizes, seed):
    arms = run(PermutedBlocks("town", sizes), [(town,) for town in towns], seed)
    for town in set(towns):
        own = [arm for arm, each in zip(arms, towns, strict=True) if each == town]
        assert max(abs(lead) for lead in accumulate(2 * arm - 1 for arm in own)) <= max(sizes)


@settings(deadline=None, max_examples=40)
@given(st.data(), minimised, st.integers(0, 2**32))
def test_a_certain_favour_leaves_nothing_to_chance_but_ties(data, design, seed):
    sure = Minimised(design.factors, design.weights, Fraction(1), design.ratio)
    levels = arrivals(sure, data.draw, (1, 20))
    tally, lot = NOBODY, to_lot(words_of(seed))
    for each in levels:
        law = {}
        for (arm, _), probability in enumerate_plays(lambda any_lot, t=tally, who=each: deal(sure, t, who, any_lot)):
            law[arm] = law.get(arm, 0) + probability
        chosen, after = deal(sure, tally, each, lot)
        assert law.get(chosen, 0) > 0
        assert len(law) == 1 or _imbalance(sure, tally, each, law) == 1
        tally = after


def _imbalance(design, tally, levels, arms):
    """Number of different imbalances that these arms would leave; one where they tie."""
    margins = [tally.get(key, (0,) * len(design.ratio)) for key in zip(design.factors, levels, strict=True)]

    def left(arm):
        after = [[Fraction(n + (k == arm), design.ratio[k]) for k, n in enumerate(counts)] for counts in margins]
        return sum(w * (max(each) - min(each)) for w, each in zip(design.weights, after, strict=True))

    return len({left(arm) for arm in arms})


@settings(deadline=None, max_examples=25)
@given(st.data(), designs)
def test_probabilities_are_those_of_all_histories(data, design):
    levels = arrivals(design, data.draw, (1, 4))
    arms = len(ratio(design))
    exact = np.zeros((len(levels), arms))
    for dealt, probability in enumerate_intake(design, levels):
        exact[np.arange(len(levels)), dealt] += float(probability)
    found = intake_probabilities(design, levels, replicates=400)
    assert (np.abs(found.mean - exact) <= 5 * found.std_error + 1e-9).all(), "five errors, since there are many cells"
    np.testing.assert_allclose(found.mean.sum(axis=1), 1, atol=1e-9)


@settings(deadline=None, max_examples=25)
@given(st.data(), rows)
def test_joint_probabilities_of_permuted_rows_are_exact(data, design):
    levels = arrivals(design, data.draw, (1, 4))
    n, arms = len(levels), len(design.ratio)
    exact = np.zeros((n, arms, n, arms))
    for dealt, probability in enumerate_intake(design, levels):
        came = (np.array(dealt)[:, None] == np.arange(arms)).astype(float)
        exact += float(probability) * np.multiply.outer(came, came)
    np.testing.assert_allclose(joint_intake_probabilities(design, levels).mean, exact, atol=1e-12)


@settings(deadline=None, max_examples=40)
@given(st.data(), designs, st.integers(0, 2**32))
def test_what_the_levels_are_called_does_not_matter(data, design, seed):
    levels = arrivals(design, data.draw, (0, 20))
    renamed = [tuple({"a": "z", "b": "Æ", "c": ""}[level] for level in each) for each in levels]
    assert run(design, levels, seed) == run(design, renamed, seed)
