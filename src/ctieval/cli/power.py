"""``ctieval power``: what a trial can find out, before anybody is drawn."""

from __future__ import annotations

import math
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer

from ctieval.assignment.power.answer import Answer, answer_all, word_answer
from ctieval.assignment.power.curve import worth_of_weeks
from ctieval.assignment.power.detect import Question
from ctieval.assignment.power.diagnosis import Diagnosis
from ctieval.assignment.power.outcome import Mean, Outcome, Share
from ctieval.assignment.power.rejection import SignificanceTest
from ctieval.assignment.power.sampling import Blocks, Clusters, Explained, Persons, Sampling
from ctieval.assignment.power.simulate import simulate_question
from ctieval.cli.console import Format, Row, say, write_rows
from ctieval.domain.arrays import FloatArray
from ctieval.domain.trial import Trial
from ctieval.domain.units import Unit
from ctieval.domain.wording import Phrase
from ctieval.errors import InputError
from ctieval.evaluate.data import TrialData, open_data
from ctieval.evaluate.power import own_history, planned_sampling, simulate_own_cohort
from ctieval.protocol.load import load_trial
from ctieval.report.catalogue import load_catalogue

SHOWN = ("part", "control", "intervention", "detectable", "power", "needed")
SHOWN_SIMULATED = ("effect", "power", "coverage", "bias", "spread", "std_error", "type_s", "type_m")


class Lang(StrEnum):
    """Language of the sentences."""

    DA = "da"
    EN = "en"


class Pair(NamedTuple):
    """Numbers of the two arms, and the block that they belong to."""

    label: str
    control: int
    intervention: int


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command()(power)


def power(
    trial: Annotated[Path | None, typer.Argument(help="A trial before its draw: its own cohort and design.")] = None,
    *,
    outcome: Annotated[str | None, typer.Option(help="Outcome of that trial, counted from weeks.")] = None,
    persons: Annotated[
        list[str] | None,
        typer.Option(help="Persons as CONTROL:INTERVENTION, such as 398:120; once for each block as NAME=398:120."),
    ] = None,
    clusters: Annotated[str | None, typer.Option(help="Clusters drawn whole, as CONTROL:INTERVENTION.")] = None,
    cluster_size: Annotated[float | None, typer.Option(help="Persons in a cluster, on average.")] = None,
    icc: Annotated[float | None, typer.Option(help="Share of the variance that lies between clusters.")] = None,
    size_cv: Annotated[float, typer.Option(help="Coefficient of variation of the clusters' sizes.")] = 0,
    sd: Annotated[float | None, typer.Option(help="Standard deviation of the outcome, in its unit.")] = None,
    sd_intervention: Annotated[float | None, typer.Option(help="The same in the intervention, if another.")] = None,
    share: Annotated[float | None, typer.Option(help="For a yes or no: the share in the control, 0 to 1.")] = None,
    effect: Annotated[
        float | None,
        typer.Option(
            help="The effect that matters, in the unit of the outcome; default: smallest_relevant of the plan."
        ),
    ] = None,
    target: Annotated[float, typer.Option("--power", help="Power asked for.")] = 0.8,
    alpha: Annotated[float, typer.Option(help="Level of the test.")] = 0.05,
    contrasts: Annotated[
        int | None, typer.Option(min=1, help="Interventions tested against the control; default: those of the plan.")
    ] = None,
    between: Annotated[float, typer.Option(help="Share of the variance that lies between the blocks.")] = 0,
    explained: Annotated[float, typer.Option(help="Share of the variance explained by characteristics (R²).")] = 0,
    covariates: Annotated[int, typer.Option(min=0, help="How many characteristics they are.")] = 0,
    attrition: Annotated[float, typer.Option(help="Share who will have no value.")] = 0,
    take_up: Annotated[float, typer.Option(help="Share of the intervention who take part, less the control's.")] = 1,
    kroner_a_week: Annotated[float | None, typer.Option(help="What a week is worth, if the unit is weeks.")] = None,
    simulate: Annotated[int, typer.Option(min=0, help="Simulate so many trials with the effect.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the simulation.")] = 20180201,
    lang: Annotated[Lang, typer.Option(help="Language of the sentences.")] = Lang.DA,
    fmt: Annotated[Format, typer.Option("--format", help="How the rows are printed.")] = Format.TABLE,
) -> None:
    """Reckon the minimum detectable effect, the power and the size that a trial needs."""
    characteristics = Explained(share=explained, covariates=covariates)
    opened = None if trial is None else _open(trial)
    effect = _declared(opened, outcome) if effect is None else effect
    if opened is not None and outcome is not None and simulate:
        _show(simulate_own_cohort(*opened, outcome, effect=_named(effect), trials=simulate, seed=seed), fmt)
        return
    labels: tuple[str, ...] = ()
    if opened is not None:
        sampling, labels = planned_sampling(*opened, icc=icc, between=between, explained=characteristics)
    elif clusters is not None:
        _, control, intervention = _pair(clusters, "--clusters")
        sampling = Clusters(
            control=control,
            intervention=intervention,
            size=_of_clusters(cluster_size, "--cluster-size", such_as="25"),
            icc=_of_clusters(icc, "--icc", such_as="0.05"),
            size_cv=size_cv,
            explained=characteristics,
        )
    else:
        pairs = tuple(_pair(text, "--persons") for text in persons or ())
        sampling, labels = _persons(pairs, between, characteristics), tuple(pair.label for pair in pairs)
    stated = sd is not None or share is not None
    known = None if stated or opened is None or outcome is None else own_history(*opened, outcome)
    question = Question(
        outcome=_outcome(sd, sd_intervention, share) if known is None else _from_history(*known),
        sampling=sampling,
        test=SignificanceTest(alpha).among(contrasts or _interventions(opened)),
        attrition=attrition,
        take_up=take_up,
    )
    if simulate:
        _show(simulate_question(question, _named(effect), trials=simulate, seed=seed), fmt)
        return
    answers = answer_all(question, labels, power=target, effect=effect)
    write_rows([_row(each, question, kroner_a_week) for each in answers], fmt, shown=SHOWN)
    _say_words(answers, lang, target)


def _open(trial: Path) -> tuple[Trial, TrialData]:
    plan = load_trial(trial)
    return plan, open_data(plan)


def _declared(opened: tuple[Trial, TrialData] | None, outcome: str | None) -> float | None:
    """The smallest effect that matters, where the plan declares it for the outcome."""
    outcomes = () if opened is None else opened[0].outcomes
    return next((each.smallest_relevant for each in outcomes if each.name == outcome), None)


def _interventions(opened: tuple[Trial, TrialData] | None) -> int:
    return 1 if opened is None else len(opened[0].arms.labels) - 1


def _from_history(values: FloatArray, unit: Unit) -> Outcome:
    """The outcome as it was before the draw, taken to spread as much in both arms."""
    known = values[~np.isnan(values)]
    say(f"from the cohort before the draw: mean {known.mean():.4g}, {len(known)} of {len(values)} persons observed")
    say("after the draw the outcome may well spread more; where you know by how much, give --sd or --share instead")
    if unit is Unit.SHARE:
        return Share(control=float(known.mean()))
    return Mean(sd_control=float(known.std(ddof=1)), sd_intervention=float(known.std(ddof=1)))


def _persons(pairs: tuple[Pair, ...], between: float, explained: Explained) -> Sampling:
    if not pairs:
        raise _refusal("--persons or --clusters", found="neither", expected="one of them, such as --persons 398:120")
    if len(pairs) == 1:
        return Persons(control=pairs[0].control, intervention=pairs[0].intervention, explained=explained)
    return Blocks(
        control=tuple(pair.control for pair in pairs),
        intervention=tuple(pair.intervention for pair in pairs),
        between=between,
        explained=explained,
    )


def _pair(text: str, option: str) -> Pair:
    label, _, numbers = text.rpartition("=")
    control, _, intervention = numbers.partition(":")
    if not (control.isascii() and control.isdigit() and intervention.isascii() and intervention.isdigit()):
        raise _refusal(option, found=text, expected="CONTROL:INTERVENTION, such as 398:120 or Tønder=90:110")
    return Pair(label, int(control), int(intervention))


def _outcome(sd: float | None, sd_intervention: float | None, share: float | None) -> Outcome:
    if share is not None and sd is None and sd_intervention is None:
        return Share(control=share)
    if sd is not None and share is None:
        return Mean(sd_control=sd, sd_intervention=sd if sd_intervention is None else sd_intervention)
    raise _refusal("--sd or --share", found="both, or neither", expected="--sd for a number, --share for a yes or no")


def _row(answer: Answer, question: Question, kroner_a_week: float | None) -> Row:
    row = asdict(answer)
    if kroner_a_week is None or answer.detectable is None:
        return row
    worth = worth_of_weeks(
        answer.detectable, take_up=question.take_up, assigned=answer.intervention, kroner_a_week=kroner_a_week
    )
    return row | asdict(worth)


def _of_clusters(given: float | None, option: str, *, such_as: str) -> float:
    if given is None:
        raise _refusal(option, found="nothing, and whole clusters drawn", expected=f"a number, such as {such_as}")
    return given


def _named(effect: float | None) -> float:
    if effect is None:
        raise _refusal("--effect", found="nothing", expected="the true effect of the trials that are simulated")
    return effect


def _show(found: Diagnosis, fmt: Format) -> None:
    write_rows([_simulated(found)], fmt, shown=SHOWN_SIMULATED)
    say(f"{found.trials} trials; the Monte Carlo error of the power is {found.power.mc_error:.2g}")


def _simulated(found: Diagnosis) -> Row:
    row: dict[str, float] = {"trials": found.trials, "effect": found.effect}
    for name in SHOWN_SIMULATED[1:]:
        number = getattr(found, name)
        row |= {name: number.value, f"{name}_mc_error": number.mc_error}
    return row


def _say_words(answers: tuple[Answer, ...], lang: Lang, target: float) -> None:
    words = load_catalogue(lang.value)
    said = word_answer(answers) or Phrase("power.of_what")
    say(words.phrase(Phrase("power.meaning", (("times", _times(target)),))))
    say(words.phrase(said))


def _times(target: float) -> float | int:
    """Times in a hundred, rounded down to a tenth: 99.9 is not always."""
    times = math.floor(round(target * 1000, 6)) / 10
    return int(times) if times.is_integer() else times


def _refusal(where: str, *, found: str, expected: str) -> InputError:
    return InputError(
        what="the power cannot be reckoned from these options",
        where=where,
        found=found,
        expected=expected,
        do="correct the option; ctieval power --help lists them all",
    )
