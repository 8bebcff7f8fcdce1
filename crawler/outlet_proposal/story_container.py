"""Which element of an unknown page holds the story's text, and what else stands in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crawler.outlet_proposal.elements import depth_of, letters_in, letters_of
from crawler.reading.blocks import Block, collect_blocks
from crawler.reading.main_text import find_main_text
from crawler.reading.page import Page
from crawler.reading.read_also import is_link_only, read_also_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NOISE_NAME = re.compile(
    r"(?:^|[-_ ])(?:ads?|advert\w*|iklan|banner|related|terkait|share|promo|paging|pagination|newsletter|"
    r"subscribe|komentar|comments?|tags?)(?:$|[-_ ])",
    re.IGNORECASE,
)
_SIDE = frozenset({"nav", "footer", "aside", "header"})
_SHARE = 0.85  # of the story's letters, how many stand in the element that holds it
_SENTENCE = 60  # letters that a block of running text has


class Inside(NamedTuple):
    """What stands in a story's text beside its paragraphs."""

    read_also: list[HtmlElement]  # elements that hold nothing else
    noise: list[HtmlElement]
    lines: int  # read-also lines that a printed label tells
    unlabelled: int  # lines that are only a link


def find_container(page: Page, heads: set[HtmlElement]) -> HtmlElement | None:
    """Return the deepest element that holds nearly all of the story's letters."""
    main = find_main_text(page)
    blocks = [b for b in main.story if b.element is not None] if main else []
    if sum(len(b.text) for b in blocks) < 4 * _SENTENCE:
        blocks = [b for b in collect_blocks(page.root) if _is_running_text(b)]
    weights: dict[HtmlElement, int] = {}
    total = 0
    for block in blocks:
        element = block.element
        if element in heads:
            continue
        total += len(block.text)
        while element is not None:
            weights[element] = weights.get(element, 0) + len(block.text)
            element = element.getparent()
    heavy = [element for element, weight in weights.items() if weight >= _SHARE * total]
    deepest = max(heavy, key=depth_of, default=None)
    while deepest is not None and deepest.tag in ("p", "span", "strong", "b", "em", "i"):
        deepest = deepest.getparent()
    return deepest


def wrappers_of(container: HtmlElement, heads: set[HtmlElement]) -> list[HtmlElement]:
    """Return the container and the elements around it that hold hardly anything else."""
    found = [container]
    for above in container.iterancestors():
        holds_more = len(letters_in(above)) > 1.1 * len(letters_in(container)) + 40
        if holds_more or above.tag in ("body", "html") or not heads.isdisjoint(above.iter()):
            break
        found.append(above)
    return found


def look_into(container: HtmlElement) -> Inside:
    """Return the read-also lines and the foreign matter inside the story's text."""
    blocks = collect_blocks(container)
    boxes: dict[HtmlElement, None] = {}
    label, lines, unlabelled = None, 0, 0
    for at, block in enumerate(blocks):
        line = read_also_line(block, label, blocks[at + 1] if at + 1 < len(blocks) else None)
        label = line[0] if line else None
        if line is None:
            unlabelled += is_link_only(block) and len(block.text) > 25
            continue
        lines += bool(line[1])
        box = _box(block, container)
        if box is not None and line[1]:
            boxes[box] = None
    return Inside(list(boxes), _noise(container, boxes), lines, unlabelled)


def _noise(container: HtmlElement, boxes: dict[HtmlElement, None]) -> list[HtmlElement]:
    """Return the outermost elements that bear a name of advertising, sharing, tags and the like."""
    found: dict[HtmlElement, None] = {}
    for element in container.iterdescendants("div", "section", "aside", "ul", "p", "span", "table"):
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        if _NOISE_NAME.search(name) and element not in boxes and 0 < len(letters_in(element)) < 400:
            found[element] = None
    return [e for e in found if not any(above in found for above in e.iterancestors())]


def _box(block: Block, container: HtmlElement) -> HtmlElement | None:
    """Return the element that holds nothing but a read-also line and bears a name."""
    element = block.element
    best = None
    while element is not None and element is not container:
        if len(letters_in(element)) > len(letters_of(block.text)) + 30:
            break
        if element.get("class") or element.get("id"):
            best = element
        element = element.getparent()
    return best


def _is_running_text(block: Block) -> bool:
    if len(block.text) < _SENTENCE or is_link_only(block) or "." not in block.text or block.element is None:
        return False
    return not any(above.tag in _SIDE for above in block.element.iterancestors())
