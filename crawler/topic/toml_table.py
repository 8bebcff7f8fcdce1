"""A table of a topic file, read key by key, with one clear line for what is wrong."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from crawler.errors import TopicError
from crawler.topic.phrases import ROOT, PhraseError, parse_phrase

AFFIXED_LANGUAGE = "id"  # the language whose affixes ROOT: knows
LONGEST_VALUE = 120  # characters of a wrong value that an error shows


@dataclass(slots=True)
class TomlTable:
    """One table of the file, read key by key; an error names the file, key and value and what is allowed."""

    values: dict[str, Any]
    source: str
    path: str = ""
    language: str = AFFIXED_LANGUAGE

    def error(self, key: str, value: object, allowed: str) -> TopicError:
        """What to raise when a value is none of what is allowed."""
        return TopicError(
            f"topic file {self.source}: {self.path}{key} is {_short(value)}; allowed: {allowed}"
        )

    def allow(self, known: tuple[str, ...]) -> None:
        """Raise for the first key that is not known, with the known one that is nearest."""
        for key in self.values:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1, cutoff=0)
                raise TopicError(
                    f"topic file {self.source}: unknown key {self.path}{key} = {_short(self.values[key])}; "
                    f"the nearest known key is {near[0]}; known: {', '.join(known)}"
                )

    def text(
        self, key: str, *, like: str, pattern: re.Pattern[str] | None = None, default: str | None = None
    ) -> str:
        """The text at this key; ``like`` says what it should look like."""
        value = self.values.get(key, default)
        if value is None:
            raise TopicError(f"topic file {self.source}: {self.path}{key} is missing; give {like}")
        if not isinstance(value, str) or not value.strip() or (pattern and not pattern.fullmatch(value)):
            raise self.error(key, value, like)
        return value

    def number(self, key: str, least: float, most: float, *, default: float, whole: bool = False) -> float:
        """The number at this key."""
        value = self.values.get(key, default)
        fits = isinstance(value, int) or (isinstance(value, float) and not whole)
        if not fits or isinstance(value, bool) or not least <= value <= most:
            raise self.error(key, value, f"a {'whole ' if whole else ''}number from {least} to {most}")
        return float(value)

    def switch(self, key: str) -> bool:
        """True or false; false when there is no such key."""
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.error(key, value, "true or false")
        return value

    def day(self, key: str) -> date | None:
        """The day at this key, if any."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            raise self.error(key, value, f"a day without quotes, such as {key} = 2021-05-01")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """The list of texts at this key."""
        value = self.values.get(key)
        if value is None and default is not None:
            return default
        if value is None:
            raise TopicError(
                f'topic file {self.source}: {self.path}{key} is missing; give a list, ["...", "..."]'
            )
        if not isinstance(value, list) or (not value and default is None):
            raise self.error(key, value, 'a list of texts, ["...", "..."]')
        for item in value:
            if not isinstance(item, str) or not item.strip():
                raise self.error(key, item, "a text that is not empty")
        return tuple(value)

    def phrases(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """The list of phrases at this key, each of which can be looked for."""
        phrases = self.texts(key, default)
        for phrase in phrases:
            try:
                parse_phrase(phrase)
            except PhraseError as error:
                raise self.error(key, phrase, str(error)) from error
            if ROOT in phrase and self.language != AFFIXED_LANGUAGE:
                raise self.error(key, phrase, f"{ROOT} only where language is {AFFIXED_LANGUAGE!r}")
        return phrases

    def addresses(self, key: str) -> tuple[str, ...]:
        """The web addresses at this key."""
        addresses = self.texts(key, default=())
        for address in addresses:
            if not _is_address(address):
                raise self.error(key, address, "an address that begins with https:// or http://")
        return addresses

    def table(self, key: str) -> TomlTable:
        """The table at this key; an empty one when there is none."""
        return self._inner(key, self.values.get(key, {}), f"{key}.")

    def tables(self, key: str) -> list[TomlTable]:
        """The tables at this key, ``[[key]]`` in the file; none when there are none."""
        values = self.values.get(key, [])
        if not isinstance(values, list):
            raise self.error(key, values, f"tables that begin with [[{key}]]")
        return [self._inner(key, value, f"{key}[{number}].") for number, value in enumerate(values, 1)]

    def _inner(self, key: str, value: object, path: str) -> TomlTable:
        if not isinstance(value, dict):
            raise self.error(key, value, f"a table that begins with [{key}]")
        return TomlTable(value, self.source, path, self.language)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= LONGEST_VALUE else f"{shown[:LONGEST_VALUE]}…"
