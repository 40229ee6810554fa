"""What an analyst reaches through the library: each gives a row of the result protocol from an allocation."""

import math
from dataclasses import replace

import numpy as np
import pytest

from ctieval.domain.arms import Arms
from ctieval.domain.design import Clustered
from ctieval.domain.outcome import BetterWhen, ColumnOutcome, Role
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label
from ctieval.effects.by_rank import compare_by_rank
from ctieval.effects.equivalence import estimate_equivalence, estimate_non_inferiority
from ctieval.effects.row import average_by_design
from ctieval.effects.standard_deviations import Spread, Weights, estimate_in_standard_deviations, estimate_index
from ctieval.errors import EstimationError
from ctieval.inference.ranks import compare_ranks
from ctieval.inference.standardized_mean import average_index, glass_delta, hedges_g
from ctieval.inference.stratified_ranks import compare_stratified_ranks
from ctieval.report.catalogue import load_catalogue

RNG = np.random.default_rng(11)
ARM = np.tile([0, 1], 30)
BLOCK = np.repeat(["a", "b", "c"], 20)
VALUES = RNG.normal(size=60) + 0.4 * ARM
LANGUAGES = ("da", "en")
VERDICTS = ("better", "worse", "undecided", "without_interval")


def outcome(name="score", better=BetterWhen.HIGHER, smallest=None):
    return ColumnOutcome(
        name=name,
        label=Label(name, name),
        role=Role.SECONDARY,
        better_when=better,
        column=name,
        unit=Unit.POINTS,
        smallest_relevant=smallest,
    )


@pytest.fixture
def pooled(make_allocation):
    return make_allocation(ARM)


@pytest.fixture
def blocked(make_allocation):
    return make_allocation(ARM, BLOCK)


@pytest.fixture
def clustered(pooled):
    number = np.arange(60) // 10 * 2 + ARM
    labels = tuple(str(each) for each in range(12))
    return replace(pooled, cluster=number, cluster_labels=labels, design=Clustered("office", 6))


def test_equivalence_is_shown_just_where_the_interval_lies_within_the_margins(blocked):
    total = average_by_design(VALUES, blocked)
    for margin in (0.2, 0.5, 1.0, 1.5):
        found = estimate_equivalence(VALUES, blocked, outcome(), margin=margin)
        inside = -margin < found.effect.conf_low and found.effect.conf_high < margin
        assert found.effect.conf_level == pytest.approx(0.9)
        assert (found.effect.p_value < 0.05) == inside == (found.phrase.key == "judged.equivalence.shown")
        assert found.effect.estimate == pytest.approx(total.estimate, rel=1e-12)


def test_the_plans_smallest_relevant_effect_is_the_margin(pooled):
    declared = estimate_equivalence(VALUES, pooled, outcome(smallest=1.2))
    assert declared.effect == estimate_equivalence(VALUES, pooled, outcome(), margin=1.2).effect
    assert dict(declared.phrase.facts)["margin"] == 1.2


def test_not_inferior_looks_in_the_direction_in_which_a_person_fares_worse(pooled):
    higher = estimate_non_inferiority(VALUES, pooled, outcome(), margin=0.3)
    turned = estimate_non_inferiority(-VALUES, pooled, outcome(better=BetterWhen.LOWER), margin=0.3)
    assert higher.effect.p_value == pytest.approx(turned.effect.p_value, rel=1e-12)
    assert higher.effect.p_value < estimate_equivalence(VALUES, pooled, outcome(), margin=0.3).effect.p_value


@pytest.mark.parametrize("margin", [None, 0.0, -1.0])
def test_a_margin_is_needed(pooled, margin):
    with pytest.raises(EstimationError, match="margin"):
        estimate_equivalence(VALUES, pooled, outcome(), margin=margin)


@pytest.mark.parametrize(("spread", "alone"), [(Spread.POOLED, hedges_g), (Spread.CONTROL, glass_delta)])
def test_persons_of_one_pool_have_the_usual_standardised_effect(pooled, spread, alone):
    found = estimate_in_standard_deviations(VALUES, pooled, outcome(), spread=spread)
    expected = alone(VALUES, ARM)
    assert found.effect.estimate == expected.estimate
    assert found.effect.std_error == pytest.approx(expected.std_error, rel=1e-12)
    assert found.effect.unit == "sd"


@pytest.mark.parametrize("spread", list(Spread))
def test_other_designs_keep_their_own_effect_and_variance(blocked, clustered, spread):
    for allocation in (blocked, clustered):
        total = average_by_design(VALUES, allocation)
        found = estimate_in_standard_deviations(VALUES, allocation, outcome(), spread=spread).effect
        factor = found.estimate / total.estimate
        persons = 60 if spread is Spread.POOLED else 29
        sd = VALUES[ARM == 0].std(ddof=1)
        if spread is Spread.CONTROL:
            assert factor == pytest.approx(1 / sd, rel=1e-9)
        assert found.std_error**2 == pytest.approx(
            factor**2 * total.variance + found.estimate**2 / (2 * persons), rel=1e-9
        )


def test_a_scale_does_not_matter_to_standard_deviations(blocked):
    one = estimate_in_standard_deviations(VALUES, blocked, outcome()).effect
    other = estimate_in_standard_deviations(5 * VALUES + 40, blocked, outcome()).effect
    assert (other.estimate, other.std_error) == pytest.approx((one.estimate, one.std_error), rel=1e-9)


def index_table(allocation):
    columns = np.column_stack([VALUES, -VALUES + 0.5 * RNG.normal(size=60)])
    declared = (outcome("up"), outcome("down", BetterWhen.LOWER))
    status = np.full(columns.shape, Status.OBSERVED, dtype=np.int64)
    return OutcomeTable(allocation.person_id, declared, columns, status, np.full(columns.shape, np.nan))


@pytest.mark.parametrize("weights", list(Weights))
def test_an_index_counts_each_outcome_in_its_better_direction(blocked, weights):
    found = estimate_index(index_table(blocked), blocked, weights=weights).effect
    assert found.estimate > 0
    assert (found.outcome, found.unit, found.n) == ("index", "sd", 60)
    assert found.method.startswith({"equal": "average", "inverse_covariance": "inverse"}[weights.value])


def test_an_index_is_estimated_as_the_design_implies(blocked):
    table = index_table(blocked)
    value = average_index(table.values, ARM, np.array([True, False])).value
    found = estimate_index(table, blocked).effect
    assert found.estimate == pytest.approx(average_by_design(value, blocked).estimate, rel=1e-12)


def test_ranks_are_compared_within_blocks_where_persons_were_drawn_in_them(pooled, blocked):
    alone, within = (compare_by_rank(VALUES, each, outcome()).effect for each in (pooled, blocked))
    expected = compare_ranks(VALUES, ARM)
    assert (alone.estimate, alone.p_value) == (expected.superiority.estimate, expected.p_value)
    stratified = compare_stratified_ranks(VALUES, ARM, blocked.block)
    assert (within.estimate, within.p_value) == (stratified.superiority.estimate, stratified.p_value)
    assert [each.method.partition("_brunner")[0] for each in (alone, within)] == ["mann_whitney", "van_elteren"]


def test_ranks_of_clusters_are_refused(clustered):
    with pytest.raises(EstimationError, match="clusters"):
        compare_by_rank(VALUES, clustered, outcome())


@pytest.mark.parametrize(
    ("shift", "better", "verdict"),
    [
        (3.0, BetterWhen.HIGHER, "better"),
        (3.0, BetterWhen.LOWER, "worse"),
        (-3.0, BetterWhen.LOWER, "better"),
        (0.0, BetterWhen.LOWER, "undecided"),
    ],
)
def test_the_sentence_follows_the_interval_and_the_better_direction(pooled, shift, better, verdict):
    values = np.tile([0.0, 0, 1, 1, 2, 2], 10) + shift * ARM * (np.arange(60) > 5)
    found = compare_by_rank(values, pooled, outcome(better=better))
    assert found.phrase.key == f"judged.superiority.{verdict}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_is_there_with_its_facts(pooled, lang):
    words = load_catalogue(lang)
    judged = [estimate_equivalence(VALUES, pooled, outcome(), margin=margin) for margin in (0.01, 50.0)] + [
        estimate_non_inferiority(VALUES, pooled, outcome(), margin=margin) for margin in (1e-6, 50.0)
    ]
    for shift in (-5.0, 0.0, 5.0):
        moved = VALUES - 0.4 * ARM + shift * ARM
        judged += [
            compare_by_rank(moved, pooled, outcome()),
            estimate_in_standard_deviations(moved, pooled, outcome()),
        ]
    assert len({each.phrase.key for each in judged}) >= 8
    for each in judged:
        assert "{" not in words.phrase(each.phrase)
    for kind in ("standard_deviations", "index", "superiority"):
        assert all(words.has(f"judged.{kind}.{verdict}") for verdict in VERDICTS)


def test_one_intervention_at_a_time(pooled):
    three = replace(pooled, arms=Arms("a", "k", ("b",)), probability=np.full((60, 3), 1 / 3))
    for refused in (compare_by_rank, estimate_in_standard_deviations):
        with pytest.raises(EstimationError):
            refused(VALUES, three, outcome())


def test_a_rank_test_without_variation_says_nothing(pooled):
    found = compare_by_rank(np.ones(60), pooled, outcome()).effect
    assert found.estimate == 0.5
    assert math.isnan(found.p_value)
