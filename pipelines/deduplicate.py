"""Third step: what tells this text from any other, so that each is kept once."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any

from crawler.items import Article


def content_hash(article: Article) -> str:
    """Return a digest of title, deck and body: another one under the same key is a revision."""
    text = "\x1f".join((article.title, article.deck or "", article.body))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def text_key(article: Article) -> int | None:
    """Return a number (signed, 64 bit) that copies of the same text share, or None for an empty text.

    Only words count, without their case and without the dateline, which outlets put in their own way.
    """
    body = article.body
    if article.dateline and body.startswith(article.dateline):
        body = body[len(article.dateline) :]
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", body).casefold())
    if not words:
        return None
    digest = hashlib.blake2b(" ".join(words).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


class DeduplicatePipeline:
    """Fingerprints stories; the store links those that share one."""

    def process_item(self, item: Any) -> Any:
        """Return the item with its fingerprints."""
        if isinstance(item, Article):
            item.content_hash = content_hash(item)
            item.text_key = text_key(item)
        return item
