"""What a trial can find out as a whole, and what each of its blocks could find out alone."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ctieval.assignment.power.detect import Question, minimum_detectable_effect, power_at, sample_size
from ctieval.assignment.power.sampling import Blocks, Explained, Persons
from ctieval.domain.wording import Phrase
from ctieval.errors import DesignError

WHOLE = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one trial, or one block of it alone, can find out.

    Attributes:
        part: Label of the block, or an empty string for the whole trial.
        control: Persons, or clusters, in the control.
        intervention: Persons, or clusters, in the intervention.
        detectable: Minimum detectable effect on those who take part, in the unit of the outcome; None where no
            effect is found with the power asked for.
        power: Power at the effect that is asked about, or None where none is.
        needed: Persons that the effect would need in all, or None where no effect is asked about.
        enough: Whether the effect is found with the power asked for; None where no effect is asked about.
    """

    part: str
    control: float
    intervention: float
    detectable: float | None
    power: float | None
    needed: float | None
    enough: bool | None


def answer_all(
    question: Question, labels: tuple[str, ...] = (), *, power: float = 0.8, effect: float | None = None
) -> tuple[Answer, ...]:
    """Answer for the whole trial, and, where it is drawn in blocks, for each block alone.

    A block alone varies as persons do within blocks: what lies between the blocks does not disturb it.

    Args:
        question: The trial.
        labels: Labels of its blocks, in their order.
        power: Power asked for, in (0, 1).
        effect: True effect on those who take part that matters, or None.

    Returns:
        The whole trial first, then its blocks.

    Raises:
        DesignError: If numbers are given with which nothing can be reckoned.

    Examples:
        >>> from ctieval.assignment.power.outcome import Mean
        >>> weeks = Mean(sd_control=14, sd_intervention=14)
        >>> two = Question(outcome=weeks, sampling=Blocks(control=(398, 30), intervention=(120, 30)))
        >>> [(each.part, each.enough) for each in answer_all(two, ("Broendby", "Toender"), effect=4.2)]
        [('', True), ('Broendby', True), ('Toender', False)]
    """
    whole = _answer(WHOLE, question, power, effect)
    if not isinstance(question.sampling, Blocks) or len(question.sampling.control) < 2:
        return (whole,)
    parts = (replace(question, sampling=each) for each in _alone(question.sampling))
    named = labels or tuple(str(number + 1) for number in range(len(question.sampling.control)))
    return (whole, *(_answer(label, part, power, effect) for label, part in zip(named, parts, strict=True)))


def word_answer(answers: tuple[Answer, ...]) -> Phrase | None:
    """Return the key of a sentence on what the blocks can answer alone, or None where no effect is asked about.

    The keys are ``power.all_alone``, ``power.none_alone``, ``power.some_alone`` and ``power.not_even_together``.
    """
    whole, *parts = answers
    if whole.enough is None:
        return None
    if not whole.enough:
        return Phrase("power.not_even_together", (("needed", math.ceil(whole.needed or 0)),))
    if not parts:
        return Phrase("power.enough")
    alone = sum(part.enough is True for part in parts)
    key = {0: "power.none_alone", len(parts): "power.all_alone"}.get(alone, "power.some_alone")
    return Phrase(key, (("alone", alone), ("parts", len(parts))))


def _answer(part: str, question: Question, power: float, effect: float | None) -> Answer:
    sampling = question.sampling
    control, intervention = sampling.control, sampling.intervention
    reached = None if effect is None else power_at(question, effect)
    return Answer(
        part=part,
        control=sum(control) if isinstance(control, tuple) else control,
        intervention=sum(intervention) if isinstance(intervention, tuple) else intervention,
        detectable=_detectable(question, power),
        power=reached,
        needed=None if effect is None else sample_size(question, effect, power=power).persons,
        enough=None if reached is None else reached >= power,
    )


def _detectable(question: Question, power: float) -> float | None:
    try:
        return minimum_detectable_effect(question, power=power)
    except DesignError:
        return None


def _alone(blocks: Blocks) -> tuple[Persons, ...]:
    left = (1 - blocks.between) * (1 - blocks.explained.share)
    explained = Explained(share=1 - left, covariates=blocks.explained.covariates)
    return tuple(
        Persons(control=control, intervention=intervention, explained=explained)
        for control, intervention in zip(blocks.control, blocks.intervention, strict=True)
    )
