"""Coverage in the demo trial: twenty worlds through the whole walk, and many draws from the persons of one world."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest

from ctieval.designs.draw import draw
from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.cost_benefit import Account, View
from ctieval.domain.effect_table import Effect
from ctieval.domain.outcome import Role
from ctieval.economics.costing.build import build_person_costs
from ctieval.economics.inputs import AccountInputs
from ctieval.economics.reckon import reckon_persons
from ctieval.evaluate.data import load_allocation, open_data
from ctieval.evaluate.demo import DEMO_SEED, write_demo
from ctieval.evaluate.story import evaluate
from ctieval.inference.by_design import by_design
from ctieval.simulation.truth import count_potential_outcomes
from ctieval.simulation.world import simulate_world

ACCOUNTS = (Account.M0, Account.M2, Account.SOCIETY)
OUTCOMES = (
    "weeks in an ordinary job",
    "net result of the municipality after refund",
    "net result of the municipality after tax and equalisation",
    "net result of society",
)
OWN_DRIVERS = {"contact_min", "indirect_min", "participant"}
WALK_SEEDS = range(1, 21)
N_WORLDS = 4_000
FUTURES = ("effect of the demo", "no effect")
SEED = 20180205
MONTE_CARLO_ERRORS = 4


@dataclass(frozen=True, eq=False)
class Walk:
    """A trial walked to its results, and both futures of everybody in its target group, shape (n, outcomes)."""

    allocation: Allocation
    control: FloatArray
    intervention: FloatArray
    effects: tuple[Effect, ...]

    @property
    def truth(self):
        """The average effect on those of whom the registers tell, each person counting once."""
        return np.nanmean(self.intervention - self.control, axis=0)


@dataclass(frozen=True, eq=False)
class Found:
    """Estimates and intervals, shape (worlds, columns), with the truths that they should hold."""

    estimate: FloatArray
    conf_low: FloatArray
    conf_high: FloatArray
    truth: FloatArray


def keep_own_costs(data):
    """Leave the ingredients that each person uses up alone: what a person shares with others is no future of hers."""
    (data / "accounts.csv").unlink()
    ingredients = data / "ingredients.csv"
    head, *rows = ingredients.read_text("utf-8-sig").splitlines()
    driver = head.split(";").index("driver")
    own = [row for row in rows if row.split(";")[driver] in OWN_DRIVERS]
    ingredients.write_text("\n".join([head, *own]) + "\n", encoding="utf-8")
    assert 0 < len(own) < len(rows)


def walk_world(folder, seed):
    """Walk a demo to its results, each person's own services at what they cost."""
    trial = write_demo(folder, seed=seed)
    keep_own_costs(folder / "data")
    data = open_data(trial)
    allocation = load_allocation(trial, data)
    evaluation = evaluate(trial, allocation, data)
    world = simulate_world(seed)
    assert world.control.persons.loc[world.eligible, "person_id"].tolist() == allocation.person_id.tolist()
    primary = next(outcome for outcome in trial.outcomes if outcome.role is Role.PRIMARY)
    weeks = count_potential_outcomes(world, primary, data.codes)
    control, intervention = (
        net_kroner(replace(registers, ingredients=data.registers.ingredients), allocation, trial.economics, data)
        for registers in (world.control, world.intervention)
    )
    job = next(row for row in evaluation.effects.rows if row.outcome == primary.name)
    results = {(each.view, each.account): each.effect for each in evaluation.economics.results}
    return Walk(
        allocation=allocation,
        control=np.column_stack([weeks.control, control]),
        intervention=np.column_stack([weeks.intervention, intervention]),
        effects=(job, *(results[View.ORDINARY_OPERATION, account] for account in ACCOUNTS)),
    )


def net_kroner(registers, allocation, plan, data):
    """What each person gives the accounts in one future, her own services among it, shape (n, accounts)."""
    costs = build_person_costs(plan, allocation, registers, data.rates)
    persons = reckon_persons(plan, allocation, AccountInputs(registers, data.rates, data.codes, costs)).persons
    return np.column_stack([persons.net()[account].sum(axis=1) for account in ACCOUNTS])


@pytest.fixture(scope="module")
def walks(tmp_path_factory):
    return [walk_world(tmp_path_factory.mktemp("walk"), seed) for seed in WALK_SEEDS]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return walk_world(tmp_path_factory.mktemp("demo"), DEMO_SEED)


@pytest.fixture(scope="module")
def redrawn(demo):
    """Persons drawn anew with replacement within each municipality, and arms drawn by the design of the trial."""
    rng = np.random.Generator(np.random.PCG64(SEED))
    by_block = np.argsort(demo.allocation.block, kind="stable")
    block = demo.allocation.block[by_block]
    first, size = np.searchsorted(block, block), np.bincount(block)[block]
    allocation = replace(demo.allocation, block=block, probability=demo.allocation.probability[by_block])
    control = np.hstack([demo.control, demo.control])[by_block]
    intervention = np.hstack([demo.intervention, demo.control])[by_block]
    found = []
    for _ in range(N_WORLDS):
        person = first + rng.integers(size)
        arm = draw(allocation.design, allocation.entrants, rng)
        values = np.where(arm[:, None] == 1, intervention[person], control[person])
        found.append(by_design(values, replace(allocation, arm=arm)))
    return Found(
        estimate=np.array([each.estimate for each in found]),
        conf_low=np.array([each.conf_low for each in found]),
        conf_high=np.array([each.conf_high for each in found]),
        truth=np.tile(np.concatenate([demo.truth, np.zeros(len(OUTCOMES))]), (N_WORLDS, 1)),
    )


def check_coverage(found, column, cell, record):
    """Print coverage and bias of one column; fail below nominal, or away from the truth, by four Monte Carlo errors."""
    n_worlds = len(found.truth)
    truth = found.truth[:, column]
    covered = ((found.conf_low[:, column] <= truth) & (truth <= found.conf_high[:, column])).mean()
    error = math.sqrt(0.95 * 0.05 / n_worlds)
    miss = found.estimate[:, column] - truth
    bias, bias_error = miss.mean(), miss.std(ddof=1) / math.sqrt(n_worlds)
    print(
        f"{cell}, {n_worlds} worlds: truth {truth.mean():+.4g}, coverage {covered:.4f} (Monte Carlo error {error:.4f}),"
        f" bias {bias:+.4g} ({bias_error:.4g})"
    )
    record(cell, f"{covered:.4f}")
    assert covered >= 0.95 - MONTE_CARLO_ERRORS * error
    assert abs(bias) <= MONTE_CARLO_ERRORS * bias_error


@pytest.mark.slow
def test_every_world_has_persons_and_a_draw_of_its_own(walks):
    drawn = {frozenset(walk.allocation.person_id[walk.allocation.arm == 1]) for walk in walks}
    assert len(drawn) == len(walks)


@pytest.mark.slow
def test_the_walk_tells_of_each_person_the_future_of_her_arm(walks):
    for walk in walks:
        revealed = np.where(walk.allocation.arm[:, None] == 1, walk.intervention, walk.control)
        expected = by_design(revealed, walk.allocation)
        assert [effect.n for effect in walk.effects] == expected.n.tolist()
        assert [effect.estimate for effect in walk.effects] == pytest.approx(expected.estimate.tolist(), rel=1e-9)
        assert [effect.std_error for effect in walk.effects] == pytest.approx(expected.std_error.tolist(), rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("outcome", range(len(OUTCOMES)), ids=OUTCOMES)
def test_interval_covers_the_worlds_own_effect_through_the_whole_walk(walks, record_testsuite_property, outcome):
    found = Found(
        *(
            np.array([[getattr(effect, name) for effect in walk.effects] for walk in walks])
            for name in ("estimate", "conf_low", "conf_high")
        ),
        truth=np.array([walk.truth for walk in walks]),
    )
    check_coverage(found, outcome, f"whole walk, {OUTCOMES[outcome]}", record_testsuite_property)


@pytest.mark.slow
@pytest.mark.parametrize("future", range(len(FUTURES)), ids=FUTURES)
@pytest.mark.parametrize("outcome", range(len(OUTCOMES)), ids=OUTCOMES)
def test_interval_covers_the_effect_in_the_population(redrawn, record_testsuite_property, outcome, future):
    column = future * len(OUTCOMES) + outcome
    check_coverage(redrawn, column, f"{FUTURES[future]}, {OUTCOMES[outcome]}", record_testsuite_property)
