"""An effect together with what it shows, as a phrase key; the sentence is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from ctieval.domain.effect_table import Effect
from ctieval.domain.wording import Phrase


@dataclass(frozen=True, slots=True)
class JudgedEffect:
    """An effect and its sentence.

    Attributes:
        effect: The effect, as a row of the result protocol.
        phrase: What it shows.
    """

    effect: Effect
    phrase: Phrase
