"""The lines of an intake's record as values, and as bytes in their one canonical form.

Every line is one JSON object: UTF-8, keys sorted, no spaces. It states the SHA-256 of the line before it, so that the
last line holds all of them together, and a mark that only the key can make. The first line says what the intake is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias, assert_never

from ctieval.assignment.canonical import to_canonical
from ctieval.assignment.exclusions import Exclusion, LateReason
from ctieval.domain.arms import Arms
from ctieval.domain.design import BiasedCoin, Intake, Minimised, PermutedBlocks

FORMAT = "ctieval intake record 1"


@dataclass(frozen=True, slots=True)
class Opened:
    """The first line: what the intake is.

    Attributes:
        design: How each person is drawn.
        arms: Names of the arms.
        opens_on: The first day on which somebody may be drawn.
        plan_digest: SHA-256 of what the plan had fixed.
        commitment: SHA-256 of the secret key.
        versions: Name and version of what draws.
    """

    design: Intake
    arms: Arms
    opens_on: date
    plan_digest: str
    commitment: str
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, repr=False)
class Admitted:
    """A person was drawn.

    Attributes:
        number: Her number in the order of admission, from 1.
        person_id: Her pseudonymous identifier.
        levels: Her level of each column that the design reads.
        on: The day.
        arm: The code of her arm.
    """

    number: int
    person_id: str
    levels: tuple[str, ...]
    on: date
    arm: int

    def __repr__(self) -> str:
        """Name the number and the day, never the person."""
        return f"Admitted({self.number}, {self.on.isoformat()})"


@dataclass(frozen=True, slots=True)
class Mended:
    """The end of the record had not been written whole, and was put aside.

    Attributes:
        fragment: SHA-256 of what was put aside.
        on: The day.
    """

    fragment: str
    on: date


@dataclass(frozen=True, slots=True)
class Closed:
    """Nobody more is drawn, and the key is no longer secret.

    Attributes:
        key: The key in hexadecimal digits.
        on: The day.
    """

    key: str
    on: date

    def __repr__(self) -> str:
        """Name the day."""
        return f"Closed({self.on.isoformat()})"


Entry: TypeAlias = Admitted | Exclusion | Mended | Closed
Line: TypeAlias = Opened | Entry


@dataclass(frozen=True, slots=True)
class Written:
    """A line as it stands in the record.

    Attributes:
        line: What it says.
        previous: SHA-256 of the line before it; empty for the first.
        mark: Proof that it was written with the key; only the key can check it.
    """

    line: Line
    previous: str
    mark: str


def to_body(line: Line, previous: str) -> dict[str, Any]:
    """Return all that a line says, but for its mark."""
    return {**_to_content(line), "previous": previous}


def to_bytes(written: Written) -> bytes:
    """Return a line in its canonical form, without the end of the line.

    Examples:
        >>> to_bytes(Written(Closed("ef", date(2026, 3, 2)), previous="ab", mark="cd"))
        b'{"key":"ef","kind":"closed","mark":"cd","on":"2026-03-02","previous":"ab"}'
    """
    return to_canonical({**to_body(written.line, written.previous), "mark": written.mark})


def from_bytes(data: bytes) -> Written:
    """Return a line from its bytes.

    Raises:
        ValueError: If the bytes are not exactly those of a line.
    """
    try:
        content = json.loads(data)
        written = Written(_from_content(content), str(content["previous"]), str(content["mark"]))
    except (LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
        raise ValueError from None
    if to_bytes(written) != data:
        raise ValueError
    return written


def _to_content(line: Line) -> dict[str, Any]:
    match line:
        case Opened():
            return _to_opening(line)
        case Admitted(number, person_id, levels, on, arm):
            content = {"number": number, "person": person_id, "levels": list(levels), "arm": arm}
            return {"kind": "admitted", "on": on.isoformat(), **content}
        case Exclusion(person_id, reason, on):
            return {"kind": "excluded", "on": on.isoformat(), "person": person_id, "reason": reason.value}
        case Mended(fragment, on):
            return {"kind": "mended", "on": on.isoformat(), "fragment_sha256": fragment}
        case Closed(key, on):
            return {"kind": "closed", "on": on.isoformat(), "key": key}
        case _:
            assert_never(line)


def _from_content(content: dict[str, Any]) -> Line:
    """Turn content into a line of the right types; what it says beyond that is found by its bytes."""
    on = date.fromisoformat(str(content["opens_on" if content["kind"] == "opened" else "on"]))
    match content["kind"]:
        case "opened":
            return _from_opening(content, on)
        case "admitted":
            levels = tuple(str(level) for level in content["levels"])
            return Admitted(int(content["number"]), str(content["person"]), levels, on, int(content["arm"]))
        case "excluded":
            return Exclusion(str(content["person"]), LateReason(content["reason"]), on)
        case "mended":
            return Mended(str(content["fragment_sha256"]), on)
        case "closed":
            return Closed(str(content["key"]), on)
        case _:
            raise ValueError


def _to_opening(opened: Opened) -> dict[str, Any]:
    return {
        "kind": "opened",
        "format": FORMAT,
        "design": _to_design_content(opened.design),
        "arms": list(opened.arms.labels),
        "opens_on": opened.opens_on.isoformat(),
        "plan_sha256": opened.plan_digest,
        "commitment_sha256": opened.commitment,
        "versions": dict(opened.versions),
    }


def _from_opening(content: dict[str, Any], opens_on: date) -> Opened:
    if content["format"] != FORMAT:
        raise ValueError
    control, intervention, *others = (str(label) for label in content["arms"])
    return Opened(
        design=_from_design_content(content["design"]),
        arms=Arms(intervention=intervention, control=control, others=tuple(others)),
        opens_on=opens_on,
        plan_digest=str(content["plan_sha256"]),
        commitment=str(content["commitment_sha256"]),
        versions=tuple((str(name), str(each)) for name, each in content["versions"].items()),
    )


def _to_design_content(design: Intake) -> dict[str, Any]:
    match design:
        case PermutedBlocks(stratum, multiples, ratio):
            return {
                "kind": "permuted_blocks",
                "stratum": stratum,
                "multiples": list(multiples),
                "ratio": list(ratio),
            }
        case BiasedCoin(stratum, favour):
            return {"kind": "biased_coin", "stratum": stratum, "favour": str(favour)}
        case Minimised(factors, weights, favour, ratio):
            return {
                "kind": "minimisation",
                "factors": list(factors),
                "weights": [str(weight) for weight in weights],
                "favour": str(favour),
                "ratio": list(ratio),
            }
        case _:
            assert_never(design)


def _from_design_content(content: dict[str, Any]) -> Intake:
    match content["kind"]:
        case "permuted_blocks":
            return PermutedBlocks(str(content["stratum"]), _whole(content["multiples"]), _whole(content["ratio"]))
        case "biased_coin":
            return BiasedCoin(str(content["stratum"]), _fraction(content["favour"]))
        case "minimisation":
            factors = tuple(str(factor) for factor in content["factors"])
            weights = tuple(_fraction(weight) for weight in content["weights"])
            return Minimised(factors, weights, _fraction(content["favour"]), _whole(content["ratio"]))
        case _:
            raise ValueError


def _whole(numbers: list[Any]) -> tuple[int, ...]:
    return tuple(int(number) for number in numbers)


def _fraction(text: str) -> Fraction:
    """Return a fraction written ``2/3``, or ``1`` where it is whole."""
    above, _, below = text.partition("/")
    return Fraction(int(above), int(below or 1))
