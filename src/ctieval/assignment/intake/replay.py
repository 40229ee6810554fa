"""What the key proves: that it is the one of the intake, that it wrote every line, and that every draw follows."""

from __future__ import annotations

from ctieval.assignment.intake.chain import Chain
from ctieval.assignment.intake.lines import Admitted
from ctieval.assignment.intake.secret import Key, draw_words
from ctieval.designs.intake.deal import deal
from ctieval.designs.intake.lot import to_lot
from ctieval.designs.intake.tally import NOBODY, Levels, Tally
from ctieval.errors import RecordError


def check_key(chain: Chain, key: Key) -> None:
    """Refuse a key that is not the one the record was begun with, and lines that were not written with it.

    Raises:
        RecordError: If its SHA-256 is not the commitment, or a mark is not the key's.
    """
    if key.commitment != chain.opened.commitment:
        raise RecordError(
            what="the key is not that of this intake",
            where=chain.path.name,
            found="a key whose SHA-256 is not the one in the first line",
            expected="the key that was drawn when the intake was started",
            do="name the right key in the plan, or get it back from its copy",
        )
    written = zip((chain.opened, *chain.entries), ("", *chain.digests), chain.marks, strict=False)
    for number, (line, previous, mark) in enumerate(written, start=1):
        if key.mark(line, previous) != mark:
            raise RecordError(
                what="a line of the intake's record was not written with its key",
                where=f"{chain.path.name}, line {number}",
                found="a mark other than the key's",
                expected="lines that ctieval intake wrote",
                do="get the record back from a copy; nothing that follows from this one can be trusted",
            )


def replay(chain: Chain, key: Key) -> Tally:
    """Draw everybody again, and compare.

    Args:
        chain: The record.
        key: Its key.

    Returns:
        What the design remembers after the last person.

    Raises:
        RecordError: If an arm does not follow from the key.
    """
    tally = NOBODY
    for line, entry in enumerate(chain.entries, start=1):
        if isinstance(entry, Admitted):
            lot = to_lot(draw_words(key, entry.number, entry.person_id, entry.levels, chain.digests[line - 1]))
            arm, tally = deal(chain.opened.design, tally, entry.levels, lot)
            if arm != entry.arm:
                raise RecordError(
                    what="the record of the intake does not follow from its key",
                    where=f"{chain.path.name}, line {line + 1}",
                    found="an arm other than the one drawn",
                    expected="the arm that the key, the design and the persons before give",
                    do="get the record back from a copy; nothing that follows from this one can be trusted",
                )
    return tally


def draw_next(chain: Chain, key: Key, tally: Tally, person_id: str, levels: Levels) -> tuple[int, int]:
    """Draw the next person.

    Returns:
        Her number and her arm.
    """
    number = len(chain.admitted) + 1
    lot = to_lot(draw_words(key, number, person_id, levels, chain.digests[-1]))
    return number, deal(chain.opened.design, tally, levels, lot)[0]
