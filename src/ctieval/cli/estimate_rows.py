"""The other estimates of an effect, and what each is an effect of, as flat rows for the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from ctieval.cli.console import Row
from ctieval.domain.adjusted_effect import AdjustedEffect
from ctieval.domain.compliance_table import ComplianceTable
from ctieval.domain.estimand_card import EstimandCard
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.risk_table import RiskRow


def estimate_tables(evaluation: Evaluation) -> Mapping[str, Sequence[Row]]:
    """Return the tables by name: adjusted, risks, take_up, compliers and estimands."""
    return {
        "adjusted": [row for each in evaluation.adjusted for row in _adjusted_rows(each)],
        "risks": [_risk_row(each) for each in evaluation.risks],
        "take_up": _take_up_rows(evaluation.compliance),
        "compliers": _complier_rows(evaluation.compliance),
        "estimands": [row for each in evaluation.estimands for row in _card_rows(each)],
    }


def _adjusted_rows(both: AdjustedEffect) -> Sequence[Row]:
    """Two rows an effect, with exactly the columns of the result protocol."""
    return [asdict(both.unadjusted), asdict(both.adjusted)]


def _risk_row(row: RiskRow) -> Row:
    scales = {"difference": row.difference, "ratio": row.ratio}
    return {
        "outcome": row.outcome,
        **{
            f"{scale}{end}": number
            for scale, found in scales.items()
            for end, number in (("", found.estimate), ("_low", found.low), ("_high", found.high))
        },
        "conf_level": row.conf_level,
        "method": row.method.value,
    }


def _take_up_rows(table: ComplianceTable | None) -> Sequence[Row]:
    """One row a step; the take-up of a control of which nothing is known is left empty."""
    return [
        {
            "step": row.step.value,
            "contacts": row.contacts,
            "control": row.control if table is not None and table.in_control_known else None,
            "intervention": row.intervention,
            "counts": "yes" if row.is_taking_part else "no",
        }
        for row in (() if table is None else table.steps)
    ]


def _complier_rows(table: ComplianceTable | None) -> Sequence[Row]:
    """The effect on compliers and its region, with exactly the columns of the result protocol."""
    rows = () if table is None else table.rows
    return [asdict(effect) for row in rows for effect in (row.effect, *row.regions)]


def _card_rows(card: EstimandCard) -> Sequence[Row]:
    """One row an event that may come between the draw and the outcome."""
    return [
        {
            "outcome": card.outcome,
            "role": card.role.value,
            "summary": card.summary.value,
            "estimands": " ".join(card.estimands),
            "event": each.event.value,
            "strategy": each.strategy.value,
        }
        for each in card.events
    ]
