import numpy as np
import pytest

from ctieval.domain.effect_table import EFFECT_COLUMNS
from ctieval.domain.outcome import BetterWhen, ColumnOutcome, MeasuredIn, Role
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.domain.provenance import Provenance
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label
from ctieval.effects.average import estimate_effects, withhold_intervals

ARM = [0, 0, 0, 1, 1, 1]


def outcome(name, measured_in=MeasuredIn.BOTH):
    return ColumnOutcome(
        name=name,
        label=Label(name, name),
        role=Role.PRIMARY,
        better_when=BetterWhen.HIGHER,
        measured_in=measured_in,
        column=name,
        unit=Unit.WEEKS,
    )


def outcome_table(allocation, **columns):
    values = np.column_stack(list(columns.values())).astype(float)
    status = np.where(np.isnan(values), Status.MISSING, Status.OBSERVED).astype(np.int64)
    declared = tuple(
        outcome(name, MeasuredIn.INTERVENTION if name.startswith("experienced") else MeasuredIn.BOTH)
        for name in columns
    )
    return OutcomeTable(allocation.person_id, declared, values, status, np.full(values.shape, np.nan))


@pytest.fixture
def allocation(make_allocation):
    return make_allocation(ARM)


def test_the_frame_has_exactly_the_columns_of_the_protocol(allocation):
    effects = estimate_effects(outcome_table(allocation, weeks=[0, 1, 2, 3, 4, 8]), allocation, Provenance(()))
    frame = effects.to_frame()
    assert tuple(frame.columns) == EFFECT_COLUMNS
    assert frame.loc[0, "estimate"] == 4.0
    assert frame.loc[0, "contrast"] == "intervention - control"
    assert frame.loc[0, "unit"] == "weeks"


def test_an_outcome_of_one_arm_can_never_become_an_effect(allocation):
    table = outcome_table(allocation, experienced=[np.nan, np.nan, np.nan, 3, 4, 8])
    assert estimate_effects(table, allocation, Provenance(())).rows == ()


def test_missing_values_are_counted_out_and_named(allocation):
    table = outcome_table(allocation, weeks=[0, 1, np.nan, 3, 4, 8])
    effects = estimate_effects(table, allocation, Provenance(()))
    assert (effects.rows[0].n, effects.rows[0].n_treated, effects.rows[0].n_control) == (5, 3, 2)
    assert "W-MISSING-OUTCOME" in [notice.code for notice in effects.warnings]


def test_an_outcome_that_cannot_be_estimated_leaves_the_others(allocation):
    table = outcome_table(allocation, broken=[0, np.nan, np.nan, 3, 4, 8], weeks=[0, 1, 2, 3, 4, 8])
    effects = estimate_effects(table, allocation, Provenance(()))
    assert [row.outcome for row in effects.rows] == ["weeks"]
    assert ("W-NOT-ESTIMABLE", "broken") in {(notice.code, notice.subject) for notice in effects.warnings}


def test_an_outcome_without_variation_says_so(allocation):
    effects = estimate_effects(outcome_table(allocation, weeks=[1] * 6), allocation, Provenance(()))
    assert [notice.code for notice in effects.warnings] == ["W-NO-VARIATION"]
    assert np.isnan(effects.rows[0].conf_low)


def test_the_text_begins_with_the_design_and_has_at_most_ten_lines(allocation):
    columns = {f"weeks{number}": [0, 1, np.nan, 3, 4, number] for number in range(12)}
    effects = estimate_effects(outcome_table(allocation, **columns), allocation, Provenance(()))
    lines = str(effects).splitlines()
    assert lines[0] == "design: complete; 3 drawn into the intervention, 3 into the control"
    assert len(lines) == 10
    assert "W-MISSING-OUTCOME" in lines[-1]
    assert "<table" in effects._repr_html_()


def test_an_interval_that_rests_on_few_is_named_and_can_be_withheld(make_allocation):
    allocation = make_allocation([0] * 20 + [1] * 20)
    rare = [1.0] * 2 + [0.0] * 18 + [1.0] * 8 + [0.0] * 12
    effects = estimate_effects(outcome_table(allocation, work=rare, weeks=range(40)), allocation, Provenance(()))
    assert [(notice.code, notice.subject) for notice in effects.warnings] == [("W-FEW-DIFFER", "work")]
    assert np.isfinite(effects.rows[0].conf_low)
    withheld = withhold_intervals(effects)
    assert np.isnan([withheld.rows[0].conf_low, withheld.rows[0].conf_high, withheld.rows[0].p_value]).all()
    assert withheld.rows[0].estimate == pytest.approx(0.3)
    assert withheld.rows[1] == effects.rows[1]
