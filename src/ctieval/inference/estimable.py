"""Whether outcomes and arms allow an estimate at all; each check raises one error that says what to do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.errors import EstimationError

MOST_NAMED = 5
"""More blocks than this are counted in a message and not named."""


def check_finite(values: FloatArray, what: str = "the outcome") -> None:
    """Refuse infinite values.

    Args:
        values: Numbers of any shape; NaN where not observed.
        what: What they are, for the message.

    Raises:
        EstimationError: If a value is infinite.
    """
    count = int(np.isinf(values).sum())
    if count:
        raise EstimationError(
            what=f"{what} holds an infinite value",
            where=what,
            found=f"{count} infinite {'value' if count == 1 else 'values'}",
            expected="finite numbers, or an empty cell for a person without a value",
            do="find out how they came about, and leave the cell empty if the value is not known",
        )


def check_both_arms(values: FloatArray, arm: IntArray, fewest: int = 2) -> None:
    """Refuse an outcome that is infinite, or that too few persons of an arm have.

    Args:
        values: Outcome, shape (n,); NaN where not observed.
        arm: 0 or 1, shape (n,).
        fewest: Persons needed in each arm.

    Raises:
        EstimationError: If a value is infinite.
        EstimationError: If fewer persons than needed have a value in an arm.
    """
    check_finite(values)
    known = ~np.isnan(values)
    drawn = np.count_nonzero(known & (arm == 1))
    n = np.array([np.count_nonzero(known) - drawn, drawn])
    if n.min() < fewest:
        raise EstimationError(
            what="the uncertainty of the effect cannot be estimated",
            where="the control" if n[0] < fewest else "the intervention",
            found=f"{int(n.min())} persons with a value",
            expected=f"at least {fewest} persons with a value in each arm",
            do="include more persons, or describe the arms without an effect",
        )


def check_yes_no(values: FloatArray) -> None:
    """Refuse an outcome that is not yes or no.

    Args:
        values: Outcome, shape (n,); NaN where not observed.

    Raises:
        EstimationError: If a value is neither 0 nor 1.
    """
    odd = int((~np.isnan(values) & (values != 0) & (values != 1)).sum())
    if odd:
        raise EstimationError(
            what="the outcome is not yes or no",
            where="the outcome",
            found=f"{odd} {'value' if odd == 1 else 'values'} other than 0 and 1",
            expected="0 for no, 1 for yes, or an empty cell for a person without a value",
            do="code the outcome as 0 and 1, or take a difference in means",
        )


def name_blocks(chosen: BoolArray, labels: tuple[str, ...]) -> str:
    """Name some blocks by their labels, or by their place where the design has no labels."""
    return f"block {list_blocks([labels[each] or f'number {each + 1}' for each in np.flatnonzero(chosen).tolist()])}"


def list_blocks(names: Sequence[str]) -> str:
    """List the first few names, and count the others."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{', '.join(names[:MOST_NAMED])}{more}"
