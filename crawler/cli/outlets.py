"""``bacajuga outlets``: the outlets that are read exactly."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli.options import AsJson, examples
from crawler.cli.terminal import print_json, print_table, say

EXAMPLES = examples(
    "bacajuga outlets",
    "bacajuga outlets detik --json",
)


def outlets(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only this one.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the outlets that have rules of their own; any other site is read by general rules."""
    from crawler.outlets import OUTLETS, outlet_named

    chosen = [outlet_named(name)] if name else list(OUTLETS.values())
    rows = [
        {"name": outlet.name, "title": outlet.title, "hosts": list(outlet.hosts), "delay": outlet.delay}
        for outlet in chosen
    ]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("NAME", "OUTLET", "DELAY", "HOSTS"),
        [
            (outlet.name, outlet.title, f"{outlet.delay:g} s", ", ".join(outlet.hosts) or "any other")
            for outlet in chosen
        ],
        flexible=3,
    )
    if not name:
        say(f"{len(chosen)} outlets with rules of their own; any other site is read by general rules.")
