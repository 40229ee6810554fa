"""The one form in which records are written, so that a digest speaks of what they say and of nothing else."""

from __future__ import annotations

import hashlib
import json


def to_canonical(content: object) -> bytes:
    """Return JSON in its canonical form: UTF-8, keys sorted, no spaces.

    Examples:
        >>> to_canonical({"b": [1, "å"], "a": None}).decode()
        '{"a":null,"b":[1,"å"]}'
    """
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def digest(data: bytes) -> str:
    """Return a SHA-256 in hexadecimal digits.

    Examples:
        >>> digest(b"")[:8]
        'e3b0c442'
    """
    return hashlib.sha256(data).hexdigest()
