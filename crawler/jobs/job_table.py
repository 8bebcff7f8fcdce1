"""A table of a jobs file, read key by key, with one clear line for what is wrong."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from crawler.errors import JobError
from crawler.jobs.schedule import parse_duration

LONGEST_VALUE = 120  # characters of a wrong value that an error shows


@dataclass(slots=True)
class JobTable:
    """One table of the file; an error names the file, the job, the key, the value and what is allowed."""

    values: dict[str, Any]
    place: str  # "jobs file ./jobs.toml, job harian"
    path: str = ""  # of the table below the job

    def error(self, key: str, value: object, allowed: str) -> JobError:
        """Return what to raise when a value is none of what is allowed."""
        shown = repr(value)
        shown = shown if len(shown) <= LONGEST_VALUE else f"{shown[:LONGEST_VALUE]}…"
        return JobError(f"{self.place}: {self.path}{key} is {shown}; allowed: {allowed}")

    def allow(self, *known: str) -> None:
        """Raise for the first key that is not known, with the known one that is nearest."""
        for key in self.values:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise JobError(
                    f"{self.place}: unknown key {self.path}{key}{hint}; known: {', '.join(sorted(known))}"
                )

    def text(self, key: str, like: str) -> str | None:
        """The text at this key, if any."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self.error(key, value, like)
        return value.strip()

    def required(self, key: str, like: str) -> str:
        """The text at this key, which has to be there."""
        found = self.text(key, like)
        if found is None:
            raise JobError(f"{self.place}: {self.path}{key} is missing; give {like}")
        return found

    def one_of(self, key: str, allowed: tuple[str, ...]) -> str | None:
        """The text at this key, if any, which is one of those."""
        value = self.values.get(key)
        if value is not None and value not in allowed:
            raise self.error(key, value, ", ".join(allowed))
        return value

    def texts(self, key: str, like: str) -> tuple[str, ...]:
        """The list of texts at this key; empty when there is none."""
        value = self.values.get(key, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list):
            raise self.error(key, value, f"a list of texts: {like}")
        for item in values:
            if not isinstance(item, str) or not item.strip():
                raise self.error(key, item, f"a list of texts: {like}")
        return tuple(values)

    def number(self, key: str, least: float, most: float, *, whole: bool = False) -> float | None:
        """The number at this key, if any."""
        value = self.values.get(key)
        if value is None:
            return None
        fits = isinstance(value, int) or (isinstance(value, float) and not whole)
        if not fits or isinstance(value, bool) or not least <= value <= most:
            raise self.error(key, value, f"a {'whole ' if whole else ''}number from {least:g} to {most:g}")
        return float(value)

    def switch(self, key: str) -> bool | None:
        """True or false, if given."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.error(key, value, "true or false")
        return value

    def duration(self, key: str) -> timedelta | None:
        """The duration at this key, if any."""
        value = self.values.get(key)
        if value is None:
            return None
        try:
            return parse_duration(value)
        except (ValueError, AttributeError, TypeError):
            raise self.error(
                key, value, 'a number with s, m, h or d, from "1s" to "366d", such as "30m" or "6h"'
            ) from None

    def table(self, key: str) -> JobTable:
        """The table at this key; an empty one when there is none."""
        return self._inner(key, self.values.get(key, {}), f"{self.path}{key}.")

    def tables(self, key: str) -> list[JobTable]:
        """The list of tables at this key; empty when there is none."""
        values = self.values.get(key, [])
        if not isinstance(values, list):
            raise self.error(key, values, "a list of tables, [{...}, {...}]")
        return [
            self._inner(key, value, f"{self.path}{key}[{number}].") for number, value in enumerate(values, 1)
        ]

    def _inner(self, key: str, value: object, path: str) -> JobTable:
        if not isinstance(value, dict):
            raise self.error(key, value, f"a table: {key} = {{ name = value }}")
        return JobTable(value, self.place, path)
