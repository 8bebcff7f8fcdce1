"""The settings that limit how much of a page is read."""

from __future__ import annotations

import dataclasses

from scrapy.settings import BaseSettings

from crawler.reading.limits import DEFAULT_LIMITS, ReadingLimits


def reading_limits(settings: BaseSettings) -> ReadingLimits:
    """Return the limits by a crawl's settings: those of the same names in capitals, else the usual ones."""
    usual = dataclasses.asdict(DEFAULT_LIMITS)
    return ReadingLimits(
        **{name: type(value)(settings.get(name.upper(), value)) for name, value in usual.items()}
    )
