"""The refund ladder: the worked examples of the specification, and the edges of the count."""

import numpy as np
import pytest

from ctieval.economics.refund import count_ladder_weeks, state_shares
from ctieval.rates.rate import Step

STEPS = (Step(1, 0.8), Step(5, 0.4), Step(27, 0.3), Step(53, 0.2))


def shares_of(path: str) -> np.ndarray:
    """State's share in each week of a path such as ``54B 24S``: benefit, self-support, subsidised (U)."""
    weeks = "".join(int(part[:-1]) * part[-1] for part in path.split())
    letter = np.array([list(weeks)])
    count = count_ladder_weeks(letter == "B", letter == "S", reset_weeks=52, reset_window=156)
    return state_shares(count, STEPS)[0]


def test_sixty_weeks_from_the_first():
    share = shares_of("60B")
    assert share.sum() == pytest.approx(21.4)
    assert (1 - share).sum() == pytest.approx(38.6)
    late = share[50:60]
    assert (late.sum(), (1 - late).sum()) == pytest.approx((2.2, 7.8))
    assert 2700 * np.array([late.sum(), (1 - late).sum()]) == pytest.approx([5940, 21060])


@pytest.mark.parametrize(
    ("path", "share"),
    [
        pytest.param("54B 24S 14B 27S", [0.2], id="51 weeks of self-support do not start the count again"),
        pytest.param("54B 24S 14B 28S", [0.8] * 4 + [0.4], id="52 do"),
        pytest.param("54B 24S 14B 106U", [0.2], id="subsidised weeks do not count"),
        pytest.param("54B 52S 110U", [0.8], id="looked at every week, not on return"),
        pytest.param("54B 30S 140U 22S", [0.2], id="self-support older than the window is forgotten"),
    ],
)
def test_what_a_return_to_benefit_is_refunded(path: str, share: list[float]):
    weeks = len(share)
    assert shares_of(f"{path} {weeks}B")[-weeks:] == pytest.approx(share)


def test_ten_weeks_of_relapse_cost_the_municipality_less_after_a_reset():
    after, without = (1 - shares_of(f"54B 24S 14B {weeks}S 10B")[-10:].sum() / 10 for weeks in (28, 27))
    assert (10 * after, 10 * without) == pytest.approx((4.4, 8.0))


def test_self_support_before_the_first_benefit_does_not_count():
    assert shares_of("60S 54B 51S 1B")[-1] == pytest.approx(0.2)


def test_self_support_is_counted_afresh_after_a_reset():
    assert shares_of("54B 52S 53B 51S 1B")[-1] == pytest.approx(0.2)
    assert shares_of("54B 52S 53B 52S 1B")[-1] == pytest.approx(0.8)


def test_the_window_is_156_weeks_and_not_one_less():
    assert shares_of("54B 26S 104U 26S 1B")[-1] == pytest.approx(0.8)
    assert shares_of("54B 26S 105U 26S 1B")[-1] == pytest.approx(0.2)


def test_no_weeks_and_no_persons():
    nobody = np.zeros((0, 5), dtype=bool)
    no_week = np.zeros((3, 0), dtype=bool)
    for empty in (nobody, no_week):
        assert count_ladder_weeks(empty, empty, reset_weeks=52, reset_window=156).shape == empty.shape


def test_a_benefit_in_week_0_is_on_the_first_step():
    assert state_shares(np.array([0]), STEPS) == pytest.approx([0.8])
