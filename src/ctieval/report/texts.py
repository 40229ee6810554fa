"""Reads the words of one language from ``text``; ``catalogue`` puts facts into them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from ctieval.domain.wording import Language


@cache
def read_texts(lang: Language) -> Mapping[str, str]:
    """Read every text of a language by its dotted key, from all files of ``text/<lang>``.

    Raises:
        ValueError: If two files hold the same key, or a value is not a text.
    """
    folder = resources.files("ctieval.report") / "text" / lang
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return merge_texts((file.name, file.read_text("utf-8")) for file in files)


def merge_texts(files: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """Merge the texts of some TOML files, each given by its name and content.

    Raises:
        ValueError: If two files hold the same key, or a value is not a text.

    Examples:
        >>> dict(merge_texts([("a.toml", 'unit.weeks = "weeks"'), ("b.toml", 'unit.kr = "DKK"')]))
        {'unit.weeks': 'weeks', 'unit.kr': 'DKK'}
    """
    texts: dict[str, str] = {}
    for name, content in files:
        for key, text in _flatten(tomllib.loads(content), ""):
            if key in texts:
                msg = f"the text {key} stands twice, again in {name}"
                raise ValueError(msg)
            texts[key] = text
    return MappingProxyType(texts)


def _flatten(table: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{name}.")
        elif isinstance(value, str):
            yield f"{prefix}{name}", value
        else:
            msg = f"{prefix}{name} is not a text"
            raise ValueError(msg)  # noqa: TRY004
