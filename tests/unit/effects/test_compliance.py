import math

import numpy as np
import pytest

from ctieval.domain.compliance_table import Shape, Sidedness, TakeUpStep
from ctieval.domain.effects_plan import LoggedTakeUp
from ctieval.domain.outcome import BetterWhen, ColumnOutcome, Role
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.domain.provenance import Provenance
from ctieval.domain.take_up import TakeUp
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label
from ctieval.effects.average import estimate_effects, withhold_intervals
from ctieval.effects.compliance import describe_compliance, estimate_complier_effect, notices_of_region
from ctieval.errors import EstimationError

ARM = np.repeat([0, 1], 20)
VALUES = np.concatenate([np.arange(20) % 7, np.arange(20) % 5 + 3]).astype(float)
TOOK = (ARM == 1) & (np.arange(40) % 4 > 0)


def outcome(role=Role.PRIMARY, unit=Unit.WEEKS, name="weeks"):
    return ColumnOutcome(
        name=name, label=Label(name, name), role=role, better_when=BetterWhen.HIGHER, column=name, unit=unit
    )


def table_of(allocation, *columns):
    """Outcomes, each with its values."""
    declared = tuple(each for each, _ in columns)
    values = np.column_stack([each for _, each in columns])
    status = np.where(np.isnan(values), Status.MISSING, Status.OBSERVED).astype(np.int64)
    return OutcomeTable(allocation.person_id, declared, values, status, np.full(values.shape, np.nan))


def take_up_of(took, *, known=True):
    counted = LoggedTakeUp("start", 1)
    return TakeUp(counted, ((TakeUpStep.ACTIVITY, 1, took),), took.astype(float), known)


@pytest.fixture
def allocation(make_allocation):
    return make_allocation(ARM)


@pytest.fixture
def describe(allocation):
    def described(took, *columns):
        table = table_of(allocation, *columns)
        effects = estimate_effects(table, allocation, Provenance(()))
        return describe_compliance(table, took, allocation, effects)

    return described


def test_take_up_is_counted_by_arm_and_names_what_counts(describe):
    found = describe(take_up_of(TOOK), (outcome(), VALUES))
    (step,) = found.steps
    assert (found.drawn, step.control, step.intervention, step.is_taking_part) == ((20, 20), 0, 15, True)
    assert found.sidedness is Sidedness.ONE_SIDED
    assert found.compliers == 0.75


def test_the_effect_on_compliers_is_that_of_the_draw_over_their_share(describe, allocation):
    found = describe(take_up_of(TOOK), (outcome(), VALUES)).rows[0]
    drawn = estimate_effects(table_of(allocation, (outcome(), VALUES)), allocation, Provenance(())).rows[0]
    assert found.effect.estimate == pytest.approx(drawn.estimate / 0.75, rel=1e-12)
    assert found.taking_part - found.not_taking_part == pytest.approx(found.effect.estimate, rel=1e-12)
    assert found.effect.estimand == "cace"


def test_who_did_otherwise_than_drawn_is_named(describe):
    some = TOOK | (np.arange(40) < 3)
    assert describe(take_up_of(some), (outcome(), VALUES)).sidedness is Sidedness.TWO_SIDED
    assert describe(take_up_of(ARM == 1), (outcome(), VALUES)).sidedness is Sidedness.NONE


def test_only_primary_outcomes_have_a_row(describe):
    second = outcome(Role.SECONDARY, name="others")
    rows = describe(take_up_of(TOOK), (outcome(), VALUES), (second, VALUES[::-1].copy())).rows
    assert [row.effect.outcome for row in rows] == ["weeks"]


def test_without_a_definition_there_are_counts_and_no_effect(describe):
    logged = TakeUp(None, ((TakeUpStep.LOGGED, 1, TOOK),), None, in_control_known=False)
    found = describe(logged, (outcome(), VALUES))
    assert (found.counted, found.sidedness, found.rows) == (None, None, ())
    assert math.isnan(found.compliers)
    assert [step.is_taking_part for step in found.steps] == [False]


def test_a_draw_that_moved_nobody_gives_no_row(describe):
    assert describe(take_up_of(np.zeros(40, dtype=bool)), (outcome(), VALUES)).rows == ()


def test_the_test_of_no_effect_is_the_dual_of_the_region(allocation):
    found = estimate_complier_effect(VALUES, TOOK.astype(float), allocation, outcome())
    (region,) = found.regions
    for level in (1 - region.p_value - 1e-6, 1 - region.p_value + 1e-6):
        again = estimate_complier_effect(VALUES, TOOK.astype(float), allocation, outcome(), conf_level=level)
        assert (again.regions[0].conf_low <= 0 <= again.regions[0].conf_high) == (level > 1 - region.p_value)


@pytest.mark.parametrize(
    ("took", "values", "shape", "ends"),
    [
        (np.arange(40) % 2 == 0, np.tile([0.0, 1, 2, 3], 10), Shape.EVERYTHING, [(-math.inf, math.inf)]),
        ((ARM == 1) & (np.arange(40) % 20 < 2), VALUES, Shape.OUTSIDE, None),
    ],
)
def test_a_weak_draw_gives_the_whole_line_or_two_rays_and_says_so(allocation, took, values, shape, ends):
    took = took | (np.arange(40) == 39)
    found = estimate_complier_effect(values, took.astype(float), allocation, outcome())
    assert found.shape is shape
    if ends is not None:
        assert [(each.conf_low, each.conf_high) for each in found.regions] == ends
        assert [each.code for each in notices_of_region(found)] == ["W-REGION-OPEN"]
    else:
        below, above = found.regions
        assert below.conf_low == -math.inf
        assert above.conf_high == math.inf
        assert below.conf_high < above.conf_low
        assert [each.code for each in notices_of_region(found)] == ["W-REGION-RAYS"]


def test_a_bounded_region_needs_no_notice(allocation):
    found = estimate_complier_effect(VALUES, TOOK.astype(float), allocation, outcome())
    assert found.shape is Shape.BETWEEN
    assert notices_of_region(found) == ()


def test_a_withheld_interval_stays_withheld(allocation):
    rare = np.zeros(40)
    rare[[3, 25]] = 1
    table = table_of(allocation, (outcome(unit=Unit.SHARE), rare))
    effects = estimate_effects(table, allocation, Provenance(()))
    (row,) = describe_compliance(table, take_up_of(TOOK), allocation, withhold_intervals(effects)).rows
    assert math.isnan(row.effect.conf_low)
    assert row.regions == ()
    assert not math.isnan(row.effect.estimate)


def test_the_cells_hold_every_group_on_which_the_means_rest(allocation):
    share = (np.arange(40) % 3 == 0).astype(float)
    share[5] = np.nan
    found = estimate_complier_effect(share, TOOK.astype(float), allocation, outcome(unit=Unit.SHARE))
    control, nobody, left, took = np.array(found.cells).reshape(4, 4).tolist()
    assert control == [19, 1, 12, 7]
    assert nobody == [0, 0, 0, 0]
    assert left[0] + took[0] == 20
    assert took[2] + took[3] == took[0] == 15


def test_take_up_that_is_no_yes_or_no_has_no_means(allocation):
    found = estimate_complier_effect(VALUES, TOOK * 2.5, allocation, outcome())
    assert math.isnan(found.taking_part)
    assert found.effect.estimate == pytest.approx(
        estimate_complier_effect(VALUES, TOOK.astype(float), allocation, outcome()).effect.estimate / 2.5, rel=1e-12
    )


def test_nobody_moved_is_refused(allocation):
    with pytest.raises(EstimationError, match="took part"):
        estimate_complier_effect(VALUES, np.zeros(40), allocation, outcome())


def test_no_person_stands_in_a_repr():
    assert "40" not in repr(take_up_of(TOOK))


def test_a_gap_is_never_taken_for_doing_as_drawn(describe):
    everybody = (ARM == 1).astype(float)
    everybody[[3, 30]] = np.nan
    counted = LoggedTakeUp("start", 1)
    took = TakeUp(counted, ((TakeUpStep.ACTIVITY, 1, everybody == 1),), everybody, True)
    found = describe(took, (outcome(), VALUES))
    assert (found.sidedness, found.not_known) == (None, (1, 1))
    assert found.rows[0].effect.n == 38


def test_an_outcome_that_does_not_vary_is_no_proof_of_no_effect_where_few_took_part(allocation):
    few = np.zeros(40)
    few[39] = 1
    found = estimate_complier_effect(np.full(40, 3.0), few, allocation, outcome())
    assert found.shape is Shape.EVERYTHING
    assert estimate_complier_effect(np.full(40, 3.0), TOOK.astype(float), allocation, outcome()).shape is Shape.BETWEEN


def test_take_up_that_is_known_of_too_few_leaves_the_rest_of_the_report_alone(describe):
    unknown = np.where(ARM == 1, np.nan, 0.0)
    unknown[39] = 1
    took = TakeUp(LoggedTakeUp("start", 1), ((TakeUpStep.ACTIVITY, 1, unknown == 1),), unknown, True)
    found = describe(took, (outcome(), VALUES))
    assert found.rows == ()
    assert math.isnan(found.compliers)
    assert found.not_known == (0, 19)
