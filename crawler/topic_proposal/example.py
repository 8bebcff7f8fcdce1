"""An example story as a proposal looks at it: its headlines, its sentences and its tags."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.errors import PageError
from crawler.items import Article, Outcome
from crawler.reading.reader import read_page

if TYPE_CHECKING:
    from datetime import date

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”'’)]*\s+(?=[\"“'‘(]?[A-Z0-9])")
_HEADING_WORDS = range(4, 15)  # fewer words are a label, more a sentence that lost its full stop


@dataclass(frozen=True, kw_only=True)
class Example:
    """What one story gives: ``headlines`` are its own first, then its sub-headings and read-also lines."""

    source: str  # the file or address that a message names it by
    headlines: tuple[str, ...]
    sentences: tuple[str, ...]
    url: str | None = None
    outlet: str | None = None
    language: str | None = None
    published_on: date | None = None
    tags: tuple[str, ...] = field(default=())


def example_of_article(article: Article, source: str | None = None) -> Example:
    """The example that a story read from a page is."""
    related = [link.anchor_text for link in article.links if link.zone == "body"]
    return example_of(
        headline=article.title,
        paragraphs=[article.deck or "", *article.body.split("\n\n")],
        related=related,
        source=source or article.url,
        url=article.canonical_url,
        outlet=article.outlet,
        language=article.language,
        published_on=article.published_at.date() if article.published_at else None,
        tags=tuple(article.tags),
    )


def example_of_page(html: bytes | str, url: str, source: str) -> Example:
    """The example on a page.

    Args:
        html: the page as it came.
        url: its address, which tells the outlet.
        source: what errors call it.

    Raises:
        PageError: when the page is no story.
    """
    item = read_page(html, url)
    if isinstance(item, Article):
        return example_of_article(item, source)
    detail = f" ({item.detail})" if isinstance(item, Outcome) and item.detail else ""
    raise PageError(f"{source} is no story that can be read{detail}; give the page of a story")


def example_of(
    *,
    headline: str,
    paragraphs: list[str],
    related: list[str],
    source: str,
    url: str | None = None,
    outlet: str | None = None,
    language: str | None = None,
    published_on: date | None = None,
    tags: tuple[str, ...] = (),
) -> Example:
    """The example with these parts: sub-headings are told from paragraphs, and those cut into sentences."""
    headings = [text for text in paragraphs if _is_heading(text)]
    sentences = [
        sentence
        for text in paragraphs
        if text.strip() and not _is_heading(text)
        for sentence in _SENTENCE_END.split(text.strip())
    ]
    return Example(
        source=source,
        headlines=tuple(dict.fromkeys((headline, *headings, *related))),
        sentences=tuple(sentences),
        url=url,
        outlet=outlet,
        language=language,
        published_on=published_on,
        tags=tags,
    )


def _is_heading(text: str) -> bool:
    text = text.strip()
    return text[-1:].isalnum() and len(text.split()) in _HEADING_WORDS and "\n" not in text
