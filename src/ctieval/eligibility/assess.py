"""One look-up judged under many sets of criteria: spells, which are what takes time, are measured once."""

from __future__ import annotations

from dataclasses import dataclass, field

from ctieval.domain.criterion import Criterion, GapRule, InRegister, MinimumUnemployment
from ctieval.eligibility.criteria import Check, all_met, check_criterion, judge_spell
from ctieval.eligibility.past import Past
from ctieval.eligibility.spells import SpellWeeks, count_spell_weeks
from ctieval.registers.codes import CodeList


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LookedUp:
    """Everybody on the day of a look-up, ready to be judged by any criteria.

    Attributes:
        past: What is known up to the day; it must reach back as far as the longest spell asked for
            (``weeks_to_look_back``).
        codes: The code list.
    """

    past: Past
    codes: CodeList
    _checks: dict[Criterion, Check] = field(init=False, default_factory=dict[Criterion, Check])
    _spells: dict[tuple[GapRule, str], SpellWeeks] = field(
        init=False, default_factory=dict[tuple[GapRule, str], SpellWeeks]
    )

    def judge(self, criteria: tuple[Criterion, ...]) -> Check:
        """Judge everybody by all of some criteria, and by being in the register, which stands before any.

        Raises:
            InputError: If the code list has no set of the name that a criterion declares.
        """
        return all_met(self._check(criterion) for criterion in (InRegister(), *criteria))

    def _check(self, criterion: Criterion) -> Check:
        if criterion not in self._checks:
            self._checks[criterion] = self._measure(criterion)
        return self._checks[criterion]

    def _measure(self, criterion: Criterion) -> Check:
        if not isinstance(criterion, MinimumUnemployment):
            return check_criterion(criterion, self.past, self.codes)
        kind = (criterion.gap_rule, criterion.benefits)
        if kind not in self._spells:
            benefits = self.codes.lookup(criterion.benefits)
            self._spells[kind] = count_spell_weeks(self.past, benefits, criterion.gap_rule)
        return judge_spell(self._spells[kind], criterion.weeks)

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"LookedUp({len(self.past.persons)} persons on {self.past.as_of.isoformat()})"
