"""What a list prints with each of its stories: the headline, the teaser, the time."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from crawler.items import Link, Zone
from crawler.reading.blocks import HEADINGS, collapse_spaces, collect_blocks, text_of
from crawler.reading.dates import find_date

if TYPE_CHECKING:
    from datetime import datetime

    from lxml.html import HtmlElement

    from crawler.outlet import Outlet
    from crawler.reading.page import Page

_WORD = re.compile(r"\w+")
_TITLE_NAME = re.compile(r"(?:title|judul|headline)(?:$|[-_\s])", re.IGNORECASE)
_NOT_A_HEADLINE = re.compile(
    r"^\W*(?:(?:baca|lihat|selengkapnya|simak)\b.{0,24}|read more|next|selanjutnya)\W*$", re.IGNORECASE
)
_MORE = re.compile(r"\W*(?:baca (?:selengkapnya|lebih lanjut)|selengkapnya|read more)\W*$", re.IGNORECASE)
_AGE = re.compile(r"\b(?:detik|menit|jam|hari|minggu)\s+(?:yang\s+)?lalu\b", re.IGNORECASE)
_LONGEST_DATE_LINE = 80
_LONGEST_CONTEXT = 280
_FEWEST_WORDS = 3  # of a headline


@dataclass(slots=True)
class Entry:
    """A story in a list: its address, the links that lead to it, and the element that is all its own."""

    url: str
    anchors: list[HtmlElement] = field(default_factory=list)
    container: HtmlElement | None = None


def link_of(page: Page, outlet: Outlet, entry: Entry) -> Link:
    """Return the link to an entry's story, with its headline, teaser and printed time."""
    container = entry.container if entry.container is not None else entry.anchors[0]
    headline = _headline(entry, container)
    texts = [block.text for block in collect_blocks(container)]
    rests = [collapse_spaces(text.replace(headline, " ") if headline else text) for text in texts]
    published_at = _printed_time(page, outlet, container, rests)
    return Link(
        url=entry.url,
        anchor_text=headline,
        zone=Zone.LIST,
        context=_teaser(rests),
        published_at=published_at,
    )


def _headline(entry: Entry, container: HtmlElement) -> str:
    """Return an entry's headline: the heading's text, else the longest link's, else what attributes tell."""
    of_links: list[str] = []
    for anchor in entry.anchors:
        heading = next(anchor.iterancestors(*HEADINGS), None)
        for element in (*anchor.iter(*HEADINGS), *(() if heading is None else (anchor,))):
            text = text_of(element)
            if _is_headline(text):
                return text
        named = next(
            (e for e in anchor.iterdescendants() if _TITLE_NAME.search(str(e.get("class") or ""))), None
        )
        of_links.append(text_of(named) if named is not None else text_of(anchor))
    stated = [collapse_spaces(anchor.get("title") or "") for anchor in entry.anchors]
    title = next(filter(_is_headline, stated), "")
    longest = max(filter(_is_headline, of_links), key=len, default="")
    # A link around the whole entry has the teaser in its text; its title attribute does not.
    if title and (not longest or len(longest) > len(title)):
        return title
    if longest:
        return longest
    near = (text_of(element) for element in container.iter(*HEADINGS))
    pictures = (collapse_spaces(img.get("alt") or "") for a in entry.anchors for img in a.iter("img"))
    return next(filter(_is_headline, [*near, *pictures]), "")


def _is_headline(text: str) -> bool:
    return len(_WORD.findall(text)) >= _FEWEST_WORDS and not _NOT_A_HEADLINE.match(text)


def _printed_time(page: Page, outlet: Outlet, container: HtmlElement, rests: list[str]) -> datetime | None:
    """Return the absolute time printed in an entry, in its headline's and teaser's neighbourhood."""
    stated = [element.get("datetime") or "" for element in container.iter("time")]
    lines = [rest for rest in rests if len(rest) <= _LONGEST_DATE_LINE]
    ruled: list[str] = []
    for rule in outlet.entry_date:
        css, _, attribute = rule.partition("::attr(")
        elements = page.all_elements((css,), container)
        ruled += [(e.get(attribute.rstrip(")")) or "") if attribute else text_of(e) for e in elements]
    find = partial(find_date, zone=outlet.zone)
    day_only = None
    for text in (*ruled, *stated, *lines):
        found = find(text) if text and len(text) < 200 else None
        if found and found.has_clock:
            return found.at
        day_only = day_only or (found.at if found else None)
    return day_only


def _teaser(rests: list[str]) -> str:
    longest = max(rests, key=len, default="")
    if len(_WORD.findall(longest)) < 5:
        return ""
    if len(longest) <= _LONGEST_DATE_LINE and (find_date(longest) or _AGE.search(longest)):
        return ""
    return _MORE.sub("", longest)[:_LONGEST_CONTEXT]
