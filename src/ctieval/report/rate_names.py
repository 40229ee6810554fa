"""Names of rates as a reader knows them, the same in the report and in the workbook of the account."""

from __future__ import annotations

import re
from typing import Final

from ctieval.report.catalogue import Catalogue
from ctieval.report.municipalities import municipality_names

_STEP: Final = re.compile(r"(?P<rate>\w+)\[(?P<start>\d+)\]")
_OF_PLACE: Final = re.compile(r"(?P<rate>[a-z_]+?)_(?P<place>\d{3})")


def name_rate(words: Catalogue, rate: str) -> str:
    """Name a rate, a step such as ``refund_share[5]``, or a tax of one municipality; else it stands as it is."""
    step, of_place = _STEP.fullmatch(rate), _OF_PLACE.fullmatch(rate)
    if step and words.has(f"rate_step.{step['rate']}"):
        return words.text(f"rate_step.{step['rate']}", start=int(step["start"]))
    if of_place and words.has(f"economy_book.rate.{of_place['rate']}"):
        named, place = words.text(f"economy_book.rate.{of_place['rate']}"), of_place["place"]
        return f"{named}, {municipality_names().get(place, place)}"
    keys = (f"economy_book.rate.{rate}", f"rate.{rate}")
    return next((words.text(key) for key in keys if words.has(key)), rate)
