r"""Rounds the target group under other thresholds, so that no few persons can be read off two of its rows.

The rows are the same persons counted again and again: 412 who would be in the target group at 30 years and 409 at 31
tell of three who are 30. So no number of such a row is shown as it is:

- What an alternative gains, loses and cannot assess is rounded *down* to a whole multiple of ``smallest_cell``, each by
  itself. A printed number then stands for as many values as a cell has, of which 0 is one, or ``smallest_cell`` is:
  that a group holds some persons and yet too few is never told, nor is it of the difference between two rows.
- The target group itself is the published number with the rounded changes added, and rests on nothing finer.
- Those gained are among those whom the screening counts as kept out by one criterion alone. Where that count is hidden,
  a number gained would tell its least size, and is hidden too.
- Those who cannot be assessed may be among any whom the screening counts; they are shown only where nothing of it is
  hidden, or where nobody was not assessable. Where some were by the very criterion that is loosened, these are divided
  into those gained and those still not assessable: five of them, and fewer than five of each, would tell that neither
  is empty, so that the latter are not shown.
- Age and weeks changed together are not published. Whom two thresholds keep out is the union of whom each does: five
  there, and fewer than five at each alone, would tell that neither is empty.
- How many of those drawn would remain is not published.

References:
    Hundepool, A. et al. (2012). Statistical Disclosure Control, ch. 5 (rounding). Wiley.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ctieval.domain.flow import ScreeningFlow
from ctieval.domain.sensitivity import Alternative, TargetSensitivity, Thresholds, Varied
from ctieval.report.disclosure.counts import Verdict
from ctieval.report.disclosure.screening import ANY, ELIGIBLE, FIRST, ONLY, SCREENED, reason

_CRITERION = {
    Varied.AGE: "minimum_age",
    Varied.WEEKS: "minimum_unemployment",
    Varied.GAP_RULE: "minimum_unemployment",
    Varied.BENEFITS: "minimum_unemployment",
}


def round_sensitivity(
    table: TargetSensitivity | None, screening: ScreeningFlow | None, verdict: Verdict
) -> TargetSensitivity | None:
    """Return the target group under other thresholds fit to publish.

    Args:
        table: The counts as the engine left them; the grid of age and weeks is left out.
        screening: From screened to eligible, before anything is hidden in it; without it nothing is told.
        verdict: What is hidden elsewhere.
    """
    if table is None or screening is None:
        return None
    if verdict.smallest_cell <= 1:
        return replace(table, grid=())
    known = _Known(screening, verdict, table.planned)
    rounded = tuple(known.round(row) for row in table.one_way)
    return replace(table, one_way=rounded, grid=(), rounded_to=verdict.smallest_cell)


@dataclass(frozen=True, slots=True)
class _Known:
    """What a reader knows of the screening, and so what an alternative may add to it."""

    screening: ScreeningFlow
    verdict: Verdict
    planned: Thresholds

    def round(self, row: Alternative) -> Alternative:
        """Round one alternative, and hide of it what would tell of a hidden count."""
        step = self.verdict.smallest_cell
        planned = self.verdict.shown(ELIGIBLE, self.screening.eligible)
        gained = _down(row.gained, step) if self._tells_gained(row) else None
        lost = None if planned is None else _down(row.lost, step)
        return replace(
            row,
            eligible=None if planned is None or gained is None or lost is None else planned + gained - lost,
            gained=gained,
            lost=lost,
            not_assessable=_down(row.not_assessable, step) if self._tells_unknown(row) else None,
            drawn_eligible=None,
        )

    def _tells_gained(self, row: Alternative) -> bool:
        """Whether the reader knows how many there are of those who could be gained."""
        return self._only_keeps_out(row) or not any(
            self.verdict.hides(reason(self.screening, number, ONLY)) for number in self._reasons(row)
        )

    def _tells_unknown(self, row: Alternative) -> bool:
        """Whether those who cannot be assessed are part of nothing known whose other part is told as well."""
        if not self._hides_nothing:
            return not any(map(self._not_assessable, range(len(self.screening.exclusions)))) and self._tells_gained(row)
        settled = not any(map(self._not_assessable, self._reasons(row)))
        return settled or row.varied is Varied.AGE or self._only_keeps_out(row)

    def _only_keeps_out(self, row: Alternative) -> bool:
        """Whether nobody can come in: the threshold is that of the plan, or a stricter one."""
        years, weeks = row.thresholds.years or 0, row.thresholds.weeks or 0
        stricter = years > (self.planned.years or 0) or weeks > (self.planned.weeks or 0)
        return stricter or row.thresholds == self.planned

    def _reasons(self, row: Alternative) -> Iterator[int]:
        """Reasons that the criterion gives whose threshold is changed: failed, and not assessable."""
        name = _CRITERION[row.varied]
        return (n for n, each in enumerate(self.screening.exclusions) if name in each.reason.key.split("."))

    def _not_assessable(self, number: int) -> int:
        """How many a reason keeps out because they cannot be assessed."""
        row = self.screening.exclusions[number]
        return (row.any or 0) if row.reason.key.startswith("not_assessable.") else 0

    @property
    def _hides_nothing(self) -> bool:
        """Whether the whole screening is shown."""
        numbers = range(len(self.screening.exclusions))
        reasons = (reason(self.screening, number, how) for number in numbers for how in (FIRST, ANY, ONLY))
        return not any(self.verdict.hides(key) for key in (SCREENED, ELIGIBLE, *reasons))


def _down(n: int | None, step: int) -> int | None:
    return None if n is None else n - n % step
