"""Coded warnings as data: what was pooled, left out, filled or too few, named without pointing to a person."""

from dataclasses import replace

import numpy as np
import pytest

from ctieval.domain.arms import Arms
from ctieval.domain.design import Clustered, Complete, Matched
from ctieval.domain.outcome import BetterWhen, ColumnOutcome, Role
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.domain.provenance import Provenance
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label
from ctieval.effects.analyses import Measured, Method, analyse
from ctieval.effects.average import estimate_effects, withhold_intervals
from ctieval.effects.contrasts import analyse_contrasts
from ctieval.effects.notices import notices_of_adjustment
from ctieval.errors import EstimationError
from ctieval.report.catalogue import load_catalogue

WEEKS = ColumnOutcome(
    name="weeks",
    label=Label("Uger", "Weeks"),
    role=Role.PRIMARY,
    better_when=BetterWhen.HIGHER,
    column="weeks",
    unit=Unit.WEEKS,
)
RNG = np.random.default_rng(8)


def effects(allocation, values, **options):
    values = np.asarray(values, dtype=float)[:, None]
    status = np.where(np.isnan(values), Status.MISSING, Status.OBSERVED).astype(np.int64)
    table = OutcomeTable(allocation.person_id, (WEEKS,), values, status, np.full(values.shape, np.nan))
    return estimate_effects(table, allocation, Provenance(()), **options)


def told(found, code):
    return [dict(notice.facts) for notice in found.warnings if notice.code == code]


def three_arms(make_allocation, n=36):
    arm = np.arange(n) % 3
    allocation = make_allocation((arm > 0).astype(int))
    return replace(
        allocation,
        arm=arm,
        arms=Arms("talks", "usual", ("money",)),
        probability=np.full((n, 3), 1 / 3),
        design=Complete((n // 3, n // 3)),
    )


def test_pooled_blocks_are_named_and_their_persons_not_counted(make_allocation):
    block = np.repeat(list("ABCD"), (4, 4, 10, 10))
    arm = np.array([1, 0, 0, 0, 1, 0, 0, 0] + [0, 1] * 10)
    found = effects(make_allocation(arm, block), RNG.normal(size=28))
    assert told(found, "W-BLOCKS-POOLED") == [{"blocks": "A, B"}]


def test_of_many_pooled_blocks_a_handful_is_named(make_allocation):
    block, arm = np.repeat([f"b{each}" for each in range(9)], 3), np.tile([1, 0, 0], 9)
    (facts,) = told(effects(make_allocation(arm, block), RNG.normal(size=27)), "W-BLOCKS-POOLED")
    assert facts == {"blocks": "b0, b1, b2, b3, b4, …"}


def test_persons_of_broken_pairs_are_counted_and_matched_blocks_not_named(make_allocation):
    pairs = make_allocation(np.tile([0, 1], 12), np.repeat([f"{each:02d}" for each in range(12)], 2))
    values = RNG.normal(size=24)
    values[[3, 8]] = np.nan
    found = effects(replace(pairs, design=Matched(("age",), 2, 1)), values)
    assert told(found, "W-PAIR-BROKEN") == [{"persons": 2}]
    assert told(found, "W-BLOCKS-POOLED") == []
    assert found.rows[0].n == 20


@pytest.mark.parametrize(("clusters", "warned"), [(4, True), (20, False)])
def test_few_clusters_are_told(make_allocation, clusters, warned):
    cluster = np.repeat(np.arange(clusters), 6)
    arm = cluster % 2
    allocation = replace(
        make_allocation(arm),
        cluster=cluster,
        cluster_labels=tuple(f"{each:02d}" for each in range(clusters)),
        design=Clustered("office", clusters // 2),
    )
    found = effects(allocation, RNG.normal(size=len(arm)))
    assert told(found, "W-FEW-CLUSTERS") == ([{"clusters": clusters}] if warned else [])


def test_several_contrasts_are_told_and_each_notice_names_its_own(make_allocation):
    allocation = three_arms(make_allocation)
    values = np.where(allocation.arm == 2, 1.0, RNG.normal(size=36))
    found = effects(allocation, values)
    assert told(found, "W-SEVERAL-CONTRASTS") == [{"contrasts": 2}]
    assert told(found, "W-FEW-DIFFER") == [{"contrast": "money - usual"}]
    assert [row.contrast for row in found.rows] == ["talks - usual", "money - usual"]
    shown = withhold_intervals(found).rows
    assert [np.isnan(row.conf_low) for row in shown] == [False, True]
    among = effects(allocation, RNG.normal(size=36), pairs=allocation.arms.all_pairs)
    assert [row.contrast for row in among.rows] == ["talks - usual", "money - usual", "money - talks"]


def test_a_contrast_that_cannot_be_estimated_leaves_the_others(make_allocation):
    allocation = three_arms(make_allocation)
    values = np.where(allocation.arm == 2, np.nan, RNG.normal(size=36))
    found = effects(allocation, values)
    assert [row.contrast for row in found.rows] == ["talks - usual"]
    assert [facts["contrast"] for facts in told(found, "W-NOT-ESTIMABLE")] == ["money - usual"]


def test_each_contrast_is_adjusted_by_its_own_two_arms(make_allocation):
    allocation = three_arms(make_allocation)
    age = RNG.normal(size=36)
    y = age + allocation.arm + RNG.normal(size=36) * 0.1
    covariates = np.column_stack([age, np.where(np.arange(36) == 4, np.nan, age**2), np.ones(36)])
    measured = Measured(y, covariates, np.full(36, np.nan), ("age", "square", "one"))
    rows, notices = analyse_contrasts(Method.ADJUSTED, measured, allocation, WEEKS)
    assert [row.contrast for row in rows] == ["talks - usual", "money - usual"]
    # noise of 0.1 a person in arms of twelve, the covariate explaining the rest
    assert [row.estimate for row in rows] == pytest.approx([1, 2], abs=0.2)
    codes = {(notice.code, notice.subject, dict(notice.facts)["contrast"]) for notice in notices}
    assert ("W-COVARIATE-LEFT-OUT", "one", "money - usual") in codes
    assert ("W-COVARIATE-FILLED", "square", "talks - usual") in codes


def test_contrasts_over_blocks_of_unlike_shares_are_left_to_the_difference(make_allocation):
    allocation = three_arms(make_allocation)
    unlike = np.where(np.arange(36)[:, None] < 18, [[0.2, 0.4, 0.4]], [[0.4, 0.4, 0.2]])
    measured = Measured(RNG.normal(size=36), RNG.normal(size=(36, 1)), np.full(36, np.nan))
    with pytest.raises(EstimationError, match="cannot be estimated by this method"):
        analyse_contrasts(Method.ADJUSTED, measured, replace(allocation, probability=unlike), WEEKS)


def test_what_one_person_alone_decides_is_told(make_allocation):
    arm = np.tile([0, 1], 12)
    only = np.zeros((24, 1))
    only[5] = only[6] = 1.0
    measured = Measured(RNG.normal(size=24), only, np.full(24, np.nan), ("rare",))
    _, notices = analyse(Method.ADJUSTED, measured, make_allocation(arm), WEEKS)
    assert [notice.code for notice in notices] == ["W-FULL-LEVERAGE"]
    assert notices[0].facts == ()


def test_a_characteristic_of_which_a_category_is_left_is_not_called_left_out():
    found = notices_of_adjustment("weeks", ("town", "town"), n_missing=(0, 2), dropped=(1,), full_leverage=0)
    assert [(notice.code, notice.subject) for notice in found] == [("W-COVARIATE-FILLED", "town")]


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize(("code", "facts"), [
    ("W-BLOCKS-POOLED", {"blocks": "A, B"}),
    ("W-PAIR-BROKEN", {"persons": 7}),
    ("W-FEW-CLUSTERS", {"clusters": 4}),
    ("W-FULL-LEVERAGE", {}),
    ("W-SEVERAL-CONTRASTS", {"contrasts": 2}),
    ("W-SEVERAL-INTERVENTIONS", {"others": "money"}),
])  # fmt: skip
def test_every_code_has_its_sentence(lang, code, facts):
    words = load_catalogue(lang)
    said = words.text(f"notice.{code}", subject="Weeks", **facts)
    assert all(str(fact) in said for fact in facts.values())
