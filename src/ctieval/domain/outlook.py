"""The account month by month and beyond: curve, payback, extrapolation, scenarios, break-even; holds no person."""

from __future__ import annotations

from dataclasses import dataclass

from ctieval.domain.effect_table import Effect
from ctieval.domain.outlook_plan import Scenario, ScenarioName
from ctieval.domain.wording import Notice


@dataclass(frozen=True, slots=True)
class Trough:
    """The lowest point of a curve: the most that is invested before anything is back.

    Attributes:
        month: Month after the draw, from 0.
        kroner: Cumulative net benefit at its end, per person drawn.
    """

    month: int
    kroner: float


@dataclass(frozen=True, slots=True)
class CurveBand:
    """Ends of a band that holds a whole curve at once, one number a month.

    Attributes:
        low: Lower ends.
        high: Upper ends.
        factor: Standard errors from the curve to an end, the same in every month.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]
    factor: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Cumulative net benefit per person drawn, in discounted kroner, one number a month from the draw.

    Attributes:
        estimate: Net benefit of all months up to this one, and this one.
        conf_low: Lower ends of the intervals of the single months.
        conf_high: Upper ends.
        band: The band of the whole curve; None where the trial cannot be resampled.
        trough: The lowest point.

    Raises:
        ValueError: If a series has not one number a month.
    """

    estimate: tuple[float, ...]
    conf_low: tuple[float, ...]
    conf_high: tuple[float, ...]
    band: CurveBand | None
    trough: Trough

    def __post_init__(self) -> None:
        """Check that all series run over the same months."""
        series = [self.conf_low, self.conf_high, *([self.band.low, self.band.high] if self.band else [])]
        if any(len(each) != len(self.estimate) for each in series):
            msg = f"every series has {len(self.estimate)} months"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class PaybackShares:
    """When the resamples are paid back for good.

    Attributes:
        within: Share of the resamples that are paid back in this month or before, one number a month.
        never: Share that are not within the months observed.
        low: Month at the lower end of the interval; None where it is not within the months observed.
        high: Month at the upper end; None likewise.
    """

    within: tuple[float, ...]
    never: float
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Payback:
    """The first month from which the cumulative net benefit is never below zero again within the months observed.

    Attributes:
        month: The month, from 0; None where there is none.
        shares: The same of every resample; None where the trial cannot be resampled.
    """

    month: int | None
    shares: PaybackShares | None


@dataclass(frozen=True, slots=True)
class MonthsAhead:
    """Cumulative net benefit carried on after the horizon, one number a month; every one of them is an assumption.

    Attributes:
        estimate: What was observed, and the months carried on up to this one.
        conf_low: Lower ends of the intervals of the single months, by what the trial tells of the effect carried on.
        conf_high: Upper ends.
    """

    estimate: tuple[float, ...]
    conf_low: tuple[float, ...]
    conf_high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Extrapolation:
    """What would follow if the effect of the last months went on: an assumption, never part of the headline.

    Attributes:
        last_months: Last observed months whose mean effect is carried on.
        monthly_effect: Their mean effect, in kroner a month at their own time, per person drawn.
        required_months: Fewest months after the horizon that pay everything back at ``yearly_decay``; 0 where the
            observed months do already, None where no time would.
        required_never: Share of the resamples that no time would pay back; None where there are none.
        yearly_decay: Decay of the required months.
        break_even_decay: Largest yearly decay at which ``months`` months pay everything back; 1 where the observed
            months do already, None where not even an effect that stays would.
        months: Months of the break-even decay, and of the curve carried on.
        ahead: The curve carried on at ``yearly_decay``.
    """

    last_months: int
    monthly_effect: Effect
    required_months: int | None
    required_never: float | None
    yearly_decay: float
    break_even_decay: float | None
    months: int
    ahead: MonthsAhead

    @property
    def uncertain(self) -> bool:
        """True where the interval of the monthly effect holds zero, so that even its sign is not known."""
        return not (self.monthly_effect.conf_low > 0 or self.monthly_effect.conf_high < 0)


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """One account under one scenario.

    Attributes:
        scenario: What is taken for granted.
        effect: Net present value per person drawn, with its interval.
        observed: Part of it from the months observed.
        extrapolated: Part of it from the months after; both add up to the estimate.
        share_above_zero: Share of the resamples above zero; None where there are none.
    """

    scenario: Scenario
    effect: Effect
    observed: float
    extrapolated: float
    share_above_zero: float | None


@dataclass(frozen=True, slots=True)
class BreakEven:
    """What would just bring an account to zero over the months observed.

    Attributes:
        weeks: Weeks of benefit saved per person drawn; None where a week saved is worth nothing to the account, or
            its worth is not known.
        displacement: Displaced jobs per job gained: negative where the account is below zero without any, None where
            there is no gain to displace.
        cost: Cost of the services per person drawn, net of what the control has: what all else gains.
        cost_factor: That cost over the actual one; None where the services cost nothing more.
    """

    weeks: float | None
    displacement: float | None
    cost: Effect
    cost_factor: float | None


@dataclass(frozen=True, slots=True)
class AccountOutlook:
    """Everything of one account.

    Attributes:
        account: Name of the account.
        curve: The months observed.
        payback: When they pay back.
        extrapolation: What would follow after them.
        scenarios: The scenarios, in the order of the plan.
        break_even: What would just bring it to zero.
    """

    account: str
    curve: Curve
    payback: Payback
    extrapolation: Extrapolation
    scenarios: tuple[ScenarioResult, ...]
    break_even: BreakEven

    def scenario(self, name: ScenarioName) -> ScenarioResult | None:
        """Return one of the scenarios, or None where the plan does not show it."""
        return next((each for each in self.scenarios if each.scenario.name is name), None)


@dataclass(frozen=True, slots=True)
class BudgetYear:
    """One account in one calendar year, in the kroner of that year, not discounted.

    Attributes:
        account: Name of the account.
        year: The calendar year.
        effect: Kroner per person drawn, with its interval.
        per_person: The same in whole kroner; the years of an account add up to its rounded total.
        cohort: Whole kroner of all persons drawn into the intervention; they add up likewise.
    """

    account: str
    year: int
    effect: Effect
    per_person: int
    cohort: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """All accounts, from one set of resamples.

    Attributes:
        accounts: One outlook an account.
        budget: Kroner by account and calendar year; empty where nominal kroner are not known.
        months: Months observed, from the draw.
        n_control: Persons of the control, each followed through every month: so many are at risk in all of them.
        n_treated: Persons of the intervention likewise.
        conf_level: Level of intervals and bands.
        replicates: Resamples; 0 where the trial cannot be resampled.
        seed: Their seed.
        warnings: Coded warnings.
    """

    accounts: tuple[AccountOutlook, ...]
    budget: tuple[BudgetYear, ...]
    months: int
    n_control: int
    n_treated: int
    conf_level: float
    replicates: int
    seed: int
    warnings: tuple[Notice, ...] = ()

    def account(self, name: str) -> AccountOutlook | None:
        """Return the outlook of an account, or None where there is none."""
        return next((each for each in self.accounts if each.account == name), None)
