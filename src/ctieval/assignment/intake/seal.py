"""The seal of a record: how many lines it has, and the digest of the last; it lies beside the key.

A chain alone cannot tell that its last lines were cut off; the seal can.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from ctieval.assignment.canonical import to_canonical
from ctieval.assignment.intake.chain import Chain
from ctieval.errors import RecordError


def seal_path(key: Path) -> Path:
    """Return the file of the seal, beside the key."""
    return key.with_name(f"{key.name}.seal")


def write_seal(chain: Chain, key: Path) -> None:
    """Seal the record as it stands; the old seal gives way in one step.

    Raises:
        OSError: If it cannot be written.
    """
    path = seal_path(key)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    draft.write_bytes(to_canonical({"lines": len(chain.digests), "sha256": chain.digests[-1]}) + b"\n")
    draft.replace(path)


def check_seal(chain: Chain, key: Path) -> None:
    """Refuse a record that is shorter than its seal says, or other.

    The record may be one line longer: the machine may have stopped before the seal followed.

    Raises:
        RecordError: If lines are missing or altered, or if the seal itself is gone.
    """
    try:
        content = json.loads(seal_path(key).read_bytes())
        lines, sealed = int(content["lines"]), str(content["sha256"])
    except FileNotFoundError:
        lines, sealed = (0, "") if len(chain.digests) == 1 else (-1, "")
    except (OSError, ValueError, LookupError, TypeError):
        lines, sealed = -1, ""
    known = ("", *chain.digests)
    if not 0 <= lines < len(known) <= lines + 2 or known[lines] != sealed:
        raise RecordError(
            what="the record of the intake is not the one that was sealed",
            where=f"{chain.path.name} and {seal_path(key).name}",
            found=_describe(lines, len(chain.digests)),
            expected="a record with every line that was ever written, and the seal beside the key that says how many",
            do="get the record and the folder of the key back from copies of the same day; draw nobody until then",
        )


def _describe(sealed: int, found: int) -> str:
    if sealed < 0:
        return f"{found} lines, and no seal that can be read"
    return f"{found} lines, of which the seal knows {sealed}" if found != sealed else f"{found} lines, the last altered"
