"""The figure of the cumulative net result, with its bands, its lowest point and what is extrapolated."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.outlook import AccountOutlook, Outlook
from ctieval.report.cells import ABSENT, Cell, Col, Interval, Kind, Measured, Row, RowRole
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.economy.amounts import observed_note
from ctieval.report.chapters.sources import account_source
from ctieval.report.model import Figure
from ctieval.report.time_drawing import AtRisk, BenefitChart, BenefitLine
from ctieval.report.time_drawing import Payback as DrawnPayback

_NAN = math.nan
_EVERY = 6
"""Months between those under which the persons followed are written."""


def curve_figure(context: Context, account: CostBenefit, outlook: Outlook, shown: tuple[AccountOutlook, ...]) -> Figure:
    """Return the figure of the accounts that lead; what is extrapolated stands apart in picture and numbers."""
    chart = _chart(context, outlook, shown)
    uncertain = any(each.extrapolation.uncertain for each in shown)
    caption = context.text("economy.curve.caption", months=outlook.months)
    return Figure(
        id="over-time",
        caption=f"{caption} {context.text('economy.curve.uncertain')}" if uncertain else caption,
        alt=" ".join(_alt(context, outlook, each) for each in shown),
        draw=chart,
        columns=tuple(_columns(context, outlook, shown)),
        rows=tuple(_rows(context, outlook, chart)),
        source=account_source(context),
        n_note=observed_note(context, account),
        note=context.text(
            "economy.curve.note" if outlook.replicates else "economy.curve.note_without_band",
            level=context.fmt.level(outlook.conf_level),
            last=shown[0].extrapolation.last_months,
            decay=context.fmt.share(shown[0].extrapolation.yearly_decay, 0),
        ),
    )


def _chart(context: Context, outlook: Outlook, shown: tuple[AccountOutlook, ...]) -> BenefitChart:
    ahead = len(shown[0].extrapolation.ahead.estimate)
    n = outlook.n_control + outlook.n_treated
    return BenefitChart(
        months=tuple(float(month) for month in range(1, outlook.months + ahead + 1)),
        lines=tuple(_line(context, each, ahead) for each in shown),
        observed=float(outlook.months),
        at_risk=tuple(
            AtRisk(month, (n if month <= outlook.months else ABSENT,))
            for month in range(_EVERY, outlook.months + ahead + 1, _EVERY)
        ),
        unit=context.text("economy.axis.per_person"),
        axis=context.text("economy.axis.months"),
        conf_level=outlook.conf_level,
    )


def _line(context: Context, each: AccountOutlook, ahead: int) -> BenefitLine:
    curve, after, band = each.curve, each.extrapolation.ahead, each.curve.band
    gap = (_NAN,) * len(curve.estimate)
    return BenefitLine(
        name=context.text(f"payer.{each.account}"),
        values=curve.estimate + after.estimate,
        low=_known(curve.conf_low + after.conf_low),
        high=_known(curve.conf_high + after.conf_high),
        all_low=(gap if band is None else band.low) + (_NAN,) * ahead,
        all_high=(gap if band is None else band.high) + (_NAN,) * ahead,
        payback=_payback(each),
    )


def _known(ends: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(end if math.isfinite(end) else _NAN for end in ends)


def _payback(each: AccountOutlook) -> DrawnPayback | None:
    shares = each.payback.shares
    if shares is None:
        return None
    ends = (each.payback.month, shares.low, shares.high)
    month, low, high = (math.inf if end is None else end + 1.0 for end in ends)
    return DrawnPayback(month, low, high)


def _columns(context: Context, outlook: Outlook, shown: tuple[AccountOutlook, ...]) -> Iterator[Col]:
    level = context.fmt.level(outlook.conf_level)
    yield Col("month", context.text("head.month"))
    for each in shown:
        name = context.text(f"payer.{each.account}")
        yield Col(each.account, name, Kind.KR, unit=context.fmt.unit(Kind.KR), signed=True)
        yield Col(f"{each.account}_interval", context.text("head.interval", level=level), Kind.CI, of=Kind.KR)
        yield Col(f"{each.account}_band", context.text("head.band", level=level), Kind.CI, of=Kind.KR)
    yield Col("n", context.text("head.followed"), Kind.COUNT)


def _rows(context: Context, outlook: Outlook, chart: BenefitChart) -> Iterator[Row]:
    n = outlook.n_control + outlook.n_treated
    for place, month in enumerate(chart.months):
        if month in (1, chart.observed + 1):
            yield Row((context.text("economy.curve.observed" if month == 1 else "economy.curve.ahead"),), RowRole.GROUP)
        cells = [cell for line in chart.lines for cell in _cells(line, place, outlook.conf_level)]
        followed = n if month <= chart.observed else ABSENT
        yield Row((Measured(month, Kind.COUNT), *cells, followed), RowRole.SUB)


def _cells(line: BenefitLine, place: int, level: float) -> Iterator[Cell]:
    yield line.values[place]
    for low, high in ((line.low[place], line.high[place]), (line.all_low[place], line.all_high[place])):
        yield ABSENT if math.isnan(low) else Interval(low, high, level)


def _alt(context: Context, outlook: Outlook, each: AccountOutlook) -> str:
    trough = each.curve.trough
    return context.text(
        f"economy.curve.alt_{'never' if each.payback.month is None else 'paid_back'}",
        payer=context.text(f"payer.{each.account}"),
        kroner=context.fmt.kr(trough.kroner, signed=True),
        month=trough.month + 1,
        back=0 if each.payback.month is None else each.payback.month + 1,
        months=outlook.months,
        last=context.fmt.kr(each.curve.estimate[-1], signed=True),
    )
