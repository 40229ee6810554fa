"""What was measured, in lines that say what was asked for and whether it was met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: its number in the design of the engine, what was done, what was found, and what was asked for."""

    name: str
    work: str
    found: str
    target: str
    met: bool


def at_least(name: str, work: str, ratio: float, target: int) -> Row:
    """How many times faster ours is."""
    return Row(name, work, f"{ratio:.{1 if ratio < 10 else 0}f}x", f">= {target}x", ratio >= target)


def at_most(name: str, work: str, value: float, target: float, unit: str) -> Row:
    """What must stay below a bound."""
    digits = 0 if target >= 20 else 1 if target >= 5 else 2
    return Row(name, work, f"{value:.{digits}f}{unit}", f"<= {target:g}{unit}", value <= target)


def to_text(rows: Iterable[Row]) -> str:
    lines = [("", "work", "found", "target", "")]
    lines += [(row.name, row.work, row.found, row.target, "met" if row.met else "NOT MET") for row in rows]
    return "\n".join(
        f"{name:5}{work:62}{found:>9}  {target:12}{met}".rstrip() for name, work, found, target, met in lines
    )
