"""What is counted of a person's weeks in a state; which weeks those are is decided elsewhere."""

from __future__ import annotations

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.outcome import Measure
from ctieval.domain.window import Window

_RETAINED_WEEKS = {Measure.RETAINED_13: 13, Measure.RETAINED_26: 26, Measure.RETAINED_52: 52}


def needed_weeks(measure: Measure, window: Window) -> Window:
    """Return the weeks that must all be observed before a person's value is.

    Weeks and transition need the window, the state at its end its last week. Retention also needs the week
    before, which tells a spell that starts in the window from one that was under way, and as many weeks
    beyond as a spell that starts in the last week needs to be long enough.

    The same weeks are needed of everybody. Were a person observed as soon as her own value is decided, a
    success would be seen earlier than its absence, and the mean of those observed would be too high.

    Args:
        measure: What is counted.
        window: The declared window.

    Returns:
        The needed weeks, counted from the same randomisation.

    Examples:
        >>> str(needed_weeks(Measure.RETAINED_13, Window(0, 52)))
        '[-1, 64)'
    """
    match measure:
        case Measure.WEEKS | Measure.EVER:
            return window
        case Measure.AT_END:
            return Window(window.end - 1, window.end)
        case Measure.RETAINED_13 | Measure.RETAINED_26 | Measure.RETAINED_52:
            return Window(window.start - 1, window.end + _RETAINED_WEEKS[measure] - 1)


def count_measure(in_state: BoolArray, measure: Measure) -> FloatArray:
    r"""Count one measure of a state over the weeks that it needs.

    With :math:`s_{iw}` for person *i* in the state in week *w*, window *W* and *L* weeks of retention:
    weeks is :math:`\sum_{w \in W} s_{iw}`, transition :math:`\max_{w \in W} s_{iw}`, and retention

    .. math::
        \max_{w \in W} \; (1 - s_{i,w-1}) \prod_{l=0}^{L-1} s_{i,w+l}.

    Args:
        in_state: True in the state, shape (n, needed weeks), for the weeks of ``needed_weeks``.
        measure: What is counted.

    Returns:
        Number of weeks, or 0 and 1, shape (n,).

    Examples:
        >>> weeks = np.array([[False] + [True] * 14 + [False]])
        >>> count_measure(weeks, Measure.WEEKS)
        array([14.])
        >>> count_measure(weeks, Measure.RETAINED_13)
        array([1.])
    """
    match measure:
        case Measure.WEEKS:
            return in_state.sum(axis=1).astype(np.float64)
        case Measure.EVER | Measure.AT_END:
            return np.any(in_state, axis=1).astype(np.float64)
        case Measure.RETAINED_13 | Measure.RETAINED_26 | Measure.RETAINED_52:
            return _retained(in_state, _RETAINED_WEEKS[measure])


def _retained(in_state: BoolArray, length: int) -> FloatArray:
    total: IntArray = np.zeros((in_state.shape[0], in_state.shape[1] + 1), dtype=np.int64)
    np.cumsum(in_state, axis=1, out=total[:, 1:])
    unbroken = total[:, length:] - total[:, :-length] == length
    started = unbroken[:, 1:] & ~in_state[:, : unbroken.shape[1] - 1]
    return np.any(started, axis=1).astype(np.float64)
