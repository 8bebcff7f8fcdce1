"""Times as Indonesian pages print them, and as their metadata give them, as aware datetimes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

WIB = timezone(timedelta(hours=7), "WIB")  # western Indonesian time, Jakarta
WITA = timezone(timedelta(hours=8), "WITA")  # central, Makassar and Bali
WIT = timezone(timedelta(hours=9), "WIT")  # eastern, Papua

FIRST_YEAR = 1995  # no Indonesian news site is older; earlier years are typing errors

ZONES = {"wib": WIB, "wita": WITA, "wit": WIT, "utc": UTC, "gmt": UTC, "z": UTC}

_MONTH_NAMES = """
    1 januari january jan; 2 februari february pebruari feb peb; 3 maret march mar mrt; 4 april apr;
    5 mei may; 6 juni june jun; 7 juli july jul; 8 agustus august agu agt ags agst aug; 9 september sep sept;
    10 oktober october okt oct; 11 november nopember nov nop; 12 desember december des dec
"""
MONTHS = {
    name: int(number)
    for number, *names in (entry.split() for entry in _MONTH_NAMES.split(";"))
    for name in names
}
_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"

_CLOCK = r"""
    (?P<hour>[01]?\d|2[0-4]) [:.\-] (?P<minute>[0-5]\d) (?: [:.\-] (?P<second>[0-5]\d) (?:\.\d+)? )? (?!\d)
    (?: \s* (?P<half>am|pm|a\.m\.|p\.m\.)\b )?
    (?: \s* \(? (?P<zone> wib|wita|wit | (?:utc|gmt) (?:[+-]\d{1,2})? | z\b | [+-]\d{2}:?\d{2} ) \b )?
"""
# What may stand between day and clock: commas, dashes, bars, dots, "pukul", "at", "T".
_GAP = r"(?: \s | [,|/·•\-–—@T] | pukul | jam | pkl\.? | at | on | wib )*?"
_AFTER_DAY = rf"(?: {_GAP} {_CLOCK} )?"


def _rule(day: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\d/]) {day} {_AFTER_DAY}", re.VERBOSE | re.IGNORECASE)


# In order of how sure each is. Days come first in Indonesia; a month comes first only by its English name.
_RULES = (
    _rule(r"(?P<year>(?:19|20)\d\d) [-/.] (?P<month_number>\d{1,2}) [-/.] (?P<day>\d{1,2}) (?!\d)"),
    _rule(
        rf"(?P<day>\d{{1,2}}) (?:st|nd|rd|th)? [\s\-/.]* {_MONTH} [\s\-/.,]* (?P<year>(?:19|20)\d\d) (?!\d)"
    ),
    _rule(rf"\b{_MONTH} \s* (?P<day>\d{{1,2}}) (?:st|nd|rd|th)? \s* ,? \s* (?P<year>(?:19|20)\d\d) (?!\d)"),
    _rule(
        r"(?P<day>\d{1,2}) \s*[-/.]\s* (?P<month_number>\d{1,2}) \s*[-/.]\s* (?P<year>(?:19|20)\d\d|\d\d)"
        r" (?![\d:])"
    ),
)

_RELATIVE = re.compile(
    r"\b(?P<count>\d+|se)\s*(?P<unit>detik|menit|jam|hari|minggu|pekan)\b[^.]{0,12}?\b(?:yang\s+)?(?:lalu|ago)\b",
    re.IGNORECASE,
)
_UNITS = {"detik": 1, "menit": 60, "jam": 3600, "hari": 86400, "minggu": 604800, "pekan": 604800}
_LOOKS_LIKE_TIME = re.compile(r"\d|lalu|kemarin|baru saja|tadi", re.IGNORECASE)
_LONGEST = 300


class FoundDate(NamedTuple):
    """A time found in a text, whether its clock was given, and the stretch that it takes."""

    at: datetime
    has_clock: bool
    start: int
    end: int


def parse_date(text: str | None, *, zone: timezone = WIB, now: datetime | None = None) -> datetime | None:
    """Return the first time in the text, aware, or None.

    ``zone`` holds where none is printed; ``now`` is what "2 jam lalu" counts from.

    >>> parse_date("Jum'at, 21 Mei 2021 | 14.05 WITA").isoformat()
    '2021-05-21T14:05:00+08:00'
    """
    if not text or not _LOOKS_LIKE_TIME.search(text):
        return None
    text = text.strip()
    found = _from_iso(text, zone)
    if found is None:
        absolute = find_date(text, zone=zone)
        found = absolute.at if absolute else None
    if found is None:
        found = _relative(text, now) or _from_dateparser(text, zone, now)
    return found if found and _is_sane(found) else None


def find_date(text: str, *, zone: timezone = WIB) -> FoundDate | None:
    """Return the first absolute time printed in the text; one with a clock before one without."""
    day_only: FoundDate | None = None
    for rule in _RULES:
        for match in rule.finditer(text):
            found = _from_match(match, zone)
            if found and found.has_clock:
                return found
            day_only = day_only or found
    return day_only


def _from_iso(text: str, zone: timezone) -> datetime | None:
    if len(text) < 10 or not text[:4].isdigit():
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    return value if value.tzinfo else value.replace(tzinfo=zone)


def _from_match(match: re.Match[str], zone: timezone) -> FoundDate | None:
    parts = match.groupdict()
    name = parts.get("month")
    month = MONTHS[name.lower()] if name else int(parts["month_number"])
    year = int(parts["year"])
    year += 2000 if year < 100 else 0
    hour = int(parts["hour"] or 0)
    half = (parts["half"] or "").lower().replace(".", "")
    if half == "pm" and hour < 12:
        hour += 12
    elif (half == "am" and hour == 12) or hour == 24:
        hour = 0
    try:
        at = datetime(
            year,
            month,
            int(parts["day"]),
            hour,
            int(parts["minute"] or 0),
            int(parts["second"] or 0),
            tzinfo=_zone(parts["zone"]) or zone,
        )
    except ValueError:
        return None
    return FoundDate(at, parts["hour"] is not None, *match.span()) if _is_sane(at) else None


def _zone(printed: str | None) -> timezone | None:
    if not printed:
        return None
    printed = printed.lower()
    if printed in ZONES:
        return ZONES[printed]
    offset = re.fullmatch(r"(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?", printed)
    if not offset:
        return None
    minutes = int(offset[2]) * 60 + int(offset[3] or 0)
    if minutes >= 24 * 60:
        return None
    return timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes))


def _relative(text: str, now: datetime | None) -> datetime | None:
    match = _RELATIVE.search(text)
    if not match:
        return None
    count = 1 if match["count"].lower() == "se" else int(match["count"])
    try:
        return (now or datetime.now(WIB)) - timedelta(seconds=count * _UNITS[match["unit"].lower()])
    except OverflowError:
        return None


def _from_dateparser(text: str, zone: timezone, now: datetime | None) -> datetime | None:
    """Ask dateparser, 300 times slower than the rules above, for what they do not know."""
    if len(text) > _LONGEST:
        return None
    from dateparser.date import DateDataParser

    settings = {
        "TIMEZONE": "Asia/Jakarta",
        "RETURN_AS_TIMEZONE_AWARE": True,
        "DATE_ORDER": "DMY",
        "REQUIRE_PARTS": ["day", "month", "year"],
    }
    if now:
        settings["RELATIVE_BASE"] = now.astimezone(WIB).replace(tzinfo=None)
    try:
        value = DateDataParser(languages=["id", "en"], settings=settings).get_date_data(text).date_obj
    except (ValueError, OverflowError, TypeError):
        return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=zone)


def _is_sane(value: datetime) -> bool:
    return FIRST_YEAR <= value.year <= datetime.now(UTC).year + 1
