"""How each of the eight outlets forms the addresses of its stories and opens its texts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from zlib import crc32

from crawler.demo.addresses import story_path

if TYPE_CHECKING:
    from datetime import datetime

A_DAY_ONE = date(2020, 1, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class OutletForm:
    """One outlet: where its sections stand, and what its stories look like."""

    name: str
    home: str  # the host of its front page, tag pages and feeds
    layout: str
    is_bundled: bool = False  # whether the layout is one of crawler.demo
    sections: dict[str, str] = field(default_factory=dict)  # section of a beat to "host/section"
    usual: str  # where the other sections' stories stand
    dateline: str
    whole: str = ""  # the query that gives a story in parts as one page


FORMS = {
    form.name: form
    for form in (
        OutletForm(
            name="tribunnews", home="www.tribunnews.com", layout="tribunnews", is_bundled=True,
            whole="page=all",
            usual="www.tribunnews.com/nasional", dateline="TRIBUNNEWS.COM, {PLACE} -",
            sections={
                "tekno": "www.tribunnews.com/techno", "ekonomi": "www.tribunnews.com/bisnis",
                "bola": "www.tribunnews.com/superskor", "regional": "makassar.tribunnews.com/",
                "metropolitan": "jakarta.tribunnews.com/", "otomotif": "wartakota.tribunnews.com/",
            },
        ),
        OutletForm(
            name="kompas", home="www.kompas.com", layout="kompas", is_bundled=True, whole="page=all",
            usual="nasional.kompas.com/", dateline="{PLACE}, KOMPAS.com -",
            sections={
                "tekno": "tekno.kompas.com/", "ekonomi": "money.kompas.com/", "bola": "bola.kompas.com/",
                "regional": "regional.kompas.com/", "metropolitan": "megapolitan.kompas.com/",
                "edukasi": "edukasi.kompas.com/", "travel": "travel.kompas.com/",
            },
        ),
        OutletForm(
            name="detik", home="www.detik.com", layout="detik", is_bundled=True, whole="single=1",
            usual="news.detik.com/berita", dateline="{place} -",
            sections={
                "tekno": "inet.detik.com/security", "ekonomi": "finance.detik.com/berita-ekonomi-bisnis",
                "bola": "sport.detik.com/sepakbola", "olahraga": "sport.detik.com/raket",
            },
        ),
        OutletForm(
            name="cnnindonesia", home="www.cnnindonesia.com", layout="cnnindonesia",
            usual="www.cnnindonesia.com/nasional", dateline="{place}, CNN Indonesia --",
            sections={
                "tekno": "www.cnnindonesia.com/teknologi", "ekonomi": "www.cnnindonesia.com/ekonomi",
                "bola": "www.cnnindonesia.com/olahraga", "gaya-hidup": "www.cnnindonesia.com/gaya-hidup",
            },
        ),
        OutletForm(
            name="tempo", home="www.tempo.co", layout="tempo", usual="nasional.tempo.co/",
            dateline="TEMPO.CO, {place} -",
            sections={
                "tekno": "tekno.tempo.co/", "ekonomi": "bisnis.tempo.co/", "bola": "bola.tempo.co/",
                "metropolitan": "metro.tempo.co/", "gaya-hidup": "gaya.tempo.co/",
            },
        ),
        OutletForm(
            name="liputan6", home="www.liputan6.com", layout="liputan6", usual="www.liputan6.com/news",
            dateline="Liputan6.com, {place} -",
            sections={
                "tekno": "www.liputan6.com/tekno", "ekonomi": "www.liputan6.com/bisnis",
                "bola": "www.liputan6.com/bola", "regional": "www.liputan6.com/regional",
            },
        ),
        OutletForm(
            name="okezone", home="www.okezone.com", layout="okezone", whole="page=all",
            usual="news.okezone.com/337", dateline="{PLACE} -",
            sections={
                "tekno": "techno.okezone.com/54", "ekonomi": "economy.okezone.com/320",
                "bola": "bola.okezone.com/49", "metropolitan": "megapolitan.okezone.com/338",
            },
        ),
        OutletForm(
            name="antaranews", home="www.antaranews.com", layout="antaranews", usual="www.antaranews.com/",
            dateline="{place} (ANTARA) -",
            sections={"regional": "jatim.antaranews.com/", "metropolitan": "megapolitan.antaranews.com/"},
        ),
    )
}  # fmt: skip


def outlet_of_host(host: str) -> str | None:
    """Return the name of the outlet that a host belongs to, or None."""
    domains = {"tempo": "tempo.co"}
    for name in FORMS:
        domain = domains.get(name, f"{name}.com")
        if host == domain or host.endswith(f".{domain}"):
            return name
    return None


def path_at(name: str, story_id: str, host: str, section: str, at: datetime, slug: str) -> str:
    """Return the path of a story in the form of its outlet.

    >>> from crawler.demo.printed_time import moment
    >>> path_at("okezone", "x", "news.okezone.com", "337", moment("2020-07-09 07:26:00 WIB"), "data-pelamar")
    '/read/2020/07/09/337/3860923/data-pelamar'
    """
    salt = crc32(story_id.encode())
    days = (at.date() - A_DAY_ONE).days
    match name:
        case "cnnindonesia":
            return f"/{section}/{at:%Y%m%d%H%M%S}-192-{460_000 + 6_000 * days + salt % 6_000}/{slug}"
        case "tempo":
            return f"/read/{1_290_000 + 5_000 * days + salt % 5_000}/{slug}"
        case "liputan6":
            return f"/{section}/read/{4_140_000 + 9_000 * days + salt % 9_000}/{slug}"
        case "okezone":
            return f"/read/{at:%Y/%m/%d}/{section}/{2_146_000 + 9_000 * days + salt % 9_000}/{slug}"
        case "antaranews":
            return f"/berita/{1_220_000 + 9_000 * days + salt % 9_000}/{slug}"
        case _:
            return story_path(story_id, host, section, at, slug)


def dateline_for(name: str, host: str, place: str) -> str:
    """Return how a story's first paragraph opens, hyphen included."""
    form = FORMS[name].dateline
    if host in REGIONAL_DATELINES:
        form = REGIONAL_DATELINES[host]
    return form.format(place=place, PLACE=place.upper())


REGIONAL_DATELINES = {
    "jakarta.tribunnews.com": "TRIBUNJAKARTA.COM, {PLACE} -",
    "wartakota.tribunnews.com": "WARTAKOTALIVE.COM, {PLACE} -",
    "makassar.tribunnews.com": "TRIBUN-TIMUR.COM, {PLACE} -",
}
