"""How a report puts words, times, distances and numbers in one language."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from crawler.brief.words import MONTHS
from crawler.brief.words import Wording as BriefWording
from crawler.report.words import WORDS

# Said by the script in the page, where it fills the values in itself.
IN_PAGE = (
    "close", "fetched", "graph_hits", "in_list", "links_in", "list_more", "new_stories", "none", "open_story",
    "others", "pick", "shown", "stories", "was_edited", "links_out", "theme_auto", "theme_light",
    "theme_dark",
)  # fmt: skip


class Wording(BriefWording):
    """One language's words for a report, and times in one zone."""

    def __call__(self, key: str, **values: object) -> str:
        """Return the words of that key, the values filled in."""
        return WORDS[self.language][key].format(**values)

    def templates(self) -> dict[str, str]:
        """Return the words that the page's own script says, their places unfilled."""
        return {key: WORDS[self.language][key] for key in IN_PAGE}

    def day(self, day: date, step: str = "day") -> str:
        """Return a day, or the week or month that it begins.

        >>> Wording("id", "Asia/Jakarta").day(date(2021, 5, 21))
        '21 Mei 2021'
        >>> Wording("en", "UTC").day(date(2021, 5, 31), "week")
        '31 May – 6 Jun 2021'
        """
        months = MONTHS[self.language]
        if step == "month":
            return f"{months[day.month - 1]} {day.year}"
        last = day + timedelta(days=6) if step == "week" else day
        end = f"{last.day} {months[last.month - 1]} {last.year}"
        if last == day:
            return end
        return f"{day.day}–{end}" if last.month == day.month else f"{day.day} {months[day.month - 1]} – {end}"

    def short(self, moment: datetime | None) -> str:
        """Return a moment in a few signs, or a dash."""
        if moment is None:
            return "–"
        return f"{self.day(moment.astimezone(self.zone).date())} {self.clock(moment)}"

    def clock(self, moment: datetime) -> str:
        """Return the time of day."""
        local = moment.astimezone(self.zone)
        return f"{local:%H.%M}" if self.language == "id" else f"{local:%H:%M}"

    def local(self, moment: datetime | None) -> str:
        """Return a moment of the zone in ISO 8601, to sort and compare by; empty without one."""
        return "" if moment is None else moment.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")

    def distance(self, distance: timedelta | None) -> str:
        """Return how long something took, in minutes, hours or days.

        >>> Wording("en", "UTC").distance(timedelta(minutes=130))
        '2.2 h'
        """
        if distance is None:
            return self("unknown")
        minutes = distance.total_seconds() / 60
        if minutes < 1:
            return self("at_once")
        if minutes < 60:
            return self("minutes", number=round(minutes))
        if minutes < 48 * 60:
            return self("hours", number=self.decimal(minutes / 60))
        return self("days", number=self.decimal(minutes / 60 / 24))

    def decimal(self, value: float) -> str:
        """Return a number with one decimal place, or none where that is 0."""
        text = f"{value:.1f}".removesuffix(".0")
        return text.replace(".", ",") if self.language == "id" else text

    def figure(self, value: float) -> str:
        """Return a number with as many decimal places as it has."""
        return f"{value:g}".replace(".", ",") if self.language == "id" else f"{value:g}"

    def share(self, value: float | None) -> str:
        """Return a share as per cent."""
        return "" if value is None else f"{value:.0%}"
