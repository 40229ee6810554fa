"""Each characteristic on the arms: its difference, held against the draws that the design could have given."""

from __future__ import annotations

import numpy as np

from ctieval.assignment.balance.columns import BaselineColumn
from ctieval.assignment.balance.means import Differences
from ctieval.assignment.balance.reference import Reference
from ctieval.assignment.balance.tail import share_within, tail_probability
from ctieval.domain.arrays import FloatArray
from ctieval.domain.balance_table import BalanceRow, Thresholds


def check_column(
    column: BaselineColumn,
    found: Differences,
    reference: Reference,
    thresholds: Thresholds,
    *,
    place: tuple[int, int],
    scale: float,
) -> BalanceRow:
    r"""Hold one difference against the draws of the design.

    .. math::
        \mathrm{se} = \sqrt{\textstyle\sum_m w_m (d_m - \bar d)^2}, \qquad p = \sum_m w_m 1\{|d_m| \ge |d|\}

    The difference is that of a regression of the characteristic on the arm, with each block counting alike: the
    estimate that ``by_design`` gives. What a person was before the draw does not depend on the arm, so that its
    distribution over the draws is known, whatever the blocks and clusters, and no variance needs to be estimated.

    Args:
        column: The column.
        found: The differences that were found, in one assignment.
        reference: Those of the draws.
        thresholds: Where advice begins.
        place: Number of the intervention, from 0, and of the column.
        scale: What a difference is multiplied by to get its unit.

    References:
        Gerber, A. S. & Green, D. P. (2012). Field Experiments, section 4.3. W. W. Norton.
    """
    arm, number = place
    weight, drawn, std = reference.weight, reference.mean[:, arm, number], reference.std[:, arm, number]
    difference, std_difference = float(found.mean[0, arm, number]), float(found.std[0, arm, number])
    size = np.abs(drawn)
    return BalanceRow(
        name=column.variable.name,
        level=column.level,
        arm=arm + 1,
        difference=difference * scale,
        std_error=float(reference.std_error[arm, number]) * scale,
        p_value=float(tail_probability(np.array([abs(difference)]), size, weight)[0]),
        std_difference=std_difference,
        advice=thresholds.advise(std_difference),
        usual=share_within(np.nan_to_num(np.abs(std)), weight, thresholds.usual),
        chances=_chances(size, np.abs(std), weight, thresholds),
    )


def _chances(
    size: FloatArray, std: FloatArray, weight: FloatArray, thresholds: Thresholds
) -> tuple[float, float, float]:
    """Shares of the draws with a small p-value, with a difference to adjust for, and with a large one."""
    significant = tail_probability(size, size, weight) <= thresholds.level
    beyond = (significant, std > thresholds.adjust, std > thresholds.far)
    level, adjust, far = (float(weight @ each) for each in beyond)
    return level, adjust, far
