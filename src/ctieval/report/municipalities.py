"""Names of the Danish municipalities, which are the same in every language; other names stand in ``text``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def municipality_names() -> Mapping[str, str]:
    """Return the name of each municipality by its number in the registers, such as ``153`` for Brøndby."""
    file = resources.files("ctieval.report") / "municipalities.toml"
    return tomllib.loads(file.read_text("utf-8"))["names"]
