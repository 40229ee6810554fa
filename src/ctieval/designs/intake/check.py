"""Refusal of intakes that cannot be conducted as declared."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from ctieval.designs.intake.tally import ratio
from ctieval.domain.design import BiasedCoin, Intake, Minimised, PermutedBlocks
from ctieval.errors import DesignError


def check_intake(design: Intake, arms: int) -> None:
    """Refuse an intake that cannot be conducted as declared.

    Args:
        design: The declared design.
        arms: Number of arms of the trial.

    Raises:
        DesignError: If the ratio has not one whole number of 1 or more for each arm.
        DesignError: If permuted blocks have no multiple, or one below 1.
        DesignError: If a favour is above 1, or would favour the arm that has more.
        DesignError: If minimisation has no factor, a factor twice, or not one positive weight for each.

    Examples:
        >>> check_intake(PermutedBlocks("municipality", multiples=(1, 2, 3)), arms=2)
    """
    wanted = ratio(design)
    if len(wanted) != arms or min(wanted) < 1:
        raise _refusal(
            "ratio", found=f"the ratio {_to_text(wanted)} for {arms} arms", expected="a whole number above 0 for each"
        )
    match design:
        case PermutedBlocks():
            _check_multiples(design)
        case BiasedCoin():
            _check_favour(design.favour, least=Fraction(1, 2))
        case Minimised():
            _check_favour(design.favour, least=Fraction(min(wanted), sum(wanted)))
            _check_factors(design)
        case _:
            assert_never(design)


def _check_multiples(design: PermutedBlocks) -> None:
    if not design.multiples or min(design.multiples) < 1:
        found = f"the multiples {_to_text(design.multiples)}" if design.multiples else "no multiple"
        raise _refusal("multiples", found=found, expected="whole numbers above 0, such as 1, 2 and 3")


def _check_favour(favour: Fraction, *, least: Fraction) -> None:
    if not least <= favour <= 1:
        raise _refusal(
            "favour", found=f"the favour {favour}", expected=f"a probability from {least}, which is no favour, to 1"
        )


def _check_factors(design: Minimised) -> None:
    if not design.factors or len(set(design.factors)) < len(design.factors):
        found = "a factor twice" if design.factors else "no factor"
        raise _refusal("factors", found=found, expected="one or more columns, each once")
    if len(design.weights) != len(design.factors) or min(design.weights) <= 0:
        found = f"the weights {_to_text(design.weights)} for {len(design.factors)} factors"
        raise _refusal("weights", found=found, expected="a weight above 0 for each factor")


def _to_text(numbers: tuple[int, ...] | tuple[Fraction, ...]) -> str:
    return ", ".join(map(str, numbers))


def _refusal(key: str, *, found: str, expected: str) -> DesignError:
    return DesignError(
        what="the intake cannot be conducted",
        where=f"the {key} of the design",
        found=found,
        expected=expected,
        do=f"correct {key} in the plan",
    )
