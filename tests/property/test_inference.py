import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ctieval.inference.by_design import by_design

level = st.floats(-1e3, 1e3, allow_nan=False, width=32)


@st.composite
def blocked_trials(draw, max_blocks=4):
    """Outcome, arm and block, with at least two persons in each arm of each block and some spread in every cell."""
    sizes = draw(st.lists(st.tuples(st.integers(2, 6), st.integers(2, 6)), min_size=1, max_size=max_blocks))
    arm = np.concatenate([[0] * control + [1] * treated for control, treated in sizes])
    block = np.repeat(np.arange(len(sizes)), [control + treated for control, treated in sizes])
    outcome = draw(arrays(np.float64, len(arm), elements=level))
    jitter = np.random.default_rng(draw(st.integers(0, 2**32 - 1))).normal(size=len(arm))
    return outcome + jitter, arm, block


def estimate(make_allocation, outcome, arm, block=None):
    return by_design(np.asarray(outcome)[:, None], make_allocation(arm, block))


@given(trial=blocked_trials(), shift=level)
def test_adding_a_constant_changes_nothing(make_allocation, trial, shift):
    outcome, arm, block = trial
    before = estimate(make_allocation, outcome, arm, block)
    after = estimate(make_allocation, outcome + shift, arm, block)
    scale = 1 + np.abs(outcome).max() + abs(shift)
    assert after.estimate[0] == pytest.approx(before.estimate[0], abs=1e-11 * scale)
    assert after.std_error[0] == pytest.approx(before.std_error[0], abs=1e-11 * scale)


@given(trial=blocked_trials(), factor=st.floats(0.01, 100))
def test_scaling_scales(make_allocation, trial, factor):
    outcome, arm, block = trial
    before = estimate(make_allocation, outcome, arm, block)
    after = estimate(make_allocation, outcome * factor, arm, block)
    assert after.estimate[0] == pytest.approx(factor * before.estimate[0], rel=1e-9, abs=1e-9)
    assert after.std_error[0] == pytest.approx(factor * before.std_error[0], rel=1e-9)
    assert after.df[0] == pytest.approx(before.df[0], rel=1e-9)


@given(trial=blocked_trials())
def test_swapping_the_arms_flips_the_sign(make_allocation, trial):
    outcome, arm, block = trial
    before = estimate(make_allocation, outcome, arm, block)
    after = estimate(make_allocation, outcome, 1 - arm, block)
    assert after.estimate[0] == pytest.approx(-before.estimate[0], rel=1e-12)
    assert after.std_error[0] == pytest.approx(before.std_error[0], rel=1e-12)
    assert after.conf_low[0] == pytest.approx(-before.conf_high[0], rel=1e-12)


@given(trial=blocked_trials(max_blocks=1))
def test_one_block_is_no_blocks(make_allocation, trial):
    outcome, arm, block = trial
    one, none = estimate(make_allocation, outcome, arm, block), estimate(make_allocation, outcome, arm)
    for name in ("estimate", "std_error", "df", "conf_low", "conf_high"):
        assert getattr(one, name)[0] == getattr(none, name)[0]


@given(trial=blocked_trials(), seed=st.integers(0, 2**32 - 1))
def test_the_order_of_the_rows_does_not_matter(make_allocation, trial, seed):
    outcome, arm, block = trial
    order = np.random.default_rng(seed).permutation(len(arm))
    before = estimate(make_allocation, outcome, arm, block)
    after = estimate(make_allocation, outcome[order], arm[order], block[order])
    scale = 1 + np.abs(outcome).max()
    assert after.estimate[0] == pytest.approx(before.estimate[0], abs=1e-12 * scale)
    assert after.std_error[0] == pytest.approx(before.std_error[0], abs=1e-12 * scale)


@given(trial=blocked_trials(max_blocks=1))
def test_regression_on_the_arm_with_hc2_gives_the_neyman_variance(make_allocation, trial):
    outcome, arm, _ = trial
    fit = sm.OLS(outcome, sm.add_constant(arm.astype(float))).fit(cov_type="HC2")
    found = estimate(make_allocation, outcome, arm)
    scale = np.abs(outcome).max()
    assert found.estimate[0] == pytest.approx(fit.params[1], abs=1e-11 * scale)
    assert found.std_error[0] == pytest.approx(fit.bse[1], rel=1e-8)


@given(trial=blocked_trials())
def test_interacted_regression_with_centred_blocks_and_hc2_gives_the_blocked_variance(make_allocation, trial):
    outcome, arm, block = trial
    dummies = np.eye(block.max() + 1)[block][:, 1:]
    centred = dummies - dummies.mean(axis=0)
    design = np.column_stack([np.ones(len(arm)), arm, dummies, arm[:, None] * centred])
    fit = sm.OLS(outcome, design).fit(cov_type="HC2")
    found = estimate(make_allocation, outcome, arm, block)
    scale = 1 + np.abs(outcome).max()
    assert found.estimate[0] == pytest.approx(fit.params[1], abs=1e-9 * scale)
    assert found.std_error[0] == pytest.approx(fit.bse[1], rel=1e-7)


@given(trial=blocked_trials(), seed=st.integers(0, 2**32 - 1))
def test_a_person_without_a_value_counts_in_no_cell(make_allocation, trial, seed):
    outcome, arm, block = trial
    extra = np.random.default_rng(seed).integers(0, 2, size=5)
    padded = np.concatenate([outcome, np.full(5, np.nan)])
    found = estimate(make_allocation, padded, np.concatenate([arm, extra]), np.concatenate([block, np.zeros(5, int)]))
    alone = estimate(make_allocation, outcome, arm, block)
    assert found.estimate[0] == pytest.approx(alone.estimate[0], rel=1e-12)
    assert found.std_error[0] == pytest.approx(alone.std_error[0], rel=1e-12)
    assert (found.n_treated[0], found.n_control[0]) == (alone.n_treated[0], alone.n_control[0])


@given(trial=blocked_trials())
def test_the_interval_is_the_set_of_effects_that_the_test_does_not_reject(make_allocation, trial):
    outcome, arm, block = trial
    found = estimate(make_allocation, outcome, arm, block)
    for end in (found.conf_low[0], found.conf_high[0]):
        moved = estimate(make_allocation, outcome - arm * end, arm, block)
        assert moved.p_value[0] == pytest.approx(0.05, abs=1e-6)
