from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.flow import BlockCount, ParticipantFlow
from ctieval.domain.outcome import State
from ctieval.domain.registers import EmploymentPanel, Registers, WeekPanel, week_of
from ctieval.domain.window import Window
from ctieval.evaluate.paths import follow_paths
from ctieval.registers.codes import load_code_list
from ctieval.report.disclosure.paths import round_paths

DAY = np.datetime64("2018-01-15")
FLOW = ParticipantFlow(None, (200, 200), (BlockCount("", 200, 200),), ())
ARM, BLOCK = np.array([0, 1] * 20), np.repeat(["A", "B"], [4, 36])


@pytest.fixture
def follow(make_allocation):
    """Follow persons with these codes, from two weeks before their draw."""

    def followed(code):
        n = len(code)
        allocation = make_allocation(np.arange(n) % 2, BLOCK if n == len(BLOCK) else None)
        ids = allocation.person_id
        registers = Registers(
            persons=pd.DataFrame({"person_id": ids}),
            weeks=WeekPanel(ids, week_of(DAY) - 2, np.asarray(code, dtype=np.int16)),
            employment=EmploymentPanel(ids, 48 * 12, np.zeros((n, 3)), np.zeros((n, 3))),
            payments=None,
            activity=None,
            survey=None,
            recognised=(),
            digests=(),
        )
        drawn = replace(allocation, randomised_on=np.full(n, DAY))
        return follow_paths(drawn, registers, load_code_list())

    return followed


def test_description_and_estimate_meet_in_the_paths(follow):
    code = np.full((40, 6), 730)
    code[:, 3:] = np.where(ARM == 1, 771, 730)[:, None]
    paths = follow(code)
    assert paths.window == Window(-2, 4)
    assert paths.intervention.of(State.SUPPORTED_JOB) == (0.0, 0.0, 0.0, 1.0, 1.0, 1.0)
    assert paths.curve(State.SUPPORTED_JOB).estimate == (0.0, 0.0, 0.0, 1.0, 1.0, 1.0)
    assert paths.curve(State.SUPPORTED_JOB).placebo.weeks == 0


@pytest.mark.parametrize("reason", [-1, 997, 999])
def test_the_paths_end_where_too_few_of_a_small_block_are_left(follow, reason):
    code = np.full((40, 6), 730)
    code[0, 4:] = reason
    assert follow(code).window == Window(-2, 2)


def test_registers_that_do_not_cover_the_draw_leave_no_path(follow):
    code = np.full((40, 6), 730)
    code[:, 2] = -1
    assert follow(code) is None


@pytest.mark.parametrize("code", [651, 737, 771, 783])
@pytest.mark.parametrize("person", [0, 1])
def test_the_week_of_one_person_cannot_be_read_off_what_is_published(follow, code, person):
    nobody = np.full((400, 6), 730)
    alone = nobody.copy()
    alone[person, 3] = code
    exact = follow(alone), follow(nobody)
    published = [round_paths(paths, FLOW, 5) for paths in exact]
    assert repr(exact[0]) != repr(exact[1])
    assert repr(published[0]) == repr(published[1])


@pytest.mark.parametrize("code", [-1, 998, 999])
@pytest.mark.parametrize("person", [0, 1])
def test_one_who_is_lost_is_told_as_one_of_a_few(follow, code, person):
    alone, few = np.full((2, 400, 6), 730)
    alone[person, 3] = code
    few[[person, person + 2], 3] = code
    exact = follow(alone), follow(few)
    published = [round_paths(paths, FLOW, 5) for paths in exact]
    assert repr(exact[0]) != repr(exact[1])
    assert repr(published[0]) == repr(published[1])


@pytest.mark.parametrize("code", [651, 737, 771, 783])
def test_nor_can_the_week_in_which_one_of_a_few_left(follow, code):
    few = np.full((400, 6), 730)
    few[[1, 3, 5, 7, 9], 1:] = code
    fewer = few.copy()
    fewer[9, 4] = 730
    published = [round_paths(follow(codes), FLOW, 5) for codes in (few, fewer)]
    assert repr(published[0]) == repr(published[1])
