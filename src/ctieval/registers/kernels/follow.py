"""Everything that is measured of the persons drawn, in one pass over a block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ctieval.domain.arrays import IntArray
from ctieval.domain.window import Window
from ctieval.registers.kernels.block import Block, Int32Array, Participants, Result
from ctieval.registers.kernels.first_spell import FirstSpell, find_first_spell
from ctieval.registers.kernels.overlay import StateRules, overlay
from ctieval.registers.kernels.paths import count_paths, sum_paths
from ctieval.registers.kernels.payments import WeeklyRates, check_cover, sum_payments
from ctieval.registers.kernels.windows import count_weeks


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FollowUp:
    """What is measured of whom.

    Attributes:
        drawn: The persons drawn.
        n_arms: Number of arms.
        rules: Numbers of the states and thresholds.
        windows: Windows in which weeks in states are counted, shape (k, 2).
        first_spell: The spell whose beginning is looked for, or None.
        path: Weeks from randomisation over which arms are summed.
        paid_windows: Windows in which payments are summed, shape (j, 2).
        rates: Rates a week, or None: then nothing is paid.
    """

    drawn: Participants
    n_arms: int
    rules: StateRules
    windows: IntArray
    first_spell: FirstSpell | None
    path: Window
    paid_windows: IntArray
    rates: WeeklyRates | None

    @property
    def first_week(self) -> int:
        """First week from randomisation that anything asks for."""
        starts = [*self.windows[:, 0].tolist(), *([] if self.first_spell is None else [self.first_spell.window.start])]
        return min([self.path.start, *starts])


def follow(block: Block, asked: FollowUp) -> Result:
    """Follow the persons drawn of one block.

    Args:
        block: Persons.
        asked: What is measured of whom.

    Returns:
        A table with a row a person: ``pidx``; ``weeks``, shape (n, k, states); where asked for, ``first_spell``,
        shape (n, lengths), and ``paid``, shape (n, j). And sums that may be added over blocks: ``persons``, shape
        (arms,); ``in_state``, shape (arms, states, weeks); where asked for, ``paid`` and ``paid_squared``, shape
        (arms, weeks).

    Raises:
        InputError: If a week of the extract has no rate.
    """
    part, drawn = asked.drawn.within(block)
    n_states = asked.rules.n_states
    runs = overlay(part, asked.rules, _since(drawn, asked))
    table: dict[str, npt.NDArray[np.generic]] = {"pidx": part.pidx}
    table["weeks"] = count_weeks(runs, drawn.week_zero, asked.windows, n_states)
    sums: dict[str, IntArray] = {
        "persons": np.bincount(drawn.arm, minlength=asked.n_arms),
        "in_state": count_paths(runs, drawn, asked.path, n_arms=asked.n_arms, n_states=n_states),
    }
    if asked.first_spell is not None:
        table["first_spell"] = find_first_spell(runs, drawn.week_zero, asked.first_spell)
    if asked.rates is not None:
        check_cover(asked.rates, part.span)
        table["paid"] = sum_payments(part.codes, drawn.week_zero, asked.paid_windows, asked.rates)
        paid = sum_paths(part.codes, drawn, asked.path, asked.rates, n_arms=asked.n_arms)
        sums |= {"paid": paid[0], "paid_squared": paid[1]}
    return table, sums


def _since(drawn: Participants, asked: FollowUp) -> Int32Array:
    """The week before the first asked for: whether a spell is under way when it begins shows there."""
    return drawn.week_zero + np.int32(asked.first_week - 1)
