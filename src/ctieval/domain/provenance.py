"""What made a result: versions, digests, seeds. No clock, so that the same input gives the same bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a result was made from.

    Attributes:
        versions: Name and version of ``ctieval`` and of the libraries that compute.
        trial_digest: SHA-256 of the plan.
        inputs: File name and SHA-256 of each input.
        seeds: Name and value of each seed.
        rate_tables: Name of each rate used and the last day on which it was verified.
        simulated: True where the data come from a simulation.
        code_list: Vintage of the list of register codes; empty where no register was read.
    """

    versions: tuple[tuple[str, str], ...]
    trial_digest: str = ""
    inputs: tuple[tuple[str, str], ...] = ()
    seeds: tuple[tuple[str, int], ...] = ()
    rate_tables: tuple[tuple[str, str], ...] = ()
    simulated: bool = False
    code_list: str = ""
