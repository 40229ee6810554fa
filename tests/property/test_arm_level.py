import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctieval.domain.units import Unit
from ctieval.inference.arm_level import describe_arm
from ctieval.inference.by_design import by_design


@st.composite
def trials(draw):
    sizes = draw(st.lists(st.tuples(st.integers(2, 7), st.integers(2, 7)), min_size=1, max_size=4))
    arm = np.concatenate([[0] * control + [1] * treated for control, treated in sizes])
    block = np.repeat(np.arange(len(sizes)), [sum(each) for each in sizes])
    values = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).normal(size=len(arm)) + 3 * block
    missing = draw(st.integers(0, 3))
    return np.concatenate([values, [np.nan] * missing]), np.append(arm, [0] * missing), np.append(block, [0] * missing)


@given(trial=trials())
def test_the_difference_of_the_levels_is_the_estimate(make_allocation, trial):
    values, arm, block = trial
    allocation = make_allocation(arm, block)
    control, intervention = (describe_arm(values, allocation, each, Unit.WEEKS) for each in (0, 1))
    found = by_design(values[:, None], allocation)
    assert intervention.mean - control.mean == pytest.approx(found.estimate[0], abs=1e-10)
    assert (control.n, intervention.n) == (found.n_control[0], found.n_treated[0])


@given(trial=trials())
def test_without_blocks_the_level_is_the_plain_one(make_allocation, trial):
    values, arm, _ = trial
    allocation = make_allocation(arm)
    for each in (0, 1):
        plain = values[(arm == each) & ~np.isnan(values)]
        level = describe_arm(values, allocation, each, Unit.WEEKS)
        assert level.mean == pytest.approx(plain.mean(), rel=1e-12)
        assert level.std == pytest.approx(plain.std(ddof=1), rel=1e-10)


@given(trial=trials())
def test_what_the_design_makes_different_is_no_imbalance(make_allocation, trial):
    _, arm, block = trial
    allocation = make_allocation(arm, block)
    for each in np.unique(block):
        member = (block == each).astype(float)
        levels = [describe_arm(member, allocation, arm_code, Unit.SHARE) for arm_code in (0, 1)]
        assert levels[0].mean == pytest.approx(levels[1].mean, abs=1e-12)
        assert levels[0].mean == pytest.approx(member.mean(), abs=1e-12)
