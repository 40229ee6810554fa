"""The chain of an intake's lines: read whole, checked link by link, and added to at its end."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from ctieval.assignment.canonical import digest
from ctieval.assignment.exclusions import Exclusion
from ctieval.assignment.intake.lines import (
    Admitted,
    Closed,
    Entry,
    Line,
    Opened,
    Written,
    from_bytes,
    to_bytes,
)
from ctieval.assignment.intake.secret import Key
from ctieval.designs.intake.tally import columns
from ctieval.errors import InputError, RecordError


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Chain:
    """A record whose lines follow one another.

    Attributes:
        path: Its file.
        opened: The first line.
        entries: The lines after it.
        marks: Proof of every line that it was written with the key.
        digests: SHA-256 of every line; the last holds them all together.
        size: Bytes of the file.
    """

    path: Path
    opened: Opened
    entries: tuple[Entry, ...]
    marks: tuple[str, ...]
    digests: tuple[str, ...]
    size: int

    @property
    def admitted(self) -> tuple[Admitted, ...]:
        """Everybody who was drawn, in the order of admission."""
        return tuple(entry for entry in self.entries if isinstance(entry, Admitted))

    @property
    def excluded(self) -> tuple[Exclusion, ...]:
        """The late exclusions."""
        return tuple(entry for entry in self.entries if isinstance(entry, Exclusion))

    @property
    def closed(self) -> Closed | None:
        """The closing of the intake, or None where it is open."""
        last = self.entries[-1] if self.entries else None
        return last if isinstance(last, Closed) else None

    def __repr__(self) -> str:
        """Name the size and the design, never a person."""
        return f"Chain({len(self.admitted)} admitted, {self.opened.design!r})"


def is_intake_record(path: Path) -> bool:
    """Return whether a file begins as the record of an intake; nothing more is checked."""
    try:
        with path.open("rb") as file:
            return isinstance(from_bytes(file.readline().rstrip(b"\n")).line, Opened)
    except (OSError, ValueError):
        return False


def read_chain(path: Path) -> Chain:
    """Read a record, and check that each line follows from the one before it.

    Args:
        path: The record.

    Returns:
        The chain; whether the arms follow from the key is not checked yet.

    Raises:
        InputError: If the file cannot be read.
        RecordError: If the last line was not written whole.
        RecordError: If a line is not as it was written, or does not follow from those before it.
    """
    whole, fragment = split_fragment(read_bytes(path))
    if fragment:
        lines = whole.count(b"\n")
        raise RecordError(
            what="the last line of the intake's record was not written whole, so nobody was told an arm from it",
            where=f"{path.name}, after line {lines}",
            found=f"{len(fragment)} {'byte' if len(fragment) == 1 else 'bytes'} without an end of the line",
            expected="every line to its end; a line breaks off where the machine stops while it is written",
            do="put it aside with: ctieval intake mend TRIAL, and admit the person again",
        )
    return build_chain(path, whole)


def build_chain(path: Path, data: bytes) -> Chain:
    """Build the chain of whole lines.

    Raises:
        RecordError: If a line is not as it was written, or does not follow from those before it.
    """
    lines = data.split(b"\n")[:-1]
    written = [_read_line(path, number, line) for number, line in enumerate(lines, start=1)]
    digests = tuple(map(digest, lines))
    for number, (each, expected) in enumerate(zip(written, ("", *digests), strict=False), start=1):
        if each.previous != expected:
            raise _broken(path, number, "a line that does not state the digest of the line before it")
    if not written or not isinstance(opened := written[0].line, Opened):
        raise _broken(path, 1, "no opening of the intake")
    story = _Story(opened)
    for number, each in enumerate(written[1:], start=2):
        if fault := story.find_fault(each.line):
            raise _broken(path, number, fault)
    return Chain(path, opened, tuple(story.entries), tuple(each.mark for each in written), digests, len(data))


def append_line(chain: Chain, entry: Entry, key: Key) -> Chain:
    """Write one line more at the end of a record, and see it onto the disk.

    Returns:
        The chain with it.

    Raises:
        InputError: If the file cannot be written.
        RecordError: If the file is longer or shorter than the chain.
    """
    previous = chain.digests[-1]
    line = to_bytes(Written(entry, previous, key.mark(entry, previous)))
    try:
        with chain.path.open("ab") as file:
            if file.tell() != chain.size:
                raise _broken(chain.path, len(chain.digests) + 1, "a line that somebody wrote at this moment")
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as failure:
        raise InputError(
            what="the record of the intake cannot be written, so nothing was done",
            where=chain.path.name,
            found=failure.strerror or "a file that cannot be written",
            expected="a file that may be written to",
            do="close it in other programs, or look whether you may write there",
        ) from None
    return replace(
        chain,
        entries=(*chain.entries, entry),
        marks=(*chain.marks, key.mark(entry, previous)),
        digests=(*chain.digests, digest(line)),
        size=chain.size + len(line) + 1,
    )


def read_bytes(path: Path) -> bytes:
    """Read the file of a record.

    Raises:
        InputError: If it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(
            what="the record of the intake is not there",
            where=path.name,
            found="no such file",
            expected="the record that ctieval intake start writes",
            do="start the intake, once, with: ctieval intake start TRIAL; if it was started, get its record back",
        ) from None
    except OSError as failure:
        raise InputError(
            what="the record of the intake cannot be read",
            where=path.name,
            found=failure.strerror or "a file that cannot be opened",
            expected="a file that may be read",
            do="close it in other programs, or look whether you may read it",
        ) from None


def split_fragment(data: bytes) -> tuple[bytes, bytes]:
    """Cut a record into its whole lines, and what stands after the end of the last."""
    end = data.rfind(b"\n") + 1
    return data[:end], data[end:]


def _read_line(path: Path, number: int, line: bytes) -> Written:
    try:
        return from_bytes(line)
    except ValueError:
        raise _broken(path, number, "a line that is not as it was written") from None


class _Story:
    """Lines in their order, of which each must be able to come after those before it."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.entries: list[Entry] = []
        self.is_excluded: dict[str, bool] = {}

    def find_fault(self, line: Line) -> str:
        """Say why a line cannot come next, or take it up and say nothing."""
        if isinstance(line, Opened):
            return "a second opening of the intake"
        if self.entries and isinstance(self.entries[-1], Closed):
            return "a line after the closing of the intake"
        if line.on < (self.entries[-1].on if self.entries else self.opened.opens_on):
            return "a day before that of the line above"
        if isinstance(line, Admitted) and (fault := self._find_wrong_admission(line)):
            return fault
        if isinstance(line, Exclusion) and (fault := self._find_wrong_exclusion(line)):
            return fault
        self.entries.append(line)
        return ""

    def _find_wrong_admission(self, line: Admitted) -> str:
        if line.number != len(self.is_excluded) + 1 or line.person_id in self.is_excluded:
            return "a person drawn a second time, or a number out of order"
        if not 0 <= line.arm < len(self.opened.arms.labels) or len(line.levels) != len(columns(self.opened.design)):
            return "an arm that the intake does not have, or other columns than the design's"
        self.is_excluded[line.person_id] = False
        return ""

    def _find_wrong_exclusion(self, line: Exclusion) -> str:
        if self.is_excluded.get(line.person_id, True):
            return "an exclusion of a person who was not drawn, or who was excluded before"
        self.is_excluded[line.person_id] = True
        return ""


def _broken(path: Path, number: int, found: str) -> RecordError:
    return RecordError(
        what="the record of the intake is not as it was written",
        where=f"{path.name}, line {number}",
        found=found,
        expected="the lines as ctieval intake wrote them, each following from the one before",
        do="get the record back from a copy; draw nobody until it is whole again",
    )
