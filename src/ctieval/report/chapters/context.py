"""What every chapter is built from: the protected evaluation and the words of one language."""

from __future__ import annotations

from dataclasses import dataclass

from ctieval.domain.description import OutcomeLevel
from ctieval.domain.design import blocked_by
from ctieval.domain.effect_table import Effect
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.outcome import BetterWhen, Outcome, Role
from ctieval.domain.units import Unit
from ctieval.domain.wording import Fact, Label, MissingInput, Phrase
from ctieval.report.catalogue import Catalogue
from ctieval.report.chapters.values import telling_decimals
from ctieval.report.findings import Finding, find_effect
from ctieval.report.fmt import Fmt
from ctieval.report.model import Missing
from ctieval.report.municipalities import municipality_names

_COARSE_POINTS = 10
"""Scales whose means reach two digits before the decimal mark are printed with one after it."""


NOT_BY_MUNICIPALITY = frozenset(
    {
        "answers",
        "association",
        "baseline",
        "compliance",
        "economics.accounts",
        "economics.follow_up",
        "economics.ingredients",
        "economics.outlook",
        "economics.programme_cost",
        "effects",
        "experienced",
        "follow_up",
        "implementation",
        "paths",
        "screening",
    }
)
"""What the joint report may tell, and that of one municipality leaves out."""


@dataclass(frozen=True, slots=True)
class Context:
    """One evaluation in one language.

    Attributes:
        evaluation: The protected evaluation.
        words: The text catalogue.
    """

    evaluation: Evaluation
    words: Catalogue

    @property
    def fmt(self) -> Fmt:
        """Prints numbers in this language."""
        return self.words.fmt

    def text(self, key: str, **facts: Fact) -> str:
        """Return a text with its facts put in."""
        return self.words.text(key, **facts)

    def label(self, label: Label) -> str:
        """Return a name that the user wrote."""
        return label.to_text(self.words.lang)

    def missing(self, what: str, file: str, facts: tuple[tuple[str, Fact], ...] = ()) -> Missing:
        """Return the block that stands where something cannot be told."""
        known = (*facts, ("file", file))
        if self.evaluation.part is not None and what in NOT_BY_MUNICIPALITY:
            named = self.words.phrase(Phrase(f"missing.{what}.what", known))
            return Missing(named, self.text("municipality.elsewhere"))
        return Missing(*(self.words.phrase(Phrase(f"missing.{what}.{part}", known)) for part in ("what", "needed")))

    def missing_account(self) -> Missing:
        """Return the block that stands where there is no account: not planned, or too few followed to its horizon."""
        if self.evaluation.flow.other_arms:
            return self.missing("economics.several", "trial.toml")
        planned = self.evaluation.trial.economics is not None
        return self.missing("economics.follow_up" if planned else "economics", "trial.toml")

    def missing_inputs(self, inputs: tuple[MissingInput, ...]) -> tuple[Missing, ...]:
        """Return one block for each missing input."""
        return tuple(self.missing(each.what, each.file, each.facts) for each in dict.fromkeys(inputs))

    def outcome(self, name: str) -> Outcome:
        """Return a declared outcome."""
        return next(outcome for outcome in self.evaluation.trial.outcomes if outcome.name == name)

    def level(self, name: str) -> OutcomeLevel | None:
        """Return the level of an outcome, or None where none was described."""
        return next((level for level in self.evaluation.levels if level.outcome == name), None)

    def outcome_label(self, name: str) -> str:
        """Return the name of an outcome that a reader sees."""
        return self.label(self.outcome(name).label)

    def effect_label(self, effect: Effect) -> str:
        """Return the name of an effect: its outcome, and where there are several interventions its contrast."""
        label = self.outcome_label(effect.outcome)
        return f"{label} ({effect.contrast})" if self.evaluation.flow.other_arms else label

    def is_described(self, effect: Effect) -> bool:
        """Tell whether the two arms of an effect are those that are described."""
        return effect.contrast == self.evaluation.trial.arms.contrast

    def effects(self, *roles: Role) -> tuple[Effect, ...]:
        """Return the effects on outcomes of some roles, in the declared order; of all roles if none is named."""
        rows = self.evaluation.effects.rows
        return tuple(row for row in rows if not roles or self.outcome(row.outcome).role in roles)

    def finding(self, effect: Effect) -> Finding:
        """Return what an effect on a declared outcome shows."""
        outcome = self.outcome(effect.outcome)
        return find_effect(effect, outcome.better_when, smallest_relevant=outcome.smallest_relevant)

    def decimals(self, name: str) -> int | None:
        """Return the digits with which an outcome is printed; None for those usual for its unit.

        All effects in one unit are printed with the same digits: as many as it takes that no end of an interval
        that settles a sign is printed as zero.
        """
        own = self._coarse(name)
        unit = self.outcome(name).unit
        alike = [row for row in self.effects() if (row.unit, self._coarse(row.outcome)) == (unit, own)]
        found = [telling_decimals(row, self.fmt, own) for row in alike]
        return max((digits for digits in found if digits is not None), default=own)

    def _coarse(self, name: str) -> int | None:
        level = self.level(name)
        if level is None or self.outcome(name).unit is not Unit.POINTS:
            return None
        return 1 if abs(level.intervention.mean) >= _COARSE_POINTS else None

    def block_name(self, label: str) -> str:
        """Return the name of a block; a municipality's number gives way to its name where it is known."""
        return self.category_name(label, self.blocked_by)

    def category_name(self, level: str, column: str) -> str:
        """Return the name of a category of a column; one that nobody worded is printed as it stands."""
        if column == "municipality":
            return municipality_names().get(level, level)
        return self.text(f"category.{level}") if self.words.has(f"category.{level}") else level

    @property
    def blocked_by(self) -> str:
        """The column whose values are the blocks; empty where the draw has none."""
        return blocked_by(self.evaluation.design)

    @property
    def block_word(self) -> str:
        """The word for a block: a municipality, where the blocks are that."""
        return self.text(f"block_word.{'municipality' if self.blocked_by == 'municipality' else 'block'}")

    def better(self, name: str) -> BetterWhen:
        """Return the direction in which a person fares better."""
        return self.outcome(name).better_when
