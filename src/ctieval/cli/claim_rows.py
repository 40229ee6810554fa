"""The audit of a claim as rows: exact ones for machines, worded ones for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ctieval.cli.console import Row
from ctieval.domain.claim import Background, ClaimAudit, ClaimStep, Known, Span, Standing, Step
from ctieval.domain.posting import Party
from ctieval.domain.source import Source
from ctieval.report.catalogue import Catalogue

_OPEN = Span(None, None)
_OF_KRONER = frozenset({Step.CLAIMED, Step.PROGRAMME_COST})
_PARTIES = (Party.MUNICIPALITY, Party.STATE, Party.OTHER_MUNICIPALITIES, Party.CITIZEN)
_SOURCE = ("source", "section", "href", "retrieved")
_HEAD = ("reading", "step", "standing", "number", "municipality", "state", "others", "citizen", "left", "source")
_THOUSAND = 1000
_WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class _Line:
    """One row before it is printed: a step, a total, or something else that the claim states or does not."""

    reading: str
    step: str
    standing: Standing | None
    number: Span | None
    postings: dict[Party, Span]
    left: Span | None
    source: Source | None


def exact_rows(audit: ClaimAudit) -> Sequence[Row]:
    """One row a statement, step or total; kroner and shares in full, an end that nobody knows open."""
    return [
        {
            "causal": int(audit.causal),
            "reading": line.reading,
            "step": line.step,
            "standing": line.standing.value if line.standing else "",
            **_ends("number", line.number),
            **{name: cell for party in _PARTIES for name, cell in _ends(party.value, line.postings.get(party)).items()},
            **_ends("left", line.left),
            **_source_cells(line.source),
        }
        for line in _lines(audit)
    ]


def worded_rows(audit: ClaimAudit, words: Catalogue) -> Sequence[Row]:
    """The same for people, in one language; kroner in thousands, and sources by their number."""
    numbers = {source: place for place, source in enumerate(_sources(audit), start=1)}
    return [_worded(line, words, numbers) for line in _lines(audit)]


def closing_words(audit: ClaimAudit, words: Catalogue) -> Sequence[str]:
    """What must be said of the figures, the question of cause first."""
    undocumented = dict.fromkeys(
        step.step.value
        for reading in audit.readings
        for step in reading.steps
        if step.standing is Standing.NOT_DOCUMENTED and step.step is not Step.TAX_ON_WAGES
    )
    missing = [words.text("claim.missing", what=words.text(f"claim.needed.{step}")) for step in undocumented]
    keys = ("causal" if audit.causal else "not_causal", "wages_on_top", "before_state_tax", "society")
    sources = [f"[{place}] {_cite(source)}" for place, source in enumerate(_sources(audit), start=1)]
    return [*(words.text(f"claim.{key}") for key in keys), *missing, *sources]


def _sources(audit: ClaimAudit) -> list[Source]:
    return list(dict.fromkeys(line.source for line in _lines(audit) if line.source is not None))


def _cite(source: Source) -> str:
    return ", ".join(part for part in (source.title, source.section, source.href) if part)


def _lines(audit: ClaimAudit) -> Iterator[_Line]:
    stated = dict(audit.claim.background)
    if audit.claim.control_group is not None:
        stated[Background.CONTROL_GROUP] = audit.claim.control_group
    for each in Background:
        yield _statement(each, stated.get(each))
    for reading in audit.readings:
        yield from (_step(reading.basis.value, step) for step in reading.steps)
        totals = dict(reading.totals)
        yield _Line(reading.basis.value, "after_equalisation", None, None, totals, totals.get(Party.MUNICIPALITY), None)
    yield _Line(_WHOLE, "after_refund", None, None, {}, audit.after_refund, None)
    yield _Line(_WHOLE, "after_equalisation", None, None, {}, audit.after_equalisation, None)


def _statement(about: Background, known: Known | None) -> _Line:
    if known is None:
        return _Line("", about.value, Standing.NOT_DOCUMENTED, None, {}, None, None)
    return _Line("", about.value, known.standing, Span(known.low, known.high), {}, None, known.source)


def _step(reading: str, step: ClaimStep) -> _Line:
    return _Line(
        reading, step.step.value, step.standing, step.number, dict(step.postings), step.municipality, step.source
    )


def _ends(name: str, span: Span | None) -> dict[str, float | None]:
    found = span or _OPEN
    return {f"{name}_low": found.low, f"{name}_high": found.high}


def _source_cells(source: Source | None) -> dict[str, str | None]:
    if source is None:
        return dict.fromkeys(_SOURCE)
    return dict(zip(_SOURCE, (source.title, source.section, source.href, source.retrieved.isoformat()), strict=True))


def _worded(line: _Line, words: Catalogue, numbers: Mapping[Source, int]) -> Row:
    cells = (
        words.text(f"claim.basis.{line.reading}") if line.reading else "",
        words.text(f"claim.step.{line.step}"),
        words.text(f"claim.standing.{line.standing.value}") if line.standing else "",
        _number(line, words),
        *(_posting(line, party, words) for party in _PARTIES),
        _thousands(line.left, words),
        _source(line, words, numbers),
    )
    return dict(zip((words.text(f"claim.head.{key}") for key in _HEAD), cells, strict=True))


def _number(line: _Line, words: Catalogue) -> str:
    if line.number is None:
        return ""
    if line.step == Background.CONTROL_GROUP:
        return words.text("claim.answer.yes" if line.number.low else "claim.answer.no")
    if line.step in _OF_KRONER:
        return _range([words.fmt.kr(end or 0) for end in (line.number.low, line.number.high)], words)
    if line.step in {Background.PARTICIPANTS, Background.PERIOD_MONTHS}:
        return _range([words.fmt.number(end or 0) for end in (line.number.low, line.number.high)], words)
    return _range([words.fmt.share(end or 0) for end in (line.number.low, line.number.high)], words)


def _posting(line: _Line, party: Party, words: Catalogue) -> str:
    if line.step == Step.REFUND and not line.postings and party is Party.MUNICIPALITY:
        return words.text("claim.already_taken_off")
    span = line.postings.get(party)
    return words.text("claim.unknown") if span == _OPEN else _thousands(span, words)


def _thousands(span: Span | None, words: Catalogue) -> str:
    if span is None:
        return ""
    low, high = (None if end is None else words.fmt.number(end / _THOUSAND) for end in (span.low, span.high))
    if low is None and high is None:
        return words.text("claim.not_documented")
    if low is None:
        return words.text("claim.at_most", high=high or "")
    return words.text("claim.at_least", low=low) if high is None else _range([low, high], words)


def _range(ends: Sequence[str], words: Catalogue) -> str:
    low, high = ends
    return low if low == high else words.text("claim.between", low=low, high=high)


def _source(line: _Line, words: Catalogue, numbers: Mapping[Source, int]) -> str:
    if line.source is not None:
        return f"[{numbers[line.source]}]"
    return words.text("claim.own_word") if line.standing is Standing.GIVEN else ""
