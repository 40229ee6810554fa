"""Contradictions between the settings of a world. Reading them from a file is elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from ctieval.errors import ProtocolError
from ctieval.simulation.settings import WorldSettings
from ctieval.simulation.week_grid import to_week_grid

NAMED_STATES = frozenset({"passive", "hours_beside", "job", "self_support"})
"""States of which spells before the draw are made."""


def check_settings(settings: WorldSettings, file: str) -> None:
    """Refuse settings that contradict each other.

    Args:
        settings: The settings.
        file: Name of their file, for the error.

    Raises:
        ProtocolError: If the draw is not on a Monday after the look-up, or the history is shorter than a spell.
        ProtocolError: If shares do not add up to 1, or no fewer are drawn than are eligible.
        ProtocolError: If a state, a series or a step is named that is not declared.
    """
    for key, found, expected in (*_wrong_days(settings), *_wrong_names(settings), *_wrong_sizes(settings)):
        raise ProtocolError(
            file=file,
            key=key,
            line=None,
            what="the settings of the simulated world contradict each other",
            found=found,
            expected=expected,
            do=f"correct {key} in {file}",
        )


def _wrong_days(settings: WorldSettings) -> Iterator[tuple[str, str, str]]:
    calendar = settings.calendar
    if calendar.randomised_on.weekday() != 0:
        yield "calendar.randomised_on", f"{calendar.randomised_on:%A}", "a Monday"
    if calendar.randomised_on <= calendar.as_of:
        yield "calendar.randomised_on", calendar.randomised_on.isoformat(), "a day after the look-up"
    room, longest = to_week_grid(calendar).look_up, max(settings.spell.long_weeks) - 1
    if room < longest:
        yield "calendar.history_weeks", f"{room} weeks before the look-up", f"room for a spell of {longest} weeks"


def _wrong_names(settings: WorldSettings) -> Iterator[tuple[str, str, str]]:
    states = {state.name for state in settings.states.state}
    used = {
        "states.state": NAMED_STATES - states,
        "spell.before": {each.state for each in settings.spell.before} - states,
        "chain.transition": {name for way in settings.chain.transition for name in (way.leaves, way.enters)} - states,
        "ineligible": {group.series for group in settings.groups} - set(settings.states.series),
        "participation.works_from": {settings.participation.works_from}
        - {step.name for step in settings.participation.step},
    }
    for key, unknown in used.items():
        if unknown:
            yield key, f"nothing of the name {', '.join(sorted(unknown))}", "a declared name"
    uneven = [state.name for state in settings.states.state if len(state.codes) != len(settings.states.series)]
    if uneven:
        yield "states.state", f"another number of codes in {', '.join(uneven)}", "one code for each of the series"


def _wrong_sizes(settings: WorldSettings) -> Iterator[tuple[str, str, str]]:
    for place in settings.municipality:
        if not 0 < place.drawn < place.eligible:
            yield "municipality", f"{place.drawn} drawn of {place.eligible} eligible", "fewer drawn than eligible"
    yield from _wrong_shares("ineligible", (each.share for each in settings.ineligible))
    yield from _wrong_shares("spell.before", (each.share for each in settings.spell.before))


def _wrong_shares(key: str, shares: Iterable[float]) -> Iterator[tuple[str, str, str]]:
    total = sum(shares)
    if not math.isclose(total, 1.0):
        yield key, f"shares that add up to {total:g}", "shares that add up to 1"
