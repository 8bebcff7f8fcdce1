"""Prints docs/hostile-pages.md: ``python -m tests.hostile.table > docs/hostile-pages.md``."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from tests.hostile.cases import CASES, WAITS, Case

PAGE = Path(__file__).parents[2] / "docs" / "hostile-pages.md"
TITLES = {
    "body": "Bodies",
    "protocol": "The protocol",
    "redirects": "Redirects, and addresses that a page calls its own",
    "markup": "Markup",
    "lists": "Lists: feeds, sitemaps, tag pages",
    "characters": "Characters",
    "robots.txt": "robots.txt",
    "names": "Names that mean an address of the user's network",
    "TLS": "Certificates",
    "addresses": "Addresses of the user's machine and network, as a page may write them",
}
HEAD = """# Hostile pages

What becomes of a page that attacks the crawler. `tests/hostile/` serves each of these, and a crawl goes
through all of them, with good pages between that have to be stored; it runs with Twisted's reactor and
without. A connection to anything but a public address, or more than 400 MB of memory, fails the test. This
page is made from the cases (`python -m tests.hostile.table`), and a test keeps the two equal.

"Tried again later" is a host in trouble: its address goes back to the frontier. `over_limit` begins with the
setting whose limit was hit; `settings/base.py` has the reason of each.
"""


def table() -> str:
    """Return the page, as Markdown."""
    parts = [HEAD]
    for group, cases in groupby(CASES, key=lambda case: case.group):
        rows = [f"| `{case.name}` | {_cell(case.does)} | {_outcome(case)} |" for case in cases]
        parts += [
            f"## {TITLES[group]}\n",
            "| case | what it does | what becomes of it |\n|---|---|---|",
            *rows,
            "",
        ]
    return "\n".join(parts)


def _outcome(case: Case) -> str:
    if case.is_link:
        return "refused, or no link at all: never asked for"
    kind = {"article": "stored", "listing": "read", WAITS: "tried again later"}.get(
        case.outcome, f"`{case.outcome}`"
    )
    return f"{kind}: {_cell(case.detail)}" if case.detail else kind


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


if __name__ == "__main__":
    print(table(), end="")
