"""Web addresses on the command line."""

from __future__ import annotations

from urllib.parse import urlsplit

import typer


def is_web_address(text: str) -> bool:
    """Return whether the text is meant as a web address, rather than a file.

    >>> is_web_address("https://www.detik.com/d-1"), is_web_address("page.html")
    (True, False)
    """
    return text.lower().startswith(("http://", "https://"))


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
