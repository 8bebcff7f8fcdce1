"""A topic's stories counted by day, week or month, in Jakarta's time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

# Indonesia has three time zones; the newspapers' day is Jakarta's.
WIB = timezone(timedelta(hours=7), "WIB")
MOST_DAYS = 62  # up to here a line a day
MOST_WEEKS_DAYS = 500  # and up to here a line a week


class Step(StrEnum):
    """What one line of a timeline stands for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(slots=True, kw_only=True)
class Moment:
    """A story as far as a timeline goes."""

    published_at: datetime
    outlet: str
    title: str
    url: str


@dataclass(slots=True, kw_only=True)
class TimelineEntry:
    """What was published on a day, or in the week or month that begins with it."""

    day: date
    stories: int
    outlets: dict[str, int]  # stories of each, most first
    first: Moment


@dataclass(slots=True, kw_only=True)
class Timeline:
    """The days with stories, in order."""

    step: Step
    entries: list[TimelineEntry]
    without_time: int = 0  # stories whose page gave no time

    @property
    def stories(self) -> int:
        """How many stories it counts."""
        return sum(entry.stories for entry in self.entries)


def timeline_of(stories: Iterable[Moment], step: Step | None = None, without_time: int = 0) -> Timeline:
    """Return the stories counted; by day, by week from two months on, by month from 500 days on.

    Args:
        stories: in any order, read once; one a day is kept.
        step: to count by something else.
        without_time: how many stories are not among them for want of a time.
    """
    days: dict[date, TimelineEntry] = {}
    for story in stories:
        _add(days, story.published_at.astimezone(WIB).date(), story)
    span = (max(days) - min(days)).days + 1 if days else 0
    chosen = step or (Step.DAY if span <= MOST_DAYS else Step.WEEK if span <= MOST_WEEKS_DAYS else Step.MONTH)
    entries: dict[date, TimelineEntry] = {}
    for day in sorted(days):
        _merge(entries, first_day(day, chosen), days[day])
    return Timeline(
        step=chosen, entries=[_ordered(entry) for entry in entries.values()], without_time=without_time
    )


def first_day(day: date, step: Step) -> date:
    """Return the first day of the day's week (a Monday) or month.

    >>> first_day(date(2021, 5, 21), Step.WEEK), first_day(date(2021, 5, 21), Step.MONTH)
    (datetime.date(2021, 5, 17), datetime.date(2021, 5, 1))
    """
    if step is Step.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step is Step.MONTH else day


def _add(days: dict[date, TimelineEntry], day: date, story: Moment) -> None:
    entry = days.get(day)
    if entry is None:
        days[day] = TimelineEntry(day=day, stories=1, outlets={story.outlet: 1}, first=story)
        return
    entry.stories += 1
    entry.outlets[story.outlet] = entry.outlets.get(story.outlet, 0) + 1
    if story.published_at < entry.first.published_at:
        entry.first = story


def _merge(entries: dict[date, TimelineEntry], day: date, more: TimelineEntry) -> None:
    entry = entries.setdefault(day, TimelineEntry(day=day, stories=0, outlets={}, first=more.first))
    entry.stories += more.stories
    entry.outlets = dict(Counter(entry.outlets) + Counter(more.outlets))


def _ordered(entry: TimelineEntry) -> TimelineEntry:
    entry.outlets = dict(sorted(entry.outlets.items(), key=lambda pair: (-pair[1], pair[0])))
    return entry
