"""The weekly chain: which state follows which, for many persons at once. It knows no code and no calendar."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.simulation.settings import Chain, States


@dataclass(frozen=True, slots=True, eq=False)
class Hazards:
    """Weekly hazards between S states.

    Attributes:
        weekly: Hazard under the control at mean readiness, from row to column, shape (S, S).
        readiness: Change of the log hazard for one standard deviation of readiness, shape (S, S).
        log_ratio: Log hazard ratio of taking part, shape (S, S).
    """

    weekly: FloatArray
    readiness: FloatArray
    log_ratio: FloatArray

    def within(self, states: BoolArray) -> Hazards:
        """Return the hazards with no way into a state outside a set, which is True in shape (S,)."""
        return replace(self, weekly=np.where(states, self.weekly, 0.0))


def to_hazards(states: States, chain: Chain) -> Hazards:
    """Lay the declared transitions out as matrices.

    Args:
        states: The states.
        chain: The transitions.

    Returns:
        The hazards; 0 where no transition is declared.
    """
    weekly, readiness, log_ratio = np.zeros((3, len(states.state), len(states.state)))
    for way in chain.transition:
        cell = states.number(way.leaves), states.number(way.enters)
        weekly[cell], readiness[cell], log_ratio[cell] = way.weekly, way.readiness, np.log(way.ratio)
    return Hazards(weekly, readiness, log_ratio)


def simulate_states(
    start: IntArray, chance: FloatArray, hazards: Hazards, *, readiness: FloatArray, exposure: FloatArray
) -> IntArray:
    r"""Walk every person through the weeks.

    In state s a person enters state t in the next week with probability

    .. math:: h_{st} \exp(\gamma_{st} z + \log(\rho_{st}) e_w)

    where z is readiness and e the exposure to the intervention; else the person stays. With the same
    ``chance`` two walks differ only where their exposure does.

    Args:
        start: State in the week before the first, shape (n,).
        chance: Uniform numbers in [0, 1), shape (n, weeks).
        hazards: The hazards.
        readiness: Readiness in standard deviations, shape (n,).
        exposure: 0 without the intervention, 1 under it, shape (n, weeks).

    Returns:
        States, shape (n, weeks).

    Examples:
        >>> sure = Hazards(np.array([[0.0, 1.0], [0.0, 0.0]]), np.zeros((2, 2)), np.zeros((2, 2)))
        >>> nobody = np.zeros(1)
        >>> simulate_states(np.array([0]), np.zeros((1, 2)), sure, readiness=nobody, exposure=np.zeros((1, 2)))
        array([[1, 1]])
    """
    states = np.empty(chance.shape, dtype=np.int64)
    now = start
    for week in range(chance.shape[1]):
        log_shift = hazards.readiness[now] * readiness[:, None] + hazards.log_ratio[now] * exposure[:, week, None]
        reached = np.cumsum(hazards.weekly[now] * np.exp(log_shift), axis=1)
        moves = chance[:, week] < reached[:, -1]
        now = np.where(moves, (chance[:, week, None] >= reached).sum(axis=1), now)
        states[:, week] = now
    return states
