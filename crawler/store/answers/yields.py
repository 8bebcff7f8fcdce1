"""What a topic's crawls brought for their fetches: read from the frontier, whoever made them and when."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from crawler.coverage import Coverage
from crawler.errors import BacaJugaError
from crawler.items import PageKind, Zone
from crawler.store.answers.seed_reach import coverage
from crawler.store.crawl.crawls import best_left
from crawler.store.crawl.frontier import DONE, FAILED, left
from crawler.store.schema import article_topics, articles, crawls, evidence, frontier, pages
from crawler.yields import Fetch, Yields, yields_of

_FOREVER = datetime.max.replace(tzinfo=UTC)


@dataclass(kw_only=True, slots=True)
class LoggedCrawl:
    """A line of the log of crawls: one worker's share."""

    id: int
    worker: str
    started_at: datetime
    ended_at: datetime | None  # None while it runs, and when it was killed
    stop_reason: str | None
    closed_outlets: dict[str, str]  # by the guards: outlet and reason


@dataclass(kw_only=True, slots=True)
class YieldReport:
    """What crawls of a topic brought, and what is left for the next one."""

    topic: str
    crawls: list[LoggedCrawl]  # in the order in which they began
    yields: Yields
    revisits: int  # stories that were asked for again; they count once
    left: int  # links above the floor
    below_floor: int
    best_left: float | None  # the best score of a link that nobody has fetched
    floor: float
    coverage: Coverage
    closed_outlets: dict[str, str] = field(default_factory=dict)

    @property
    def stop_reason(self) -> str | None:
        """Why the crawl that began last ended."""
        return self.crawls[-1].stop_reason if self.crawls else None


def yield_report(
    connection: Connection, topic: str, floor: float, crawl_ids: tuple[int, ...] = ()
) -> YieldReport:
    """Return what a topic's crawls brought for their fetches, and how much they may have missed.

    A fetch is a page that was asked for and answered: the parts of a long story are one, and so is a page
    that took several tries. A page that a later crawl asked for again counts for that crawl alone, unless
    it is a story, which is new only once.

    Args:
        connection: to the store.
        topic: its name.
        floor: the score below which its links are not fetched.
        crawl_ids: only these crawls of the topic; empty for all. What is left, and the coverage, are the
            topic's in any case.

    Raises:
        BacaJugaError: when a crawl of that number is not one of the topic's.
    """
    logged = crawls_of(connection, topic)
    known = {crawl.id for crawl in logged}
    for crawl_id in crawl_ids:
        if crawl_id not in known:
            raise BacaJugaError(f"no crawl {crawl_id} of {topic}{_known(known)}")
    chosen = [crawl for crawl in logged if not crawl_ids or crawl.id in crawl_ids]
    visits = _visits(connection, topic, logged, set(crawl_ids))
    all_left, best = best_left(connection, topic)
    above = left(connection, topic, floor)
    return YieldReport(
        topic=topic,
        crawls=chosen,
        yields=yields_of(_fetches(visits, logged, set(crawl_ids))),
        revisits=sum(visit.is_revisit for visit in visits),
        left=above,
        below_floor=max(all_left - above, 0),
        best_left=best,
        floor=floor,
        coverage=coverage(connection, topic, floor),
        closed_outlets={name: why for crawl in chosen for name, why in crawl.closed_outlets.items()},
    )


def crawls_of(connection: Connection, topic: str) -> list[LoggedCrawl]:
    """Return the crawls of a topic, in the order in which they began."""
    rows = connection.execute(
        select(crawls).where(crawls.c.topic == topic).order_by(crawls.c.started_at, crawls.c.id)
    )
    return [
        LoggedCrawl(
            id=row.id,
            worker=row.worker,
            started_at=row.started_at,
            ended_at=row.ended_at,
            stop_reason=row.stop_reason,
            closed_outlets=dict(row.figures.get("closed_outlets") or {}),
        )
        for row in rows
    ]


def crawled_topics(connection: Connection) -> list[str]:
    """Return the names of the topics that have been crawled."""
    return list(connection.scalars(select(crawls.c.topic).distinct().order_by(crawls.c.topic)))


@dataclass(frozen=True, slots=True)
class _Visit:
    at: datetime
    id: int
    row: Any
    is_revisit: bool


class _Calendar:
    """When crawls of a topic ran: a story first seen meanwhile was found by one of them."""

    def __init__(self, logged: list[LoggedCrawl]) -> None:
        self.started = [crawl.started_at for crawl in logged]
        # One that was killed ended, for all that we know, when the next began.
        following = [*self.started[1:], _FOREVER]
        ends = (crawl.ended_at or following[number] for number, crawl in enumerate(logged))
        self._latest_end = list(accumulate(ends, max))
        self.start_of = {crawl.id: crawl.started_at for crawl in logged}

    def was_known(self, first_seen_at: datetime | None, crawl_id: int | None) -> bool:
        """Return whether the topic had a story before that crawl asked for it."""
        start = self.start_of.get(crawl_id) if crawl_id is not None else None
        if first_seen_at is None or start is None or first_seen_at >= start:
            return False
        before = bisect_right(self.started, first_seen_at) - 1
        return before >= 0 and self._latest_end[before] >= first_seen_at


def _visits(
    connection: Connection, topic: str, logged: list[LoggedCrawl], crawl_ids: set[int]
) -> list[_Visit]:
    """Return the visits that have ended, in order; of all crawls when no numbers are given."""
    calendar = _Calendar(logged)
    visits = []
    for row in _rows(connection, topic, crawl_ids):
        is_revisit = row.visits > 1 and calendar.was_known(row.first_seen_at, row.crawl_id)
        # Of a story that was asked for again, the first visit is the one that counts.
        visits.append(_Visit(row.first_seen_at if is_revisit else row.done_at, row.id, row, is_revisit))
    visits.sort(key=lambda visit: (visit.at, visit.id))
    return visits


def _fetches(visits: Iterable[_Visit], logged: list[LoggedCrawl], crawl_ids: set[int]) -> Iterator[Fetch]:
    calendar = _Calendar(logged)
    credited: set[int] = set()
    for visit in visits:
        row = visit.row
        if crawl_ids and visit.is_revisit:
            continue
        # Two addresses of a story may both be fetched, by two crawls even: the first one brought it.
        is_new = row.on_topic and row.duplicate_of is None and row.article_id not in credited
        if is_new and crawl_ids and calendar.was_known(row.first_seen_at, row.crawl_id):
            is_new = False
        if is_new:
            credited.add(row.article_id)
        yield Fetch(
            outlet=row.outlet,
            zone=row.zone or (str(Zone.SEED) if row.is_seed else "unknown"),
            depth=row.depth,
            # What was linked as a story may turn out to be a list.
            kind="listing" if row.outcome == "listing" and row.kind == PageKind.STORY else row.kind,
            is_new_story=bool(is_new),
        )


def _rows(connection: Connection, topic: str, crawl_ids: set[int]) -> Iterator[Any]:
    statement: Select[Any] = (
        select(
            frontier.c.id,
            frontier.c.outlet,
            # Stores of before 0.2 have the zone in the evidence alone.
            func.coalesce(frontier.c.zone, evidence.c.zone).label("zone"),
            *(frontier.c[name] for name in ("depth", "is_seed", "kind", "outcome", "crawl_id", "done_at")),
            pages.c.visits,
            articles.c.id.label("article_id"),
            articles.c.duplicate_of,
            articles.c.first_seen_at,
            article_topics.c.on_topic,
        )
        # Other addresses of a story are done with it, unfetched: these have no page.
        .join(pages, pages.c.page_key == frontier.c.key)
        .outerjoin(
            evidence,
            and_(
                evidence.c.topic == frontier.c.topic,
                evidence.c.target_key == frontier.c.key,
                evidence.c.source_key == frontier.c.found_via,
            ),
        )
        .outerjoin(
            articles, articles.c.article_key == func.coalesce(frontier.c.article_key, pages.c.article_key)
        )
        .outerjoin(
            article_topics,
            and_(article_topics.c.article_id == articles.c.id, article_topics.c.topic == frontier.c.topic),
        )
        .where(
            frontier.c.topic == topic,
            frontier.c.state.in_([DONE, FAILED]),
            # Without a status nobody was asked, as where robots.txt forbids it, or nobody answered.
            pages.c.status > 0,
            frontier.c.done_at.is_not(None),
        )
        .order_by(frontier.c.done_at, frontier.c.id)
    )
    if crawl_ids:
        statement = statement.where(frontier.c.crawl_id.in_(sorted(crawl_ids)))
    yield from connection.execute(statement.execution_options(yield_per=1000))


def _known(numbers: set[int]) -> str:
    if not numbers:
        return ", which has not been crawled"
    latest = ", ".join(map(str, sorted(numbers)[-5:]))
    return f"; its {'last five' if len(numbers) > 5 else 'crawls'}: {latest}"
