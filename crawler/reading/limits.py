"""How much of a page is read: what is beyond was not written for readers, and costs time and memory."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

from crawler.items import Article, Item, Listing

if TYPE_CHECKING:
    from types import FrameType

    from lxml.html import HtmlElement

# A smaller page is read in no time, however deep its tags are nested: libxml2 itself stops at 2,047.
_LARGE_PAGE = 200_000


class OverLimit(Exception):  # noqa: N818 - reads as what happened
    """A page that is more than a limit of the settings allows; its text begins with that setting's name."""

    def __init__(self, setting: str, what: str) -> None:
        super().__init__(f"{setting}: {what}")
        self.setting = setting


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingLimits:
    """The settings of the same names, in capitals, tell the reasons; 0 stands for no limit."""

    max_tags: int = 200_000
    max_attributes: int = 500
    max_depth: int = 256
    max_links: int = 2_000
    max_text: int = 500_000
    read_seconds: float = 10.0
    download_maxsize: int = 8 * 2**20  # of a list that is itself a packed file, once it is unpacked


DEFAULT_LIMITS = ReadingLimits()


def check_markup(html: bytes, limits: ReadingLimits) -> None:
    """See that a parser may be given the page.

    A tree takes up to a hundred times the bytes of its markup, and libxml2 needs a time that grows with the
    square of a tag's attributes: 50,000 in one tag take 3 seconds, 900,000 an hour.

    Raises:
        OverLimit: when it has more tags, or more attributes in one tag, than the limits allow.
    """
    tags = html.count(b"<")
    if limits.max_tags and tags > limits.max_tags:
        raise OverLimit("MAX_TAGS", f"{tags:,} tags, the limit is {limits.max_tags:,}")
    if limits.max_attributes and _crowded_tag(limits.max_attributes).search(html):
        raise OverLimit("MAX_ATTRIBUTES", f"a tag with {limits.max_attributes:,} attributes or more")


def check_tree(root: HtmlElement, html: bytes, limits: ReadingLimits) -> None:
    """See that a parsed page may be read: what is asked of each element costs what it holds.

    Raises:
        OverLimit: when a large page nests its tags deeper than the limits allow.
    """
    if limits.max_depth and len(html) > _LARGE_PAGE and _deeper_than(limits.max_depth)(root):
        raise OverLimit("MAX_DEPTH", f"tags nested more than {limits.max_depth:,} deep")


def check_item(item: Item, limits: ReadingLimits) -> None:
    """See that what was read may go on: words are compared with the topic's, links go into the frontier.

    A listing's links beyond the limit are left out, which ``over_limit`` tells.

    Raises:
        OverLimit: for a story with more text, or more links in it, than the limits allow.
    """
    if isinstance(item, Listing):
        if limits.max_links and len(item.links) > limits.max_links:
            what = f"{len(item.links):,} links, of which the first {limits.max_links:,} are taken"
            item.over_limit = item.over_limit or f"MAX_LINKS: {what}"
            del item.links[limits.max_links :]
        return
    if not isinstance(item, Article):
        return
    if limits.max_text and len(item.body) > limits.max_text:
        what = f"a text of {len(item.body):,} characters, the limit is {limits.max_text:,}"
        raise OverLimit("MAX_TEXT", what)
    if limits.max_links and len(item.links) > limits.max_links:
        raise OverLimit("MAX_LINKS", f"{len(item.links):,} links, the limit is {limits.max_links:,}")


@contextmanager
def time_limit(seconds: float, setting: str = "READ_SECONDS") -> Iterator[None]:
    """End a block that takes too long, also inside a regular expression that runs away.

    It works by a signal (SIGVTALRM): on Unix, and in the main thread; elsewhere the block runs as it is.

    Args:
        seconds: processor time of this process, so that a busy machine makes no difference; 0 for no limit.
        setting: whose limit that is.

    Raises:
        OverLimit: in the block, when the time is over.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not seconds or not in_main_thread or not hasattr(signal, "setitimer"):
        yield
        return

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise OverLimit(setting, f"reading the page took more than {seconds:g} seconds")

    before = signal.signal(signal.SIGVTALRM, end)
    # Again and again: the first may fall into a callback whose errors nobody hears.
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@lru_cache(maxsize=8)
def _crowded_tag(attributes: int) -> re.Pattern[bytes]:
    """Return what finds a tag with so many attributes, told apart as in HTML, 13.2.5.32 to 13.2.5.39.

    The possessive "++" makes it look at each byte of a tag once.
    """
    value = rb"""(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+"""
    attribute = rb"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+" + value + rb")?+"
    return re.compile(rb"<[a-zA-Z][^\s/>]*+(?:" + attribute + rb"){%d}" % attributes)


@lru_cache(maxsize=8)
def _deeper_than(depth: int) -> etree.XPath:
    return etree.XPath(f"boolean({'/*' * (depth + 1)})")
