"""How to cite a snapshot: as text in the form of DataCite (creator, year, title, kind, id), and as BibTeX."""

from __future__ import annotations

import re

from crawler.store.story.snapshots import Snapshot

UNNAMED = "[your name or newsroom]"
_BIBTEX_SPECIAL = re.compile(r"[\\{}$&#_%^~]")
_BIBTEX_NAMES = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


def plain_citation(snapshot: Snapshot, author: str | None = None) -> str:
    """Return the citation as one line of text."""
    made = f"{snapshot.made_at:%Y-%m-%d %H:%M} UTC"
    return (
        f"{author or UNNAMED} ({snapshot.made_at.year}): {snapshot.name}: {_content(snapshot)} [Data set]. "
        f"Snapshot {snapshot.id}, made {made} with {snapshot.software}. "
        f"SHA-256 of articles.csv: {snapshot.tables['articles']['sha256']}"
    )


def bibtex_citation(snapshot: Snapshot, author: str | None = None) -> str:
    """Return the citation as a BibTeX entry."""
    fields = {
        "author": f"{{{_bibtex(author or UNNAMED)}}}",
        "title": f"{{{_bibtex(f'{snapshot.name}: {_content(snapshot)}')}}}",
        "year": str(snapshot.made_at.year),
        "month": str(snapshot.made_at.month),
        "howpublished": f"Data set, snapshot {snapshot.id}, made with {_bibtex(snapshot.software)}",
        "note": f"SHA-256 of articles.csv: {snapshot.tables['articles']['sha256']}",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{bacajuga-{snapshot.id},", *lines, "}"])


def _content(snapshot: Snapshot) -> str:
    counts = {name: facts["rows"] for name, facts in snapshot.tables.items()}
    on_topic = f" on {snapshot.topic}" if snapshot.topic else ""
    return f"{counts['articles']:,} Indonesian news stories{on_topic} and {counts['links']:,} read-also links"


def _bibtex(text: str) -> str:
    r"""Return the text with BibTeX's own signs written so that they are printed.

    >>> _bibtex("50% & {more}")
    '50\\% \\& \\{more\\}'
    """
    return _BIBTEX_SPECIAL.sub(lambda found: _BIBTEX_NAMES.get(found[0], f"\\{found[0]}"), text)
