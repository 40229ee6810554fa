"""The ``ctieval`` command: its families of commands, and how an error leaves it."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

import typer

from ctieval.cli import balance, claim, demo, draw, estimate, init, intake, lock, power, rates, study
from ctieval.cli.console import say
from ctieval.errors import CtievalError, InputError

app = typer.Typer(
    name="ctieval",
    help="Evaluate randomized trials of employment interventions.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
demo.register(app)
init.register(app)
study.register(app)
balance.register(app)
estimate.register(app)
intake.register(app)
power.register(app)
lock.register(app)
draw.register(app)
rates.register(app)
claim.register(app)


def run(arguments: list[str] | None = None) -> None:
    """Run the command and leave with its exit code.

    An error of the tree is told in its five parts, and so is a file or folder that the machine does not let us
    use. Any other is a fault of ours: only its kind and place are told, since its text could hold a person's value.

    Raises:
        SystemExit: Always, with 0 or the exit code of the error.
    """
    try:
        app(args=arguments, standalone_mode=True)
    except CtievalError as error:
        say(f"Error {error.exit_code} ({type(error).__name__}): {error}")
        sys.exit(error.exit_code)
    except OSError as error:
        refused = _describe_refusal(error)
        say(f"Error {refused.exit_code} ({type(refused).__name__}): {refused}")
        sys.exit(refused.exit_code)
    except Exception as error:  # noqa: BLE001
        say(_describe_fault(error))
        sys.exit(1)


def _describe_refusal(error: OSError) -> InputError:
    return InputError(
        what="a file or folder cannot be used",
        where=Path(str(error.filename)).name if error.filename else "this machine",
        found=error.strerror or type(error).__name__,
        expected="a file or folder that may be read and written",
        do="close it in other programs, look whether you may write there, or choose another folder",
    )


def _describe_fault(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "ctieval" in Path(frame.filename).parts] or frames
    return (
        f"Error 1 ({type(error).__name__}): a fault in ctieval itself\n"
        f"  where:    {Path(ours[-1].filename).name}, line {ours[-1].lineno}\n"
        "  found:    its text is not shown, since it could hold a person's value\n"
        "  expected: no fault\n"
        "  do:       report the kind and the place of the fault, without data, to the authors"
    )
