"""The arms week by week: the curve of ordinary jobs, the areas of all states, and the weeks before the draw."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ctieval.domain.outcome import State
from ctieval.domain.state_paths import PATH_STATES, ArmStates, StateCurve, StatePaths
from ctieval.domain.trial import RegisterFolder
from ctieval.report.cells import ABSENT, Col, Interval, Kind, Measured, Row, RowRole
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sources import data_source
from ctieval.report.chapters.values import to_count
from ctieval.report.model import Block, Figure, Para, Table
from ctieval.report.path_drawing import Area, AreaChart, AreaPanel, CurveChart, CurvePoint

_EVERY = 4
"""Weeks from one week that is shown to the next: a month, in which employment is known."""
_FEWEST = 2
"""Weeks that it takes to draw a line."""


def build_paths(context: Context) -> Iterator[Block]:
    """Build what a register trial shows week by week; a ready table has no weeks, and shows nothing."""
    if not isinstance(context.evaluation.trial.data, RegisterFolder):
        return
    paths = context.evaluation.paths
    if paths is None or len(_shown(paths)) < _FEWEST:
        yield context.missing("paths", "trial.toml")
        return
    points = tuple(_points(paths, paths.curve(State.ORDINARY_JOB)))
    yield Para(context.text("effects.path.lead", finding=_finding(context, points[-1])))
    yield _curve_figure(context, paths, points)
    yield Para(context.text("effects.path.caution"))
    yield Para(context.text("effects.areas.lead", **_benefit_facts(context, paths)))
    yield _area_figure(context, paths)


def build_placebo(context: Context) -> Iterator[Block]:
    """Build what the weeks before the draw tell of chance."""
    paths = context.evaluation.paths
    if paths is None or paths.window.start >= 0:
        return
    compared = [curve for curve in paths.curves if curve.placebo.weeks]
    if not compared:
        yield Para(context.text("appendix.placebo.nothing"))
        return
    yield Para(context.text("appendix.placebo.lead"))
    yield Table(
        id="placebo",
        caption=context.text("appendix.placebo.caption"),
        columns=(
            Col("state", context.text("head.state")),
            Col("weeks", context.text("head.weeks_compared"), Kind.COUNT),
            Col("outside", context.text("head.weeks_outside"), Kind.COUNT),
            Col("expected", context.text("head.weeks_expected"), Kind.RATIO, decimals=1),
        ),
        rows=tuple(
            Row((_name(context, curve.state), curve.placebo.weeks, curve.placebo.outside, curve.placebo.expected))
            for curve in compared
        ),
        source=data_source(context),
        n_note=_persons(context, paths),
        note=context.text("appendix.placebo.note"),
    )


def _curve_figure(context: Context, paths: StatePaths, points: tuple[CurvePoint, ...]) -> Figure:
    level = context.fmt.level(paths.conf_level)
    first = next(point for point in points if point.week == 0)
    arms = context.text("head.intervention"), context.text("head.control")
    return Figure(
        id="job-path",
        caption=context.text("effects.path.caption"),
        alt=context.text(
            "effects.path.alt",
            first_treated=context.fmt.share(first.intervention),
            first_control=context.fmt.share(first.control),
            finding=_finding(context, points[-1]),
        ),
        draw=CurveChart(context.text("effects.path.title"), points, *arms, paths.conf_level),
        columns=(
            Col("week", context.text("head.week")),
            Col("intervention", arms[0], Kind.SHARE, unit=context.fmt.unit(Kind.SHARE)),
            Col("control", arms[1], Kind.SHARE, unit=context.fmt.unit(Kind.SHARE)),
            Col("effect", context.text("head.effect"), Kind.PP, unit=context.fmt.unit(Kind.PP), signed=True),
            Col("interval", context.text("head.interval", level=level), Kind.CI, of=Kind.PP),
        ),
        rows=tuple(
            Row((_week(each.week), each.intervention, each.control, each.effect, each.interval or ABSENT))
            for each in points
        ),
        source=data_source(context),
        n_note=_persons(context, paths),
        note=context.text("effects.path.note", level=level),
    )


def _points(paths: StatePaths, curve: StateCurve) -> Iterator[CurvePoint]:
    for number in _shown(paths):
        low, high = curve.conf_low[number], curve.conf_high[number]
        yield CurvePoint(
            week=paths.weeks[number],
            intervention=curve.intervention[number],
            control=curve.control[number],
            effect=curve.estimate[number],
            interval=None if math.isnan(low) else Interval(low, high, paths.conf_level),
        )


def _finding(context: Context, point: CurvePoint) -> str:
    """Say where the arms stand in a week."""
    facts = {
        "week": context.fmt.number(point.week),
        "treated": context.fmt.share(point.intervention),
        "control": context.fmt.share(point.control),
    }
    if point.interval is None:
        return context.text("effects.path.finding_without_interval", **facts)
    return context.text(
        "effects.path.finding",
        **facts,
        effect=context.fmt.pp(point.effect, signed=True),
        level=context.fmt.level(point.interval.conf_level),
        interval=context.fmt.interval(point.interval, Kind.PP),
    )


def _area_figure(context: Context, paths: StatePaths) -> Figure:
    shown = _shown(paths)
    weeks = tuple(paths.weeks[number] for number in shown)
    states = [state for state in PATH_STATES if any(paths.intervention.of(state) + paths.control.of(state))]
    panels = tuple(
        AreaPanel(title, tuple(Area(_name(context, each), tuple(arm.of(each)[n] for n in shown)) for each in states))
        for title, arm in _arms(context, paths)
    )
    treated, control = (_listed(context, panel) for panel in panels)
    return Figure(
        id="states",
        caption=context.text("effects.areas.caption"),
        alt=context.text("effects.areas.alt", week=context.fmt.number(weeks[-1]), treated=treated, control=control),
        draw=AreaChart(weeks, panels),
        columns=(
            Col("week", context.text("head.week")),
            *(Col(each.value, _name(context, each), Kind.SHARE, unit=context.fmt.unit(Kind.SHARE)) for each in states),
        ),
        rows=tuple(row for panel in panels for row in _area_rows(weeks, panel)),
        source=data_source(context),
        n_note=_persons(context, paths),
        note=context.text("effects.areas.note"),
    )


def _area_rows(weeks: tuple[int, ...], panel: AreaPanel) -> Iterator[Row]:
    yield Row((panel.title,), RowRole.GROUP)
    for number, week in enumerate(weeks):
        yield Row((_week(week), *(area.shares[number] for area in panel.areas)), RowRole.SUB)


def _week(week: int) -> Measured:
    return Measured(float(week), Kind.COUNT)


def _listed(context: Context, panel: AreaPanel) -> str:
    """List the shares of the last week, the largest first."""
    last = sorted(((area.shares[-1], area.label) for area in panel.areas), key=lambda each: -each[0])
    return ", ".join(
        context.text("effects.areas.share", label=label, share=context.fmt.share(share, 0)) for share, label in last
    )


def _benefit_facts(context: Context, paths: StatePaths) -> dict[str, str]:
    last = _shown(paths)[-1]

    def on_benefit(arm: ArmStates) -> str:
        return context.fmt.share(arm.of(State.OTHER_ACTIVATION)[last] + arm.of(State.PASSIVE_BENEFIT)[last], 0)

    return {
        "week": context.fmt.number(paths.weeks[last]),
        "benefit_treated": on_benefit(paths.intervention),
        "benefit_control": on_benefit(paths.control),
        "activation": _name(context, State.OTHER_ACTIVATION),
        "passive": _name(context, State.PASSIVE_BENEFIT),
    }


def _shown(paths: StatePaths) -> tuple[int, ...]:
    """Return the places of the weeks that are shown, the week of the draw among them."""
    return tuple(number for number, week in enumerate(paths.weeks) if week % _EVERY == 0)


def _arms(context: Context, paths: StatePaths) -> tuple[tuple[str, ArmStates], ...]:
    return (
        (context.text("head.intervention"), paths.intervention),
        (context.text("head.control"), paths.control),
    )


def _persons(context: Context, paths: StatePaths) -> str:
    """Say how many are known in every week at least."""
    treated, control = (
        context.fmt.count(to_count(None if None in arm.n else min(n for n in arm.n if n is not None)))
        for arm in (paths.intervention, paths.control)
    )
    return context.text("persons.weekly", treated=treated, control=control)


def _name(context: Context, state: State) -> str:
    return context.text(f"state.{state.value}")
