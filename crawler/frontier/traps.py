"""Addresses that lead round in circles: a machine makes them without end, and no editor prints them."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import parse_qsl, urlsplit

MAX_DEPTH = 15  # parts of a path; outlets' own have up to ten
MAX_REPEATS = 3  # of one part of a path: /a/b/a/b/a/b
MAX_PARAMETERS = 8

_SESSION = re.compile(
    r"(?:^|[;?&])(?:j?sessionid|phpsessid|aspsessionid\w*|cfid|cftoken|sid)=[\w.-]{12,}", re.IGNORECASE
)
_FACET = re.compile(
    r"^(?:sort|order|orderby|filter|facet|view_?as|layout|per_?page|limit|replytocom|calendar)$",
    re.IGNORECASE,
)
_CALENDAR = re.compile(r"/(?:calendar|kalender)/\d{4}(?:/|$)", re.IGNORECASE)


def trap_of(url: str) -> str | None:
    """Return in a few words why an address looks like a trap, or None for one that may be a story's.

    >>> trap_of("https://www.contoh.id/read/2021/05/21/data-bocor") is None
    True
    >>> trap_of("https://www.contoh.id/a/b/a/b/a/b")
    'a trap by its address: the path repeats itself'
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    reason = _path_trap(parts.path) or _query_trap(parts.path, parts.query)
    return f"a trap by its address: {reason}" if reason else None


def _path_trap(path: str) -> str | None:
    steps = [step for step in path.split("/") if step]
    if len(steps) > MAX_DEPTH:
        return f"{len(steps)} parts in its path"
    # Numbers repeat in honest dates: /2021/05/05/05.
    named = Counter(step for step in steps if not step.isdigit())
    if named and max(named.values()) >= MAX_REPEATS:
        return "the path repeats itself"
    if _CALENDAR.search(path):
        return "a calendar"
    return None


def _query_trap(path: str, query: str) -> str | None:
    if _SESSION.search(query) or _SESSION.search(path):
        return "a session's number"
    if not query:
        return None
    names = [name for name, _ in parse_qsl(query, keep_blank_values=True)]
    if len(names) > MAX_PARAMETERS:
        return f"{len(names)} parameters"
    facets = [name for name in names if _FACET.match(name)]
    return f"a view of a list ({', '.join(facets)})" if facets else None
