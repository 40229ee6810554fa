"""``load_trial``: the plan in ``trial.toml``, checked, as a ``Trial``."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

from ctieval.domain.trial import Assignment, PlannedDraw, PlannedIntake, Trial
from ctieval.errors import InputError, ProtocolError
from ctieval.protocol.comments import read_comments
from ctieval.protocol.consistency import check_consistency
from ctieval.protocol.effects import read_effects
from ctieval.protocol.lines import to_key_lines
from ctieval.protocol.lock import read_lock
from ctieval.protocol.outcomes import read_outcomes
from ctieval.protocol.sections import (
    read_arms,
    read_assignment,
    read_baseline,
    read_data,
    read_economics,
    read_eligibility,
    read_report,
)
from ctieval.protocol.table_reader import TableReader


def load_trial(path: str | Path, *, data: str | Path | None = None) -> Trial:
    """Load the plan of a trial.

    Everything that the evaluation does is fixed here as data. The plan is refused, with the line to mend,
    where a key is unknown, a value is of the wrong kind or two statements contradict each other.

    Args:
        path: The ``trial.toml``, or the folder that holds it.
        data: The data table or folder, where it does not lie where the plan says. The plan, and so its
            digest, stay the same.

    Returns:
        The plan; its paths are absolute or relative to the working folder.

    Raises:
        InputError: If there is no such file.
        ProtocolError: If the file is not TOML.
        ProtocolError: If a key is unknown, missing, or of the wrong kind.
        ProtocolError: If two statements contradict each other.
        ProtocolError: If the evaluator's comments cannot be printed (``read_comments``).
        RecordError: If the lock of the plan was altered.

    Examples:
        >>> load_trial("no-such-trial.toml")
        Traceback (most recent call last):
        ...
        ctieval.errors.InputError: the plan of the trial is not there
          where:    no-such-trial.toml
          found:    no such file
          expected: a trial.toml, or a folder that holds one
          do:       write the path of the plan, or make one with: ctieval init FOLDER
    """
    file, text, values = _open(Path(path))
    top = TableReader(values, file=file.name, name="", lines=to_key_lines(text))
    trial_table = top.table("trial")
    source = read_data(top.table("data"), file.parent, Path(data) if data is not None else None)
    trial = Trial(
        title=trial_table.label("title"),
        start=trial_table.optional_day("start"),
        end=trial_table.optional_day("end"),
        arms=read_arms(trial_table),
        data=source,
        eligibility=read_eligibility(top),
        assignment=_seal(read_assignment(top.table("assignment"), file.parent, source), values),
        baseline=read_baseline(top),
        outcomes=read_outcomes(top),
        economics=read_economics(top),
        report=read_report(top.table("report")),
        digest=_digest(values),
        lock=read_lock(file, values),
        comments=read_comments(file.parent),
        effects=read_effects(top, source),
    )
    trial_table.finish()
    top.finish()
    check_consistency(trial, top)
    return trial


def open_plan(path: str | Path) -> tuple[Path, dict[str, object]]:
    """Open the file of a plan, without checking what it says.

    Args:
        path: The ``trial.toml``, or the folder that holds it.

    Returns:
        The file, and its keys with their values.

    Raises:
        InputError: If there is no such file.
        ProtocolError: If the file is not TOML.
    """
    file, _, values = _open(Path(path))
    return file, values


def _open(path: Path) -> tuple[Path, str, dict[str, object]]:
    file = path / "trial.toml" if path.is_dir() else path
    text = _read(file)
    return file, text, _parse(text, file)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(
            what="the plan of the trial is not there",
            where=str(file),
            found="no such file" + _beside(file),
            expected="a trial.toml, or a folder that holds one",
            do="write the path of the plan, or make one with: ctieval init FOLDER",
        ) from None
    except OSError as failure:
        raise InputError(
            what="the plan of the trial cannot be read",
            where=str(file),
            found=failure.strerror or "a file that cannot be opened",
            expected="a text file that may be read",
            do="close it in other programs, or look whether you may read it",
        ) from None
    except UnicodeDecodeError:
        raise ProtocolError(
            file=file.name,
            key="the whole file",
            line=None,
            what="the plan is not UTF-8 text",
            found="bytes that are not UTF-8",
            expected="a text file in UTF-8",
            do="save the file again in your editor with the encoding UTF-8",
        ) from None


def _beside(file: Path) -> str:
    """Name the files that may be the plan under a name that Windows hides, such as ``trial.toml.txt``."""
    names = sorted(path.name for path in file.parent.glob(f"{file.stem}*") if path.is_file())
    return f"; beside it: {', '.join(names)}" if names else ""


def _parse(text: str, file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise ProtocolError(
            file=file.name,
            key="the syntax",
            line=int(line.group(1)) if line else None,
            what="the plan is not valid TOML",
            found=str(error),
            expected='lines such as title = "...", start = 2018-02-01, and tables such as [trial]',
            do=(
                'mend the line; texts stand in straight quotation marks ("), dates (such as 2018-02-01) in none, '
                "decimals have a point (0.5), and a date must exist"
            ),
        ) from None


def _seal(assignment: Assignment, values: dict[str, object]) -> Assignment:
    """Give a planned draw or intake the digest of what is fixed before it."""
    if not isinstance(assignment, PlannedDraw | PlannedIntake):
        return assignment
    fixed = ("eligibility", "assignment", "baseline", "outcome", "effects", "economics")
    return replace(assignment, plan_digest=_digest({key: values[key] for key in fixed if key in values}))


def _digest(values: dict[str, object]) -> str:
    canonical = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
