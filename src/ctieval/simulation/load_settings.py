"""Reads the settings of a world from TOML, strictly. What they mean stands in ``settings``."""

from __future__ import annotations

import dataclasses
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from ctieval.errors import ProtocolError
from ctieval.simulation.check_settings import check_settings
from ctieval.simulation.settings import WorldSettings


def load_settings(path: Path | None = None) -> WorldSettings:
    """Load the settings of a world.

    Args:
        path: A TOML file with the keys of ``demo/world.toml``, or None for that file itself.

    Returns:
        The settings.

    Raises:
        ProtocolError: If the file is no TOML, or a key is unknown, missing or of the wrong type.
        ProtocolError: If the settings contradict each other.

    Examples:
        >>> [place.drawn for place in load_settings().municipality if place.name == "Brøndby"]
        [120]
    """
    file = path.name if path is not None else "world.toml"
    source = path if path is not None else resources.files("ctieval.simulation") / "demo" / "world.toml"
    try:
        table = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _error(file, "the whole file", type(error).__name__, "a TOML file in UTF-8") from None
    settings: WorldSettings = _build(WorldSettings, table, file, "")
    check_settings(settings, file)
    return settings


def _build(wanted: Any, found: object, file: str, key: str) -> Any:  # noqa: ANN401  (any field of the settings)
    if dataclasses.is_dataclass(wanted):
        return _build_table(wanted, found, file, key)
    if get_origin(wanted) is tuple:
        return _build_list(get_args(wanted), found, file, key)
    if wanted is float and type(found) is int:
        return float(found)
    if type(found) is not wanted:
        raise _error(file, key, type(found).__name__, f"a value of the type {wanted.__name__}")
    return found


def _build_table(wanted: Any, found: object, file: str, key: str) -> object:  # noqa: ANN401  (any class of the settings)
    if not isinstance(found, dict):
        raise _error(file, key, type(found).__name__, "a table")
    hints = get_type_hints(wanted)
    required = {field.name for field in dataclasses.fields(wanted) if field.default is dataclasses.MISSING}
    for name in sorted(set(found) ^ set(hints)):
        if name in found or name in required:
            kind = "an unknown key" if name in found else "no such key"
            raise _error(file, _join(key, name), kind, "the keys of world.toml")
    return wanted(**{name: _build(hints[name], value, file, _join(key, name)) for name, value in found.items()})


def _build_list(wanted: tuple[Any, ...], found: object, file: str, key: str) -> tuple[object, ...]:
    if not isinstance(found, list):
        raise _error(file, key, type(found).__name__, "a list")
    kinds = (wanted[0],) * len(found) if wanted[-1] is Ellipsis else wanted
    if len(kinds) != len(found):
        raise _error(file, key, f"{len(found)} values", f"{len(kinds)} values")
    return tuple(
        _build(kind, value, file, f"{key}[{i}]") for i, (kind, value) in enumerate(zip(kinds, found, strict=True))
    )


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _error(file: str, key: str, found: str, expected: str) -> ProtocolError:
    what = "the settings of the simulated world cannot be read"
    return ProtocolError(
        file=file, key=key, line=None, what=what, found=found, expected=expected, do=f"correct {key} in {file}"
    )
