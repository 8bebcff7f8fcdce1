"""What stands between an address and its fetch: its score, its host, and those before it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from crawler.address import address_of
from crawler.frontier.score import ANCHOR_SHARE, CONTEXT_SHARE, PAGE_SHARE
from crawler.store.answers.explain import MAX_REFERRERS, Referrer
from crawler.store.answers.provenance import Entry
from crawler.store.crawl.frontier import QUEUED
from crawler.store.schema import crawls, evidence, frontier, hosts

ENDED = {
    "finished": "when nothing was left that it might fetch",
    "waiting": "when every outlet that was left had to be left alone for a while",
    "max_pages": "when its page budget was spent",
    "max_minutes": "when its time budget was spent",
    "shutdown": "when it was interrupted",
}


@dataclass(kw_only=True, slots=True)
class ScoreParts:
    """What the score of a link is made of, each part from 0 to 1."""

    score: float
    floor: float  # links that score lower are not fetched
    anchor: float  # the best words that link to it, or those of its address
    pages: float  # the pages that print the links
    context: float  # the best words around a link
    referrers: int  # how many pages those are


@dataclass(kw_only=True, slots=True)
class HostState:
    """Whether the address's host may be asked."""

    host: str
    due_at: datetime  # nobody asks it before
    failures: int  # in a row
    trouble: str | None  # what the last one was


def score_parts(connection: Connection, entry: Entry, floor: float) -> ScoreParts:
    """Return what the score of an entry that is not a seed is made of."""
    best = connection.execute(
        select(
            func.coalesce(func.max(evidence.c.anchor_score), 0.0).label("anchor"),
            func.coalesce(func.max(evidence.c.context_score), 0.0).label("context"),
            func.count().label("referrers"),
        ).where(evidence.c.topic == entry.topic, evidence.c.target_key == entry.key)
    ).one()
    pages_part = (entry.score - ANCHOR_SHARE * best.anchor - CONTEXT_SHARE * best.context) / PAGE_SHARE
    return ScoreParts(
        score=entry.score,
        floor=floor,
        anchor=best.anchor,
        # The rest: scores are kept whole.
        pages=min(1.0, max(0.0, pages_part)),
        context=best.context,
        referrers=best.referrers,
    )


def score_sentences(parts: ScoreParts, referrers: list[Referrer]) -> list[str]:
    """Return the score in words, with the best of the pages that link, best first among ``referrers``."""
    sentences = [
        f"The score is {ANCHOR_SHARE:g} × {parts.anchor:.2f} for the best words that link to it, "
        f"{PAGE_SHARE:g} × {parts.pages:.2f} for the pages that print the links, and "
        f"{CONTEXT_SHARE:g} × {parts.context:.2f} for the words around"
    ]
    if referrers:
        best = referrers[0]
        pages = len(referrers) if len(referrers) < MAX_REFERRERS else parts.referrers
        number = "1 page links" if pages == 1 else f"{pages:,} pages link"
        sentences.append(
            f"{number} to it{', the best' if pages > 1 else ''}: {best.url} (relevance "
            f"{best.page_score:.2f}, {best.zone}) with “{best.anchor_text}” ({best.anchor_score:.2f})"
        )
    return sentences


def host_state(connection: Connection, entry: Entry) -> HostState | None:
    """Return whether the host of an entry may be asked; None for a host that nobody has asked."""
    host = address_of(entry.url).host
    row = connection.execute(select(hosts).where(hosts.c.host == host)).one_or_none()
    if row is None:
        return None
    due_at = datetime.fromtimestamp(row.next_at, UTC)
    return HostState(host=host, due_at=due_at, failures=row.failures, trouble=row.trouble)


def host_sentences(state: HostState | None) -> list[str]:
    """Return in words why a host is left alone; nothing for one that answers."""
    if state is None or not state.failures:
        return []
    times = "once" if state.failures == 1 else f"{state.failures} times in a row"
    why_failed = f" ({state.trouble})" if state.trouble else ""
    rest = (
        f" and is left alone until {local_minute(state.due_at)}" if state.due_at > datetime.now(UTC) else ""
    )
    return [f"Its host {state.host} has failed {times}{why_failed}{rest}"]


def queue_sentences(connection: Connection, entry: Entry, outlets: Collection[str]) -> list[str]:
    """Return in words what an entry above the floor waits for; ``outlets`` as for ``why_not``."""
    if outlets and entry.outlet not in outlets:
        asked = ", ".join(sorted(outlets))
        return [f"The outlet {entry.outlet} is not among those that the crawl may ask: {asked}"]
    last = connection.execute(
        select(crawls.c.stop_reason, crawls.c.figures, crawls.c.ended_at)
        .where(crawls.c.topic == entry.topic)
        .order_by(crawls.c.started_at.desc(), crawls.c.id.desc())
        .limit(1)
    ).one_or_none()
    before = connection.scalar(
        select(func.count()).where(
            frontier.c.topic == entry.topic, frontier.c.state == QUEUED, frontier.c.score > entry.score
        )
    )
    waiting = f"{before:,} addresses with better scores wait" if before else "No better address waits"
    sentences = [f"{waiting} before it" if before != 1 else "One with a better score waits before it"]
    if last is None:
        return sentences
    closed = (last.figures.get("closed_outlets") or {}).get(entry.outlet)
    if closed:
        return [*sentences, f"The last crawl had given up {entry.outlet}: {closed}"]
    if last.stop_reason is not None:
        sentences.append(f"The last crawl ended {ENDED.get(last.stop_reason, f'as {last.stop_reason}')}")
    if last.stop_reason == "finished":
        sentences.append("Either it was told to ask other outlets only (--outlet), or had a higher floor")
    return sentences


def local_minute(moment: datetime) -> str:
    """Return a moment in this machine's time, to the minute."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M %Z}"
