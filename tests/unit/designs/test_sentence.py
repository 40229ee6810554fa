from fractions import Fraction

import pytest

from ctieval.designs.sentence import describe_design
from ctieval.domain.design import (
    BiasedCoin,
    Blocked,
    BlockedClustered,
    Capacity,
    Clustered,
    Complete,
    Matched,
    Minimised,
    PermutedBlocks,
    Rerandomised,
    Simple,
    WaitingList,
)
from ctieval.report.catalogue import load_catalogue

HALF = Fraction(1, 2)
DESIGNS = [
    Simple(HALF),
    Complete(3),
    Clustered("jobcentre", 4),
    BlockedClustered("region", "jobcentre", (("", 2),)),
    Matched(("age_years", "benefit_weeks_52"), 2, 1),
    WaitingList(Complete(3), 26),
    Rerandomised(Complete(3), ("age_years",), Fraction(1, 1000)),
    Minimised(("sex", "municipality"), (HALF, HALF), Fraction(4, 5)),
    *(Blocked(block, (("", HALF),)) for block in ("municipality", "region")),
    *(Capacity(block, (("", 3),)) for block in ("", "municipality", "region")),
    *(PermutedBlocks(stratum, (1, 2)) for stratum in ("", "municipality", "region")),
    *(BiasedCoin(stratum, Fraction(2, 3)) for stratum in ("", "municipality", "region")),
]


@pytest.mark.parametrize("design", DESIGNS, ids=repr)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_design_has_one_sentence_in_both_languages(design, lang):
    sentence = load_catalogue(lang).phrase(describe_design(design))
    assert sentence.endswith(".")
    assert sentence.count(". ") == 0
    assert not {"{", "}"} & set(sentence)


def test_the_sentence_holds_the_facts():
    words = load_catalogue("en")
    assert "26 weeks" in words.phrase(describe_design(WaitingList(Complete(3), 26)))
    assert "age_years, weeks" in words.phrase(describe_design(Matched(("age_years", "weeks"), 4, 1)))
    assert "about 0.1 per cent" in words.phrase(describe_design(Rerandomised(Complete(3), ("x",), Fraction(1, 1000))))
    assert "omkring 0,1 procent" in load_catalogue("da").phrase(
        describe_design(Rerandomised(Complete(3), ("x",), Fraction(1, 1000)))
    )
    assert "municipality" in words.phrase(describe_design(Blocked("municipality", (("", HALF),))))
    assert "(region)" in words.phrase(describe_design(Blocked("region", (("", HALF),))))
