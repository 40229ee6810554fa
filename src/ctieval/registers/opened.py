"""The tables of the registers as they were handed over: a folder, one file, or frames; what they say is read later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from ctieval.domain.dream_columns import DreamColumns
from ctieval.errors import EmptyTableError, InputError
from ctieval.registers.check import IDENTIFIER
from ctieval.registers.folder import WEEKLY_FORMS, find_tables, unread_files, weekly_form
from ctieval.registers.read_table import TableRead, read_frame, read_table
from ctieval.registers.recognise import recognise_form
from ctieval.registers.schemas import schema_names

LOGS = ("accounts", "activity", "ingredients", "survey", "usual_services")
"""Tables without which everything else can be evaluated."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OpenTables:
    """Tables as they were read; none is checked.

    Attributes:
        tables: The tables by name.
        files: The file of each table by name; a few words where it came as a frame.
        unread: Names of files that look like a table and were not read.
        blank: Names of the files of logs that hold headings and no row, as templates do; they count as absent.
    """

    tables: Mapping[str, TableRead]
    files: Mapping[str, str]
    unread: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()

    @property
    def form(self) -> str:
        """The form in which they hold the weekly codes."""
        return weekly_form(self.tables)

    def __repr__(self) -> str:
        """Name the tables, never a person."""
        return f"OpenTables({', '.join(self.tables)})"


def open_tables(source: Path | Mapping[str, object], columns: DreamColumns) -> OpenTables:
    """Open the tables of the registers.

    Args:
        source: A folder of extracts, one file that holds them all, or frames and files by name of the table.
        columns: What the plan declares about the columns of the weekly codes.

    Returns:
        The tables. The declared heading of the identifier is replaced by its own name.

    Raises:
        InputError: If the folder is not complete, a file cannot be read, no table has the name, or weekly codes are
            missing or come in more than one form.
        SchemaError: If a heading looks like a CPR number.
    """
    if isinstance(source, Mapping):
        opened = _open_frames(source)
    elif source.is_file():
        opened = _open_file(source)
    else:
        opened = _open_folder(source)
    declared = columns.headings.get(IDENTIFIER)
    if declared is None:
        return opened
    weekly = opened.tables[opened.form]
    frame = weekly.frame.rename(columns={declared: IDENTIFIER})
    return replace(opened, tables={**opened.tables, opened.form: replace(weekly, frame=frame)})


def _open_folder(folder: Path) -> OpenTables:
    """Open the tables of a folder; a log of which there are only the headings is as good as none."""
    paths = find_tables(folder)
    tables: dict[str, TableRead] = {}
    blank: list[str] = []
    for name, path in paths.items():
        try:
            tables[name] = read_table(path)
        except EmptyTableError:
            if name not in LOGS:
                raise
            blank.append(path.name)
    files = {name: paths[name].name for name in tables}
    return OpenTables(tables, files, unread_files(folder, paths), tuple(blank))


def _open_file(path: Path) -> OpenTables:
    """Open one file that holds weekly codes and persons."""
    read = read_table(path)
    form = recognise_form(read.frame.columns)
    if form not in WEEKLY_FORMS:
        raise InputError(
            what="one file is to hold the registers, and it holds no weekly codes",
            where=path.name,
            found="no table" if form is None else f"the table {form}",
            expected="columns y_YYWW as in DREAM; or person_id, week and code; or person_id, start, end and benefit",
            do="correct the headings, or put the file into a folder with the other tables, and name the folder",
        )
    return OpenTables({form: read}, {form: path.name})


def _open_frames(source: Mapping[str, object]) -> OpenTables:
    """Open frames and files by name of the table."""
    for name in source:
        if name not in schema_names():
            raise _frames_error(
                f"no input table is called {name}", ", ".join(get_close_matches(name, schema_names()) or schema_names())
            )
    forms = [name for name in WEEKLY_FORMS if name in source]
    if len(forms) != 1:
        found = "the weekly codes are missing" if not forms else "the weekly codes come in more than one form"
        raise _frames_error(found, "exactly one of weeks, dream and periods")
    tables = {name: _read_given(name, source[name]) for name in schema_names() if name in source}
    files = {name: read.recognised.partition(":")[0] for name, read in tables.items()}
    return OpenTables(tables, files)


def _read_given(name: str, given: object) -> TableRead:
    """Read a frame or a file."""
    if isinstance(given, TableRead):
        return given
    if isinstance(given, Path):
        return read_table(given)
    frame = read_frame(given)
    return TableRead(frame, f"{name}: a data frame, {len(frame)} {'row' if len(frame) == 1 else 'rows'}", "")


def _frames_error(what: str, expected: str) -> InputError:
    """Return the error about the tables handed over."""
    do = "name each table as data/schemas names it"
    return InputError(what=what, where="the tables handed over", found="tables by name", expected=expected, do=do)
