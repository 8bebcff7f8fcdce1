"""``bacajuga outlets new``: rules for an outlet, proposed from two or three of its pages."""

from __future__ import annotations

from crawler.cli.options import examples

EXAMPLES = examples("bacajuga outlets new first.html second.html --folder my-outlets")


def new() -> None:
    """Propose rules for an outlet from two or three of its pages."""
