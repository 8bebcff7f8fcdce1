"""What a visit leaves in the store: the story, its revisions, its links, its page."""

from __future__ import annotations

import random
import string
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Row, Select, Table, func, select, update
from sqlalchemy.exc import StatementError

from crawler.address import address_of
from crawler.errors import StoreError
from crawler.items import Link, Outcome, OutcomeKind, Relevance
from crawler.store.answers.lookup import sight
from crawler.store.crawl import frontier, revisits
from crawler.store.database import Store
from crawler.store.schema import article_topics, articles, links, metadata, pages, revisions
from crawler.urls import is_too_long
from tests.visits import SEEN_AT, TOPIC, article, end, entry, keep, lease, seed, visit

STORY = "https://kabar.test/data-bocor"
LATER = SEEN_AT + timedelta(days=1)
WIB = timezone(timedelta(hours=7))


def rows(store: Store, query: Table | Select[Any]) -> list[Row[Any]]:
    with store.read() as connection:
        return list(connection.execute(query if isinstance(query, Select) else select(query)))


def newest_body(store: Store) -> str:
    query = select(revisions.c.body).join(
        articles,
        (articles.c.id == revisions.c.article_id) & (articles.c.content_hash == revisions.c.content_hash),
    )
    [(body,)] = rows(store, query)
    return str(body)


def counts(store: Store) -> dict[str, int]:
    with store.read() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in metadata.tables.items()
        }


def test_error_in_the_middle_leaves_no_trace(store: Store) -> None:
    seed(store, STORY)
    lease(store)
    before, held = counts(store), entry(store, STORY)
    wrong = article(STORY, Link(url="https://kabar.test/2", anchor_text="Data bocor lagi"))
    # The frontier's evidence is written after story, revision and links.
    wrong.links[0].anchor_score = None  # type: ignore[assignment]
    with pytest.raises(StoreError):
        keep(store, wrong)
    assert counts(store) == before
    assert entry(store, STORY) == held, "the visit has to stay open"


def test_story_its_page_and_its_visit_end_together(store: Store) -> None:
    seed(store, STORY)
    lease(store)
    story = article(STORY)
    assert story.visit is not None
    story.visit.etag = '"abc"'
    keep(store, story)
    done = entry(store, STORY)
    assert (done.state, done.outcome, done.article_key) == (frontier.DONE, "article", story.article_key)
    [page] = rows(store, pages)
    assert (page.url, page.outcome, page.status, page.etag) == (STORY, "article", 200, '"abc"')
    assert (page.article_key, page.fetched_at, page.visits) == (story.article_key, SEEN_AT, 1)
    [scored] = rows(store, article_topics)
    assert (scored.relevance, scored.on_topic, scored.matched) == (0.8, True, ["data bocor"])


def test_time_keeps_its_moment_and_its_offset(store: Store) -> None:
    keep(store, article(STORY, published_at=datetime(2021, 5, 21, 9, 42, tzinfo=WIB)))
    [kept] = rows(store, articles)
    assert kept.published_at == datetime(2021, 5, 21, 2, 42, tzinfo=UTC)
    assert kept.published_at.utcoffset() == timedelta(0)
    assert kept.published_offset == 420


def test_time_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="time without a zone"):
        keep(store, article(STORY, published_at=datetime(2021, 5, 21, 9, 42)))
    assert rows(store, articles) == []


def test_same_text_again_is_no_revision(store: Store) -> None:
    keep(store, article(STORY))
    keep(store, article(STORY, seen_at=LATER))
    [kept] = rows(store, articles)
    assert (kept.first_seen_at, kept.last_seen_at) == (SEEN_AT, LATER)
    assert len(rows(store, revisions)) == 1
    [page] = rows(store, pages)
    assert page.visits == 2


def test_changed_text_is_a_revision(store: Store) -> None:
    keep(store, article(STORY, body="Data bocor."))
    keep(store, article(STORY, body="Data 279 juta orang bocor.", seen_at=LATER, title="Ralat"))
    [kept] = rows(store, articles)
    assert kept.title == "Ralat"
    assert [row.seen_at for row in rows(store, revisions)] == [SEEN_AT, LATER]
    assert newest_body(store) == "Data 279 juta orang bocor."


def test_editor_may_go_back_to_an_earlier_text(store: Store) -> None:
    for number, body in enumerate(["Data bocor.", "Data tidak bocor.", "Data bocor."]):
        keep(store, article(STORY, body=body, seen_at=SEEN_AT + timedelta(days=number)))
    assert len(rows(store, revisions)) == 2
    assert newest_body(store) == "Data bocor."


def test_links_are_kept_as_printed_and_in_order(store: Store) -> None:
    target = "https://www.kompas.com/tren/read/2021/05/21/090500865/data-bocor"
    keep(
        store,
        article(
            STORY,
            Link(url=target, anchor_text="Data bocor", label="Baca juga", position=2),
            Link(url=target, anchor_text="Simak lagi", label="Simak juga", position=7),
        ),
    )
    first, second = rows(store, select(links).order_by(links.c.id))
    assert (first.label, first.anchor_text, first.position, first.occurrence) == (
        "Baca juga",
        "Data bocor",
        2,
        1,
    )
    assert (second.label, second.position, second.occurrence) == ("Simak juga", 7, 2)
    assert (first.target_outlet, first.target_key) == ("kompas", address_of(target).key)


def test_links_keep_when_they_were_first_and_last_printed(store: Store) -> None:
    stays, goes, comes = (Link(url=f"https://kabar.test/{n}", anchor_text=f"Bocor {n}") for n in (1, 2, 3))
    keep(store, article(STORY, stays, goes))
    keep(store, article(STORY, stays, comes, seen_at=LATER))
    seen = {row.target_url[-1]: (row.first_seen_at, row.last_seen_at) for row in rows(store, links)}
    assert seen == {"1": (SEEN_AT, LATER), "2": (SEEN_AT, SEEN_AT), "3": (LATER, LATER)}


def test_link_to_a_story_that_was_read_is_not_fetched_again(store: Store) -> None:
    seed(store, STORY)
    lease(store)
    keep(store, article(STORY))
    keep(store, article("https://kabar.test/2", Link(url=f"{STORY}?utm_source=x", anchor_text="Bocor")))
    assert lease(store) == []


def test_story_that_is_gone_is_kept_and_marked(store: Store) -> None:
    seed(store, STORY)
    lease(store)
    keep(store, article(STORY))
    end(store, Outcome(url=STORY, kind=OutcomeKind.GONE, visit=visit(STORY, seen_at=LATER, status=404)))
    [kept] = rows(store, articles)
    assert kept.gone_at == LATER
    assert newest_body(store) == "Data peserta bocor."
    keep(store, article(STORY, seen_at=LATER + timedelta(days=1)))
    [kept] = rows(store, articles)
    assert kept.gone_at is None, "it is back"


def test_page_as_it_was_has_its_story_and_its_printed_links_seen_again(store: Store) -> None:
    stays, goes = (Link(url=f"https://kabar.test/{n}", anchor_text=f"Bocor {n}") for n in (1, 2))
    keep(store, article(STORY, stays, goes))
    keep(store, article(STORY, stays, seen_at=LATER))
    again = LATER + timedelta(days=1)
    with store.write() as connection:
        assert revisits.note_unchanged(connection, address_of(STORY).key, again) == address_of(STORY).key
    seen = {row.target_url[-1]: row.last_seen_at for row in rows(store, links)}
    assert seen == {"1": again, "2": SEEN_AT}, "a link that was taken out is not printed again"
    [kept] = rows(store, articles)
    assert kept.last_seen_at == again


def test_story_that_is_gone_keeps_its_day_and_is_not_asked_for_again(store: Store) -> None:
    seed(store, STORY)
    lease(store)
    keep(store, article(STORY))
    key = address_of(STORY).key
    with store.write() as connection:
        connection.execute(update(pages).values(next_visit_at=SEEN_AT))
        revisits.note_gone(connection, key, SEEN_AT)
        revisits.note_gone(connection, key, LATER)
        assert revisits.queue_revisits(connection, TOPIC, LATER) == 0
    assert [row.gone_at for row in rows(store, articles)] == [SEEN_AT]
    with store.write() as connection:
        connection.execute(update(articles).values(gone_at=None))
        assert revisits.queue_revisits(connection, TOPIC, LATER) == 1


def test_outcome_is_kept_with_the_page(store: Store) -> None:
    end(
        store,
        Outcome(url=STORY, kind=OutcomeKind.BLOCKED, detail="status 403", visit=visit(STORY, status=403)),
    )
    [page] = rows(store, pages)
    assert (page.outcome, page.detail, page.status, page.article_key) == ("blocked", "status 403", 403, None)


def test_story_counts_for_each_topic_by_itself(store: Store) -> None:
    keep(store, article(STORY))
    other = article(STORY, relevance=Relevance(score=0.1, on_topic=False))
    assert other.visit is not None
    other.visit.topic = "banjir"
    keep(store, other)
    assert len(rows(store, articles)) == 1
    kept = {row.topic: row.on_topic for row in rows(store, article_topics)}
    assert kept == {"data-breach": True, "banjir": False}


def test_story_is_found_under_every_address_that_led_to_it(store: Store) -> None:
    asked, own, declared = (
        "https://a.test/s/1",
        "https://a.test/data-bocor",
        "https://www.a.test/berita/data-bocor",
    )
    keep(store, article(own, fetched=asked, canonical_url=declared))
    with store.read() as connection:
        found = {sight(connection, url).article_id for url in (asked, own, declared)}
    assert len(found) == 1
    assert None not in found


def test_redirect_to_an_address_that_led_elsewhere_ends_at_the_story(store: Store) -> None:
    first, second, own = "https://a.test/1", "https://a.test/2", "https://a.test/3"
    seed(store, first)
    lease(store)
    moved = Outcome(url=first, kind=OutcomeKind.REDIRECTED, redirect_url=second, visit=visit(first))
    end(store, moved)
    lease(store)
    keep(store, article(own, fetched=second))
    with store.read() as connection:
        assert sight(connection, first).article_id is not None


@pytest.mark.parametrize(
    "text",
    ["“Kutip” – é ñ 中文 😀", "a" * 300_000, "a\u2028b\x0bc", "'; DROP TABLE articles; --", "100% %s :x {y}"],
    ids=["characters", "long", "breaks", "sql", "placeholders"],
)
def test_any_text_comes_back_as_it_went_in(store: Store, text: str) -> None:
    keep(
        store, article(STORY, Link(url="https://kabar.test/2", anchor_text=text), title=text[:500], body=text)
    )
    assert newest_body(store) == text
    [kept] = rows(store, links)
    assert kept.anchor_text == text


def test_longest_addresses_fit_the_indexes(store: Store) -> None:
    chance = random.Random(1)

    def long_url() -> str:
        start = "https://kabar.test/"
        return start + "".join(chance.choices(string.ascii_letters, k=1000 - len(start)))

    source, target = long_url(), long_url()
    assert not is_too_long(source)
    keep(store, article(source, Link(url=target, anchor_text="Bocor", anchor_score=0.9)))
    assert entry(store, target).url == target
