"""What only the evaluator can tell of a trial: where it is registered, who paid, how harms were looked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ctieval.domain.wording import Label


class StatementKind(StrEnum):
    """What a statement is about, in the order of the report; CONSORT 2025 and CHEERS 2022 ask for them."""

    BACKGROUND = "background"
    OBJECTIVES = "objectives"
    REGISTRATION = "registration"
    PROTOCOL = "protocol"
    CHANGES = "changes"
    SAMPLE_SIZE = "sample_size"
    INTERIM = "interim"
    CONCEALMENT = "concealment"
    ENROLMENT = "enrolment"
    BLINDING = "blinding"
    DELIVERERS = "deliverers"
    CONCOMITANT = "concomitant"
    HARMS = "harms"
    HETEROGENEITY = "heterogeneity"
    STOPPING = "stopping"
    INVOLVEMENT = "involvement"
    FUNDING = "funding"
    CONFLICTS = "conflicts"
    DATA_SHARING = "data_sharing"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement.

    Attributes:
        kind: What it is about.
        text: Its text in both languages.
    """

    kind: StatementKind
    text: Label
