"""Small questions about an element of a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from crawler.reading.page import Page

_NOT_LETTERS = re.compile(r"[\W_]+")


def letters_of(text: str) -> str:
    """Return the letters and digits of a text, small and without anything between them.

    >>> letters_of("Data Bocor, Lagi!")
    'databocorlagi'
    """
    return _NOT_LETTERS.sub("", text).lower()


def letters_in(element: HtmlElement) -> str:
    """Return the letters and digits that stand in an element."""
    return letters_of(" ".join(element.itertext()))


def depth_of(element: HtmlElement) -> int:
    """Return how deep in the page an element stands."""
    return sum(1 for _ in element.iterancestors())


def stands_beside(element: HtmlElement) -> bool:
    """Say whether an element is part of the page's frame rather than of its story."""
    return any(above.tag in ("nav", "footer", "aside") for above in element.iterancestors())


def stands_in_figure(element: HtmlElement) -> bool:
    """Say whether an element belongs to a picture."""
    return any(above.tag == "figure" for above in element.iterancestors())


def elements_named(page: Page, word: str) -> list[HtmlElement]:
    """Return the elements with a word in their class."""
    tags = ("div", "ul", "ol", "nav", "p", "span", "section")
    return [e for e in page.root.iter(*tags) if word in (e.get("class") or "").lower()]


def captions_of(page: Page) -> Iterator[HtmlElement]:
    """Yield the elements that look like captions of pictures."""
    yield from page.root.iter("figcaption")
    yield from elements_named(page, "caption")
