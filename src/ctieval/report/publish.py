"""From an evaluation to the files that leave: protected, rendered, and listed in a manifest with their digests."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Final, assert_never

from ctieval.domain.evaluation import Evaluation, Suppression
from ctieval.domain.wording import Language
from ctieval.report.build import build_council_paper, build_methods_appendix, build_report
from ctieval.report.earlier import OUTPUTS, read_earlier
from ctieval.report.economy_book.render import render_economy_book
from ctieval.report.html import render_html
from ctieval.report.model import Report
from ctieval.report.pdf import render_pdf
from ctieval.report.protect import protect
from ctieval.report.word.docx import render_docx
from ctieval.report.workbook.xlsx import render_xlsx

MANIFEST: Final = "manifest.json"


class ReportFormat(StrEnum):
    """The formats of a report; the value is the ending of the file's name."""

    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"


class Audience(StrEnum):
    """Whom a document is for.

    ``FULL`` is the report itself, ``COUNCIL`` the two pages with which it comes before a council, ``METHODS`` its
    appendix on methods alone.
    """

    FULL = "full"
    COUNCIL = "council"
    METHODS = "methods"


STEMS: Final[Mapping[Audience, Mapping[Language, str]]] = {
    Audience.FULL: {"da": "rapport", "en": "report"},
    Audience.COUNCIL: {"da": "sagsfremstilling", "en": "council-paper"},
    Audience.METHODS: {"da": "metodebilag", "en": "methods"},
}
ECONOMY_BOOKS: Final[Mapping[Language, str]] = {"da": "oekonomi.xlsx", "en": "economy.xlsx"}
"""The account as a workbook with live formulas, beside the report in the same format."""

USUAL: Final = (Audience.FULL, Audience.COUNCIL)
"""What is written where nobody asks for anything else; the appendix on methods is in the report already."""

_PAPER: Final = (ReportFormat.PDF, ReportFormat.DOCX)


def publish(
    evaluation: Evaluation,
    folder: Path,
    *,
    audiences: Sequence[Audience] = USUAL,
    formats: Sequence[ReportFormat] = tuple(ReportFormat),
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Path, ...]:
    """Write the documents of an evaluation, in each of its languages and each format, and a manifest.

    With the workbook of the report comes that of the account, where there is an account and its quantities may be told
    (``render_economy_book``); where they may not, one of an earlier run is taken away, since it tells them. Nothing is
    put in place before everything has been rendered. The same evaluation gives the same bytes.

    Documents that an earlier run wrote in other formats, or for others, stay in the manifest where they are of the same
    evaluation; of another one they are taken away, so that no two reports stand side by side that tell different
    numbers. One that somebody has edited since is left alone, and is in no manifest.

    Args:
        evaluation: The evaluation; it is protected here if it is not yet.
        folder: Where the files go; made if it is not there.
        audiences: Whom documents are written for, in the order in which the files are listed.
        formats: Formats of each document, in their order; a council paper is a PDF or a Word file alone.
        progress: Called with the name of each file before it is rendered.

    Returns:
        The files, the manifest last.

    Raises:
        ProtocolError: If a comment is about no chapter, or two are about the same.
    """
    protected = evaluation if evaluation.suppression is not None else protect(evaluation)
    files: dict[str, bytes] = {}
    for lang in protected.trial.report.languages:
        for audience in audiences:
            report = _build(protected, lang, audience)
            for each in to_offered(audience, formats):
                name = f"{STEMS[audience][lang]}.{each.value}"
                progress(name)
                files[name] = render_report(report, each)
        if Audience.FULL in audiences and ReportFormat.XLSX in formats:
            files |= _economy_book(protected, lang, progress)
    outputs = {name: _digest(content) for name, content in files.items()}
    facts = _facts_of(protected)
    earlier = read_earlier(folder / MANIFEST)
    kept = earlier.unchanged(folder, outputs)
    if earlier.facts == facts:
        outputs = kept | outputs
    files[MANIFEST] = _to_manifest(facts, outputs)
    folder.mkdir(parents=True, exist_ok=True)
    if earlier.facts != facts:
        _take_away(folder, kept)
    if protected.economics is None or protected.economics.quantities is None:
        _take_away(folder, ECONOMY_BOOKS.values())
    return tuple(_put(folder / name, content) for name, content in files.items())


def to_offered(audience: Audience, formats: Sequence[ReportFormat]) -> tuple[ReportFormat, ...]:
    """Return those of some formats that a document comes in: a council paper is for print, and has no workbook.

    Examples:
        >>> [each.value for each in to_offered(Audience.COUNCIL, tuple(ReportFormat))]
        ['pdf', 'docx']
    """
    return tuple(each for each in formats if audience is not Audience.COUNCIL or each in _PAPER)


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


def _economy_book(protected: Evaluation, lang: Language, progress: Callable[[str], None]) -> Mapping[str, bytes]:
    account = protected.economics
    if account is None or account.quantities is None:
        return {}
    progress(ECONOMY_BOOKS[lang])
    content = render_economy_book(protected, lang)
    return {} if content is None else {ECONOMY_BOOKS[lang]: content}


def _take_away(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)


def _build(protected: Evaluation, lang: Language, audience: Audience) -> Report:
    match audience:
        case Audience.FULL:
            return build_report(protected, lang)
        case Audience.COUNCIL:
            return build_council_paper(protected, lang)
        case Audience.METHODS:
            return build_methods_appendix(protected, lang)
        case _:
            assert_never(audience)


def _facts_of(protected: Evaluation) -> dict[str, object]:
    """What the manifest says of an evaluation, as it comes back when it is read again."""
    facts = {
        "trial": protected.trial.title.en,
        "provenance": asdict(protected.provenance),
        "suppression": _log(protected.suppression),
        **({} if protected.part is None else {"municipality": protected.part.municipality}),
        "warnings": sorted({notice.code for notice in protected.warnings}),
    }
    return json.loads(json.dumps(facts))


def _to_manifest(facts: Mapping[str, object], outputs: Mapping[str, str]) -> bytes:
    manifest = {**facts, OUTPUTS: outputs}
    return (json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode("utf-8")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


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
