"""How far the result hangs on who was drawn and on what was assumed; the bars of one parameter are ``tornado``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc, sobol_indices

from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.decision import SobolIndex, VarianceSplit
from ctieval.domain.parameter import Parameter
from ctieval.economics.decision.formula import Formula, evaluate_formula
from ctieval.economics.decision.joint_draws import JointDraws
from ctieval.economics.decision.parameters import to_margin
from ctieval.errors import InputError

SAMPLING = "sampling"
"""The source that is the trial itself: all its estimates together, drawn as whole replicates."""

_INSIDE = 2.0**-31
"""Half the distance between points of the sequence, by which they are moved off nil."""


def draw_points(n_sources: int, *, log2_points: int, seed: int) -> FloatArray:
    """Draw scrambled Sobol points, all strictly within the cube.

    Args:
        n_sources: Number of coordinates.
        log2_points: The number of points is 2 to this power, since only then are they balanced.
        seed: Seed of the scrambling.

    Returns:
        Points, shape (2^m, n_sources).

    References:
        Owen, A. B. (1998). Scrambling Sobol' and Niederreiter-Xing points. Journal of Complexity, 14(4), 466-489.
        doi:10.1006/jcom.1998.0487.

    Examples:
        >>> points = draw_points(2, log2_points=4, seed=1)
        >>> points.shape, np.sort(np.floor(16 * points[:, 0])).tolist() == list(range(16))
        ((16, 2), True)
    """
    generator = np.random.default_rng(np.random.SeedSequence(seed))
    return qmc.Sobol(n_sources, scramble=True, seed=generator).random_base2(log2_points) + _INSIDE


def to_values(points: FloatArray, parameters: Sequence[Parameter], correlation: FloatArray | None = None) -> FloatArray:
    r"""Turn points of the cube into values of parameters, correlated by a Gaussian copula if so declared.

    .. math:: x_j = F_j^{-1}\bigl(\Phi(z_j)\bigr), \qquad z = L \, \Phi^{-1}(u), \quad L L^\top = \text{correlation}

    Args:
        points: Points strictly within the cube, shape (n, p).
        parameters: The parameters, p of them.
        correlation: Correlations of the normal scores, shape (p, p); None where they are independent.

    Returns:
        Values, shape (n, p).

    Raises:
        InputError: If a range contradicts itself, or the correlations are no correlations.

    References:
        Briggs, A., Sculpher, M., & Claxton, K. (2006), ch. 4.
    """
    if not parameters:
        return np.empty((len(points), 0))
    ranks = points if correlation is None else ndtr(ndtri(points) @ _cholesky(correlation, len(parameters)).T)
    return np.column_stack([to_margin(each).ppf(ranks[:, place]) for place, each in enumerate(parameters)])


def split_variance(net_benefit: FloatArray) -> VarianceSplit:
    r"""Split the variance of the net benefit between who was drawn and what was assumed.

    .. math::
        \operatorname{Var} B = E_\theta[\operatorname{Var}(B \mid \theta)] + \operatorname{Var}_\theta[E(B \mid \theta)]

    Exact for the table given, in which every replicate meets every point of the parameters.

    Args:
        net_benefit: Net benefit of each replicate at each point, shape (R, T), not all the same.

    Examples:
        >>> split_variance(np.array([[0.0, 2.0], [4.0, 6.0]])).sampling
        0.8
    """
    total = float(np.var(net_benefit))
    of_parameters = float(np.var(np.mean(net_benefit, axis=0)))
    return VarianceSplit(total**0.5, 1 - of_parameters / total, of_parameters / total)


def cross(formula: Formula, draws: JointDraws, parameters: Sequence[Parameter], values: FloatArray) -> FloatArray:
    """Work the net benefit out for every replicate at every point of the parameters.

    Args:
        formula: The net benefit.
        draws: Joint draws of the quantities, R replicates.
        parameters: The parameters, p of them.
        values: Points of the parameters, shape (T, p).

    Returns:
        Net benefit, shape (R, T).

    Raises:
        InputError: If the formula names what is neither drawn nor declared.
    """
    quantities = {name: draws.of(name)[1][:, None] for name in draws.names}
    net = evaluate_formula(formula, {**quantities, **_columns(parameters, values)})
    return np.broadcast_to(net, (len(draws.draws), len(values)))


def pair(formula: Formula, draws: JointDraws, parameters: Sequence[Parameter], points: FloatArray) -> FloatArray:
    """Work the net benefit out at points of which the first coordinate picks the replicate.

    Args:
        formula: The net benefit.
        draws: Joint draws of the quantities, in an order in which neighbours are alike.
        parameters: The parameters, p of them.
        points: Points of the cube, shape (n, 1 + p).

    Returns:
        Net benefit, shape (n,).

    Raises:
        InputError: If a range contradicts itself, or the formula names what is neither drawn nor declared.
    """
    picked = pick(points, len(draws.draws))
    quantities = {name: draws.of(name)[1][picked] for name in draws.names}
    values = _columns(parameters, to_values(points[:, 1:], parameters))
    return np.broadcast_to(evaluate_formula(formula, {**quantities, **values}), (len(points),))


def pick(points: FloatArray, n_draws: int) -> IntArray:
    """Read the first coordinate of each point as the number of a replicate.

    Examples:
        >>> pick(np.array([[0.1], [0.99]]), 10)
        array([1, 9])
    """
    return np.floor(points[:, 0] * n_draws).astype(np.int64)


def estimate_indices(
    formula: Formula, draws: JointDraws, parameters: Sequence[Parameter], *, log2_points: int, seed: int
) -> tuple[SobolIndex, ...]:
    r"""Share of the variance of the net benefit that each source explains, alone and altogether.

    .. math:: S_j = \frac{\operatorname{Var}[E(B \mid x_j)]}{\operatorname{Var} B}, \qquad
        S_{Tj} = 1 - \frac{\operatorname{Var}[E(B \mid x_{-j})]}{\operatorname{Var} B}

    The trial is one source: a replicate is picked whole, so that its quantities keep their covariance. Parameters are
    independent here; shares of correlated ones would not be well defined.

    Args:
        formula: The net benefit.
        draws: Joint draws of the quantities; they are put in the order of the net benefit at the base.
        parameters: The parameters.
        log2_points: The number of points is 2 to this power; (2 + sources) times as many net benefits are worked out.
        seed: Seed of the scrambling.

    Returns:
        One index a source, ``sampling`` first.

    Raises:
        InputError: If a range contradicts itself, or the formula names what is neither drawn nor declared.

    References:
        Saltelli, A., et al. (2010). Variance based sensitivity analysis of model output. Computer Physics
        Communications, 181(2), 259-270. doi:10.1016/j.cpc.2009.09.018.
    """
    ordered = sort_draws(formula, draws, parameters)
    sources = (SAMPLING, *(each.key for each in parameters))
    both = draw_points(2 * len(sources), log2_points=log2_points, seed=seed)
    one, other = both[:, : len(sources)], both[:, len(sources) :]
    mixed = [np.where(np.arange(len(sources)) == place, other, one) for place in range(len(sources))]
    found = sobol_indices(
        func={
            "f_A": pair(formula, ordered, parameters, one)[None],
            "f_B": pair(formula, ordered, parameters, other)[None],
            "f_AB": np.stack([pair(formula, ordered, parameters, each)[None] for each in mixed]),
        },
        n=len(both),
    )
    first, total = np.ravel(found.first_order), np.ravel(found.total_order)
    return tuple(SobolIndex(key, float(first[j]), float(total[j])) for j, key in enumerate(sources))


def sort_draws(formula: Formula, draws: JointDraws, parameters: Sequence[Parameter]) -> JointDraws:
    """Put replicates in the order of the net benefit at the base, so that neighbours are alike.

    Raises:
        InputError: If the formula names what is neither drawn nor declared.
    """
    base = np.array([[each.base for each in parameters]])
    order = np.argsort(cross(formula, draws, parameters, base)[:, 0], kind="stable")
    return JointDraws(draws.names, draws.estimate, draws.draws[order])


def _columns(parameters: Sequence[Parameter], values: FloatArray) -> Mapping[str, FloatArray]:
    return {each.key: values[:, place] for place, each in enumerate(parameters)}


def _cholesky(correlation: FloatArray, size: int) -> FloatArray:
    fits = correlation.shape == (size, size) and bool(np.all(np.diag(correlation) == 1))
    if fits and np.array_equal(correlation, correlation.T):
        try:
            return np.linalg.cholesky(correlation).astype(np.float64)
        except np.linalg.LinAlgError:
            pass
    raise InputError(
        what="the correlations of the parameters are no correlations",
        where="the correlations",
        found=f"a table of {' x '.join(str(each) for each in correlation.shape)} for {size} parameters",
        expected="a symmetric, positive definite table with 1 in its diagonal",
        do="mend the table, or leave the parameters independent",
    )
