"""What each effect is an effect of: a card an outcome, one row each, and what holds for all of them above."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.estimand_card import EstimandCard, Event, Strategy
from ctieval.domain.outcome import Role
from ctieval.report.cells import ABSENT, Cell, Col, Row, RowRole
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.introduction import window_text
from ctieval.report.chapters.sources import plan_source
from ctieval.report.model import Block, Bullets, Para, Section, Table

GUIDELINE = "ICH E9(R1)"


def build_estimands(context: Context) -> Iterator[Section]:
    """Build the section of estimand cards; nothing where there are none."""
    if context.evaluation.estimands:
        yield Section("estimands", context.text("appendix.estimands.title"), tuple(_blocks(context)))


def _blocks(context: Context) -> Iterator[Block]:
    cards = context.evaluation.estimands
    common, own = _common(cards), _own(cards)
    yield Para(context.text("appendix.estimands.lead", guideline=GUIDELINE))
    yield Bullets(tuple(_common_points(context, common)))
    yield Table(
        id="estimands",
        caption=context.text("appendix.estimands.caption"),
        columns=(
            Col("outcome", context.text("head.outcome")),
            Col("window", context.text("head.window")),
            Col("summary", context.text("appendix.estimands.head.summary")),
            *(Col(event.value, context.text(f"estimand_card.head.{event.value}")) for event in own),
        ),
        rows=tuple(_rows(context, own)),
        source=plan_source(context),
        n_note=context.text("persons.none_plan"),
        note=" ".join(_notes(context, own)),
    )
    keys = dict.fromkeys(key for card in cards for key in card.estimands)
    if keys:
        yield Para(context.text("appendix.estimands.keys"))
        said = {key: context.text(f"estimand.{key}") for key in keys}
        yield Bullets(tuple(context.text("appendix.estimands.key", name=key, text=text) for key, text in said.items()))


def _common(cards: tuple[EstimandCard, ...]) -> dict[Event, Strategy]:
    """The events that every outcome may meet, and that all deal with alike."""
    first, *others = ({each.event: each.strategy for each in card.events} for card in cards)
    return {event: how for event, how in first.items() if all(other.get(event) is how for other in others)}


def _own(cards: tuple[EstimandCard, ...]) -> tuple[Event, ...]:
    """The other events, in the order of their list."""
    met = {each.event for card in cards for each in card.events}
    return tuple(event for event in Event if event in met and event not in _common(cards))


def _common_points(context: Context, common: dict[Event, Strategy]) -> Iterator[str]:
    cards = context.evaluation.estimands
    for name in ("population", "arms"):
        phrases = dict.fromkeys(card.population if name == "population" else card.arms for card in cards)
        yield from (
            context.text(f"appendix.estimands.common.{name}", text=context.words.phrase(phrase)) for phrase in phrases
        )
    for event, strategy in common.items():
        said = context.text(f"estimand_card.strategy.{strategy.value}")
        yield context.text(f"estimand_card.event.{event.value}", strategy=said)


def _rows(context: Context, own: tuple[Event, ...]) -> Iterator[Row]:
    for role in Role:
        cards = tuple(card for card in context.evaluation.estimands if card.role is role)
        if cards:
            yield Row((context.text(f"roles.{role.value}"),), RowRole.GROUP)
        for card in cards:
            yield Row(tuple(_cells(context, card, own)), RowRole.SUB)


def _cells(context: Context, card: EstimandCard, own: tuple[Event, ...]) -> Iterator[Cell]:
    outcome = context.outcome(card.outcome)
    met = {each.event: each.strategy for each in card.events}
    yield context.label(outcome.label)
    yield window_text(context, outcome)
    yield context.text(f"estimand_card.summary.{card.summary.value}")
    for event in own:
        yield context.text(f"estimand_card.short.{met[event].value}") if event in met else ABSENT


def _notes(context: Context, own: tuple[Event, ...]) -> Iterator[str]:
    """What the short words of the table mean."""
    yield context.text("appendix.estimands.note")
    used = {each.strategy for card in context.evaluation.estimands for each in card.events if each.event in own}
    for strategy in Strategy:
        if strategy in used:
            short = context.text(f"estimand_card.short.{strategy.value}")
            said = context.text(f"estimand_card.strategy.{strategy.value}")
            yield context.text("appendix.estimands.short", short=short, strategy=said)
