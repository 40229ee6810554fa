"""What the benefits of those drawn paid, as arrays for the kernels: kroner by period, or dated rates a week."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.outcome import Amount, AmountOutcome
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.domain.registers import Registers
from ctieval.domain.trial import Trial
from ctieval.domain.wording import Notice
from ctieval.economics.benefits import week_price
from ctieval.economics.horizon import look_up_weeks
from ctieval.evaluate.data import RegisterData
from ctieval.rates.benefit import Benefit
from ctieval.rates.book import RateBook
from ctieval.registers.kernels.payments import PaidPeriods, Payments, PricedWeeks, WeeklyRates, to_weekly_rates
from ctieval.registers.weeks import weeks_of

OERE = 100


@dataclass(frozen=True, slots=True, eq=False)
class BenefitKroner:
    """What benefits paid.

    Attributes:
        payments: Kroner of periods, or rates.
        without_rate: Benefits of those drawn that lack a rate in a week that is asked for; names of the rate book, or
            a code in no benefit.
    """

    payments: Payments
    without_rate: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """Codes with one price, in kroner a week, shape (weeks,); NaN where nobody knows the rate."""

    name: str
    codes: tuple[int, ...]
    prices: FloatArray


def find_payments(trial: Trial, allocation: Allocation, data: RegisterData) -> BenefitKroner | None:
    """Find what the benefits of those drawn paid; None where no outcome is about that.

    Where the registers hold an amount for every period of benefit of those drawn, these kroner are used. Else a week
    with a benefit code is priced at the full dated rate of that benefit, in whole øre. Benefits are the set
    ``public_payment``, whose weeks the outcome ``benefit`` counts.

    Raises:
        InputError: If the code list lacks ``public_payment``.
        RateError: If the rate of a benefit is not in kroner a month or a week.
    """
    asked = [
        each for each in trial.outcomes if isinstance(each, AmountOutcome) and each.amount is Amount.BENEFIT_KRONER
    ]
    if not asked:
        return None
    registers, pays = data.registers, data.codes.lookup("public_payment")
    pidx = np.sort(pd.Index(registers.weeks.person_id).get_indexer(pd.Index(allocation.person_id)))
    paid = _find_periods(registers, pidx, pays)
    if paid is not None:
        return BenefitKroner(paid)
    zero, extract = weeks_of(allocation.randomised_on), registers.weeks
    first = max(int(zero.min()) + min(each.window.start for each in asked), extract.first_week)
    weeks = np.arange(first, min(int(zero.max()) + max(each.window.end for each in asked), extract.end_week))
    codes = np.unique(extract.code[pidx])
    used = tuple(int(code) for code in codes if pays[code])
    lines = tuple(tuple(_price(data.rates, used, weeks, provider=provider)) for provider in (False, True))
    return BenefitKroner(
        payments=PricedWeeks(
            pidx=pidx.astype(np.int32),
            group=_providers(registers)[pidx].astype(np.int64),
            rates=tuple(_to_rates(each, weeks, registers, _to_oere) for each in lines),
            unpriced=tuple(_to_rates(each, weeks, registers, _to_unknown) for each in lines),
        ),
        without_rate=tuple(sorted({line.name for each in lines for line in each if np.isnan(line.prices).any()})),
    )


def name_unpriced(outcomes: OutcomeTable, found: BenefitKroner | None) -> Iterator[Notice]:
    """Name the benefits that lack a rate, for each outcome that is measured of nobody for their sake."""
    for number, outcome in enumerate(outcomes.outcomes):
        if found is not None and (outcomes.status[:, number] == Status.NOT_PRICED).any():
            yield from (Notice("W-OUTCOME-UNPRICED", outcome.name, (("benefit", name),)) for name in found.without_rate)


def _find_periods(registers: Registers, pidx: IntArray, pays: BoolArray) -> PaidPeriods | None:
    """Periods of benefit of those drawn, or None where the amount of one is not known."""
    if registers.payments is None:
        return None
    periods = registers.payments
    person = pd.Index(registers.weeks.person_id).get_indexer(pd.Index(periods["person_id"]))
    code = periods["benefit"].to_numpy(dtype=np.str_).astype(np.int64)
    kept = np.flatnonzero(np.isin(person, pidx) & pays[code])
    kept = kept[np.argsort(person[kept], kind="stable")]
    kroner = periods["amount"].to_numpy(dtype=np.float64, na_value=np.nan)[kept]
    if np.isnan(kroner).any():
        return None
    first, last = (periods[name].to_numpy(dtype="datetime64[D]").astype(np.int64)[kept] for name in ("start", "end"))
    return PaidPeriods(person[kept].astype(np.int32), first, last + 1, kroner)


def _price(book: RateBook, used: tuple[int, ...], weeks: IntArray, *, provider: bool) -> Iterator[_Line]:
    """The prices of the codes in use, benefit by benefit; a code in no benefit has none."""
    left = set(used) - book.benefits.without_benefit
    for benefit in book.benefits.benefits:
        codes = tuple(sorted(left & benefit.codes))
        left -= benefit.codes
        if codes:
            yield _Line(benefit.name, codes, _price_weeks(book, benefit, weeks, provider=provider))
    for code in sorted(left):
        yield _Line(str(code), (code,), np.full(len(weeks), np.nan))


def _price_weeks(book: RateBook, benefit: Benefit, weeks: IntArray, *, provider: bool) -> FloatArray:
    name = benefit.provider if provider else benefit.other
    found, place, _ = look_up_weeks(weeks, lambda on: book.value(name, on))
    prices = np.array([np.nan if value is None else week_price(value) for value in found], dtype=np.float64)
    return prices[place]


def _to_oere(prices: FloatArray) -> IntArray:
    return np.rint(OERE * np.nan_to_num(prices)).astype(np.int64)


def _to_unknown(prices: FloatArray) -> IntArray:
    return np.isnan(prices).astype(np.int64)


def _to_rates(
    lines: tuple[_Line, ...], weeks: IntArray, registers: Registers, amount_of: Callable[[FloatArray], IntArray]
) -> WeeklyRates:
    """Whole amounts a week of every code, over the whole extract; nothing in the weeks that nobody asks for."""
    extract = registers.weeks
    codes = [code for line in lines for code in line.codes]
    amounts = np.zeros((len(codes), extract.code.shape[1]), dtype=np.int64)
    row = 0
    for line in lines:
        amounts[row : row + len(line.codes), weeks - extract.first_week] = amount_of(line.prices)
        row += len(line.codes)
    return to_weekly_rates(codes, amounts, extract.first_week)


def _providers(registers: Registers) -> BoolArray:
    """Who has children to support, in the order of the weeks; whoever is not known to has the lower rate."""
    persons = registers.persons
    if "provider" not in persons.columns:
        return np.zeros(len(registers.weeks.person_id), dtype=np.bool_)
    stated = persons.set_index("person_id")["provider"].reindex(registers.weeks.person_id).astype("boolean")
    return stated.fillna(value=False).to_numpy(dtype=np.bool_)
