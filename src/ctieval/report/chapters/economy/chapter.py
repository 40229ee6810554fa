"""Chapter 5: what the intervention cost, what each payer is left with, when it comes back, and on what that hangs."""

from __future__ import annotations

from ctieval.report.chapters.context import Context
from ctieval.report.chapters.economy.costs import build_costs
from ctieval.report.chapters.economy.net import build_net
from ctieval.report.chapters.economy.over_time import build_over_time
from ctieval.report.chapters.economy.scenarios import build_scenarios
from ctieval.report.model import Section


def build_economy(context: Context) -> Section:
    """Build chapter 5; what follows from a net result is there wherever that is."""
    account = context.evaluation.economics
    sections = [build_costs, build_net]
    if account is not None and account.results:
        sections += [build_over_time, build_scenarios]
    return Section("economy", context.text("economy.title"), sections=tuple(build(context) for build in sections))
