"""Pages as fetched, in files that any web archive tool reads (WARC, ISO 28500)."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from crawler.errors import ArchiveError

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


def refuse_with_redaction(settings: BaseSettings, keeper: str) -> None:
    """See that pages as fetched are not kept beside a store that is to hold no personal data.

    Args:
        settings: of the crawl.
        keeper: the setting by which the pages are kept.

    Raises:
        ArchiveError: when both are asked for.
    """
    if settings.getbool("REDACT_AT_STORE"):
        raise ArchiveError(
            f"REDACT_AT_STORE masks personal data for good, and {keeper}={settings[keeper]} would keep the "
            "pages that print it; leave out one of the two"
        )


def require_warcio(wanted_by: str) -> None:
    """Say what to install when the library that writes and reads WARC is not there.

    Raises:
        ArchiveError: when it is missing.
    """
    if importlib.util.find_spec("warcio") is None:
        raise ArchiveError(
            f"{wanted_by} needs warcio, which is not installed; install it with: pip install warcio"
        )
