"""The two doors of a trial: an analysis-ready table, or a folder of register extracts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never

import numpy as np
import pandas as pd

from ctieval.assignment.draw import assign
from ctieval.assignment.imported import import_allocation
from ctieval.assignment.record import read_allocation
from ctieval.domain.allocation import Allocation
from ctieval.domain.cohort import Cohort
from ctieval.domain.criterion import Eligibility
from ctieval.domain.registers import Registers
from ctieval.domain.trial import (
    AllocationFile,
    AnalysisTable,
    ImportedAllocation,
    PlannedDraw,
    RegisterFolder,
    Trial,
)
from ctieval.eligibility.screen import screen
from ctieval.errors import InputError, ProtocolError
from ctieval.rates.book import RateBook
from ctieval.rates.load import load_rates
from ctieval.registers.codes import CodeList, load_code_list
from ctieval.registers.read import read_registers
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
        beside: Digests of the trial's own code list and of the table of arms, by name of the file.
        drawn: The table of arms drawn elsewhere, or None.
    """

    registers: Registers
    codes: CodeList
    rates: RateBook
    cohort: Cohort
    beside: tuple[tuple[str, str], ...] = ()
    drawn: ReadyTable | None = None

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


def draw_allocation(trial: Trial, data: TrialData) -> Allocation:
    """Draw the arms, once, and write the record that proves it.

    Raises:
        ProtocolError: If the arms of the trial were drawn elsewhere.
        RecordError: If the draw was made already, or a person would be drawn a second time.
        DesignError: If the design cannot be conducted on this cohort.
    """
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
    return assign(data.cohort, trial.assignment, trial.arms)


def load_allocation(trial: Trial, data: TrialData) -> Allocation:
    """Load the arms: imported from a table, or read from the record and proved against the plan.

    Raises:
        InputError: If the draw has not been made yet.
        InputError: If somebody who was drawn is not in the registers.
        RecordError: If the record does not prove the draw.
        SchemaError: If the arms of a table are not those of the plan.
    """
    if isinstance(data, ReadyTable) and isinstance(trial.assignment, ImportedAllocation):
        return import_allocation(data.frame, data.source, trial.assignment, trial.arms)
    allocation = _load_drawn(trial, data)
    if isinstance(data, RegisterData):
        _check_in_registers(allocation, data)
    return allocation


def _load_drawn(trial: Trial, data: TrialData) -> Allocation:
    """Load the arms of a register trial, from their file or from the record."""
    if isinstance(trial.assignment, AllocationFile) and isinstance(data, RegisterData) and data.drawn:
        drawn = import_allocation(data.drawn.frame, data.drawn.source, trial.assignment.declared, trial.arms)
        day = np.datetime64(trial.assignment.randomised_on, "D")
        return replace(drawn, randomised_on=np.full(len(drawn.arm), day))
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
    registers = read_registers(folder.folder, codes, covers=folder.covers)
    drawn = _open_drawn(trial.assignment.table) if isinstance(trial.assignment, AllocationFile) else None
    return RegisterData(
        registers=registers,
        codes=codes,
        rates=load_rates(folder.rates),
        cohort=screen(trial.eligibility or Eligibility(_drawn_on(trial), ()), registers, codes),
        beside=_digest_codes(folder) + (drawn.digests if drawn else ()),
        drawn=drawn,
    )


def _open_drawn(source: AnalysisTable) -> ReadyTable:
    """Open the table of arms; blocks under the Danish heading of the municipality are municipalities."""
    opened = _open_table(source)
    if source.block != find_heading("persons", MUNICIPALITY) or MUNICIPALITY in opened.frame.columns:
        return opened
    frame = opened.frame.rename(columns={source.block: MUNICIPALITY})
    return replace(opened, frame=frame, source=replace(source, block=MUNICIPALITY))


def _digest_codes(folder: RegisterFolder) -> tuple[tuple[str, str], ...]:
    if folder.codes is None:
        return ()
    return ((folder.codes.name, hashlib.sha256(folder.codes.read_bytes()).hexdigest()),)


def _drawn_on(trial: Trial) -> date:
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
