"""The demo: a simulated trial of five municipalities, from the target group to the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ctieval.assignment.record import read_allocation
from ctieval.domain.allocation import Allocation
from ctieval.domain.trial import PlannedDraw, Trial
from ctieval.evaluate.data import draw_allocation, load_allocation, open_data
from ctieval.evaluate.story import evaluate
from ctieval.protocol.load import load_trial
from ctieval.report.publish import USUAL, Audience, ReportFormat, publish
from ctieval.simulation.files import write_plan, write_world
from ctieval.simulation.reveal import reveal
from ctieval.simulation.world import World, simulate_world

DEMO_SEED = 2018


def write_demo(folder: Path, *, seed: int = DEMO_SEED, progress: Callable[[str], None] = lambda _: None) -> Trial:
    """Simulate the trial, draw its arms, and let two years pass: plan, rates, registers and record on disk.

    Where the folder holds the record of an earlier demo, its arms are kept, since a person is drawn once.

    Args:
        folder: Where the trial goes.
        seed: Seed of the world.
        progress: Called with a line before each step.

    Returns:
        The plan of the trial.
    """
    progress("simulating the registers of five municipalities")
    world = simulate_world(seed)
    write_plan(folder)
    trial = load_trial(folder)
    allocation = _draw(trial, world, folder, progress)
    progress("letting two years pass")
    write_world(reveal(world, allocation.person_id[allocation.arm == 1].tolist()), folder / "data")
    return trial


def publish_demo(
    folder: Path,
    *,
    seed: int = DEMO_SEED,
    audiences: Sequence[Audience] = USUAL,
    formats: Sequence[ReportFormat] = tuple(ReportFormat),
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Path, ...]:
    """Walk the simulated trial to its reports.

    Args:
        folder: Where the trial and its reports go.
        seed: Seed of the world.
        audiences: Whom documents are written for.
        formats: Formats of each document.
        progress: Called with a line before each step.

    Returns:
        The files of the report, the manifest last.
    """
    trial = write_demo(folder, seed=seed, progress=progress)
    progress("opening and checking the registers")
    data = open_data(trial)
    progress("estimating effects and reckoning the account")
    evaluation = evaluate(trial, load_allocation(trial, data), data)
    return publish(
        evaluation,
        folder / "rapport",
        audiences=audiences,
        formats=formats,
        progress=lambda name: progress(f"writing {name}"),
    )


def _draw(trial: Trial, world: World, folder: Path, progress: Callable[[str], None]) -> Allocation:
    draw = trial.assignment
    if isinstance(draw, PlannedDraw) and draw.record.exists():
        progress("the arms were drawn already; the record proves them")
        return read_allocation(draw.record, plan=draw, arms=trial.arms)
    write_world(reveal(world, ()), folder / "data")
    progress("screening the target group")
    data = open_data(trial)
    progress("drawing the arms")
    return draw_allocation(trial, data)
