"""The record of a draw as a value, and as bytes in its one canonical form."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from ctieval.assignment.canonical import digest, to_canonical
from ctieval.assignment.design_form import from_design_content, to_design_content
from ctieval.domain.arms import Arms
from ctieval.domain.arrays import FloatArray, IntArray, StrArray
from ctieval.domain.entrants import Entrants
from ctieval.domain.trial import PlannedDraw
from ctieval.errors import RecordError

FORMAT = "ctieval allocation record 2"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Record:
    """What is written down of a draw.

    Attributes:
        plan: Design, seed and day.
        arms: Names of the arms.
        person_id: Identifiers, shape (n,), sorted, each once.
        block: Label of each person's block, shape (n,), also where the design formed it; empty texts without blocks.
        cluster: Label of each person's cluster, shape (n,); empty texts where the design has no clusters.
        arm: 0 for the control, 1 for the intervention, 2 and more for others, shape (n,).
        probability: Exact probability of each arm, fractions as texts, shape (n, arms).
        cohort_digest: SHA-256 of who entered, with all that the design could read of them.
        covariates_digest: SHA-256 of the covariates that the design read.
        bit_generator: Name of the bit generator.
        versions: Name and version of what drew.
        drawn_at: Moment of the draw as ISO 8601 writes it, or an empty text.
        drawn_by: Who drew, or an empty text.
        refused: Draws that were refused before this one, where the design repeats them.
    """

    plan: PlannedDraw
    arms: Arms
    person_id: StrArray
    block: StrArray
    cluster: StrArray
    arm: IntArray
    probability: StrArray
    cohort_digest: str
    covariates_digest: str
    bit_generator: str
    versions: tuple[tuple[str, str], ...]
    drawn_at: str = ""
    drawn_by: str = ""
    refused: int = 0

    @property
    def entrants(self) -> Entrants:
        """What the design may read of the persons, with the blocks that it formed; covariates are not kept."""
        return Entrants(self.block, self.cluster, np.empty((len(self.block), 0)))

    def __repr__(self) -> str:
        """Name the size and the plan, never a person."""
        return f"Record({int((self.arm > 0).sum())} of {len(self.arm)} drawn, {self.plan!r})"


def to_bytes(record: Record, *, sha256: str | None = None) -> bytes:
    """Return the canonical form of a record: UTF-8, keys sorted, no spaces, sealed by a digest.

    Args:
        record: The record.
        sha256: The digest that the seal states; None for the right one.

    Returns:
        The bytes of its file.
    """
    content = _to_content(record)
    return to_canonical({"record": content, "sha256": sha256 or digest(to_canonical(content))}) + b"\n"


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
    return digest(to_canonical(_to_content(record)))


def digest_entrants(person_id: StrArray, block: StrArray, cluster: StrArray, covariates_digest: str) -> str:
    """Return the SHA-256 of who was drawn, in which block and cluster, and with which covariates."""
    return digest(to_canonical([person_id.tolist(), block.tolist(), cluster.tolist(), covariates_digest]))


def digest_covariates(covariates: FloatArray) -> str:
    """Return the SHA-256 of covariates: their shape, and their bytes row by row, the least significant first."""
    content = repr(covariates.shape).encode() + np.ascontiguousarray(covariates, dtype="<f8").tobytes()
    return digest(content)


def _to_content(record: Record) -> dict[str, Any]:
    columns = (record.person_id, record.block, record.cluster, record.arm.tolist(), record.probability.tolist())
    return {
        "arms": {str(code): label for code, label in enumerate(record.arms.labels)},
        "bit_generator": record.bit_generator,
        "cohort_sha256": record.cohort_digest,
        "covariates_sha256": record.covariates_digest,
        "design": to_design_content(record.plan.design),
        "drawn_at": record.drawn_at,
        "drawn_by": record.drawn_by,
        "format": FORMAT,
        "plan_sha256": record.plan.plan_digest,
        "persons": [
            {"id": person, "block": block, "cluster": cluster, "arm": arm, "probability": probability}
            for person, block, cluster, arm, probability in zip(*columns, strict=True)
        ],
        "randomised_on": record.plan.randomised_on.isoformat(),
        "refused_draws": record.refused,
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
            design=from_design_content(content["design"]),
            seed=seed,
            record=path,
            randomised_on=date.fromisoformat(content["randomised_on"]),
            plan_digest=str(content["plan_sha256"]),
        ),
        arms=_from_arms_content(content["arms"]),
        person_id=np.array(person_id, dtype=object),
        block=np.array([str(each["block"]) for each in persons], dtype=object),
        cluster=np.array([str(each["cluster"]) for each in persons], dtype=object),
        arm=np.array([int(each["arm"]) for each in persons], dtype=np.int64),
        probability=np.array([[str(cell) for cell in each["probability"]] for each in persons], dtype=object),
        cohort_digest=str(content["cohort_sha256"]),
        covariates_digest=str(content["covariates_sha256"]),
        bit_generator=str(content["bit_generator"]),
        versions=tuple((str(name), str(each)) for name, each in content["versions"].items()),
        drawn_at=str(content["drawn_at"]),
        drawn_by=str(content["drawn_by"]),
        refused=int(content["refused_draws"]),
    )


def _from_arms_content(content: dict[str, str]) -> Arms:
    control, intervention, *others = (str(content[str(code)]) for code in range(len(content)))
    return Arms(intervention=intervention, control=control, others=tuple(others))
