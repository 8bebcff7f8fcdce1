"""Choosing a CSS selector that finds the same thing on several pages of an outlet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from crawler.reading.page import Page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NAME = re.compile(r"[A-Za-z_][\w-]*")
# Names that say how a thing looks, not what it is: the first to change.
_LOOKS = re.compile(
    r"(?:[mp][trblxy]?|w|h|fs?|text|font|bg|flex|grid|col|row|d|float|clear|fl|border|rounded|hidden|block|inline|"
    r"relative|absolute|items|justify|gap|space|leading|container|clearfix|grey|gray|black|white|red|blue|bold)"
    r"(?:[-_]?\w{0,6})?|mg[trbl]?|\w*-\d+|[a-z]{1,4}\d{1,3}"
)
_MADE_UP = re.compile(r"(?:css|sc|jsx|svelte|style|emotion)-\w+|.*\d{3,}.*|_\w+")
_MEANINGS = ("itemprop", "rel", "data-testid")
_DEEPEST = 4  # how far above an element its selector may begin
_ENOUGH = 8  # classes of one element that are tried


@dataclass(slots=True)
class Wanted:
    """What a selector should find on one page."""

    page: Page
    elements: Sequence[HtmlElement]  # the best first; none where the page has no such thing
    every: bool = False  # all of them together, rather than one of them first


@dataclass(slots=True)
class Choice:
    """Selectors that together find the thing, and the pages on which none does."""

    rules: tuple[str, ...]
    missed: list[Page]


def choose(wanted: Sequence[Wanted], *, exclusive: bool = False) -> Choice:
    """Return the fewest and plainest selectors that find what is wanted on the pages that have it.

    Args:
        wanted: page by page.
        exclusive: whether a selector may find nothing else on a page, as for a story's text.
    """
    left = [each for each in wanted if each.elements]
    rules: list[str] = []
    while left and len(rules) < 3:
        candidates = dict.fromkeys(css for each in left for e in each.elements[:8] for css in selectors_of(e))
        rated = [(_worth(css, left, wanted, exclusive), css) for css in candidates]
        (hits, _), best = max(rated, default=((0, 0.0), ""))
        if not hits:
            break
        rules.append(best)
        left = [each for each in left if not _finds(best, each, exclusive)]
    return Choice(tuple(rules), [each.page for each in left])


def selectors_of(element: HtmlElement) -> Iterator[str]:
    """Yield selectors for an element, by its own names and by those of what it stands in."""
    own = list(_simple(element))
    yield from own
    if not own:
        yield str(element.tag)
        own = [str(element.tag)]
    above = element.getparent()
    for _ in range(_DEEPEST):
        if above is None or above.tag in ("body", "html"):
            return
        for outer in _simple(above):
            for inner in dict.fromkeys([*own[:2], str(element.tag)]):
                yield f"{outer} {inner}"
        above = above.getparent()


def cost(css: str) -> float:
    """Return how little a selector is to be trusted: long ones, and names of looks, cost more.

    >>> cost("h1.judul") < cost("h1.mt-4") < cost("div.mt-4 > div h1")
    True
    """
    names = re.findall(r"[.#]([\w-]+)", css)
    looks = sum(1 for name in names if _LOOKS.fullmatch(name))
    meaning = 6 if "itemprop" in css else 0
    return len(css) / 4 + 20 * looks + 5 * css.count(" ") + (0 if names or "[" in css else 12) - meaning


def _simple(element: HtmlElement) -> Iterator[str]:
    tag = str(element.tag)
    identifier = element.get("id") or ""
    if _NAME.fullmatch(identifier) and not _MADE_UP.fullmatch(identifier):
        yield f"{tag}#{identifier}"
    for attribute in _MEANINGS:
        value = element.get(attribute) or ""
        if _NAME.fullmatch(value):
            yield f"{tag}[{attribute}={value}]"
    classes = [name for name in (element.get("class") or "").split() if _NAME.fullmatch(name)]
    kept = [name for name in classes if not _MADE_UP.fullmatch(name)][:_ENOUGH]
    for name in kept:
        yield f"{tag}.{name}"
    for first, second in pairwise(kept):
        yield f"{tag}.{first}.{second}"


def _worth(css: str, left: Sequence[Wanted], wanted: Sequence[Wanted], exclusive: bool) -> tuple[int, float]:
    """Return on how many pages a selector finds the thing, and how good it is otherwise."""
    hits = sum(_finds(css, each, exclusive) for each in left)
    if not hits:
        return 0, 0.0
    ranks = extra = wrong = 0
    for each in wanted:
        found = each.page.elements((css,))
        strangers = [e for e in found if e not in each.elements]
        extra += bool(strangers)
        if found and found[0] in each.elements:
            ranks += 0 if each.every else list(each.elements).index(found[0])
        elif found:
            wrong += 1
    return hits - 2 * wrong if wrong < hits else 0, -(cost(css) + 4 * extra + 6 * ranks)


def _finds(css: str, wanted: Wanted, exclusive: bool) -> bool:
    found = wanted.page.elements((css,))
    if not found or found[0] not in wanted.elements:
        return False
    if wanted.every:
        return set(wanted.elements) <= set(found) and len(found) <= 2 * len(wanted.elements) + 1
    # Of nested ones an outlet takes the outer.
    return not exclusive or all(e is found[0] or found[0] in e.iterancestors() for e in found)
