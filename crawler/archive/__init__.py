"""Pages as fetched, in files that any web archive tool reads (WARC, ISO 28500)."""

from __future__ import annotations

import importlib.util

from crawler.errors import ArchiveError


def require_warcio(wanted_by: str) -> None:
    """Say what to install when the library that writes and reads WARC is not there.

    Raises:
        ArchiveError: when it is missing.
    """
    if importlib.util.find_spec("warcio") is None:
        raise ArchiveError(
            f"{wanted_by} needs warcio, which is not installed; install it with: pip install warcio"
        )
