"""The net benefit as a sum of products, a straight line in every factor; who declares it lives elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ctieval.domain.arrays import FloatArray
from ctieval.errors import InputError


@dataclass(frozen=True, slots=True)
class Term:
    """A product of quantities and parameters.

    Attributes:
        factors: Their names, each at most once.
        coefficient: What the product is multiplied by, such as -1 for a cost.
    """

    factors: tuple[str, ...]
    coefficient: float = 1.0


Formula: TypeAlias = tuple[Term, ...]
Values: TypeAlias = Mapping[str, FloatArray | float]


def evaluate_formula(formula: Formula, values: Values) -> FloatArray:
    r"""Work out :math:`\sum_j a_j \prod_{f \in j} x_f`, which is a straight line in every single factor.

    Args:
        formula: The terms.
        values: Value of each factor, all of shapes that fit one another.

    Returns:
        The sum, in their common shape.

    Raises:
        InputError: If a term names a factor twice, or one that has no value.

    Examples:
        >>> net = (Term(("weeks", "rate")), Term(("programme",), -1))
        >>> evaluate_formula(net, {"weeks": np.array([3.0, 6.0]), "rate": 2000.0, "programme": 10_000.0})
        array([-4000.,  2000.])
    """
    for term in formula:
        _check_term(term, values)
    products = [term.coefficient * _product(term, values) for term in formula]
    return np.asarray(sum(products, np.zeros(())), dtype=np.float64)


def line_in(formula: Formula, values: Values, key: str) -> tuple[float, float]:
    """Read the formula as a straight line in one factor, the others being single numbers.

    Args:
        formula: The terms.
        values: Value of each factor; that of ``key`` is not used.
        key: The factor.

    Returns:
        Where the line begins, and its slope.

    Raises:
        InputError: If a term names a factor twice, or one that has no value.

    Examples:
        >>> net = (Term(("weeks", "rate")), Term(("programme",), -1))
        >>> line_in(net, {"weeks": 3.0, "rate": 2000.0, "programme": 10_000.0}, "weeks")
        (-10000.0, 2000.0)
    """
    start = evaluate_formula(tuple(term for term in formula if key not in term.factors), values)
    slope = evaluate_formula(tuple(term for term in formula if key in term.factors), {**values, key: 1.0})
    return float(start), float(slope)


def _product(term: Term, values: Values) -> FloatArray:
    product = np.ones(())
    for factor in term.factors:
        product = product * values[factor]
    return product


def _check_term(term: Term, values: Values) -> None:
    unknown = [factor for factor in term.factors if factor not in values]
    twice = len(set(term.factors)) < len(term.factors)
    if unknown or twice:
        raise InputError(
            what="a term of the formula of the net benefit cannot be worked out",
            where=" x ".join(term.factors),
            found=f"no value of {', '.join(unknown)}" if unknown else "a factor named twice",
            expected="factors that are drawn or declared, each once",
            do="declare the parameter, or mend the term",
        )
