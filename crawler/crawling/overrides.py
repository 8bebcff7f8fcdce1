"""Settings that a person gives by hand, checked before anything starts."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.errors import BacaJugaError
from crawler.topic import Topic

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

# Numbers of ours that are None until somebody gives them.
NUMBERS = ("HOST_DELAY", "MIN_SCORE")
WHOLE = (
    *("MAX_PAGES", "MAX_TRIES", "MAX_PARTS", "OUTLET_PATIENCE", "LISTING_PATIENCE"),
    *("CONCURRENT_REQUESTS", "CONCURRENT_REQUESTS_PER_DOMAIN"),
)
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
YES_OR_NO = ("0", "1", "true", "false")


def check_overrides(overrides: Mapping[str, Any], known: Mapping[str, Any]) -> None:
    """See that each value is of its setting's kind.

    Args:
        overrides: the settings that were given.
        known: every setting with its value so far.

    Raises:
        BacaJugaError: when a value cannot be used, or a name looks like a slip of the pen.
    """
    for name, value in overrides.items():
        if name not in known:
            for other in get_close_matches(name.upper(), known, n=1, cutoff=0.85):
                raise BacaJugaError(f"no setting named {name!r}; did you mean {other}?")
        expected = _expectation(name, value, known.get(name))
        if expected:
            raise BacaJugaError(f"setting {name} cannot be {value!r}; give it {expected}")


def floor_of(settings: BaseSettings, topic: Topic | None) -> float:
    """Return the score below which no link is fetched: the person's, or the topic's own."""
    floor = settings.get("MIN_SCORE")
    if floor is not None:
        return float(floor)
    return topic.min_score if topic else 0.0


def _expectation(name: str, value: Any, default: Any) -> str | None:
    """Return what the setting takes, when the value is not that."""
    if isinstance(default, bool) or name == "DISCOVER":
        return None if str(value).lower() in YES_OR_NO else "1 or 0"
    if name in WHOLE:
        return None if str(value).isdigit() else "a whole number"
    if isinstance(default, int | float) or name in NUMBERS:
        return None if value is None or _is_number(value) else "a number"
    if name == "CONNECT_TO" and value and not _is_server(str(value)):
        return "a server's address, as in http://127.0.0.1:8000"
    if name == "LOG_LEVEL" and str(value) not in LEVELS:
        return f"one of {', '.join(LEVELS)}"
    if name == "REVISIT_AFTER_HOURS" and isinstance(value, str):
        return None if value and all(map(_is_number, value.split(","))) else "numbers, as in 1,6,24"
    if isinstance(default, Mapping) and isinstance(value, str) and not _is_table(value):
        return "a table in JSON, as in {}"
    return None


def _is_number(value: Any) -> bool:
    try:
        return 0 <= float(value) < math.inf
    except (TypeError, ValueError):
        return False


def _is_server(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 80) > 0
    except ValueError:
        return False


def _is_table(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False
