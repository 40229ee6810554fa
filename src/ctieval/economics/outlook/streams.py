"""What the account hands over by person and month, and the columns that the outlook makes of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ctieval.domain.arrays import FloatArray
from ctieval.domain.outlook_plan import OutlookPlan, Scenario
from ctieval.economics.discount import MONTHS_PER_YEAR, WEEKS_PER_YEAR, Taken, month_factors
from ctieval.economics.outlook.extrapolate import Beyond, carry_on, discount_beyond
from ctieval.errors import InputError
from ctieval.rates.rate import Step

NET, GAIN, KEPT, AFTER = range(4)
"""Columns of a scenario: its net value, the gains of work and benefits, all else, and what is extrapolated of it."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Stream:
    """Kroner of one account by person and month since her own draw, a gain to the account being positive.

    Attributes:
        net: Discounted kroner of all lines, shape (n, months); NaN in the row of a person not wholly observed.
        displaced: The part of them that displaced jobs would take back, same shape: all but services.
        nominal: Kroner by calendar year, of that year and not discounted, shape (n,) each; empty where not known.
        week_value: Kroner that the account gains when a person is a week less on benefit; None where it is not known.

    Raises:
        ValueError: If the arrays are not of one shape.
    """

    net: FloatArray
    displaced: FloatArray
    nominal: Mapping[int, FloatArray] = field(default_factory=dict[int, FloatArray])
    week_value: float | None = None

    def __post_init__(self) -> None:
        """Check that all kroner are of the same persons and months."""
        years_fit = all(each.shape == self.net.shape[:1] for each in self.nominal.values())
        if self.net.ndim != 2 or self.displaced.shape != self.net.shape or not years_fit:
            msg = f"all kroner are of the persons and months of the net, {self.net.shape}"
            raise ValueError(msg)

    def __repr__(self) -> str:
        """Name the shape, never an amount."""
        return f"Stream{self.net.shape}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Columns:
    """Columns by person side by side, for one estimate and one draw of all of them.

    Attributes:
        values: All columns, shape (n, k).
        place: Where those of an account stand, by account and name.
    """

    values: FloatArray
    place: Mapping[tuple[str, str], slice]

    def __repr__(self) -> str:
        """Name the size, never a value."""
        return f"Columns{self.values.shape}"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Months:
    """The months after the draw, and how they are discounted.

    Attributes:
        factors: Discount factor of each month, taken in its middle, shape (months,).
        whole: Months that are observed from end to end; a horizon in weeks may end within one.
        beyond: Discounting after the horizon.
    """

    factors: FloatArray
    whole: int
    beyond: Beyond

    def last_mean(self, kroner: FloatArray, last: int) -> FloatArray:
        """Mean of the last whole months at their own time, shape (n, 1)."""
        some = slice(max(0, self.whole - last), self.whole)
        return (kroner[:, some] / self.factors[some]).mean(axis=1, keepdims=True)


def count_months(horizon_weeks: int, steps: tuple[Step, ...]) -> Months:
    """Count the months that the weeks of a horizon begin in, at twelve to 52 weeks: week w begins in floor(12 w / 52).

    Args:
        horizon_weeks: Weeks from the draw.
        steps: Yearly discount rates by the first year in which they hold.

    Examples:
        >>> months = count_months(54, (Step(0, 0.035),))
        >>> len(months.factors), months.whole
        (13, 12)
    """
    exact = horizon_weeks * MONTHS_PER_YEAR / WEEKS_PER_YEAR
    begun = (horizon_weeks - 1) * MONTHS_PER_YEAR // WEEKS_PER_YEAR + 1
    factors = month_factors(begun, steps, taken=Taken.MIDDLE)
    return Months(factors, max(1, math.floor(exact)), discount_beyond(steps, exact))


def build_columns(streams: Mapping[str, Stream], plan: OutlookPlan, months: Months) -> Columns:
    """Make of each account its cumulative months, its mean of the last ones, its sum under every scenario, its years.

    All are sums over a person's own months, so that one estimate and one draw serve them all.

    Args:
        streams: Kroner by account.
        plan: What the outlook reckons with.
        months: The months after the draw.

    Raises:
        InputError: If accounts are not of the same persons and months, or there are none.
    """
    _check_same_months(streams, len(months.factors))
    parts: dict[tuple[str, str], FloatArray] = {}
    for account, stream in streams.items():
        parts[account, "curve"] = np.cumsum(stream.net, axis=1)
        parts[account, "monthly"] = months.last_mean(stream.net, plan.last_months)
        parts[account, "ahead"] = _carry_curve_on(stream.net, plan, months)
        parts |= {(account, each.name): _under(stream, each, plan.last_months, months) for each in plan.scenarios}
        parts |= {(account, str(year)): kroner[:, None] for year, kroner in stream.nominal.items()}
    ends = np.cumsum([part.shape[1] for part in parts.values()]).tolist()
    places = map(slice, [0, *ends], ends)
    return Columns(np.hstack(list(parts.values())), dict(zip(parts, places, strict=True)))


def _under(stream: Stream, scenario: Scenario, last: int, months: Months) -> FloatArray:
    """Each person's columns of a scenario, in the order of ``NET``, ``GAIN``, ``KEPT`` and ``AFTER``, shape (n, 4)."""
    goes_on = carry_on(months.beyond, months=scenario.months, yearly_decay=scenario.yearly_decay)
    parts = ((1 - scenario.displacement) * stream.displaced, stream.net - stream.displaced)
    within = [each.sum(axis=1, keepdims=True) for each in parts]
    after = [goes_on * months.last_mean(each, last) for each in parts]
    gain, kept = (now + later for now, later in zip(within, after, strict=True))
    return np.hstack([gain + kept, gain, kept, after[0] + after[1]])


def _carry_curve_on(net: FloatArray, plan: OutlookPlan, months: Months) -> FloatArray:
    """Each person's cumulative months after the horizon, shape (n, extrapolated months)."""
    goes_on = [
        carry_on(months.beyond, months=month, yearly_decay=plan.yearly_decay)
        for month in range(1, plan.extrapolated_months + 1)
    ]
    return net.sum(axis=1, keepdims=True) + months.last_mean(net, plan.last_months) * np.array(goes_on)


def _check_same_months(streams: Mapping[str, Stream], months: int) -> None:
    shapes = {stream.net.shape for stream in streams.values()}
    if len(shapes) != 1 or next(iter(shapes))[1] != months:
        raise InputError(
            what="there is no outlook on these accounts",
            where="kroner by person and month",
            found=", ".join([f"{len(shapes)} shapes", *(f"{shape[1]} months" for shape in sorted(shapes))]),
            expected=f"the same persons in every account, and the {months} months of the horizon",
            do="hand over the accounts of one appraisal",
        )
