"""A file that is written whole, and only once."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_once(path: Path, content: bytes) -> None:
    """Put a file in place, unless it is there already.

    The content is written beside the file under another name and then linked to it in one step, so that of two
    writers at once one wins, and nobody ever reads half a file. A disk without links gets the file directly:
    one writer still wins.

    Args:
        path: The file.
        content: Its bytes.

    Raises:
        FileExistsError: If the file is there already.
        OSError: If it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _write_new(draft, content)
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            raise
        except OSError:
            _write_new(path, content)
    finally:
        draft.unlink(missing_ok=True)


def _write_new(path: Path, content: bytes) -> None:
    """Create a file and see it onto the disk."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
