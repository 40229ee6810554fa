"""Bugs that were found in other packages, one test a row; what they are and where stands in the catalogue of methods.

| bug seen elsewhere | here, and in unit/ |
| --- | --- |
| one person in an arm of a block; pairs beside larger blocks | pairs_beside_blocks; inference/test_small_blocks |
| leverage one in HC2, HC3, CR2, CR3 | leverage_one, and over every draw; inference/test_robust_variance |
| few clusters with CR0 and a normal reference | few_clusters; inference/test_clusters_and_pairs |
| an error that holds the covariates fixed | error_of_a_standardised_share; inference/test_standardized_by_design |
| rows dropped silently | nobody_is_dropped_unsaid; spec/test_hostile_tables |
| clusters longer than the frame | clusters_stay_with_their_persons |
| games with the text of formulas | names_are_names |
| constant and collinear covariates | columns_that_say_nothing; inference/test_adjusted_difference |
| the order of categories, levels by stratum | the_order_of_categories |
| labelled columns that change the design | a_labelled_block_stays_a_block |
| a wrong estimate in a subset of arms | each_pair_of_arms; inference/test_by_design_arms |
| a relative effect of a control near nought | a_ratio_without_a_control |
| an arm left empty by a simple draw | an_empty_arm |
| remainders of several arms | remainders_of_several_arms; designs/test_rounding |
| draws that are not the design's; p of nought; ties | assignment/test_balance_check |
| parallel simulations that are identical | designs_intake/test_probability |
"""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from ctieval.designs.enumerate import enumerate_assignments
from ctieval.designs.probability import probabilities
from ctieval.domain.design import Blocked, Complete
from ctieval.domain.entrants import Entrants
from ctieval.effects.analyses import Method
from ctieval.errors import CtievalError, EstimationError
from ctieval.evaluate.frame import Analysis, estimate_frame
from ctieval.inference.least_squares import fit_least_squares
from ctieval.inference.robust_variance import PersonCorrection, variance_of_contrast
from ctieval.inference.small_blocks import hybrid_difference
from ctieval.inference.standardized_risk import standardize_risk

AGE = Analysis(Method.ADJUSTED, covariates=("age",))


def table(n=48, seed=1):
    rng = np.random.default_rng(seed)
    arm = np.arange(n) % 2
    return pd.DataFrame(
        {
            "y": rng.normal(size=n) + arm,
            "arm": arm,
            "age": rng.normal(size=n),
            "place": np.repeat(list("ABCD"), n // 4),
            "office": np.arange(n) // 8 * 2 + arm,
        }
    )


def row(frame, outcome="y", **options):
    return estimate_frame(frame, outcome, arm="arm", **options).rows[0]


def test_pairs_beside_blocks():
    """The error of pairs beside larger blocks is never too small, and nowhere near thrice the truth."""
    block = np.array(["p1"] * 2 + ["p2"] * 2 + ["p3"] * 2 + ["big"] * 6, dtype=object)
    number = np.unique(block, return_inverse=True)[1]
    control = np.random.default_rng(2).normal(size=12) * 0.3 + number
    design = Blocked("place", (("big", 3), ("p1", 1), ("p2", 1), ("p3", 1)))
    law = list(enumerate_assignments(design, Entrants.in_blocks(block)))
    found = [hybrid_difference(control + arm, arm, number, ("big", "p1", "p2", "p3")).total for arm, _ in law]
    true = np.var([each.estimate for each in found])
    mean = np.mean([each.variance for each in found])
    assert np.mean([each.estimate for each in found]) == pytest.approx(1, abs=1e-12)
    assert true <= mean * (1 + 1e-12)
    assert mean < 2 * true


def test_leverage_one():
    """A person whom the regression fits whatever her outcome does not make the error small, and is told of."""
    frame = table().assign(age=0.0)
    frame.loc[[3, 8], "age"] = 1.0
    found = estimate_frame(frame, "y", arm="arm", analysis=AGE)
    assert "W-FULL-LEVERAGE" in {notice.code for notice in found.warnings}
    plain = row(frame)
    assert found.rows[0].std_error > 0.8 * plain.std_error
    x = np.column_stack([np.ones(4), [0.0, 0, 0, 1]])
    fit = fit_least_squares(x, np.array([1.0, 2, 4, 9]))
    for kind in PersonCorrection:
        assert variance_of_contrast(x, fit, np.array([0.0, 1]), kind=kind).full_leverage == 1
    with pytest.raises(EstimationError, match="cannot be estimated"):
        row(frame.assign(arm=[1] + [0] * 47))


def test_leverage_one_over_every_draw():
    """HC2 within blocks leaves out the arms of one person, and falls short of the spread that its estimate has."""
    control = np.array([0.3, 1.9, 4.0, -0.5, 2.2, 1.1, 0.9, 3.3, 2.7, 0.1])
    block, labels = np.repeat([0, 1, 2], [3, 3, 4]), tuple("abc")
    design = Blocked("place", (("a", 1), ("b", 1), ("c", 2)))
    who, cells = Entrants.in_blocks(np.array(labels, dtype=object)[block]), np.eye(3)[block]
    contrast, hc2, ours = np.array([0, 0, 0, 0.3, 0.3, 0.4]), [], []
    for arm, _ in enumerate_assignments(design, who):
        x = np.hstack([cells, cells * arm[:, None]])
        fit = fit_least_squares(x, control)
        ours.append(hybrid_difference(control, arm, block, labels).total)
        found = variance_of_contrast(x, fit, contrast)
        assert found.full_leverage == 2
        assert contrast @ fit.coef == pytest.approx(ours[-1].estimate, abs=1e-12)
        hc2.append(found.variance)
    spread = np.var([each.estimate for each in ours])
    assert np.mean(hc2) < 0.8 * spread
    assert np.mean([each.variance for each in ours]) >= spread * (1 - 1e-12)


def test_few_clusters():
    """Clusters are counted as what was drawn: t with few degrees of freedom, and a warning where they are very few."""
    frame = table()
    found = row(frame, cluster="office")
    assert found.df < 12
    assert found.std_error > 0
    very_few = frame.assign(office=frame["arm"] + 2 * (np.arange(48) % 4 // 2))
    told = estimate_frame(very_few, "y", arm="arm", cluster="office")
    assert told.rows[0].df <= 2 + 1e-9
    assert "W-FEW-CLUSTERS" in {notice.code for notice in told.warnings}


def test_error_of_a_standardised_share():
    """Over fresh persons the unconditional error is the spread there is; with covariates fixed it would fall short."""
    rng = np.random.default_rng(4)
    estimates, errors, fixed = [], [], []
    for _ in range(500):
        x, arm = rng.normal(size=(160, 1)), np.tile([0, 1], 80)
        risk = 1 / (1 + np.exp(-(x[:, 0] * (1 - 3 * arm))))
        y = (rng.random(160) < risk).astype(float)
        total = standardize_risk(y, arm, x).difference()
        estimates.append(total.estimate)
        errors.append(total.std_error)
        fixed.append(np.sqrt((risk * (1 - risk))[arm == 0].mean() / 80 + (risk * (1 - risk))[arm == 1].mean() / 80))
    spread = np.std(estimates, ddof=1)
    # a standard deviation of 500 estimates is known to 3.2 %, four of which are 0.13
    assert np.mean(errors) == pytest.approx(spread, rel=0.13)
    assert np.mean(fixed) < 0.95 * spread


def test_nobody_is_dropped_unsaid():
    frame = table()
    frame.loc[[1, 2], "y"] = np.nan
    frame.loc[[4, 6], "age"] = np.nan
    found = estimate_frame(frame, "y", arm="arm", analysis=AGE)
    assert found.rows[0].n == 46
    assert ("W-COVARIATE-FILLED", "age") in {(notice.code, notice.subject) for notice in found.warnings}
    plain = estimate_frame(frame, "y", arm="arm")
    assert ("W-MISSING-OUTCOME", "y") in {(notice.code, notice.subject) for notice in plain.warnings}


def test_clusters_stay_with_their_persons():
    """A missing outcome takes its person's cluster with it, and shifts nobody else's."""
    frame = table()
    frame.loc[[0, 9, 20], "y"] = np.nan
    found, without = row(frame, cluster="office"), row(frame.dropna(subset=["y"]), cluster="office")
    assert (found.estimate, found.std_error, found.df) == pytest.approx(
        (without.estimate, without.std_error, without.df), rel=1e-12
    )


@pytest.mark.parametrize("name", ["arm_before", "y2", "1 + age", "I(age**2)", "!is.na(y)", "age:arm", "C(age)"])
def test_names_are_names(name):
    frame = table()
    expected = row(frame, analysis=AGE)
    found = row(frame.rename(columns={"age": name}), analysis=Analysis(Method.ADJUSTED, covariates=(name,)))
    assert (found.estimate, found.std_error, found.df) == (expected.estimate, expected.std_error, expected.df)


def test_columns_that_say_nothing():
    frame = table()
    more = frame.assign(same=3.0, twice=2 * frame["age"] + 1)
    analysis = Analysis(Method.ADJUSTED, covariates=("age", "same", "twice"))
    found = estimate_frame(more, "y", arm="arm", analysis=analysis)
    plain = row(frame, analysis=AGE)
    assert found.rows[0].estimate == pytest.approx(plain.estimate, rel=1e-9)
    assert found.rows[0].std_error == pytest.approx(plain.std_error, rel=1e-9)
    gone = {notice.subject for notice in found.warnings if notice.code == "W-COVARIATE-LEFT-OUT"}
    assert gone == {"same", "twice"}


@pytest.mark.parametrize("order", [["A", "B", "C", "D"], ["D", "B", "A", "C"], ["C", "A", "unused", "D", "B"]])
def test_the_order_of_categories(order):
    frame = table()
    ordered = frame.assign(place=pd.Categorical(frame["place"], categories=order, ordered=True))
    town = Analysis(Method.ADJUSTED, covariates=("place",))
    found, expected = row(ordered, analysis=town), row(frame, analysis=town)
    assert (found.estimate, found.std_error) == pytest.approx((expected.estimate, expected.std_error), rel=1e-9)
    assert row(ordered, block="place") == row(frame, block="place")


def test_a_labelled_block_stays_a_block():
    frame = table()
    for column in (frame["place"].map({"A": 1.0, "B": 2.0, "C": 3.0, "D": 9.0}), frame["place"].astype("category")):
        found = estimate_frame(frame.assign(place=column), "y", arm="arm", block="place")
        assert found.design.startswith("blocked by place, 4 blocks")
        assert found.rows[0].estimate == pytest.approx(row(frame, block="place").estimate, rel=1e-12)


def test_each_pair_of_arms():
    frame = table().assign(arm=np.tile(["none", "talks", "money"], 16))
    means = frame.groupby("arm")["y"].mean()
    found = {each.contrast: each.estimate for each in estimate_frame(frame, "y", arm="arm", control="none").rows}
    assert found == {
        "money - none": pytest.approx(means["money"] - means["none"], rel=1e-12),
        "talks - none": pytest.approx(means["talks"] - means["none"], rel=1e-12),
    }


def test_a_ratio_without_a_control():
    y, arm = np.array([0.0, 0, 0, 0, 1, 1, 0, 1]), np.repeat([0, 1], 4)
    found = standardize_risk(y, arm, np.empty((8, 0)))
    assert found.difference().estimate == 0.75
    with pytest.raises(EstimationError, match="ratio"):
        found.log_ratio()


def test_an_empty_arm():
    """An arm that a simple draw left empty is an error that says so; never a number that is none."""
    with pytest.raises(CtievalError) as caught:
        row(table().assign(arm=0), control="0")
    assert caught.value.do


def test_remainders_of_several_arms():
    """Shares of 0.6, 0.2 and 0.2 of seven persons are delivered as they are declared, over the whole law."""
    design = Complete((Fraction(1, 5), Fraction(1, 5)))
    delivered = np.zeros(3)
    for arm, chance in enumerate_assignments(design, Entrants.alike(7)):
        delivered += float(chance) * np.bincount(arm, minlength=3) / 7
    assert delivered == pytest.approx([0.6, 0.2, 0.2], abs=1e-12)
    assert probabilities(design, Entrants.alike(7))[0] == pytest.approx([0.6, 0.2, 0.2], abs=1e-12)
