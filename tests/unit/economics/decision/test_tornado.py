"""Bars by swing, and the value at which the sign turns."""

import pytest

from ctieval.domain.parameter import Distribution, Origin, Parameter
from ctieval.economics.decision.formula import Term
from ctieval.economics.decision.tornado import build_tornado

NET = (Term(("weeks", "rate")), Term(("cost",), -1))


def bars(*parameters):
    return {bar.key: bar for bar in build_tornado(NET, {"weeks": 5.0, "rate": 2.0, "cost": 4.0}, parameters)}


def test_a_bar_carries_its_range_and_origin():
    bar = bars(Parameter("rate", 2, 1, 4, Distribution.GAMMA, unit="DKK/week", origin=Origin.MEASURED))["rate"]
    assert (bar.unit, bar.origin, bar.base, bar.low, bar.high) == ("DKK/week", Origin.MEASURED, 2, 1, 4)
    assert (bar.net_at_low, bar.net_at_high, bar.swing, bar.switching_value) == (1, 16, 15, 0.8)


def test_a_parameter_overrules_what_was_measured():
    assert bars(Parameter("rate", 2, 1, 4, Distribution.GAMMA), Parameter("cost", 6, 5, 7, Distribution.GAMMA))[
        "rate"
    ].switching_value == pytest.approx(1.2)


def test_a_parameter_that_nothing_hangs_on_has_no_switching_value():
    bar = bars(Parameter("tax", 2, 1, 4, Distribution.GAMMA))["tax"]
    assert (bar.net_at_low, bar.net_at_high, bar.swing, bar.switching_value) == (6, 6, 0, None)


def test_of_equal_swings_the_first_declared_comes_first():
    equal = [Parameter(key, 2, 1, 3, Distribution.NORMAL) for key in ("b", "a")]
    net = (Term(("a",)), Term(("b",)))
    assert [bar.key for bar in build_tornado(net, {}, equal)] == ["b", "a"]
