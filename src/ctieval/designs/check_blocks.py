"""Refusal of blocks and clusters that cannot be those of a draw."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ctieval.designs.targets import Target, refusal
from ctieval.errors import DesignError


def check_anybody(n: int) -> None:
    """Refuse a draw that nobody enters.

    Raises:
        DesignError: If n is 0.
    """
    if n == 0:
        raise DesignError(
            what="nobody can be drawn",
            where="the cohort",
            found="no eligible person",
            expected="at least one person for each arm",
            do="look at the flow of the screening: which criterion keeps everybody out",
        )


def check_blocks(column: str, persons: dict[str, int], units: int) -> None:
    """Refuse blocks that not everybody has, or that nobody shares.

    Args:
        column: The column of the blocks.
        persons: Number of persons in each block.
        units: Number of persons or clusters that are drawn.

    Raises:
        DesignError: If a person has no block.
        DesignError: If there are as many blocks as units.
    """
    if missing := persons.get("", 0):
        raise DesignError(
            what="the draw cannot be blocked",
            where=f"column {column}",
            found=f"{missing} {'person' if missing == 1 else 'persons'} without a block",
            expected="a block for every eligible person",
            do=f"complete {column} in the persons table, or make it a criterion of eligibility",
        )
    if len(persons) == units > 1:
        raise DesignError(
            what="the draw cannot be blocked",
            where=f"column {column}",
            found=f"as many blocks as {'persons' if units == sum(persons.values()) else 'clusters'}, {units}",
            expected="blocks that each hold persons for both arms",
            do="name a column that persons share, such as the municipality",
        )


def check_names(column: str, named: Collection[str], labels: Collection[str]) -> None:
    """Refuse what is declared of a block that nobody is in.

    Raises:
        DesignError: If a block is named in the plan, and nobody is in it.
    """
    for label in named:
        if label and label not in labels:
            raise refusal(
                label,
                found=f"a quota, but no eligible person whose {column} is {label}",
                expected="quotas for the blocks of the cohort",
                do="correct the label in the plan, or delete its quota",
            )


def check_clusters(column: str, labels: Sequence[str], torn: Sequence[str]) -> None:
    """Refuse clusters that not everybody has, or that lie in two blocks.

    Args:
        column: The column of the clusters.
        labels: The clusters.
        torn: Blocks that hold a part of a cluster only.

    Raises:
        DesignError: If a person has no cluster.
        DesignError: If a cluster lies in two blocks.
    """
    if "" in labels:
        raise DesignError(
            what="the draw cannot be of clusters",
            where=f"column {column}",
            found="persons without a cluster",
            expected="a cluster for every eligible person",
            do=f"complete {column} in the persons table, or make it a criterion of eligibility",
        )
    if torn:
        raise refusal(
            torn[0],
            found=f"persons of a cluster who are also in another block; so in {len(torn)} "
            f"{'block' if len(torn) == 1 else 'blocks'}",
            expected=f"every {column} in one block",
            do=f"correct {column} or the blocks, or name blocks that hold whole clusters",
        )


def check_arms(labels: Sequence[str], target: Sequence[Target]) -> None:
    """Refuse blocks that have not the same arms.

    Raises:
        DesignError: If one block has another number of quotas than the first.
    """
    for label, row in zip(labels, target, strict=True):
        if len(row) != len(target[0]):
            raise refusal(
                label,
                found=f"{len(row) - 1} quotas, and {len(target[0]) - 1} in another block",
                expected="one quota for each intervention in every block",
                do="give every block its quotas in the order of the arms",
            )


def check_places(labels: Sequence[str], target: Sequence[Target]) -> None:
    """Refuse a draw of places that leaves nobody without one.

    Raises:
        DesignError: If every block has places for everybody.
    """
    if not any(control for control, _ in target):
        raise DesignError(
            what="nobody need be drawn: there are places for everybody",
            where="the cohort",
            found=f"places for everybody in {'all blocks' if len(labels) > 1 else 'the cohort'}",
            expected="fewer places than persons in at least one block, so that somebody is a control",
            do="offer everybody a place; without a control there is no effect to estimate",
        )
