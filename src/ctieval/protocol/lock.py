"""The lock of a plan on disk: written once before the outcomes are opened, and never changed.

Beside ``trial.toml`` stands ``trial.lock.json`` with everything that an analysis follows from, and, once the outcomes
have been opened, ``trial.unlock.json``. Each holds a digest; the second names the first. Data, prices and the look of
the report may change freely: new extracts come, and a report finds its reader. A code list and questionnaires of the
trial's own are no data: they say what an outcome is, and their digests are in the lock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ctieval.domain.plan_lock import Change, Deviation, PlanLock
from ctieval.errors import RecordError

FORMAT = "ctieval plan lock 1"
FIXED = ("eligibility", "assignment", "baseline", "outcome", "effects", "economics")
DEFINING = ("codes", "instruments")


def lock_path(plan: Path) -> Path:
    """Return the file of the lock of a plan."""
    return plan.with_name(f"{plan.stem}.lock.json")


def unlock_path(plan: Path) -> Path:
    """Return the file that says when the outcomes were opened."""
    return plan.with_name(f"{plan.stem}.unlock.json")


def to_lock(plan: Path, values: Mapping[str, object], *, at: str, by: str) -> bytes:
    """Return the lock of a plan as bytes.

    Args:
        plan: File of the plan.
        values: The plan as its file says it.
        at: Moment of the lock, as ISO 8601 writes it.
        by: Who locks it, or an empty text.
    """
    return _sealed({"format": FORMAT, "locked_at": at, "locked_by": by, "plan": _fix(plan, values)})


def to_unlock(lock: PlanLock, *, at: str, by: str) -> bytes:
    """Return the statement that the outcomes are opened, as bytes.

    Args:
        lock: The lock.
        at: The moment, as ISO 8601 writes it.
        by: Who opens them, or an empty text.
    """
    return _sealed({"format": FORMAT, "lock_sha256": lock.digest, "opened_at": at, "opened_by": by})


def read_lock(plan: Path, values: Mapping[str, object]) -> PlanLock | None:
    """Read the lock of a plan, and what the plan says otherwise today.

    Args:
        plan: File of the plan.
        values: The plan as its file says it.

    Returns:
        The lock, or None where the plan was never locked.

    Raises:
        RecordError: If a file of the lock was altered, or is of another lock.
    """
    if not lock_path(plan).exists():
        if unlock_path(plan).exists():
            raise _altered(unlock_path(plan), found="the outcomes of a plan opened, and no lock of it")
        return None
    locked, digest = _open(lock_path(plan), ("locked_at", "locked_by", "plan"))
    opened: Mapping[str, Any] = {"opened_at": "", "opened_by": ""}
    if unlock_path(plan).exists():
        opened, _ = _open(unlock_path(plan), ("lock_sha256", "opened_at", "opened_by"))
        if opened["lock_sha256"] != digest:
            raise _altered(unlock_path(plan), found="the opening of another lock")
    return PlanLock(
        digest=digest,
        locked_at=locked["locked_at"],
        locked_by=locked["locked_by"],
        opened_at=opened["opened_at"],
        opened_by=opened["opened_by"],
        deviations=tuple(find_deviations(locked["plan"], _fix(plan, values))),
    )


def find_deviations(locked: Mapping[str, str], today: Mapping[str, str]) -> Iterator[Deviation]:
    """Find the keys that differ, in their order.

    Args:
        locked: Every key with its value as text, as it was locked.
        today: The same of the plan today.

    Yields:
        One deviation a key.

    Examples:
        >>> [str(each.change) for each in find_deviations({"a": "1", "b": "2"}, {"b": "3", "c": "4"})]
        ['removed', 'changed', 'added']
    """
    for key in sorted({*locked, *today}):
        if key not in today:
            yield Deviation(key, Change.REMOVED)
        elif key not in locked:
            yield Deviation(key, Change.ADDED)
        elif locked[key] != today[key]:
            yield Deviation(key, Change.CHANGED)


def _fix(plan: Path, values: Mapping[str, object]) -> dict[str, str]:
    """What an analysis follows from, by key."""
    trial = values.get("trial")
    arms = {"arms": trial["arms"]} if isinstance(trial, Mapping) and "arms" in trial else {}
    fixed = {"trial": arms, **{key: values[key] for key in FIXED if key in values}}
    return dict(_leaves(fixed)) | dict(_digest_definitions(plan, values.get("data")))


def _digest_definitions(plan: Path, data: object) -> Iterator[tuple[str, str]]:
    """The SHA-256 of each file that says what an outcome is, by key and name."""
    named: Mapping[str, object] = data if isinstance(data, Mapping) else {}
    for key in DEFINING:
        if isinstance(name := named.get(key), str):
            path = plan.parent / name
            for file in [path] if path.is_file() else sorted(path.glob("*.toml")):
                yield f"data.{key}.{file.name}", hashlib.sha256(file.read_bytes()).hexdigest()


def _leaves(value: object, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every key with its value as text; tables in a list go by their name."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _leaves(each, f"{prefix}.{key}".lstrip("."))
    elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        for number, each in enumerate(value, start=1):
            yield from _leaves(each, f"{prefix}.{each.get('name', number)}")
    else:
        yield prefix, json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _sealed(content: Mapping[str, object]) -> bytes:
    return _canonical({"content": content, "sha256": hashlib.sha256(_canonical(content)).hexdigest()}) + b"\n"


def _canonical(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8", "surrogatepass")


def _open(path: Path, keys: tuple[str, ...]) -> tuple[Mapping[str, Any], str]:
    """What a sealed file says, and its digest."""
    data = path.read_bytes()
    try:
        document = json.loads(data)
        content, digest = document["content"], document["sha256"]
        whole = content["format"] == FORMAT and _sealed(content) == data and all(key in content for key in keys)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise _altered(path, found="other content") from None
    if not whole:
        raise _altered(path, found="content that its digest does not prove")
    return content, digest


def _altered(path: Path, *, found: str) -> RecordError:
    return RecordError(
        what="the lock of the plan does not prove what was fixed",
        where=path.name,
        found=found,
        expected="the file as ctieval lock or ctieval unlock wrote it",
        do="get it back from a copy; a lock is never mended by hand",
    )
