"""One parameter at a time to the ends of its range; all of them at once is ``sensitivity``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ctieval.domain.decision import TornadoBar
from ctieval.domain.parameter import Parameter
from ctieval.economics.decision.formula import Formula, line_in


def build_tornado(
    formula: Formula, estimates: Mapping[str, float], parameters: Sequence[Parameter]
) -> tuple[TornadoBar, ...]:
    r"""Work the net benefit out at both ends of each range, with the value at which it would be nil.

    The net benefit is a straight line in every factor, :math:`B = a + b x`, so that the ends and the switching value
    :math:`x^* = -a / b` are exact.

    Args:
        formula: The net benefit.
        estimates: What the trial measured, by name; a parameter of the same name overrules it.
        parameters: The parameters, at their base but for the one that is moved.

    Returns:
        Bars by swing, the widest first; of equal ones the first declared.

    Raises:
        InputError: If the formula names a factor twice, or one that is neither measured nor declared.

    References:
        Eschenbach, T. G. (1992). Spiderplots versus tornado diagrams for sensitivity analysis. Interfaces, 22(6),
        40-46. doi:10.1287/inte.22.6.40.

    Examples:
        >>> from ctieval.domain.parameter import Distribution
        >>> from ctieval.economics.decision.formula import Term
        >>> net = (Term(("weeks", "rate")), Term(("programme",), -1))
        >>> rate = Parameter("rate", 2000, 1800, 2300, Distribution.GAMMA)
        >>> bar = build_tornado(net, {"weeks": 6.0, "programme": 9000.0}, [rate])[0]
        >>> bar.net_at_low, bar.net_at_high, bar.switching_value
        (1800.0, 4800.0, 1500.0)
    """
    at_base = {**estimates, **{each.key: each.base for each in parameters}}
    bars = [_bar(each, *line_in(formula, at_base, each.key)) for each in parameters]
    return tuple(sorted(bars, key=lambda bar: -bar.swing))


def _bar(parameter: Parameter, start: float, slope: float) -> TornadoBar:
    return TornadoBar(
        key=parameter.key,
        unit=parameter.unit,
        origin=parameter.origin,
        base=parameter.base,
        low=parameter.low,
        high=parameter.high,
        net_at_low=start + slope * parameter.low,
        net_at_high=start + slope * parameter.high,
        switching_value=-start / slope if slope else None,
    )
