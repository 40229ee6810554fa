"""The files of a folder of register extracts: which of them holds which table; no file is opened here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from ctieval.errors import InputError
from ctieval.registers.schemas import schema_names

SUFFIXES = (".csv", ".xlsx", ".parquet")
WEEKLY_FORMS = ("dream", "periods", "weeks")

_PERSONS = "persons"
_LOCK_FILE = "~$"


def find_tables(folder: Path) -> dict[str, Path]:
    """Return the file of each table that a folder holds, by name of the table.

    Args:
        folder: A folder with ``persons`` and one of ``weeks``, ``dream`` and ``periods``; ``employment``,
            ``activity`` and ``survey`` may stand beside them. Each is a CSV, Excel or Parquet file.

    Raises:
        InputError: If there is no such folder; if two files hold one table; if ``persons`` is missing; if not
            exactly one of ``weeks``, ``dream`` and ``periods`` is there.
    """
    if not folder.is_dir():
        raise _folder_error(folder, "the folder of registers is missing", "no folder of that name", "a folder")
    files: defaultdict[str, list[Path]] = defaultdict(list)
    for path in _table_files(folder):
        files[path.stem.lower()].append(path)
    found = {name: files[name] for name in schema_names() if name in files}
    for name, paths in found.items():
        if len(paths) > 1:
            twice = " and ".join(path.name for path in paths)
            raise _folder_error(folder, f"two files hold the table {name}", twice, "one file for each table")
    _check_complete(folder, found)
    return {name: paths[0] for name, paths in found.items()}


def unread_files(folder: Path, tables: Mapping[str, Path]) -> tuple[str, ...]:
    """Return the names of the table files in the folder that hold no table known here."""
    return tuple(path.name for path in _table_files(folder) if path not in tables.values())


def weekly_form(tables: Mapping[str, Path]) -> str:
    """Return the form in which a complete folder holds the weekly codes."""
    return next(name for name in WEEKLY_FORMS if name in tables)


def _table_files(folder: Path) -> list[Path]:
    """Return the table files of a folder, sorted, without the lock files of Excel."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(_LOCK_FILE) and path.is_file()
    )


def _check_complete(folder: Path, found: Mapping[str, list[Path]]) -> None:
    """Refuse a folder without persons, or without exactly one form of weekly codes."""
    expected = "persons, and one of weeks, dream and periods, each as .csv, .xlsx or .parquet"
    held = ", ".join(found) or "none of the tables"
    if _PERSONS not in found:
        raise _folder_error(folder, "the table persons is missing", held, expected)
    forms = [name for name in WEEKLY_FORMS if name in found]
    if len(forms) != 1:
        problem = "is missing" if not forms else "come in more than one form"
        raise _folder_error(folder, f"the weekly codes {problem}".replace("codes is", "codes are"), held, expected)


def _folder_error(folder: Path, what: str, found: str, expected: str) -> InputError:
    """Return the error about a folder."""
    return InputError(
        what=what,
        where=f"folder {folder.name}",
        found=found,
        expected=expected,
        do="correct folder in [data] of the plan, or add, rename or remove files",
    )
