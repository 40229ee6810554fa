"""What a design does, as the key of one sentence and its facts."""

from __future__ import annotations

from typing import assert_never

from ctieval.domain.design import (
    BiasedCoin,
    Blocked,
    BlockedClustered,
    Capacity,
    Clustered,
    Complete,
    Design,
    Intake,
    Matched,
    Minimised,
    PermutedBlocks,
    Rerandomised,
    Simple,
    WaitingList,
)
from ctieval.domain.wording import Phrase


def describe_design(design: Design | Intake) -> Phrase:
    """Return the key of the sentence that says what a design does, and the facts that it needs.

    Args:
        design: The declared design.

    Returns:
        A key under ``draw`` in the text catalogues; blocks of a municipality have a sentence of their own.

    Examples:
        >>> describe_design(Blocked("municipality", (("153", 120),)))
        Phrase(key='draw.blocked.municipality', facts=())
        >>> describe_design(WaitingList(Complete(60), weeks=26))
        Phrase(key='draw.waiting_list', facts=(('weeks', 26),))
    """
    if isinstance(design, PermutedBlocks | BiasedCoin | Minimised):
        return _describe_intake(design)
    match design:
        case Simple() | Complete():
            phrase = Phrase(f"draw.{type(design).__name__.lower()}")
        case Blocked():
            phrase = _in_blocks("draw.blocked", design.block)
        case Clustered():
            phrase = Phrase("draw.clustered", (("cluster", design.cluster),))
        case BlockedClustered():
            phrase = Phrase("draw.blocked_clustered", (("block", design.block), ("cluster", design.cluster)))
        case Matched():
            phrase = Phrase("draw.matched", (("size", design.size), ("covariates", ", ".join(design.covariates))))
        case Capacity():
            phrase = _in_blocks("draw.capacity", design.block)
        case WaitingList():
            phrase = Phrase("draw.waiting_list", (("weeks", design.weeks),))
        case Rerandomised():
            percent, covariates = float(100 * design.acceptance), ", ".join(design.covariates)
            phrase = Phrase("draw.rerandomised", (("percent", percent), ("covariates", covariates)))
        case _:
            assert_never(design)
    return phrase


def _describe_intake(design: Intake) -> Phrase:
    match design:
        case PermutedBlocks():
            return _in_blocks("draw.permuted_blocks", design.stratum)
        case BiasedCoin():
            return _in_blocks("draw.biased_coin", design.stratum)
        case Minimised():
            return Phrase("draw.minimised", (("factors", ", ".join(design.factors)),))
        case _:
            assert_never(design)


def _in_blocks(key: str, column: str) -> Phrase:
    """Return the sentence of a municipality, of any other block, or of none."""
    if column in {"", "municipality"}:
        return Phrase(f"{key}.{column or 'pool'}")
    return Phrase(f"{key}.block", (("block", column),))
