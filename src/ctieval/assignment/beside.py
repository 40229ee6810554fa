"""Who stands in the other records of a folder: nobody is drawn twice, whichever way she was drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from ctieval.assignment.form import from_bytes
from ctieval.assignment.intake.chain import is_intake_record, read_chain
from ctieval.errors import InputError, RecordError

SUFFIXES = frozenset({".json", ".jsonl"})
"""Endings of the names of records, beside that of the record at hand."""


def find_drawn(person_id: Iterable[str], record: Path) -> Iterator[tuple[Path, int]]:
    """Find persons in the other records of a folder, of a draw or of an intake.

    Args:
        person_id: Identifiers; how they are written (capitals, spaces, accents) makes no difference.
        record: The record at hand, which is not looked into.

    Yields:
        Each other record that holds some of them, and how many. A file that is no record, or a damaged one, holds
        nobody.
    """
    persons = set(map(fold, person_id))
    others = (path for path in sorted(record.parent.glob("*")) if path != record and path.is_file())
    for path in (path for path in others if path.suffix in SUFFIXES | {record.suffix}):
        if drawn := len(persons & set(map(fold, _read_persons(path)))):
            yield path, drawn


def fold(person_id: str) -> str:
    """Return an identifier as a reader takes it: one way to write each letter, no capitals, no spaces."""
    return "".join(unicodedata.normalize("NFKC", person_id).casefold().split())


def _read_persons(path: Path) -> tuple[str, ...]:
    try:
        if is_intake_record(path):
            return tuple(each.person_id for each in read_chain(path).admitted)
        return tuple(from_bytes(path.read_bytes(), path)[0].person_id)
    except (OSError, InputError, RecordError):
        return ()
