"""Why a story is here, and why another one is not: answered from what the crawl wrote down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from crawler.items import Zone
from crawler.store.answers.chain import Hop, chain_to, found_sentence
from crawler.store.answers.lookup import Sighting, sight
from crawler.store.answers.provenance import Entry, entries_at, known_topics, urls_of
from crawler.store.answers.verdict import Reason, entry_reason, never_linked_reason, stored_reason
from crawler.store.crawl.discovery import resolve_aliases
from crawler.store.database import Store
from crawler.store.schema import article_topics, articles, evidence

DEFAULT_FLOOR = 0.2  # links that score lower are not fetched
MAX_REFERRERS = 10


@dataclass(kw_only=True, slots=True)
class Referrer:
    """A page that links to the address, and how well its link fits the topic."""

    url: str
    label: str | None
    anchor_text: str
    anchor_score: float
    context_score: float
    page_score: float
    zone: str


@dataclass(kw_only=True, slots=True)
class Finding:
    """What became of the address within one topic."""

    topic: str
    verdict: str  # a Verdict, or an OutcomeKind
    reason: str
    found: str | None = None  # in words: how the address came to be known
    redirected_to: str | None = None
    chain: list[Hop] = field(default_factory=list)  # seed first; empty when nothing links to it
    referrers: list[Referrer] = field(default_factory=list)  # best first


@dataclass(kw_only=True, slots=True)
class Explanation:
    """All that is known of why an address is in the store, or is not."""

    url: str  # as asked
    article_key: str
    is_stored: bool
    story_url: str | None = None
    title: str | None = None
    duplicate_of: str | None = None
    findings: list[Finding] = field(default_factory=list)  # one a topic that knows the address


def why(
    store: Store, url: str, topic: str | None = None, floors: Mapping[str, float] | None = None
) -> Explanation:
    """Return how the address came into the store, or what became of it instead, for each topic.

    Args:
        store: an open store.
        url: any address of the story.
        topic: only this one; None for every topic that knows the address.
        floors: the score below which links of a topic are not fetched, by the topic's name.

    Raises:
        BacaJugaError: when the text is not a web address.
        StoreError: when the store cannot be read.
    """
    with store.read() as connection:
        seen = sight(connection, url)
        explanation = Explanation(url=url, article_key=seen.story_key, is_stored=seen.article_id is not None)
        if seen.article_id is not None:
            _describe(connection, explanation, seen.article_id)
        topics = [topic] if topic is not None else known_topics(connection)
        found_entries: dict[str, list[Entry]] = {name: [] for name in topics}
        for entry in entries_at(connection, topics, seen.own_keys):
            found_entries[entry.topic].append(entry)
        for name in topics:
            floor = (floors or {}).get(name, DEFAULT_FLOOR)
            finding = _finding(connection, seen, explanation, name, found_entries[name], floor)
            if finding is not None:
                explanation.findings.append(finding)
        if not explanation.findings:
            explanation.findings = [
                _not_linked(connection, seen, name, explanation.is_stored) for name in topics
            ]
    return explanation


def state_of(connection: Connection, topic: str, key: str) -> str:
    """Return in one word what became of an address: "new", its state, or how its visit ended."""
    known = entries_at(connection, [topic], [resolve_aliases(connection, [key])[key], key])
    if not known:
        return "new"
    return known[-1].outcome or known[-1].state


def telling(known: list[Entry], seen: Sighting) -> Entry:
    """Return the entry that tells what became of the address: where its redirects end."""
    return next((entry for entry in known if entry.key == seen.story_key), known[-1])


def _describe(connection: Connection, explanation: Explanation, article_id: int) -> None:
    first_copy = articles.alias("first_copy")
    story = connection.execute(
        select(articles.c.url, articles.c.title, first_copy.c.url.label("first_copy_url"))
        .outerjoin(first_copy, first_copy.c.id == articles.c.duplicate_of)
        .where(articles.c.id == article_id)
    ).one()
    explanation.story_url = story.url
    explanation.title = story.title
    explanation.duplicate_of = story.first_copy_url


def _finding(
    connection: Connection,
    seen: Sighting,
    explanation: Explanation,
    topic: str,
    known: list[Entry],
    floor: float,
) -> Finding | None:
    reason = _stored(connection, seen, explanation, topic)
    if reason is None and known:
        reason = entry_reason(telling(known, seen), floor)
    if reason is None:
        return None
    chain = chain_to(connection, topic, seen.story_key if seen.article_id else telling(known, seen).key)
    return Finding(
        topic=topic,
        verdict=reason.verdict,
        reason=reason.sentence,
        found=found_sentence(chain),
        redirected_to=next((_target(entry) for entry in known if _target(entry)), None),
        chain=chain,
        referrers=_referrers(connection, topic, seen),
    )


def _stored(connection: Connection, seen: Sighting, explanation: Explanation, topic: str) -> Reason | None:
    if seen.article_id is None:
        return None
    scored = connection.execute(
        select(article_topics.c.relevance, article_topics.c.on_topic, article_topics.c.matched).where(
            article_topics.c.article_id == seen.article_id, article_topics.c.topic == topic
        )
    ).one_or_none()
    if scored is None:
        return None
    return stored_reason(scored.relevance, scored.on_topic, scored.matched, explanation.duplicate_of)


def _not_linked(connection: Connection, seen: Sighting, topic: str, is_stored: bool) -> Finding:
    reason = never_linked_reason(topic, is_stored=is_stored)
    return Finding(
        topic=topic,
        verdict=reason.verdict,
        reason=reason.sentence,
        referrers=_referrers(connection, topic, seen),
    )


def _target(entry: Entry) -> str | None:
    if entry.outcome != "redirected" or not entry.detail:
        return None
    return entry.detail.removeprefix("to ")


def _referrers(connection: Connection, topic: str, seen: Sighting) -> list[Referrer]:
    own_keys = sorted(seen.own_keys)
    rows = connection.execute(
        select(evidence)
        .where(
            evidence.c.topic == topic,
            evidence.c.target_key.in_(own_keys),
            evidence.c.source_key.not_in(own_keys),
        )
        .order_by(evidence.c.anchor_score.desc(), evidence.c.page_score.desc(), evidence.c.source_key)
    )
    best: dict[str, Any] = {}
    for row in rows:
        # A page that links to two addresses of the story counts once.
        best.setdefault(row.source_key, row)
    chosen = list(best.values())[:MAX_REFERRERS]
    urls = urls_of(connection, topic, {row.source_key for row in chosen})
    return [
        Referrer(
            url=urls.get(row.source_key, row.source_key),
            label=row.label,
            anchor_text=row.anchor_text,
            anchor_score=row.anchor_score,
            context_score=row.context_score,
            page_score=row.page_score,
            zone=row.zone,
        )
        for row in chosen
        # Lists that outlets are known to have are found on no page.
        if row.source_key in urls or row.zone != Zone.DISCOVERY
    ]
