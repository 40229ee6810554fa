"""Results as flat rows for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from ctieval.cli.console import Row
from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.description import ArmLevel, BaselineRow, OutcomeLevel
from ctieval.domain.effect_table import EffectTable
from ctieval.domain.flow import ParticipantFlow, ScreeningFlow
from ctieval.domain.wording import Language, Phrase
from ctieval.report.catalogue import load_catalogue


def effect_rows(effects: EffectTable) -> Sequence[Row]:
    """One row an effect, with exactly the columns of the result protocol."""
    return [asdict(row) for row in effects.rows]


def level_rows(levels: Sequence[OutcomeLevel]) -> Sequence[Row]:
    """One row an outcome and arm."""
    return [
        {"outcome": level.outcome, "arm": arm, **_level(each)}
        for level in levels
        for arm, each in (("control", level.control), ("intervention", level.intervention))
        if each is not None
    ]


def baseline_rows(baseline: Sequence[BaselineRow]) -> Sequence[Row]:
    """One row a characteristic, or category of one."""
    return [
        {
            "name": row.name,
            "level": row.level,
            "unit": row.unit,
            **{f"control_{key}": value for key, value in _level(row.control).items()},
            **{f"intervention_{key}": value for key, value in _level(row.intervention).items()},
            "std_difference": row.std_difference,
        }
        for row in baseline
    ]


def follow_up_rows(flow: ParticipantFlow) -> Sequence[Row]:
    """One row an outcome, arm and status."""
    return [
        {"outcome": each.outcome, "arm": ("control", "intervention")[each.arm], "status": status, "n": n}
        for each in flow.follow_up
        for status, n in (("observed", each.observed), *((loss.reason, loss.n) for loss in each.lost))
    ]


def screening_rows(screening: ScreeningFlow, lang: Language) -> Sequence[Row]:
    """One row a reason, worded as in the report, between everybody screened and the eligible."""
    words = load_catalogue(lang)

    def total(reason: str, n: int | None) -> Row:
        wording = words.text(f"appendix.flow.{reason}")
        return {"reason": reason, "wording": wording, "first": n, "any": None, "only": None}

    return [
        total("screened", screening.screened),
        *(
            {
                "reason": each.reason.key,
                "wording": words.phrase(Phrase(f"excluded.{each.reason.key}", each.reason.facts)),
                "first": each.first,
                "any": each.any,
                "only": each.only,
            }
            for each in screening.exclusions
        ),
        total("eligible", screening.eligible),
    ]


def ledger_rows(economics: CostBenefit | None) -> Sequence[Row]:
    """One row a line of an account, in kroner per person drawn."""
    if economics is None:
        return []
    return [
        {"account": line.account.value, "view": line.view.value, "line": line.line.value, **asdict(line.effect)}
        for line in economics.lines
    ]


def _level(level: ArmLevel) -> Row:
    return {"n": level.n, "mean": level.mean, "std": level.std, "events": level.events}
