"""What was fixed before the outcomes were opened, and what the plan says otherwise since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ctieval.domain.plan_lock import PlanLock
from ctieval.report.chapters.context import Context
from ctieval.report.model import Block, Bullets, Para, Section


def build_plan(context: Context) -> Section:
    """Build the section on the lock of the plan and its deviations."""
    lock = context.evaluation.trial.lock
    blocks = (Para(context.text("plan.never_locked")),) if lock is None else tuple(_locked(context, lock))
    return Section("plan", context.text("plan.title"), blocks)


def _locked(context: Context, lock: PlanLock) -> Iterator[Block]:
    yield Para(_dated(context, "locked", lock.locked_at, lock.locked_by))
    yield Para(
        context.text("plan.masked") if lock.masked else _dated(context, "opened", lock.opened_at, lock.opened_by)
    )
    if lock.deviations:
        yield Para(context.words.counted("plan.deviations", len(lock.deviations)))
        yield Bullets(tuple(context.text(f"plan.{each.change}", name=each.key) for each in lock.deviations))
    else:
        yield Para(context.text("plan.none"))


def _dated(context: Context, key: str, at: str, by: str) -> str:
    day = context.fmt.date(date.fromisoformat(at[:10]))
    return context.text(f"plan.{key}_by", day=day, by=by) if by else context.text(f"plan.{key}", day=day)
