"""The order in which persons come to a draw: neither that of the rows, nor one that anybody could choose."""

from __future__ import annotations

import hashlib

import numpy as np

from ctieval.domain.arrays import IntArray, StrArray


def order_persons(person_id: StrArray, seed: int) -> IntArray:
    """Sort persons by a hash of their identifier, keyed with the seed.

    The order follows from the identifiers and the seed alone: not from the order of the rows, the language of
    the machine, or Python's own hash.

    Args:
        person_id: Identifiers, shape (n,), each once.
        seed: Seed of the draw.

    Returns:
        Positions in ``person_id`` in the order of the draw, shape (n,).

    References:
        Aumasson, J.-P. & Saarinen, M.-J. (2015). The BLAKE2 cryptographic hash. RFC 7693.

    Examples:
        >>> order_persons(np.array(["p1", "p2", "p3", "p4"], dtype=object), 20180201)
        array([1, 3, 0, 2])
    """
    key = hashlib.blake2b(str(seed).encode()).digest()
    digests = b"".join(
        hashlib.blake2b(each.encode("utf-8", "surrogatepass"), key=key, digest_size=16).digest() for each in person_id
    )
    high, low = np.frombuffer(digests, dtype=">u8").reshape(-1, 2).T
    return np.lexsort((low, high))
