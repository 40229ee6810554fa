"""Allocations that were drawn elsewhere: their design is declared, and nothing here proves it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ctieval.assignment.labels import to_text
from ctieval.designs.probability import probabilities_by_quotas
from ctieval.designs.quotas import build_quotas
from ctieval.domain.allocation import Allocation, Declared
from ctieval.domain.arms import Arms
from ctieval.domain.arrays import BoolArray, IntArray, StrArray
from ctieval.domain.design import Blocked, Complete
from ctieval.domain.entrants import Entrants
from ctieval.domain.trial import AnalysisTable, ImportedAllocation, ImportedDesign
from ctieval.errors import DesignError, SchemaError


def import_allocation(frame: pd.DataFrame, source: AnalysisTable, plan: ImportedAllocation, arms: Arms) -> Allocation:
    """Take over the arms of an analysis-ready table.

    The numbers found in each block are taken as fixed by the design, so that the probability of the
    intervention is the share of the block that was drawn. Further interventions are named by their values.

    Args:
        frame: One row a person, in the order of the file.
        source: Names of the columns, and of the arms in them.
        plan: The declared design.
        arms: Names of the arms.

    Returns:
        The allocation, sorted by person: declared, not proven.

    Raises:
        SchemaError: If the table has no rows or lacks a column, if an identifier is missing or stands twice,
            if an arm or a block is missing, or if an arm is none of those declared.
        DesignError: If blocks are declared and no column is named for them, or if nobody of a block is in one of
            the arms.

    Examples:
        >>> from pathlib import Path
        >>> from ctieval.domain.wording import Label
        >>> frame = pd.DataFrame({"id": [3, 1, 4, 2], "treat": [1, 0, 0, 0]})
        >>> source = AnalysisTable(Path("trial.csv"), "id", "treat", "1", "0", None, Label("Forsøg", "Trial"))
        >>> declared = ImportedAllocation(ImportedDesign.COMPLETE)
        >>> allocation = import_allocation(frame, source, declared, Arms("training", "usual services"))
        >>> allocation.person_id, allocation.arm, allocation.design
        (array(['1', '2', '3', '4'], dtype=object), array([0, 0, 1, 0]), Complete(drawn=1))
    """
    _check_table(frame, source)
    person_id = _read_persons(frame, source)
    order = np.argsort(person_id, kind="stable")
    arm = _read_arms(frame, source, (source.control, source.intervention, *arms.others))[order]
    if plan.design is ImportedDesign.BLOCKED:
        entrants = Entrants.in_blocks(_read_blocks(frame, source)[order])
        design = _blocked_as_found(str(source.block), entrants.block, arm, len(arms.labels))
    else:
        entrants = Entrants.alike(len(frame))
        design = _complete_as_found(arm, len(arms.labels))
    quotas = build_quotas(design, entrants)
    return Allocation(
        person_id=person_id[order],
        arm=arm,
        probability=probabilities_by_quotas(quotas),
        block=quotas.block,
        block_labels=quotas.labels,
        cluster=quotas.cluster,
        cluster_labels=quotas.cluster_labels,
        randomised_on=np.full(len(arm), np.datetime64("NaT", "D")),
        arms=arms,
        design=design,
        proof=Declared(),
    )


def _check_table(frame: pd.DataFrame, source: AnalysisTable) -> None:
    for column in filter(None, (source.id, source.arm, source.block)):
        if column not in frame.columns:
            raise SchemaError(
                table=source.path.name,
                column=column,
                rule="the column is there",
                n_rows=len(frame),
                first_row=None,
                expected="a heading of exactly this name",
                do="correct the name of the column in the plan, or the heading in the table",
            )
    if frame.empty:
        raise SchemaError(
            table=source.path.name,
            column="",
            rule="at least one person",
            n_rows=0,
            first_row=None,
            expected="one row a person under the headings",
            do="check that the right file is named, and that it was saved",
        )


def _read_persons(frame: pd.DataFrame, source: AnalysisTable) -> StrArray:
    person_id = to_text(frame[source.id])
    rule = "every person has an identifier"
    _refuse(person_id == "", source, source.id, rule=rule, do="give each person an identifier of its own")
    repeated = pd.Series(person_id).duplicated().to_numpy()
    _refuse(repeated, source, source.id, rule="one row a person", do="delete the repeated rows, or mend identifiers")
    return person_id


def _read_arms(frame: pd.DataFrame, source: AnalysisTable, values: tuple[str, ...]) -> IntArray:
    text = to_text(frame[source.arm])
    _refuse(text == "", source, source.arm, rule="every person has an arm", do="complete the arm of every person drawn")
    arm = pd.Index(values).get_indexer(pd.Index(text))
    rule = f"arm is one of the {'two ' if len(values) == 2 else ''}declared"
    do = f"name the arms in the plan as they stand in {source.arm}, and leave out persons of other arms"
    _refuse(arm < 0, source, source.arm, rule=rule, do=do)
    return arm.astype(np.int64)


def _read_blocks(frame: pd.DataFrame, source: AnalysisTable) -> StrArray:
    if source.block is None:
        raise DesignError(
            what="the declared design cannot be read",
            where=source.path.name,
            found="a blocked design, and no column of blocks",
            expected="the column that holds each person's block",
            do="name the column under block in the plan, or declare a complete design",
        )
    block = to_text(frame[source.block])
    _refuse(block == "", source, source.block, rule="every person has a block", do="complete the block of every person")
    return block


def _refuse(breaks: BoolArray, source: AnalysisTable, column: str, *, rule: str, do: str) -> None:
    """Refuse a column if any row breaks its rule."""
    if breaks.any():
        raise SchemaError(
            table=source.path.name,
            column=column,
            rule=rule,
            n_rows=int(breaks.sum()),
            first_row=int(breaks.argmax()) + 2,
            expected=rule,
            do=do,
        )


def _complete_as_found(arm: IntArray, arms: int) -> Complete:
    drawn = np.bincount(arm, minlength=arms).tolist()
    _check_every_arm("the table", drawn)
    return Complete(_to_quota(drawn))


def _blocked_as_found(column: str, block: StrArray, arm: IntArray, arms: int) -> Blocked:
    number, labels = pd.factorize(block, sort=True)
    drawn = np.bincount(arms * number + arm, minlength=arms * len(labels)).reshape(-1, arms).tolist()
    if len(labels) == len(arm):
        _check_every_arm(f"column {column}, in which no two persons share a block", [1, 0])
    for label, counts in zip(labels, drawn, strict=True):
        _check_every_arm(f"block {label}", counts)
    return Blocked(column, tuple((str(label), _to_quota(counts)) for label, counts in zip(labels, drawn, strict=True)))


def _to_quota(drawn: list[int]) -> int | tuple[int, ...]:
    """The number drawn into the one intervention, or into each of several."""
    _, *interventions = drawn
    return interventions[0] if len(interventions) == 1 else tuple(interventions)


def _check_every_arm(where: str, drawn: list[int]) -> None:
    if not all(drawn):
        size, filled = sum(drawn), sum(n > 0 for n in drawn)
        raise DesignError(
            what="the design declared cannot have been conducted",
            where=where,
            found=f"{size} {'person' if size == 1 else 'persons'}, all in "
            + ("one arm" if filled == 1 else f"{filled} of {len(drawn)} arms"),
            expected="at least one person in each arm",
            do="correct the column of the blocks, merge the block with the one it was drawn with, or leave it out",
        )
