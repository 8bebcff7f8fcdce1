"""Finding a story by any address that it was ever seen under."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from crawler.address import address_of
from crawler.errors import BacaJugaError
from crawler.items import PageKind
from crawler.store.answers.provenance import keys_of
from crawler.store.schema import aliases, articles

MAX_HOPS = 10  # from a redirected address to the next; each is an alias of the one after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """An address, what it stands for, and the story there when it is stored."""

    url: str
    key: str  # that the address alone gives
    story_key: str  # after following redirects and other addresses
    own_keys: frozenset[str]  # of every address known to lead there
    article_id: int | None


def sight(connection: Connection, url: str) -> Sighting:
    """Return what the store knows an address by.

    Raises:
        BacaJugaError: when the text is not a web address.
    """
    if not url.startswith(("http://", "https://")):
        raise BacaJugaError(f"{url!r} is not a web address; write it in full, https://...")
    key = address_of(url).key
    story_key, passed = key, {key}
    for _ in range(MAX_HOPS):
        following = connection.scalar(select(aliases.c.article_key).where(aliases.c.alias_key == story_key))
        if following is None or following in passed:
            break
        story_key = following
        passed.add(following)
    own_keys = keys_of(connection, [story_key])[story_key]
    return Sighting(
        url=url,
        key=key,
        story_key=story_key,
        # As a page that lists stories, it goes by another key.
        own_keys=frozenset(own_keys | passed | {address_of(url, PageKind.TAG_PAGE).key}),
        article_id=connection.scalar(select(articles.c.id).where(articles.c.article_key == story_key)),
    )
