"""Effects, one row each, with exactly the columns of the result protocol."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import pandas as pd

from ctieval.domain.provenance import Provenance
from ctieval.domain.wording import Notice


@dataclass(frozen=True, slots=True)
class Effect:
    """One estimate with its uncertainty.

    Attributes:
        outcome: Short name of the outcome.
        estimand: What is estimated, such as ``ate_persons``: the average effect, each person counting once.
        contrast: ``intervention - control`` by the names of the arms.
        estimate: Estimate in ``unit``; NaN where suppressed.
        std_error: Standard error in ``unit``.
        statistic: ``estimate / std_error``.
        df: Degrees of freedom.
        p_value: Two-sided p-value of no effect.
        conf_low: Lower end of the interval; ``-inf`` where it is open.
        conf_high: Upper end of the interval; ``inf`` where it is open.
        conf_level: Level of the interval.
        n: Persons in the estimate; None where suppressed.
        n_treated: Persons in the intervention; None where suppressed.
        n_control: Persons in the control; None where suppressed.
        unit: Unit of the estimate, a value of ``Unit``.
        window: Weeks or wave, or an empty string.
        method: Estimator, variance and degrees of freedom.
    """

    outcome: str
    estimand: str
    contrast: str
    estimate: float
    std_error: float
    statistic: float
    df: float
    p_value: float
    conf_low: float
    conf_high: float
    conf_level: float
    n: int | None
    n_treated: int | None
    n_control: int | None
    unit: str
    window: str
    method: str


EFFECT_COLUMNS = tuple(field.name for field in fields(Effect))


@dataclass(frozen=True, slots=True, repr=False)
class EffectTable:
    """Effects in the order of the declared outcomes; holds no person.

    Attributes:
        rows: The effects.
        design: The learned design in one line, the first line of ``str``.
        warnings: Coded warnings.
        provenance: What the table was made from.
    """

    rows: tuple[Effect, ...]
    design: str
    warnings: tuple[Notice, ...]
    provenance: Provenance

    def to_frame(self) -> pd.DataFrame:
        """Return a new data frame with one row an effect and the columns of the result protocol."""
        return pd.DataFrame(
            [[getattr(row, name) for name in EFFECT_COLUMNS] for row in self.rows], columns=list(EFFECT_COLUMNS)
        )

    def __str__(self) -> str:
        """Return the design, at most seven effects, and the codes of the warnings."""
        shown = [f"design: {self.design}"]
        shown += [_line(row) for row in self.rows[:7]]
        if len(self.rows) > len(shown) - 1:
            shown.append(f"... {len(self.rows) - 7} more; to_frame() gives all")
        if self.warnings:
            shown.append("warnings: " + ", ".join(sorted({notice.code for notice in self.warnings})))
        return "\n".join(shown)

    def __repr__(self) -> str:
        """Return the same ten lines."""
        return str(self)

    def _repr_html_(self) -> str:
        return self.to_frame().to_html(index=False, escape=True)


def _line(row: Effect) -> str:
    if math.isnan(row.estimate):
        return f"{row.outcome}: not shown (too few persons)"
    level = f"{100 * row.conf_level:g} %"
    return (
        f"{row.outcome}: {row.estimate:.4g} {row.unit} "
        f"({level} [{row.conf_low:.4g}, {row.conf_high:.4g}], p {row.p_value:.3f}, "
        f"df {row.df:.1f}, n {row.n})"
    )
