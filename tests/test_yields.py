"""What each crawl brought, by zone, hop and outlet: counted from the visits in the store."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.address import address_of
from crawler.cli import exit_status
from crawler.cli.app import app
from crawler.errors import BacaJugaError
from crawler.items import PageKind
from crawler.store.database import Store, open_store
from crawler.yields import Fetch, Yield, sparkline, yields_of
from tests.crawl_history import FIRST, TOPIC, History, hub, url


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
