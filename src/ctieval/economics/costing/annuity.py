"""What a year's use of something bought once costs; how long it lasts is told in the table of ingredients."""

from __future__ import annotations


def annuity(amount: float, life_years: float, rate: float) -> float:
    r"""Spread an investment over its life, in equal yearly amounts of the same present value.

    .. math:: a = P \, \frac{r}{1 - (1 + r)^{-L}}, \qquad a = P / L \text{ at } r = 0

    Args:
        amount: Investment in kroner.
        life_years: Years over which it is used.
        rate: Yearly real discount rate as a share.

    Returns:
        Kroner a year, at the end of each year.

    References:
        Drummond, M. F. et al. (2015). Methods for the Economic Evaluation of Health Care Programmes, 4th ed., ch. 7.

    Examples:
        >>> round(annuity(129_100, 3, 0.035), 2), round(annuity(129_100, 3, 0.0), 2)
        (46080.2, 43033.33)
    """
    return amount / life_years if rate == 0 else amount * rate / (1 - (1 + rate) ** -life_years)
