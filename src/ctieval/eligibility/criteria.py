"""Each criterion's check: who meets it, who does not, and who cannot be assessed. Counting is elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import assert_never

import numpy as np

from ctieval.domain.arrays import BoolArray, DateArray, FloatArray, IntArray, StrArray
from ctieval.domain.criterion import ActivityReady, Criterion, GapRule, InRegister, MinimumAge, MinimumUnemployment
from ctieval.domain.wording import Notice
from ctieval.eligibility.past import Past
from ctieval.eligibility.spells import SpellWeeks, count_spell_weeks
from ctieval.registers.codes import CodeList

FROM_CODE = "W-ACTIVITY-READY-FROM-CODE"
IN_WHOLE_WEEKS = "W-GAPS-IN-WHOLE-WEEKS"
_GONE = frozenset({"Død", "Udvandret"})


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Check:
    """What a criterion says of each person.

    Attributes:
        failed: True where it is assessed and not met, shape (n,).
        not_assessable: True where it cannot be assessed, shape (n,); never also failed.
        warnings: Coded warnings of the check.
    """

    failed: BoolArray
    not_assessable: BoolArray
    warnings: tuple[Notice, ...] = ()

    @property
    def met(self) -> BoolArray:
        """True where it is assessed and met, shape (n,)."""
        return ~(self.failed | self.not_assessable)

    def among(self, persons: BoolArray) -> Check:
        """Return the check with nothing said of anybody else; ``persons`` is True for whom it is applied to."""
        return replace(self, failed=self.failed & persons, not_assessable=self.not_assessable & persons)


def check_criterion(criterion: Criterion, past: Past, codes: CodeList) -> Check:
    """Check one criterion on every person.

    * In the register: not dead and not moved away, by the dates that the persons table states and by the code in the
      week of the look-up. It can always be assessed: who has neither date nor such a code is there.
    * Age: counted in whole years on the day; the birthday itself counts. Whoever is born on 29 February grows a
      year older on 1 March in a year without that day (a convention of ours). The age of a person without a
      birth date cannot be assessed.
    * Unemployment: the unbroken spell that runs at the look-up must last the weeks asked for, exactly so many being
      enough. It cannot be assessed where that hangs on weeks or months that are not observed, and only there. Where
      the extract holds weekly codes, a borrowed gap rule is applied to whole weeks, and a notice tells so.
    * Activity-ready: as the persons table states it; ``not_assessed`` is a reason of its own. Where the table
      does not say, the benefit code in the week of the look-up stands in, and a notice tells so; without a code
      observed in that week it cannot be assessed.

    Args:
        criterion: The criterion.
        past: What is known of each person up to the day.
        codes: The code list.

    Raises:
        InputError: If the code list has no set of the name that the criterion declares.
    """
    match criterion:
        case InRegister():
            return _check_in_register(past, codes)
        case MinimumAge():
            return judge_age(age_in_years(past.days("birth_date"), np.datetime64(past.as_of, "D")), criterion.years)
        case MinimumUnemployment():
            return _check_unemployment(criterion, past, codes)
        case ActivityReady():
            return _check_activity_ready(past, codes)
        case _:
            assert_never(criterion)


def judge_age(age: FloatArray, years: int) -> Check:
    """Judge ages by a threshold; an age that is NaN cannot be assessed.

    Args:
        age: Age in years, shape (n,).
        years: Least age in whole years.
    """
    unknown = np.isnan(age)
    return Check(failed=(age < years) & ~unknown, not_assessable=unknown)


def judge_spell(spell: SpellWeeks, weeks: int) -> Check:
    """Judge spells by a threshold: failed if not even the longest possible is enough, met if the shortest is.

    Args:
        spell: The least and the most that each spell can last.
        weeks: Weeks that it must last.
    """
    failed = spell.most < weeks
    return Check(failed=failed, not_assessable=~failed & (spell.least < weeks))


def all_met(checks: Iterable[Check]) -> Check:
    """Judge several checks as one: failed if any is failed, else not assessable if any is that.

    Args:
        checks: One check or more of the same persons.

    Examples:
        >>> unsure = Check(np.array([False, False]), np.array([True, True]))
        >>> together = all_met([unsure, Check(np.array([True, False]), np.array([False, False]))])
        >>> together.failed.tolist(), together.not_assessable.tolist()
        ([True, False], [False, True])
    """
    each = tuple(checks)
    failed = np.logical_or.reduce([check.failed for check in each])
    unknown = np.logical_or.reduce([check.not_assessable for check in each])
    return Check(failed=failed, not_assessable=unknown & ~failed)


def weeks_to_look_back(criteria: Iterable[Criterion]) -> int:
    """Return the weeks before the extract that must be laid as not observed, for no spell to look shorter than it is.

    The week of the look-up has hardly ever passed in full, so that there is one more than the longest spell asked for.

    Args:
        criteria: The criteria.

    Examples:
        >>> weeks_to_look_back([MinimumAge(30), MinimumUnemployment(52, GapRule.STRICT, "kontanthjaelp")])
        53
    """
    return 1 + max((each.weeks for each in criteria if isinstance(each, MinimumUnemployment)), default=0)


def age_in_years(born: DateArray, as_of: np.datetime64) -> FloatArray:
    """Return ages on a day: whole years, and the part of the year that has passed since the birthday.

    Args:
        born: Birth dates, shape (n,).
        as_of: The day.

    Returns:
        Years, shape (n,); a whole number on a birthday, NaN without a birth date.

    Examples:
        >>> born = np.array(["1988-01-15", "1988-02-29", "NaT"], dtype="datetime64[D]")
        >>> age_in_years(born, np.datetime64("2018-01-15")).round(3).tolist()
        [30.0, 29.877, nan]
    """
    years = (as_of.astype("datetime64[Y]") - born.astype("datetime64[Y]")).astype(np.int64)
    years = np.where(np.isnat(born), 0, years)
    whole = np.where(_birthday(born, years) > as_of, years - 1, years)
    last, following = _birthday(born, whole), _birthday(born, whole + 1)
    return whole + (as_of - last) / (following - last)


def _birthday(born: DateArray, years: IntArray) -> DateArray:
    """Day on which each person is so many years old; 1 March for 29 February in a year without it."""
    month = born.astype("datetime64[M]")
    return (month + 12 * years).astype("datetime64[D]") + (born.astype("datetime64[D]") - month)


def _check_in_register(past: Past, codes: CodeList) -> Check:
    """Failed by a date on or before the day, or by the code of the week."""
    as_of = np.datetime64(past.as_of, "D")
    gone = np.isin(past.code[:, -1], [entry.code for entry in codes.codes if entry.group in _GONE])
    failed = gone | (past.days("died_on") <= as_of) | (past.days("moved_on") <= as_of)
    return Check(failed=failed, not_assessable=np.zeros_like(failed))


def _check_unemployment(criterion: MinimumUnemployment, past: Past, codes: CodeList) -> Check:
    """The spell judged, with a notice where gaps are measured in whole weeks."""
    spell = count_spell_weeks(past, codes.lookup(criterion.benefits), criterion.gap_rule)
    rounded = past.periods is None and criterion.gap_rule is not GapRule.STRICT
    notice = (Notice(IN_WHOLE_WEEKS, "weeks"),) if rounded else ()
    return replace(judge_spell(spell, criterion.weeks), warnings=notice)


def _check_activity_ready(past: Past, codes: CodeList) -> Check:
    """The visitation that the table states, else what the code of the week implies."""
    stated = _visitation(past)
    silent = stated == ""
    ready = np.where(silent, codes.lookup("activity_ready")[past.code[:, -1]], stated == "activity_ready")
    unknown = np.where(silent, ~past.observed[:, -1], stated == "not_assessed")
    notice = (Notice(FROM_CODE, "visitation"),) if silent.any() else ()
    return Check(failed=~ready & ~unknown, not_assessable=unknown, warnings=notice)


def _visitation(past: Past) -> StrArray:
    """Visitation of each person, empty where the table does not say."""
    if "visitation" not in past.persons:
        return np.full(len(past.persons), "", dtype=np.object_)
    stated = past.persons["visitation"].astype(object)
    return stated.where(stated.notna(), "").to_numpy(dtype=np.object_)
