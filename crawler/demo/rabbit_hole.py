"""The rabbit hole: a Javanese calendar that always has a page for the next day, and links to it."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from crawler.demo.addresses import slug, story_path
from crawler.demo.printed_time import DAYS, MONTHS, ZONES, day_and_date
from crawler.demo.story import Paragraph, ReadAlso, Story

HOST = "wartakota.tribunnews.com"
ID = re.compile(r"kalender-(\d{4}-\d\d-\d\d)")
PATH = re.compile(r"/(\d{4})/(\d\d)/(\d\d)/kalender-jawa-")
MARKET_DAYS = (("Legi", 5), ("Pahing", 9), ("Pon", 7), ("Wage", 4), ("Kliwon", 8))
DAY_VALUES = (4, 3, 7, 8, 6, 9, 5)  # Monday to Sunday
A_FRIDAY_LEGI = date(1945, 8, 17)
ADVICE = (
    "menanam jagung di tegalan",
    "memperbaiki pagar halaman",
    "menjenguk saudara yang jauh",
    "memulai usaha warung kecil",
    "menjahit pakaian anak-anak",
    "membersihkan sumur bersama tetangga",
    "mengasah perkakas dapur",
)


def is_in_rabbit_hole(url: str) -> bool:
    """Whether the address is a page of the calendar."""
    return f"//{HOST}/" in url and bool(PATH.search(url))


def calendar_story(name: str) -> Story | None:
    """Return the calendar page with this story id ("kalender-2021-05-22"), if it is one."""
    match = ID.fullmatch(name)
    return print_day(date.fromisoformat(match[1])) if match else None


def calendar_id(path: str) -> str | None:
    """Return the story id of a calendar page's path."""
    match = PATH.match(path)
    return f"kalender-{match[1]}-{match[2]}-{match[3]}" if match else None


def print_day(day: date) -> Story:
    """Return the calendar page of a day."""
    name = f"kalender-{day}"
    market_day, value = MARKET_DAYS[(day - A_FRIDAY_LEGI).days % 5]
    weekday = DAYS[day.weekday()]
    neptu = value + DAY_VALUES[day.weekday()]
    title = f"Kalender Jawa {day.day} {MONTHS[day.month - 1]} {day.year}: Weton {weekday} {market_day}"
    published_at = datetime.combine(day, time(5, day.day), ZONES["WIB"])
    tomorrow = day + timedelta(days=1)
    text = (
        f"Hari {day_and_date(published_at)} jatuh pada weton {weekday} {market_day} dengan neptu {neptu}.",
        f"Neptu diperoleh dari nilai hari {DAY_VALUES[day.weekday()]} ditambah nilai pasaran {value}.",
        f"Menurut kepercayaan lama, {weekday} {market_day} cocok untuk {ADVICE[day.toordinal() % 7]}.",
        f"Sebaliknya, orang tua dahulu menunda {ADVICE[(day.toordinal() + 3) % 7]} sampai pasaran berganti.",
        f"Perhitungan ini sekadar warisan budaya. Weton yang sama berulang 35 hari lagi, pada "
        f"{day_and_date(published_at + timedelta(days=35))}.",
    )
    paragraphs = [Paragraph(text=sentence) for sentence in text]
    following = ReadAlso(target=f"kalender-{tomorrow}")
    return Story(
        id=name,
        incident="",
        on_topic=False,
        host=HOST,
        section="",
        path=story_path(name, HOST, "", published_at, slug(title)),
        title=title,
        deck="",
        published_at=published_at,
        modified_at=published_at,
        authors=("Pandu Adiluhung",),
        editors=("Sekar Ayuningtyas",),
        initials="",
        place="Jakarta",
        tags=("kalender Jawa", "weton"),
        caption="Ilustrasi kalender dinding.",
        credit="Dok. Warta Kota",
        parts=((*paragraphs[:3], following, *paragraphs[3:]),),
        dateline_host=HOST,
    )
