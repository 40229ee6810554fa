"""One admission at a time: a file that only one process can make."""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ctieval.errors import InputError

PATIENCE_SECONDS = 10.0
PAUSE_SECONDS = 0.05


@contextmanager
def locked(record: Path, *, patience: float = PATIENCE_SECONDS) -> Generator[None]:
    """Hold the record for one process, and wait for another that holds it.

    The lock is a file beside the record, made in one step that fails where it exists. That holds on every disk, one
    that several machines share included.

    Args:
        record: The record.
        patience: Seconds to wait.

    Raises:
        InputError: If another process holds the record for longer, or stopped without giving it back.
        InputError: If the lock cannot be made.
    """
    lock = record.with_name(f"{record.name}.lock")
    _take(lock, time.monotonic() + patience)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _take(lock: Path, deadline: float) -> None:
    """Make the lock; a disk may refuse it for a moment while another process gives it back."""
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except (FileExistsError, PermissionError) as refused:
            if time.monotonic() > deadline:
                raise (_held(lock) if lock.exists() else _unmakeable(lock, refused)) from None
            time.sleep(PAUSE_SECONDS)
        except OSError as failure:
            raise _unmakeable(lock, failure) from None
        else:
            return


def _held(lock: Path) -> InputError:
    return InputError(
        what="somebody else is admitting a person at this moment, or stopped in the middle of it",
        where=lock.name,
        found="a lock beside the record that was not given back",
        expected="one admission at a time; each takes less than a second",
        do=f"try again; if nobody else is admitting, delete the file {lock.name} and try again",
    )


def _unmakeable(lock: Path, failure: OSError) -> InputError:
    return InputError(
        what="the record of the intake cannot be held for an admission",
        where=lock.name,
        found=failure.strerror or "a file that cannot be made",
        expected="the folder of the record, in which files may be made",
        do="look whether the folder is there, and whether you may write in it",
    )
