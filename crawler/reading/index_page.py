"""Whether a page is an index: many links to stories, and no text between them that is one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crawler.reading.blocks import Block, collect_blocks
from crawler.reading.entries import address_in
from crawler.reading.structured_data import types_of
from crawler.urls import is_same_site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.reading.page import Page

_WORD = re.compile(r"\w+")
_SIDE = ("aside", "footer", "nav")
_LIST_TYPES = frozenset({"CollectionPage", "SearchResultsPage"})
_FEWEST_LINKS = 5  # headlines that lead elsewhere
_LONGEST_TEASER = 50  # words; a story has more without a headline of another one among them
_HEADLINE_SHARE = 0.7  # of a text's blocks, for it to be a list
_LINK_SHARE = 0.8  # of a block's letters, for it to be a headline


class Stretches(NamedTuple):
    """What stands on a page: headlines that lead elsewhere, and the longest text that none of them breaks."""

    headlines: int
    words: int


def is_index_page(page: Page, body: str | None = None) -> bool:
    """Say whether a page at a story's address is a list of stories.

    ``body`` is the text that has been read as the story; only its blocks count then. A page that describes
    itself as an article is none, whatever stands on it: a page of short news has many side links.
    """
    if page.json_ld or page.meta("article:published_time"):
        return False
    found = stretches(page, body)
    if any(kind in _LIST_TYPES for thing in page.json_ld_objects for kind in types_of(thing)):
        return found.words < 2 * _LONGEST_TEASER
    return found.headlines >= _FEWEST_LINKS and found.words < _LONGEST_TEASER


def is_list_of_links(page: Page, blocks: Sequence[Block]) -> bool:
    """Say whether what was read as a story's text is mostly headlines of other stories."""
    headlines = sum(_headline_of(page, block) is not None for block in blocks)
    return headlines >= _FEWEST_LINKS and headlines >= _HEADLINE_SHARE * len(blocks)


def stretches(page: Page, body: str | None = None) -> Stretches:
    """Return how many headlines of others a page has, and how many words its longest unbroken text."""
    side = {element for tag in _SIDE for element in page.root.iter(tag)}
    own = set(body.split("\n\n")) if body is not None else None
    headlines: set[str] = set()
    words = longest = 0
    for block in collect_blocks(page.root, noise=side):
        leads_to = _headline_of(page, block)
        if leads_to:
            headlines.add(leads_to)
            words = 0
        elif own is None or block.text in own:
            words += len(_WORD.findall(block.text))
            longest = max(longest, words)
    return Stretches(len(headlines), longest)


def _headline_of(page: Page, block: Block) -> str | None:
    """Return where a block leads that is a headline of another story, or None."""
    covered = sum(anchor.end - anchor.start for anchor in block.anchors)
    if not block.anchors or covered < _LINK_SHARE * len(block.text) or len(_WORD.findall(block.text)) < 4:
        return None
    if len(block.anchors) > 2:  # a menu in one line
        return None
    url = address_in(page, block.anchors[0].element)
    return url if is_same_site(url, page.url) and url != page.url else None
