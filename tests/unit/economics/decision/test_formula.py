"""Sums of products, straight in every factor."""

import numpy as np
import pytest

from ctieval.economics.decision.formula import Term, evaluate_formula, line_in
from ctieval.errors import InputError

NET = (Term(("weeks", "share", "rate")), Term(("cost",), -1), Term((), 50))
VALUES = {"weeks": 8.0, "share": 0.8, "rate": 2700.0, "cost": 15_000.0}


def test_numbers_and_arrays():
    assert evaluate_formula(NET, VALUES) == pytest.approx(2330)
    assert evaluate_formula(NET, {**VALUES, "weeks": np.array([0.0, 8.0])}) == pytest.approx([-14_950, 2330])
    table = evaluate_formula(NET, {**VALUES, "weeks": np.ones((3, 1)), "rate": np.ones((1, 2))})
    assert table.shape == (3, 2)


def test_nothing_is_nil():
    assert evaluate_formula((), {}) == 0


@pytest.mark.parametrize("key", list(VALUES))
def test_a_line_in_every_factor(key):
    start, slope = line_in(NET, VALUES, key)
    for value in (-3.0, 0.0, 17.0):
        assert start + slope * value == pytest.approx(float(evaluate_formula(NET, {**VALUES, key: value})))


@pytest.mark.parametrize(
    ("term", "found"),
    [(Term(("weeks", "weeks")), "a factor named twice"), (Term(("weeks", "tax")), "no value of tax")],
)
def test_terms_that_cannot_be_worked_out(term, found):
    with pytest.raises(InputError) as caught:
        evaluate_formula((term,), VALUES)
    assert caught.value.found == found
