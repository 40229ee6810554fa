"""What a reader must know of the account: here whether follow-up depends on the arm."""

from types import SimpleNamespace

import pytest

from ctieval.economics.account_notices import FOLLOW_UP_DIFFERS
from ctieval.economics.inputs import AccountInputs
from ctieval.economics.reckon import reckon_persons

HISTORY, WHOLE, SHORT = (730, 156), [(730, 4)], [(730, 2), (-1, 2)]


@pytest.fixture
def said(make_trial, make_plan, book, codes):
    """A function that gives the notices of a trial by their codes, from arms and who is lost."""

    def run(arms, lost):
        made = make_trial(
            arms, [[HISTORY, *(SHORT if each else WHOLE)] for each in lost], from_day="2015-01-05", provider=False
        )
        inputs = AccountInputs(made.registers, book, codes)
        return {each.code: each for each in reckon_persons(make_plan(4), made.allocation, inputs).warnings}

    return SimpleNamespace(of=run)


ARMS = [0, 1] * 20


def test_a_follow_up_that_depends_on_the_arm_is_said_with_its_size(said):
    found = said.of(ARMS, [arm == 1 and row < 20 for row, arm in enumerate(ARMS)])
    assert found[FOLLOW_UP_DIFFERS].facts == (("points", 50),)
    assert dict(found["W-FOLLOW-UP-SHORT"].facts) == {"control": 0, "intervention": 10}


def test_more_lost_in_the_control_is_said_as_well(said):
    assert said.of(ARMS, [arm == 0 and row < 20 for row, arm in enumerate(ARMS)])[FOLLOW_UP_DIFFERS]


def test_what_the_draw_alone_explains_is_not_said(said):
    alike = [row in {0, 1, 2, 3} for row in range(40)]
    one_more = [row in {0, 1, 3} for row in range(40)]
    for lost in (alike, one_more):
        assert FOLLOW_UP_DIFFERS not in said.of(ARMS, lost)
        assert "W-FOLLOW-UP-SHORT" in said.of(ARMS, lost)


def test_too_few_to_tell_are_not_compared(said):
    assert FOLLOW_UP_DIFFERS not in said.of([0, 1], [False, True])
