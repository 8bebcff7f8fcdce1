"""How many stories each outlet published, day by day, or by week or month where the days are many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MOST_COLOURS = 9  # outlets with a colour of their own: more are not told apart
# A picture has room for so many bars; then they stand for more.
MOST_DAYS, MOST_WEEKS = 210, 260


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """Counts of stories by period and outlet."""

    step: str  # "day", "week" or "month"
    starts: list[date]  # of each period, without gaps: time runs evenly
    outlets: list[str]  # those with a colour, the one with most first; an empty name for all others together
    counts: list[list[int]]  # for each outlet, one number a period
    untimed: int  # stories without a time of publication

    @property
    def totals(self) -> list[int]:
        """The stories of each period."""
        return [sum(column) for column in zip(*self.counts, strict=True)]


def timeline_of(published: Iterable[tuple[str, datetime | None]], zone: ZoneInfo) -> Timeline:
    """Return the counts for pairs of outlet and time of publication; days are those of the zone."""
    days: Counter[tuple[str, date]] = Counter()
    by_outlet: Counter[str] = Counter()
    untimed = 0
    for outlet, moment in published:
        by_outlet[outlet] += 1
        if moment is None:
            untimed += 1
        else:
            days[outlet, moment.astimezone(zone).date()] += 1
    outlets = coloured(by_outlet)
    known = {day for _, day in days}
    step = _step(min(known), max(known)) if known else "day"
    starts = _starts(min(known), max(known), step) if known else []
    row_of = {outlet: number for number, outlet in enumerate(outlets)}
    column_of = {start: number for number, start in enumerate(starts)}
    counts = [[0] * len(starts) for _ in outlets]
    for (outlet, day), number in days.items():
        counts[row_of.get(outlet, len(outlets) - 1)][column_of[_start(day, step)]] += number
    return Timeline(step=step, starts=starts, outlets=outlets, counts=counts, untimed=untimed)


def coloured(by_outlet: Counter[str]) -> list[str]:
    """Return the outlets with most stories; an empty name at the end stands for all others.

    >>> coloured(Counter(detik=3, kompas=5))
    ['kompas', 'detik']
    """
    ranked = sorted(by_outlet, key=lambda outlet: (-by_outlet[outlet], outlet))
    return [*ranked[:MOST_COLOURS], *([""] if len(ranked) > MOST_COLOURS else [])]


def _step(first: date, last: date) -> str:
    days = (last - first).days + 1
    if days <= MOST_DAYS:
        return "day"
    return "week" if days <= MOST_WEEKS * 7 else "month"


def _start(day: date, step: str) -> date:
    if step == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if step == "month" else day


def _starts(first: date, last: date, step: str) -> list[date]:
    starts = [_start(first, step)]
    while True:
        days = {"day": 1, "week": 7, "month": 31}[step]
        following = _start(starts[-1] + timedelta(days=days), step)
        if following > last:
            return starts
        starts.append(following)
