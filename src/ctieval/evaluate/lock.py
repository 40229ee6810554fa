"""Lock the plan of a trial before its outcomes are opened, and open them."""

from __future__ import annotations

from pathlib import Path

from ctieval.assignment.once import write_once
from ctieval.domain.plan_lock import PlanLock
from ctieval.errors import InputError, RecordError
from ctieval.protocol.load import load_trial, open_plan
from ctieval.protocol.lock import lock_path, read_lock, to_lock, to_unlock, unlock_path


def lock_plan(path: Path, *, at: str, by: str = "") -> PlanLock:
    """Lock the plan of a trial: from now on its analysis runs with masked arms until the outcomes are opened.

    Args:
        path: The ``trial.toml``, or the folder that holds it.
        at: The moment, as ISO 8601 writes it.
        by: Who locks it.

    Returns:
        The lock.

    Raises:
        InputError: If there is no plan, or the lock cannot be written.
        ProtocolError: If the plan cannot be followed as it stands.
        RecordError: If the plan is locked already.
    """
    load_trial(path)
    file, values = open_plan(path)
    _write(lock_path(file), to_lock(file, values, at=at, by=by), what="a plan is locked only once")
    return _read(file, values)


def open_outcomes(path: Path, *, at: str, by: str = "") -> PlanLock:
    """Open the outcomes of a locked trial: from now on its analysis runs with the true arms.

    Args:
        path: The ``trial.toml``, or the folder that holds it.
        at: The moment, as ISO 8601 writes it.
        by: Who opens them.

    Returns:
        The lock, with what the plan says otherwise today.

    Raises:
        InputError: If there is no plan or no lock, or the opening cannot be written.
        RecordError: If the outcomes were opened before, or the lock was altered.
    """
    file, values = open_plan(path)
    lock = _read(file, values)
    _write(unlock_path(file), to_unlock(lock, at=at, by=by), what="outcomes are opened only once")
    return _read(file, values)


def _read(file: Path, values: dict[str, object]) -> PlanLock:
    lock = read_lock(file, values)
    if lock is None:
        raise InputError(
            what="the plan is not locked, so nothing is there to open",
            where=lock_path(file).name,
            found="no such file beside the plan",
            expected="the lock that ctieval lock writes",
            do="lock the plan before the outcomes are looked at, with: ctieval lock TRIAL",
        )
    return lock


def _write(path: Path, content: bytes, *, what: str) -> None:
    try:
        write_once(path, content)
    except FileExistsError:
        raise RecordError(
            what=what,
            where=path.name,
            found="the file of an earlier time",
            expected="no such file",
            do="go on with the one that is there; what has changed in the plan since is listed in the report",
        ) from None
    except OSError as failure:
        raise InputError(
            what="the lock cannot be written, and nothing has changed",
            where=path.name,
            found=failure.strerror or "a file that cannot be written",
            expected="a folder that may be written to",
            do="look whether you may write beside the plan",
        ) from None
