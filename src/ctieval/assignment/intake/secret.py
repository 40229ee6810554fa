"""The secret of an intake: 256 random bits from which every draw and the mark of every line follow."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from ctieval.assignment.canonical import digest, to_canonical
from ctieval.assignment.intake.lines import Line, to_body
from ctieval.designs.intake.tally import Levels

KEY_BYTES = 32
DRAWING = b"ctieval draw 1"
WRITING = b"ctieval line 1"
WORD_BYTES = 8


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """The secret of an intake.

    The record holds its SHA-256 alone, by which it is fixed before the first person, and proved when it is revealed.

    Attributes:
        secret: 32 bytes.
    """

    secret: bytes

    @property
    def commitment(self) -> str:
        """The SHA-256 that stands in the record from its first line."""
        return digest(self.secret)

    def mark(self, line: Line, previous: str) -> str:
        """Return the mark of a line, which nobody can make without the key: a BLAKE2b of what it says."""
        body = to_canonical(to_body(line, previous))
        return hashlib.blake2b(body, digest_size=32, key=self.secret, person=WRITING).hexdigest()

    def __repr__(self) -> str:
        """Name the kind, never the secret."""
        return "Key(...)"


def to_key(text: str) -> Key:
    """Turn hexadecimal digits into a key.

    Raises:
        ValueError: If they are not those of a key.
    """
    secret = bytes.fromhex(text)
    if len(secret) != KEY_BYTES or secret.hex() != text:
        raise ValueError
    return Key(secret)


def draw_words(key: Key, number: int, person_id: str, levels: Levels, previous: str) -> Iterator[int]:
    """Draw the random words of one person, which nobody can foresee without the key.

    They are BLAKE2b, keyed by the secret, of a counter, her number, her identifier, her levels and the digest of the
    line before hers. A keyed BLAKE2b is a pseudorandom function: without the key its words are as good as random,
    whatever was drawn before; with the key they can be had again.

    Args:
        key: The secret.
        number: Her number in the order of admission.
        person_id: Her pseudonymous identifier.
        levels: Her level of each column that the design reads.
        previous: SHA-256 of the line before hers.

    Yields:
        Words of 64 bits, without end.

    References:
        Aumasson, J.-P. & Saarinen, M.-J. (2015). The BLAKE2 cryptographic hash and message authentication code.
        RFC 7693.

    Examples:
        >>> next(draw_words(Key(bytes(32)), 1, "p1", ("153",), ""))
        7842480797416816676
    """
    message = to_canonical([number, person_id, list(levels), previous])
    for block in count():
        hashed = hashlib.blake2b(block.to_bytes(8, "big") + message, key=key.secret, person=DRAWING).digest()
        for start in range(0, len(hashed), WORD_BYTES):
            yield int.from_bytes(hashed[start : start + WORD_BYTES], "big")
