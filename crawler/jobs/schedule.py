"""When a job is due: a cron expression in a time zone, or a fixed distance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
SHORTHANDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
}
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")  # as cron numbers them
# A run that stands for more due times than this counts those of the last month only.
MOST_COUNTED = 50_000
MONTH = timedelta(days=31)


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """The newest due time that has come, and how many have come since the last run."""

    at: datetime
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """The times at which a job is due: by ``cron``, or ``every`` so often from midnight of 1 January 1970.

    Times are told apart by what they are in UTC: neither the start nor the end of summer time repeats or
    skips one, but that a cron expression of fixed hours runs once in the hour that comes twice.
    """

    zone: str
    cron: str | None = None
    every: timedelta | None = None

    def __str__(self) -> str:
        return self.cron or f"every {text_of_duration(self.every or timedelta())}"

    def next_after(self, moment: datetime) -> datetime | None:
        """Return the first due time after the moment, in the schedule's zone; None when there is none."""
        return next(self._after(moment), None)

    def due(self, covered_until: datetime, now: datetime) -> Due | None:
        """Return what has come since the moment up to which all due times are covered; None for nothing."""
        now = now.astimezone(UTC)
        if self.every is not None:
            first = self.next_after(covered_until)
            if first is None or first > now:
                return None
            more = (now - first) // self.every
            return Due(at=_in_zone(first + more * self.every, self.zone), count=more + 1)
        newest, count = None, 0
        for moment in self._after(covered_until):
            if moment > now:
                break
            newest, count = moment, count + 1
            if count == MOST_COUNTED and moment < now - MONTH:
                return self.due(now - MONTH, now) or Due(at=moment, count=count)
        return Due(at=newest, count=count) if newest is not None else None

    def _after(self, moment: datetime) -> Iterator[datetime]:
        """Yield the due times after a moment, in order."""
        if self.every is not None:
            epoch = datetime(1970, 1, 1, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
            at = epoch + ((moment - epoch) // self.every + 1) * self.every
            while True:
                yield _in_zone(at, self.zone)
                at += self.every
        assert self.cron is not None
        trigger, fixed_hours = _trigger(self.cron, self.zone)
        # A trigger may name the moment itself.
        start = moment.astimezone(ZoneInfo(self.zone)) + timedelta(microseconds=1)
        found: datetime | None = trigger.get_next_fire_time(None, start)
        last = moment.astimezone(UTC)
        while found is not None:
            # Where the clock is put forward, APScheduler gives a time of day that there is not. Within one
            # zone Python compares times of day, not moments.
            at = _in_zone(found, self.zone)
            if at.astimezone(UTC) > last and not (fixed_hours and at.fold):
                yield at
                last = at.astimezone(UTC)
            found = trigger.get_next_fire_time(found, found)


def parse_duration(text: str, most_days: int = 366) -> timedelta:
    """Return the duration that a text such as "30m", "6h" or "1h30m" names.

    Raises:
        ValueError: for anything else, and for less than a second or more than so many days.
    """
    if not re.fullmatch(r"(?:\d+\s*[smhd]\s*)+", text.strip()):
        raise ValueError(f"{text!r} is not a duration; write 30s, 15m, 6h or 1d")
    seconds = sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)\s*([smhd])", text))
    if not 0 < seconds <= most_days * UNITS["d"]:
        raise ValueError(f"{text!r} is not between one second and {most_days} days")
    return timedelta(seconds=seconds)


def text_of_duration(duration: timedelta) -> str:
    """Return the shortest text for a duration.

    >>> text_of_duration(timedelta(minutes=90)), text_of_duration(timedelta(days=2))
    ('1h30m', '2d')
    """
    left, text = int(duration.total_seconds()), ""
    for unit, seconds in reversed(UNITS.items()):
        number, left = divmod(left, seconds)
        text += f"{number}{unit}" if number else ""
    return text or "0s"


def check_cron(expression: str, zone: str) -> None:
    """See that a cron expression of five fields can be read, and that its time ever comes.

    Raises:
        ValueError: when not.
    """
    trigger, _ = _trigger(expression, zone)
    if trigger.get_next_fire_time(None, datetime.now(ZoneInfo(zone))) is None:
        raise ValueError("no such day ever comes")


def _in_zone(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(UTC).astimezone(ZoneInfo(zone))


@lru_cache(maxsize=256)
def _trigger(expression: str, zone: str) -> tuple[Any, bool]:
    """Return APScheduler's trigger for a cron expression, and whether its hours are fixed ones."""
    from apscheduler.triggers.combining import OrTrigger
    from apscheduler.triggers.cron import CronTrigger

    fields = SHORTHANDS.get(expression.strip().lower(), expression).split()
    if len(fields) != 5:
        raise ValueError("it has to have five fields: minute hour day month weekday")
    minute, hour, day, month, weekday = fields

    def trigger(chosen_day: str, chosen_weekday: str) -> Any:
        return CronTrigger(
            minute=minute,
            hour=hour,
            day=chosen_day,
            month=month,
            day_of_week=_weekdays(chosen_weekday),
            timezone=ZoneInfo(zone),
        )

    fixed_hours = "*" not in hour
    # With a day and a weekday both, cron takes either; APScheduler would take both at once.
    if "*" not in day and "*" not in weekday:
        return OrTrigger([trigger(day, "*"), trigger("*", weekday)]), fixed_hours
    return trigger(day, weekday), fixed_hours


def _weekdays(field: str) -> str:
    """Return cron's weekdays, where Sunday is 0 and 7, by their names: APScheduler's Monday is 0.

    >>> _weekdays("0"), _weekdays("1-5"), _weekdays("fri-sun"), _weekdays("*")
    ('sun', 'mon,tue,wed,thu,fri', 'sun,fri,sat', '*')
    """
    if field == "*":
        return field
    chosen: set[int] = set()
    for part in field.lower().split(","):
        span, _, step = part.partition("/")
        first, _, last = ("0", "-", "6") if span == "*" else span.partition("-")
        begin, end = _weekday(first), _weekday(last or ("6" if step else first))
        if end < begin:
            end += 7
        if not (step or "1").isdigit() or int(step or 1) < 1:
            raise ValueError(f"weekday {part!r} has a step that is no number")
        chosen |= {day % 7 for day in range(begin, end + 1, int(step or 1))}
    return ",".join(WEEKDAYS[day] for day in sorted(chosen))


def _weekday(text: str) -> int:
    if text in WEEKDAYS:
        return WEEKDAYS.index(text)
    if text.isdigit() and int(text) <= 7:
        return int(text) % 7 if text == "7" else int(text)
    raise ValueError(f"weekday {text!r} is none of 0 to 7 or sun to sat")
