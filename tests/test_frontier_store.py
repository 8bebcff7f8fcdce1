"""The frontier in the store: who may fetch what, in which order, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from crawler.address import address_of
from crawler.items import Outcome, OutcomeKind, Zone
from crawler.store.crawl import frontier, hosts
from crawler.store.crawl.outlook import outlook
from crawler.store.database import Store
from crawler.store.schema import aliases
from tests.visits import (
    ME,
    NOW,
    OTHER,
    TOPIC,
    end,
    entry,
    finish,
    gone,
    lease,
    leased_urls,
    link,
    seed,
    visit,
)

SEED = "https://kabar.test/benih"


# --- Order --------------------------------------------------------------------------------------


def test_best_leaves_first_and_ties_in_order_of_discovery(store: Store) -> None:
    link(store, SEED, ("https://a.test/1", 0.4), ("https://b.test/2", 0.9), ("https://c.test/3", 0.6))
    link(store, SEED, ("https://d.test/4", 0.6), ("https://b.test/5", 0.4))
    taken = lease(store)
    assert [lease.url[-1] for lease in taken] == ["2", "3", "4", "1", "5"]
    assert [lease.score for lease in taken] == sorted((lease.score for lease in taken), reverse=True)


def test_no_more_leave_than_asked_for(store: Store) -> None:
    link(store, SEED, *((f"https://a.test/{number}", 0.5) for number in range(6)))
    assert [len(lease(store, limit=4)), len(lease(store, limit=4)), len(lease(store, limit=4))] == [4, 2, 0]


def test_seeds_leave_first(store: Store) -> None:
    link(store, SEED, ("https://a.test/best", 1.0), page_score=1.0)
    assert seed(store, "https://b.test/seed") == 1
    assert leased_urls(store) == ["https://b.test/seed", "https://a.test/best"]


def test_seed_that_was_known_as_a_link_moves_to_the_head(store: Store) -> None:
    link(store, SEED, ("https://a.test/1", 0.3), ("https://a.test/2", 0.9), depth=4)
    assert seed(store, "https://a.test/1") == 0
    assert (entry(store, "https://a.test/1").is_seed, entry(store, "https://a.test/1").depth) == (True, 0)
    assert leased_urls(store, limit=1) == ["https://a.test/1"]


def test_seed_that_has_been_read_is_not_fetched_again(store: Store) -> None:
    seed(store, SEED)
    lease(store)
    finish(store, SEED)
    assert seed(store, SEED) == 0
    assert lease(store) == []


def test_links_below_the_floor_stay(store: Store) -> None:
    link(store, SEED, ("https://a.test/low", 0.0), ("https://a.test/high", 0.9), page_score=0.0)
    assert leased_urls(store) == ["https://a.test/high"]
    with store.read() as connection:
        assert outlook(connection, ME).due_at is None
        assert frontier.left(connection, TOPIC, ME.floor) == 1
    assert leased_urls(store, replace(ME, floor=0.0)) == ["https://a.test/low"]


def test_link_at_the_floor_leaves(store: Store) -> None:
    link(store, SEED, ("https://a.test/1", 0.9))
    score = entry(store, "https://a.test/1").score
    assert leased_urls(store, replace(ME, floor=score + 0.001)) == []
    assert leased_urls(store, replace(ME, floor=score)) == ["https://a.test/1"]


def test_only_the_chosen_outlets_leave(store: Store) -> None:
    link(store, SEED, ("https://www.kompas.com/read/2021/05/21/1", 0.9), ("https://a.test/1", 0.5))
    chosen = replace(ME, outlets=("a.test",))
    assert leased_urls(store, chosen) == ["https://a.test/1"]
    with store.read() as connection:
        assert outlook(connection, chosen).due_at is None


def test_topics_have_frontiers_of_their_own(store: Store) -> None:
    seed(store, SEED)
    assert lease(store, replace(ME, topic="banjir")) == []
    assert len(lease(store)) == 1


# --- Hosts --------------------------------------------------------------------------------------


def test_host_gives_one_address_a_delay_to_all_workers_together(store: Store) -> None:
    link(store, SEED, ("https://a.test/1", 0.9), ("https://a.test/2", 0.8), delay=5.0)
    assert leased_urls(store) == ["https://a.test/1"]
    assert lease(store, OTHER, now=NOW + 4.9) == []
    with store.read() as connection:
        assert outlook(connection, OTHER).due_at == NOW + 5
    assert leased_urls(store, OTHER, now=NOW + 5) == ["https://a.test/2"]


def test_best_address_waits_for_its_host_while_others_leave(store: Store) -> None:
    link(
        store,
        SEED,
        ("https://a.test/1", 0.9),
        ("https://a.test/2", 0.8),
        ("https://b.test/3", 0.3),
        delay=5.0,
    )
    assert leased_urls(store, limit=2) == ["https://a.test/1", "https://b.test/3"]


def test_host_in_trouble_is_left_in_peace(store: Store) -> None:
    link(store, SEED, ("https://a.test/1", 0.9))
    with store.write() as connection:
        hosts.note_failure(connection, "a.test", "connection refused", NOW + 60)
        hosts.note_failure(connection, "a.test", "connection refused", NOW + 60)
    assert lease(store) == []
    with store.read() as connection:
        assert hosts.failures_in_a_row(connection, "a.test") == 2
        [trouble] = hosts.troubled_hosts(connection, TOPIC)
        assert (trouble.host, trouble.trouble, trouble.next_at) == ("a.test", "connection refused", NOW + 60)
    with store.write() as connection:
        hosts.note_success(connection, "a.test")
    with store.read() as connection:
        assert hosts.troubled_hosts(connection, TOPIC) == []
    assert leased_urls(store, now=NOW + 60) == ["https://a.test/1"]


def test_pace_of_a_person_never_undercuts_the_hosts_crawl_delay(store: Store) -> None:
    link(store, SEED, ("https://a.test/1", 0.9), ("https://a.test/2", 0.9), delay=1.0)
    with store.write() as connection:
        hosts.store_robots(connection, "a.test", "User-agent: *\nCrawl-delay: 7", NOW, 7.0)
        hosts.set_all_delays(connection, 0.5)
    assert lease(store, now=NOW + 6) == []  # the robots.txt itself was a request
    assert len(lease(store, now=NOW + 7)) == 1
    assert lease(store, now=NOW + 13) == []
    with store.write() as connection:
        hosts.set_all_delays(connection, 30.0)
    assert len(lease(store, now=NOW + 14)) == 1


def test_crawl_delay_below_the_own_pace_hurries_nobody(store: Store) -> None:
    link(store, SEED, ("https://a.test/1", 0.9), ("https://a.test/2", 0.9), delay=5.0)
    with store.write() as connection:
        hosts.store_robots(connection, "a.test", "User-agent: *\nCrawl-delay: 1", NOW, 1.0)
    assert lease(store, now=NOW + 4.9) == []
    assert len(lease(store, now=NOW + 5)) == 1
    assert lease(store, now=NOW + 9.9) == []


def test_robots_txt_that_came_late_leaves_a_later_turn_as_it_is(store: Store) -> None:
    link(store, SEED, ("https://a.test/1", 0.9), delay=1.0)
    with store.write() as connection:
        hosts.note_failure(connection, "a.test", "status 503", NOW + 60)
        hosts.store_robots(connection, "a.test", "", NOW, None)
    assert lease(store, now=NOW + 59) == []


# --- Evidence -----------------------------------------------------------------------------------


def test_new_referrer_changes_the_score(store: Store) -> None:
    link(store, SEED, ("https://a.test/1", 0.3), ("https://a.test/2", 0.5), depth=3)
    before = entry(store, "https://a.test/1")
    link(store, "https://kabar.test/lain", ("https://a.test/1", 0.9), page_score=0.9, depth=1)
    after = entry(store, "https://a.test/1")
    assert after.score > before.score
    assert (before.depth, after.depth) == (4, 2)
    assert after.found_via == address_of("https://kabar.test/lain").key
    assert leased_urls(store, limit=1) == ["https://a.test/1"]


def test_same_page_read_again_counts_once(store: Store) -> None:
    link(store, SEED, ("https://a.test/1", 0.3))
    before = entry(store, "https://a.test/1")
    link(store, SEED, ("https://a.test/1", 0.3))
    assert entry(store, "https://a.test/1") == before


def test_link_of_page_furniture_promises_less(store: Store) -> None:
    link(store, SEED, ("https://a.test/1", 0.6), zone=Zone.FURNITURE)
    link(store, SEED, ("https://a.test/2", 0.6))
    assert entry(store, "https://a.test/1").score < entry(store, "https://a.test/2").score


def test_leased_and_finished_entries_keep_their_score(store: Store) -> None:
    link(store, SEED, ("https://a.test/1", 0.3))
    lease(store)
    before = entry(store, "https://a.test/1")
    link(store, "https://kabar.test/lain", ("https://a.test/1", 0.9))
    assert entry(store, "https://a.test/1") == before


def test_address_that_is_known_to_lead_to_a_story_is_that_story(store: Store) -> None:
    known = address_of("https://a.test/story").key
    with store.write() as connection:
        connection.execute(
            insert(aliases).values(
                alias_key=address_of("https://a.test/old").key,
                article_key=known,
                first_seen_at=datetime.now(UTC),
            )
        )
    link(store, SEED, ("https://a.test/old", 0.9))
    assert entry(store, "https://a.test/story").key == known
    assert seed(store, "https://a.test/old") == 0
    assert len(lease(store)) == 1


def test_page_that_links_to_itself_is_no_evidence(store: Store) -> None:
    link(store, SEED, (SEED, 0.9), (f"{SEED}?utm_source=x", 0.9))
    assert lease(store) == []


# --- Workers ------------------------------------------------------------------------------------


def test_two_workers_never_hold_the_same_address(store: Store) -> None:
    link(store, SEED, *((f"https://a.test/{number}", 0.5) for number in range(5)))
    mine, theirs = leased_urls(store, limit=3), leased_urls(store, OTHER)
    assert (len(mine), len(theirs)) == (3, 2)
    assert not set(mine) & set(theirs)
    with store.read() as connection:
        assert frontier.workers(connection, TOPIC) == {ME.worker, OTHER.worker}
        assert outlook(connection, ME).others_at_work
    with store.write() as connection:
        frontier.release(connection, TOPIC, OTHER.worker)
        assert not outlook(connection, ME).others_at_work


def test_lease_that_has_run_out_comes_back(store: Store) -> None:
    seed(store, SEED)
    lease(store)
    with store.write() as connection:
        assert frontier.release_expired(connection, TOPIC, NOW + ME.seconds - 1) == 0
        frontier.renew(connection, TOPIC, ME.worker, NOW + 2 * ME.seconds)
        assert frontier.release_expired(connection, TOPIC, NOW + 2 * ME.seconds - 1) == 0
        assert frontier.release_expired(connection, TOPIC, NOW + 2 * ME.seconds + 1) == 1
    assert leased_urls(store, OTHER) == [SEED]


def test_worker_gives_back_only_its_own(store: Store) -> None:
    seed(store, SEED, "https://b.test/1")
    lease(store, limit=1)
    lease(store, OTHER, limit=1)
    with store.write() as connection:
        assert frontier.release(connection, TOPIC, ME.worker) == 1
    assert leased_urls(store) == [SEED]


def test_only_the_holder_of_the_lease_ends_the_visit(store: Store) -> None:
    seed(store, SEED)
    lease(store)
    with store.write() as connection:
        frontier.release_expired(connection, TOPIC, NOW + ME.seconds + 1)
    lease(store, OTHER)
    assert not finish(store, SEED, ME)
    assert entry(store, SEED).state == frontier.LEASED
    assert finish(store, SEED, OTHER)
    assert not finish(store, SEED, OTHER)
    assert (entry(store, SEED).state, entry(store, SEED).outcome) == (frontier.DONE, "article")


def test_address_put_back_waits_and_counts_its_tries(store: Store) -> None:
    seed(store, SEED)
    lease(store)
    with store.write() as connection:
        frontier.put_back(
            connection, TOPIC, address_of(SEED).key, ME.worker, due_at=NOW + 9, detail="status 503"
        )
    assert lease(store, now=NOW + 8) == []
    with store.read() as connection:
        assert outlook(connection, ME).due_at == NOW + 9
        assert frontier.left(connection, TOPIC, 0.2) == 1
    [again] = lease(store, now=NOW + 9)
    assert again.attempts == 1
    assert entry(store, SEED).detail == "status 503"


def test_failed_addresses_have_another_chance_later(store: Store) -> None:
    seed(store, SEED, "https://b.test/gone")
    lease(store)
    end(store, Outcome(url=SEED, kind=OutcomeKind.SERVER_ERROR, visit=visit(SEED)))
    end(store, gone("https://b.test/gone"))
    with store.write() as connection:
        an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
        assert frontier.retry_failed(connection, TOPIC, ["server_error"], an_hour_ago) == 0
        assert frontier.retry_failed(connection, TOPIC, ["server_error"], datetime.now(UTC)) == 1
    assert leased_urls(store) == [SEED]
