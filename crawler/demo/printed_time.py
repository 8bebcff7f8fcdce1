"""How the outlets print a moment: Indonesian day and month names, and the zones WIB, WITA and WIT."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
SHORT_MONTHS = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"]
ZONES = {
    name: timezone(timedelta(hours=hours), name) for name, hours in (("WIB", 7), ("WITA", 8), ("WIT", 9))
}


def moment(text: str) -> datetime:
    """Return the moment written as in the story files.

    >>> moment("2021-05-21 18:05:12 WITA").isoformat()
    '2021-05-21T18:05:12+08:00'
    """
    when, zone = text.rsplit(" ", 1)
    return datetime.fromisoformat(when).replace(tzinfo=ZONES[zone])


def day_and_date(when: datetime) -> str:
    """Return the date in full.

    >>> day_and_date(moment("2021-05-21 18:05:12 WIB"))
    'Jumat, 21 Mei 2021'
    """
    return f"{DAYS[when.weekday()]}, {when.day} {MONTHS[when.month - 1]} {when.year}"


def long_time(when: datetime) -> str:
    """Return the time as Tribunnews prints it.

    >>> long_time(moment("2021-05-21 18:05:12 WIB"))
    'Jumat, 21 Mei 2021 18:05 WIB'
    """
    return f"{day_and_date(when)} {when:%H:%M} {when.tzname()}"


def slashed_time(when: datetime) -> str:
    """Return the time as Kompas prints it.

    >>> slashed_time(moment("2021-05-21 18:05:12 WIB"))
    '21/05/2021, 18:05 WIB'
    """
    return f"{when:%d/%m/%Y, %H:%M} {when.tzname()}"


def short_time(when: datetime) -> str:
    """Return the time as Detik prints it.

    >>> short_time(moment("2021-08-05 08:05:12 WIB"))
    'Kamis, 05 Agu 2021 08:05 WIB'
    """
    return f"{DAYS[when.weekday()]}, {when:%d} {SHORT_MONTHS[when.month - 1]} {when:%Y %H:%M} {when.tzname()}"
