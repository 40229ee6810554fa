"""What a plan says of a decision: stated ranges around what the headline reckons with, and for whom it is made."""

import tomllib

import pytest

from ctieval.domain.decision_plan import CaseloadPlan
from ctieval.domain.parameter import Distribution, Origin, Parameter
from ctieval.errors import ProtocolError
from ctieval.protocol.decision import read_caseload, read_parameters
from ctieval.protocol.lines import KeyLines
from ctieval.protocol.table_reader import TableReader

COST = 'key = "programme"\nbase = 1\nlow = 0.9\nhigh = 1.25\nsource = "The project\'s own reckoning"\n'
LOST = 'key = "displacement"\nbase = 0\nlow = 0\nhigh = 0.3\nsource = "An expert"\n'


def reader(text, name="economics"):
    return TableReader(tomllib.loads(text), file="trial.toml", name=name, lines=KeyLines({}))


def read(*texts):
    return read_parameters([reader(each, "economics.parameter") for each in texts])


def test_a_line_has_a_factor_and_displacement_a_share_whose_ends_are_its_own():
    cost, lost = read(COST, LOST)
    triangle = Distribution.TRIANGULAR
    assert cost == Parameter("programme", 1, 0.9, 1.25, triangle, "factor", 0.8, source="The project's own reckoning")
    assert lost == Parameter("displacement", 0, 0, 0.3, triangle, "share", 1.0, source="An expert")
    assert cost.origin is Origin.ASSUMED


def test_distribution_and_coverage_can_be_stated():
    (found,) = read(COST + 'distribution = "gamma"\ncoverage = 0.9\n')
    assert (found.distribution, found.coverage) == (Distribution.GAMMA, 0.9)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"programme"', '"weather"', "does not hold"),
        ("base = 1", "base = 1.1", "headline"),
        ("low = 0.9", "low = 1.1", "headline"),
        ("high = 1.25", "high = 0.95", "headline"),
        ("low = 0.9", "low = -1", "headline"),
        ("low = 0.9\nhigh = 1.25", "low = 1\nhigh = 1", "headline"),
        ("source =", "origin =", "source"),
        ("high = 1.25", "high = 1.25\nmiddle = 1", "middle"),
    ],
)
def test_a_range_that_does_not_fit_is_refused(old, new, message):
    with pytest.raises(ProtocolError, match=message):
        read(COST.replace(old, new))


def test_a_range_is_stated_once():
    with pytest.raises(ProtocolError, match="twice"):
        read(COST, COST)


def test_a_caseload_has_both_numbers_or_is_not_there():
    assert read_caseload(reader("persons_per_year = 240\nyears = 5")) == CaseloadPlan(240, 5)
    assert read_caseload(reader("")) is None
    with pytest.raises(ProtocolError, match="years"):
        read_caseload(reader("persons_per_year = 240"))
    with pytest.raises(ProtocolError, match="persons_per_year"):
        read_caseload(reader("persons_per_year = 0\nyears = 5"))
