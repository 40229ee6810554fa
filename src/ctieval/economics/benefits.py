"""Kroner of benefit by person and week: actually paid, or weeks times dated rates. Who bears them lives elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ctieval.domain.arrays import BoolArray, CodeArray, FloatArray, IntArray, StrArray
from ctieval.domain.cost_benefit import PaymentBasis
from ctieval.domain.registers import BLANK, Registers
from ctieval.domain.units import RateUnit
from ctieval.domain.wording import MissingInput, Notice
from ctieval.economics.horizon import Horizon, look_up_weeks
from ctieval.economics.payments import PaidWeeks, spread_payments
from ctieval.errors import RateError
from ctieval.rates.benefit import BenefitTable, Financing
from ctieval.rates.book import RateBook, RateValue
from ctieval.rates.load import BENEFITS
from ctieval.registers.codes import CodeList

UNLISTED = -2
WITHOUT = -1
MONTHS_PER_YEAR = 12
WEEKS_PER_YEAR = 52


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BenefitWeeks:
    """What each person's weeks cost, in nominal kroner.

    Attributes:
        on_benefit: True in a week of public payment, shape (n, H): the weeks that the outcome ``benefit``
            counts. A study grant has kroner and is none of them.
        ladder: Kroner of benefits on the refund ladder, shape (n, H); NaN where no rate is known.
        state: Kroner of benefits that the state bears alone, shape (n, H); NaN where no rate is known.
        ladder_rate: Place among ``rates`` of the rate that prices the cell of ``ladder``, shape (n, H); -1 where none
            does: nothing is paid, or kroner are known.
        state_rate: The same of ``state``.
        basis: Where the kroner come from.
        rates: The dated amounts used.
        missing: The rates that are not known.
        notices: Coded warnings.
    """

    on_benefit: BoolArray
    ladder: FloatArray
    state: FloatArray
    ladder_rate: CodeArray
    state_rate: CodeArray
    basis: PaymentBasis
    rates: tuple[RateValue, ...]
    missing: tuple[MissingInput, ...]
    notices: tuple[Notice, ...]

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"BenefitWeeks({self.ladder.shape[0]} persons, {self.ladder.shape[1]} weeks)"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Priced:
    """Kroner of the benefits of one financing, shape (n, H), and what they rest on; weeks without a price by name."""

    kroner: FloatArray
    rate: CodeArray
    rates: tuple[RateValue, ...]
    missing: tuple[MissingInput, ...]
    unpriced: Mapping[str, int]


def build_benefits(
    horizon: Horizon, person_id: StrArray, registers: Registers, book: RateBook, codes: CodeList
) -> BenefitWeeks:
    """Give each observed week its kroner of benefit.

    Where the registers hold every payment of the weeks, the kroner actually paid are used. Else a week with a
    benefit code is priced at the full dated rate of that benefit, though a code tells of one day on it at
    least: levels are then overstated in both arms alike. A week whose benefit has no known rate is NaN,
    never 0, and ``W-BENEFIT-UNPRICED`` says of which benefit, or which code in no benefit, and how many weeks.

    Args:
        horizon: The weeks of each person.
        person_id: Identifiers in the order of the horizon, shape (n,).
        registers: The registers.
        book: The rate book.
        codes: The list of register codes.

    Raises:
        InputError: If money was paid under a code that stands for no benefit, or the code list lacks
            ``public_payment``.
        RateError: If the rate of a benefit is not in kroner a month or a week.
    """
    number = _benefit_numbers(book.benefits)[horizon.code]
    number[~horizon.observed] = WITHOUT
    on_benefit = codes.lookup("public_payment")[horizon.code] & horizon.observed[:, None]
    provider, provider_notices = _providers(registers.persons, person_id)
    ladder = _price(horizon, number, provider, book, Financing.REFUND_LADDER)
    state = _price(horizon, number, provider, book, Financing.STATE)
    unlisted = _count_unlisted(horizon.code[number == UNLISTED], codes)
    paid = spread_payments(registers.payments, person_id, horizon, book.benefits)
    if paid is None or paid.without_amount:
        rates = tuple(dict.fromkeys(ladder.rates + state.rates))
        return BenefitWeeks(
            on_benefit=on_benefit,
            ladder=ladder.kroner,
            state=state.kroner,
            ladder_rate=_renumber(ladder, rates),
            state_rate=_renumber(state, rates),
            basis=PaymentBasis.RATE,
            rates=rates,
            missing=(*_unlisted_inputs(unlisted), *ladder.missing, *state.missing),
            notices=(
                *_rate_notices(paid),
                *provider_notices,
                *_unpriced_notices({**unlisted, **ladder.unpriced, **state.unpriced}),
            ),
        )
    return BenefitWeeks(
        on_benefit=on_benefit,
        ladder=paid.ladder,
        state=np.where(paid.state > 0, paid.state, state.kroner),
        ladder_rate=np.full_like(ladder.rate, WITHOUT),
        state_rate=np.where(paid.state > 0, np.int16(WITHOUT), state.rate),
        basis=PaymentBasis.PAID,
        rates=state.rates,
        missing=(*_unlisted_inputs(unlisted), *state.missing),
        notices=(*_paid_notices(paid, ladder.kroner), *_unpriced_notices({**unlisted, **state.unpriced})),
    )


def week_price(value: RateValue) -> float:
    r"""Kroner a week of a rate: a monthly rate times 12/52, a weekly rate as it is.

    Args:
        value: The rate as it was looked up.

    Raises:
        RateError: If the rate is not in kroner a month or a week.

    Examples:
        >>> from datetime import date
        >>> from ctieval.rates.load import load_rates
        >>> round(week_price(load_rates(None).value("cash_benefit_other", date(2021, 6, 1))), 2)
        2699.54
    """
    match value.unit:
        case RateUnit.DKK_PER_MONTH:
            return value.amount * MONTHS_PER_YEAR / WEEKS_PER_YEAR
        case RateUnit.DKK_PER_WEEK:
            return value.amount
        case _:
            raise RateError(
                what=f"the rate {value.rate} cannot price a week",
                where=f"rates/{value.rate}.toml, unit",
                found=value.unit.value,
                expected=f"{RateUnit.DKK_PER_MONTH.value} or {RateUnit.DKK_PER_WEEK.value}",
                do="give the rate a month or a week",
            )


def _benefit_numbers(table: BenefitTable) -> IntArray:
    """Place of the benefit of each code; the last place, which ``NOT_OBSERVED`` also reaches, is without one."""
    numbers = np.full(1001, UNLISTED, dtype=np.int64)
    numbers[sorted(table.without_benefit | {BLANK, 1000})] = WITHOUT
    for number, benefit in enumerate(table.benefits):
        numbers[sorted(benefit.codes)] = number
    return numbers


def _providers(persons: pd.DataFrame, person_id: StrArray) -> tuple[BoolArray, tuple[Notice, ...]]:
    """Who has children to support; who is not known to have counts as having none, the lower rate."""
    if "provider" not in persons.columns:
        unknown = np.ones(len(person_id), dtype=np.bool_)
        provider = ~unknown
    else:
        stated = persons.set_index("person_id")["provider"].reindex(person_id).astype("boolean")
        unknown = stated.isna().to_numpy(dtype=np.bool_)
        provider = stated.fillna(value=False).to_numpy(dtype=np.bool_)
    persons_unknown = int(unknown.sum())
    notice = Notice("W-PROVIDER-UNKNOWN", "provider", (("persons", persons_unknown),))
    return provider, (notice,) if persons_unknown else ()


def _price(horizon: Horizon, number: IntArray, provider: BoolArray, book: RateBook, financing: Financing) -> _Priced:
    """Price every week on a benefit of one financing; a week whose code is in no list is not known in either."""
    kroner = np.where(number == UNLISTED, np.nan, 0.0)
    rate_of = np.full(number.shape, WITHOUT, dtype=np.int16)
    rates: dict[RateValue, int] = {}
    missing: list[MissingInput] = []
    unpriced: Counter[str] = Counter()
    for place, benefit in enumerate(book.benefits.benefits):
        if benefit.financing is not financing:
            continue
        for rate, who in ((benefit.provider, provider), (benefit.other, ~provider)):
            cells = (number == place) & who[:, None]
            found, position, known = look_up_weeks(horizon.week[cells], lambda on, rate=rate: book.value(rate, on))
            prices = np.array([np.nan if value is None else week_price(value) for value in found], dtype=np.float64)
            kroner[cells] = prices[position]
            places = [WITHOUT if value is None else rates.setdefault(value, len(rates)) for value in found]
            rate_of[cells] = np.array(places, dtype=np.int16)[position]
            if not known.all():
                missing.append(
                    MissingInput("economics.benefit_rate", f"rates/{rate}.toml", (("benefit", benefit.name),))
                )
                unpriced[benefit.name] += int((~known).sum())
    return _Priced(kroner, rate_of, tuple(rates), tuple(dict.fromkeys(missing)), unpriced)


def _renumber(priced: _Priced, rates: tuple[RateValue, ...]) -> CodeArray:
    """Places among other rates, which hold those of the benefits of one financing; the last place is without."""
    places = np.array([*(rates.index(value) for value in priced.rates), WITHOUT], dtype=np.int16)
    return places[priced.rate]


def _count_unlisted(code: CodeArray, codes: CodeList) -> Mapping[str, int]:
    """Weeks of each code that stands for no benefit, by its number and name."""
    names = {entry.code: f"{entry.code} {entry.name}" for entry in codes.codes}
    return Counter(names.get(each, str(each)) for each in sorted(code.tolist()))


def _unlisted_inputs(unlisted: Mapping[str, int]) -> tuple[MissingInput, ...]:
    return tuple(MissingInput("economics.benefit", f"rates/{BENEFITS}", (("benefit", name),)) for name in unlisted)


def _unpriced_notices(weeks: Mapping[str, int]) -> tuple[Notice, ...]:
    return tuple(Notice("W-BENEFIT-UNPRICED", name, (("person_weeks", number),)) for name, number in weeks.items())


def _rate_notices(paid: PaidWeeks | None) -> tuple[Notice, ...]:
    incomplete = () if paid is None else (_incomplete(paid),)
    return (*incomplete, Notice("W-RATE-TIMES-WEEKS", "benefit"))


def _incomplete(paid: PaidWeeks) -> Notice:
    return Notice("W-PAYMENTS-INCOMPLETE", "periods", (("periods", paid.without_amount),))


def _paid_notices(paid: PaidWeeks, by_rate: FloatArray) -> tuple[Notice, ...]:
    """How full rates compare with what was paid, and the weeks on benefit in which nothing was."""
    facts: list[tuple[str, int | float]] = []
    if paid.ladder.sum() > 0 and not np.isnan(by_rate).any():
        facts.append(("ratio", round(float(by_rate.sum() / paid.ladder.sum()), 3)))
    unpaid = int(((by_rate != 0) & (paid.ladder == 0)).sum())
    facts.append(("weeks_without_payment", unpaid))
    return (Notice("W-RATE-OVER-PAID", "benefit", tuple(facts)),)
