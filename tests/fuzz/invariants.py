"""What holds of whatever a page reads as, however broken the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from crawler.address import address_of
from crawler.items import Article, Item, Listing, Outcome
from crawler.reading.normal_form import normalise_article
from crawler.reading.reader import as_record


def assert_item_is_sound(item: Item, as_json: Callable[[Any], str]) -> None:
    """See that an item can be stored, printed and linked from."""
    assert isinstance(item, Article | Listing | Outcome), type(item)
    assert item.url
    if isinstance(item, Outcome):
        assert item.kind
        return
    as_json(as_record(item))
    for link in item.links:
        parts = urlsplit(link.url)
        assert parts.scheme in ("http", "https"), link.url
        assert parts.hostname, link.url
        assert address_of(link.url).key
    if isinstance(item, Listing):
        return
    assert item.title.strip()
    blocks = item.body.split("\n\n") if item.body else []
    assert all(0 <= link.position <= len(blocks) for link in item.links), "a link after the end"
    for moment in (item.published_at, item.modified_at):
        assert moment is None or (isinstance(moment, datetime) and moment.tzinfo is not None)
    normalise_article(item)  # as the first pipeline does
    texts = [item.title, item.deck or "", item.body, *item.authors, *item.editors, *item.tags]
    assert all("\x00" not in text for text in texts)
    for text in texts:
        text.encode("utf-8")  # half a character would stop the database
