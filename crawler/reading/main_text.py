"""Which blocks of any page are its story: trafilatura says which words, the page says where they stand."""

from __future__ import annotations

import logging
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.reading.blocks import BLOCKS, Block, collect_blocks
from crawler.reading.datelines import dateline_of
from crawler.reading.dates import find_date
from crawler.reading.read_also import is_link_only, read_also_line

# It tells of each page that is empty or broken, which the outcome does.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from crawler.reading.page import Page

_NOT_LETTERS = re.compile(r"[\W_]+")
_READ_ALSO_NAME = re.compile(r"(?:baca|lihat)[-_]?juga|read[-_]?also", re.IGNORECASE)
_SIDE = ("aside", "footer")
# Of the story's letters, how many must stand in the container.
_SHARE = 0.85
# How many blocks after the last one of the story may still belong to it: a closing read-also list.
_AFTER = 12
_LONG_ENOUGH = 20


@dataclass(slots=True)
class MainText:
    """The blocks of a page's main container: before the story, and the story itself."""

    before: list[Block]
    story: list[Block]  # read-also lines and furniture still among them


def find_main_text(page: Page) -> MainText | None:
    """Return the blocks of the page's story, or None where there is none to be found."""
    text = _extract(page)
    if not text:
        return None
    letters = _letters(text)
    lines = {_letters(line) for line in text.split("\n")}
    side = {element for tag in _SIDE for element in page.root.iter(tag)}
    also = {e for e in page.root.iter("div", "p", "ul", "span", "strong", "section") if _is_marked(e)}
    blocks = collect_blocks(page.root, noise=side, read_also=also)
    own = [_is_own(block, letters, lines) for block in blocks]
    container = _container([block for block, is_own in zip(blocks, own, strict=True) if is_own])
    if container is None:
        return MainText(blocks, [Block(line.strip()) for line in text.split("\n") if line.strip()])
    inside = set(container.iter())
    own = [is_own and block.element in inside for block, is_own in zip(blocks, own, strict=True)]
    names = {_letters(name) for name in page.texts(("meta:og:title", "title"))}
    first = next(
        (i for i, is_own in enumerate(own) if is_own and not _is_head(blocks[i], names)), own.index(True)
    )
    for back in range(first - 1, max(first - 4, -1), -1):
        # Trafilatura loses a first paragraph that is bare text; a dateline says where a story begins.
        if len(blocks[back].text) > 60 and dateline_of(blocks[back].text):
            first, own[back] = back, True
    last = len(own) - 1 - own[::-1].index(True)
    story: list[Block] = []
    label: str | None = None
    for index in range(first, min(last + _AFTER, len(blocks) - 1) + 1):
        block = blocks[index]
        line = None
        if block.element in inside:
            line = read_also_line(block, label, blocks[index + 1] if index + 1 < len(blocks) else None)
        label = line[0] if line else None
        if line or own[index]:
            story.append(block)
    return MainText(blocks[:first], story)


def _extract(page: Page) -> str | None:
    # 40 ms a page and half a second to import: only unknown sites pay for it.
    from trafilatura import bare_extraction

    document = bare_extraction(
        page.body.decode("utf-8", "replace"),
        favor_precision=True,
        include_comments=False,
        with_metadata=False,
    )
    text = document.get("text") if isinstance(document, dict) else getattr(document, "text", None)
    return text or None


def _is_marked(element: HtmlElement) -> bool:
    """Say whether an element's name says that it holds read-also links: such boxes may lack a label."""
    name = element.get("class")
    return bool(name and _READ_ALSO_NAME.search(name))


def _is_own(block: Block, letters: str, lines: set[str]) -> bool:
    if is_link_only(block):
        return False
    own = _letters(block.text)
    return own in letters if len(own) >= _LONG_ENOUGH else bool(own) and own in lines


def _is_head(block: Block, names: set[str]) -> bool:
    """Say whether a block is the headline or the line with the time, which trafilatura may take for text."""
    own = _letters(block.text)
    if any(own in name or (name and name in own) for name in names) and len(block.text) < 200:
        return True
    found = find_date(block.text) if len(block.text) < 120 else None
    return found is not None and found.has_clock


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text).lower()


def _container(blocks: list[Block]) -> HtmlElement | None:
    """Return the deepest element that holds nearly all the letters of the blocks."""
    weights: Counter[HtmlElement] = Counter()
    total = 0
    for block in blocks:
        total += len(block.text)
        element = block.element
        while element is not None:
            weights[element] += len(block.text)
            element = element.getparent()
    heavy = [element for element, weight in weights.items() if weight >= total * _SHARE]
    deepest = max(heavy, key=lambda e: sum(1 for _ in e.iterancestors()), default=None)
    while deepest is not None and deepest.tag not in BLOCKS:
        deepest = deepest.getparent()
    return deepest
