"""How exactly each tool reads saved news pages, ours beside its peers.

    python tests/benchmarks/peers.py PAGES GOLD [--only NAME ...]

PAGES holds saved pages; GOLD a JSON file for each of them ("file", "fetched_url", "title", "published_at",
"authors", "body" and "baca_juga" with the read-also links' "url"), written by hand. Peers that are not
installed are left out: pip install newspaper4k trafilatura news-please minet news-watch, best in an
environment of its own. All get the same bytes and the same address, and none fetches anything: news-watch's
scrapers, which do nothing but fetch, are handed the page in place of the answer.

    title     share of pages whose headline has the same words
    minute    share whose time of publication is right to the minute, zone included
    day       share whose day is right, as printed
    authors   F1 of the names, mean over the pages
    body      F1 of the text's word 4-grams, mean over the pages
    litter    share of pages with a read-also line or a piece of page furniture in the text
    links     precision and recall of the read-also links, by address

"rules off" is our reader without the rules of any outlet. The rules were written with pages like these at
hand; it was not, and neither were the peers.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import re
import socket
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from pathlib import Path
from statistics import mean
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from crawler.address import address_of
from crawler.items import Article, Item
from crawler.outlets import outlet_named
from crawler.reading.dates import WIB
from crawler.reading.page import Page
from crawler.reading.reader import read_page

LITTER = re.compile(
    r"^\W*(?:(?:baca|lihat|simak|tonton)(?: juga| pula)?\s*:|pilihan editor|advertisement"
    r"|scroll to (?:continue|resume)|kirim komentar|halaman selanjutnya|copyright)|\[gambas:",
    re.IGNORECASE | re.MULTILINE,
)
GRAM = 4


@dataclass
class Reading:
    """What a tool says of a page."""

    title: str | None = None
    published_at: datetime | None = None
    authors: list[str] = field(default_factory=list)
    body: str = ""
    links: list[str] = field(default_factory=list)


Reader = Callable[[bytes, str], Reading]


def ours(html: bytes, url: str) -> Reading:
    """Read by the outlet's rules."""
    return _of_item(read_page(html, url))


def rules_off(html: bytes, url: str) -> Reading:
    """Read as a page of a site that nobody has described."""
    return _of_item(outlet_named("generic").read(Page(url, html)))


def _of_item(item: Item) -> Reading:
    if not isinstance(item, Article):
        return Reading()
    links = [link.url for link in item.links]
    return Reading(item.title, item.published_at, list(item.authors), item.body, links)


def newspaper(html: bytes, url: str) -> Reading:
    """Read with newspaper4k, told that the page is Indonesian."""
    article = import_module("newspaper").Article(url, language="id", fetch_images=False)
    article.download(input_html=html.decode("utf-8", "replace"))
    article.parse()
    return Reading(article.title, _moment(article.publish_date), list(article.authors), article.text)


def trafilatura(html: bytes, url: str) -> Reading:
    """Read with trafilatura."""
    found = import_module("trafilatura").bare_extraction(html, url=url, with_metadata=True)
    return _of_trafilatura(found)


def minet(html: bytes, url: str) -> Reading:
    """Read with minet's extract, which is trafilatura with its own choices."""
    return _of_trafilatura(import_module("minet.extraction").extract(html.decode("utf-8", "replace")))


def _of_trafilatura(found: Any) -> Reading:
    if found is None:
        return Reading()
    names = getattr(found, "author", None) or "; ".join(getattr(found, "authors", None) or [])
    text = getattr(found, "text", None) or getattr(found, "content", None) or ""
    return Reading(found.title, _moment(found.date), [name for name in names.split("; ") if name], text)


def news_please(html: bytes, url: str) -> Reading:
    """Read with news-please's extractors, which vote."""
    found = import_module("newsplease").NewsPlease.from_html(html.decode("utf-8", "replace"), url=url)
    return Reading(found.title, _moment(found.date_publish), list(found.authors or []), found.maintext or "")


def news_watch(html: bytes, url: str) -> Reading:
    """Read with news-watch's scraper for the outlet, where it has one."""
    entry = import_module("newswatch").SCRAPERS[address_of(url).outlet]
    scraper_class = getattr(import_module(f"newswatch.scrapers.{entry.module}"), entry.class_name)
    rows: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    scraper = scraper_class("", queue_=rows)

    async def answer(*_: Any, **__: Any) -> str:
        return html.decode("utf-8", "replace")

    scraper.fetch = answer
    asyncio.run(scraper.get_article(url, ""))
    row = rows.get_nowait()
    author = row["author"] if row["author"] != "Unknown" else ""
    # It keeps every moment in Western Indonesian time, without saying so.
    published_at = row["publish_date"].replace(tzinfo=WIB)
    return Reading(row["title"], published_at, [author] if author else [], row["content"])


READERS: dict[str, tuple[Reader, str]] = {
    "Baca Juga": (ours, "crawler"),
    "rules off": (rules_off, "crawler"),
    "newspaper4k": (newspaper, "newspaper"),
    "trafilatura": (trafilatura, "trafilatura"),
    "minet": (minet, "minet"),
    "news-please": (news_please, "newsplease"),
    "news-watch": (news_watch, "newswatch"),
}


def _moment(value: datetime | str | None) -> datetime | None:
    if isinstance(value, str):
        with suppress(ValueError):
            return datetime.fromisoformat(value)
        return None
    return value


def _words(text: str | None) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text or "").lower())


def _grams(text: str) -> Counter[tuple[str, ...]]:
    words = _words(text)
    return Counter(tuple(words[place : place + GRAM]) for place in range(max(1, len(words) - GRAM + 1)))


def _f1(wanted: Counter[Any], found: Counter[Any]) -> float:
    both = sum((wanted & found).values())
    return 2 * both / (wanted.total() + found.total()) if wanted or found else 1.0


def _names(names: Iterable[str]) -> Counter[str]:
    return Counter(" ".join(_words(name)) for name in names if name)


def _addresses(urls: Iterable[str]) -> Counter[str]:
    return Counter({urlsplit(address_of(url).url)._replace(scheme="").geturl() for url in urls})


def score(story: dict[str, Any], reading: Reading) -> dict[str, float]:
    """Return what a tool got right of one page, and the counts of its read-also links."""
    wanted_at = _moment(story["published_at"])
    found_at = reading.published_at
    minute = day = wanted_at is None and found_at is None
    if wanted_at is not None and found_at is not None:
        zoned = found_at.tzinfo is not None
        local = found_at.astimezone(wanted_at.tzinfo) if zoned else found_at
        day = local.date() == wanted_at.date()
        is_exact = zoned and abs((found_at - wanted_at).total_seconds()) < 60
        minute = day if story.get("published_precision") == "day" else is_exact
    links, found_links = _addresses(link["url"] for link in story["baca_juga"]), _addresses(reading.links)
    return {
        "title": _words(reading.title) == _words(story["title"]),
        "minute": minute,
        "day": day,
        "authors": _f1(_names(story["authors"]), _names(reading.authors)),
        "body": _f1(_grams(story["body"]), _grams(reading.body)),
        "litter": bool(LITTER.search(reading.body)),
        "links right": (links & found_links).total(),
        "links wanted": links.total(),
        "links found": found_links.total(),
    }


def measure(reader: Reader, stories: list[dict[str, Any]], pages: Path) -> tuple[dict[str, float], int]:
    """Return the means over the pages, the links' precision and recall, and how many pages gave nothing."""
    scores, failed = [], 0
    for story in stories:
        html = (pages / story["file"].removeprefix("pages/")).read_bytes()
        try:
            reading = reader(html, story["fetched_url"])
        except Exception:  # whatever a tool raises, it has not read the page
            reading = Reading()
        failed += not reading.body
        scores.append(score(story, reading))
    columns = {
        name: mean(each[name] for each in scores) for name in scores[0] if not name.startswith("links ")
    }
    right, wanted, found = (
        sum(each[name] for each in scores) for name in ("links right", "links wanted", "links found")
    )
    columns["links P"] = right / found if found else 0.0
    columns["links R"] = right / wanted if wanted else 0.0
    return columns, failed


def _no_network(*_: Any, **__: Any) -> Any:
    raise OSError("no network in this benchmark")


def main() -> None:
    """Print a line for each tool that is installed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--only", nargs="*", choices=list(READERS), default=list(READERS))
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    # Some tools would ask the site for more, and wait for it.
    socket.getaddrinfo = _no_network
    stories = [json.loads(path.read_text()) for path in sorted(options.gold.glob("*.json"))]
    if not stories:
        sys.exit(f"{options.gold}: no gold; expected JSON files that name pages")
    print(f"{len(stories)} pages of {len({story['outlet'] for story in stories})} outlets")
    for name in options.only:
        reader, module = READERS[name]
        try:
            import_module(module)
        except ImportError as error:
            print(f"{name:12} not installed: {error}")
            continue
        columns, failed = measure(reader, stories, options.pages)
        print(
            f"{name:12}",
            "  ".join(f"{key} {value:.3f}" for key, value in columns.items()),
            f" no text {failed}",
        )


if __name__ == "__main__":
    main()
