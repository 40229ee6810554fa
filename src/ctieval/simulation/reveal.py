"""What a draw brings to light: of each person's two futures, the one of her arm. Nobody is drawn here."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from ctieval.domain.arrays import BoolArray
from ctieval.domain.registers import EmploymentPanel, Registers, WeekPanel
from ctieval.errors import InputError
from ctieval.simulation.costs import book_accounts
from ctieval.simulation.world import World

Cell = TypeVar("Cell", bound=np.generic)


def reveal(world: World, drawn: Collection[str]) -> Registers:
    """Show the registers as they read once some persons are drawn.

    The drawn show their future under the intervention, everybody else the one under the control. Log and
    survey hold the drawn alone, as in the trial that the world is made after; usual services are logged in both arms,
    and the accounts hold what the log cost.

    Args:
        world: The world.
        drawn: Identifiers of those drawn into the intervention.

    Returns:
        The registers.

    Raises:
        InputError: If somebody drawn is not in the target group of the world.

    Examples:
        >>> from ctieval.simulation.world import simulate_world
        >>> world = simulate_world(1)
        >>> reveal(world, []).survey.empty
        True
    """
    ids = world.control.persons["person_id"]
    in_intervention = ids.isin(drawn).to_numpy()
    _check_drawn(world, in_intervention, len(set(drawn)))
    activity, settings = _of(world.intervention.activity, drawn), world.settings.costs
    municipality = world.control.persons.set_index("person_id")["municipality"]
    return replace(
        world.control,
        weeks=_choose_weeks(world, in_intervention),
        employment=_choose_employment(world, in_intervention),
        activity=activity,
        survey=_of(world.intervention.survey, drawn),
        usual_services=_services(world, drawn),
        accounts=None if activity is None or activity.empty else book_accounts(activity, municipality, settings),
    )


def _check_drawn(world: World, in_intervention: BoolArray, n_drawn: int) -> None:
    n_found = int((in_intervention & world.eligible).sum())
    if n_found != n_drawn:
        raise InputError(
            what="the draw does not belong to this world",
            where=repr(world),
            found=f"{n_drawn - n_found} of {n_drawn} drawn persons outside the target group",
            expected="persons whom the world holds in its target group",
            do="screen and draw from the registers of the same world",
        )


def _choose_weeks(world: World, in_intervention: BoolArray) -> WeekPanel:
    control, intervention = world.control.weeks, world.intervention.weeks
    return replace(control, code=_choose(in_intervention, intervention.code, control.code))


def _choose_employment(world: World, in_intervention: BoolArray) -> EmploymentPanel | None:
    control, intervention = world.control.employment, world.intervention.employment
    if control is None or intervention is None:
        return None
    return replace(
        control,
        hours=_choose(in_intervention, intervention.hours, control.hours),
        earnings=_choose(in_intervention, intervention.earnings, control.earnings),
    )


def _choose(rows: BoolArray, intervention: npt.NDArray[Cell], control: npt.NDArray[Cell]) -> npt.NDArray[Cell]:
    return np.where(rows[:, None], intervention, control)


def _services(world: World, drawn: Collection[str]) -> pd.DataFrame | None:
    """Return the usual services of everybody, each under the future of her arm."""
    control, intervention = world.control.usual_services, world.intervention.usual_services
    if control is None or intervention is None:
        return None
    rows = [control[~control["person_id"].isin(drawn)], intervention[intervention["person_id"].isin(drawn)]]
    return pd.concat(rows).sort_values(["person_id", "date"], kind="stable", ignore_index=True)


def _of(table: pd.DataFrame | None, drawn: Collection[str]) -> pd.DataFrame | None:
    """Return the rows of those drawn."""
    return None if table is None else table[table["person_id"].isin(drawn)].reset_index(drop=True)
