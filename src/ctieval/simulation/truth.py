"""True effects of a world, counted from both futures of everybody in the target group. Nothing is estimated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.outcome import RETAINED_WEEKS, WAITS, BetterWhen, InstrumentOutcome, Measure, State, StateOutcome
from ctieval.domain.registers import BLANK, NOT_OBSERVED, Registers
from ctieval.errors import InputError
from ctieval.registers.codes import CodeList
from ctieval.simulation.week_grid import to_week_grid
from ctieval.simulation.wellbeing import FULL_SCORE
from ctieval.simulation.world import World


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PotentialOutcomes:
    """One outcome of everybody in the target group under either arm.

    Attributes:
        control: Values under the control, shape (n eligible,); NaN where no register would tell.
        intervention: Values under the intervention, shape (n eligible,), NaN for the same persons.
    """

    control: FloatArray
    intervention: FloatArray

    @property
    def effect(self) -> float:
        """Mean of the persons' differences: the average effect in this very population."""
        return float(np.nanmean(self.intervention - self.control))

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"PotentialOutcomes({int(np.isfinite(self.control).sum())} of {len(self.control)} persons)"


def true_effect(world: World, outcome: StateOutcome | InstrumentOutcome, codes: CodeList) -> float:
    r"""Return the true average effect on one outcome in the target group of a world.

    .. math:: \tau = \frac{1}{n} \sum_i \left( Y_i(1) - Y_i(0) \right)

    over the n persons of the target group whose value the registers would tell; leaving the registers does
    not depend on the arm, so they are the same persons under either.

    Args:
        world: The world.
        outcome: A declared outcome.
        codes: The code list.

    Returns:
        The effect in the unit of the outcome.

    Raises:
        InputError: If the registers of the world hold no weeks for the window of the outcome.

    References:
        Imbens, G. W. & Rubin, D. B. (2015). Causal Inference for Statistics, Social, and Biomedical
        Sciences, ch. 6. Cambridge University Press.
    """
    return count_potential_outcomes(world, outcome, codes).effect


def count_potential_outcomes(
    world: World, outcome: StateOutcome | InstrumentOutcome, codes: CodeList
) -> PotentialOutcomes:
    """Count one outcome of everybody in the target group under either arm.

    Nobody who emigrates or moves before the end of the window has a value. The dead are in no state; where
    less is better, they have no value either.

    Args:
        world: The world.
        outcome: A declared outcome.
        codes: The code list.

    Returns:
        The values, in the order of the world's persons.

    Raises:
        InputError: If the registers of the world hold no weeks for the window of the outcome.
    """
    either = [_values(registers, outcome, world, codes) for registers in (world.control, world.intervention)]
    known = np.isfinite(either).all(axis=0)
    control, intervention = (np.where(known, values, np.nan)[world.eligible] for values in either)
    return PotentialOutcomes(control, intervention)


def _values(
    registers: Registers, outcome: StateOutcome | InstrumentOutcome, world: World, codes: CodeList
) -> FloatArray:
    match outcome:
        case StateOutcome():
            return _count(registers, outcome, world, codes)
        case InstrumentOutcome():
            return _score(registers, outcome, world)


def _count(registers: Registers, outcome: StateOutcome, world: World, codes: CodeList) -> FloatArray:
    """Count the outcome of everybody; NaN where a week that it needs is not known."""
    retained = RETAINED_WEEKS.get(outcome.measure, 0)
    begin = world.draw_week - registers.weeks.first_week + outcome.window.start
    end = begin + outcome.window.weeks
    first, last = (begin - 1, end + retained - 1) if retained else (begin, end)
    first = end - 1 if outcome.measure is Measure.AT_END else first
    _check_covered(registers, outcome, first, last)
    inside = _in_state(registers, outcome.state, world, codes)
    lost = {NOT_OBSERVED, world.settings.exit.emigration_code}
    if outcome.state_is_better is BetterWhen.LOWER:
        lost.add(world.settings.exit.death_code)
    unknown = np.isin(registers.weeks.code[:, first:last], list(lost)).any(axis=1)
    values = _measure(inside, outcome.measure, begin, end)
    values[unknown] = np.nan
    return values


def _check_covered(registers: Registers, outcome: StateOutcome, first: int, last: int) -> None:
    weeks = registers.weeks.code.shape[1]
    if first < 0 or last > weeks:
        raise InputError(
            what="the world does not hold the weeks that an outcome needs",
            where=f"outcome {outcome.name}, window {outcome.window}",
            found=f"{weeks} weeks",
            expected=f"the columns from {first} up to {last}",
            do="shorten the window, or set history_weeks or follow_up_weeks in the settings of the world",
        )


def _measure(inside: BoolArray, measure: Measure, begin: int, end: int) -> FloatArray:
    window = inside[:, begin:end]
    if measure is Measure.WEEKS:
        return window.sum(axis=1).astype(np.float64)
    if measure is Measure.AT_END:
        return window[:, -1].astype(np.float64)
    if length := RETAINED_WEEKS.get(measure):
        starts = [inside[:, w : w + length].all(axis=1) & ~inside[:, w - 1] for w in range(begin, end)]
        window = np.column_stack(starts)
    found = window.any(axis=1)
    waited = np.where(found, window.argmax(axis=1), end - begin)
    return np.asarray(waited if measure in WAITS else found, dtype=np.float64)


def _in_state(registers: Registers, state: State, world: World, codes: CodeList) -> BoolArray:
    """Tell each week of each person apart: in the state or not, shape (n, weeks)."""
    code = registers.weeks.code
    works = _works(registers, world)
    match state:
        case State.ORDINARY_JOB:
            return (code == BLANK) & works | np.isin(code, list(codes.members(state)))
        case State.SELF_SUPPORT:
            return (code == BLANK) & ~works
        case State.ORDINARY_HOURS:
            return works & ~np.isin(code, list(codes.members(State.EXIT)))
        case State.BENEFIT:
            return np.isin(code, list(codes.members("public_payment")))
        case _:
            return np.isin(code, list(codes.members(state)))


def _works(registers: Registers, world: World) -> BoolArray:
    """Tell whether the month of each week's Thursday holds ordinary hours, shape (n, weeks)."""
    if registers.employment is None:
        return np.zeros_like(registers.weeks.code, dtype=np.bool_)
    months: IntArray = to_week_grid(world.settings.calendar).months - registers.employment.first_month
    return np.nan_to_num(registers.employment.hours[:, months]) > 0


def _score(registers: Registers, outcome: InstrumentOutcome, world: World) -> FloatArray:
    """Score those who answered every item of the wave; NaN for everybody else."""
    ids = registers.persons["person_id"]
    survey = registers.survey
    if survey is None:
        return np.full(len(ids), np.nan)
    asked = survey[(survey["instrument"] == outcome.instrument) & (survey["wave"] == outcome.wave)]
    means = asked.groupby("person_id")["answer"].agg(lambda answers: answers.mean(skipna=False)).reindex(ids)
    scores = np.asarray(means.to_numpy(na_value=np.nan), dtype=np.float64)
    return scores * (FULL_SCORE / world.settings.wellbeing.highest)
