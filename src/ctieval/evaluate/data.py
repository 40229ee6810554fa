"""The two doors of a trial: an analysis-ready table, or a folder of register extracts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never

import numpy as np
import pandas as pd

from ctieval.assignment.draw import assign
from ctieval.assignment.exclusions import apply_exclusions, read_exclusions
from ctieval.assignment.imported import import_allocation
from ctieval.assignment.intake.verify import read_intake, read_intake_exclusions
from ctieval.assignment.mask import mask
from ctieval.assignment.record import UNTOLD, Occasion, read_allocation
from ctieval.domain.allocation import Allocation
from ctieval.domain.cohort import Cohort
from ctieval.domain.criterion import Eligibility
from ctieval.domain.instrument import Instrument
from ctieval.domain.registers import Registers
from ctieval.domain.trial import (
    AllocationFile,
    AnalysisTable,
    ImportedAllocation,
    PlannedDraw,
    PlannedIntake,
    RegisterFolder,
    Trial,
)
from ctieval.eligibility.screen import screen
from ctieval.errors import InputError, ProtocolError
from ctieval.outcomes.instruments import load_instruments
from ctieval.rates.book import RateBook
from ctieval.rates.load import load_rates
from ctieval.registers.coded_weeks import UnknownCode
from ctieval.registers.codes import CodeList, load_code_list
from ctieval.registers.read import find_unknown_codes, read_registers
from ctieval.registers.read_table import read_table
from ctieval.registers.schemas import find_heading
from ctieval.registers.typed_columns import typed_columns

MUNICIPALITY = "municipality"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ReadyTable:
    """An analysis-ready table, its columns typed.

    Attributes:
        frame: One row a person.
        source: The columns, as the plan names them.
        recognised: What the reader recognised.
        digests: SHA-256 of the file, by name.
    """

    frame: pd.DataFrame
    source: AnalysisTable
    recognised: tuple[str, ...]
    digests: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        """Say what was recognised, never a value."""
        return f"ReadyTable({self.recognised[0]})"


@dataclass(frozen=True, slots=True, eq=False)
class RegisterData:
    """Register extracts with the lists that read and price them, and everybody screened.

    Attributes:
        registers: The extracts.
        codes: The code list.
        rates: The rate book, overlaid with the trial's own.
        cohort: Everybody screened on the day of the look-up.
        beside: Digests of the trial's own codes and instruments, and of the table of arms, by name of the file.
        drawn: The table of arms drawn elsewhere, or None.
        instruments: The questionnaires, overlaid with the trial's own.
    """

    registers: Registers
    codes: CodeList
    rates: RateBook
    cohort: Cohort
    beside: tuple[tuple[str, str], ...] = ()
    drawn: ReadyTable | None = None
    instruments: tuple[Instrument, ...] = ()

    @property
    def recognised(self) -> tuple[str, ...]:
        """What the reader recognised."""
        return self.registers.recognised + (self.drawn.recognised if self.drawn else ())

    @property
    def digests(self) -> tuple[tuple[str, str], ...]:
        """SHA-256 of each file, by name."""
        return self.registers.digests + self.beside


TrialData: TypeAlias = ReadyTable | RegisterData


def open_data(trial: Trial) -> TrialData:
    """Open the data of a trial; every table is checked on the way in.

    Args:
        trial: The plan.

    Returns:
        The ready table, or the registers with everybody screened.

    Raises:
        InputError: If a file cannot be read as what it should be.
        RateError: If the trial's own rates are not well formed.
    """
    match trial.data:
        case AnalysisTable():
            return _open_table(trial.data)
        case RegisterFolder():
            return _open_registers(trial, trial.data)
        case _:
            assert_never(trial.data)


def list_unknown_codes(trial: Trial) -> tuple[UnknownCode, ...]:
    """List every register code of the data that stands in no code list, where ``open_data`` stops at the first.

    Args:
        trial: The plan.

    Returns:
        The codes, each with its person-weeks, first and last week; none for a ready table.

    Raises:
        InputError: If a file cannot be read as what it should be.
    """
    if not isinstance(trial.data, RegisterFolder):
        return ()
    folder, codes = trial.data, load_code_list(trial.data.codes)
    as_of = _looked_up_on(trial)
    return find_unknown_codes(folder.folder, codes, covers=folder.covers, columns=folder.dream, as_of=as_of)


def draw_allocation(trial: Trial, data: TrialData, *, occasion: Occasion = UNTOLD) -> Allocation:
    """Draw the arms, once, and write the record that proves it.

    Args:
        trial: The plan.
        data: The registers, with everybody screened.
        occasion: When and by whom it is drawn, for the record.

    Returns:
        The allocation, proven by its record.

    Raises:
        ProtocolError: If the arms of the trial were drawn elsewhere.
        RecordError: If the draw was made already, or a person would be drawn a second time.
        DesignError: If the design cannot be conducted on this cohort.
    """
    if isinstance(trial.assignment, PlannedIntake):
        raise ProtocolError(
            file="trial.toml",
            key="assignment",
            line=None,
            what="the persons of this trial are drawn one at a time",
            found="an intake",
            expected="a draw of a whole cohort at once",
            do="start the intake with: ctieval intake start TRIAL; then admit persons with: ctieval intake admit TRIAL",
        )
    if not isinstance(trial.assignment, PlannedDraw) or not isinstance(data, RegisterData):
        raise ProtocolError(
            file="trial.toml",
            key="assignment",
            line=None,
            what="this trial has no draw to make",
            found="an imported allocation",
            expected="a planned draw: drawn, seed, record, randomised_on",
            do="evaluate the trial as it is, or plan a draw in a trial of its own",
        )
    return assign(data.cohort, trial.assignment, trial.arms, occasion=occasion)


def load_allocation(trial: Trial, data: TrialData) -> Allocation:
    """Load the arms: imported from a table, or read from the record and proved against the plan.

    While the plan is locked and its outcomes are not opened, the arms are masked (``assignment.mask``), before those
    excluded after the draw are counted by arm.

    Raises:
        InputError: If the draw has not been made yet.
        InputError: If somebody who was drawn is not in the registers.
        RecordError: If the record does not prove the draw.
        SchemaError: If the arms of a table are not those of the plan.
    """
    allocation = _load_true(trial, data)
    if trial.lock is not None and trial.lock.masked:
        allocation = mask(allocation)
    match trial.assignment:
        case PlannedDraw():
            allocation = apply_exclusions(allocation, read_exclusions(trial.assignment.record))
        case PlannedIntake():
            allocation = apply_exclusions(allocation, read_intake_exclusions(trial.assignment.record))
        case _:
            pass
    if isinstance(data, RegisterData):
        _check_in_registers(allocation, data)
    return allocation


def _load_true(trial: Trial, data: TrialData) -> Allocation:
    """Load the arms as they were drawn."""
    if isinstance(data, ReadyTable) and isinstance(trial.assignment, ImportedAllocation):
        return import_allocation(data.frame, data.source, trial.assignment, trial.arms)
    return _load_drawn(trial, data)


def _load_drawn(trial: Trial, data: TrialData) -> Allocation:
    """Load the arms of a register trial, from their file or from the record."""
    if isinstance(trial.assignment, AllocationFile) and isinstance(data, RegisterData) and data.drawn:
        drawn = import_allocation(data.drawn.frame, data.drawn.source, trial.assignment.declared, trial.arms)
        day = np.datetime64(trial.assignment.randomised_on, "D")
        return replace(drawn, randomised_on=np.full(len(drawn.arm), day))
    if isinstance(trial.assignment, PlannedIntake):
        return read_intake(trial.assignment.record, plan=trial.assignment, arms=trial.arms)
    draw = _planned(trial)
    if not draw.record.exists():
        raise InputError(
            what="the arms have not been drawn yet",
            where=draw.record.name,
            found="no record of a draw",
            expected="the record that ctieval assign writes",
            do="draw the arms, once, with: ctieval assign TRIAL",
        )
    return read_allocation(draw.record, plan=draw, arms=trial.arms)


def _check_in_registers(allocation: Allocation, data: RegisterData) -> None:
    """Refuse registers in which somebody who was drawn is missing."""
    missing = set(allocation.person_id) - set(data.cohort.person_id)
    if missing:
        raise InputError(
            what="persons who were drawn are not in the registers",
            where="table persons",
            found=f"{len(missing)} of {len(allocation.person_id)} persons drawn are not there",
            expected="everybody who was drawn, also those who died or moved, under the identifier of the draw",
            do="add them to persons and the other tables; died_on and moved_on say who is no longer followed",
        )


def _open_table(source: AnalysisTable) -> ReadyTable:
    read = read_table(source.path)
    frame = typed_columns(read.frame, table=source.path.name, identifiers=(source.id,))
    return ReadyTable(frame, source, (read.recognised,), ((source.path.name, read.digest),))


def _open_registers(trial: Trial, folder: RegisterFolder) -> RegisterData:
    codes = load_code_list(folder.codes)
    registers = read_registers(
        folder.folder, codes, covers=folder.covers, columns=folder.dream, as_of=_looked_up_on(trial)
    )
    drawn = _open_drawn(trial.assignment.table) if isinstance(trial.assignment, AllocationFile) else None
    return RegisterData(
        registers=registers,
        codes=codes,
        rates=load_rates(folder.rates),
        cohort=screen(trial.eligibility or Eligibility(_drawn_on(trial), ()), registers, codes),
        beside=_digest_own(folder) + (drawn.digests if drawn else ()),
        drawn=drawn,
        instruments=load_instruments(folder.instruments),
    )


def _open_drawn(source: AnalysisTable) -> ReadyTable:
    """Open the table of arms; blocks under the Danish heading of the municipality are municipalities."""
    opened = _open_table(source)
    if source.block != find_heading("persons", MUNICIPALITY) or MUNICIPALITY in opened.frame.columns:
        return opened
    frame = opened.frame.rename(columns={source.block: MUNICIPALITY})
    return replace(opened, frame=frame, source=replace(source, block=MUNICIPALITY))


def _digest_own(folder: RegisterFolder) -> tuple[tuple[str, str], ...]:
    """Digests of the register codes and the instruments that the trial brought."""
    codes = () if folder.codes is None else (folder.codes,)
    instruments = () if folder.instruments is None else sorted(folder.instruments.glob("*.toml"))
    return tuple((path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in (*codes, *instruments))


def _looked_up_on(trial: Trial) -> date | None:
    """Day of the look-up, or that of the draw; None where persons are drawn one at a time."""
    if trial.eligibility is not None:
        return trial.eligibility.as_of
    return trial.assignment.randomised_on if isinstance(trial.assignment, PlannedDraw | AllocationFile) else None


def _drawn_on(trial: Trial) -> date:
    if isinstance(trial.assignment, PlannedIntake):
        return trial.assignment.opens_on
    return (
        trial.assignment.randomised_on
        if isinstance(trial.assignment, AllocationFile)
        else _planned(trial).randomised_on
    )


def _planned(trial: Trial) -> PlannedDraw:
    if not isinstance(trial.assignment, PlannedDraw):
        msg = "the plan was not checked: a ready table, or registers, with the other's assignment"
        raise TypeError(msg)
    return trial.assignment
