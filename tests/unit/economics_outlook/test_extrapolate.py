import math

import numpy as np
import pytest

from ctieval.economics.outlook.extrapolate import (
    Beyond,
    break_even_decay,
    carry_on,
    discount_beyond,
    required_months,
)
from ctieval.rates.rate import Step


def month_by_month(beyond, months, yearly_decay):
    return sum(beyond.first * (beyond.ratio * (1 - yearly_decay) ** (1 / 12)) ** j for j in range(months))


@pytest.mark.parametrize("rate", [0.0, 0.035])
@pytest.mark.parametrize("yearly_decay", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("months", [0, 1, 7, 24])
def test_the_closed_form_is_the_sum_of_its_months(rate, yearly_decay, months):
    beyond = discount_beyond((Step(0, rate),), 12)
    found = carry_on(beyond, months=months, yearly_decay=yearly_decay)
    assert found == pytest.approx(month_by_month(beyond, months, yearly_decay))


def test_for_ever_is_infinite_only_without_decay_and_discount():
    assert math.isinf(carry_on(Beyond(1.0, 1.0), months=math.inf, yearly_decay=0))
    assert carry_on(Beyond(1.0, 1.0), months=math.inf, yearly_decay=0.5) == pytest.approx(1 / (1 - 0.5 ** (1 / 12)))


def test_the_rate_in_force_at_the_horizon_is_kept():
    steps = (Step(0, 0.035), Step(2, 0.01))
    assert discount_beyond(steps, 12).ratio == pytest.approx(1.035 ** (-1 / 12))
    later = discount_beyond(steps, 24)
    assert later.ratio == pytest.approx(1.01 ** (-1 / 12))
    assert later.first == pytest.approx(1.035**-2 * 1.01 ** (-0.5 / 12))


@pytest.mark.parametrize("yearly_decay", [0.0, 0.3, 0.9, 1.0])
@pytest.mark.parametrize("ratio", [1.0, 0.997])
def test_the_required_months_are_the_fewest_that_pay_back(yearly_decay, ratio):
    beyond = Beyond(0.95, ratio)
    monthly = 100.0
    for observed in (-1.0, -95.0, -96.0, -500.0, -3000.0):
        found = float(required_months(np.array(observed), np.array(monthly), beyond, yearly_decay=yearly_decay))
        enough = [k for k in range(1, 200) if observed + monthly * month_by_month(beyond, k, yearly_decay) >= -1e-7]
        assert found == (enough[0] if enough else math.inf)


def test_what_is_paid_back_needs_no_time_and_a_loss_would_need_for_ever():
    net, monthly = np.array([0.0, 10.0, -1.0, -1.0]), np.array([-5.0, 5.0, 0.0, -5.0])
    found = required_months(net, monthly, Beyond(1.0, 0.99), yearly_decay=0.5)
    assert found.tolist() == [0, 0, math.inf, math.inf]


def test_the_break_even_decay_brings_the_result_to_zero():
    beyond = discount_beyond((Step(0, 0.035),), 24)
    found = break_even_decay(-3000.0, 200.0, beyond, months=36)
    assert 0 < found < 1
    assert -3000 + 200 * carry_on(beyond, months=36, yearly_decay=found) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("observed", "monthly", "expected"), [(10.0, 1.0, 1.0), (10.0, -1.0, 1.0), (-1e6, 1.0, None), (0.5, -1.0, None)]
)
def test_there_may_be_no_decay_to_find(observed, monthly, expected):
    assert break_even_decay(observed, monthly, Beyond(1.0, 0.99), months=12) == expected
