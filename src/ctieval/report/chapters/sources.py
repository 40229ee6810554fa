"""Source lines and numbers of persons, which every table and figure must carry."""

from __future__ import annotations

from ctieval.domain.trial import RegisterFolder
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.values import to_count

_SIMULATED = "simul"
"""Stem of the word in both languages; a source that already says it need not say it twice."""


def data_source(context: Context) -> str:
    """Return the source of what was reckoned from the data of the trial."""
    data = context.evaluation.trial.data
    source = context.label(data.source)
    simulated = isinstance(data, RegisterFolder) and data.simulated and _SIMULATED not in source.lower()
    told = context.text("source.simulated" if simulated else "source.own", source=source)
    return told if context.evaluation.part is None else context.text("municipality.source", source=told)


def account_source(context: Context) -> str:
    """Return the source of the account: the data, and the rates where any went in."""
    account = context.evaluation.economics
    if account is None or not account.rates:
        return data_source(context)
    key = "source.with_simulated_rates" if any(use.source.simulated for use in account.rates) else "source.with_rates"
    return context.text(key, source=data_source(context))


def plan_source(context: Context) -> str:
    """Return the source of what the plan of the trial fixes."""
    return context.text("source.plan")


def drawn_note(context: Context) -> str:
    """Return how many were drawn into each arm."""
    control, treated = (context.fmt.count(to_count(n)) for n in context.evaluation.flow.allocated)
    return context.text("persons.drawn", treated=treated, control=control)
