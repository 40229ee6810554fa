"""Results as flat rows for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from ctieval.cli.console import Row
from ctieval.designs.matching import forms_blocks
from ctieval.domain.allocation import Allocation
from ctieval.domain.balance_table import BalanceTable, Beyond
from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.description import ArmLevel, BaselineRow, OutcomeLevel
from ctieval.domain.effect_table import EffectTable
from ctieval.domain.eligible_days import EligibleDays
from ctieval.domain.flow import ParticipantFlow, ScreeningFlow
from ctieval.domain.instrument_table import InstrumentTable
from ctieval.domain.sensitivity import TargetSensitivity, Varied
from ctieval.domain.wording import Language, Phrase
from ctieval.report.catalogue import load_catalogue
from ctieval.report.chapters.appendix.sensitivity import name_alternative


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


def drawn_rows(allocation: Allocation) -> Sequence[Row]:
    """One row a block with the number drawn into each arm; one for everybody where the design formed the blocks."""
    formed = forms_blocks(allocation.design)
    block = np.zeros_like(allocation.block) if formed else allocation.block
    labels = ("",) if formed else allocation.block_labels
    arms = ("control", "intervention", *allocation.arms.others)
    return [
        {"block": label, **{arm: int(((block == b) & (allocation.arm == a)).sum()) for a, arm in enumerate(arms)}}
        for b, label in enumerate(labels)
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


def instrument_rows(table: InstrumentTable | None) -> Sequence[Row]:
    """One row an instrument, wave and arm: who answered, how scores lie, and how reliable they are."""
    return [
        {
            "instrument": row.instrument,
            "wave": row.wave,
            "arm": ("control", "intervention")[row.arm],
            "n": row.level.n,
            "unscored": row.unscored,
            "mean": row.level.mean,
            "std": row.level.std,
            "floor": row.floor,
            "ceiling": row.ceiling,
            "n_complete": row.reliability.n,
            "alpha": row.reliability.alpha,
            "alpha_low": row.reliability.alpha_low,
            "alpha_high": row.reliability.alpha_high,
            "omega": row.reliability.omega,
        }
        for row in (() if table is None else table.waves)
    ]


def band_rows(table: InstrumentTable | None) -> Sequence[Row]:
    """One row an instrument, wave, arm and band of scores."""
    return [
        {
            "instrument": row.instrument,
            "wave": row.wave,
            "arm": ("control", "intervention")[row.arm],
            "band": band.name,
            "low": band.low,
            "high": band.high,
            "n": n,
        }
        for row in (() if table is None else table.waves)
        for band, n in zip(() if table is None else table.instrument(row.instrument).bands, row.bands, strict=True)
    ]


def balance_rows(table: BalanceTable | None) -> Sequence[Row]:
    """One row a characteristic or category of one, and intervention: how far apart the arms are, and by chance."""
    return [
        {
            "name": row.name,
            "level": row.level,
            "arm": row.arm,
            "difference": row.difference,
            "std_error": row.std_error,
            "p_value": row.p_value,
            "std_difference": row.std_difference,
            "advice": "" if row.advice is None else row.advice.value,
            "usual": row.usual,
            **{f"chance_{beyond.value}": chance for beyond, chance in zip(Beyond, row.chances, strict=True)},
        }
        for row in (() if table is None else table.rows)
    ]


def draw_check_rows(table: BalanceTable | None) -> Sequence[Row]:
    """One row: the test of all characteristics together, and how many stand out, beside how many chance gives."""
    if table is None:
        return []
    counts = {
        f"{which}_{each.beyond.value}": number
        for each in table.tallies
        for which, number in (("observed", each.observed), ("expected", each.expected))
    }
    law = {"law": table.law.value, "assignments": table.assignments, "seed": table.seed}
    return [{**law, **asdict(table.omnibus), **counts}]


def ratio_rows(table: BalanceTable | None) -> Sequence[Row]:
    """One row a block and arm: how many were drawn, and how many the design lets expect."""
    if table is None:
        return []
    return [
        {
            "block": block.block,
            "arm": arm,
            "drawn": drawn,
            "expected": expected,
            "p_value": block.p_value,
            "p_holm": block.p_holm,
            "basis": table.ratio.basis.value,
        }
        for block in table.ratio.blocks
        for arm, (drawn, expected) in enumerate(zip(block.drawn, block.expected, strict=True))
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


def alternative_rows(table: TargetSensitivity, lang: Language) -> Sequence[Row]:
    """One row an alternative, worded as in the report; the planned thresholds stand among them."""
    words = load_catalogue(lang)
    groups = {each: words.text(f"appendix.sensitivity.group.{each.value}") for each in Varied}
    return [
        {
            "varied": row.varied.value,
            "wording": f"{groups[row.varied]}: {name_alternative(words, row, planned=table.planned)}",
            **asdict(row.thresholds),
            "planned": "yes" if row.thresholds == table.planned else "no",
            "eligible": row.eligible,
            "gained": row.gained,
            "lost": row.lost,
            "not_assessable": row.not_assessable,
            "drawn_eligible": row.drawn_eligible,
        }
        for row in (*table.one_way, *table.grid)
    ]


def day_rows(found: EligibleDays) -> Sequence[Row]:
    """One row a day of looking up."""
    counts = (found.eligible.sum(axis=0), found.entering, found.not_assessable.sum(axis=0))
    return [
        {"as_of": day.isoformat(), "eligible": eligible, "entering": entering, "not_assessable": unknown}
        for day, eligible, entering, unknown in zip(
            found.days.tolist(), *(each.tolist() for each in counts), strict=True
        )
    ]


def ledger_rows(economics: CostBenefit | None) -> Sequence[Row]:
    """One row a line or result of an account in kroner per person drawn, then the results per participant."""
    if economics is None:
        return []
    per_participant = () if economics.per_participant is None else economics.per_participant.results
    named = [(each, each.line.value) for each in economics.lines]
    named += [(each, "net_result") for each in (*economics.results, *per_participant)]
    return [
        {"account": each.account.value, "view": each.view.value, "line": line, **asdict(each.effect)}
        for each, line in named
    ]


def _level(level: ArmLevel) -> Row:
    return {"n": level.n, "mean": level.mean, "std": level.std, "events": level.events}
