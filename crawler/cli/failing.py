"""How a command ends when it cannot go on: one clear line and an exit status, never a traceback unasked."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

from crawler.cli import exit_status
from crawler.cli.terminal import complain, one_line
from crawler.errors import BacaJugaError, Interrupted


@contextmanager
def one_line_errors(*, debug: bool) -> Iterator[None]:
    """Turn whatever a command raises into one line on stderr and an exit status.

    With ``debug`` an error keeps its traceback.

    Raises:
        typer.Exit: with the status.
    """
    try:
        yield
    except (typer.Exit, typer.Abort, typer.TyperException):
        raise
    except BacaJugaError as error:
        if debug:
            raise
        complain(str(error))
        status = exit_status.INTERRUPTED if isinstance(error, Interrupted) else exit_status.ERROR
        raise typer.Exit(status) from error
    except KeyboardInterrupt as interrupt:
        complain("interrupted")
        raise typer.Exit(exit_status.INTERRUPTED) from interrupt
    except BrokenPipeError as error:
        silence_stdout()
        raise typer.Exit(exit_status.OUTPUT_CLOSED) from error
    except Exception as error:
        if debug:
            raise
        complain(
            f"{type(error).__name__}: {error}; this is a fault of bacajuga's: --debug shows where it happened"
        )
        raise typer.Exit(exit_status.ERROR) from error


def found_nothing(reason: str) -> NoReturn:
    """Say on a line of stderr why there is nothing to show, -q or not, and end with the status for it.

    Raises:
        typer.Exit: with the status.
    """
    print(one_line(reason), file=sys.stderr)
    raise typer.Exit(exit_status.NOTHING_FOUND)


def silence_stdout() -> None:
    """Let what is still to be printed go nowhere, so that Python does not complain about it at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
