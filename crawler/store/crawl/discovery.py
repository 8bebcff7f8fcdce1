"""What the frontier learns: seeds that people give, and links, which are evidence for their targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, and_, bindparam, or_, select, update

from crawler.address import Address
from crawler.frontier.score import Evidence, link_score
from crawler.frontier.traps import trap_of
from crawler.items import Link, OutcomeKind, PageKind, Zone
from crawler.store.crawl.frontier import DONE, FAILED, QUEUED, WAITING
from crawler.store.crawl.hosts import ensure_hosts
from crawler.store.schema import aliases, article_topics, articles, evidence, frontier
from crawler.store.upsert import insert_new, upsert

EVIDENCE_VALUES = ("zone", "label", "anchor_text", "anchor_score", "context_score", "page_score", "depth")

# Built once: see crawler.store.upsert. Not IN, since a list cannot be bound for many rows at once.
_IS_OPEN = or_(frontier.c.state == QUEUED, frontier.c.state == WAITING)
_MAY_BE_RESCORED = and_(_IS_OPEN, ~frontier.c.is_seed)
_ALIASES_OF = select(aliases.c.alias_key, aliases.c.article_key).where(
    aliases.c.alias_key.in_(bindparam("keys", expanding=True))
)
_KNOWN_KEYS = select(frontier.c.key).where(
    frontier.c.topic == bindparam("topic"), frontier.c.key.in_(bindparam("keys", expanding=True))
)
# Only for what may still be scored: the index of a day on which hundreds of stories were printed has as many
# referrers, all of which were read again for each further story (8 of 17 ms CPU a page, once it was done).
_EVIDENCE_FOR = (
    select(
        evidence.c.target_key,
        evidence.c.source_key,
        evidence.c.zone,
        evidence.c.label,
        evidence.c.anchor_text,
        evidence.c.anchor_score,
        evidence.c.context_score,
        evidence.c.page_score,
        evidence.c.depth,
    )
    .outerjoin(frontier, and_(frontier.c.topic == evidence.c.topic, frontier.c.key == evidence.c.target_key))
    .where(evidence.c.topic == bindparam("topic"))
    .where(evidence.c.target_key.in_(bindparam("keys", expanding=True)))
    .where(or_(frontier.c.id.is_(None), _MAY_BE_RESCORED))
    .order_by(evidence.c.source_key)
)


def add_seeds(
    connection: Connection,
    topic: str,
    seeds: Sequence[Address],
    delays: dict[str, float],
    kind: PageKind = PageKind.STORY,
) -> int:
    """Put addresses that a person chose at the head of the frontier; return how many were new."""
    if not seeds:
        return 0
    ensure_hosts(connection, delays)
    keys = resolve_aliases(connection, [seed.key for seed in seeds])
    rows = {
        keys[seed.key]: new_row(topic, keys[seed.key], seed, kind)
        | {"score": 1.0, "depth": 0, "is_seed": True, "anchor_text": "", "found_via": None}
        # Whatever it looks like, a person wants it.
        | {"state": QUEUED, "outcome": None, "detail": None}
        for seed in seeds
    }
    known = set(
        connection.scalars(
            select(frontier.c.key).where(frontier.c.topic == topic, frontier.c.key.in_(list(rows)))
        )
    )
    upsert(
        connection,
        frontier,
        [rows[key] for key in sorted(rows)],
        key=("topic", "key"),
        changing=("score", "depth", "is_seed", "found_via"),
    )
    return len(rows.keys() - known)


def add_links(
    connection: Connection,
    topic: str,
    source_key: str,
    *,
    links: Sequence[tuple[Address, Link]],
    page_score: float,
    depth: int,
    delays: dict[str, float],
) -> None:
    """Take a page's links as evidence for their targets, whose scores are computed anew.

    Args:
        connection: a write transaction.
        topic: name of the topic.
        source_key: key of the page that links.
        links: each link with its target, anchor and context scores set.
        page_score: relevance of the page that links, 0 to 1.
        depth: hops from a seed to the page that links.
        delays: seconds between two requests, for each host among the targets.
    """
    if not links:
        return
    ensure_hosts(connection, delays)
    keys = resolve_aliases(connection, [address.key for address, _ in links])
    best: dict[str, tuple[Address, Link]] = {}
    for address, link in links:
        key = keys[address.key]
        if key != source_key and (key not in best or link.anchor_score > best[key][1].anchor_score):
            best[key] = (address, link)
    if not best:
        return
    rows = [
        {
            "topic": topic,
            "target_key": key,
            "source_key": source_key,
            "zone": str(link.zone),
            "label": link.label,
            "anchor_text": link.anchor_text,
            "anchor_score": link.anchor_score,
            "context_score": link.context_score,
            "page_score": page_score,
            "depth": depth,
        }
        for key, (_, link) in sorted(best.items())
    ]
    upsert(
        connection,
        evidence,
        rows,
        key=("topic", "target_key", "source_key"),
        changing=EVIDENCE_VALUES,
    )
    _rescore(connection, topic, {key: (address, link.kind) for key, (address, link) in best.items()})


def move_evidence(
    connection: Connection,
    topic: str,
    old_key: str,
    target: Address,
    *,
    hops: int,
    delays: dict[str, float],
    kind: PageKind = PageKind.STORY,
) -> None:
    """Let the address that a redirect leads to inherit the evidence of the one that was linked.

    ``hops`` is how many redirects led there, so that a loop ends.
    """
    ensure_hosts(connection, delays)
    row = connection.execute(
        select(frontier.c.is_seed).where(frontier.c.topic == topic, frontier.c.key == old_key)
    ).one()
    key = resolve_aliases(connection, [target.key])[target.key]
    if row.is_seed:
        add_seeds(connection, topic, [target], delays, kind)
    inherited = connection.execute(
        select(evidence).where(evidence.c.topic == topic, evidence.c.target_key == old_key)
    ).mappings()
    rows = [dict(known) | {"target_key": key} for known in inherited if known["source_key"] != key]
    if rows:
        insert_new(connection, evidence, rows)
        _rescore(connection, topic, {key: (target, kind)})
    connection.execute(
        update(frontier)
        .where(frontier.c.topic == topic, frontier.c.key == key, frontier.c.redirects < hops)
        .values(redirects=hops)
    )


def mark_done(connection: Connection, topic: str, address: Address, article_key: str, crawl_id: int) -> None:
    """Mark another address of a story that has just been read as done, so that nobody fetches it."""
    row = new_row(topic, article_key, address) | {
        "state": DONE,
        "outcome": "article",
        "article_key": article_key,
        "score": 0.0,
        "depth": 0,
        "is_seed": False,
        "anchor_text": "",
        "crawl_id": crawl_id,
        "done_at": datetime.now(UTC),
    }
    upsert(
        connection,
        frontier,
        row,
        key=("topic", "key"),
        changing=("state", "outcome", "article_key", "crawl_id", "done_at"),
        where=_IS_OPEN,
    )


def resolve_aliases(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """Return for each key the key of the story that it is known to lead to, else itself."""
    wanted = sorted(set(keys))
    known = connection.execute(_ALIASES_OF, {"keys": wanted})
    return {key: key for key in wanted} | {row.alias_key: row.article_key for row in known}


def known_keys(connection: Connection, topic: str, keys: Iterable[str]) -> set[str]:
    """Return which of the addresses the topic's frontier knows, stories' other addresses included."""
    leads_to = resolve_aliases(connection, keys)
    known = set(connection.scalars(_KNOWN_KEYS, {"topic": topic, "keys": sorted(set(leads_to.values()))}))
    return {key for key, story in leads_to.items() if story in known}


def newest_stories(connection: Connection, topic: str, limit: int = 200) -> list[tuple[str, datetime | None]]:
    """Return headline and time of the newest stories on a topic, copies not counted."""
    rows = connection.execute(
        select(articles.c.title, articles.c.published_at)
        .join(article_topics, article_topics.c.article_id == articles.c.id)
        .where(article_topics.c.topic == topic, article_topics.c.on_topic, articles.c.duplicate_of.is_(None))
        .order_by(articles.c.id.desc())
        .limit(limit)
    )
    return [(row.title, row.published_at) for row in rows]


def ask_again(connection: Connection, topic: str, kinds: Sequence[PageKind], before: datetime) -> int:
    """Put listings that were last asked for before a moment back into the frontier; return how many.

    What they list changes, unlike the stories behind them.
    """
    asked_again = connection.execute(
        update(frontier)
        .where(
            frontier.c.topic == topic,
            frontier.c.kind.in_([str(kind) for kind in kinds]),
            frontier.c.state.in_([DONE, FAILED]),
            # A page 2 is asked for when page 1 has something new.
            frontier.c.zone == str(Zone.DISCOVERY),
            frontier.c.done_at < before,
        )
        .values(state=QUEUED, attempts=0, redirects=0)
    )
    return asked_again.rowcount


def give_up_listings(connection: Connection, topic: str, host: str, outcome: str, detail: str) -> int:
    """End the wait for the listings of a host that does not answer; return how many there were.

    They are tried again by a later crawl: one that waits for them would wait for stories that it does not
    know to exist.
    """
    given_up = connection.execute(
        update(frontier)
        .where(
            frontier.c.topic == topic,
            frontier.c.host == host,
            frontier.c.kind != str(PageKind.STORY),
            _IS_OPEN,
        )
        .values(state=FAILED, outcome=outcome, detail=detail, done_at=datetime.now(UTC))
    )
    return given_up.rowcount


def new_row(
    topic: str, key: str, address: Address, kind: PageKind = PageKind.STORY, zone: str | None = None
) -> dict[str, object]:
    """Return what the frontier's row of an address begins with; a trap is never fetched."""
    trap = trap_of(address.url) if kind is PageKind.STORY else None
    return {
        "topic": topic,
        "key": key,
        "url": address.url,
        "host": address.host,
        "outlet": address.outlet,
        "kind": str(kind),
        "zone": zone,
        "state": FAILED if trap else QUEUED,
        "outcome": str(OutcomeKind.REFUSED) if trap else None,
        "detail": trap,
        "attempts": 0,
        "redirects": 0,
        "tried": [],
        "is_revisit": False,
    }


def _rescore(connection: Connection, topic: str, targets: dict[str, tuple[Address, PageKind]]) -> None:
    known = connection.execute(_EVIDENCE_FOR, {"topic": topic, "keys": sorted(targets)}).all()
    by_target = defaultdict(list)
    for row in known:
        by_target[row.target_key].append(row)
    if not by_target:
        return
    rows = []
    for key, found in sorted(by_target.items()):
        best = max(found, key=lambda row: (row.anchor_score, row.page_score))
        rows.append(
            new_row(topic, key, *targets[key], zone=best.zone)
            | {
                "score": link_score(
                    Evidence(
                        anchor_score=row.anchor_score,
                        context_score=row.context_score,
                        page_score=row.page_score,
                        zone=Zone(row.zone),
                    )
                    for row in found
                ),
                "depth": min(row.depth for row in found) + 1,
                "is_seed": False,
                "found_via": best.source_key,
                "label": best.label,
                "anchor_text": best.anchor_text,
            }
        )
    upsert(
        connection,
        frontier,
        rows,
        key=("topic", "key"),
        changing=("score", "depth", "found_via", "zone", "label", "anchor_text"),
        where=_MAY_BE_RESCORED,
    )
