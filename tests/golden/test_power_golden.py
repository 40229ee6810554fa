"""Power, sizes and minimum detectable effects against R: stats, pwr, and formulas written out in R."""

from __future__ import annotations

import json
import math

import pytest

from ctieval.assignment.power.detect import Question, minimum_detectable_effect, power_at, sample_size
from ctieval.assignment.power.other_tests import (
    arcsine_difference,
    power_all_arms,
    power_arcsine,
    power_pooled_null,
    power_shares_of_all_arms,
)
from ctieval.assignment.power.outcome import Mean, Share
from ctieval.assignment.power.rejection import Alternative, SignificanceTest, bloom_effect, power_of, solve
from ctieval.assignment.power.sampling import Clusters, Explained, Persons, PooledPersons, Precision

NEAR = SignificanceTest(0.05, Alternative.NEAR_SIDE)
ONE_SIDED = SignificanceTest(0.05, Alternative.ONE_SIDED)
BOTH = SignificanceTest()
UNIROOT = 2**-13
"""R looks for an effect with ``uniroot``, which stops within eps^(1/4), 1.2e-4, in the unit of the effect."""
OF_OTHER_METHODS = {
    "logrank_schoenfeld_events": "time to an event belongs to the duration of jobs",
    "noninferiority_prop_n": "non-inferiority belongs to the effects",
}


@pytest.fixture(scope="module")
def golden(reference):
    values = json.loads((reference / "values" / "power.json").read_text(encoding="utf-8"))["values"]
    return {each["id"]: each["value"] for each in values}


def _means(sd=1.0, test=NEAR, **arms):
    return Question(outcome=Mean(sd_control=sd, sd_intervention=sd), sampling=Persons(**arms), test=test)


def _equal(n):
    return {"control": n, "intervention": n}


@pytest.mark.parametrize(("name", "n", "effect", "sd"), [
    ("t_power_n200_d0.4_sd1", 200, 0.4, 1.0),
    ("t_power_n100_d0.5_sd1", 100, 0.5, 1.0),
    ("t_power_n64_d5_sd10", 64, 5.0, 10.0),
])  # fmt: skip
def test_power_of_the_t_test(golden, name, n, effect, sd):
    assert power_at(_means(sd, **_equal(n)), effect) == pytest.approx(golden[name]["power"], rel=1e-8)


@pytest.mark.parametrize(("name", "power", "test"), [
    ("t_n_d0.3_p80", 0.8, NEAR),
    ("t_n_d0.3_p90_strict", 0.9, BOTH),
    ("t_n_onesided", 0.8, ONE_SIDED),
])  # fmt: skip
def test_size_for_the_t_test(golden, name, power, test):
    found = sample_size(_means(test=test, **_equal(10)), 0.3, power=power)
    assert found.control == pytest.approx(golden[name]["n"], rel=1e-6)
    assert found.control == found.intervention


def test_the_minimum_detectable_effect(golden):
    found = minimum_detectable_effect(_means(**_equal(150)), power=0.8)
    assert found == pytest.approx(golden["t_mde_n150_p80"]["effect"], abs=UNIROOT)
    assert power_at(_means(**_equal(150)), found) == pytest.approx(0.8, abs=1e-12)


def test_unequal_arms_under_one_variance(golden):
    one = Mean(sd_control=1, sd_intervention=1)
    power = power_at(Question(outcome=one, sampling=PooledPersons(control=100, intervention=200)), 0.35)
    assert power == pytest.approx(golden["t_unequal_power"]["power"], rel=1e-8)
    effect = minimum_detectable_effect(Question(outcome=one, sampling=PooledPersons(control=299, intervention=600)))
    assert effect == pytest.approx(golden["t_unequal_mde"]["effect"], abs=UNIROOT)


def _pooled(control, intervention, n, test):
    return power_pooled_null(control, intervention, Persons(**_equal(n)), test)


def test_two_shares_with_a_pooled_null(golden):
    assert _pooled(0.3, 0.4, 250, NEAR) == pytest.approx(golden["prop_power_30_40_n250"]["power"], rel=1e-8)
    assert _pooled(0.3, 0.4, 100, BOTH) == pytest.approx(golden["prop_strict"]["power"], rel=1e-8)
    n = solve(lambda size: _pooled(0.3, 0.4, size, NEAR), 0.8, (2, math.inf), what="n")
    assert n == pytest.approx(golden["prop_n_30_40_p80"]["n"], rel=1e-6)
    strict = SignificanceTest(0.01, Alternative.NEAR_SIDE)
    n = solve(lambda size: _pooled(0.2, 0.35, size, strict), 0.9, (2, math.inf), what="n")
    assert n == pytest.approx(golden["prop_n_20_35_p90_a01"]["n"], rel=1e-6)
    share = solve(lambda each: _pooled(0.3, each, 300, NEAR), 0.8, (0.3 + 1e-9, 1 - 1e-9), what="share")
    assert share == pytest.approx(golden["prop_mde_base30_n300"]["p2"], abs=UNIROOT)


def test_two_shares_by_their_arcsine(golden):
    assert arcsine_difference(0.3, 0.4) == pytest.approx(golden["pwr_2p_h"]["effect"], rel=1e-12)
    n = solve(lambda size: power_arcsine(0.3, 0.4, Persons(**_equal(size)), BOTH), 0.8, (2, math.inf), what="n")
    assert n == pytest.approx(golden["pwr_2p_h"]["n"], rel=1e-6)
    power = power_arcsine(0.3, 0.4, Persons(control=200, intervention=400), BOTH)
    assert power == pytest.approx(golden["pwr_2p2n"]["power"], rel=1e-8)


def test_two_shares_each_with_its_own_variance(golden):
    def power(size):
        variance = (0.3 * 0.7 + 0.4 * 0.6) / size
        return power_of(0.1, Precision(math.sqrt(variance), math.inf), NEAR)

    n = solve(power, 0.8, (2, math.inf), what="n")
    assert n == pytest.approx(golden["prop_normal_unpooled_n"]["n"], rel=1e-8)
    question = Question(outcome=Share(control=0.3), sampling=Persons(**_equal(10)), test=NEAR)
    ours = sample_size(question, 0.1).control
    assert n < ours < n * 1.01, "the t reference asks for a little more"


def test_several_arms(golden):
    n = solve(lambda size: power_all_arms(0.15, size, arms=3), 0.8, (2, math.inf), what="n")
    assert n == pytest.approx(golden["pwr_anova_3arm"]["n_per_group"], rel=1e-6)
    persons = solve(lambda size: power_shares_of_all_arms(0.15, size, df=2), 0.8, (2, math.inf), what="n")
    assert persons == pytest.approx(golden["pwr_chisq"]["N"], rel=1e-6)


def test_clusters(golden):
    value = golden["cluster_deff_n"]
    few = Clusters(control=2, intervention=2, size=20, icc=0.05)
    assert few.design_effect == pytest.approx(value["deff"], rel=1e-12)
    uneven = Clusters(control=2, intervention=2, size=20, icc=0.05, size_cv=0.4)
    assert uneven.design_effect == pytest.approx(value["deff_cv"], rel=1e-12)
    persons = sample_size(_means(**_equal(10)), 0.3).control * few.design_effect
    assert persons == pytest.approx(value["n_per_arm"], rel=1e-6)
    assert persons / 20 == pytest.approx(value["clusters_per_arm"], rel=1e-6)
    bloom = Clusters(control=10, intervention=10, size=25, icc=0.05).precision((1.0, 1.0))
    assert bloom.df == pytest.approx(18, rel=1e-12)
    assert bloom_effect(bloom) == pytest.approx(golden["cluster_mde_t"]["mde"], rel=1e-8)
    assert bloom_effect(bloom) / bloom.std_error == pytest.approx(golden["cluster_mde_t"]["multiplier"], rel=1e-8)


def test_characteristics_that_explain(golden):
    sampling = PooledPersons(control=299, intervention=600, explained=Explained(share=0.2, covariates=1))
    assert bloom_effect(sampling.precision((1.0, 1.0))) == pytest.approx(
        golden["mde_individual_bloom"]["mdes"], rel=1e-8
    )


def test_not_everybody_takes_part(golden):
    value = golden["cace_itt_dilution"]
    full = sample_size(_means(**_equal(10)), 0.3).control
    diluted = sample_size(_means(**_equal(10)), 0.3 * 0.62).control
    assert full == pytest.approx(value["n_full"], rel=1e-6)
    assert diluted == pytest.approx(value["n_compliance62"], rel=1e-6)
    half = Question(
        outcome=Mean(sd_control=1, sd_intervention=1), sampling=Persons(**_equal(10)), test=NEAR, take_up=0.62
    )
    assert sample_size(half, 0.3).control == pytest.approx(diluted, rel=1e-12)


def test_every_value_is_tested_or_named(golden):
    tested = {
        "t_power_n200_d0.4_sd1", "t_power_n100_d0.5_sd1", "t_power_n64_d5_sd10", "t_n_d0.3_p80", "t_n_d0.3_p90_strict",
        "t_mde_n150_p80", "t_n_onesided", "t_unequal_power", "t_unequal_mde", "prop_power_30_40_n250",
        "prop_n_30_40_p80", "prop_n_20_35_p90_a01", "prop_mde_base30_n300", "prop_strict", "pwr_2p_h", "pwr_2p2n",
        "pwr_anova_3arm", "pwr_chisq", "prop_normal_unpooled_n", "cluster_deff_n", "cluster_mde_t",
        "mde_individual_bloom", "cace_itt_dilution",
    }  # fmt: skip
    assert set(golden) == tested | set(OF_OTHER_METHODS)
