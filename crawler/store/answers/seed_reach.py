"""Where links lead from each seed of a topic, by what its crawls wrote down: the ground of the coverage."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, func, select

from crawler.coverage import MIN_SEEDS, Coverage, coverage_of
from crawler.frontier.score import Evidence, link_score
from crawler.items import PageKind, Zone
from crawler.store.crawl.frontier import DONE, LEASED, QUEUED, WAITING
from crawler.store.schema import article_topics, articles, evidence, frontier

_PLENTY = 1000  # rows fetched at a time


def coverage(connection: Connection, topic: str, floor: float) -> Coverage:
    """Return an estimate of how many stories lie within reach of links from the topic's seeds.

    A link counts when it alone would have been followed: each half of the seeds then leads to what a crawl
    from that half would have found. That holds only for a crawl that came to its end: what pages say that
    nobody has fetched is not known, and what all seeds have found together would pass for all there is.

    Args:
        connection: to the store.
        topic: its name.
        floor: the score below which links are not fetched.
    """
    nodes, seeds = _nodes(connection, topic)
    if len(seeds) < 2 * MIN_SEEDS:
        return coverage_of({}, seeds, {})
    unread = _stories_left(connection, topic, floor)
    if unread:
        return Coverage(
            seeds=(len(seeds) - len(seeds) // 2, len(seeds) // 2),
            no_estimate="needs a crawl that came to its end; there "
            f"{'is 1 link' if unread == 1 else f'are {unread:,} links'} to stories above the floor left",
        )
    return coverage_of(_edges(connection, topic, floor, nodes), seeds, _stories(connection, topic))


def _stories_left(connection: Connection, topic: str, floor: float) -> int:
    """Return how many links to stories are still to be followed; lists that nobody answers do not count."""
    return (
        connection.scalar(
            select(func.count()).where(
                frontier.c.topic == topic,
                frontier.c.state.in_([QUEUED, WAITING, LEASED]),
                frontier.c.kind == str(PageKind.STORY),
                ~frontier.c.is_revisit,
                frontier.c.score >= floor,
            )
        )
        or 0
    )


def _nodes(connection: Connection, topic: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the page's key for each fetched address, and outlet and key of each seed that is a story."""
    rows = connection.execute(
        select(
            frontier.c.key,
            func.coalesce(frontier.c.article_key, frontier.c.key).label("node"),
            *(frontier.c[name] for name in ("is_seed", "kind", "outcome", "outlet")),
        )
        .where(frontier.c.topic == topic, frontier.c.state == DONE)
        .order_by(frontier.c.id)
        .execution_options(yield_per=_PLENTY)
    )
    nodes: dict[str, str] = {}
    seeds: dict[str, str] = {}
    for row in rows:
        nodes[row.key] = row.node
        if row.is_seed and row.kind == PageKind.STORY and row.outcome == "article":
            seeds.setdefault(row.node, row.outlet)
    return nodes, [(outlet, node) for node, outlet in seeds.items()]


def _edges(connection: Connection, topic: str, floor: float, nodes: dict[str, str]) -> dict[str, list[str]]:
    rows = connection.execute(
        select(
            *(evidence.c[name] for name in ("source_key", "target_key", "zone")),
            *(evidence.c[name] for name in ("anchor_score", "context_score", "page_score")),
        )
        .where(evidence.c.topic == topic)
        .execution_options(yield_per=_PLENTY)
    )
    edges: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        target = nodes.get(row.target_key)
        if target is not None and _is_worth_following(row, floor):
            edges[row.source_key].append(target)
    return edges


def _is_worth_following(row: Any, floor: float) -> bool:
    alone = Evidence(
        anchor_score=row.anchor_score,
        context_score=row.context_score,
        page_score=row.page_score,
        zone=Zone(row.zone),
    )
    return link_score([alone]) >= floor


def _stories(connection: Connection, topic: str) -> dict[str, int]:
    rows = connection.execute(
        select(articles.c.article_key, func.coalesce(articles.c.duplicate_of, articles.c.id).label("story"))
        .join(article_topics, article_topics.c.article_id == articles.c.id)
        .where(article_topics.c.topic == topic, article_topics.c.on_topic)
    )
    return {row.article_key: row.story for row in rows}
