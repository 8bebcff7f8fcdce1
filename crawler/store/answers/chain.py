"""The way from a seed to an address: each page on it, and the link that led to the next."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from crawler.items import PageKind, Zone
from crawler.store.answers.provenance import Entry, entries, urls_of
from crawler.store.schema import article_topics, articles, evidence

MAX_CHAIN = 1000
KIND_NAMES: dict[str, str] = {
    PageKind.STORY: "a story",
    PageKind.TAG_PAGE: "a tag page",
    PageKind.DATE_INDEX: "an index by date",
    PageKind.SITEMAP: "a sitemap",
    PageKind.FEED: "a feed",
}


@dataclass(kw_only=True, slots=True)
class Hop:
    """A page on the way from the seed, with the link that led to it; a seed has none."""

    url: str
    outlet: str | None
    title: str | None = None  # None for a page that is not a stored story
    is_seed: bool = False
    depth: int = 0
    kind: str = "story"  # a PageKind: what the frontier expected there
    zone: str | None = None  # where on the page before the link stands, a Zone
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
        if hops and entry is None and not urls_of(connection, topic, [next_key]):
            # Nobody's page: lists that outlets are known to have are found on no page.
            break
        hops.append(_hop(connection, topic, next_key, entry))
        next_key = entry.found_via if entry is not None and not entry.is_seed else None
    hops.reverse()
    return hops


def found_sentence(chain: list[Hop]) -> str | None:
    """Return how the last page of a chain was found; None when nobody wrote it down."""
    if not chain:
        return None
    page, source = chain[-1], chain[-2] if len(chain) > 1 else None
    if page.is_seed:
        return "given as a seed"
    if page.zone == Zone.DISCOVERY:
        because = (
            f", which {source.url} led to" if source is not None and source.kind == PageKind.STORY else ""
        )
        return f"asked for as {KIND_NAMES[page.kind]} that its outlet offers{because}"
    if source is None:
        return None
    if page.zone == Zone.LIST or source.kind != PageKind.STORY:
        kind = KIND_NAMES[source.kind] if source.kind != PageKind.STORY else "a list of stories"
        return f"found on {kind}: {source.url}"
    if page.zone == Zone.TAG:
        return f"found among the tags of {source.url}"
    if page.zone == Zone.FURNITURE:
        return f"found beside the story of {source.url}, in what the outlet prints on many pages"
    return f"found by {f'“{page.label}”' if page.label else 'a link'} in {source.url}"


def _hop(connection: Connection, topic: str, key: str, entry: Entry | None) -> Hop:
    hop = Hop(url=urls_of(connection, topic, [key]).get(key, key), outlet=entry.outlet if entry else None)
    if entry is not None:
        hop.is_seed = entry.is_seed
        hop.kind = entry.kind
        hop.depth = entry.depth
        if not entry.is_seed:
            hop.label = entry.label
            hop.anchor_text = entry.anchor_text
            hop.link_score = entry.score
            hop.anchor_score, zone = _link_to(connection, entry)
            # Stores of before 0.2 have the zone in the evidence alone.
            hop.zone = entry.zone or zone
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


def _link_to(connection: Connection, entry: Entry) -> tuple[float | None, str | None]:
    """Return how well the linked words fit, and the zone of the link that scored best."""
    row = connection.execute(
        select(evidence.c.anchor_score, evidence.c.zone).where(
            evidence.c.topic == entry.topic,
            evidence.c.target_key == entry.key,
            evidence.c.source_key == entry.found_via,
        )
    ).one_or_none()
    return (row.anchor_score, row.zone) if row is not None else (None, None)
