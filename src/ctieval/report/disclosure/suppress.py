"""Chooses the counts to hide: the small ones, and as many more as keep them from being worked out."""

from __future__ import annotations

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray

_TOLERANCE = 1e-9
"""Relations hold -1, 0 and 1, so that an exact zero is met to far less than this."""


def suppress(
    sizes: IntArray,
    sensitive: BoolArray,
    relations: FloatArray,
    *,
    small: BoolArray | None = None,
    unseen: BoolArray | None = None,
) -> BoolArray:
    r"""Hide the sensitive counts, and the fewest persons that keep each of them from being worked out.

    A reader knows the relations :math:`Rx = 0`, every count that is shown, and that a hidden count is not 0,
    since zeros are always shown. She can work out a hidden count :math:`x_a` exactly if there is a :math:`y`
    with :math:`y^\top R_{\cdot h} = e_a`, that is, if its unit vector lies in the row space of the relations
    among the hidden counts. Then :math:`-y^\top R_{\cdot v}` are the weights of the shown counts in her sum,
    and hiding any count of that sum undoes it; the one in the fewest relations between shown counts is taken, and
    of those the smallest. This repeats until no sensitive count can be worked out.

    A hidden count of one person is no cover for another small count, because that person knows it. It is cover for
    a large count that is sensitive for what it leaves over: she would learn of nobody but herself.

    Args:
        sizes: Persons in each count, shape (c,).
        sensitive: True for counts that may not be shown, shape (c,); none of them is 0.
        relations: Coefficients of the relations, whose right sides are 0, shape (r, c).
        small: True for sensitive counts that are small themselves, shape (c,); None where each is.
        unseen: True for counts that are nowhere shown, shape (c,); None where each is shown or hidden.

    Returns:
        True for the counts to hide, shape (c,); the sensitive and the unseen ones among them.

    References:
        Hundepool, A. et al. (2012). Statistical Disclosure Control, ch. 4. Wiley.

    Examples:
        Of 30 persons, 3, 7 and 20 are in three groups. The 3 are hidden, and the 7 with them.

        >>> suppress(
        ...     np.array([30, 3, 7, 20]),
        ...     np.array([False, True, False, False]),
        ...     np.array([[-1.0, 1.0, 1.0, 1.0]]),
        ... )
        array([False,  True,  True, False])
    """
    never = np.zeros_like(sensitive) if unseen is None else unseen
    between_shown = relations[~(relations[:, never] != 0).any(axis=1)]
    cost = np.where(sizes > 0, (between_shown != 0).sum(axis=0) * (sizes.max(initial=0) + 1) + sizes, 0)
    hidden = sensitive | never
    alone = (sizes <= 1)[None, :] & (sensitive if small is None else small)[:, None]
    while (more := _exposing(cost, sensitive, relations, hidden, alone)).any():
        hidden = hidden | more
    return hidden


def _exposing(
    cost: IntArray, sensitive: BoolArray, relations: FloatArray, hidden: BoolArray, no_cover: BoolArray
) -> BoolArray:
    """For each count that can be worked out, the cheapest to hide of those it is worked out from."""
    more = np.zeros_like(hidden)
    for cell in np.flatnonzero(sensitive):
        for cover in (hidden & ~no_cover[cell], hidden):
            weights = derivation(int(cell), relations, cover)
            usable = np.flatnonzero(~hidden & (cost > 0) & (np.abs(weights) > _TOLERANCE))
            if len(usable):
                more[usable[cost[usable].argmin()]] = True
                break
    return more


def derivation(cell: int, relations: FloatArray, hidden: BoolArray) -> FloatArray:
    """Return the weights by which a reader works out a count from the others, or zeros if she cannot.

    Args:
        cell: Position of the count.
        relations: Coefficients of the relations, shape (r, c).
        hidden: True for the counts that she does not know, shape (c,); the count itself is never known.

    Returns:
        Weights of shape (c,), 0 at the hidden counts; all 0 where nothing determines the count.
    """
    unknown = hidden.copy()
    unknown[cell] = True
    among = relations[:, unknown]
    touched = relations[(among != 0).any(axis=1)]
    target = (np.flatnonzero(unknown) == cell).astype(np.float64)
    if not len(touched):
        return np.zeros(len(hidden))
    system = touched[:, unknown].T
    solved = np.linalg.lstsq(system, target, rcond=None)[0]
    if np.abs(system @ solved - target).max() > _TOLERANCE:
        return np.zeros(len(hidden))
    weights = -(solved @ touched)
    weights[unknown] = 0.0
    return weights
