"""The sheet of the ledger: every line by party, each posted twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ctieval.domain.ledger_quantities import Quantity
from ctieval.domain.posting import PUBLIC, Entry, Kind, Party
from ctieval.report.economy_book.assumptions import DISTORTION
from ctieval.report.economy_book.desk import Desk
from ctieval.report.economy_book.live import ZERO, Live, total, total_range
from ctieval.report.economy_book.page import FIRST_ROW, Shown
from ctieval.report.economy_book.quantity_sheets import sum_up
from ctieval.report.economy_book.tax_sheet import Taxes

_NOT_ORDINARY = (Entry.BUDGET_GUARANTEE, Entry.PUBLIC_FUNDS, Entry.PROJECT_GRANT)
_Posting = Mapping[Party, Live]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The cells of the ledger.

    Attributes:
        postings: By line and party.
        sums: Sum of each line over all parties: zero for a transfer.
    """

    postings: Mapping[Entry, Mapping[Party, Live]]
    sums: Mapping[Entry, Live]

    def line(self, entry: Entry, parties: tuple[Party, ...]) -> Live:
        """Return what a line is to some parties."""
        return total([cell for party, cell in self.postings.get(entry, {}).items() if party in parties])


def write_ledger(desk: Desk, kroner: Mapping[Quantity, Live], taxes: Taxes, inputs: Mapping[str, Live]) -> Ledger:
    """Write the ledger, a gain to a party being positive, and return its cells."""
    heads = (*desk.heads("line", "kind"), *(desk.text(f"party.{party.value}") for party in Party), desk.text("sum"))
    page = desk.open("ledger", heads, numbers=range(2, len(heads)), widths=(34, 14))
    posted: dict[Entry, Mapping[Party, Live]] = {}
    sums: dict[Entry, Live] = {}
    plain = _post(sum_up(kroner), taxes)
    for row, entry in enumerate((entry for entry in Entry if desk.has(entry)), start=FIRST_ROW):
        posting = _post_later(entry, posted, desk, inputs) if entry in _NOT_ORDINARY[:2] else plain[entry]
        page.text(row, 0, desk.entry_name(entry))
        page.text(row, 1, desk.text(f"kind.{entry.kind.value}"))
        posted[entry] = {
            party: page.formula(row, 2 + at, posting[party], Shown.KR)
            for at, party in enumerate(Party)
            if party in posting
        }
        across = [page.at(row, 2 + at, posted[entry].get(party, ZERO).value) for at, party in enumerate(Party)]
        sums[entry] = page.formula(row, 2 + len(across), total_range(across), Shown.KR, "group")
    return Ledger(posted, sums)


def _post(paid: Mapping[tuple[Entry, Party], Live], taxes: Taxes) -> Mapping[Entry, _Posting]:
    """Post what is paid, earned and taxed, each to whom it goes and whom it comes from."""
    own, state = Party.MUNICIPALITY, Party.STATE
    benefit, of_state = paid.get((Entry.BENEFIT, own), ZERO), paid.get((Entry.STATE_BENEFIT, state), ZERO)
    refund, grant = paid.get((Entry.REFUND, state), ZERO), paid.get((Entry.PROJECT_GRANT, state), ZERO)
    both = taxes.municipal_on_benefit + taxes.state_on_benefit, taxes.municipal_on_earnings + taxes.state_on_earnings
    return {
        Entry.BENEFIT: {Party.CITIZEN: benefit, own: -benefit},
        Entry.STATE_BENEFIT: {Party.CITIZEN: of_state, state: -of_state},
        Entry.REFUND: {own: refund, state: -refund},
        Entry.TAX_ON_BENEFIT: {
            Party.CITIZEN: -both[0],
            own: taxes.municipal_on_benefit,
            state: taxes.state_on_benefit,
        },
        Entry.OUTPUT: {Party.EMPLOYERS: taxes.produced},
        Entry.WAGES: {Party.EMPLOYERS: -taxes.produced, Party.CITIZEN: taxes.produced},
        Entry.TAX_ON_EARNINGS: {
            Party.CITIZEN: -both[1],
            own: taxes.municipal_on_earnings,
            state: taxes.state_on_earnings,
        },
        Entry.EQUALISATION: {own: -taxes.equalised, Party.OTHER_MUNICIPALITIES: taxes.equalised},
        Entry.CONSUMPTION_TAX: {Party.CITIZEN: -taxes.consumed, state: taxes.consumed},
        Entry.PROGRAMME: _spent(Entry.PROGRAMME, paid),
        Entry.USUAL_SERVICES: _spent(Entry.USUAL_SERVICES, paid),
        Entry.PROJECT_GRANT: {own: grant, state: -grant},
    }


def _spent(entry: Entry, paid: Mapping[tuple[Entry, Party], Live]) -> _Posting:
    return {party: -cell for (line, party), cell in paid.items() if line is entry}


def _post_later(
    entry: Entry, posted: Mapping[Entry, Mapping[Party, Live]], desk: Desk, inputs: Mapping[str, Live]
) -> _Posting:
    """Post a line that rests on the lines above it."""
    if entry is Entry.BUDGET_GUARANTEE:
        own = [posted[each][Party.MUNICIPALITY] for each in (Entry.BENEFIT, Entry.REFUND) if each in posted]
        return {Party.MUNICIPALITY: -total(own), Party.STATE: total(own)}
    factor = next(inputs[each.key] for each in desk.assumptions if each.rate and each.rate.rate == DISTORTION)
    ordinary = [line for entry, line in posted.items() if entry not in _NOT_ORDINARY]
    public = [cell for line in ordinary for party, cell in line.items() if party in PUBLIC]
    return {Party.EMPLOYERS: Live(f"({factor.formula}-1)", factor.value - 1) * total(public)}


def resource_sums(ledger: Ledger) -> list[Live]:
    """Return the sums of the resource lines: what society gains or uses up."""
    return [cell for entry, cell in ledger.sums.items() if entry.kind is Kind.RESOURCE and entry not in _NOT_ORDINARY]
