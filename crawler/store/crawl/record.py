"""One page, one transaction: what a visit brought and how it ended are written together or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from crawler.address import Address, address_of
from crawler.items import Article, Change, Link, Listing, Outcome, OutcomeKind, PageKind, Visit
from crawler.store.crawl import discovery, frontier, hosts, revisits
from crawler.store.dedupe import near
from crawler.store.schema import aliases, article_topics, articles, links, pages, revisions
from crawler.store.upsert import upsert

MAX_REDIRECTS = 5
_KNOWN = select(articles.c.content_hash, articles.c.first_seen_at).where(
    articles.c.article_key == bindparam("of_key")
)
# An AMP or mobile address may be dead while the story is there under another one.
MAYBE_ELSEWHERE = frozenset(
    {OutcomeKind.GONE, OutcomeKind.LAYOUT_CHANGED, OutcomeKind.UNREADABLE, OutcomeKind.OVER_LIMIT}
)


def record_article(
    connection: Connection,
    article: Article,
    delays: dict[str, float],
    revisit_hours: Sequence[float] = (),
    listings: Sequence[Link] = (),
) -> None:
    """Write a story with its revision, links, relevance and aliases, and end its visit.

    Sets ``article.change``, and ``article.duplicate_of`` when an earlier story has the same text.

    Args:
        connection: a write transaction.
        article: a story with ``visit``, ``relevance``, ``content_hash`` and ``fingerprint`` set.
        delays: seconds between two requests, for each host among the link targets.
        revisit_hours: the ages, in hours, at which the story is due again.
        listings: pages that may list more stories like this one.
    """
    visit, relevance = article.visit, article.relevance
    assert visit is not None
    assert relevance is not None
    first_seen_at = _recognise(connection, article) or visit.fetched_at
    article_id = _save_article(connection, article, visit.fetched_at)
    _save_links(connection, article_id, article.links, visit.fetched_at)
    _save_aliases(connection, article, visit)
    upsert(
        connection,
        article_topics,
        {
            "article_id": article_id,
            "topic": visit.topic,
            "relevance": relevance.score,
            "on_topic": relevance.on_topic,
            "matched": relevance.matched,
            "depth": visit.depth,
            "crawl_id": visit.crawl_id,
            "scored_at": visit.fetched_at,
        },
        key=("article_id", "topic"),
        changing=("relevance", "on_topic", "matched", "depth", "crawl_id", "scored_at"),
    )
    due_at = revisits.next_visit_at(first_seen_at, visit.fetched_at, revisit_hours)
    _save_page(connection, visit, article.outlet, "article", "", article.article_key, due_at)
    _end(connection, visit, frontier.DONE, "article", article_key=article.article_key)
    if article.article_key != visit.frontier_key:
        address = address_of(article.url)
        discovery.mark_done(connection, visit.topic, address, article.article_key, visit.crawl_id)
    discovery.add_links(
        connection,
        visit.topic,
        article.article_key,
        links=[(address_of(link.url, link.kind), link) for link in (*article.links, *listings)],
        page_score=relevance.score,
        depth=visit.depth,
        delays=delays,
    )
    # Last, since other workers that store a copy wait for our commit from here on.
    near.link_copies(connection, article, article_id)


def record_listing(
    connection: Connection,
    listing: Listing,
    delays: dict[str, float],
    *,
    page_score: float,
    next_page: tuple[Link, float] | None = None,
    detail: str = "",
) -> None:
    """Take a listing's entries as links and end its visit.

    Args:
        connection: a write transaction.
        listing: the listing with the entries to keep, their scores set.
        delays: seconds between two requests, for each host among the targets.
        page_score: what the listing says of each of its entries, 0 to 1.
        next_page: its next page with what it promises, 0 to 1, where there is one worth asking for.
        detail: one line for a person.
    """
    visit = listing.visit
    assert visit is not None
    _save_page(connection, visit, listing.outlet, "listing", detail, None)
    _end(connection, visit, frontier.DONE, "listing", detail)
    leading_on = [(listing.links, page_score, visit.depth)]
    if next_page is not None:
        # Another page of the same list is no hop further away.
        leading_on.append(([next_page[0]], next_page[1], visit.depth - 1))
    for found, score, depth in leading_on:
        discovery.add_links(
            connection,
            visit.topic,
            visit.frontier_key,
            links=[(address_of(link.url, link.kind), link) for link in found],
            page_score=score,
            depth=depth,
            delays=delays,
        )


def record_unchanged(connection: Connection, visit: Visit, revisit_hours: Sequence[float]) -> None:
    """End a re-visit that found the story as it was."""
    article_key = revisits.note_unchanged(connection, visit.frontier_key, visit.fetched_at)
    if article_key is not None:
        revisits.plan_visit(connection, visit.frontier_key, article_key, visit.fetched_at, revisit_hours)
    outcome = "article" if visit.kind is PageKind.STORY else "listing"
    _end(connection, visit, frontier.DONE, outcome, article_key=article_key)


def record_outcome(connection: Connection, outcome: Outcome, delays: dict[str, float]) -> bool:
    """End a visit that gave neither story nor listing; a redirect's target takes the address's place.

    Returns:
        Whether that was the end: False when the story will be asked for under another of its addresses.
    """
    visit = outcome.visit
    assert visit is not None
    outlet = outcome.outlet or address_of(visit.url).outlet
    _save_page(connection, visit, outlet, str(outcome.kind), outcome.detail, None)
    if outcome.kind is OutcomeKind.REDIRECTED and outcome.redirect_url:
        target = address_of(outcome.redirect_url, visit.kind)
        return _follow_redirect(connection, outcome, visit, target, delays)
    other_url = (
        frontier.other_address(connection, visit.topic, visit.frontier_key)
        if outcome.kind in MAYBE_ELSEWHERE and visit.kind is PageKind.STORY
        else None
    )
    if other_url is not None:
        target = address_of(other_url)
        hosts.ensure_hosts(connection, delays | {target.host: max(delays.values(), default=1.0)})
        frontier.try_other_address(connection, visit.topic, visit.frontier_key, visit.worker, target)
        return False
    if outcome.kind is OutcomeKind.GONE:
        revisits.note_gone(connection, visit.frontier_key, visit.fetched_at)
    done = outcome.kind is OutcomeKind.NOT_A_STORY
    _end(connection, visit, frontier.DONE if done else frontier.FAILED, str(outcome.kind), outcome.detail)
    return True


def _follow_redirect(
    connection: Connection, outcome: Outcome, visit: Visit, target: Address, delays: dict[str, float]
) -> bool:
    hops = frontier.redirects_of(connection, visit.topic, visit.frontier_key) + 1
    same_story = target.key == visit.frontier_key
    trouble, kind = "", OutcomeKind.OVER_LIMIT
    if hops > MAX_REDIRECTS:
        trouble = f"REDIRECT_MAX_TIMES: more than {MAX_REDIRECTS} redirects, the last to {target.url}"
    elif same_story and target.url in frontier.addresses_tried(connection, visit.topic, visit.frontier_key):
        trouble, kind = f"redirects in a circle, by {target.url}", OutcomeKind.UNREADABLE
    if trouble:
        _end(connection, visit, frontier.FAILED, str(kind), trouble)
        return True
    if same_story:
        hosts.ensure_hosts(connection, delays)
        frontier.try_other_address(connection, visit.topic, visit.frontier_key, visit.worker, target)
        return False
    if visit.is_revisit:
        revisits.note_gone(connection, visit.frontier_key, visit.fetched_at)
    _end(connection, visit, frontier.DONE, str(outcome.kind), f"to {target.url}")
    _upsert_alias(connection, visit.frontier_key, target.key, visit.fetched_at)
    discovery.move_evidence(
        connection, visit.topic, visit.frontier_key, target, hops=hops, delays=delays, kind=visit.kind
    )
    return True


def _end(
    connection: Connection,
    visit: Visit,
    state: str,
    outcome: str,
    detail: str = "",
    article_key: str | None = None,
) -> None:
    frontier.finish(
        connection,
        (visit.topic, visit.frontier_key, visit.worker),
        state=state,
        outcome=outcome,
        detail=detail,
        article_key=article_key,
        crawl_id=visit.crawl_id,
    )


def _recognise(connection: Connection, article: Article) -> datetime | None:
    """Set what has changed since the story was last read; return when it was first seen, if ever."""
    before = connection.execute(_KNOWN, {"of_key": article.article_key}).one_or_none()
    if before is None:
        article.change = Change.NEW
        return None
    same_text = before.content_hash == article.content_hash
    article.change = Change.UNCHANGED if same_text else Change.EDITED
    first_seen_at: datetime = before.first_seen_at
    return first_seen_at


def _save_article(connection: Connection, article: Article, seen_at: datetime) -> int:
    """Insert or refresh the story and keep its text as a revision; return the story's id."""
    row = {
        "outlet": article.outlet,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "content_hash": article.content_hash,
        "title": article.title,
        "deck": article.deck,
        "authors": article.authors,
        "editors": article.editors,
        "initials": article.initials,
        "dateline": article.dateline,
        "section": article.section,
        "tags": article.tags,
        "image_url": article.image_url,
        "image_caption": article.image_caption,
        "language": article.language,
        "agency": article.agency,
        "is_premium": article.is_premium,
        "published_at": article.published_at,
        "published_offset": _offset_minutes(article.published_at),
        "modified_at": article.modified_at,
        "modified_offset": _offset_minutes(article.modified_at),
        "word_count": len(article.body.split()),
        "missing_pages": article.missing_pages,
        "extractor": article.extractor,
        "last_seen_at": seen_at,
        "gone_at": None,
    }
    changing = tuple(row)
    article_id = upsert(
        connection,
        articles,
        row | {"article_key": article.article_key, "first_seen_at": seen_at},
        key=("article_key",),
        changing=changing,
        returning="id",
    ).scalar_one()
    # Editors may go back to an earlier text: then that revision is the newest again.
    upsert(
        connection,
        revisions,
        {
            "article_id": article_id,
            "content_hash": article.content_hash,
            "title": article.title,
            "deck": article.deck,
            "body": article.body,
            "authors": article.authors,
            "modified_at": article.modified_at,
            "seen_at": seen_at,
        },
        key=("article_id", "content_hash"),
        changing=("modified_at",),
    )
    return int(article_id)


def _offset_minutes(moment: datetime | None) -> int | None:
    offset = moment.utcoffset() if moment is not None else None
    return offset // timedelta(minutes=1) if offset is not None else None


def _save_links(connection: Connection, article_id: int, found: Iterable[Link], seen_at: datetime) -> None:
    printed: Counter[str] = Counter()
    rows: list[dict[str, Any]] = []
    for link in found:
        printed[link.url] += 1
        target = address_of(link.url)
        rows.append(
            {
                "source_id": article_id,
                "target_url": link.url,
                "occurrence": printed[link.url],
                "target_key": target.key,
                "target_outlet": target.outlet,
                "label": link.label,
                "anchor_text": link.anchor_text,
                "position": link.position,
                "first_seen_at": seen_at,
                "last_seen_at": seen_at,
            }
        )
    if rows:
        upsert(
            connection,
            links,
            rows,
            key=("source_id", "target_url", "occurrence"),
            changing=("label", "anchor_text", "position", "last_seen_at"),
        )


def _save_aliases(connection: Connection, article: Article, visit: Visit) -> None:
    seen_under = {address_of(url).key for url in (visit.url, article.url, article.canonical_url)}
    other_keys = sorted((seen_under | {visit.frontier_key}) - {article.article_key})
    for alias_key in other_keys:
        _upsert_alias(connection, alias_key, article.article_key, visit.fetched_at)
    if other_keys:
        # What led to one of these keys, a redirect for instance, leads to the story.
        connection.execute(
            update(aliases)
            .where(aliases.c.article_key.in_(other_keys))
            .values(article_key=article.article_key)
        )


def _upsert_alias(connection: Connection, alias_key: str, article_key: str, seen_at: datetime) -> None:
    row = {"alias_key": alias_key, "article_key": article_key, "first_seen_at": seen_at}
    upsert(connection, aliases, row, key=("alias_key",), changing=("article_key",))


def _save_page(
    connection: Connection,
    visit: Visit,
    outlet: str,
    outcome: str,
    detail: str,
    article_key: str | None,
    next_visit_at: datetime | None = None,
) -> None:
    row = {
        "page_key": visit.frontier_key,
        "url": visit.url,
        "outlet": outlet,
        "outcome": outcome,
        "detail": detail,
        "status": visit.status,
        "etag": visit.etag,
        "last_modified": visit.last_modified,
        "article_key": article_key,
        "fetched_at": visit.fetched_at,
        "visits": 1,
        "next_visit_at": next_visit_at,
    }
    # A story that is gone is still the story of its page.
    kept = ("page_key", "visits") if article_key else ("page_key", "visits", "article_key")
    changing = tuple(name for name in row if name not in kept)
    upsert(connection, pages, row, key=("page_key",), changing=changing, adding=("visits",))
