"""What tells a story's text from any other: a digest for its revisions, a fingerprint for its copies."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from crawler.comparing.fingerprint import fingerprint, story_words
from crawler.comparing.likeness import Thresholds
from crawler.urls import host_of

if TYPE_CHECKING:
    from crawler.items import Article


def content_hash(article: Article) -> str:
    """Return a digest of title, deck and body: another one under the same key is a revision."""
    text = "\x1f".join((article.title, article.deck or "", article.body))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def mark_text(article: Article, thresholds: Thresholds | None) -> None:
    """Set a story's digest and fingerprint, and what counts as a copy of it."""
    article.content_hash = content_hash(article)
    article.fingerprint = fingerprint(
        story_words(article.body, dateline=article.dateline, host=host_of(article.url))
    )
    article.thresholds = thresholds


def thresholds_of(settings: Any) -> Thresholds:
    """Return what counts as a copy: the settings ``COPY_NEAR``, ``COPY_NUMBERS`` and so on, where given."""
    names = {field.name: f"COPY_{field.name.upper()}" for field in fields(Thresholds)}
    given = {name: settings.getfloat(key) for name, key in names.items() if settings.get(key) is not None}
    return Thresholds(**given)
