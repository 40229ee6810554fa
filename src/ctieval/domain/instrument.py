"""Questionnaires as data: which answers there are, how they make a score, and how a score is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ctieval.domain.outcome import BetterWhen
from ctieval.domain.source import Source
from ctieval.domain.wording import Label


class Scoring(StrEnum):
    """How answers make a score.

    ``SUM``: their sum. ``MEAN``: their mean. ``PERCENT``: where their sum lies between the lowest sum that is
    possible, which is 0, and the highest, which is 100.
    """

    SUM = "sum"
    MEAN = "mean"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Band:
    """Scores that are read alike.

    Attributes:
        name: Short name.
        label: The name that a reader sees.
        low: Lowest score.
        high: Highest score of complete answers; a score between two bands belongs to the lower.
        source: What proves the band, or None where it is the trial's own.
    """

    name: str
    label: Label
    low: float
    high: float
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire, without the wording of its items.

    Attributes:
        name: Short name, as in the survey.
        title: Its own title.
        items: Number of items, numbered from 1.
        lowest: Lowest answer.
        highest: Highest answer.
        scoring: How answers make a score.
        minimum_answered: Items that must be answered for a score; an open one then counts as the mean of the others.
        better_when: Direction of the score in which a person fares better.
        source: What proves the scoring.
        reverse: Items whose answers run the other way, ascending.
        bands: How scores are read, from low to high; empty where there is no agreed reading.
    """

    name: str
    title: Label
    items: int
    lowest: int
    highest: int
    scoring: Scoring
    minimum_answered: int
    better_when: BetterWhen
    source: Source
    reverse: tuple[int, ...] = ()
    bands: tuple[Band, ...] = ()

    @property
    def score_range(self) -> tuple[float, float]:
        """Lowest and highest score that is possible."""
        if self.scoring is Scoring.PERCENT:
            return 0.0, 100.0
        times = self.items if self.scoring is Scoring.SUM else 1
        return float(times * self.lowest), float(times * self.highest)

    @property
    def scores(self) -> tuple[float, ...]:
        """Every score of complete answers, ascending."""
        low, high = self.score_range
        steps = self.items * (self.highest - self.lowest)
        return tuple((low * (steps - step) + high * step) / steps for step in range(steps + 1))
