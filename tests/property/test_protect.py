"""What may never be read off or worked out of a protected evaluation, checked with another method than its own."""

import math
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ctieval.domain.allocation import Declared
from ctieval.domain.arms import Arms
from ctieval.domain.description import ArmLevel, BaselineRow, OutcomeLevel
from ctieval.domain.design import Complete
from ctieval.domain.effect_table import Effect, EffectTable
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.flow import BlockCount, FollowUp, LossCount, ParticipantFlow
from ctieval.domain.outcome import BetterWhen, ColumnOutcome, Role
from ctieval.domain.provenance import Provenance
from ctieval.domain.trial import AnalysisTable, ImportedAllocation, ImportedDesign, ReportPlan, Trial
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label
from ctieval.report.disclosure.suppress import suppress
from ctieval.report.protect import protect

K = 5
NAMES = ("work", "course")
REASONS = ("exited", "missing")


def label(text):
    return Label(text, text)


def trial():
    outcomes = tuple(
        ColumnOutcome(
            name=name,
            label=label(name),
            role=Role.PRIMARY,
            better_when=BetterWhen.HIGHER,
            column=name,
            unit=Unit.SHARE,
        )
        for name in NAMES
    )
    return Trial(
        title=label("trial"),
        start=date(2018, 1, 1),
        end=date(2019, 1, 1),
        arms=Arms("a", "b"),
        data=AnalysisTable(Path("t.csv"), "id", "arm", "1", "0", None, label("data")),
        eligibility=None,
        assignment=ImportedAllocation(ImportedDesign.COMPLETE),
        baseline=(),
        outcomes=outcomes,
        economics=None,
        report=ReportPlan(("en",), K, None, "", ""),
        digest="",
    )


def split(draw, total, parts):
    """Cut a number of persons into parts, small ones being likely."""
    cuts = []
    for _ in range(parts - 1):
        cuts.append(draw(st.integers(0, min(total, draw(st.sampled_from([0, 6, 40]))))))
        total -= cuts[-1]
    return draw(st.permutations([*cuts, total]))


def level(n, events):
    return ArmLevel(n, events / n if n else math.nan, math.nan, events)


def effect(name, n):
    return Effect(
        name, "ate_persons", "a - b", 0.1, 0.2, 0.5, 9.0, 0.6, -0.3, 0.5, 0.95, sum(n), n[1], n[0], "share", "", "m"
    )


@st.composite
def evaluations(draw):
    """A small trial in which every sum holds."""
    drawn = [draw(st.integers(8, 60)) for _ in range(2)]
    blocks = list(zip(*(split(draw, n, 3) for n in drawn), strict=True))
    origin = list(zip(*(split(draw, n, 3) for n in drawn), strict=True))
    follow_up, levels, effects = [], [], []
    for name in NAMES:
        arms = []
        for arm, n in enumerate(drawn):
            lost = [draw(st.integers(0, 6)) for _ in REASONS] if draw(st.booleans()) else [0, 0]
            seen = max(n - sum(lost), 2)
            lost = lost if seen == n - sum(lost) else [0, n - seen]
            follow_up.append(FollowUp(name, arm, seen, tuple(map(LossCount, REASONS, lost))))
            arms.append(level(seen, split(draw, seen, 2)[0]))
        levels.append(OutcomeLevel(name, *arms))
        effects.append(effect(name, [each.n for each in arms]))
    return Evaluation(
        trial=trial(),
        design=Complete(drawn[1]),
        proof=Declared(),
        flow=ParticipantFlow(
            None, tuple(drawn), tuple(BlockCount(f"b{i}", *each) for i, each in enumerate(blocks)), tuple(follow_up)
        ),
        baseline=tuple(
            BaselineRow("origin", label("origin"), f"o{i}", "share", *map(level, drawn, each), 0.1)
            for i, each in enumerate(origin)
        ),
        levels=tuple(levels),
        effects=EffectTable(tuple(effects), "complete", (), Provenance(())),
        experienced=(),
        implementation=None,
        economics=None,
        missing=(),
        warnings=(),
        provenance=Provenance(()),
        suppression=None,
    )


@dataclass
class Puzzle:
    """What a reader knows: counts that are shown, sums, and how rounded shares bound their counts."""

    true: dict = field(default_factory=dict)
    shown: dict = field(default_factory=dict)
    sums: list = field(default_factory=list)
    shares: list = field(default_factory=list)

    def add(self, name, true, shown):
        self.true[name] = true
        if shown is not None:
            assert shown == true
            self.shown[name] = shown

    def range_of(self, name):
        names = list(self.true)
        at = {each: i for i, each in enumerate(names)}
        equal = np.zeros((len(self.sums), len(names)))
        for row, (whole, parts) in enumerate(self.sums):
            equal[row, at[whole]] -= 1
            for part in parts:
                equal[row, at[part]] += 1
        most = np.zeros((2 * len(self.shares), len(names)))
        for row, (events, n, low, high) in enumerate(self.shares):
            most[2 * row, [at[events], at[n]]] = (-1, low)
            most[2 * row + 1, [at[events], at[n]]] = (1, -high)
        bounds = [(self.shown[each],) * 2 if each in self.shown else (0, None) for each in names]
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(names))
            goal[at[name]] = sign
            found = linprog(
                goal,
                A_ub=most if len(most) else None,
                b_ub=np.zeros(len(most)) if len(most) else None,
                A_eq=equal,
                b_eq=np.zeros(len(equal)),
                bounds=bounds,
            )
            ends.append(math.inf if found.status == 3 else sign * found.fun)
        return ends


def share_known(puzzle, key, n, before, after):
    """Add a yes/no level: its events and non-events, and what its mean tells."""
    puzzle.add((*key, "yes"), before.events, after.events)
    puzzle.add((*key, "no"), before.n - before.events, None)
    puzzle.sums.append((n, [(*key, "yes"), (*key, "no")]))
    if not math.isnan(after.mean):
        half = 0.005 if after.n is None else 0
        puzzle.shares.append(((*key, "yes"), n, after.mean - half, after.mean + half))


def puzzle_of(before, after):
    puzzle = Puzzle()
    for arm in (0, 1):
        puzzle.add(("drawn", arm), before.flow.allocated[arm], after.flow.allocated[arm])
        for old, new in zip(before.flow.blocks, after.flow.blocks, strict=True):
            puzzle.add(
                ("block", old.block, arm), (old.control, old.intervention)[arm], (new.control, new.intervention)[arm]
            )
        puzzle.sums.append((("drawn", arm), [("block", row.block, arm) for row in before.flow.blocks]))
        parts = []
        for old, new in zip(before.baseline, after.baseline, strict=True):
            key = ("origin", old.level, arm)
            share_known(puzzle, key, ("drawn", arm), *((row.control, row.intervention)[arm] for row in (old, new)))
            parts.append((*key, "yes"))
        puzzle.sums.append((("drawn", arm), parts))
    for old, new in zip(before.flow.follow_up, after.flow.follow_up, strict=True):
        key = (old.outcome, old.arm)
        puzzle.add((*key, "seen"), old.observed, new.observed)
        puzzle.add((*key, "lost"), sum(each.n for each in old.lost), None)
        for was, is_ in zip(old.lost, new.lost, strict=True):
            puzzle.add((*key, was.reason), was.n, is_.n)
        puzzle.sums.append((("drawn", old.arm), [(*key, "seen"), (*key, "lost")]))
        puzzle.sums.append(((*key, "lost"), [(*key, each.reason) for each in old.lost]))
    for old, new in zip(before.levels, after.levels, strict=True):
        for arm in (0, 1):
            was, is_ = ((row.control, row.intervention)[arm] for row in (old, new))
            share_known(puzzle, (old.outcome, arm), (old.outcome, arm, "seen"), was, is_)
    for old, new in zip(before.effects.rows, after.effects.rows, strict=True):
        puzzle.add((old.outcome, "n"), old.n, new.n)
        puzzle.sums.append(((old.outcome, "n"), [(old.outcome, arm, "seen") for arm in (0, 1)]))
    return puzzle


def counts_in(evaluation):
    flow = evaluation.flow
    yield from flow.allocated
    for block in flow.blocks:
        yield from (block.control, block.intervention)
    for row in flow.follow_up:
        yield from (row.observed, *(each.n for each in row.lost))
    for row in (*evaluation.levels, *evaluation.baseline):
        for each in (row.control, row.intervention):
            yield from (each.n, each.events)
    for row in evaluation.effects.rows:
        yield from (row.n, row.n_treated, row.n_control)


@given(evaluations())
def test_no_small_count_is_shown(evaluation):
    assert not {n for n in counts_in(protect(evaluation)) if n is not None} & set(range(1, K))


@settings(max_examples=30)
@given(evaluations())
def test_no_small_count_can_be_worked_out(evaluation):
    puzzle = puzzle_of(evaluation, protect(evaluation))
    for name, n in puzzle.true.items():
        if 0 < n < K:
            low, high = puzzle.range_of(name)
            assert high - low > 1e-6, f"{name} is {n}, and a reader can tell"


@given(evaluations())
def test_protecting_twice_is_protecting_once(evaluation):
    once = protect(evaluation)
    assert protect(once) is once
    assert repr(protect(evaluation)) == repr(once)


@given(evaluations())
def test_what_is_not_small_stays_where_the_threshold_is_one(evaluation):
    plan = replace(evaluation.trial.report, smallest_cell=1)
    open_to_all = replace(evaluation, trial=replace(evaluation.trial, report=plan))
    protected = protect(open_to_all)
    assert list(counts_in(protected)) == list(counts_in(open_to_all))
    assert (protected.suppression.counts, protected.suppression.values) == (0, 0)


@st.composite
def tables(draw):
    """A two-way table with its margins: counts, and the sums between them."""
    rows, columns = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    inner = np.array(draw(st.lists(st.integers(0, 12), min_size=rows * columns, max_size=rows * columns)))
    table = np.zeros((rows + 1, columns + 1), dtype=np.int64)
    table[:rows, :columns] = inner.reshape(rows, columns)
    table[rows, :columns] = table[:rows, :columns].sum(axis=0)
    table[:, columns] = table[:, :columns].sum(axis=1)
    number = np.arange(table.size).reshape(table.shape)
    sums = [*number, *number.T]
    relations = np.zeros((len(sums), table.size))
    for row, members in enumerate(sums):
        relations[row, members[:-1]] = 1
        relations[row, members[-1]] = -1
    return table.ravel(), relations


@settings(max_examples=40)
@given(tables())
def test_no_small_cell_of_a_table_with_margins_can_be_worked_out(table):
    sizes, relations = table
    sensitive = (sizes > 0) & (sizes < K)
    hidden = suppress(sizes, sensitive, relations)
    assert hidden[sensitive].all()
    assert not hidden[sizes == 0].any()
    bounds = [(1, None) if is_hidden else (n, n) for n, is_hidden in zip(sizes, hidden, strict=True)]
    for cell in np.flatnonzero(sensitive):
        ends = []
        for sign in (1, -1):
            goal = np.zeros(len(sizes))
            goal[cell] = sign
            found = linprog(goal, A_eq=relations, b_eq=np.zeros(len(relations)), bounds=bounds)
            ends.append(math.inf if found.status == 3 else sign * found.fun)
        assert ends[1] - ends[0] > 1e-6


@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_the_sums_changes_nothing(table, random):
    sizes, relations = table
    sensitive = (sizes > 0) & (sizes < K)
    order = list(range(len(relations)))
    random.shuffle(order)
    assert suppress(sizes, sensitive, relations).tolist() == suppress(sizes, sensitive, relations[order]).tolist()
