"""The table ``[assignment]`` of a trial whose persons are drawn one at a time, as they are referred."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import assert_never

from ctieval.domain.design import BiasedCoin, Intake, Minimised, PermutedBlocks
from ctieval.domain.trial import PlannedIntake
from ctieval.protocol.table_reader import TableReader

USUAL_MULTIPLES = (2, 3, 4)
EQUAL = (1, 1)


class IntakeKind(StrEnum):
    """How persons who come one at a time are drawn."""

    PERMUTED_BLOCKS = "permuted_blocks"
    BIASED_COIN = "biased_coin"
    MINIMISATION = "minimisation"


def declares_intake(table: TableReader) -> bool:
    """True where the table declares a draw of persons one at a time."""
    named = table.has("design") and table.cell_value("design") in set(IntakeKind)
    return named or table.has("key") or table.has("opens_on")


def read_intake_plan(table: TableReader, folder: Path) -> PlannedIntake:
    """Read an intake.

    Args:
        table: The table ``[assignment]``.
        folder: The folder of the plan.

    Returns:
        The intake.

    Raises:
        ProtocolError: If a key is missing, unknown or of the wrong kind, or if the secret would lie with the plan.
    """
    plan = PlannedIntake(
        design=_read_design(table),
        record=folder / table.text("record"),
        key=_read_key(table, folder),
        opens_on=table.day("opens_on"),
    )
    table.finish()
    return plan


def _read_design(table: TableReader) -> Intake:
    match kind := table.choice("design", IntakeKind):
        case IntakeKind.PERMUTED_BLOCKS:
            multiples = table.integers("multiples", USUAL_MULTIPLES)
            return PermutedBlocks(_stratum(table), multiples, table.integers("ratio", EQUAL))
        case IntakeKind.BIASED_COIN:
            return BiasedCoin(_stratum(table), table.share("favour"))
        case IntakeKind.MINIMISATION:
            factors = table.texts("factors", ())
            weights = table.shares("weights", (Fraction(1),) * len(factors))
            return Minimised(factors, weights, table.share("favour"), table.integers("ratio", EQUAL))
        case _:
            assert_never(kind)


def _stratum(table: TableReader) -> str:
    return table.optional_text("stratum") or ""


def _read_key(table: TableReader, folder: Path) -> Path:
    """Read where the secret lies: nowhere in the folder that people share."""
    path = folder / table.text("key")
    if path.resolve().is_relative_to(folder.resolve()):
        raise table.error(
            "key",
            what="the key of the intake would lie with the plan and the record",
            found="a file in the folder of the plan, or below it",
            expected='a folder of its own, which those who refer persons cannot open, such as "../noegle/intake.key"',
            do="name such a folder under key",
        )
    return path
