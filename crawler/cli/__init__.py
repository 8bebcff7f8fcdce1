"""The command line: each command is a thin shell over one library call."""

from __future__ import annotations

import sys


def main() -> None:
    """Run ``bacajuga`` with the arguments of this process, and exit with its status."""
    from crawler.cli.hidden_password import hide_password

    hide_password()
    from crawler.cli.app import app
    from crawler.cli.exit_status import INTERRUPTED, OUTPUT_CLOSED
    from crawler.cli.failing import silence_stdout

    # A title may hold a character that the terminal's encoding lacks: it is no reason to fail.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        try:
            app(prog_name="bacajuga")
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        silence_stdout()
        sys.exit(OUTPUT_CLOSED)
