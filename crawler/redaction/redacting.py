"""Texts and stories with the personal data in them masked."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.items import Article, Link
from crawler.redaction.kinds import KINDS, Kind

_MAY_HOLD = re.compile(r"[0-9]{3}|@")


def redact(text: str) -> str:
    """Return the text with leaked personal data masked, each piece by what it was: "[NIK disamarkan]".

    Masked are NIK and family card numbers, NPWP, payment card numbers, BPJS card numbers, phone numbers,
    bank account numbers and passport numbers that are named as such, and e-mail addresses that are not a
    desk's. Amounts, counts, dates and numbers of articles stay. Masking twice is masking once.

    >>> redact("NIK 3171011708450001, hp 0812-3456-7890; 279.000.000 data dijual Rp 81.234.567.890")
    'NIK [NIK disamarkan], hp [nomor telepon disamarkan]; 279.000.000 data dijual Rp 81.234.567.890'
    """
    while _MAY_HOLD.search(text):
        before = text
        for kind in KINDS:
            text = kind.pattern.sub(lambda found, kind=kind: _masked(found, kind), text)  # type: ignore[misc]
        # What is masked moves words closer to each other: only a round that changes nothing is the last.
        if text == before:
            break
    return text


def redact_article(article: Article) -> None:
    """Mask personal data in whatever of a story its page prints: texts, captions, and the words of links."""
    article.title = redact(article.title)
    article.body = redact(article.body)
    article.deck = _redacted(article.deck)
    article.image_caption = _redacted(article.image_caption)
    article.section = _redacted(article.section)
    for name in ("authors", "editors", "tags"):
        setattr(article, name, [redact(text) for text in getattr(article, name)])
    redact_links(article.links)
    redact_links(article.tag_links)


def redact_links(links: Iterable[Link]) -> None:
    """Mask personal data in the words of links and around them."""
    for link in links:
        link.anchor_text = redact(link.anchor_text)
        link.context = redact(link.context)
        link.label = _redacted(link.label)


def _redacted(text: str | None) -> str | None:
    return redact(text) if text else text


def _masked(found: re.Match[str], kind: Kind) -> str:
    return kind.mask if kind.is_one(found) else found[0]
