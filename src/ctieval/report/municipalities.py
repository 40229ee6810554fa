"""Names of the Danish municipalities, which are the same in every language; other names stand in ``text``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

_PLAIN = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def municipality_names() -> Mapping[str, str]:
    """Return the name of each municipality by its number in the registers, such as ``153`` for Brøndby."""
    return _tables()["names"]


def municipality_title(number: str) -> str:
    """Return what a municipality calls itself; a label that is no number of one stands as it is.

    Examples:
        >>> municipality_title("153"), municipality_title("101"), municipality_title("Nord")
        ('Brøndby Kommune', 'Københavns Kommune', 'Nord')
    """
    tables = _tables()
    name = tables["names"].get(number)
    return tables["titles"].get(number, number if name is None else f"{name} Kommune")


def municipality_folder(number: str) -> str:
    """Return a name that a folder of the municipality's own can have on any machine.

    Examples:
        >>> municipality_folder("153"), municipality_folder("../Nord")
        ('broendby', '-nord')
    """
    return re.sub(r"[^a-z0-9]+", "-", municipality_names().get(number, number).casefold().translate(_PLAIN))


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    file = resources.files("ctieval.report") / "municipalities.toml"
    return tomllib.loads(file.read_text("utf-8"))
