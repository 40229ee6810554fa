"""The file of an intake's key, which lies away from the record."""

from __future__ import annotations

import secrets
from pathlib import Path

from ctieval.assignment.intake.secret import KEY_BYTES, Key, to_key
from ctieval.assignment.once import write_once
from ctieval.errors import InputError


def draw_key(path: Path) -> Key:
    """Draw the key of a new intake, and put it into a file that only its owner may read.

    Raises:
        FileExistsError: If the file is there already.
        OSError: If it cannot be written.
    """
    key = Key(secrets.token_bytes(KEY_BYTES))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_once(path, key.secret.hex().encode() + b"\n")
    path.chmod(0o600)
    return key


def read_key(path: Path) -> Key:
    """Read a key from its file.

    Raises:
        InputError: If the file is not there, cannot be read, or holds no key.
    """
    try:
        return to_key(path.read_text(encoding="ascii").strip())
    except OSError as failure:
        found = failure.strerror or "a file that cannot be opened"
    except ValueError:
        found = "a file that holds no key"
    raise InputError(
        what="the key of the intake cannot be had, and without it nobody can be drawn",
        where=path.name,
        found=found,
        expected="the key that ctieval intake start put there",
        do="connect the folder of the key, or get the key back from its copy",
    )
