"""The worked example of the specification on claims: ME18. Only the 3.8 million kroner is real."""

from datetime import date

import pytest

from ctieval.domain.claim import Background, Basis, Claim, Known, Span, Standing, Step
from ctieval.domain.posting import Party
from ctieval.domain.source import Source
from ctieval.domain.wording import Label
from ctieval.economics.claim.audit import audit_claim
from ctieval.protocol.claim import load_example
from ctieval.rates.load import load_rates

MADE_UP = Source("Worked example", "", "", date(2026, 11, 22), simulated=True)


def known(value):
    return Known(value, value, Standing.ILLUSTRATIVE, MADE_UP)


def claim_of(basis):
    return Claim(
        title=Label("Påstanden", "The claim"),
        on=date(2021, 6, 1),
        saving=Known(3.8e6, 3.8e6, Standing.STATED, MADE_UP),
        basis=basis,
        would_have_left=known(0.40),
        ladder_week=known(53),
        programme_cost=known(1.5e6),
        municipal_tax=known(0.25),
        average_tax=known(0.25),
    )


def test_me18_from_the_stated_saving_to_the_municipality():
    found = audit_claim(claim_of(Basis.GROSS), load_rates(None))
    (gross,) = found.readings
    left = {step: gross.after(step) for step in Step}
    exact = {
        Step.CLAIMED: 3.80e6,
        Step.COUNTERFACTUAL: 2.28e6,
        Step.REFUND: 1.824e6,
        Step.PROGRAMME_COST: 0.324e6,
        Step.OWN_TAX: 0.324e6 - 0.57e6,
        Step.EQUALISATION: 0.1815e6,
    }
    for step, kroner in exact.items():
        assert (left[step].low, left[step].high) == pytest.approx((kroner, kroner))
    assert left[Step.TAX_ON_WAGES] == Span(left[Step.EQUALISATION].low, None)
    assert round(left[Step.EQUALISATION].low / 1e6, 2) == 0.18
    assert not found.causal


def test_me18_what_one_payer_gains_another_loses():
    """All but the cost of the programme is a transfer, under either reading."""
    for reading in audit_claim(claim_of(Basis.NOT_STATED), load_rates(None)).readings:
        totals = {party: span.low for party, span in reading.totals}
        assert sum(totals.values()) == pytest.approx(-1.5e6)
        assert totals[Party.OTHER_MUNICIPALITIES] < 0


def test_me18_both_readings_as_a_range():
    """Where 3.8 million is net of refund already, 2.28 million of it is left, of a benefit of 2.85 million."""
    found = audit_claim(claim_of(Basis.NOT_STATED), load_rates(None))
    assert [reading.basis for reading in found.readings] == [Basis.GROSS, Basis.NET_OF_REFUND]
    assert (found.after_refund.low, found.after_refund.high) == pytest.approx((0.324e6, 0.78e6))
    net = 0.78e6 - 0.0625 * 2.28e6 / 0.8
    assert (found.after_equalisation.low, found.after_equalisation.high) == pytest.approx((0.1815e6, net))


def test_me18_of_the_claim_as_it_was_made_nothing_is_known_but_a_ceiling():
    claim = load_example()
    found = audit_claim(claim, load_rates(None))
    assert (claim.saving.low, dict(claim.background)[Background.SELF_SUPPORTING].low) == (3.8e6, 0.30)
    assert [reading.after(Step.REFUND) for reading in found.readings] == [Span(None, 3.04e6), Span(None, 3.8e6)]
    assert found.after_refund == Span(None, 3.8e6)
    assert found.after_equalisation == Span(None, None)
    unknown = {step.step for step in found.readings[0].steps if step.standing is Standing.NOT_DOCUMENTED}
    assert unknown == set(Step) - {Step.CLAIMED, Step.REFUND}
    assert all(step.source for step in found.readings[0].steps if step.standing is not Standing.NOT_DOCUMENTED)
