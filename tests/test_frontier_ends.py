"""How a visit ends in the frontier: redirected, dead, a list, no story, or known by another address."""

from __future__ import annotations

from sqlalchemy import select

from crawler.address import address_of
from crawler.items import Link, Listing, Outcome, OutcomeKind, Zone
from crawler.store.crawl import discovery, frontier, record
from crawler.store.database import Store
from crawler.store.schema import articles
from tests.visits import (
    OTHER,
    article,
    end,
    entry,
    finish,
    gone,
    keep,
    lease,
    leased_urls,
    link,
    seed,
    visit,
)

SEED = "https://kabar.test/benih"


def moved(url: str, target: str, key: str | None = None) -> Outcome:
    return Outcome(url=url, kind=OutcomeKind.REDIRECTED, redirect_url=target, visit=visit(url, key=key))


def test_redirect_hands_its_evidence_on(store: Store) -> None:
    link(store, SEED, ("https://a.test/old", 0.9), depth=2)
    lease(store)
    end(store, moved("https://a.test/old", "https://a.test/new"))
    old, new = entry(store, "https://a.test/old"), entry(store, "https://a.test/new")
    assert (old.state, old.outcome, old.detail) == (frontier.DONE, "redirected", "to https://a.test/new")
    assert (new.state, new.score, new.depth, new.found_via) == (frontier.QUEUED, old.score, 3, old.found_via)
    # Whoever links to the old address from now on means the new one.
    link(store, "https://kabar.test/lain", ("https://a.test/old", 1.0), page_score=1.0)
    assert entry(store, "https://a.test/new").score > new.score
    assert leased_urls(store) == ["https://a.test/new"]


def test_redirected_seed_stays_a_seed(store: Store) -> None:
    seed(store, "https://a.test/old")
    lease(store)
    end(store, moved("https://a.test/old", "https://a.test/new"))
    assert entry(store, "https://a.test/new").is_seed


def test_redirects_in_a_circle_end(store: Store) -> None:
    seed(store, "https://a.test/0")
    asked = []
    while taken := lease(store):
        [now_at] = taken
        asked.append(now_at.url)
        step = int(now_at.url.rpartition("/")[2])
        end(store, moved(now_at.url, f"https://a.test/{(step + 1) % 3}", now_at.key))
        assert len(asked) < 20, "goes round for ever"
    assert asked == ["https://a.test/0", "https://a.test/1", "https://a.test/2"]


def test_endless_redirects_end(store: Store) -> None:
    seed(store, "https://a.test/0")
    asked = 0
    while taken := lease(store):
        [now_at] = taken
        asked += 1
        step = int(now_at.url.rpartition("/")[2])
        end(store, moved(now_at.url, f"https://a.test/{step + 1}", now_at.key))
        assert asked < 20, "goes on for ever"
    assert asked == record.MAX_REDIRECTS + 1
    assert entry(store, f"https://a.test/{asked - 1}").state == frontier.FAILED


def test_redirect_to_another_form_of_the_same_address_is_followed_once(store: Store) -> None:
    seed(store, "http://a.test/x")
    lease(store)
    end(store, moved("http://a.test/x", "https://a.test/x"))
    assert leased_urls(store) == ["https://a.test/x"]
    end(store, moved("https://a.test/x", "http://a.test/x"))
    assert (entry(store, "http://a.test/x").state, lease(store)) == (frontier.FAILED, [])
    assert entry(store, "http://a.test/x").detail == "redirects in a circle, by http://a.test/x"


def test_other_address_of_a_story_is_tried_after_a_dead_one(store: Store) -> None:
    dead, alive = "https://a.test/amp/x", "https://www.a.test/x"
    keep(store, article(SEED, *(Link(url=url, anchor_text="Data bocor") for url in (dead, alive))))
    assert leased_urls(store) == [dead]
    end(store, gone(dead))
    assert leased_urls(store) == [alive]
    end(store, gone(alive, address_of(dead).key))
    assert lease(store) == []
    assert (entry(store, dead).state, entry(store, dead).outcome) == (frontier.FAILED, "gone")


def test_listing_ends_and_its_entries_are_wanted(store: Store) -> None:
    tag = "https://kabar.test/tag/bpjs"
    seed(store, tag)
    lease(store)
    found = Link(url="https://a.test/1", anchor_text="Data BPJS bocor", anchor_score=0.9, zone=Zone.LIST)
    with store.write() as connection:
        listing = Listing(url=tag, outlet="kabar.test", links=[found], visit=visit(tag))
        record.record_listing(connection, listing, {"a.test": 0.0}, page_score=1.0)
    assert (entry(store, tag).state, entry(store, tag).outcome) == (frontier.DONE, "listing")
    assert leased_urls(store) == ["https://a.test/1"]


def test_page_that_is_no_story_is_done_and_not_failed(store: Store) -> None:
    seed(store, SEED)
    lease(store)
    end(store, Outcome(url=SEED, kind=OutcomeKind.NOT_A_STORY, detail="a video", visit=visit(SEED)))
    assert (entry(store, SEED).state, entry(store, SEED).detail) == (frontier.DONE, "a video")


def test_story_found_under_two_keys_is_fetched_once(store: Store) -> None:
    short, long = "https://a.test/s/1", "https://a.test/2021/data-bocor"
    seed(store, short)
    link(store, SEED, (long, 0.9))
    assert leased_urls(store, limit=1) == [short]
    keep(store, article(long, fetched=short))
    assert lease(store) == []
    assert (entry(store, short).state, entry(store, long).state) == (frontier.DONE, frontier.DONE)
    with store.read() as connection:
        assert list(connection.scalars(select(articles.c.article_key))) == [address_of(long).key]
        assert discovery.resolve_aliases(connection, [address_of(short).key]) == {
            address_of(short).key: address_of(long).key
        }


def test_story_that_another_worker_is_fetching_under_its_other_key_keeps_its_lease(store: Store) -> None:
    short, long = "https://a.test/s/1", "https://a.test/2021/data-bocor"
    seed(store, short, long)
    lease(store, limit=1)
    lease(store, OTHER, limit=1)
    keep(store, article(long, fetched=short))
    assert entry(store, long).worker == OTHER.worker
    assert finish(store, long, OTHER)
