"""An attack on the joint report and all municipal ones together: no small number can be worked out of them."""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from ctieval.assignment.imported import import_allocation
from ctieval.domain.arms import Arms
from ctieval.domain.outcome import BetterWhen, ColumnOutcome, Role
from ctieval.domain.trial import AnalysisTable, BaselineVariable, ImportedAllocation, ImportedDesign, ReportPlan, Trial
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label
from ctieval.evaluate import measure
from ctieval.evaluate.data import ReadyTable
from ctieval.evaluate.municipality import evaluate_municipalities
from ctieval.evaluate.story import evaluate
from ctieval.report.disclosure import municipal, results
from ctieval.report.protect import protect
from ctieval.report.protect_municipalities import protect_municipalities

K = 5
LABEL = Label("x", "x")
SOURCE = AnalysisTable(Path("t.csv"), "id", "arm", "1", "0", "municipality", LABEL)
PLACES = ("153", "260", "550", "846", "849")
SHARES = ("work", "course")
PRINTED = 0.0005
"""Half of the last digit of a share in per cent with one decimal."""


@pytest.fixture(autouse=True, scope="module")
def _without_the_check_of_the_draw():
    """It draws anew a thousand times, and no municipality's report has it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measure, "check_draw", lambda *_: None)
        yield


def declare(name, unit):
    return ColumnOutcome(
        name=name, label=LABEL, role=Role.PRIMARY, better_when=BetterWhen.HIGHER, column=name, unit=unit
    )


TRIAL = Trial(
    title=LABEL,
    start=None,
    end=None,
    arms=Arms("1", "0"),
    data=SOURCE,
    eligibility=None,
    assignment=ImportedAllocation(ImportedDesign.BLOCKED),
    baseline=(BaselineVariable("origin", LABEL, "origin", None),),
    outcomes=(*(declare(name, Unit.SHARE) for name in SHARES), declare("weeks", Unit.WEEKS)),
    economics=None,
    report=ReportPlan(("en",), K, None, "", ""),
    digest="",
)


@dataclass(frozen=True)
class Cell:
    """One arm of one municipality: how many lack a value, how many have 1 of each outcome, and each origin."""

    drawn: int
    lost: int
    events: tuple
    origins: tuple


def to_frame(cells):
    """One row a person; who has which is dealt out by a fixed rule, so that the same numbers give the same persons."""
    rng, frames = np.random.default_rng(1), []
    for place, arms in cells.items():
        for arm, cell in enumerate(arms):
            values = {
                name: np.repeat([np.nan, 1.0, 0.0], [cell.lost, e, cell.drawn - cell.lost - e])
                for name, e in zip(SHARES, cell.events, strict=True)
            }
            weeks = np.where(np.arange(cell.drawn) < cell.lost, np.nan, rng.integers(0, 53, cell.drawn))
            origin = np.repeat(list("abc"), cell.origins)
            frames.append(pd.DataFrame({**values, "weeks": weeks, "origin": origin, "municipality": place, "arm": arm}))
    frame = pd.concat(frames, ignore_index=True)
    return frame.assign(arm=frame["arm"].astype(str), id=[f"{row:05}" for row in range(len(frame))])


def evaluate_all(cells):
    data = ReadyTable(to_frame(cells), SOURCE, ("table",), ())
    allocation = import_allocation(data.frame, SOURCE, TRIAL.assignment, TRIAL.arms)
    joint = evaluate(TRIAL, allocation, data)
    return joint, evaluate_municipalities(joint, allocation, data)


@st.composite
def cells_of(draw, drawn):
    few = st.integers(0, min(6, drawn // 3))
    lost = draw(st.one_of(st.just(0), few))
    n = drawn - lost
    events = tuple(draw(st.one_of(st.integers(0, min(6, n)), st.integers(n // 8, n // 2))) for _ in SHARES)
    first, second = draw(st.one_of(few, st.just(drawn // 5))), draw(st.integers(drawn // 8, drawn // 2))
    return Cell(drawn, lost, events, (first, second, drawn - first - second))


@st.composite
def trials(draw):
    places = PLACES[: draw(st.integers(2, 5))]
    sizes = st.integers(50, 160) if draw(st.booleans()) else st.integers(8, 120)
    return {place: tuple(draw(cells_of(draw(sizes))) for _ in (0, 1)) for place in places}


@cache
def step_of(persons):
    """The steps that the reports use: half a cell of so many persons, up to 1, 2 or 5 of a power of ten."""
    return next(step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0) if step >= math.ceil(K / 2) / persons)


def last_of_few(persons, step):
    """The largest share that is hidden because, rounded, it could be that of a few of so many persons."""
    return max(r for r in np.arange(0, 0.5 + step / 2, step) if (r - step / 2) * persons <= K - 1) + step / 2


class Reader:
    """What is known of one share in one arm: a number in each municipality, and how many lack a value there.

    She is taken to know at which end of the scale a hidden share lies, where it does, though it may be hidden for what
    the other arm has.
    """

    def __init__(self, cells, arm, joint, told, held, *, missing):
        self.drawn = np.array([arms[arm].drawn for arms in cells.values()])
        self.lost = np.array([arms[arm].lost if missing else 0 for arms in cells.values()])
        m = len(self.drawn)
        self.rules = [LinearConstraint(np.hstack([np.eye(m), np.eye(m)]), -np.inf, self.drawn)]
        for place, (level, arms) in enumerate(zip(told, cells.values(), strict=True)):
            persons = min(cell.drawn - K * (cell.lost * missing // K + 1) for cell in arms)
            self._tell(place, level, persons, held[place])
        if joint.n is not None:
            both = np.array([sum(c.drawn - c.lost * missing for c in arms) for arms in cells.values()])
            weight = both / both.sum() / (self.drawn - self.lost)
            self._rule(np.ones(m), np.zeros(m), round(joint.events), round(joint.events))
            self._rule(np.zeros(m), np.ones(m), *[self.drawn.sum() - joint.n] * 2)
            self._rule(weight, np.zeros(m), joint.mean - PRINTED, joint.mean + PRINTED)

    def _rule(self, of_events, of_lost, low, high):
        self.rules.append(LinearConstraint(np.concatenate([of_events, of_lost]), low, high))

    def _tell(self, place, level, persons, held):
        one, step = np.eye(len(self.drawn))[place], step_of(persons) if persons >= 20 else math.inf
        if level.n is not None and level.events is not None:
            self._rule(one, 0 * one, level.events, level.events)
            self._rule(0 * one, one, *[self.drawn[place] - level.n] * 2)
        elif not math.isnan(level.mean):
            self._between(place, level.mean - step / 2 - 1e-9, level.mean + step / 2 + 1e-9)
        elif step < 1:
            last, share = last_of_few(persons, step), held / (self.drawn[place] - self.lost[place])
            if share <= last:
                self._between(place, 0.0, last + 1e-9)
            elif share >= 1 - last:
                self._between(place, 1 - last - 1e-9, 1.0)

    def _between(self, place, low, high):
        one = np.eye(len(self.drawn))[place]
        self._rule(one, low * one, low * self.drawn[place], np.inf)
        self._rule(one, high * one, -np.inf, high * self.drawn[place])

    def reach(self, number):
        """Smallest and largest that an unknown can be: events first, then those lost."""
        aim = np.eye(2 * len(self.drawn))[number]
        found = [
            milp(s * aim, constraints=self.rules, integrality=np.ones(len(aim)), bounds=Bounds(0, np.inf))
            for s in (1, -1)
        ]
        return [round(each.x @ aim) for each in found]


def given_away(cells, joint, own):
    """Small numbers that the reader narrows down to fewer values than a cell has persons, and how far."""
    for arm in (0, 1):
        for position, name in enumerate(SHARES):
            told = [next(row for row in part.levels if row.outcome == name) for part in own]
            levels = [(row.control, row.intervention)[arm] for row in told]
            row = next(row for row in joint.levels if row.outcome == name)
            events = [arms[arm].events[position] for arms in cells.values()]
            reader = Reader(cells, arm, (row.control, row.intervention)[arm], levels, events, missing=True)
            if any(not math.isnan(level.mean) for level in levels):
                yield from narrow(reader, np.array([*events, *reader.lost]), reader.drawn - reader.lost)
        for number, origin in enumerate("abc"):
            rows = [next((row for row in part.baseline if row.level == origin), None) for part in (joint, *own)]
            if any(row is None for row in rows):
                continue
            whole, *levels = [(row.control, row.intervention)[arm] for row in rows]
            held = [arms[arm].origins[number] for arms in cells.values()]
            reader = Reader(cells, arm, whole, levels, held, missing=False)
            if any(not math.isnan(level.mean) for level in levels):
                yield from narrow(reader, np.array(held), reader.drawn)


def narrow(reader, true, persons):
    for number, n in enumerate(true):
        rest = persons[number] - n if number < len(persons) else K
        if 0 < n < K or 0 < rest < K:
            low, high = reader.reach(number)
            assert low <= n <= high
            if high - low < K - 1:
                yield int(n), low, high


@settings(max_examples=40)
@given(trials())
def test_no_small_number_is_narrowed_down(cells):
    joint, parts = evaluate_all(cells)
    own = protect_municipalities(joint, parts)
    assert list(given_away(cells, protect(joint), own.values())) == []


def several(events, lost=(0, 0, 0), drawn=60):
    return {
        place: (Cell(drawn, m, (e, 20), (10, 20, drawn - 30)),) * 2
        for place, e, m in zip(PLACES, events, lost, strict=False)
    }


@pytest.fixture
def exact_joint(monkeypatch):
    """A joint report that tells of three municipalities as exactly as it does of four."""
    monkeypatch.setattr(results, "FEW_BLOCKS", 0)


def test_reports_protected_one_by_one_give_a_small_number_away(exact_joint):
    """The control: the joint report tells 33 of 180, two municipalities 10 and 20; the third hides its 3."""
    cells = several((10, 20, 3))
    joint, parts = evaluate_all(cells)
    naive = [protect(part) for part in parts.values()]
    assert math.isnan(naive[2].levels[0].control.mean)
    assert (3, 3, 3) in set(given_away(cells, protect(joint), naive))
    assert not list(given_away(cells, protect(joint), protect_municipalities(joint, parts).values()))


@pytest.mark.parametrize("events", [(8, 8, 9), (4, 4, 4), (0, 0, 5), (12, 0, 0)])
def test_numbers_at_the_ends_of_their_steps_are_not_given_away(events):
    """All at the lower end of what is told: the joint sum would settle each of them."""
    cells = several(events, lost=(2, 3, 1))
    joint, parts = evaluate_all(cells)
    assert not list(given_away(cells, protect(joint), protect_municipalities(joint, parts).values()))


@settings(max_examples=15)
@given(trials())
def test_nothing_tells_how_many_have_a_value(cells):
    joint, parts = evaluate_all(cells)
    for part in protect_municipalities(joint, parts).values():
        levels = [level for row in (*part.levels, *part.baseline) for level in (row.control, row.intervention)]
        assert {level.n for level in levels} == {None}
        assert {level.events for level in levels} == {None}
        assert all(math.isnan(level.std) for level in levels)
        assert all(math.isnan(row.std_error) and math.isnan(row.p_value) and row.n is None for row in part.effects.rows)


@settings(max_examples=15)
@given(trials())
def test_a_rounded_interval_holds_the_one_that_was_reckoned(cells):
    joint, parts = evaluate_all(cells)
    own = protect_municipalities(joint, parts)
    for label, part in own.items():
        exact = {row.outcome: row for row in parts[label].effects.rows}
        for row in part.effects.rows:
            if not math.isnan(row.conf_low):
                assert row.conf_low <= exact[row.outcome].conf_low + 1e-9
                assert row.conf_high >= exact[row.outcome].conf_high - 1e-9


def test_rounding_alone_would_give_some_away(exact_joint, monkeypatch):
    """Of 27 with work in the control, those of two municipalities are told to a step and 3 are hidden."""
    cells = {
        "153": (Cell(53, 0, (3, 19), (6, 31, 16)), Cell(93, 0, (10, 30), (7, 43, 43))),
        "260": (Cell(86, 0, (10, 20), (7, 38, 41)), Cell(83, 0, (7, 25), (6, 42, 35))),
        "550": (Cell(91, 0, (14, 31), (5, 27, 59)), Cell(85, 0, (12, 38), (3, 35, 47))),
    }
    joint, parts = evaluate_all(cells)
    assert not list(given_away(cells, protect(joint), protect_municipalities(joint, parts).values()))
    monkeypatch.setattr(municipal, "find_narrow", lambda *_, **__: iter(()))
    assert (3, 3, 3) in set(given_away(cells, protect(joint), protect_municipalities(joint, parts).values()))
