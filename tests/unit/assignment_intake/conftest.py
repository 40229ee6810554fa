from datetime import date
from fractions import Fraction

import pytest

from ctieval.assignment.intake.admit import admit
from ctieval.assignment.intake.open import open_intake
from ctieval.domain.arms import Arms
from ctieval.domain.design import BiasedCoin, Minimised, PermutedBlocks
from ctieval.domain.trial import PlannedIntake

DAY = date(2026, 3, 2)

DESIGNS = {
    "rows": PermutedBlocks("municipality", (1, 2, 3)),
    "coin": BiasedCoin("municipality", Fraction(2, 3)),
    "minimised": Minimised(("municipality",), (Fraction(1),), Fraction(4, 5)),
    "unequal": Minimised(("municipality",), (Fraction(1),), Fraction(4, 5), (1, 2)),
}


@pytest.fixture
def arms():
    return Arms(intervention="Indsatsgruppe", control="Kontrolgruppe")


@pytest.fixture
def day():
    return DAY


@pytest.fixture
def make_plan(tmp_path):
    def make(design="rows", folder="trial"):
        return PlannedIntake(
            design=DESIGNS[design],
            record=tmp_path / folder / "intake.jsonl",
            key=tmp_path / f"{folder}-key" / "intake.key",
            opens_on=date(2026, 1, 5),
            plan_digest="ab" * 32,
        )

    return make


@pytest.fixture
def plan(make_plan, arms):
    """An intake that was started."""
    plan = make_plan()
    open_intake(plan, arms)
    return plan


@pytest.fixture(params=DESIGNS)
def any_plan(request, make_plan, arms):
    """An intake of every design, started."""
    plan = make_plan(request.param)
    open_intake(plan, arms)
    return plan


@pytest.fixture
def admit_many():
    def many(plan, n, start=1):
        towns = ("153", "550", "153")
        return [admit(plan, f"canary-{i:03d}", (towns[i % 3],), DAY) for i in range(start, start + n)]

    return many
