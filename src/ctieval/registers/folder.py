"""The files of a folder of register extracts: which of them holds which table; no file is opened here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path

from ctieval.errors import InputError
from ctieval.registers.schemas import schema_names
from ctieval.registers.stats_file import KINDS as STATS_KINDS

SUFFIXES = (".csv", ".xlsx", ".parquet", *STATS_KINDS)
WEEKLY_FORMS = ("dream", "periods", "weeks")

_PERSONS = "persons"
_LOCK_FILE = "~$"


def find_tables(folder: Path) -> dict[str, Path]:
    """Return the file of each table that a folder holds, by name of the table.

    Args:
        folder: A folder with one of ``weeks``, ``dream`` and ``periods``, which may hold ``persons`` too; ``persons``,
            ``employment``, ``activity``, ``usual_services``, ``survey``, ``ingredients`` and ``accounts`` may stand
            beside them. Each is a CSV, Excel, Parquet, SAS, SPSS or Stata file.

    Raises:
        InputError: If there is no such folder; if two files hold one table; if not exactly one of ``weeks``, ``dream``
            and ``periods`` is there.
    """
    if not folder.is_dir():
        what, do = "the folder of registers is missing", "correct folder in [data] of the plan, or make the folder"
        raise _folder_error(folder, what, "no folder of that name", "a folder", do)
    files: defaultdict[str, list[Path]] = defaultdict(list)
    for path in _table_files(folder):
        files[path.stem.lower()].append(path)
    found = {name: files[name] for name in schema_names() if name in files}
    for name, paths in found.items():
        if len(paths) > 1:
            twice = " and ".join(path.name for path in paths)
            do = "delete the older of them, or move it to another folder"
            raise _folder_error(folder, f"two files hold the table {name}", twice, "one file for each table", do)
    _check_complete(folder, found)
    return {name: paths[0] for name, paths in found.items()}


def unread_files(folder: Path, tables: Mapping[str, Path]) -> tuple[str, ...]:
    """Return the names of the files that are not read, though they have the ending or the name of a table."""
    return tuple(
        path.name
        for path in _visible_files(folder)
        if path not in tables.values() and (path.suffix.lower() in SUFFIXES or path.stem.lower() in schema_names())
    )


def weekly_form(tables: Collection[str]) -> str:
    """Return the form in which complete tables hold the weekly codes."""
    return next(name for name in WEEKLY_FORMS if name in tables)


def _table_files(folder: Path) -> list[Path]:
    """Return the files of a folder that may hold a table, sorted."""
    return [path for path in _visible_files(folder) if path.suffix.lower() in SUFFIXES]


def _visible_files(folder: Path) -> list[Path]:
    """Return the files of a folder, sorted, without hidden ones and the lock files of Excel."""
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith((_LOCK_FILE, ".")))


def _check_complete(folder: Path, found: Mapping[str, list[Path]]) -> None:
    """Refuse a folder without exactly one form of weekly codes."""
    expected = f"persons, and one of weeks, dream and periods, each as {', '.join(SUFFIXES)}"
    taken = {path.name for paths in found.values() for path in paths}
    others = ", ".join(path.name for path in _visible_files(folder) if path.name not in taken)
    held = (", ".join(found) or "none of the tables") + (f"; other files: {others}" if others else "")
    forms = [name for name in WEEKLY_FORMS if name in found]
    if _PERSONS not in found and not forms:
        do = "save the table under the name persons.csv or persons.xlsx, or correct folder in [data] of the plan"
        raise _folder_error(folder, "the table persons is missing", held, expected, do)
    if not forms:
        do = "save the benefits under the name periods.csv or periods.xlsx (weeks or dream for weekly codes)"
        raise _folder_error(folder, "the weekly codes are missing", held, expected, do)
    if len(forms) > 1:
        do = "keep one of them in the folder"
        raise _folder_error(folder, "the weekly codes come in more than one form", held, expected, do)


def _folder_error(folder: Path, what: str, found: str, expected: str, do: str) -> InputError:
    """Return the error about a folder."""
    return InputError(what=what, where=f"folder {folder.name}", found=found, expected=expected, do=do)
