"""What a store says of itself: its version, what it covers, and the persons, rows and digests of each block."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from ctieval.errors import InputError
from ctieval.registers.kernels.block import Span

SCHEMA_VERSION = 1
MANIFEST = "manifest.json"
TABLES = ("persons", "spells", "months")


@dataclass(frozen=True, slots=True)
class BlockEntry:
    """What the manifest says of one block.

    Attributes:
        first_pidx: Number of its first person.
        end_pidx: Number after that of its last.
        rows: Rows of each of ``TABLES``.
        sha256: Digest of the file of each of ``TABLES``.
    """

    first_pidx: int
    end_pidx: int
    rows: tuple[int, ...]
    sha256: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a store says of itself.

    Attributes:
        schema_version: Version of the form of the store.
        block_size: Persons a block; the last may hold fewer.
        span: Weeks and months that the extract covers.
        blocks: The blocks in the order of their persons.
        unused_rows: Rows of employment about persons or months that the store does not hold.
    """

    schema_version: int
    block_size: int
    span: Span
    blocks: tuple[BlockEntry, ...]
    unused_rows: int


def table_path(folder: Path, table: str, number: int) -> Path:
    """Return the file of one table of one block.

    Examples:
        >>> table_path(Path("store"), "spells", 7).as_posix()
        'store/spells/block-00007.parquet'
    """
    return folder / table / f"block-{number:05d}.parquet"


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write the manifest, after everything else: a folder without one is no store."""
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a store.

    Raises:
        InputError: If there is no manifest, if it is of another version, or if it is not in the form of one.
        InputError: If the persons of its blocks do not follow one another without a gap.
    """
    try:
        form = cast("dict[str, Any]", json.loads((folder / MANIFEST).read_text(encoding="utf-8")))
        version = form["schema_version"]
    except (OSError, ValueError, TypeError, KeyError):
        raise _broken(folder, "no manifest that can be read", "a store that was written to its end") from None
    if version != SCHEMA_VERSION:
        raise _broken(folder, f"schema version {version}", f"schema version {SCHEMA_VERSION}")
    try:
        manifest = _to_manifest(form)
    except (KeyError, TypeError):
        raise _broken(folder, "a manifest with entries too few or too many", "the manifest as it was written") from None
    _check_numbers(manifest, folder)
    return manifest


def _to_manifest(form: dict[str, Any]) -> Manifest:
    entries: list[dict[str, Any]] = form["blocks"]
    whole = {**form, "span": Span(**form["span"]), "blocks": tuple(_to_entry(entry) for entry in entries)}
    return Manifest(**cast("dict[str, Any]", whole))


def _to_entry(form: dict[str, Any]) -> BlockEntry:
    lists = {name: tuple(form[name]) for name in ("rows", "sha256")}
    return BlockEntry(**cast("dict[str, Any]", form | lists))


def _check_numbers(manifest: Manifest, folder: Path) -> None:
    """Refuse blocks that leave persons out, hold them twice, or are of another size than is said."""
    size = manifest.block_size
    for number, entry in enumerate(manifest.blocks):
        full = entry.end_pidx - entry.first_pidx == size
        last = number == len(manifest.blocks) - 1 and 0 < entry.end_pidx - entry.first_pidx < size
        if entry.first_pidx != number * size or not (full or last):
            raise _broken(
                folder, f"block {number} with other persons", "blocks that follow one another, all but the last full"
            )


def _broken(folder: Path, found: str, expected: str) -> InputError:
    return InputError(
        what="the folder is no store of register spells",
        where=f"{folder.name}/{MANIFEST}",
        found=found,
        expected=expected,
        do="write the store again from its extract",
    )
