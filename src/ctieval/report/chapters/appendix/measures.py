"""Further economic measures for evaluators: they stand beside the net result, never before it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.decision import (
    Acceptability,
    CostRatio,
    Decision,
    FundsPoint,
    InformationValue,
    PublicFunds,
    VarianceSplit,
)
from ctieval.report.cells import ABSENT, Cell, Col, Interval, Kind, Measured, Row, RowRole
from ctieval.report.chapters.appendix.records import notice_sentence
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.economy.amounts import observed_note
from ctieval.report.chapters.economy.over_time import without_outlook
from ctieval.report.chapters.economy.tornado import name_parameter
from ctieval.report.chapters.sources import account_source
from ctieval.report.model import Block, Figure, Para, Section, Table
from ctieval.report.time_drawing import AcceptabilityChart

_SAMPLING = "sampling"


def build_measures(context: Context) -> Iterator[Section]:
    """Build the section; there is none without a net result."""
    account = context.evaluation.economics
    if account is not None and account.results:
        blocks = tuple(_measures(context, account))
        yield Section("economic-measures", context.text("appendix.measures.title"), blocks)


def _measures(context: Context, account: CostBenefit) -> Iterator[Block]:
    decision = account.decision
    if decision is None:
        yield without_outlook(context, account)
        return
    payer = context.text(f"payer.{decision.payer}")
    yield Para(context.text("appendix.measures.lead"))
    yield from _funds(context, account, decision)
    if decision.cost_ratio is not None:
        yield Para(_ratio(context, decision.cost_ratio, payer))
    for each in decision.acceptability:
        named = {"outcome": _slug(each), "label": context.outcome_label(each.outcome)}
        yield Para(context.text("appendix.acceptability.lead", payer=payer, **named))
        yield _acceptability(context, account, each)
    if decision.information is None:
        yield context.missing("economics.caseload", "trial.toml")
    else:
        yield Para(_information(context, decision.information, payer))
        yield _information_table(context, account, decision.information)
    if decision.variance is not None:
        yield Para(_variance(context, decision.variance, payer))


def _funds(context: Context, account: CostBenefit, decision: Decision) -> Iterator[Block]:
    if not decision.public_funds:
        yield context.missing("economics.public_funds", "rates")
        return
    level = context.fmt.level(decision.public_funds[0].conf_level)
    kroner = context.fmt.unit(Kind.KR)
    yield Para(context.text("appendix.funds.lead"))
    yield Table(
        id="public-funds",
        caption=context.text("appendix.funds.caption", weeks=account.horizon_weeks),
        columns=(
            Col("willingness", context.text("head.willingness")),
            Col("paid", context.text("head.willingness_to_pay"), Kind.KR, unit=kroner, signed=True),
            Col("cost", context.text("head.net_public_cost"), Kind.KR, unit=kroner, signed=True),
            Col("ratio", context.text("head.value_of_funds"), Kind.RATIO),
            Col("interval", context.text("head.interval", level=level), Kind.CI),
        ),
        rows=tuple(_funds_row(context, each) for each in decision.public_funds),
        source=account_source(context),
        n_note=observed_note(context, account),
        note=context.text("appendix.funds.note"),
    )
    yield Para(" ".join(_quadrants(context, each) for each in decision.public_funds))
    for each in decision.public_funds:
        if each.warning is not None:
            yield Para(notice_sentence(context, each.warning, (each.warning.subject,)))


def _funds_row(context: Context, each: PublicFunds) -> Row:
    cells: tuple[Cell, ...] = (
        context.text(f"willingness.{each.willingness.value}"),
        each.willingness_to_pay,
        each.net_cost,
        _point(context, each.point),
        _ends(context, each),
    )
    return Row(cells)


def _ends(context: Context, each: PublicFunds) -> Cell:
    """The interval, or in words where an end is no ratio."""
    low, high = each.low.ratio, each.high.ratio
    if low is not None and high is not None and low <= high and math.isfinite(low + high):
        return Interval(low, high, each.conf_level)
    ends = (_worded(context, end) for end in (each.low, each.high))
    return " ".join(
        part
        for pair in zip((context.text("appendix.funds.from"), context.text("appendix.funds.to")), ends, strict=True)
        for part in pair
    )


def _quadrants(context: Context, each: PublicFunds) -> str:
    """Say how many of the resamples lie where."""
    named = [
        f"{context.text(f'quadrant.{quadrant.value}').lower()} {context.fmt.share(share)}"
        for quadrant, share in each.shares
        if share > 0
    ]
    willingness = context.text(f"willingness.{each.willingness.value}")
    return context.text("appendix.funds.shares", willingness=willingness, shares=", ".join(named))


def _point(context: Context, point: FundsPoint) -> Cell:
    """A ratio; where there is none, or it is infinite, what that means."""
    if point.ratio is None or math.isinf(point.ratio):
        return _worded(context, point)
    return point.ratio


def _worded(context: Context, point: FundsPoint) -> str:
    if point.ratio is None or math.isinf(point.ratio):
        return context.text(f"quadrant.{point.quadrant.value}").lower()
    return context.fmt.number(point.ratio, 2)


def _ratio(context: Context, found: CostRatio, payer: str) -> str:
    facts = {
        "gains": _lines(context, [each.line for each in found.gains]),
        "costs": _lines(context, [each.line for each in found.costs]),
        "gained": context.fmt.kr(sum(each.amount for each in found.gains), signed=True),
        "cost": context.fmt.kr(sum(each.amount for each in found.costs), signed=True),
    }
    made_of = context.text("appendix.ratio.made_of", **facts)
    if found.refusal is not None:
        return f"{notice_sentence(context, found.refusal, (found.refusal.subject,))} {made_of}"
    numbers = {
        name: context.fmt.number(end, 2)
        for name, end in (("ratio", found.ratio), ("low", found.conf_low), ("high", found.conf_high))
        if end is not None
    }
    said = context.text("appendix.ratio.found", payer=payer, level=context.fmt.level(found.conf_level), **numbers)
    return f"{said} {made_of}"


def _lines(context: Context, names: list[str]) -> str:
    return "; ".join(context.text(f"line.{name}").lower() for name in names)


def _acceptability(context: Context, account: CostBenefit, each: Acceptability) -> Figure:
    label, unit = context.outcome_label(each.outcome), context.text(f"appendix.acceptability.unit.{each.unit}")
    share, kroner = context.fmt.unit(Kind.SHARE), context.fmt.unit(Kind.KR)
    names = context.text("appendix.acceptability.with"), context.text("appendix.acceptability.without")
    half = next((worth for worth, above in zip(each.worth, each.share_above_zero, strict=True) if above >= 1 / 2), None)
    key = "never_half" if half is None else "half"
    return Figure(
        id=f"acceptability-{_slug(each)}",
        caption=context.text("appendix.acceptability.caption", outcome=label),
        alt=context.text(
            f"appendix.acceptability.alt_{key}",
            worth=context.fmt.kr(each.worth[-1] if half is None else half),
            share=context.fmt.quantity(Measured(each.share_above_zero[-1], Kind.RESAMPLES)),
        ),
        draw=AcceptabilityChart(
            each.worth,
            each.share_above_zero,
            each.loss_if_adopted,
            each.loss_if_declined,
            names,
            (context.text("appendix.acceptability.shares"), context.text("appendix.acceptability.losses")),
            context.text("appendix.acceptability.axis", unit=unit),
        ),
        columns=(
            Col("worth", context.text("head.worth", unit=unit), Kind.KR, unit=kroner),
            Col("share", context.text("head.worthwhile"), Kind.RESAMPLES, unit=share),
            Col("with", names[0], Kind.KR, unit=kroner),
            Col("without", names[1], Kind.KR, unit=kroner),
        ),
        rows=tuple(
            Row(cells)
            for cells in zip(
                each.worth, each.share_above_zero, each.loss_if_adopted, each.loss_if_declined, strict=True
            )
        ),
        source=account_source(context),
        n_note=observed_note(context, account),
        note=context.text("appendix.acceptability.note"),
    )


def _slug(each: Acceptability) -> str:
    """Name of the outcome as it can stand in a reference."""
    return each.outcome.replace("_", "-").lower()


def _information(context: Context, found: InformationValue, payer: str) -> str:
    return context.text(
        "appendix.information.lead",
        payer=payer,
        persons=context.fmt.number(found.persons_per_year),
        years=context.fmt.number(found.years),
        perfect=context.fmt.kr(found.perfect),
        all=context.fmt.kr(found.perfect_for_all),
    )


def _information_table(context: Context, account: CostBenefit, found: InformationValue) -> Table:
    kroner = context.fmt.unit(Kind.KR)
    rows: list[tuple[str, Cell, Cell]] = [
        (context.text("appendix.information.perfect"), found.perfect, found.perfect_for_all)
    ]
    for each in found.partial:
        known = context.text("appendix.information.sampling")
        name = known if each.key == _SAMPLING else name_parameter(context, each.key)
        rows.append((name, each.per_person, ABSENT))
    if found.one_more_trial is not None and found.one_more_trial_for_all is not None:
        name = context.text("appendix.information.trial")
        rows.append((name, found.one_more_trial, found.one_more_trial_for_all))
    return Table(
        id="information",
        caption=context.text("appendix.information.caption"),
        columns=(
            Col("known", context.text("head.known")),
            Col("per_person", context.text("head.per_person_decided"), Kind.KR, unit=kroner),
            Col("for_all", context.text("head.for_all_decided"), Kind.KR, unit=kroner),
        ),
        rows=tuple(Row(cells, RowRole.BODY) for cells in rows),
        source=account_source(context),
        n_note=observed_note(context, account),
        note=context.text("appendix.information.note"),
    )


def _variance(context: Context, found: VarianceSplit, payer: str) -> str:
    return context.text(
        "appendix.variance.lead",
        payer=payer,
        spread=context.fmt.kr(found.std_deviation),
        sampling=context.fmt.share(found.sampling, 0),
        parameters=context.fmt.share(found.parameters, 0),
    )
