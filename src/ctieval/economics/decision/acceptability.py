"""Cost-effectiveness acceptability: the curve of being right beside the curve of what being wrong costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import ndtr

from ctieval.domain.arrays import FloatArray
from ctieval.domain.decision import Acceptability


def share_gaining(net_benefit: FloatArray) -> float:
    """Share of the draws in which something is gained; a draw of exactly nil gains nothing.

    Args:
        net_benefit: Draws of the net benefit, shape (R,).

    Examples:
        >>> share_gaining(np.array([-1.0, 0.0, 2.0, 3.0]))
        0.5
    """
    return float(np.mean(net_benefit > 0))


def estimate_acceptability(
    estimate: tuple[float, float],
    effect: FloatArray,
    cost: FloatArray,
    worth: Sequence[float],
    *,
    named: tuple[str, str, str],
) -> Acceptability:
    r"""Share of the draws in which an outcome is worth its cost, and the expected loss of either choice.

    With :math:`B_r(k) = k \, \Delta E_r - \Delta C_r`:

    .. math::
        P(k) = \frac1R \#\{r : B_r(k) > 0\}, \qquad
        L_{\text{adopt}}(k) = \overline{\max(0, -B_r(k))}, \qquad
        L_{\text{decline}}(k) = \overline{\max(0, B_r(k))}

    The lesser of the two losses is what perfect information is worth at ``k``.

    Args:
        estimate: Estimated effect and net cost, per person drawn.
        effect: Draws of the effect in units of the outcome, positive where it is better, shape (R,).
        cost: Draws of the net cost in kroner, of the same replicates, shape (R,).
        worth: Kroner that one unit is worth, shape (K,), in rising order.
        named: Outcome, its unit, and who pays.

    References:
        Fenwick, E., O'Brien, B. J., & Briggs, A. (2004). Cost-effectiveness acceptability curves: facts, fallacies and
        frequently asked questions. Health Economics, 13(5), 405-415. doi:10.1002/hec.903.
        Eckermann, S., Briggs, A., & Willan, A. R. (2008). Health technology assessment in the cost-disutility plane.
        Medical Decision Making, 28(2), 172-181. doi:10.1177/0272989X07312474.

    Examples:
        >>> found = estimate_acceptability(
        ...     (2.0, 100.0), np.array([1.0, 2.0, 3.0]), np.full(3, 100.0), [0, 50], named=("work", "weeks", "public")
        ... )
        >>> found.share_above_zero, found.net_benefit
        ((0.0, 0.3333333333333333), (-100.0, 0.0))
    """
    outcome, unit, payer = named
    grid = np.asarray(worth, dtype=np.float64)
    draws = grid[:, None] * effect - cost
    return Acceptability(
        outcome=outcome,
        unit=unit,
        payer=payer,
        worth=_floats(grid),
        net_benefit=_floats(grid * estimate[0] - estimate[1]),
        share_above_zero=_floats(np.mean(draws > 0, axis=1)),
        loss_if_adopted=_floats(np.mean(np.maximum(-draws, 0), axis=1)),
        loss_if_declined=_floats(np.mean(np.maximum(draws, 0), axis=1)),
    )


def normal_acceptability(
    estimate: tuple[float, float], std_error: tuple[float, float], correlation: float, worth: float
) -> float:
    r"""Probability that an outcome is worth its cost where effect and cost are jointly normal.

    .. math:: \Phi\!\left(\frac{k \, \Delta E - \Delta C}{\sqrt{k^2 s_E^2 + s_C^2 - 2 k \rho s_E s_C}}\right)

    Args:
        estimate: Estimated effect and net cost.
        std_error: Their standard errors, not both nil.
        correlation: Their correlation.
        worth: Kroner that one unit is worth.

    References:
        Willan, A. R., & Briggs, A. H. (2006). Statistical analysis of cost-effectiveness data, ch. 3. Wiley.

    Examples:
        >>> round(normal_acceptability((0.05, 10_000), (0.02, 4000), 0.3, 300_000), 5)
        0.79258
    """
    of_effect, of_cost = worth * std_error[0], std_error[1]
    variance = of_effect**2 + of_cost**2 - 2 * correlation * of_effect * of_cost
    return float(ndtr((worth * estimate[0] - estimate[1]) / np.sqrt(variance)))


def _floats(values: FloatArray) -> tuple[float, ...]:
    return tuple(float(each) for each in values)
