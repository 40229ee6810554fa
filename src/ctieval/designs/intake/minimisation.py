"""Minimisation after Pocock and Simon: the arm that makes the margins of the factors more alike is favoured."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from fractions import Fraction

from ctieval.designs.intake.lot import Lot
from ctieval.designs.intake.tally import Levels, Tally, add_person
from ctieval.domain.design import Minimised


def deal_minimised(design: Minimised, tally: Tally, levels: Levels, lot: Lot) -> tuple[int, Tally]:
    r"""Deal the next person, favouring the arm that leaves the least imbalance among persons like her.

    With :math:`x_{fk}` persons of arm k who share her level of factor f, her weight :math:`w_f` and the ratio r, the
    imbalance that arm t would leave is the weighted sum of ranges

    .. math:: G_t = \sum_f w_f \Big(\max_k - \min_k\Big) \frac{x_{fk} + 1[k = t]}{r_k}.

    The arm of least imbalance is preferred; of several one is, by lot in proportion to the ratio. The preferred arm
    is dealt with the probability that ``preferences`` gives it.

    Args:
        design: Factors, weights, favour and ratio.
        tally: Persons by arm under each factor and level.
        levels: The person's level of each factor.
        lot: What chooses.

    Returns:
        The arm, and the tally after it.

    References:
        Pocock, S. J. & Simon, R. (1975). Sequential treatment assignment with balancing for prognostic factors in
        the controlled clinical trial. Biometrics 31(1), 103-115, doi:10.2307/2529712: the range as measure.
        Han, B., Enas, N. H. & McEntegart, D. (2009). Randomization by minimization for unbalanced treatment
        allocation. Statistics in Medicine 28(27), 3329-3346, doi:10.1002/sim.3710: totals over their ratio.

    Examples:
        >>> design = Minimised(("sex", "age"), (Fraction(1), Fraction(1)), favour=Fraction(4, 5))
        >>> tally = {("sex", "f"): (3, 1), ("age", "30-39"): (2, 2)}
        >>> weights = []
        >>> _ = deal_minimised(design, tally, ("f", "30-39"), lambda each: weights.append(each) or 1)
        >>> weights
        [(1, 4)]
    """
    margins = list(zip(design.factors, levels, strict=True))
    nobody = (0,) * len(design.ratio)
    imbalance = _imbalances(design, [tally.get(margin, nobody) for margin in margins])
    least = min(imbalance)
    arm = lot(_weigh(design, [arm for arm, each in enumerate(imbalance) if each == least]))
    for margin in margins:
        tally = add_person(tally, margin, arm, len(nobody))
    return arm, tally


def preferences(design: Minimised) -> tuple[tuple[Fraction, ...], ...]:
    r"""Return the probability of each arm, given which is preferred.

    The preferred arm j has :math:`1 - (1 - \phi)(R - r_j) / (R - r_{\min})` with the favour :math:`\phi` and the sum
    R of the ratio; the others share what is left in proportion to their ratio. So the favour is that of the arm with
    the smallest ratio, and an arm preferred as often as its ratio asks is dealt as often.

    Args:
        design: Favour and ratio.

    Returns:
        A row for each preferred arm, of the probabilities of all arms, which add up to 1.

    References:
        Han, B., Enas, N. H. & McEntegart, D. (2009), as above: biased coin minimisation.

    Examples:
        >>> [[str(each) for each in row] for row in preferences(Minimised(("sex",), (1,), Fraction(4, 5), (1, 2)))]
        [['4/5', '1/5'], ['1/10', '9/10']]
    """
    total, smallest = sum(design.ratio), min(design.ratio)

    def probability(arm: int, preferred: int) -> Fraction:
        others = total - design.ratio[preferred]
        left = (1 - design.favour) * Fraction(others, total - smallest)
        return 1 - left if arm == preferred else left * Fraction(design.ratio[arm], others)

    arms = range(len(design.ratio))
    return tuple(tuple(probability(arm, preferred) for arm in arms) for preferred in arms)


def whole_weights(design: Minimised) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return weights of the factors, and of a person in each arm, as whole numbers in which imbalance is reckoned."""
    shared = math.lcm(*(weight.denominator for weight in design.weights))
    scale = math.lcm(*design.ratio)
    return tuple(int(weight * shared) for weight in design.weights), tuple(scale // each for each in design.ratio)


def _imbalances(design: Minimised, counts: Sequence[tuple[int, ...]]) -> list[int]:
    """Return the imbalance that each arm would leave, exactly, in units shared by all arms."""
    weights, scale = whole_weights(design)

    def ranges(arm: int) -> list[int]:
        after = [[(n + (k == arm)) * scale[k] for k, n in enumerate(count)] for count in counts]
        return [max(each) - min(each) for each in after]

    return [sum(map(operator.mul, weights, ranges(arm))) for arm in range(len(design.ratio))]


def _weigh(design: Minimised, tied: Sequence[int]) -> tuple[int, ...]:
    """Return the probabilities of the arms, of which those tied are preferred by lot, as whole weights."""
    given = preferences(design)
    share = [Fraction(design.ratio[arm], sum(design.ratio[each] for each in tied)) for arm in tied]
    mixed = [sum((p * given[j][k] for p, j in zip(share, tied, strict=True)), Fraction(0)) for k in range(len(given))]
    shared = math.lcm(*(each.denominator for each in mixed))
    return tuple(int(each * shared) for each in mixed)
