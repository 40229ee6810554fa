"""Who is posted to, and in which line: the closed lists of the double-entry account; amounts live elsewhere."""

from __future__ import annotations

from enum import StrEnum


class Party(StrEnum):
    """Whose purse it is. Other municipalities stand apart: without them equalisation would not balance."""

    CITIZEN = "citizen"
    MUNICIPALITY = "municipality"
    OTHER_MUNICIPALITIES = "other_municipalities"
    STATE = "state"
    REGION = "region"
    EMPLOYERS = "employers"


PUBLIC = (Party.MUNICIPALITY, Party.OTHER_MUNICIPALITIES, Party.STATE, Party.REGION)
"""The public purse."""


class Kind(StrEnum):
    """Money that changes hands, or something that society gains or uses up."""

    TRANSFER = "transfer"
    RESOURCE = "resource"


class Entry(StrEnum):
    """Lines of the journal, in the order in which they are shown; each is a transfer or a resource for good.

    ``BENEFIT`` is what the municipality pays out, ``STATE_BENEFIT`` what the state bears alone: together they are the
    first line of the specification.
    """

    BENEFIT = "benefit"
    STATE_BENEFIT = "state_benefit"
    REFUND = "refund"
    TAX_ON_BENEFIT = "tax_on_benefit"
    OUTPUT = "output"
    WAGES = "wages"
    TAX_ON_EARNINGS = "tax_on_earnings"
    EQUALISATION = "equalisation"
    CONSUMPTION_TAX = "consumption_tax"
    WAGE_SUBSIDY = "wage_subsidy"
    PROGRAMME = "programme"
    USUAL_SERVICES = "usual_services"
    OTHER_SERVICES = "other_services"
    ADMINISTRATION = "administration"
    PARTICIPANT_COSTS = "participant_costs"
    NON_WORK_TIME = "non_work_time"
    BUDGET_GUARANTEE = "budget_guarantee"
    PUBLIC_FUNDS = "public_funds"
    PROJECT_GRANT = "project_grant"

    @property
    def kind(self) -> Kind:
        """Whether the line is a transfer or a resource."""
        return Kind.RESOURCE if self in _RESOURCES else Kind.TRANSFER


_RESOURCES = frozenset(
    {
        Entry.OUTPUT,
        Entry.PROGRAMME,
        Entry.USUAL_SERVICES,
        Entry.OTHER_SERVICES,
        Entry.ADMINISTRATION,
        Entry.PARTICIPANT_COSTS,
        Entry.NON_WORK_TIME,
        Entry.PUBLIC_FUNDS,
    }
)
