"""How an address came to be known: its entry in the frontier and the page whose link led to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from crawler.store.schema import aliases, articles, frontier, pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the frontier knows of one address within a topic."""

    id: int
    topic: str
    key: str
    url: str
    outlet: str
    state: str
    score: float
    depth: int
    is_seed: bool
    kind: str  # a PageKind: what the frontier expects there
    zone: str | None  # where the link that scored best stands
    found_via: str | None  # key of the page whose link scored best
    label: str | None
    anchor_text: str
    attempts: int
    due_at: float | None
    outcome: str | None
    detail: str | None
    article_key: str | None
    done_at: datetime | None


def entries(connection: Connection, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], Entry]:
    """Return the entry by which each story was found, for pairs of topic and article key.

    A story read under several addresses has several entries: a seed counts first, then the one
    that some other page linked to.
    """
    keys = {key for _, key in wanted}
    known_under = keys_of(connection, keys)
    every_key = {key for group in known_under.values() for key in group}
    by_place: dict[tuple[str, str], Entry] = {}
    for entry in _entries(connection, {topic for topic, _ in wanted}, every_key):
        by_place[entry.topic, entry.key] = entry
    found = {}
    for topic, article_key in wanted:
        own_keys = known_under[article_key]
        candidates = [by_place[topic, key] for key in own_keys if (topic, key) in by_place]
        if candidates:
            found[topic, article_key] = min(candidates, key=lambda entry: _rank(entry, own_keys))
    return found


def keys_of(connection: Connection, article_keys: Collection[str]) -> dict[str, set[str]]:
    """Return for each story key the keys of all addresses that lead to it, its own included."""
    known = {key: {key} for key in article_keys}
    rows = connection.execute(
        select(aliases.c.article_key, aliases.c.alias_key).where(aliases.c.article_key.in_(sorted(known)))
    )
    for row in rows:
        known[row.article_key].add(row.alias_key)
    return known


def found_via_urls(connection: Connection, found: Iterable[Entry]) -> dict[tuple[str, str], str]:
    """Return the addresses of the pages that the entries were found on, by topic and key of the page."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for entry in found:
        if entry.found_via is not None:
            wanted[entry.topic].add(entry.found_via)
    return {
        (topic, key): url
        for topic, keys in wanted.items()
        for key, url in urls_of(connection, topic, keys).items()
    }


def urls_of(connection: Connection, topic: str, keys: Collection[str]) -> dict[str, str]:
    """Return an address for each key that is known: the story's, else as fetched, else as linked."""
    wanted = sorted(keys)
    linked = select(frontier.c.key, frontier.c.url).where(
        frontier.c.topic == topic, frontier.c.key.in_(wanted)
    )
    fetched = select(pages.c.page_key, pages.c.url).where(pages.c.page_key.in_(wanted))
    other_address = (
        select(aliases.c.alias_key, articles.c.url)
        .join(articles, articles.c.article_key == aliases.c.article_key)
        .where(aliases.c.alias_key.in_(wanted))
    )
    stored = select(articles.c.article_key, articles.c.url).where(articles.c.article_key.in_(wanted))
    urls: dict[str, str] = {}
    for statement in (linked, fetched, other_address, stored):
        urls.update(connection.execute(statement).all())
    return urls


def known_topics(connection: Connection) -> list[str]:
    """Return the names of the topics that the store holds addresses for."""
    # One step a topic through the index, where DISTINCT would read the whole frontier.
    names: list[str] = []
    statement = select(frontier.c.topic).order_by(frontier.c.topic).limit(1)
    name = connection.scalar(statement)
    while name is not None:
        names.append(name)
        name = connection.scalar(statement.where(frontier.c.topic > name))
    return names


def entries_at(connection: Connection, topics: Collection[str], keys: Collection[str]) -> list[Entry]:
    """Return the entries of any of the keys in any of the topics, in order of discovery."""
    return sorted(_entries(connection, topics, keys), key=lambda entry: entry.id)


def _entries(connection: Connection, topics: Collection[str], keys: Collection[str]) -> list[Entry]:
    columns = [frontier.c[name] for name in Entry.__slots__]
    rows = connection.execute(
        select(*columns).where(frontier.c.topic.in_(sorted(topics)), frontier.c.key.in_(sorted(keys)))
    )
    return [Entry(**row._mapping) for row in rows]


def _rank(entry: Entry, own_keys: set[str]) -> tuple[bool, bool, int]:
    # A story may link to another address of itself, which says nothing of where it was found.
    found_elsewhere = entry.found_via is not None and entry.found_via not in own_keys
    return (not entry.is_seed, not found_elsewhere, entry.id)
