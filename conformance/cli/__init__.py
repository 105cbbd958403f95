"""The one ``interlock`` command.

Each subcommand is a thin face over a function elsewhere: it reads options, shows progress on a terminal, prints for
people or, with ``--json``, one JSON document, and turns the result into an exit code: 0 conformant, proved or nothing
found; 1 not conformant, refuted or found; 2 usage, configuration, unreachable target; 3 our own fault; 4 incomplete.
"""

from __future__ import annotations

import sys
import traceback
from typing import Any

import typer

from conformance.cli.usage import Usage as Usage  # isort: skip
from conformance.cli import judging_commands, serving_commands, simulating_commands, telling_commands
from conformance.cli.application import app
from conformance.requirements import UnknownId
from conformance.selection import NothingSelected
from features import FeatureError
from reports.write import CannotWrite

SUBCOMMANDS = (judging_commands, serving_commands, simulating_commands, telling_commands)
"""Where they are: to import a module puts its subcommands onto the application."""


def main(arguments: list[str] | None = None) -> None:
    """The console program; exits with the code of the interface."""
    command: Any = typer.main.get_command(app)
    try:
        code = command.main(args=arguments, prog_name="interlock", standalone_mode=False)
    except (Usage, NothingSelected, UnknownId, CannotWrite, FeatureError) as problem:
        _give_up(str(problem.args[0]), 2)
    except typer.Exit as end:
        sys.exit(end.exit_code)
    except typer.Abort:
        _give_up("interrupted", 2)
    except Exception as problem:
        shown: Any = getattr(problem, "format_message", None)
        if shown is None:
            traceback.print_exc()
            _give_up(f"our own fault ({type(problem).__name__}): please report it, with the lines above", 3)
        _give_up(shown(), 2)
    sys.exit(code or 0)


def _give_up(why: str, code: int) -> None:
    print(f"interlock: {why}", file=sys.stderr)
    sys.exit(code)
