from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from ctieval.domain.design import BiasedCoin, Blocked, Complete, Minimised, PermutedBlocks, Rerandomised
from ctieval.domain.trial import PlannedDraw, PlannedIntake, RegisterFolder
from ctieval.domain.wording import Label
from ctieval.errors import ProtocolError
from ctieval.protocol.lines import to_key_lines
from ctieval.protocol.sections import read_assignment
from ctieval.protocol.table_reader import TableReader

PLACES = {"record": "intake.jsonl", "key": "../noegle/intake.key", "opens_on": date(2026, 2, 2)}
ROWS = {"design": "permuted_blocks", "stratum": "municipality", **PLACES}
MARGINS = {"design": "minimisation", "factors": ["sex", "municipality"], "favour": 0.8, **PLACES}
DRAWN = {"drawn": 0.5, "seed": 1, "record": "allocation.json", "randomised_on": date(2026, 2, 2)}


def read(values):
    table = TableReader(values, file="trial.toml", name="assignment", lines=to_key_lines("[assignment]\n"))
    return read_assignment(table, Path("trial"), RegisterFolder(Path("data"), None, None, Label("r", "r")))


@pytest.mark.parametrize(
    ("values", "design"),
    [
        (ROWS, PermutedBlocks("municipality", (2, 3, 4))),
        ({**ROWS, "multiples": [2, 4], "ratio": [1, 2]}, PermutedBlocks("municipality", (2, 4), (1, 2))),
        ({"design": "permuted_blocks", **PLACES}, PermutedBlocks("", (2, 3, 4))),
        ({"design": "biased_coin", "favour": "2/3", **PLACES}, BiasedCoin("", Fraction(2, 3))),
        (MARGINS, Minimised(("sex", "municipality"), (Fraction(1), Fraction(1)), Fraction(4, 5))),
        (
            {**MARGINS, "weights": [1, 0.5], "ratio": [1, 2]},
            Minimised(("sex", "municipality"), (Fraction(1), Fraction(1, 2)), Fraction(4, 5), (1, 2)),
        ),
    ],
)
def test_an_intake_is_read(values, design):
    planned = read(values)
    assert planned == PlannedIntake(
        design, Path("trial/intake.jsonl"), Path("trial/../noegle/intake.key"), date(2026, 2, 2)
    )


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"design": "permutedblocks"}, "design"),
        ({"multiples": []}, "multiples"),
        ({"multiples": [1.5]}, "multiples"),
        ({"multiples": "1, 2"}, "multiples"),
        ({"ratio": [True, 1]}, "ratio"),
        ({"key": "intake.key"}, "key"),
        ({"key": "data/intake.key"}, "key"),
        ({"opens_on": "2026-02-02"}, "opens_on"),
        ({"seed": 7}, "seed"),
    ],
)
def test_what_is_wrong_is_told_by_its_key(change, key):
    with pytest.raises(ProtocolError) as refused:
        read({**ROWS, **change})
    assert refused.value.key == f"assignment.{key}"


@pytest.mark.parametrize("change", [{"favour": "much"}, {"favour": True}, {"favour": "1/0"}, {"favour": "1e9999999"}])
def test_a_favour_is_a_number(change):
    with pytest.raises(ProtocolError) as refused:
        read({**MARGINS, **change})
    assert refused.value.key == "assignment.favour"


def test_weights_are_numbers():
    with pytest.raises(ProtocolError) as refused:
        read({**MARGINS, "weights": [1, "heavy"]})
    assert refused.value.key == "assignment.weights"


def test_without_the_place_of_the_key_the_plan_says_what_is_missing():
    with pytest.raises(ProtocolError) as refused:
        read({key: value for key, value in ROWS.items() if key != "key"})
    assert refused.value.what == "the plan lacks a key"


def test_draws_are_repeated_where_the_plan_says_so():
    planned = read({**DRAWN, "rerandomised": {"covariates": ["age_years"], "acceptance": 0.01}})
    assert isinstance(planned, PlannedDraw)
    assert planned.design == Rerandomised(Complete(Fraction(1, 2)), ("age_years",), Fraction(1, 100))
    blocked = read({**DRAWN, "block": "town", "rerandomised": {"covariates": ["age"], "acceptance": "1/20"}})
    assert blocked.design == Rerandomised(Blocked("town", (("", Fraction(1, 2)),)), ("age",), Fraction(1, 20))


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"rerandomised": {"covariates": ["age"]}}, "assignment.rerandomised.acceptance"),
        ({"rerandomised": {"covariates": [], "acceptance": 0.1}}, "assignment.rerandomised.covariates"),
        ({"rerandomised": {"covariates": ["age"], "acceptance": 0.1, "tries": 3}}, "assignment.rerandomised.tries"),
        ({"rerandomised": True}, "assignment.rerandomised"),
        ({"design": "simple", "rerandomised": {"covariates": ["age"], "acceptance": 0.1}}, "assignment.rerandomised"),
    ],
)
def test_a_repetition_that_makes_no_sense_is_told_by_its_key(change, key):
    with pytest.raises(ProtocolError) as refused:
        read({**DRAWN, **change})
    assert refused.value.key == key
