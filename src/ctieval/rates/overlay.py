"""What the rates of a trial's own do to the shipped book. How a file is read, and what is looked up, live elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

from ctieval.rates.load import load_rates
from ctieval.rates.rate import Rate
from ctieval.rates.wanted import load_wanted

_OF_MUNICIPALITY = re.compile(r"(?<=^municipal_tax)_\d{3}$")
"""What one municipality's own rate bears after the name."""


class Standing(StrEnum):
    """What a rate of the trial's own does: it replaces a shipped one, fills a gap, or is asked for by no account."""

    REPLACES = "replaces"
    FILLS = "fills"
    UNASKED = "unasked"


@dataclass(frozen=True, slots=True)
class OwnRate:
    """A rate of the trial's own.

    Attributes:
        rate: The rate.
        standing: What it does to the shipped book.
        nearest: Names that accounts do ask for and that look like its own; only where it is not asked for.
    """

    rate: Rate
    standing: Standing
    nearest: tuple[str, ...] = ()


def check_overlay(folder: Path) -> tuple[OwnRate, ...]:
    """Read every rate of a trial's own folder, and say what each does to the shipped book.

    A rate that no account asks for is no error, since a plan may name its own discount schedule; but it is what a
    misspelt name looks like.

    Args:
        folder: The folder of the trial's own rates.

    Raises:
        RateError: If the folder is not there, or a file cannot be read as UTF-8.
        RateError: If a file breaks its form; the message names the file and the key.
    """
    shipped, own = load_rates(None), load_rates(folder)
    asked = {rate.name for rate in load_wanted(shipped)} | {
        name for benefit in own.benefits.benefits for name in (benefit.provider, benefit.other)
    }
    mine = {path.stem for path in folder.glob("*.toml")}
    return tuple(_judge(rate, shipped.names, asked) for rate in own.rates if rate.name in mine)


def _judge(rate: Rate, shipped: tuple[str, ...], asked: set[str]) -> OwnRate:
    if rate.name in shipped:
        return OwnRate(rate, Standing.REPLACES)
    if _OF_MUNICIPALITY.sub("", rate.name) in asked:
        return OwnRate(rate, Standing.FILLS)
    return OwnRate(rate, Standing.UNASKED, tuple(get_close_matches(rate.name, sorted(asked | set(shipped)))))
