"""One form for a story's texts, so that the same words always look the same."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from crawler.items import Article, Link
from crawler.reading.blocks import collapse_spaces

_MOST_MARKS = 30
_SHORT = 1000  # characters, whose marks are put into order in no time


def normalise_article(article: Article) -> None:
    """Put a story's texts into one form: NFC, single spaces, blocks parted by one blank line, no repeats."""
    article.title = clean_line(article.title)
    article.deck = clean_line(article.deck or "") or None
    article.body = clean_text(article.body)
    article.authors = unique(article.authors)
    article.editors = unique(article.editors)
    article.tags = unique(article.tags)
    article.section = clean_line(article.section or "") or None
    article.image_caption = clean_line(article.image_caption or "") or None
    for name in ("initials", "dateline", "agency", "image_url"):
        setattr(article, name, clean_line(getattr(article, name) or "") or None)
    article.language = (article.language or "id").replace("_", "-").split("-")[0].lower()
    normalise_links(article.links)


def normalise_links(links: list[Link]) -> None:
    """Put the texts of a page's links into the same form."""
    for link in links:
        link.anchor_text = clean_line(link.anchor_text)
        link.label = clean_line(link.label or "") or None


def clean_line(text: str) -> str:
    r"""Return the text in one line, composed (NFC) and without characters that cannot be seen or stored.

    >>> clean_line("Data \u200b279\xa0juta\x00 ")
    'Data 279 juta'
    """
    composed = unicodedata.normalize("NFC", stream_safe(text))
    if composed.isprintable():
        return collapse_spaces(composed)
    visible = "".join(c for c in composed if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return collapse_spaces(visible)


def stream_safe(text: str) -> str:
    """Return the text with at most 30 marks in a row, the most that a letter has in any language.

    That is Unicode's Stream-Safe Text (UAX 15, 13). Putting marks into order takes a time that grows with
    the square of their number, in which nothing can interrupt it: 80,000 on one letter take 10 seconds.
    """
    if text.isascii() or len(text) < _SHORT:
        return text
    return _marks().sub(lambda marks: marks[0][:_MOST_MARKS], text)


def clean_text(text: str) -> str:
    """Return the text's blocks, each in one line, joined by a blank line."""
    blocks = (clean_line(block) for block in text.split("\n\n"))
    return "\n\n".join(block for block in blocks if block)


def unique(names: list[str]) -> list[str]:
    """Return the names in order, each once whatever its capitals."""
    return list({name.casefold(): name for name in map(clean_line, reversed(names)) if name}.values())[::-1]


@cache
def _marks() -> re.Pattern[str]:
    """Return what finds more marks in a row than text may have; all marks stand before U+1F000."""
    marks = "".join(char for char in map(chr, range(0x300, 0x1F000)) if unicodedata.combining(char))
    return re.compile(f"[{marks}]{{{_MOST_MARKS + 1},}}")
