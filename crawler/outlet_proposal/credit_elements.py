"""Where an unknown page names its authors and editors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from crawler.outlet_proposal.elements import (
    captions_of,
    depth_of,
    letters_in,
    stands_beside,
    stands_in_figure,
)
from crawler.reading.blocks import spaced_text
from crawler.reading.bylines import Credits, is_organisation, parse_byline, people, split_names
from crawler.reading.page import Page
from crawler.reading.structured_data import strings

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CREDIT = re.compile(
    r"\b(?:penulis|reporter|pewarta|jurnalis|wartawan|kontributor|oleh|editor|redaktur|penyunting)\b",
    re.IGNORECASE,
)
_CREDIT_NAME = re.compile(
    r"author|penulis|reporter|byline|editor|redaktur|credit|jurnalis|journalist|pewarta", re.IGNORECASE
)
_TAGS = ("div", "span", "p", "a", "h4", "h5", "h6", "strong", "b", "address", "td", "li")
_LONGEST = 160  # letters of a line that names people


class CreditElements(NamedTuple):
    """Elements by whom they name."""

    author: list[HtmlElement]
    editor: list[HtmlElement]
    byline: list[HtmlElement]  # both


def find_credits(page: Page, inside: set[HtmlElement]) -> CreditElements:
    """Return the elements outside of the story's text that name people, the smallest first."""
    found = CreditElements([], [], [])
    stated = [n for s in strings(page.json_ld.get("author")) for n in split_names(s)]
    known = {name.casefold() for name in people(stated)}
    for element in _small_elements(page, inside):
        text = spaced_text(element)
        named = " ".join(element.get(name) or "" for name in ("class", "id", "itemprop", "rel"))
        labelled = bool(_CREDIT.search(text))
        if not labelled and not _CREDIT_NAME.search(named) and text.casefold() not in known:
            continue
        credited = parse_byline(text)
        by_name = "editor" if re.search(r"editor|redaktur", named, re.IGNORECASE) else "author"
        if by_name == "editor" and credited.authors and not credited.editors and not labelled:
            credited = Credits(editors=credited.authors)
        authors, editors = people(credited.authors), people(credited.editors)
        if not 0 < len(authors) + len(editors) <= 4 or any(_is_no_name(n) for n in authors + editors):
            continue
        place = found.byline if authors and editors else found.editor if editors else found.author
        place.append(element)
    captions = {inner for e in captions_of(page) for inner in e.iter()}
    # The element that names both says more than those inside it.
    both = {inner for outer in found.byline for inner in outer.iterdescendants()} | captions
    return CreditElements(*(sorted((e for e in group if e not in both), key=_size) for group in found))


def _is_no_name(name: str) -> bool:
    return (
        is_organisation(name)
        or len(name.split()) > 5
        or not name[:1].isupper()
        or bool(re.search(r"\d", name))
    )


def _small_elements(page: Page, inside: set[HtmlElement]) -> Iterator[HtmlElement]:
    for element in page.root.iter(*_TAGS):
        if element in inside or stands_beside(element) or stands_in_figure(element):
            continue
        if 0 < sum(len(text) for text in element.itertext()) <= 2 * _LONGEST:
            text = spaced_text(element)
            if 3 <= len(text) <= _LONGEST:
                yield element


def _size(element: HtmlElement) -> tuple[int, int]:
    return len(letters_in(element)), depth_of(element)
