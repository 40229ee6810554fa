import itertools
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from ctieval.domain.arms import Arms
from ctieval.economics.outlook import resample
from ctieval.economics.outlook.resample import build_units, draw_effects, order_by_value, resampled_effects
from ctieval.errors import EstimationError
from ctieval.inference.by_design import by_design

VALUES = np.array([12_000, 4000, 2000, -2000, 9000, 3000, 0, 1000, 2000, 3000.0])[:, None]
ARM, BLOCK = [1, 1, 0, 0, 1, 1, 1, 0, 0, 0], list("AAAABBBBBB")


def monte_carlo(exact, draws, errors=4):
    """Four standard errors of a variance of so many draws, near enough normal."""
    return pytest.approx(exact, abs=errors * exact * np.sqrt(2 / draws))


def test_resamples_have_the_variance_of_the_design(make_allocation):
    allocation = make_allocation(ARM, BLOCK)
    drawn = draw_effects(build_units(VALUES, allocation), replicates=20_000, seed=3)[:, 0]
    found = by_design(VALUES, allocation)
    assert drawn.var() == monte_carlo(found.std_error[0] ** 2, 20_000)
    assert drawn.mean() == pytest.approx(found.estimate[0], abs=4 * found.std_error[0] / np.sqrt(20_000))


def test_drawing_all_of_a_cell_would_be_scipys_bootstrap_with_each_cell_a_sample(make_allocation):
    """The same machine with n of n, whose variance is known to be too small."""
    units = build_units(VALUES, make_allocation(ARM, BLOCK))
    rng = np.random.default_rng(5)
    counts = np.hstack([rng.multinomial(n, np.full(n, 1 / n), size=20_000) for n in units.counts])
    ours = resampled_effects(units, counts)[:, 0].std()

    def effect(*cells, axis):
        means = [cell.mean(axis=axis) for cell in cells]
        return sum(weight * mean for weight, mean in zip(units.weight, means, strict=True))

    cells = [units.total[units.cell == cell, 0] for cell in range(4)]
    theirs = stats.bootstrap(
        cells, effect, n_resamples=20_000, vectorized=True, method="percentile", rng=rng
    ).standard_error
    assert ours == pytest.approx(theirs, rel=0.03)  # two standard errors of 20,000 draws each, 4 of their difference
    assert ours**2 == monte_carlo(3_360_000, 20_000)


def test_ones_give_the_estimate_of_the_design(make_allocation):
    allocation = make_allocation(ARM, BLOCK)
    values = np.column_stack([VALUES[:, 0], VALUES[:, 0] ** 2, np.arange(10.0)])
    once = resampled_effects(build_units(values, allocation), np.ones((1, 10), dtype=np.int64))
    assert once[0] == pytest.approx(by_design(values, allocation).estimate)


def test_outcomes_of_a_resample_belong_together(make_allocation):
    values = np.column_stack([VALUES, 2 * VALUES, -VALUES])
    drawn = draw_effects(build_units(values, make_allocation(ARM, BLOCK)), replicates=50, seed=1)
    assert drawn[:, 1] == pytest.approx(2 * drawn[:, 0])
    assert drawn[:, 2] == pytest.approx(-drawn[:, 0])


def test_what_is_drawn_at_a_time_does_not_change_what_is_drawn(make_allocation, monkeypatch):
    units = build_units(VALUES, make_allocation(ARM, BLOCK))
    whole = draw_effects(units, replicates=101, seed=9)
    monkeypatch.setattr(resample, "MOST_CELLS", 70)
    assert draw_effects(units, replicates=101, seed=9) == pytest.approx(whole)
    monkeypatch.setattr(resample, "MOST_CELLS", 1)
    assert draw_effects(units, replicates=101, seed=9) == pytest.approx(whole)


def test_clusters_of_one_size_have_the_variance_of_the_design(make_clustered):
    rng = np.random.default_rng(2)
    cluster = np.repeat(np.arange(8), 3)
    arm, block = np.repeat([0, 1, 0, 1, 0, 1, 0, 1], 3), np.repeat(list("AAAABBBB"), 3)
    values = rng.normal(size=(24, 1)) + rng.normal(size=8)[cluster][:, None]
    allocation = make_clustered(arm, cluster, block)
    units = build_units(values, allocation)
    assert units.counts.tolist() == [2, 2, 2, 2]
    drawn = [resampled_effects(units, np.hstack(each)[None])[0, 0] for each in itertools.product(*all_draws(units))]
    assert np.var(drawn) == pytest.approx(by_design(values, allocation).std_error[0] ** 2)


def all_draws(units):
    """One of two units in each cell, all as likely."""
    return [[np.array([1, 0]), np.array([0, 1])] for _ in units.counts]


def test_clusters_of_several_sizes_weigh_by_their_persons(make_clustered):
    cluster = np.array([0, 0, 0, 1, 2, 2, 3, 3, 3])
    arm = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1])
    values = np.arange(9.0)[:, None]
    units = build_units(values, make_clustered(arm, cluster))
    assert sorted(units.size.tolist()) == [1, 2, 3, 3]
    once = resampled_effects(units, np.ones((1, 4), dtype=np.int64))
    assert once[0, 0] == pytest.approx(values[4:].mean() - values[:4].mean())


@pytest.mark.parametrize(("arm", "block"), [([0, 0, 1], None), ([0, 1, 0, 1, 0, 0, 1, 1], list("AABBCCCC"))])
def test_a_single_person_cannot_be_drawn_anew(make_allocation, arm, block):
    with pytest.raises(EstimationError, match="cannot be resampled") as refused:
        build_units(np.arange(float(len(arm)))[:, None], make_allocation(arm, block))
    assert "fewer than two persons" in refused.value.found


def test_a_single_cluster_cannot_be_drawn_anew(make_clustered):
    with pytest.raises(EstimationError, match="cannot be resampled") as refused:
        build_units(np.arange(6.0)[:, None], make_clustered([0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 2, 2]))
    assert "fewer than two clusters" in refused.value.found


def test_who_is_not_wholly_observed_or_could_not_be_drawn_is_left_out(make_allocation):
    allocation = make_allocation([0, 0, 0, 1, 1, 1])
    allocation = replace(allocation, probability=np.array([[1, 0.0]] + [[0.5, 0.5]] * 5))
    values = np.array([[5.0, 5], [4, 4], [3, 3], [2, np.nan], [1, 1], [0, 0]])
    kept, persons = order_by_value(values, allocation)
    assert sorted(kept[:, 0].tolist()) == [0, 1, 3, 4]
    assert len(persons.person_id) == 4
    assert len(allocation.person_id) == 6


def test_of_several_interventions_the_first_is_drawn_against_the_control(make_allocation):
    plain = make_allocation([0, 0, 1, 1, 1, 1])
    several = replace(
        plain,
        arm=np.array([0, 0, 1, 1, 2, 2]),
        probability=np.full((6, 3), 1 / 3),
        arms=Arms("one", "control", ("two",)),
    )
    units = build_units(np.array([[1.0], [2], [5], [6], [90], [91]]), several)
    assert resampled_effects(units, np.ones((1, 4), dtype=np.int64)).tolist() == [[4.0]]


def test_units_show_no_value(make_allocation):
    assert repr(build_units(VALUES, make_allocation(ARM, BLOCK))) == "Units(10 in 4 cells, 1 outcomes)"


def test_nobody_has_an_order():
    assert resample._sort_rows(np.empty((0, 3))).tolist() == []


def test_rows_are_sorted_by_their_numbers():
    rows = np.random.default_rng(1).integers(-2, 3, (40, 3)) * np.array([1e-3, 1.0, 1e9])
    rows[0] = -0.0
    assert rows[resample._sort_rows(rows)].tolist() == sorted(rows.tolist())
