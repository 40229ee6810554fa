"""The assumptions of the account that a reader may change: their keys, values, limits and sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ctieval.domain.cost_benefit import Account, CostBenefit, RateUse
from ctieval.domain.ledger_quantities import PRICE_LEVELS, LedgerQuantities
from ctieval.domain.posting import Entry
from ctieval.domain.units import RateUnit

NET_TAX: Final = "net_tax_factor"
DISTORTION: Final = "tax_distortion_factor"
_FACTORS: Final[Mapping[str, Account]] = {
    NET_TAX: Account.SOCIETY_CONSUMER_PRICES,
    DISTORTION: Account.SOCIETY_PUBLIC_FUNDS,
}
_LIMITS: Final[Mapping[str, tuple[float, float]]] = {
    RateUnit.SHARE: (0.0, 1.0),
    RateUnit.FACTOR: (0.0, 10.0),
    RateUnit.DKK_PER_MONTH: (0.0, 1e6),
    RateUnit.DKK_PER_WEEK: (0.0, 1e6),
    RateUnit.DKK: (0.0, 1e10),
}
_UNFIT: Final = re.compile(r"[^A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Assumption:
    """One value that the account rests on and that a reader may change.

    Attributes:
        key: Name of the value and its first day, such as ``state_tax@2018-01-01``, or that of a price level.
        value: The value that the engine reckoned with.
        low: Lowest value that is accepted.
        high: Highest value that is accepted.
        unit: Value of ``RateUnit``.
        rate: The dated rate, or None for a price level.
    """

    key: str
    value: float
    low: float
    high: float
    unit: str
    rate: RateUse | None

    @property
    def name(self) -> str:
        """Name of its cell in formulas.

        Examples:
            >>> Assumption("refund_share[5]@2016-01-04", 0.4, 0, 1, "share", None).name
            'refund_share_5_2016_01_04'
        """
        return _UNFIT.sub("_", self.key)


def gather_assumptions(account: CostBenefit, quantities: LedgerQuantities) -> tuple[Assumption, ...]:
    """Gather every value that a reader may change, in the order of the rates of the account.

    A value may be changed where everything that it is multiplied by is told, so that the workbook gives exactly what
    the engine would. What is left out is locked: rates of benefits that few have, and the discount.

    Args:
        account: The account after disclosure control.
        quantities: Its quantities.
    """
    used = set(_used(account, quantities))
    rates = {rate.key: rate for rate in account.rates}
    dated = tuple(
        Assumption(key, rate.amount, *_LIMITS[rate.unit], rate.unit, rate) for key, rate in rates.items() if key in used
    )
    unit = RateUnit.FACTOR.value
    levels = tuple(Assumption(key, 1.0, *_LIMITS[unit], unit, None) for key in PRICE_LEVELS.values() if key in used)
    return dated + levels


def _used(account: CostBenefit, quantities: LedgerQuantities) -> Iterator[str]:
    for quantity in quantities.quantities:
        yield quantity.price
        yield quantity.share
    if any(line.line in (Entry.TAX_ON_EARNINGS, Entry.OUTPUT) for line in account.lines):
        taxed = {quantity.cell for quantity in quantities.quantities}
        for number, cell in enumerate(quantities.cells):
            yield from (key for _, key in cell.taxes if number in taxed)
    there = {line.account for line in account.lines}
    yield from (rate.key for rate in account.rates if _FACTORS.get(rate.rate) in there)
