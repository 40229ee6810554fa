"""The record of a draw as a value, and as bytes in its one canonical form."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from ctieval.domain.arms import Arms
from ctieval.domain.arrays import IntArray, StrArray
from ctieval.domain.design import Blocked, Complete, Design, Quota
from ctieval.domain.trial import PlannedDraw
from ctieval.errors import RecordError

FORMAT = "ctieval allocation record 1"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Record:
    """What is written down of a draw.

    Attributes:
        plan: Design, seed and day.
        arms: Names of the arms.
        person_id: Identifiers, shape (n,), sorted, each once.
        block: Label of each person's block, shape (n,).
        arm: 0 for the control and 1 for the intervention, shape (n,).
        probability: Exact probability of the intervention, a fraction as text, shape (n,).
        cohort_digest: SHA-256 of identifiers and blocks.
        bit_generator: Name of the bit generator.
        versions: Name and version of what drew.
    """

    plan: PlannedDraw
    arms: Arms
    person_id: StrArray
    block: StrArray
    arm: IntArray
    probability: StrArray
    cohort_digest: str
    bit_generator: str
    versions: tuple[tuple[str, str], ...]

    def __repr__(self) -> str:
        """Name the size and the plan, never a person."""
        return f"Record({int(self.arm.sum())} of {len(self.arm)} drawn, {self.plan!r})"


def to_bytes(record: Record, *, sha256: str | None = None) -> bytes:
    """Return the canonical form of a record: UTF-8, keys sorted, no spaces, sealed by a digest.

    Args:
        record: The record.
        sha256: The digest that the seal states; None for the right one.

    Returns:
        The bytes of its file.
    """
    content = _to_content(record)
    return _canonical({"record": content, "sha256": sha256 or _digest(content)}) + b"\n"


def from_bytes(data: bytes, path: Path) -> tuple[Record, str]:
    """Return the record that a file holds, and the digest that it states; neither is checked yet.

    Raises:
        RecordError: If the bytes are not those of a record.
    """
    try:
        document = json.loads(data)
        return _from_content(document["record"], path), str(document["sha256"])
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise RecordError(
            what="the file is no record of a draw",
            where=str(path),
            found="other content, or a record that was damaged",
            expected="the file as assign wrote it",
            do="name the record of this trial, or get it back from a copy; do not draw again",
        ) from None


def digest_record(record: Record) -> str:
    """Return the SHA-256 that seals a record."""
    return _digest(_to_content(record))


def digest_entrants(person_id: StrArray, block: StrArray) -> str:
    """Return the SHA-256 of who was drawn, and in which block."""
    return _digest([person_id.tolist(), block.tolist()])


def _digest(content: object) -> str:
    return hashlib.sha256(_canonical(content)).hexdigest()


def _canonical(content: object) -> bytes:
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _to_content(record: Record) -> dict[str, Any]:
    columns = zip(record.person_id, record.block, record.arm.tolist(), record.probability, strict=True)
    return {
        "arms": {str(code): label for code, label in enumerate(record.arms.labels)},
        "bit_generator": record.bit_generator,
        "cohort_sha256": record.cohort_digest,
        "design": _to_design_content(record.plan.design),
        "format": FORMAT,
        "plan_sha256": record.plan.plan_digest,
        "persons": [
            {"id": person, "block": block, "arm": arm, "probability": probability}
            for person, block, arm, probability in columns
        ],
        "randomised_on": record.plan.randomised_on.isoformat(),
        "seed": record.plan.seed,
        "versions": dict(record.versions),
    }


def _from_content(content: dict[str, Any], path: Path) -> Record:
    """Turn content into a record of the right types; what it says beyond that fails the check of the form."""
    persons = content["persons"]
    person_id = [str(each["id"]) for each in persons]
    seed = int(content["seed"])
    if content["format"] != FORMAT or seed < 0 or person_id != sorted(set(person_id)):
        raise ValueError
    return Record(
        plan=PlannedDraw(
            design=_from_design_content(content["design"]),
            seed=seed,
            record=path,
            randomised_on=date.fromisoformat(content["randomised_on"]),
            plan_digest=str(content["plan_sha256"]),
        ),
        arms=Arms(intervention=str(content["arms"]["1"]), control=str(content["arms"]["0"])),
        person_id=np.array(person_id, dtype=object),
        block=np.array([str(each["block"]) for each in persons], dtype=object),
        arm=np.array([int(each["arm"]) for each in persons], dtype=np.int64),
        probability=np.array([str(each["probability"]) for each in persons], dtype=object),
        cohort_digest=str(content["cohort_sha256"]),
        bit_generator=str(content["bit_generator"]),
        versions=tuple((str(name), str(each)) for name, each in content["versions"].items()),
    )


def _to_design_content(design: Design) -> dict[str, Any]:
    if isinstance(design, Complete):
        return {"kind": "complete", "drawn": _to_quota_content(design.drawn)}
    drawn = [[label, _to_quota_content(quota)] for label, quota in design.drawn]
    return {"kind": "blocked", "block": design.block, "drawn": drawn}


def _from_design_content(content: dict[str, Any]) -> Design:
    if content["kind"] == "complete":
        return Complete(_from_quota_content(content["drawn"]))
    return Blocked(
        str(content["block"]), tuple((str(label), _from_quota_content(quota)) for label, quota in content["drawn"])
    )


def _to_quota_content(quota: Quota) -> int | str:
    return str(quota) if isinstance(quota, Fraction) else quota


def _from_quota_content(content: int | str) -> Quota:
    """Return a share written ``1/3``, or a count."""
    if isinstance(content, str):
        above, below = content.split("/")
        return Fraction(int(above), int(below))
    return int(content)
