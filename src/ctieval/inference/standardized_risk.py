"""Risks of both arms standardised to everybody, from a logistic working model, with unconditional standard errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.errors import EstimationError
from ctieval.inference.covariates import fill_covariates
from ctieval.inference.estimable import check_both_arms, check_yes_no
from ctieval.inference.estimate import Estimate, satterthwaite
from ctieval.inference.logistic import fit_logistic


@dataclass(frozen=True, slots=True, eq=False)
class StandardizedRisk:
    """Risks that everybody would have in either arm.

    Attributes:
        risk: Risks in the control and the intervention, shape (2,), between 0 and 1.
        covariance: Their covariance, shape (2, 2).
        df: Degrees of freedom of differences between them.
        n: Persons with a value: control, intervention.
        n_missing: Persons without a value of each covariate; their gaps were filled and marked.
        dropped: Numbers of the covariates, from 0, that were left out.
    """

    risk: FloatArray
    covariance: FloatArray
    df: float
    n: tuple[int, int]
    n_missing: tuple[int, ...]
    dropped: tuple[int, ...]

    def difference(self) -> Estimate:
        r"""Return the risk difference :math:`p_1 - p_0`."""
        return self._contrast(float(self.risk[1] - self.risk[0]), np.array([-1.0, 1.0]))

    def log_ratio(self) -> Estimate:
        r"""Return the log of the risk ratio :math:`p_1 / p_0`.

        Raises:
            EstimationError: If a risk is 0.
        """
        self._check_inside(upper=False)
        return self._contrast(float(np.log(self.risk[1] / self.risk[0])), np.array([-1.0, 1.0]) / self.risk)

    def log_odds_ratio(self) -> Estimate:
        r"""Return the log of the marginal odds ratio, :math:`p_1 (1 - p_0) / (p_0 (1 - p_1))`.

        Raises:
            EstimationError: If a risk is 0 or 1.
        """
        self._check_inside(upper=True)
        odds = self.risk / (1 - self.risk)
        gradient = np.array([-1.0, 1.0]) / (self.risk * (1 - self.risk))
        return self._contrast(float(np.log(odds[1] / odds[0])), gradient)

    def _contrast(self, estimate: float, gradient: FloatArray) -> Estimate:
        return Estimate(estimate, max(float(gradient @ self.covariance @ gradient), 0.0), self.df)

    def _check_inside(self, *, upper: bool) -> None:
        outside = (self.risk <= 0) | ((self.risk >= 1) & upper)
        if outside.any():
            raise EstimationError(
                what="a ratio of risks or odds cannot be estimated",
                where="the intervention" if outside[1] else "the control",
                found="an arm in which nobody, or everybody, has the event",
                expected="persons with and without the event in each arm",
                do="take the risk difference",
            )


def standardize_risk(values: FloatArray, arm: IntArray, covariates: FloatArray) -> StandardizedRisk:
    r"""Standardise the risk of both arms to everybody by a logistic working model (g-computation).

    Estimand: the risks that all persons with a value, and the population that they stand for, would have if all were in
    the one arm or the other. The model has one coefficient for the arm and need not be true: with
    :math:`\hat p_a(x)` its predictions,

    .. math::
        \hat p_a = \frac1n \sum_i \hat p_a(x_i), \qquad
        n \widehat V_{aa} = \frac{n}{n_a} \big( \operatorname{var}_a(y) - 2 \operatorname{cov}_a(y, \hat p_a(x))
        + \operatorname{var}(\hat p_a(x)) \big)
        + 2 \operatorname{cov}_a(y, \hat p_a(x)) - \operatorname{var}(\hat p_a(x)),

    .. math::
        n \widehat V_{10} = \operatorname{cov}_1(y, \hat p_0(x)) + \operatorname{cov}_0(y, \hat p_1(x))
        - \operatorname{cov}(\hat p_1(x), \hat p_0(x))

    which is the variance of the influence function and counts the chance in who took part; a formula that holds the
    covariates fixed is too small. Under a draw within strata it is never too small. Without covariates the difference
    is that of ``difference_in_means``, with its variance and degrees of freedom.

    Args:
        values: 0 or 1, shape (n,); NaN where not observed.
        arm: 0 or 1, shape (n,).
        covariates: Covariates known before the draw, shape (n, k); NaN where missing.

    Returns:
        Risks, from which differences and ratios are taken.

    Raises:
        EstimationError: If a value is neither 0 nor 1, or a covariate is infinite.
        EstimationError: If fewer than two persons have a value in an arm.
        EstimationError: If the covariates foretell the outcome perfectly.

    References:
        Ye, T., Bannick, M., Yi, Y. & Shao, J. (2023). Robust variance estimation for covariate-adjusted unconditional
        treatment effect in randomized clinical trials with binary outcomes. Statistical Theory and Related Fields 7(2),
        159-163, doi:10.1080/24754269.2023.2205802.

    Examples:
        >>> y, arm = np.array([0.0, 1, 0, 1, 0, 1, 1, 1]), np.array([0, 0, 0, 0, 1, 1, 1, 1])
        >>> found = standardize_risk(y, arm, np.empty((8, 0)))
        >>> found.risk.round(12), round(found.difference().variance, 12)
        (array([0.5 , 0.75]), 0.145833333333)
    """
    check_both_arms(values, arm)
    check_yes_no(values)
    observed = ~np.isnan(values)
    y, treated = values[observed], arm[observed]
    found = predict_risks(y, treated, covariates[observed])
    n = np.bincount(treated, minlength=2)
    covariance = _covariance(y, treated, found.risk)
    spare = np.maximum(n - 1 - found.columns, 1).astype(np.float64)
    return StandardizedRisk(
        found.risk.mean(axis=0),
        covariance,
        satterthwaite(np.diag(covariance), spare),
        (int(n[0]), int(n[1])),
        found.n_missing,
        found.dropped,
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PredictedRisks:
    """What a logistic working model predicts.

    Attributes:
        risk: Risk of each person in the control and in the intervention, shape (n, 2).
        columns: Columns of covariates in the model.
        n_missing: Persons without a value of each covariate.
        dropped: Numbers of the covariates, from 0, that were left out.
    """

    risk: FloatArray
    columns: int
    n_missing: tuple[int, ...]
    dropped: tuple[int, ...]

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"PredictedRisks({len(self.risk)} persons)"


def predict_risks(y: FloatArray, arm: IntArray, covariates: FloatArray) -> PredictedRisks:
    """Predict everybody's risk in either arm by a logistic regression on the arm and the covariates.

    Args:
        y: 0 or 1, shape (n,).
        arm: 0 or 1, shape (n,).
        covariates: Covariates known before the draw, shape (n, k); NaN where missing.

    Returns:
        The risks; those of the arms themselves where nothing varies within them, or there is no covariate.

    Raises:
        EstimationError: If a covariate is infinite, or the covariates foretell the outcome perfectly.
    """
    filled = fill_covariates(covariates)
    if covariates.shape[1] == 0 or all(np.ptp(y[arm == each]) == 0 for each in (0, 1)):
        same = np.column_stack([np.full(len(y), y[arm == each].mean()) for each in (0, 1)])
        return PredictedRisks(same, 0, filled.n_missing, ())
    x = np.column_stack([np.ones(len(y)), arm, filled.centred()]).astype(np.float64)
    fit = fit_logistic(x, y)
    kept = fit.kept[2:]
    risk = np.column_stack([fit.predict(_placed(x, each)) for each in (0.0, 1.0)])
    return PredictedRisks(risk, int(kept.sum()), filled.n_missing, filled.without(kept))


def _placed(x: FloatArray, arm: float) -> FloatArray:
    """The columns with everybody in one arm."""
    moved = x.copy()
    moved[:, 1] = arm
    return moved


def _covariance(y: FloatArray, arm: IntArray, predicted: FloatArray) -> FloatArray:
    everybody = np.cov(predicted, rowvar=False)
    with_outcome = np.empty((2, 2))
    residual = np.empty(2)
    for each in (0, 1):
        mine = arm == each
        with_outcome[each] = [_cov(y[mine], predicted[mine, other]) for other in (0, 1)]
        spread = np.var(y[mine], ddof=1) - 2 * with_outcome[each, each] + everybody[each, each]
        residual[each] = spread / mine.mean()
    return (np.diag(residual) + with_outcome + with_outcome.T - everybody) / len(y)


def _cov(one: FloatArray, other: FloatArray) -> float:
    return float((one - one.mean()) @ (other - other.mean())) / (len(one) - 1)
