"""A topic of some hundred stories with incidents, hubs, reprints and edits, the same ones each time."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update

from crawler.store.database import Store
from crawler.store.schema import article_topics, articles, copies, crawls, frontier, pages, revisions
from tests.stories import SEEN_AT, TOPIC, add_link, add_story, key

OUTLETS = {
    "kompas": "https://nasional.kompas.com/read/2021/05/{number:02}/{number}/berita",
    "detik": "https://news.detik.com/berita/d-{number}/berita",
    "tribunnews": "https://www.tribunnews.com/nasional/2021/05/21/berita-{number}",
    "liputan6": "https://www.liputan6.com/news/read/{number}/berita",
    "cnnindonesia": "https://www.cnnindonesia.com/nasional/20210521-12-{number}/berita",
    "tempo": "https://nasional.tempo.co/read/{number}/berita",
    "antaranews": "https://www.antaranews.com/berita/{number}/berita",
    "okezone": "https://nasional.okezone.com/read/2021/05/21/337/{number}/berita",
    "republika": "https://news.republika.co.id/berita/{number}/berita",
    "suara": "https://www.suara.com/news/2021/05/21/{number}/berita",
    "jpnn": "https://www.jpnn.com/news/berita-{number}",
    "merdeka": "https://www.merdeka.com/peristiwa/berita-{number}.html",
}
VICTIMS = (
    "BPJS Kesehatan", "Tokopedia", "KPU", "Bank Syariah Nusantara", "MyIndiHome", "PLN", "Dukcapil",
    "Kimia Farma", "Bukalapak", "Pertamina", "RS Harapan Kita", "eHAC Kemenkes", "Imigrasi", "Polri",
    "Traveloka", "Jasa Raharja",
)  # fmt: skip
ANGLES = (
    "Data {number} Juta Pengguna {victim} Diduga Bocor dan Dijual di Forum Peretas",
    "{victim} Bantah Data Pelanggan Bocor, Sebut Sistem Aman",
    "Kominfo Panggil Direksi {victim} soal Dugaan Kebocoran Data",
    "Polisi Periksa {number} Saksi Kasus Kebocoran Data {victim}",
    "Pakar: Kebocoran {victim} Terjadi karena Sandi Bawaan Tak Diganti",
    "DPR Minta {victim} Bertanggung Jawab atas Data Warga yang Bocor",
    "Cara Mengecek Apakah Data Anda Ikut Bocor dalam Kasus {victim}",
    "BSSN Investigasi Peladen {victim}, Temukan {number} Celah",
    "Peretas {victim} Minta Tebusan {number} Bitcoin",
    "Gugatan Warga terhadap {victim} Masuk Sidang Pertama",
    "Setelah Bocor, {victim} Tawarkan Pemantauan Identitas Gratis",
)
FIRST_DAY = datetime(2021, 3, 2, 1, 0, tzinfo=UTC)


def fill_many(store: Store, count: int = 500) -> None:
    """Write so many stories, each with up to four links to earlier ones, most of its incident and outlet."""
    dice = random.Random(279)
    written: list[tuple[int, str, str, int]] = []  # number, outlet, address, incident
    with store.write() as connection:
        for number in range(1, count + 1):
            incident = min(int(dice.expovariate(0.22)), len(VICTIMS) - 1)
            outlet = list(OUTLETS)[min(int(dice.expovariate(0.35)), len(OUTLETS) - 1)]
            url = OUTLETS[outlet].format(number=1_000_000 + number)
            victim = VICTIMS[incident]
            title = dice.choice(ANGLES).format(victim=victim, number=dice.randint(2, 279))
            began = FIRST_DAY + timedelta(days=incident * 6)
            moment = began + timedelta(hours=dice.expovariate(1 / 90) + dice.random() * 5)
            add_story(
                connection, number, url, title, day=21, outlet=outlet, published_at=moment,
                published_offset=420, body=body(dice, incident, number),
            )  # fmt: skip
            add_links(connection, dice, number, outlet, incident, written)
            written.append((number, outlet, url, incident))
        add_copies(connection, dice, written)
        add_edits(connection, dice, written)
        add_crawl(connection, dice, written)


def body(dice: random.Random, incident: int, number: int) -> str:
    """Return a text in words of which half are the incident's own."""
    own = [
        f"{stem}{VICTIMS[incident].split()[0].lower()}"
        for stem in ("peladen", "nasabah", "direksi", "kantor", "berkas")
    ]
    common = [
        "data",
        "bocor",
        "peretas",
        "forum",
        "dijual",
        "warga",
        "kata",
        "juru",
        "bicara",
        "sistem",
        "aman",
        "sandi",
    ]
    words = [dice.choice(own if dice.random() < 0.5 else common) for _ in range(50)]
    return f"{' '.join(words).capitalize()}.\n\nParagraf kedua nomor {number}."


def add_links(
    connection: Any, dice: random.Random, number: int, outlet: str, incident: int, written: list[Any]
) -> None:
    own = [each for each in written if each[3] == incident and (each[1] == outlet or dice.random() < 0.08)]
    other = [each for each in written if each[1] == outlet and each[3] != incident]
    # Editors link to what they linked to before: the first stories of an incident become hubs.
    chosen = {own[min(int(dice.expovariate(0.45)), len(own) - 1)] for _ in range(dice.randint(0, 4)) if own}
    if other and dice.random() < 0.12:
        chosen.add(dice.choice(other))
    for position, (_, _, url, _) in enumerate(sorted(chosen)):
        add_link(connection, number, url, "Data bocor", position=position)


def add_copies(connection: Any, dice: random.Random, written: list[Any]) -> None:
    for number, outlet, _, incident in written[3::9]:
        others = [each for each in written if each[3] == incident and each[0] < number and each[1] != outlet]
        if not others:
            continue
        first = dice.choice(others)[0]
        likeness = dice.choice([1.0, 0.94, 0.81, 0.73])
        kind = "exact" if likeness == 1 else "near"
        row = {
            "j3": likeness,
            "containment": likeness,
            "num_jaccard": 1.0,
            "sig_version": 1,
            "found_at": SEEN_AT,
        }
        connection.execute(insert(copies).values(article_id=number, of_id=first, kind=kind, **row))
        if kind == "exact" and number % 2:
            connection.execute(
                update(articles)
                .where(articles.c.id == number)
                .values(duplicate_of=first, duplicate_kind=kind)
            )


def add_edits(connection: Any, dice: random.Random, written: list[Any]) -> None:
    for number, _, _, incident in written[::17]:
        title = f"{VICTIMS[incident]} Akui {dice.randint(2, 90)} Juta Data Pelanggan Bocor"
        connection.execute(
            insert(revisions).values(
                id=number + 10_000, article_id=number, content_hash=f"edited{number}",
                title=title, authors=[],
                body=f"Data {number} juta orang bocor, kata {VICTIMS[incident]}, Kamis.\n\nParagraf baru.",
                seen_at=SEEN_AT + timedelta(hours=6),
            )
        )  # fmt: skip
        connection.execute(
            update(articles)
            .where(articles.c.id == number)
            .values(content_hash=f"edited{number}", title=title)
        )


def add_crawl(connection: Any, dice: random.Random, written: list[Any]) -> None:
    connection.execute(
        insert(crawls).values(
            id=1, topic=TOPIC, worker="one", started_at=SEEN_AT - timedelta(hours=2), ended_at=SEEN_AT,
            stop_reason="finished", figures={},
        )
    )  # fmt: skip
    connection.execute(update(articles).values(first_seen_at=SEEN_AT - timedelta(hours=1)))
    connection.execute(update(article_topics).values(crawl_id=1))
    for place, (number, outlet, url, _) in enumerate(written):
        done = SEEN_AT - timedelta(hours=2) + timedelta(seconds=10 * place)
        for address, outcome, article_key in [
            (url, "article", key(url)),
            *([(f"https://www.lama.test/hilang/{number}", "gone", None)] if dice.random() < 0.3 else []),
        ]:
            connection.execute(
                insert(frontier).values(
                    topic=TOPIC, key=key(address), url=address, host=outlet, outlet=outlet, state="done",
                    score=0.7, depth=min(number // 60, 5), is_seed=number <= 5,
                    zone="seed" if number <= 5 else "body",
                    anchor_text="Data", attempts=0, redirects=0, tried=[], is_revisit=False, outcome=outcome,
                    article_key=article_key, crawl_id=1, done_at=done,
                )
            )  # fmt: skip
            connection.execute(
                insert(pages).values(
                    page_key=key(address), url=address, outlet=outlet, outcome=outcome, detail="", status=200,
                    article_key=article_key, fetched_at=done, visits=1,
                )
            )  # fmt: skip
