from datetime import date

import pandas as pd
import pytest

from ctieval.assignment.labels import to_text


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([0, 1], ["0", "1"]),
        ([0.0, 1.0, None], ["0", "1", ""]),
        ([1.5, -2.0], ["1.5", "-2"]),
        (["a", None, "Brøndby"], ["a", "", "Brøndby"]),
        (pd.array([1, None, 3], dtype="Int64"), ["1", "", "3"]),
        (pd.Categorical(["x", "y", "x"]), ["x", "y", "x"]),
        ([True, False], ["true", "false"]),
        ([date(2018, 2, 1)], ["2018-02-01"]),
        ([float("inf")], ["inf"]),
    ],
)
def test_values_become_text(values, text):
    assert to_text(pd.Series(values)).tolist() == text
