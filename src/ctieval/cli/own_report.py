"""One municipality's own report at the command line: every municipality is evaluated, whichever is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from ctieval.cli.lock import say_masked
from ctieval.domain.evaluation import Evaluation
from ctieval.evaluate.data import load_allocation, open_data
from ctieval.evaluate.municipality import evaluate_municipalities, find_municipality
from ctieval.evaluate.story import evaluate
from ctieval.protocol.load import load_trial
from ctieval.report.municipalities import municipality_folder
from ctieval.report.protect_municipalities import protect_municipalities

Municipality: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--municipality",
        help="Write one municipality's own report, by its name or number, in a folder of its own: rounded, so that "
        "beside the report of the whole trial it gives nobody away.",
    ),
]


def evaluate_own_report(
    trial: Path, data: Path | None, asked: str, *, tell: Callable[[str], None]
) -> tuple[Evaluation, str]:
    """Evaluate one municipality, and return what may be published of it with the name of its folder.

    Args:
        trial: The plan, or the folder that holds it.
        data: The data, where they are not where the plan says.
        asked: Name or number of the municipality.
        tell: Called with each step.

    Raises:
        InputError: If the trial was not drawn within municipalities, or has none of this name.
    """
    plan = load_trial(trial, data=data)
    opened = open_data(plan)
    allocation = load_allocation(plan, opened)
    number = find_municipality(allocation, asked)
    joint = evaluate(plan, allocation, opened)
    tell(f"evaluating each of {len(allocation.block_labels)} municipalities")
    parts = evaluate_municipalities(joint, allocation, opened)
    tell("comparing their reports with the joint one")
    say_masked(allocation.proof)
    return protect_municipalities(joint, parts)[number], municipality_folder(number)
