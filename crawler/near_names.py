"""Names to choose from, for a message: whoever mistyped one finds it first."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest_first(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names, those that look like the given one before the others, which keep their order.

    >>> nearest_first("cnn", ["antaranews", "cnnindonesia", "kompas"])
    ['cnnindonesia', 'antaranews', 'kompas']
    >>> nearest_first("detek", ["antaranews", "detik", "kompas"])
    ['detik', 'antaranews', 'kompas']
    """
    names = list(known)
    near = get_close_matches(name, names, n=3, cutoff=0.6)
    near += [other for other in names if name and name in other]
    return list(dict.fromkeys([*near, *names]))
