"""From an evaluation to the files that leave: protected, rendered, and listed in a manifest with their digests."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from ctieval.domain.evaluation import Evaluation, Suppression
from ctieval.domain.wording import Language
from ctieval.report.build import build_report
from ctieval.report.html import render_html
from ctieval.report.protect import protect

FILE_NAMES: Mapping[Language, str] = {"da": "rapport.html", "en": "report.html"}
MANIFEST = "manifest.json"


def publish(
    evaluation: Evaluation, folder: Path, *, progress: Callable[[str], None] = lambda _: None
) -> tuple[Path, ...]:
    """Write the reports of an evaluation, in each of its languages, and a manifest.

    Nothing is put in place before everything has been rendered. The same evaluation gives the same bytes.

    Args:
        evaluation: The evaluation; it is protected here if it is not yet.
        folder: Where the files go; made if it is not there.
        progress: Called with the name of each file before it is rendered.

    Returns:
        The files, the manifest last.
    """
    protected = evaluation if evaluation.suppression is not None else protect(evaluation)
    files: dict[str, bytes] = {}
    for lang in protected.trial.report.languages:
        progress(FILE_NAMES[lang])
        files[FILE_NAMES[lang]] = render_html(build_report(protected, lang))
    files[MANIFEST] = _to_manifest(protected, files)
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_put(folder / name, content) for name, content in files.items())


def _to_manifest(protected: Evaluation, files: Mapping[str, bytes]) -> bytes:
    manifest = {
        "trial": protected.trial.title.en,
        "provenance": asdict(protected.provenance),
        "suppression": _log(protected.suppression),
        "warnings": sorted({notice.code for notice in protected.warnings}),
        "outputs": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode("utf-8")


def _log(suppression: Suppression | None) -> dict[str, int] | None:
    return None if suppression is None else asdict(suppression)


def _put(path: Path, content: bytes) -> Path:
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path
