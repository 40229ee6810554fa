"""What each person's services cost, week by week after her own draw, as the account takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ctieval.domain.arrays import FloatArray
from ctieval.domain.costing import Costing
from ctieval.domain.posting import Party
from ctieval.domain.wording import Notice


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PersonCosts:
    """Kroner by person and week ``[0, H)`` after her own draw, in the order of the allocation; a cost is positive.

    Kroner are nominal, or in the prices of the plan's year where the ingredient names an index that is known; they are
    not discounted. Research and donated ingredients are in none of the arrays: they stand in ``costing``.

    Attributes:
        programme: What the programme costs the municipality, running and set-up, shape (n, H); 0 for a person to whom
            nothing was given, in either arm.
        usual_services: What usual services cost the municipality, in both arms, shape (n, H).
        costing: The same by category, ingredient and arm, and what stands apart; no person.
        notices: Coded warnings.
        programme_of_others: What the programme costs other parties than the municipality, each of shape (n, H).
        usual_services_of_others: What usual services cost other parties, each of shape (n, H).
    """

    programme: FloatArray
    usual_services: FloatArray
    costing: Costing
    notices: tuple[Notice, ...] = ()
    programme_of_others: Mapping[Party, FloatArray] = field(default_factory=dict[Party, FloatArray])
    usual_services_of_others: Mapping[Party, FloatArray] = field(default_factory=dict[Party, FloatArray])

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"PersonCosts({self.programme.shape[0]} persons, {self.programme.shape[1]} weeks)"
