"""Every estimate of the effects, and each part of its uncertainty, as R has it; the manifest says which and why not."""

import json
import math
import re
import tomllib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2

from ctieval.designs.joint import joint_probabilities
from ctieval.designs.quotas import build_quotas
from ctieval.domain.design import Blocked, Complete, Simple
from ctieval.domain.entrants import Entrants
from ctieval.inference.adjusted_difference import adjusted_difference
from ctieval.inference.clustered_adjustment import adjusted_clustered_difference
from ctieval.inference.clustered_difference import clustered_difference
from ctieval.inference.compliance import complier_effect, complier_means
from ctieval.inference.difference import difference_in_means, satterthwaite_df
from ctieval.inference.equivalence import equivalence
from ctieval.inference.estimate import Estimate
from ctieval.inference.horvitz_thompson import Drawn, hajek, horvitz_thompson
from ctieval.inference.interval import student_interval
from ctieval.inference.least_squares import fit_least_squares
from ctieval.inference.logistic import fit_logistic
from ctieval.inference.matched_pairs import clustered_paired_difference
from ctieval.inference.ranks import compare_ranks, exact_rank_test
from ctieval.inference.robust_variance import (
    ClusterCorrection,
    PersonCorrection,
    variance_of_contrast,
    variance_of_contrast_by_cluster,
)
from ctieval.inference.small_blocks import hybrid_difference
from ctieval.inference.standardized_mean import glass_delta, hedges_g
from ctieval.inference.standardized_risk import standardize_risk
from ctieval.inference.two_risks import mantel_haenszel, newcombe_difference, wilson_interval
from ctieval.inference.two_stage import two_stage_least_squares

MANIFEST = tomllib.loads((Path(__file__).parent / "MANIFEST.toml").read_text(encoding="utf-8"))
FILES = ("jobs2", "nsw_dw", "nsw_lalonde722", "achievement_awards_2001", "alo_star_men", "rotarod", "closed_form")
ARM = {"alo_star_men": "sfsp", "achievement_awards_2001": "treated", "rotarod": "treatment"}
COVARIATES = {
    "jobs2": ["depress1", "econ_hard", "age", "female", "nonwhite"],
    "nsw_dw": ["age", "educ", "black", "hisp", "marr", "nodegree", "re74", "re75"],
    "nsw_lalonde722": ["age", "educ", "black", "hisp", "marr", "nodegree", "re75"],
    "alo_star_men": ["gpa0"],
}
LAMBDAS = (0, 10_000, 20_000, 50_000)
OUTCOME = r"(work|depress2|job_seek|re78|employed78|GPA_year1|GPA_year2)"


class Reference:
    """The data of one file, as the calls in R had them."""

    def __init__(self, folder, name):
        self.name = name
        self.data = pd.read_csv(folder / "data" / f"{name}.csv") if name != "closed_form" else None
        if name == "nsw_dw":
            self.data["employed78"] = (self.data["re78"] > 0).astype(int)

    def of(self, *columns):
        return self.data[list(columns)].to_numpy(dtype=float)

    def outcome(self, name):
        return self.data[name].to_numpy(dtype=float)

    @property
    def arm(self):
        return self.data[ARM.get(self.name, "treat")].to_numpy(dtype=np.int64)

    @property
    def covariates(self):
        return self.of(*COVARIATES[self.name])

    def dummies(self, *columns):
        return pd.get_dummies(self.data[list(columns)].astype(str), drop_first=True).to_numpy(dtype=float)

    def girls(self, which):
        part = Reference.__new__(Reference)
        part.name, part.data = self.name, self.data[self.data["girl"] == 1] if which == "girls" else self.data
        return part

    @property
    def schools(self):
        return pd.factorize(self.data["school_id"])[0].astype(np.int64)


def row(found, df=None):
    """The row of R's tidy tables, with the df of the estimate or R's own."""
    df = found.df if df is None else df
    student = student_interval(np.array([found.estimate]), np.array([found.std_error]), np.array([float(df)]), 0.95)
    ends = {name: getattr(student, name)[0] for name in ("statistic", "p_value", "conf_low", "conf_high")}
    tidy = {"estimate": found.estimate, "std_error": found.std_error, **ends}
    return tidy if math.isinf(df) else {**tidy, "df": df}


def regress(y, x, place, correction=PersonCorrection.HC2, cluster=None):
    """One coefficient of a regression on these columns and a constant, with the residual df of persons."""
    kept = ~np.isnan(y)
    x, y = np.column_stack([np.ones(len(y)), x])[kept], y[kept]
    fit, contrast = fit_least_squares(x, y), np.zeros(x.shape[1])
    contrast[place] = 1
    if cluster is None:
        found = variance_of_contrast(x, fit, contrast, kind=correction)
    else:
        found = variance_of_contrast_by_cluster(x, fit, contrast, cluster[kept], kind=correction)
    return Estimate(float(fit.coef[place]), found.variance, found.df), len(y) - int(fit.kept.sum())


def regression(ref, name):
    full, baseline = name.startswith("ancova_full"), name.startswith("ancova_baseline")
    outcome, kind = ("depress2", "HC2") if baseline else (re.search(OUTCOME, name)[0], re.search(r"HC\d|$", name)[0])
    adjust = ref.covariates if "_adj_" in name or full else np.empty((len(ref.arm), 0))
    if baseline:
        adjust = ref.of("depress1")
    if full:
        adjust = np.column_stack([adjust, ref.dummies("educ", "income", "marital")])
    found, df = regress(ref.outcome(outcome), np.column_stack([ref.arm, adjust]), 1, PersonCorrection(kind or "HC2"))
    return row(found, df)


def first_stage(ref, _):
    found, df = regress(ref.outcome("comply"), ref.arm[:, None], 1)
    wald = two_stage_least_squares(ref.outcome("work"), ref.outcome("comply"), ref.arm, np.empty((len(ref.arm), 0)))
    return {**row(found, df), "wald_cace_work": wald.estimate}


def block_effects(ref, _):
    x = np.column_stack([ref.arm, ref.dummies("blk")])
    return row(*regress(ref.outcome("re78"), x, 1))


def lin(ref, name):
    outcome, kind = re.search(OUTCOME, name)[0], PersonCorrection(name[-3:])
    found = adjusted_difference(ref.outcome(outcome), ref.arm, ref.covariates, correction=kind)
    return row(found.total, found.residual_df)


def welch(ref, name):
    found = difference_in_means(ref.outcome(re.search(OUTCOME, name)[0]), ref.arm)
    return row(Estimate(found.estimate, found.variance, satterthwaite_df(found)))


def poststratified(ref, _):
    block = pd.qcut(ref.data["gpa0"], 4, labels=False).to_numpy()
    found = hybrid_difference(ref.outcome("GPA_year1"), ref.arm, block, tuple("1234"))
    labelled = dict(zip("1234", found.effect, strict=True)), dict(zip("1234", found.share, strict=True))
    return {
        "estimate": found.total.estimate,
        "std_error": found.total.std_error,
        "effects": labelled[0],
        "weights": labelled[1],
    }


def two_stage(ref, name):
    outcome, kind = re.search(OUTCOME, name)[0], PersonCorrection(name[-3:])
    columns = ref.covariates if "_adj_" in name else np.empty((len(ref.arm), 0))
    y, took_part = ref.outcome(outcome), ref.outcome("comply")
    found = two_stage_least_squares(y, took_part, ref.arm, columns, correction=kind)
    return row(found, np.inf if name.startswith("ivreg") else len(y) - columns.shape[1] - 2)


def compliers(ref, _):
    def estimator(values):
        found = difference_in_means(values, ref.arm)
        return Estimate(found.estimate, found.variance, satterthwaite_df(found))

    y, took_part = ref.outcome("work"), ref.outcome("comply")
    found = complier_means(y, took_part, ref.arm, estimator)
    assert found.one_sided
    never = y[(ref.arm == 1) & (took_part == 0)].mean()
    return {
        "pi_c": found.compliers.estimate,
        "complier_treated_mean": found.taking_part.estimate,
        "complier_control_mean": found.not_taking_part.estimate,
        "nevertaker_mean": never,
        "cace": complier_effect(y, took_part, estimator).total.estimate,
    }


def expansion(ref, name):
    outcome, n, drawn = re.search(OUTCOME, name)[0], len(ref.arm), int(ref.arm.sum())
    declared = "declared" in name
    design = Complete(drawn) if declared else Simple(Fraction(drawn, n))
    joint = joint_probabilities(design, Entrants.alike(n))
    units = Drawn(np.arange(n), np.zeros(n, dtype=np.int64), ref.arm, joint)
    return row(horvitz_thompson(ref.outcome(outcome), units))


def blocked_units(ref):
    block = ref.data["blk"].to_numpy(dtype=object)
    drawn = ref.data.groupby("blk")["treat"].sum()
    design = Blocked("blk", tuple((label, int(number)) for label, number in drawn.items()))
    who = Entrants(block, np.full(len(block), "", dtype=object), np.empty((len(block), 0)))
    quotas = build_quotas(design, who)
    arm = np.zeros(len(block), dtype=np.int64)
    arm[quotas.unit] = ref.arm
    return Drawn(quotas.unit, quotas.unit_block, arm, joint_probabilities(design, who))


def blocked_expansion(ref, _):
    return row(horvitz_thompson(ref.outcome("re78"), blocked_units(ref)))


def weighted_means(ref, _):
    return {"estimate": hajek(ref.outcome("re78"), blocked_units(ref)).estimate}


def clustered(ref, name):
    part = ref.girls("girls" if "girls" in name else "all")
    y, schools = part.outcome("Bagrut_status"), part.schools
    if name.startswith("dim_clustered"):
        return row(clustered_difference(y, part.arm, schools).total)
    if name.startswith("lm_lin"):
        return row(adjusted_clustered_difference(y, part.arm, part.of("lagscore", "mother_ed"), schools).total)
    if name.startswith("cluster_means"):
        means = part.data.groupby("school_id")[["Bagrut_status", "treated"]].mean()
        found = difference_in_means(means["Bagrut_status"].to_numpy(), means["treated"].to_numpy(dtype=np.int64))
        return row(Estimate(found.estimate, found.variance, satterthwaite_df(found)))
    x = part.arm[:, None]
    if "_adj_" in name:
        x = np.column_stack(
            [x, part.of("father_ed", "mother_ed", "siblings", "immigrant", "lagscore"), part.dummies("school_type")]
        )
    if "pairFE" in name:
        x = np.column_stack([x, part.dummies("pair")])
    kind = re.search(r"CR\dS?|stata|fixest", name)[0]
    correction = ClusterCorrection("CR1S" if kind in {"stata", "fixest"} else kind)
    found, _ = regress(y, x, 1, correction, schools)
    own_df = name.startswith("clubSandwich") or kind == "CR2"
    return row(found, None if own_df else len(np.unique(schools)) - 1)


def paired_clusters(ref, _):
    data = ref.data[ref.data.groupby("pair")["school_id"].transform("nunique") == 2]
    number, labels = pd.factorize(data["pair"])
    y, arm = data["Bagrut_status"].to_numpy(dtype=float), data["treated"].to_numpy(dtype=np.int64)
    found = clustered_paired_difference(y, arm, number, tuple(str(each) for each in labels))
    return {**row(found.total), "pairs": len(found.difference), "n": sum(found.n)}


def standardized(ref, name):
    outcome = "work" if ref.name == "jobs2" else "employed78"
    found = standardize_risk(ref.outcome(outcome), ref.arm, ref.covariates)
    difference = found.difference()
    if "beeca" in name:
        return {"estimate": difference.estimate, "std_error": difference.std_error}
    risks = {"p0": found.risk[0], "p1": found.risk[1], "rd": difference.estimate}
    return {**risks, "rr": math.exp(found.log_ratio().estimate)} if ref.name == "jobs2" else risks


def logit(ref, name):
    columns = ref.covariates if "_adj_" in name else np.empty((len(ref.arm), 0))
    x = np.column_stack([np.ones(len(ref.arm)), ref.arm, columns])
    return {"estimate": fit_logistic(x, ref.outcome("work")).coef[1]}


def counts(ref):
    work = ref.data.groupby("treat")["work"].agg(["sum", "count"])
    return tuple(work["sum"].tolist()), tuple(work["count"].tolist())


def newcombe(ref, _):
    found = newcombe_difference(*counts(ref))
    return {"estimate": found.estimate, "conf_low": found.conf_low, "conf_high": found.conf_high}


def wilson(ref, name):
    if name == "binom_exact_ci":
        found = [wilson_interval(x, n) for x, n in ((0, 12), (3, 20), (207, 600))]
        return [{"wilson": [each.conf_low, each.conf_high]} for each in found]
    ends = [wilson_interval(events, n) for events, n in zip(*counts(ref), strict=True)]
    return {
        arm: {"conf_low": each.conf_low, "conf_high": each.conf_high}
        for arm, each in zip(("control", "treat"), ends, strict=True)
    }


def strata(ref, name):
    events, n = (
        ref.data.pivot_table(index="blk", columns="treat", values="employed78", aggfunc=each).to_numpy(dtype=float)
        for each in ("sum", "count")
    )
    found = mantel_haenszel(events, n)
    if name == "mh_rd_employed78":
        tidy = row(found.difference, np.inf)
        return {key: tidy[key] for key in ("estimate", "std_error", "conf_low", "conf_high")}
    ends = row(found.log_odds_ratio, np.inf)
    return {
        "chi2": found.chi_square,
        "p_value": found.p_value,
        "mh_or": math.exp(ends["estimate"]),
        "conf_low": math.exp(ends["conf_low"]),
        "conf_high": math.exp(ends["conf_high"]),
    }


def ranks(ref, name):
    found = compare_ranks(ref.outcome(re.search(OUTCOME, name)[0]), ref.arm)
    superiority = {"prob_superiority": found.superiority.estimate} if ref.name == "nsw_dw" else {}
    return {"W": found.u, "p_value": found.p_value, **superiority}


def exact_ranks(ref, name):
    if ref.name == "rotarod":
        y, arm = ref.outcome("time"), 1 - ref.arm
    else:
        first = np.concatenate([np.flatnonzero(ref.arm == each)[:10] for each in (0, 1)])
        y, arm = ref.outcome("re78")[first], ref.arm[first]
    found = exact_rank_test(y, arm)
    if name.endswith("onesided"):
        return {"p_value": found.p_more}
    return {"p_value": found.p_value, "Z": compare_ranks(y, arm).z}


def in_standard_deviations(ref, name):
    if name == "standardised_effect_control_sd":
        return {"glass_delta": glass_delta(ref.outcome("depress2"), ref.arm).estimate}
    found = hedges_g(ref.outcome(re.search(OUTCOME, name)[0]), ref.arm)
    return {"hedges_g": found.estimate, "var": found.variance}


def plain_risks(ref, name):
    """As metafor has them, whose binomial variance divides by n where ours divides by n - 1."""
    found = standardize_risk(ref.outcome("work"), ref.arm, np.empty((len(ref.arm), 0)))
    size = np.array(found.n)
    found = replace(found, covariance=found.covariance * (size - 1) / size)
    measure = {"RR": found.log_ratio, "OR": found.log_odds_ratio}.get(name[-2:], found.difference)()
    tidy = row(measure, np.inf)
    ends = {"ci_lb": tidy["conf_low"], "ci_ub": tidy["conf_high"], "yi": measure.estimate, "vi": measure.variance}
    return {**tidy, **ends} if name.startswith("escalc") else {**tidy, **pearson(ref, name)}


def pearson(ref, _):
    """Pearson's statistic, which is Cochran, Mantel and Haenszel's of one stratum times n / (n - 1)."""
    events, size = (np.array([each], dtype=float) for each in counts(ref))
    statistic = mantel_haenszel(events, size).chi_square * size.sum() / (size.sum() - 1)
    return {"chi2": statistic, "p_value": chi2.sf(statistic, 1), "df": 1}


def permuted(ref, name):
    """Of a yes/no outcome the ranks are the outcome itself."""
    found = compare_ranks(ref.outcome(re.search(OUTCOME, name)[0]), ref.arm)
    return {"Z": found.z, "p_value": found.p_value}


def fisher(*_):
    """One-sided, as the exact test of the ranks has it; the two-sided p-value of R orders tables in another way."""
    found = []
    for drawn_yes, control_yes, drawn_no, control_no in ((3, 1, 1, 3), (10, 2, 3, 15), (0, 7, 5, 6), (8, 14, 1, 11)):
        y = np.repeat([1.0, 1, 0, 0], [drawn_yes, control_yes, drawn_no, control_no])
        arm = np.repeat([1, 0, 1, 0], [drawn_yes, control_yes, drawn_no, control_no])
        test = exact_rank_test(y, arm)
        found.append({"p_less": test.p_less, "p_greater": test.p_more})
    return found


def products(ref, name):
    """A regression on the arm, a column and their product: its coefficients of the arm and of the product."""
    hard = "hard" in name
    column = ref.of("econ_hard") >= 3.5 if hard else ref.of("female")
    x = np.column_stack([ref.arm, column, ref.arm[:, None] * column, *([] if hard else [ref.of("depress1")])])
    outcome = ref.outcome("work" if hard else "depress2")
    low, product = (row(*regress(outcome, x, place)) for place in (1, 3))
    return {"effect_low_hardship": low, "interaction": product} if hard else product


def net_benefit(ref, _):
    cost, n = 400 * ref.arm * ref.outcome("months_training"), len(ref.arm)
    found = {each: difference_in_means(each * ref.outcome("employed78") - cost, ref.arm) for each in LAMBDAS}
    return {
        f"l{each}": row(Estimate(difference.estimate, difference.variance, np.nan), n - 2)
        for each, difference in found.items()
    }


def cost_of_one(ref, _):
    """A ratio of two differences and Fieller's region, which is Anderson and Rubin's, with a normal reference."""

    def estimator(values):
        found = difference_in_means(values, ref.arm)
        return Estimate(found.estimate, found.variance, np.inf)

    cost, employed = 400 * ref.arm * ref.outcome("months_training"), ref.outcome("employed78")
    found = complier_effect(cost, employed, estimator)
    return {
        "delta_cost": found.on_outcome.estimate,
        "delta_effect": found.on_take_up.estimate,
        "icer": found.total.estimate,
        "fieller_low": found.region.low,
        "fieller_high": found.region.high,
        "var_cost": found.on_outcome.variance,
        "var_effect": found.on_take_up.variance,
    }


def margins(ref, _):
    plain = difference_in_means(ref.outcome("depress2"), ref.arm)
    found = equivalence(Estimate(plain.estimate, plain.variance, satterthwaite_df(plain)), -0.1, 0.1)
    return {"t_lower": found.t_low, "p_lower": found.p_low, "t_upper": found.t_high, "p_upper": found.p_high}


METHODS = {
    each.__name__: each
    for each in (
        regression,
        first_stage,
        block_effects,
        lin,
        welch,
        poststratified,
        two_stage,
        compliers,
        expansion,
        blocked_expansion,
        weighted_means,
        clustered,
        paired_clusters,
        standardized,
        logit,
        newcombe,
        wilson,
        strata,
        ranks,
        exact_ranks,
        in_standard_deviations,
        margins,
        plain_risks,
        pearson,
        permuted,
        fisher,
        products,
        net_benefit,
        cost_of_one,
    )
}
LISTED = [(group["method"], group["values"], name) for group in MANIFEST["effects"] for name in group["ids"]]


def stored(reference, file):
    values = json.loads((reference / "values" / f"{file}.json").read_text(encoding="utf-8"))["values"]
    return {each["id"]: each["value"] for each in values}


def compare(found, expected):
    """Each number that both have, by its name or place."""
    if isinstance(found, dict):
        shared = found.keys() & expected.keys()
        assert shared
        for key in shared:
            compare(found[key], expected[key])
    elif isinstance(found, list):
        for value, other in zip(found, expected, strict=True):
            compare(value, other)
    else:
        assert found == pytest.approx(expected, rel=MANIFEST["tolerance"], abs=1e-12)


@pytest.mark.parametrize(("method", "file", "name"), LISTED, ids=lambda each: each)
def test_as_r_has_it(reference, method, file, name):
    ref = Reference(reference, file)
    if file == "nsw_dw":
        ref.data["blk"] = ref.data["unem75"].astype(str) + "." + ref.data["nodegree"].astype(str)
    compare(METHODS[method](ref, name), stored(reference, file)[name])


def test_every_golden_value_is_compared_or_its_absence_explained(reference):
    compared = {(entry["values"], entry["id"]) for entry in MANIFEST["golden"]} | {each[1:] for each in LISTED}
    explained = {(group["values"], name) for group in MANIFEST["not_run"] for name in group["ids"]}
    there = {(file, name) for file in FILES for name in stored(reference, file)}
    assert compared & explained == set()
    assert there - compared - explained == set()
    assert (compared | explained) - there == set()
    assert all(group["reason"] for group in MANIFEST["not_run"])
