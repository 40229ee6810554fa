"""Contradictions between the design of a planned draw and the rest of the plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from ctieval.domain.design import (
    Blocked,
    BlockedClustered,
    Capacity,
    Clustered,
    Complete,
    Design,
    Drawn,
    Matched,
    Rerandomised,
    Simple,
    WaitingList,
)
from ctieval.domain.outcome import StateOutcome
from ctieval.domain.trial import Trial
from ctieval.protocol.table_reader import TableReader


def check_design(trial: Trial, design: Design, top: TableReader) -> None:
    """Refuse a design that contradicts the arms, or what is measured.

    Raises:
        ProtocolError: If there are more or fewer quotas than interventions.
        ProtocolError: If an outcome or the account reaches beyond the time that those on a waiting list wait.
    """
    interventions = len(trial.arms.labels) - 1
    for drawn in _quotas(design):
        if (found := len(drawn) if isinstance(drawn, tuple) else 1) != interventions:
            raise top.error(
                "assignment.places" if _is_capacity(design) else "assignment.drawn",
                what="the quotas do not fit the arms",
                found=f"{found} {'quota' if found == 1 else 'quotas'} for {interventions} "
                f"{'intervention' if interventions == 1 else 'interventions'}",
                expected="one quota for each intervention, in the order of the arms; the control takes everybody else",
                do="write such as drawn = [0.3, 0.3] for two interventions, or name as many interventions as quotas",
            )
    if isinstance(design, WaitingList):
        _check_waiting(trial, design.weeks, top)


def _quotas(design: Design) -> Iterator[Drawn]:
    """Iterate over what is drawn: of each block, or of everybody."""
    match design:
        case WaitingList() | Rerandomised():
            yield from _quotas(design.draw)
        case Simple():
            yield design.share
        case Capacity():
            yield from (places for _, places in design.places)
        case Blocked() | BlockedClustered():
            yield from (drawn for _, drawn in design.drawn)
        case Complete() | Clustered() | Matched():
            yield design.drawn
        case _:
            assert_never(design)


def _is_capacity(design: Design) -> bool:
    return isinstance(design.draw if isinstance(design, WaitingList) else design, Capacity)


def _check_waiting(trial: Trial, weeks: int, top: TableReader) -> None:
    """Refuse what would be measured after those who waited have been offered the intervention too."""
    for number, outcome in enumerate(trial.outcomes, start=1):
        if isinstance(outcome, StateOutcome) and outcome.window.end > weeks:
            raise top.error(
                f"outcome[{number}].window_weeks",
                what="an outcome reaches beyond the waiting time, after which there is no control",
                found=f"{outcome.name}: weeks to {outcome.window.end}; those who wait are offered it after {weeks}",
                expected=f"a window that ends in week {weeks} or before",
                do="shorten the window, or take the outcome out; no later effect can be estimated",
            )
    if trial.economics and trial.economics.horizon_weeks > weeks:
        raise top.error(
            "economics.horizon_weeks",
            what="the account reaches beyond the waiting time, after which there is no control",
            found=f"{trial.economics.horizon_weeks} weeks; those who wait are offered it after {weeks}",
            expected=f"at most {weeks} weeks",
            do="shorten the horizon",
        )
