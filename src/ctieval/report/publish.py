"""From an evaluation to the files that leave: protected, rendered, and listed in a manifest with their digests."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from ctieval.domain.evaluation import Evaluation, Suppression
from ctieval.domain.wording import Language
from ctieval.report.build import build_report
from ctieval.report.html import render_html
from ctieval.report.model import Report
from ctieval.report.pdf import render_pdf
from ctieval.report.protect import protect
from ctieval.report.word.docx import render_docx
from ctieval.report.workbook.xlsx import render_xlsx

STEMS: Mapping[Language, str] = {"da": "rapport", "en": "report"}
MANIFEST = "manifest.json"


class ReportFormat(StrEnum):
    """The formats of a report; the value is the ending of the file's name."""

    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"


def publish(
    evaluation: Evaluation,
    folder: Path,
    *,
    formats: Sequence[ReportFormat] = tuple(ReportFormat),
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Path, ...]:
    """Write the reports of an evaluation, in each of its languages and each format, and a manifest.

    Nothing is put in place before everything has been rendered. The same evaluation gives the same bytes.

    Args:
        evaluation: The evaluation; it is protected here if it is not yet.
        folder: Where the files go; made if it is not there.
        formats: Formats of the report, in the order in which the files are listed.
        progress: Called with the name of each file before it is rendered.

    Returns:
        The files, the manifest last.
    """
    protected = evaluation if evaluation.suppression is not None else protect(evaluation)
    files: dict[str, bytes] = {}
    for lang in protected.trial.report.languages:
        report = build_report(protected, lang)
        for each in formats:
            name = f"{STEMS[lang]}.{each.value}"
            progress(name)
            files[name] = render_report(report, each)
    files[MANIFEST] = _to_manifest(protected, files)
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_put(folder / name, content) for name, content in files.items())


def render_report(report: Report, form: ReportFormat) -> bytes:
    """Render a report in one format; a figure is drawn once, whatever the number of formats.

    Raises:
        ValueError: If an id stands twice, or a text refers to what is not there (``resolve``).
    """
    match form:
        case ReportFormat.HTML:
            return render_html(report)
        case ReportFormat.PDF:
            return render_pdf(report)
        case ReportFormat.DOCX:
            return render_docx(report)
        case ReportFormat.XLSX:
            return render_xlsx(report)
        case _:
            assert_never(form)


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
