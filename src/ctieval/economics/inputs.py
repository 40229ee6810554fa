"""What an account is reckoned from, beside the plan and the allocation."""

from __future__ import annotations

from dataclasses import dataclass

from ctieval.domain.arrays import FloatArray
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.domain.registers import Registers
from ctieval.economics.costing.person_costs import PersonCosts
from ctieval.rates.book import RateBook
from ctieval.registers.codes import CodeList


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AccountInputs:
    """What an account is reckoned from.

    Attributes:
        registers: The registers.
        book: The rate book, with the trial's own rates laid over it.
        codes: The list of register codes.
        costs: What each person's services cost; None where they were not costed by ingredients, and then the total of
            ``rates/programme_cost.toml`` stands for the programme.
        took_part: 1 for those who took part and 0 for others, in either arm, shape (n,) in the order of the
            allocation; NaN where not known, None where nobody knows.
        fewest: Fewest persons of an arm behind a quantity that the account is made of.
        outcomes: Outcomes by person, in the order of the allocation, that may be weighed against their cost; or None.
    """

    registers: Registers
    book: RateBook
    codes: CodeList
    costs: PersonCosts | None = None
    took_part: FloatArray | None = None
    fewest: int = 1
    outcomes: OutcomeTable | None = None

    def __repr__(self) -> str:
        """Name the registers, never a person."""
        return f"AccountInputs({self.registers!r})"
