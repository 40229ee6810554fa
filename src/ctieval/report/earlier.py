"""What an earlier run left in a folder: the facts of its manifest, and which of its files nobody has touched since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from typing import Final

OUTPUTS: Final = "outputs"


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier run.

    Attributes:
        facts: What its manifest says, without the files; empty where there is none that can be read.
        outputs: SHA-256 of each file that it wrote, by name.
    """

    facts: dict[str, object]
    outputs: dict[str, str]

    def unchanged(self, folder: Path, replaced: Container[str]) -> dict[str, str]:
        """Return its files that stand as they were written, and that are not replaced now.

        Args:
            folder: Where they stand.
            replaced: Names of the files of this run.
        """
        others = {name: digest for name, digest in self.outputs.items() if name not in replaced}
        return {name: digest for name, digest in others.items() if _stands(folder / name, digest)}


def read_earlier(manifest: Path) -> Earlier:
    """Read the manifest of an earlier run; one that is not there, or is none, says nothing."""
    try:
        found = json.loads(manifest.read_text("utf-8"))
        outputs = {str(name): str(digest) for name, digest in found.pop(OUTPUTS).items() if Path(name).name == name}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return Earlier({}, {})
    return Earlier(found, outputs)


def _stands(path: Path, digest: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest
