import numpy as np
import pytest

from ctieval.errors import InputError
from ctieval.simulation.reveal import reveal


def test_the_drawn_show_one_future_and_the_others_the_other(world, drawn):
    shown = reveal(world, drawn)
    is_drawn = world.control.persons["person_id"].isin(drawn).to_numpy()
    for expected, rows in ((world.intervention, is_drawn), (world.control, ~is_drawn)):
        assert np.array_equal(shown.weeks.code[rows], expected.weeks.code[rows])
        assert np.array_equal(shown.employment.hours[rows], expected.employment.hours[rows], equal_nan=True)
        assert np.array_equal(shown.employment.earnings[rows], expected.employment.earnings[rows], equal_nan=True)


def test_log_and_survey_hold_the_drawn_alone(world, drawn):
    shown = reveal(world, drawn)
    expected = world.intervention.survey[world.intervention.survey["person_id"].isin(drawn)]
    assert set(shown.activity["person_id"]) <= drawn
    assert len(set(shown.activity["person_id"])) > 300
    assert shown.survey.equals(expected.reset_index(drop=True))


def test_the_order_of_the_drawn_does_not_matter(world, drawn):
    one, other = reveal(world, sorted(drawn)), reveal(world, sorted(drawn, reverse=True))
    assert np.array_equal(one.weeks.code, other.weeks.code)
    assert one.activity.equals(other.activity)


def test_with_nobody_drawn_there_is_no_log(world):
    shown = reveal(world, [])
    assert np.array_equal(shown.weeks.code, world.control.weeks.code)
    assert shown.activity.empty


def test_the_world_is_not_changed(world, drawn):
    before = world.control.weeks.code.copy()
    shown = reveal(world, drawn)
    shown.weeks.code[:] = 0
    assert np.array_equal(world.control.weeks.code, before)


@pytest.mark.parametrize("stranger", ["nobody", "somebody outside the target group"])
def test_a_stranger_cannot_be_drawn(world, drawn, stranger):
    outside = world.control.persons.loc[~world.eligible, "person_id"].iloc[0]
    who = "P99999" if stranger == "nobody" else outside
    with pytest.raises(InputError) as error:
        reveal(world, [*drawn, who])
    assert error.value.found.startswith("1 of ")
    assert who not in str(error.value)
