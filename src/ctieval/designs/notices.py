"""What a reader must know of a draw that can be conducted."""

from __future__ import annotations

import numpy as np

from ctieval.designs.matching import constant_covariates, whiten
from ctieval.domain.design import Capacity, Design, Matched, Rerandomised, WaitingList
from ctieval.domain.entrants import Entrants
from ctieval.domain.wording import Notice

CONSERVATIVE = Notice("W-INTERVAL-CONSERVATIVE", "assignment")
"""Neyman's variance takes no account of how alike a design keeps the arms: rather too large than too small."""


def describe_notices(design: Design, entrants: Entrants) -> tuple[Notice, ...]:
    """Say which blocks have nothing to draw, and which covariates do not tell persons apart.

    Args:
        design: The declared design, which can be conducted with these persons.
        entrants: The persons.

    Returns:
        ``W-PLACES-FOR-ALL`` for each block with places for everybody, ``W-COVARIATE-CONSTANT`` for each covariate
        that is the same for everybody, and ``W-COVARIATES-REPEAT`` where one follows from the others.

    Examples:
        >>> entrants = Entrants.in_blocks(np.array(["a", "a", "b", "b"], dtype=object))
        >>> [each.subject for each in describe_notices(Capacity("town", (("a", 1), ("b", 5))), entrants)]
        ['b']
    """
    match design:
        case WaitingList():
            return describe_notices(design.draw, entrants)
        case Rerandomised():
            return (CONSERVATIVE,)
        case Capacity():
            places, persons = dict(design.places), zip(*np.unique(entrants.block, return_counts=True), strict=True)
            full = [str(label) for label, n in persons if n <= places.get(label, places.get("", 0))]
            return tuple(Notice("W-PLACES-FOR-ALL", label) for label in full)
        case Matched() if entrants.covariates.size:
            return _describe_covariates(design, entrants)
        case _:
            return ()


def _describe_covariates(design: Matched, entrants: Entrants) -> tuple[Notice, ...]:
    constant = constant_covariates(entrants.covariates)
    notices = [Notice("W-COVARIATE-CONSTANT", design.covariates[each]) for each in np.flatnonzero(constant)]
    if whiten(entrants.covariates).shape[1] < (~constant).sum():
        telling = [name for name, same in zip(design.covariates, constant, strict=True) if not same]
        notices.append(Notice("W-COVARIATES-REPEAT", ", ".join(telling)))
    return tuple(notices)
