"""Ingredients beside the accounts, by place and quarter; a gap of more than a tenth stops the analysis."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ctieval.domain.costing import CostPart, CostPhase, Reconciled
from ctieval.domain.posting import Party
from ctieval.domain.wording import Notice
from ctieval.economics.costing.arm_costs import Priced
from ctieval.errors import InputError

LOWEST_RATIO, HIGHEST_RATIO = 0.9, 1.1
_MONTHS = 3


def reconcile(priced: Sequence[Priced], accounts: pd.DataFrame) -> tuple[tuple[Reconciled, ...], tuple[Notice, ...]]:
    """Compare what running the programme costs the municipality by the ingredients with what was booked.

    Every quarter from the first to the last of the accounts counts, in all places that the accounts name.

    Args:
        priced: The ingredients with all their entries, beyond the horizon too.
        accounts: The accounts, checked against their schema.

    Returns:
        In all, by place, and by place and quarter; and ``W-COST-PLACE-WITHOUT-ACCOUNTS`` where the log has costs in
        places that the accounts do not name, with their share of the kroner.

    Raises:
        InputError: If in all, or in one place, the ratio is under 0.9 or over 1.1.

    References:
        Levin, H. M. et al. (2018). Economic Evaluation in Education, 3rd ed., ch. 4. SAGE.
    """
    booked = accounts.assign(quarter=accounts["quarter"].str.upper().str.replace("K", "Q"))
    counted = _count(priced)
    within = counted["quarter"].between(booked["quarter"].min(), booked["quarter"].max())
    known = counted["site"].isin(booked["site"])
    frames = {"bottom_up": counted[within & known], "top_down": booked.rename(columns={"amount": "kroner"})}
    sums = [each.groupby(["site", "quarter"])["kroner"].sum().rename(name) for name, each in frames.items()]
    cells = pd.concat(sums, axis=1).fillna(0.0).sort_index()
    rows = (_row("", "", cells), *_by_site(cells), *(_row(str(s), str(q), cells.loc[[(s, q)]]) for s, q in cells.index))
    _check(rows)
    return rows, _unbooked(counted[within], known[within])


def _count(priced: Sequence[Priced]) -> pd.DataFrame:
    """Kroner of running the programme that the municipality pays, by place and quarter of each entry."""
    own = [each for each in priced if _is_booked(each)]
    parts = [
        pd.DataFrame({"site": e.entries.site, "quarter": _quarters(e.entries.day), "kroner": e.entries.kroner})
        for e in own
    ]
    none = pd.DataFrame({"site": pd.Series(dtype="str"), "quarter": pd.Series(dtype="str"), "kroner": np.zeros(0)})
    return pd.concat([none, *parts], ignore_index=True)


def _is_booked(each: Priced) -> bool:
    own = each.ingredient
    return own.part is CostPart.PROGRAMME and own.phase is CostPhase.RUN and own.payer is Party.MUNICIPALITY


def _quarters(day: pd.Series | np.ndarray) -> list[str]:
    months = np.asarray(day).astype("datetime64[M]").astype(np.int64)
    return [f"{1970 + month // 12}-Q{month % 12 // _MONTHS + 1}" for month in months]


def _by_site(cells: pd.DataFrame) -> tuple[Reconciled, ...]:
    sites = dict.fromkeys(str(site) for site, _ in cells.index)
    return tuple(_row(site, "", cells.loc[[site]]) for site in sites)


def _row(site: str, quarter: str, cells: pd.DataFrame) -> Reconciled:
    return Reconciled(site, quarter, float(cells["bottom_up"].sum()), float(cells["top_down"].sum()))


def _check(rows: tuple[Reconciled, ...]) -> None:
    apart = [row for row in rows if not row.quarter and not LOWEST_RATIO <= row.ratio <= HIGHEST_RATIO]
    if not apart:
        return
    place = next((row for row in apart if row.site), apart[0])
    cells = [row for row in rows if row.quarter and place.site in {"", row.site}]
    worst = max(cells, key=lambda row: abs(row.bottom_up - row.top_down))
    raise InputError(
        what="the ingredients and the accounts do not agree",
        where=f"accounts, site {place.site or 'all'}; most in {worst.site}, {worst.quarter}",
        found=f"{place.bottom_up:.0f} kroner by the ingredients, {place.top_down:.0f} in the accounts: "
        f"ratio {place.ratio:.2f}",
        expected=f"a ratio from {LOWEST_RATIO} to {HIGHEST_RATIO}, in all and in each place",
        do="look for hours that are not logged, time in hours instead of minutes, kroner in thousands, occupations "
        "spelt otherwise in the log, prices without overhead, or set-up in the accounts; places must be called the "
        "same in both",
    )


def _unbooked(counted: pd.DataFrame, known: pd.Series[bool]) -> tuple[Notice, ...]:
    kroner = counted["kroner"].sum()
    missed = counted.loc[~known, "kroner"].sum()
    facts = (("percent", round(100 * float(missed / kroner), 1)),) if missed > 0 else ()
    return (Notice("W-COST-PLACE-WITHOUT-ACCOUNTS", "accounts", facts),) if facts else ()
