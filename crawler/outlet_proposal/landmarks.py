"""Where the parts of a story stand on a page that we have no rules for, each with the signs that tell it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from crawler.outlet_proposal.credit_elements import find_credits
from crawler.outlet_proposal.elements import (
    captions_of,
    elements_named,
    letters_in,
    letters_of,
    stands_beside,
    stands_in_figure,
)
from crawler.outlet_proposal.story_container import find_container, look_into, wrappers_of
from crawler.reading.blocks import spaced_text, text_of
from crawler.reading.dates import find_date, parse_date
from crawler.reading.fields import without_site_name
from crawler.reading.page import Page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_YEAR = re.compile(r"(?:19|20)\d\d|\d{1,2}[/.-]\d{1,2}[/.-]\d\d\b")
_TAG_HREF = re.compile(r"/(?:tags?|topi[ck]s?|topik-\w+|tagar)/", re.IGNORECASE)
_NEVER_PRINTED = frozenset({"script", "style", "head", "title", "meta", "option"})
_LONGEST_DATE_LINE = 160


@dataclass(slots=True)
class Landmarks:
    """Elements of one page, the likeliest first; empty where the page shows no sign of the thing."""

    page: Page
    headline: list[HtmlElement] = field(default_factory=list)
    date: list[HtmlElement] = field(default_factory=list)
    author: list[HtmlElement] = field(default_factory=list)
    editor: list[HtmlElement] = field(default_factory=list)
    byline: list[HtmlElement] = field(default_factory=list)
    body: list[HtmlElement] = field(default_factory=list)
    noise: list[HtmlElement] = field(default_factory=list)
    read_also: list[HtmlElement] = field(default_factory=list)
    tags: list[HtmlElement] = field(default_factory=list)  # all of them
    image: list[HtmlElement] = field(default_factory=list)
    caption: list[HtmlElement] = field(default_factory=list)
    section: list[HtmlElement] = field(default_factory=list)  # all of them
    lines: int = 0  # read-also lines that a printed label tells
    unlabelled: int = 0  # lines of the text that are only a link


def landmarks_of(page: Page) -> Landmarks:
    """Return where the parts of the page's story stand."""
    found = Landmarks(page)
    found.headline = _headlines(page)
    container = find_container(page, set(found.headline))
    inside: set[HtmlElement] = set()
    if container is not None:
        found.body = wrappers_of(container, set(found.headline))
        found.read_also, found.noise, found.lines, found.unlabelled = look_into(container)
        inside = set(found.body[-1].iter())
    found.date = _dates(page, inside, found.headline)
    found.author, found.editor, found.byline = find_credits(page, inside)
    found.tags = _tags(page)
    found.section = list(dict.fromkeys(a for e in elements_named(page, "breadcrumb") for a in e.iter("a")))
    found.caption = [e for e in captions_of(page) if text_of(e)]
    found.image = [e for e in page.root.iter("img") if stands_in_figure(e) and e.get("src")]
    return found


def _headlines(page: Page) -> list[HtmlElement]:
    stated = page.text(("ld:headline", "meta:og:title", "title")) or ""
    names = {letters_of(stated), letters_of(page.meta("og:title") or "")}
    names.add(letters_of(without_site_name(stated, page.meta("og:site_name") or "")))
    names.discard("")
    exact, near = [], []
    for element in page.root.iter("h1", "h2", "h3", "div", "span", "p"):
        letters = letters_of(" ".join(element.itertext()))
        if letters in names:
            exact.append(element)
        elif element.tag in ("h1", "h2") and len(letters) > 12 and any(letters in name for name in names):
            near.append(element)
    heads = [e for e in (*exact, *near) if e.tag in ("h1", "h2", "h3")]
    return sorted(heads, key=lambda e: str(e.tag)) or exact[-1:] or list(page.root.iter("h1"))[:1]


def _dates(page: Page, inside: set[HtmlElement], heads: list[HtmlElement]) -> list[HtmlElement]:
    """Return the smallest elements that print a time with its clock, outside of the story's text."""
    stated = parse_date(page.text(("ld:datePublished", "meta:article:published_time")))
    order = {element: at for at, element in enumerate(page.root.iter())}
    head = order.get(heads[0], 0) if heads else 0
    rated: dict[HtmlElement, tuple[bool, bool, bool, int]] = {}
    for element in _printing_a_year(page):
        if element in inside:
            continue
        for near in (element, *_up(element)):
            text = spaced_text(near)
            found = find_date(text) if len(text) <= _LONGEST_DATE_LINE else None
            if found is None:
                break
            fits = stated is not None and (found.at.minute, found.at.day) == (stated.minute, stated.day)
            if found.has_clock or near is element:
                distance = abs(order[near] - head)
                rated.setdefault(near, (not found.has_clock, not fits, stands_beside(near), distance))
            if found.has_clock:
                break
    best = sorted(rated, key=lambda e: rated[e])
    # Those of teasers beside the story print other times.
    return [e for e in best if rated[e][:2] == rated[best[0]][:2]][:3]


def _tags(page: Page) -> list[HtmlElement]:
    """Return the largest group of tag links that stand together, outside of running text."""
    groups: dict[HtmlElement, list[HtmlElement]] = {}
    for anchor in page.root.iter("a"):
        href = anchor.get("data-url") or anchor.get("href") or ""
        place = next((e for e in anchor.iterancestors() if e.tag not in ("li", "span", "p", "b")), anchor)
        named = re.search(r"(?:^|[-_ ])tags?(?:$|[-_ ])", (place.get("class") or "").lower())
        is_tag = _TAG_HREF.search(href) or "tag" in (anchor.get("rel") or "").split() or named
        if is_tag and not stands_beside(anchor) and 0 < len(text_of(anchor)) <= 60:
            groups.setdefault(place, []).append(anchor)
    alone = [group for group in groups.values() if _words_beside(group) <= 40]
    return max(alone, key=len, default=[])


def _words_beside(group: list[HtmlElement]) -> int:
    """Return how much text stands among the links: tags stand alone, links of the running text do not."""
    parent = group[0].getparent()
    return len(letters_in(parent)) - sum(len(letters_in(a)) for a in group) if parent is not None else 0


def _printing_a_year(page: Page) -> Iterator[HtmlElement]:
    """Yield the elements with a year in a text node of their own."""
    for element in page.root.iter():
        if isinstance(element.tag, str) and element.tag not in _NEVER_PRINTED:
            texts = (element.text, *(child.tail for child in element))
            if any(text and _YEAR.search(text) for text in texts):
                yield element


def _up(element: HtmlElement) -> list[HtmlElement]:
    return list(islice(element.iterancestors(), 2))
