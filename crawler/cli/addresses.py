"""Web addresses on the command line."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import typer

_SAVED_FROM = re.compile(rb"<!--\s*saved from (?:url=\(\d+\))?(https?://\S+)\s*-->")
SAVED_FROM_WITHIN = 4096  # bytes from the file's beginning


def is_web_address(text: str) -> bool:
    """Return whether the text is meant as a web address, rather than a file.

    >>> is_web_address("https://www.detik.com/d-1"), is_web_address("page.html")
    (True, False)
    """
    return text.lower().startswith(("http://", "https://"))


def stated_address(html: bytes) -> str | None:
    """Return the address that a saved page tells of itself: what the browser wrote on top, or canonical."""
    from crawler.reading.page import Page

    stated = _SAVED_FROM.search(html[:SAVED_FROM_WITHIN])
    url = stated[1].decode("ascii", "replace") if stated else Page("", html).canonical
    return url if url and is_web_address(url) else None


def web_address(text: str, name: str = "URL") -> str:
    """Return the text when it is a whole web address.

    Raises:
        typer.BadParameter: when it is not.
    """
    try:
        parts = urlsplit(text)
        # A port that cannot be is told by its look-up only.
        is_whole = (
            is_web_address(text) and bool(parts.hostname) and parts.port != 0 and " " not in text.strip()
        )
    except ValueError:
        is_whole = False
    if not is_whole:
        raise typer.BadParameter(
            f"{text!r} is not a web address; write it in full, https://...", param_hint=f"'{name}'"
        )
    return text.strip()
