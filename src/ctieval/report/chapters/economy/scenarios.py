"""What the net result would be under other assumptions, and what it takes to turn it; the observed months lead."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.outcome import BetterWhen
from ctieval.domain.outlook import AccountOutlook, Outlook, ScenarioResult
from ctieval.domain.outlook_plan import Scenario, ScenarioName
from ctieval.report.amount_drawing import AmountGroup, AmountRole, ScenarioChart
from ctieval.report.cells import ABSENT, Col, Kind, Measured, Row, RowRole
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.economy.amounts import amount_facts, kroner_scale, observed_note, to_amount
from ctieval.report.chapters.economy.break_even import break_even_table
from ctieval.report.chapters.economy.over_time import leading_outlooks, without_outlook
from ctieval.report.chapters.economy.tornado import build_tornado
from ctieval.report.chapters.sources import account_source
from ctieval.report.chapters.values import to_estimate, to_interval
from ctieval.report.findings import find_effect
from ctieval.report.model import Block, Bullets, Figure, Para, Section, Table

_ROLES = {
    ScenarioName.OBSERVED: AmountRole.TOTAL,
    ScenarioName.DECAY: AmountRole.PROJECTED,
    ScenarioName.PERSISTENCE: AmountRole.PROJECTED,
    ScenarioName.CAUTIOUS: AmountRole.PLAIN,
}


def build_scenarios(context: Context) -> Section:
    """Build the section on scenarios."""
    return Section("scenarios", context.text("economy.scenarios.title"), tuple(_scenarios(context)))


def _scenarios(context: Context) -> Iterator[Block]:
    account = context.evaluation.economics
    outlook = None if account is None else account.outlook
    if account is None:
        return
    if outlook is None:
        yield without_outlook(context, account)
        return
    yield Para(context.text("economy.scenarios.lead"))
    yield Bullets(tuple(_assumption(context, each.scenario) for each in outlook.accounts[0].scenarios))
    yield _figure(context, account, outlook)
    yield Para(context.text("economy.scenarios.table_lead"))
    yield _table(context, account, outlook)
    yield Para(context.text("economy.persistence.lead"))
    yield Bullets(tuple(_required(context, each) for each in leading_outlooks(outlook)))
    yield Para(context.text("economy.break_even.lead"))
    yield break_even_table(context, account, outlook)
    yield from build_tornado(context, account)


def _assumption(context: Context, scenario: Scenario) -> str:
    level = scenario.cautious_level
    return context.text(
        f"economy.scenarios.assumption.{scenario.name.value}",
        months=scenario.months,
        decay=context.fmt.share(scenario.yearly_decay, 0),
        displacement=context.fmt.share(scenario.displacement, 0),
        level="" if level is None else context.fmt.level(level),
    )


def _figure(context: Context, account: CostBenefit, outlook: Outlook) -> Figure:
    groups = tuple(
        AmountGroup(
            tuple(to_amount(_name(context, each), each.effect, _ROLES[each.scenario.name]) for each in one.scenarios),
            context.text(f"payer.{one.account}"),
        )
        for one in outlook.accounts
    )
    uncertain = any(each.extrapolation.uncertain for each in outlook.accounts)
    caption = context.text("economy.scenarios.caption")
    return Figure(
        id="scenarios",
        caption=f"{caption} {context.text('economy.curve.uncertain')}" if uncertain else caption,
        alt=" ".join(_alt(context, each) for each in leading_outlooks(outlook)),
        draw=ScenarioChart(groups, kroner_scale(context, outlook.conf_level)),
        columns=_columns(context, outlook)[:3],
        rows=tuple(Row(row.cells[:3], row.role) for row in _rows(context, outlook)),
        source=account_source(context),
        n_note=observed_note(context, account),
        note=context.text("economy.scenarios.note"),
    )


def _table(context: Context, account: CostBenefit, outlook: Outlook) -> Table:
    return Table(
        id="scenarios",
        caption=context.text("economy.scenarios.table_caption"),
        columns=_columns(context, outlook),
        rows=tuple(_rows(context, outlook)),
        source=account_source(context),
        n_note=observed_note(context, account),
        note=context.text("economy.scenarios.table_note", replicates=outlook.replicates),
    )


def _columns(context: Context, outlook: Outlook) -> tuple[Col, ...]:
    kroner, level = context.fmt.unit(Kind.KR), context.fmt.level(outlook.conf_level)
    return (
        Col("scenario", context.text("head.scenario")),
        Col("net", context.text("head.net_result"), Kind.KR, unit=kroner, signed=True),
        Col("interval", context.text("head.interval", level=level), Kind.CI, of=Kind.KR),
        Col("observed", context.text("head.of_which_observed"), Kind.KR, unit=kroner, signed=True),
        Col("extrapolated", context.text("head.of_which_extrapolated"), Kind.KR, unit=kroner, signed=True),
        Col("above_zero", context.text("head.above_zero"), Kind.RESAMPLES, unit=context.fmt.unit(Kind.RESAMPLES)),
    )


def _rows(context: Context, outlook: Outlook) -> Iterator[Row]:
    for one in outlook.accounts:
        yield Row((context.text(f"payer.{one.account}"),), RowRole.GROUP)
        yield from (_row(context, each) for each in one.scenarios)


def _row(context: Context, each: ScenarioResult) -> Row:
    share = ABSENT if each.share_above_zero is None else each.share_above_zero
    after = Measured(each.extrapolated, Kind.KR, signed=True) if each.scenario.months else ABSENT
    cells = (to_estimate(each.effect), to_interval(each.effect), each.observed, after, share)
    return Row((_name(context, each), *cells), RowRole.SUB)


def _name(context: Context, each: ScenarioResult) -> str:
    return context.text(f"scenario.{each.scenario.name.value}")


def _alt(context: Context, one: AccountOutlook) -> str:
    observed = one.scenarios[0]
    above = [each for each in one.scenarios if each.effect.estimate > 0]
    key = "all_gain" if len(above) == len(one.scenarios) else "some_gain" if above else "none_gains"
    return context.text(
        f"economy.scenarios.alt_{key}",
        payer=context.text(f"payer.{one.account}"),
        gaining=", ".join(_name(context, each) for each in above),
        **amount_facts(context, observed.effect),
    )


def _required(context: Context, one: AccountOutlook) -> str:
    """How long the effect of the last months would have to go on, beside how sure its very sign is."""
    found = one.extrapolation
    months = found.required_months
    key = "none" if months is None else "already" if months == 0 else "months"
    finding = find_effect(found.monthly_effect, BetterWhen.HIGHER).value
    payer = context.text(f"payer.{one.account}")
    facts = {"last": found.last_months, "decay": context.fmt.share(found.yearly_decay, 0)}
    told = [
        context.text(
            f"economy.persistence.monthly.{finding}",
            payer=payer,
            **facts,
            **amount_facts(context, found.monthly_effect),
        ),
        context.text(f"economy.persistence.{key}", months=0 if months is None else months, **facts),
    ]
    if found.break_even_decay is not None and months != 0:
        share = context.fmt.share(found.break_even_decay, 0)
        told.append(context.text("economy.persistence.decay", months=found.months, decay=share))
    return " ".join(told)
