"""The way from a seed to an address: each page on it, and the link that led to the next."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from crawler.store.provenance import Entry, entries, urls_of
from crawler.store.schema import article_topics, articles, evidence

MAX_CHAIN = 1000


@dataclass(kw_only=True, slots=True)
class Hop:
    """A page on the way from the seed, with the link that led to it; a seed has none."""

    url: str
    outlet: str | None
    title: str | None = None  # None for a page that is not a stored story
    is_seed: bool = False
    depth: int = 0
    label: str | None = None
    anchor_text: str | None = None
    anchor_score: float | None = None  # how well the linked words fit, 0 to 1
    link_score: float | None = None  # what the frontier ranked it by, 0 to 1
    relevance: float | None = None  # of the page itself
    on_topic: bool | None = None
    matched: list[str] = field(default_factory=list)


def chain_to(connection: Connection, topic: str, key: str) -> list[Hop]:
    """Return the pages from a seed to the address with that key, seed first.

    The chain starts later than at a seed when an earlier page is not known, or when pages were
    found through each other.
    """
    hops: list[Hop] = []
    passed: set[str] = set()
    next_key: str | None = key
    while next_key is not None and next_key not in passed and len(hops) < MAX_CHAIN:
        passed.add(next_key)
        entry = entries(connection, [(topic, next_key)]).get((topic, next_key))
        hops.append(_hop(connection, topic, next_key, entry))
        next_key = entry.found_via if entry is not None and not entry.is_seed else None
    hops.reverse()
    return hops


def _hop(connection: Connection, topic: str, key: str, entry: Entry | None) -> Hop:
    hop = Hop(url=urls_of(connection, topic, [key]).get(key, key), outlet=entry.outlet if entry else None)
    if entry is not None:
        hop.is_seed = entry.is_seed
        hop.depth = entry.depth
        if not entry.is_seed:
            hop.label = entry.label
            hop.anchor_text = entry.anchor_text
            hop.link_score = entry.score
            hop.anchor_score = _anchor_score(connection, entry)
    story = connection.execute(
        select(
            articles.c.url,
            articles.c.outlet,
            articles.c.title,
            *(article_topics.c[name] for name in ("relevance", "on_topic", "matched", "depth")),
        )
        .outerjoin(
            article_topics, (article_topics.c.article_id == articles.c.id) & (article_topics.c.topic == topic)
        )
        .where(articles.c.article_key == key)
    ).one_or_none()
    if story is not None:
        hop.url, hop.outlet, hop.title = story.url, story.outlet, story.title
        hop.relevance, hop.on_topic = story.relevance, story.on_topic
        hop.matched = story.matched or []
        if story.depth is not None:
            hop.depth = story.depth
    return hop


def _anchor_score(connection: Connection, entry: Entry) -> float | None:
    return connection.scalar(
        select(evidence.c.anchor_score).where(
            evidence.c.topic == entry.topic,
            evidence.c.target_key == entry.key,
            evidence.c.source_key == entry.found_via,
        )
    )
