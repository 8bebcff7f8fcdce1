"""``bacajuga dedupe``: the copies in the store, and finding them anew."""

from __future__ import annotations

import typer

from crawler.cli.options import examples

EXAMPLES = examples("bacajuga dedupe --redo --dry-run")


def dedupe() -> None:
    """Find the copies in the store anew."""
    raise typer.Exit(1)
