from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from crawler.address import address_of
from crawler.items import PageKind, Zone
from crawler.store.answers.why_not import Answer, why_not
from crawler.store.database import Store
from crawler.store.schema import copies, crawls, evidence, frontier, hosts, pages, revisions
from crawler.topic import Topic, load_topic
from crawler.topic.shortfall import shortfall
from tests import stories

TAG_PAGE = "https://www.kompas.com/tag/kebocoran-data"
TRAP = "https://www.kompas.com/a/b/a/b/a/b"
BLOCKED = "https://www.kompas.com/tren/read/2021/05/22/104500777/data-bocor-tertutup"


@pytest.fixture(scope="module")
def topics() -> Mapping[str, Topic]:
    return {stories.TOPIC: load_topic(stories.TOPIC)}


@pytest.fixture
def filled(store: Store) -> Store:
    stories.fill(store)
    return store


def answer(store: Store, url: str, topics: Mapping[str, Topic], **options: Any) -> Answer:
    result = why_not(store, url, topics, **options)
    assert result.is_known
    [only] = result.answers
    return only


def change(store: Store, url: str, expected: PageKind = PageKind.STORY, **values: Any) -> None:
    """Change the frontier's entry of an address, which may be that of a listing."""
    own = address_of(url, expected).key
    with store.write() as connection:
        for table, column in ((evidence, evidence.c.target_key), (frontier, frontier.c.key)):
            connection.execute(update(table).where(column == address_of(url).key).values({column: own}))
        if values:
            connection.execute(update(frontier).where(frontier.c.key == own).values(values))


def add(
    store: Store, url: str, *, kind: PageKind = PageKind.STORY, zone: Zone | None = None, **entry: Any
) -> None:
    with store.write() as connection:
        stories.add_entry(connection, url, **({"score": 0.6} | entry))
    change(store, url, kind, kind=str(kind), zone=str(zone) if zone else None)


# --- Each reason --------------------------------------------------------------------------------


def test_below_the_floor_with_the_parts_of_its_score(filled: Store, topics: Mapping[str, Topic]) -> None:
    told = answer(filled, stories.BELOW_FLOOR, topics)
    assert told.verdict == "below_floor"
    assert told.score is not None
    assert (told.score.score, told.score.floor, told.score.referrers) == (0.12, 0.2, 1)
    parts = 0.5 * told.score.anchor + 0.5 * told.score.pages + 0.1 * told.score.context
    assert parts == pytest.approx(0.12)
    assert "its link score 0.12 is below the floor of 0.20" in told.paragraph
    assert "0.5 × 0.07 for the best words that link to it" in told.paragraph
    assert f"1 page links to it: {stories.SEED} (relevance 0.90, body) with “Jadwal final”" in told.paragraph
    assert f"bacajuga crawl data-breach {stories.BELOW_FLOOR}" in told.paragraph


def test_waiting_names_the_host_its_trouble_and_until_when(
    filled: Store, topics: Mapping[str, Topic]
) -> None:
    due_at = datetime.now(UTC) + timedelta(minutes=20)
    with filled.write() as connection:
        connection.execute(
            insert(hosts).values(
                host="www.kompas.com", next_at=due_at.timestamp(), delay=1.0, failures=3, trouble="status 503"
            )
        )
    told = answer(filled, stories.WAITING, topics)
    assert told.verdict == "waiting"
    assert told.host is not None
    assert (told.host.host, told.host.failures) == ("www.kompas.com", 3)
    assert abs(told.host.due_at - due_at) < timedelta(seconds=1)
    until = f"{due_at.astimezone():%Y-%m-%d %H:%M}"
    assert f"has failed 3 times in a row (status 503) and is left alone until {until}" in told.paragraph


@pytest.mark.parametrize(
    ("url", "verdict", "words"),
    [
        (stories.FORBIDDEN, "forbidden", "Forbidden to crawlers: Disallow: /private/. Nobody has asked"),
        (stories.GONE, "gone", "Fetched, but the page is gone: 404."),
        (stories.COPY, "duplicate", f"it repeats {stories.SECOND}"),
        (stories.REDIRECTED, "on_topic", f"The address itself redirects to {stories.SECOND}"),
        (stories.SECOND, "on_topic", f"So it is in the store: bacajuga show {stories.SECOND}."),
        (stories.SEED, "on_topic", "It was given as a seed."),
    ],
)
def test_each_reason_has_its_words(
    filled: Store, topics: Mapping[str, Topic], url: str, verdict: str, words: str
) -> None:
    told = answer(filled, url, topics)
    assert told.verdict == verdict
    assert words in told.paragraph
    assert told.paragraph.endswith(".")
    assert "\n" not in told.paragraph


def test_a_story_is_not_said_to_redirect_to_itself(filled: Store, topics: Mapping[str, Topic]) -> None:
    assert "redirects" not in answer(filled, stories.SECOND, topics).paragraph


def test_a_blocked_page_is_tried_again_later(filled: Store, topics: Mapping[str, Topic]) -> None:
    add(filled, BLOCKED, found_via=stories.SEED, state="failed", outcome="blocked", detail="status 403")
    with filled.write() as connection:
        stories.add_page(connection, BLOCKED, "blocked")
        connection.execute(update(pages).where(pages.c.url == BLOCKED).values(status=403))
    told = answer(filled, BLOCKED, topics)
    assert (told.verdict, told.status, told.fetched_at) == ("blocked", 403, stories.SEEN_AT)
    assert "answered with status 403" in told.paragraph
    assert "an hour later or more tries it again" in told.paragraph


def test_a_trap_is_refused_for_its_address(filled: Store, topics: Mapping[str, Topic]) -> None:
    add(
        filled,
        TRAP,
        found_via=stories.SEED,
        state="failed",
        outcome="refused",
        detail="a trap by its address",
    )
    told = answer(filled, TRAP, topics)
    assert told.paragraph.startswith("Not fetched, for what its address looks like: a trap by its address.")


def test_a_copy_tells_how_much_it_shares(filled: Store, topics: Mapping[str, Topic]) -> None:
    with filled.write() as connection:
        connection.execute(
            insert(copies).values(
                article_id=4, of_id=2, kind="near", j3=0.84, containment=0.9, num_jaccard=1.0, sig_version=1,
                found_at=stories.SEEN_AT,
            )
        )  # fmt: skip
    assert "They share 84% of their phrases of three words" in answer(filled, stories.COPY, topics).paragraph


def test_off_topic_tells_what_is_missing(filled: Store, topics: Mapping[str, Topic]) -> None:
    body = "Polisi memeriksa saksi di forum. Data pelanggan bocor. " + "Harga ponsel turun lagi. " * 80
    with filled.write() as connection:
        connection.execute(update(revisions).where(revisions.c.article_id == 3).values(body=body))
    told = answer(filled, stories.LURE, topics)
    assert told.verdict == "off_topic"
    assert told.shortfall is not None
    short = told.shortfall
    assert (short.hits, short.hits_in_lead, short.hits_in_lead_needed) == (1, 1, 2)
    assert (short.words, short.hits_needed) == (328, 4)
    assert short.headline_score < short.threshold == 0.5
    assert "Phrases found: “forum”, “data … bocor”. One of three" in told.paragraph
    assert (
        "2 phrases of the topic among the first 150 words (it has 1), or 4 in all of its 328"
        in told.paragraph
    )


def test_off_topic_without_the_topics_file(filled: Store) -> None:
    told = answer(filled, stories.LURE, {})
    assert told.shortfall is None
    assert "give the topic's file with --topic" in told.paragraph


def test_off_topic_for_its_day(filled: Store, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        'name = "data-breach"\ntitle = "Data"\nlanguage = "id"\nseeds = []\nstrong = ["bocor"]\n'
        "since = 2022-01-01\n"
    )
    own = {stories.TOPIC: load_topic(file)}
    told = answer(filled, stories.LURE, own)
    assert (
        "It was published on 2021-05-20, outside the topic's window, 2022-01-01 to today." in told.paragraph
    )


def test_a_shortfall_agrees_with_the_score(topics: Mapping[str, Topic]) -> None:
    topic = topics[stories.TOPIC]
    bodies = ["Data pelanggan bocor. " * number + "Cuaca cerah. " * 100 for number in range(4)]
    for body in bodies:
        short = shortfall(topic, "Cuaca hari ini", body)
        enough = short.hits >= short.hits_needed or short.hits_in_lead >= short.hits_in_lead_needed
        assert topic.score_page("Cuaca hari ini", body).on_topic == enough, short


# --- In the frontier, above the floor -----------------------------------------------------------


def log_crawl(store: Store, stop_reason: str | None, **figures: Any) -> None:
    with store.write() as connection:
        connection.execute(
            insert(crawls).values(
                topic=stories.TOPIC, worker="a:1:1", started_at=stories.SEEN_AT, stop_reason=stop_reason,
                figures=figures,
            )
        )  # fmt: skip


@pytest.mark.parametrize(
    ("stop_reason", "figures", "words"),
    [
        ("max_pages", {}, "The last crawl ended when its page budget was spent."),
        ("finished", {}, "Either it was told to ask other outlets only (--outlet)"),
        ("max_pages", {"closed_outlets": {"tribunnews": "0 new"}}, "had given up tribunnews: 0 new."),
    ],
)
def test_a_queued_address_tells_what_it_waits_for(
    filled: Store, topics: Mapping[str, Topic], stop_reason: str, figures: dict[str, Any], words: str
) -> None:
    log_crawl(filled, stop_reason, **figures)
    told = answer(filled, stories.QUEUED, topics)
    assert told.verdict == "queued"
    assert words in told.paragraph
    assert "No better address waits before it." in told.paragraph


def test_an_outlet_that_is_not_among_those_asked(filled: Store, topics: Mapping[str, Topic]) -> None:
    told = answer(filled, stories.QUEUED, topics, outlets=["kompas", "detik"])
    assert "The outlet tribunnews is not among those that the crawl may ask: detik, kompas." in told.paragraph


# --- Never seen ---------------------------------------------------------------------------------


def test_an_address_that_nobody_linked_gets_advice(filled: Store, topics: Mapping[str, Topic]) -> None:
    result = why_not(filled, stories.NEVER_LINKED, topics, outlets=["kompas"])
    assert (result.is_known, result.outlet) == (False, "detik")
    assert result.advice is not None
    assert "The store has never seen this address" in result.advice
    assert "The outlet detik is not among those that the crawl may ask." in result.advice
    assert "No page of detik has been asked for yet." in result.advice
    assert "too little for the floor of 0.2" in result.advice
    assert f"bacajuga crawl data-breach {stories.NEVER_LINKED}" in result.advice


def test_the_words_of_an_unknown_address_are_scored(filled: Store, topics: Mapping[str, Topic]) -> None:
    telling = "https://www.detik.com/berita/d-123457/data-pelanggan-bocor-dijual-peretas"
    assert "enough for the floor of 0.2" in (why_not(filled, telling, topics).advice or "")


def test_an_empty_store_has_never_seen_anything(store: Store, topics: Mapping[str, Topic]) -> None:
    result = why_not(store, stories.SEED, topics, topic=stories.TOPIC)
    assert (result.is_known, result.is_stored, result.answers) == (False, False, result.answers)
    assert "bacajuga crawl data-breach" in (result.advice or "")


def test_a_story_of_another_topic_is_known(filled: Store, topics: Mapping[str, Topic]) -> None:
    result = why_not(filled, stories.SEED, topics, topic="banjir")
    assert result.is_known
    assert result.answers[0].paragraph == "Stored for another topic; no page read for banjir links to it."
