from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner

from crawler.address import address_of
from crawler.cli import exit_status
from crawler.cli.app import app
from crawler.cli.yields_page import coverage_text
from crawler.coverage import Coverage, chapman, coverage_of, halves, interval
from crawler.demo.graph import Graph, first_day
from crawler.demo.sample_web import SampleWeb
from crawler.demo.truth import truth
from crawler.errors import BacaJugaError
from crawler.items import PageKind
from crawler.store.answers.yields import YieldReport, yield_report
from crawler.store.crawl.crawls import holdings
from crawler.store.database import Store, open_store
from crawler.store.schema import article_topics, articles, crawls, evidence, frontier, pages
from crawler.yields import Fetch, Yield, sparkline, yields_of
from tests.crawling import crawl_arguments, run

TOPIC = "data-breach"
FLOOR = 0.2
FIRST, SECOND = datetime(2026, 11, 20, 6, tzinfo=UTC), datetime(2026, 11, 21, 6, tzinfo=UTC)


def fetch(
    is_new: bool, *, outlet: str = "kompas", zone: str = "body", depth: int = 1, kind: str = "story"
) -> Fetch:
    return Fetch(outlet=outlet, zone=zone, depth=depth, kind=kind, is_new_story=is_new)


def test_yields_are_counted_by_zone_hop_and_outlet() -> None:
    found = yields_of(
        [
            fetch(True, zone="seed", depth=0),
            fetch(False, zone="list", kind=PageKind.TAG_PAGE),
            fetch(True, zone="list", depth=2),
            fetch(False, zone="list", depth=2, outlet="detik"),
        ]
    )
    assert found.total == Yield(fetches=4, stories=2)
    assert found.by_zone == {"list": Yield(fetches=2, stories=1), "seed": Yield(fetches=1, stories=1)}
    assert found.by_depth == {0: Yield(fetches=1, stories=1), 2: Yield(fetches=2, stories=1)}
    assert found.by_outlet == {"kompas": Yield(fetches=2, stories=2), "detik": Yield(fetches=1)}
    assert (dict(found.listings), dict(found.listings_by_outlet)) == ({"tag_page": 1}, {"kompas": 1})
    assert found.as_record()["by_outlet"]["kompas"] == {
        "fetches": 2, "stories": 2, "harvest": 1.0, "fetches_per_story": 1.0, "listings": 1,
    }  # fmt: skip


def test_the_last_fifty_fetches_stand_apart() -> None:
    found = yields_of([fetch(True)] * 30 + [fetch(number % 10 == 0) for number in range(50)])
    assert found.total.fetches_per_story == pytest.approx(80 / 35)
    assert (found.recent.fetches, found.recent.fetches_per_story) == (50, 10.0)


def test_the_curve_ends_at_the_total_and_stays_short() -> None:
    found = yields_of([fetch(number < 500) for number in range(1003)])
    assert len(found.curve) == 40
    assert found.curve[-1] == (1003, 500)
    assert sparkline(found.curve) == "█" * 19 + sparkline(found.curve)[19] + "▁" * 20
    assert yields_of([]).curve == []
    assert yields_of([]).total.fetches_per_story is None


# --- From the store -----------------------------------------------------------------------------


class History:
    """Two crawls of a topic, written down visit by visit."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.number = 0
        with store.write() as connection:
            for crawl_id, start, figures in (
                (1, FIRST, {}),
                (2, SECOND, {"closed_outlets": {"detik": "last 40 fetches: 0 new stories"}}),
            ):
                connection.execute(
                    insert(crawls).values(
                        id=crawl_id, topic=TOPIC, worker="a:1:1", started_at=start,
                        ended_at=start + timedelta(hours=1), stop_reason="finished", figures=figures,
                    )
                )  # fmt: skip

    def visit(
        self,
        url: str,
        *,
        minute: int,
        crawl_id: int = 1,
        outcome: str = "article",
        story: str | None = None,
        first_seen_at: datetime | None = None,
        on_topic: bool = True,
        copy_of: int | None = None,
        visits: int = 1,
        status: int = 200,
        has_page: bool = True,
        **fields: Any,
    ) -> int:
        """Write a visit that has ended; return the number of the story it brought, if it is a new one."""
        self.number += 1
        address, at = address_of(url), (FIRST if crawl_id == 1 else SECOND) + timedelta(minutes=minute)
        is_story = outcome == "article"
        article_key = (address_of(story).key if story else address.key) if is_story else None
        row = {
            "topic": TOPIC, "key": address.key, "url": url, "host": address.host, "outlet": address.outlet,
            "state": "done", "score": 0.5, "depth": 1, "is_seed": False, "kind": "story", "zone": "body",
            "is_revisit": False, "found_via": None, "anchor_text": "", "attempts": 0, "redirects": 0,
            "tried": [], "outcome": outcome, "article_key": article_key, "crawl_id": crawl_id, "done_at": at,
        } | fields  # fmt: skip
        with self.store.write() as connection:
            connection.execute(insert(frontier).values(row))
            if has_page:
                connection.execute(
                    insert(pages).values(
                        page_key=address.key, url=url, outlet=address.outlet, outcome=outcome, detail="",
                        status=status, article_key=article_key, fetched_at=at, visits=visits,
                    )
                )  # fmt: skip
            if is_story and story is None:
                connection.execute(
                    insert(articles).values(
                        id=self.number, article_key=address.key, outlet=address.outlet, url=url,
                        canonical_url=url, content_hash="h", title="Judul", authors=[], editors=[], tags=[],
                        is_premium=False, word_count=1, missing_pages=[], extractor="x", duplicate_of=copy_of,
                        first_seen_at=first_seen_at or at, last_seen_at=at,
                    )
                )  # fmt: skip
                connection.execute(
                    insert(article_topics).values(
                        article_id=self.number, topic=TOPIC, relevance=0.9, on_topic=on_topic, matched=[],
                        depth=1, crawl_id=crawl_id, scored_at=at,
                    )
                )  # fmt: skip
        return self.number

    def link(self, source: str, target: str, *, anchor_score: float = 0.6, zone: str = "body") -> None:
        with self.store.write() as connection:
            connection.execute(
                insert(evidence).values(
                    topic=TOPIC, target_key=address_of(target).key, source_key=address_of(source).key,
                    zone=zone, anchor_text="", anchor_score=anchor_score, context_score=0.0, page_score=0.9,
                    depth=0,
                )
            )  # fmt: skip

    def report(self, *crawl_ids: int) -> YieldReport:
        with self.store.read() as connection:
            return yield_report(connection, TOPIC, FLOOR, crawl_ids)


def url(number: int, outlet: str = "kompas") -> str:
    if outlet == "detik":
        return f"https://news.detik.com/berita/d-{7000000 + number}/cerita"
    return f"https://www.kompas.com/tren/read/2021/05/21/{number:09}/cerita-{number}"


@pytest.fixture
def history(store: Store) -> History:
    return History(store)


def test_a_fetch_is_a_page_that_was_asked_for(history: History) -> None:
    history.visit(url(1), minute=1, is_seed=True, zone=None, depth=0)
    history.visit(url(2), minute=2, outcome="gone", state="failed")
    history.visit(url(3), minute=3, outcome="forbidden", state="failed", status=0)
    history.visit(url(8), minute=3, outcome="host_down", state="failed", status=0)
    history.visit(url(4), minute=4, outcome="refused", state="failed", has_page=False)
    history.visit(url(5), minute=5, outcome="listing", kind="date_index", zone="discovery")
    history.visit(url(6), minute=6, outcome="listing")
    # Another address of the first story, done with it and never asked for.
    history.visit(url(7), minute=7, story=url(1), has_page=False)
    found = history.report().yields
    assert found.total == Yield(fetches=4, stories=1)
    assert found.by_zone == {"body": Yield(fetches=1), "seed": Yield(fetches=1, stories=1)}
    assert dict(found.listings) == {"date_index": 1, "listing": 1}


def test_a_story_is_new_once_and_no_copy(history: History) -> None:
    first = history.visit(url(1), minute=1)
    history.visit(url(2), minute=2, story=url(1))  # a second address of it, asked for too
    history.visit(url(3), minute=3, copy_of=first)
    history.visit(url(4), minute=4, on_topic=False)
    assert history.report().yields.total == Yield(fetches=4, stories=1)
    assert history.report(1).yields.total == Yield(fetches=4, stories=1)


def test_a_story_that_is_asked_for_again_is_not_new(history: History) -> None:
    history.visit(url(1), minute=1)
    # What the second crawl leaves of the first one's visit.
    again = FIRST + timedelta(minutes=2)
    history.visit(url(2), minute=5, crawl_id=2, first_seen_at=again, visits=2)
    history.visit(url(3), minute=6, crawl_id=2)
    # An address that only the second crawl has asked for, and a story that it had already.
    history.visit(url(4), minute=7, crawl_id=2, story=url(1))
    second = history.report(2)
    assert (second.yields.total, second.revisits) == (Yield(fetches=2, stories=1), 1)
    both = history.report()
    assert (both.yields.total, both.revisits) == (Yield(fetches=4, stories=3), 1)


def test_a_story_that_another_topic_had_is_new(history: History) -> None:
    before_any_crawl = FIRST - timedelta(days=2)
    history.visit(url(1), minute=1, crawl_id=2, first_seen_at=before_any_crawl, visits=2)
    assert history.report(2).yields.total == Yield(fetches=1, stories=1)


def test_the_window_follows_the_order_of_the_visits(history: History) -> None:
    for number in range(60):
        history.visit(url(100 + number), minute=59 - number % 60, on_topic=number < 10)
    # The ten stories were visited last, though written down first.
    assert history.report().yields.recent == Yield(fetches=50, stories=10)


def test_a_zone_that_only_the_evidence_has_is_found_there(history: History) -> None:
    history.visit(url(1), minute=1, zone=None, found_via=address_of(url(9)).key)
    history.link(url(9), url(1), zone="list")
    history.visit(url(2), minute=2, zone=None)
    assert set(history.report().yields.by_zone) == {"list", "unknown"}


def test_the_report_tells_why_it_stopped_and_what_is_left(history: History) -> None:
    history.visit(url(1), minute=1)
    for number, score in ((2, 0.7), (3, 0.3), (4, 0.1)):
        history.visit(
            url(number), minute=2, state="queued", outcome=None, has_page=False, score=score, done_at=None
        )
    report = history.report()
    assert (report.left, report.below_floor, report.best_left) == (2, 1, 0.7)
    assert report.stop_reason == "finished"
    assert report.closed_outlets == {"detik": "last 40 fetches: 0 new stories"}
    assert history.report(1).closed_outlets == {}


def test_a_crawl_of_another_topic_is_refused(history: History) -> None:
    with pytest.raises(BacaJugaError, match="no crawl 7 of data-breach; its crawls: 1, 2"):
        history.report(7)


# --- The estimate -------------------------------------------------------------------------------


def test_seeds_are_halved_within_their_outlets() -> None:
    seeds = [(outlet, f"{outlet}{number}") for number in range(4) for outlet in ("kompas", "detik")]
    first, second = halves(seeds)
    assert sorted(first) == ["detik0", "detik2", "kompas0", "kompas2"]
    assert not set(first) & set(second)


@pytest.mark.parametrize(("n1", "n2", "both"), [(100, 150, 20), (12, 9, 7), (40, 41, 40), (30, 30, 29)])
def test_the_interval_is_the_exact_test_inverted(n1: int, n2: int, both: int) -> None:
    def chance(total: int, common: int) -> Fraction:
        ways = math.comb(n1, common) * math.comb(total - n1, n2 - common)
        return Fraction(ways, math.comb(total, n2))

    def is_no_surprise(total: int) -> bool:
        possible = range(max(0, n1 + n2 - total), min(n1, n2) + 1)
        fewer = sum(chance(total, common) for common in possible if common <= both)
        more = sum(chance(total, common) for common in possible if common >= both)
        return fewer >= Fraction(1, 40) and more >= Fraction(1, 40)

    totals = [total for total in range(n1 + n2 - both, 3000) if is_no_surprise(total)]
    assert interval(n1, n2, both) == (totals[0], totals[-1])
    assert totals[0] - 1 <= chapman(n1, n2, both) <= totals[-1]


def simulated(random: Random, *, stories: int, seeds: int, chance: float, longest: int) -> Coverage:
    """Stories in chains, whose first each seed links to with that chance."""
    edges: dict[str, list[str]] = {f"seed{number}": [] for number in range(seeds)}
    number = 0
    while number < stories:
        end = min(stories, number + random.randint(1, longest))
        for each in range(number, end - 1):
            edges[f"story{each}"] = [f"story{each + 1}"]
        for found in (found for found in list(edges) if found.startswith("seed")):
            if random.random() < chance:
                edges[found].append(f"story{number}")
        number = end
    numbers = {f"story{number}": number for number in range(stories)}
    return coverage_of(edges, [(f"outlet{seed % 3}", f"seed{seed}") for seed in range(seeds)], numbers)


@pytest.mark.parametrize(
    ("seeds", "chance", "longest"), [(4, 0.3, 1), (12, 0.1, 1), (12, 0.1, 9), (20, 0.05, 5)]
)
def test_the_interval_holds_the_truth_of_simulated_webs(seeds: int, chance: float, longest: int) -> None:
    random, truth_of_it = Random(20210521), 300
    drawn = [
        simulated(random, stories=truth_of_it, seeds=seeds, chance=chance, longest=longest) for _ in range(60)
    ]
    made = [each for each in drawn if each.estimate is not None and each.interval is not None]
    assert len(made) >= 55
    held = sum(each.interval[0] <= truth_of_it <= each.interval[1] for each in made if each.interval)
    assert held / len(made) >= 0.95
    mean = sum(each.estimate for each in made if each.estimate) / len(made)
    assert mean == pytest.approx(truth_of_it, rel=0.1)
    # And it says something: the stories that nobody caught are in it.
    assert all(each.either < truth_of_it for each in made)


def test_halves_that_lead_to_the_same_are_no_proof_of_all() -> None:
    ring = {f"p{number}": [f"p{(number + 1) % 30}"] for number in range(30)}
    seeds = [("kompas", "p0"), ("kompas", "p10"), ("detik", "p15"), ("detik", "p20")]
    found = coverage_of(ring, seeds, {f"p{number}": number for number in range(30)})
    assert (found.estimate, found.interval, found.seeds_found_again) == (26.0, (26, 26), 4)
    assert "says nothing of stories that no page links to" in coverage_text(found)


def test_copies_count_as_their_story_and_seeds_do_not_count() -> None:
    edges = {f"s{seed}": [f"c{number}" for number in range(10)] for seed in range(4)}
    stories = {f"s{seed}": 100 + seed for seed in range(4)} | {
        f"c{number}": number // 2 for number in range(20)
    }
    found = coverage_of(edges, [("kompas", f"s{seed}") for seed in range(4)], stories)
    assert (found.both, found.either, found.neither) == (5, 5, 5)
    assert found.no_estimate == "needs 7 stories that both halves of the seeds lead to; there are 5"


def hub(history: History, *, seeds: int, anchor_score: float = 0.6) -> None:
    """Seeds that all lead to the same ten stories."""
    for number in range(seeds):
        history.visit(url(number, "detik"), minute=0, is_seed=True, zone=None, depth=0)
    for number in range(10):
        history.visit(url(100 + number), minute=number)
        for seed in range(seeds):
            history.link(url(seed, "detik"), url(100 + number), anchor_score=anchor_score)


def test_the_estimate_is_made_from_the_stored_links(history: History) -> None:
    hub(history, seeds=4)
    found = history.report().coverage
    assert (found.seeds, found.reached, found.both, found.estimate) == ((2, 2), (10, 10), 10, 10.0)


def test_links_below_the_floor_lead_nowhere(history: History) -> None:
    hub(history, seeds=4, anchor_score=0.0)
    with history.store.read() as connection:
        found = yield_report(connection, TOPIC, 0.5).coverage
    assert (found.reached, found.neither) == ((0, 0), 10)


def test_without_enough_seeds_it_says_so(history: History) -> None:
    hub(history, seeds=3)
    assert (
        history.report().coverage.no_estimate == "needs 4 seeds that are stories, to halve them; there are 3"
    )


def test_a_crawl_that_has_not_ended_gives_no_estimate(history: History) -> None:
    hub(history, seeds=4)
    history.visit(url(200), minute=9, state="queued", outcome=None, has_page=False, done_at=None)
    reason = history.report().coverage.no_estimate
    assert reason == "needs a crawl that came to its end; there is 1 link to stories above the floor left"


def reached_from(graph: Graph, names: list[str]) -> set[str]:
    """The stories that a focused crawl finds from others by read-also lines, by the rule of ``Graph``."""
    found, waiting = set(names), list(names)
    while waiting:
        story = graph.stories[waiting.pop()]
        for line in story.read_also:
            target = graph.behind(line.target)
            if target is None or target.id in found or target.id not in graph.stories:
                continue
            if target.role == "story" and (story.on_topic or target.on_topic):
                found.add(target.id)
                waiting.append(target.id)
    return found


def test_on_the_sample_web_each_half_reaches_what_it_should(sample_web: SampleWeb, database_url: str) -> None:
    graph, true = first_day(), truth()
    chosen = [story for story in true.stories.values() if story.on_topic and story.reachable][::9][:5]
    arguments = crawl_arguments(sample_web.url, database_url, *(story.url for story in chosen))
    done = run(*arguments, "--no-discover", "--json", "--quiet")
    assert done.status == exit_status.OK, done.stderr
    report = json.loads(done.stdout)
    store = open_store(database_url)
    with store.read() as connection:
        searched = yield_report(connection, TOPIC, FLOOR)
        held = holdings(connection, TOPIC)
    store.close()
    found, yields = searched.coverage, searched.yields
    assert (report["yields"], report["coverage"]) == (yields.as_record(), found.as_record())
    by_key = {address_of(story.url).key: story.id for story in chosen}
    first, second = halves([(story.outlet, address_of(story.url).key) for story in chosen])
    expected = [
        {
            true.stories[name].duplicate_of or name
            for name in reached_from(graph, [by_key[key] for key in half])
            if true.stories[name].on_topic
        }
        - set(by_key.values())
        for half in (first, second)
    ]
    assert found.reached == (len(expected[0]), len(expected[1]))
    assert found.both == len(expected[0] & expected[1])
    whole = expected[0] | expected[1]
    assert found.either == len(whole)
    assert found.interval is None or found.interval[0] <= len(whole) <= found.interval[1]
    assert yields.total.stories == held.stories == report["stories"]
    for split in (yields.by_zone, yields.by_depth, yields.by_outlet):
        assert sum(each.fetches for each in split.values()) == yields.total.fetches - yields.listings.total()
        assert sum(each.stories for each in split.values()) == yields.total.stories
    asked = {hit.url for hit in sample_web.log if not hit.path.startswith("/robots.txt")}
    # Further parts of stories are asked for beside them.
    assert yields.total.stories < yields.total.fetches <= len(asked)


# --- The command --------------------------------------------------------------------------------


@pytest.fixture
def database(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path / 'news.db'}"
    store = open_store(address)
    hub(History(store), seeds=4)
    store.close()
    return address


def test_yields_prints_a_table_for_machines_and_words_for_people(database: str) -> None:
    ran = CliRunner().invoke(app, ["yields", TOPIC, "--db", database])
    assert ran.exit_code == exit_status.OK
    lines = ran.stdout.splitlines()
    assert lines[0] == "by\t\tfetched\tnew stories\tharvest\tfetches a story"
    assert "zone\tbody\t10\t10\t100%\t1.0" in lines
    assert "outlet\tdetik\t4\t4\t100%\t1.0" in lines
    assert "1.0 fetches a story (14 for 14), harvest 100%" in ran.stderr
    assert "given up  detik (last 40 fetches: 0 new stories)" in ran.stderr
    assert all(len(line) <= 80 for line in ran.stderr.splitlines())


def test_yields_as_json(database: str) -> None:
    ran = CliRunner().invoke(app, ["yields", TOPIC, "--json", "--db", database, "--crawl", "1"])
    record = json.loads(ran.stdout)
    assert (record["yields"]["fetches"], record["yields"]["stories"]) == (14, 14)
    assert record["yields"]["curve"][-1] == {"fetches": 14, "stories": 14}
    assert [crawl["id"] for crawl in record["crawls"]] == [1]
    assert record["coverage"]["interval"] == [10, 10]
    assert "not of the web" in record["coverage"]["measures"]


def test_yields_of_what_is_not_there(database: str) -> None:
    ran = CliRunner().invoke(app, ["yields", "banjir", "--db", database])
    assert (ran.exit_code, ran.stdout) == (exit_status.NOTHING_FOUND, "")
    assert "crawled so far: data-breach" in ran.stderr
    ran = CliRunner().invoke(app, ["yields", TOPIC, "--db", database, "--crawl", "9"])
    assert ran.exit_code == exit_status.ERROR
    assert "no crawl 9 of data-breach" in ran.stderr
