"""Outcomes in kroner, in parts of full time and in changes go through disclosure control and come out in words."""

from dataclasses import replace

import numpy as np
import pytest

from ctieval.domain.outcome import Amount, AmountOutcome, FullTime
from ctieval.report.catalogue import load_catalogue
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sentences import headline
from ctieval.report.fmt import NBSP
from ctieval.report.inline import plain
from ctieval.report.protect import protect

FULL_TIME = FullTime(160.33, "The agreement")
SCALE = {Amount.EARNINGS: 5000.0, Amount.BENEFIT_KRONER: 5000.0, Amount.ORDINARY_HOURS_SHARE: 0.01}


def with_amount(full, amount):
    """The evaluation whose primary outcome is an amount; its weeks are read as that."""
    first, *others = full.trial.outcomes
    common = {name: getattr(first, name) for name in ("name", "label", "role", "better_when", "measured_in")}
    full_time = FULL_TIME if amount is Amount.ORDINARY_HOURS_SHARE else None
    outcome = AmountOutcome(**common, amount=amount, window=first.window, full_time=full_time)
    by = SCALE.get(amount, 1.0)

    def scaled(row, *names):
        return replace(row, **{name: by * getattr(row, name) for name in names})

    level, *levels = full.levels
    arms = {name: scaled(getattr(level, name), "mean", "std") for name in ("control", "intervention")}
    effect, *effects = full.effects.rows
    effect = replace(scaled(effect, "estimate", "std_error", "conf_low", "conf_high"), unit=outcome.unit.value)
    return replace(
        full,
        trial=replace(full.trial, outcomes=(outcome, *others)),
        levels=(replace(level, **arms), *levels),
        effects=replace(full.effects, rows=(effect, *effects)),
    )


@pytest.mark.parametrize(
    ("amount", "unit"),
    [
        (Amount.EARNINGS, {"da": " kr.", "en": "DKK "}),
        (Amount.BENEFIT_KRONER, {"da": " kr.", "en": "DKK "}),
        (Amount.ORDINARY_HOURS_SHARE, {"da": " pct.\u2011point", "en": " percentage points"}),
    ],
)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_an_effect_on_an_amount_is_told_in_its_unit(full, amount, unit, lang):
    context = Context(protect(with_amount(full, amount)), load_catalogue(lang))
    said = plain(headline(context, context.evaluation.effects.rows[0])).replace(NBSP, " ")
    assert unit[lang] in said


@pytest.mark.parametrize("amount", list(Amount))
def test_too_few_persons_hide_an_amount_as_any_other_mean(full, amount):
    changed = with_amount(full, amount)
    level, *levels = changed.levels
    few = replace(level, control=replace(level.control, n=3))
    hidden = protect(replace(changed, levels=(few, *levels)))
    shown = hidden.levels[0]
    assert [arm.n for arm in (shown.control, shown.intervention)] == [None, None]
    assert np.isnan([shown.control.mean, shown.intervention.mean, hidden.effects.rows[0].estimate]).all()


@pytest.mark.parametrize("amount", list(Amount))
def test_an_amount_has_no_events_that_a_mean_would_tell(full, amount):
    """A mean of parts of full time is no share of persons, and is not taken for one."""
    protected = protect(with_amount(full, amount))
    assert protected.levels[0].control.events is None
    assert protected.levels[0].control.mean == pytest.approx(SCALE.get(amount, 1.0) * full.levels[0].control.mean)
