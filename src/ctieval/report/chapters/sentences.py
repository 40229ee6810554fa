"""Sentences about effects: the finding picks the text, the effect gives the numbers."""

from __future__ import annotations

from collections.abc import Iterable

from ctieval.domain.effect_table import Effect
from ctieval.report.cells import ABSENT, Measured
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.values import effect_text, interval_text
from ctieval.report.findings import Finding
from ctieval.report.fmt import effect_kind

LISTED = (Finding.POSITIVE, Finding.NEGATIVE, Finding.PRECISELY_SMALL, Finding.INCONCLUSIVE, Finding.WITHOUT_INTERVAL)
"""Findings in the order in which a summary lists them; a hidden effect is named last of all."""


def finding_sentence(context: Context, effect: Effect) -> str:
    """Say what one effect shows, with its interval, after the name of its outcome."""
    sentence = context.text(f"finding.{context.finding(effect).value}", **_facts(context, effect))
    return context.text("finding.named", label=context.effect_label(effect), sentence=sentence)


def headline(context: Context, effect: Effect) -> str:
    """Say what the effect on a primary outcome shows: the conclusion in bold, then the numbers."""
    return context.text(f"headline.{context.finding(effect).value}", **_facts(context, effect))


def finding_list(context: Context, effects: Iterable[Effect]) -> tuple[str, ...]:
    """Say what several effects show, one point a finding."""
    found = [(context.finding(effect), effect) for effect in effects]
    points: list[str] = []
    for finding in (*LISTED, Finding.HIDDEN):
        items = [_item(context, effect, finding) for each, effect in found if each is finding]
        if items:
            points.append(context.text(f"summary.list.{finding.value}", items="; ".join(items)))
    return tuple(points)


def _item(context: Context, effect: Effect, finding: Finding) -> str:
    if finding is Finding.HIDDEN:
        return context.effect_label(effect)
    key = "summary.item_without_interval" if finding is Finding.WITHOUT_INTERVAL else "summary.item"
    return context.text(key, **_facts(context, effect))


def _facts(context: Context, effect: Effect) -> dict[str, str]:
    decimals = context.decimals(effect.outcome)
    return {
        "label": context.effect_label(effect),
        "effect": effect_text(effect, context.fmt, decimals),
        "interval": interval_text(effect, context.fmt, decimals),
        "level": context.fmt.level(effect.conf_level),
        "smallest": _smallest(context, effect, decimals),
    }


def _smallest(context: Context, effect: Effect, decimals: int | None) -> str:
    """The smallest effect that matters, as the plan declares it."""
    smallest = context.outcome(effect.outcome).smallest_relevant
    if smallest is None:
        return ABSENT.value
    return context.fmt.quantity(Measured(smallest, effect_kind(effect.unit), decimals))
