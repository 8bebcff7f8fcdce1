"""A small store: a seed, three stories found from it, a lure, a copy, and addresses that led nowhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from crawler.address import address_of
from crawler.store.database import Store
from crawler.store.schema import (
    aliases,
    article_topics,
    articles,
    evidence,
    frontier,
    links,
    pages,
    revisions,
)

TOPIC = "data-breach"
SEEN_AT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)

SEED = "https://www.tribunnews.com/nasional/2021/05/21/data-279-juta-peserta-bpjs-bocor"
SECOND = "https://www.tribunnews.com/nasional/2021/05/22/kominfo-blokir-raid-forums"
THIRD = "https://www.tribunnews.com/nasional/2021/05/25/bareskrim-periksa-dirut-bpjs"
LURE = "https://www.tribunnews.com/techno/2021/05/20/bocoran-ponsel-terbaru"
COPY = "https://medan.tribunnews.com/2021/05/23/kominfo-blokir-raid-forums"
AMP_OF_SECOND = "https://m.tribunnews.com/amp/nasional/2021/05/22/kominfo-blokir-raid-forums-resmi"
QUEUED = "https://www.tribunnews.com/nasional/2021/06/01/polisi-cari-peretas-kotz"
BELOW_FLOOR = "https://www.tribunnews.com/bola/2021/05/21/jadwal-final"
FORBIDDEN = "https://www.tribunnews.com/private/2021/05/21/data-bocor"
GONE = "https://www.tribunnews.com/nasional/2021/05/19/data-bocor-hilang"
REDIRECTED = "https://www.tribunnews.com/nasional/2021/05/22/alamat-lama-blokir"
WAITING = "https://www.kompas.com/tren/read/2021/05/21/data-bocor"
NEVER_LINKED = "https://www.detik.com/berita/d-123456/tidak-ada"


def key(url: str) -> str:
    return address_of(url).key


def fill(store: Store) -> None:
    """Write everything above into the store."""
    with store.write() as connection:
        add_story(
            connection,
            1,
            SEED,
            "279 Juta Data Peserta BPJS Bocor",
            day=21,
            matched=["data bocor", "raid forums"],
        )
        add_story(connection, 2, SECOND, "Kominfo Blokir Raid Forums", day=22, depth=1, modified_after=90)
        add_story(connection, 3, LURE, "Bocoran Ponsel Terbaru", day=20, depth=1, relevance=0.1, matched=[])
        add_story(connection, 4, COPY, "Kominfo Blokir Raid Forums", day=23, depth=2, duplicate_of=2)
        add_story(connection, 5, THIRD, "Bareskrim Periksa Dirut BPJS", day=25, depth=2, published=False)
        add_alias(connection, AMP_OF_SECOND, SECOND)
        add_alias(connection, REDIRECTED, SECOND)
        add_link(connection, 1, SECOND, "Kominfo blokir forum penjual data", position=3)
        add_link(connection, 1, LURE, "Bocoran ponsel", position=5, label="Lihat juga")
        add_link(connection, 1, BELOW_FLOOR, "Jadwal final", position=5, label="Lihat juga")
        add_link(connection, 2, SEED, "279 juta data bocor", position=2)
        add_link(connection, 2, THIRD, "Dirut BPJS diperiksa soal data bocor", position=4)
        add_link(connection, 4, AMP_OF_SECOND, "Kominfo blokir forum", position=1)
        add_entry(connection, SEED, is_seed=True, score=1.0)
        add_entry(connection, SECOND, found_via=SEED, anchor="Kominfo blokir forum penjual data", score=0.8)
        add_entry(connection, LURE, found_via=SEED, anchor="Bocoran ponsel", score=0.4, label="Lihat juga")
        add_entry(
            connection, THIRD, found_via=SECOND, anchor="Dirut BPJS diperiksa soal data bocor", score=0.7
        )
        add_entry(connection, COPY, found_via=SECOND, anchor="Kominfo blokir forum", score=0.6)
        add_entry(connection, QUEUED, found_via=THIRD, anchor="Polisi cari Kotz", score=0.65, state="queued")
        add_entry(connection, BELOW_FLOOR, found_via=SEED, anchor="Jadwal final", score=0.12, state="queued")
        add_entry(
            connection, WAITING, found_via=SEED, anchor="Data bocor", score=0.5, state="waiting", detail="503"
        )
        add_entry(
            connection, FORBIDDEN, found_via=SEED, anchor="Data bocor", score=0.9,
            state="failed", outcome="forbidden", detail="Disallow: /private/",
        )  # fmt: skip
        add_entry(
            connection, GONE, found_via=SECOND, anchor="Data bocor", score=0.9,
            state="failed", outcome="gone", detail="404",
        )  # fmt: skip
        add_entry(
            connection, REDIRECTED, found_via=SEED, anchor="Blokir", score=0.5,
            outcome="redirected", detail=f"to {SECOND}",
        )  # fmt: skip
        add_page(connection, SEED)
        add_page(connection, AMP_OF_SECOND)


def add_story(
    connection: Any,
    number: int,
    url: str,
    title: str,
    *,
    day: int,
    depth: int = 0,
    relevance: float = 0.9,
    matched: list[str] | None = None,
    topic: str | None = TOPIC,
    duplicate_of: int | None = None,
    published: bool = True,
    modified_after: int | None = None,
    body: str = "Paragraf pertama.\n\nParagraf kedua.",
    **fields: Any,
) -> None:
    published_at = datetime(2021, 5, day, 1, 30, tzinfo=UTC)
    row = {
        "id": number,
        "article_key": key(url),
        "outlet": address_of(url).outlet,
        "url": url,
        "canonical_url": url,
        "content_hash": f"hash{number}",
        "title": title,
        "authors": ["Ani Lestari", "Budi"],
        "editors": ["Citra"],
        "tags": ["BPJS Kesehatan", "data bocor"],
        "is_premium": False,
        "published_at": published_at if published else None,
        "published_offset": 420 if published else None,
        "modified_at": published_at + timedelta(minutes=modified_after) if modified_after else None,
        "modified_offset": 480 if modified_after else None,
        "word_count": len(body.split()),
        "missing_pages": [],
        "extractor": "tribunnews",
        "duplicate_of": duplicate_of,
        "duplicate_kind": "exact" if duplicate_of else None,
        "first_seen_at": SEEN_AT,
        "last_seen_at": SEEN_AT,
    } | fields
    connection.execute(insert(articles).values(row))
    connection.execute(
        insert(revisions).values(
            id=number, article_id=number, content_hash=f"hash{number}", title=title, body=body,
            authors=row["authors"], seen_at=SEEN_AT,
        )
    )  # fmt: skip
    if topic is not None:
        add_topic(connection, number, topic, relevance=relevance, matched=matched, depth=depth)


def add_topic(
    connection: Any,
    number: int,
    topic: str,
    *,
    relevance: float = 0.9,
    matched: list[str] | None = None,
    depth: int = 0,
) -> None:
    connection.execute(
        insert(article_topics).values(
            article_id=number, topic=topic, relevance=relevance, on_topic=relevance >= 0.5,
            matched=["data bocor"] if matched is None else matched, depth=depth, scored_at=SEEN_AT,
        )
    )  # fmt: skip


def add_link(
    connection: Any, source: int, target: str, anchor: str, *, position: int, label: str = "Baca juga"
) -> None:
    connection.execute(
        insert(links).values(
            source_id=source, target_url=target, occurrence=1, target_key=key(target),
            target_outlet=address_of(target).outlet, label=label, anchor_text=anchor, position=position,
            first_seen_at=SEEN_AT, last_seen_at=SEEN_AT,
        )
    )  # fmt: skip


def add_entry(
    connection: Any,
    url: str,
    *,
    found_via: str | None = None,
    anchor: str = "",
    score: float,
    label: str | None = "Baca juga",
    is_seed: bool = False,
    state: str = "done",
    outcome: str | None = None,
    detail: str | None = None,
    topic: str = TOPIC,
) -> None:
    address = address_of(url)
    ended = state in ("done", "failed")
    connection.execute(
        insert(frontier).values(
            topic=topic, key=address.key, url=url, host=address.host, outlet=address.outlet, state=state,
            score=score, depth=0, is_seed=is_seed, found_via=key(found_via) if found_via else None,
            label=None if is_seed else label, anchor_text=anchor, attempts=1 if state == "waiting" else 0,
            redirects=0, tried=[], is_revisit=False, detail=detail,
            outcome=(outcome or "article") if ended else None,
            article_key=address.key if ended and outcome is None else None,
        )
    )  # fmt: skip
    if found_via:
        connection.execute(
            insert(evidence).values(
                topic=topic, target_key=address.key, source_key=key(found_via), zone="body", label=label,
                anchor_text=anchor, anchor_score=score - 0.05, context_score=0.1, page_score=0.9, depth=0,
            )
        )  # fmt: skip


def add_alias(connection: Any, url: str, story_url: str) -> None:
    connection.execute(
        insert(aliases).values(alias_key=key(url), article_key=key(story_url), first_seen_at=SEEN_AT)
    )


def add_page(connection: Any, url: str, outcome: str = "article") -> None:
    connection.execute(
        insert(pages).values(
            page_key=key(url), url=url, outlet=address_of(url).outlet, outcome=outcome, detail="",
            status=200, article_key=key(url), fetched_at=SEEN_AT, visits=1,
        )
    )  # fmt: skip
