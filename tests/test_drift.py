"""An outlet that changed its pages is named with its first bad story; ordinary ups and downs are not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from typer.testing import CliRunner

from crawler.cli import exit_status
from crawler.cli.app import app
from crawler.cli.crawl_report import print_report, report_record
from crawler.crawling.crawl import CrawlReport
from crawler.crawling.figures import Figures
from crawler.drift import Sample, check_outlet, first_bad
from crawler.items import Article, Link, Outcome, OutcomeKind, Visit
from crawler.reading.dates import WIB
from crawler.store.answers.drift import check_outlets
from crawler.store.crawl.crawls import Holdings
from crawler.store.crawl.record import record_article, record_outcome
from crawler.store.database import Store
from pipelines.deduplicate import DeduplicatePipeline
from tests.news_texts import story
from tests.storing import START, article_of, url_of

Breaking = Callable[[Article], Article]

# What a broken selector does to the stories that are read with it, and the field that has to be named.
BREAKINGS: dict[str, tuple[Breaking, set[str]]] = {
    "authors": (lambda read: replace(read, authors=[]), {"authors"}),
    "date": (lambda read: replace(read, published_at=None), {"published_at", "clock"}),
    "clock": (lambda read: replace(read, published_at=datetime(2021, 5, 21, tzinfo=WIB)), {"clock"}),
    "tags": (lambda read: replace(read, tags=[]), {"tags"}),
    "headline": (lambda read: replace(read, title="Kabar Kota"), {"title"}),
    "body": (lambda read: replace(read, body=read.body.split("\n\n")[0]), {"body"}),
    "read_also": (lambda read: replace(read, links=[]), {"links"}),
}


def stories(number: int, seed: int = 1) -> Iterable[Article]:
    """Stories of one outlet as they differ by nature: not every one has a deck, an editor, a link."""
    random = Random(seed)
    for at in range(number):
        text = story(random)
        yield article_of(
            url_of(at),
            replace(text, title=f"{text.title} ({at})"),
            minute=at,
            deck="Kata pembuka." if random.random() < 0.3 else None,
            authors=["Ani Lestari"] if random.random() < 0.95 else [],
            editors=["Budi Santoso"] if random.random() < 0.6 else [],
            section="Nasional",
            tags=["data"] if random.random() < 0.85 else [],
            image_url="https://asset.kompas.com/a.jpg",
            image_caption="Gedung." if random.random() < 0.8 else None,
            published_at=datetime(2021, 5, 1, 8, 5, tzinfo=WIB) + timedelta(hours=7 * at),
            links=[
                Link(url=url_of(1000 + 10 * at + n), anchor_text="Cerita lain", label="Baca juga")
                for n in range(random.choice((0, 1, 1, 2, 2, 3)))
            ],
        )


def keep_all(store: Store, found: Iterable[Article]) -> None:
    pipeline = DeduplicatePipeline()
    with store.write() as connection:
        for article in found:
            record_article(connection, pipeline.process_item(article), {})


def checked(store: Store, **options: Any) -> dict[str, dict[str, Any]]:
    """What the check says of each outlet: its broken fields, and where each began."""
    with store.read() as connection:
        return {
            check.outlet: {field.field: field.first_bad_url for field in check.broken}
            for check in check_outlets(connection, **options)
        }


@pytest.mark.parametrize("name", BREAKINGS)
def test_broken_selector_is_reported_with_its_first_bad_story(store: Store, name: str) -> None:
    breaking, fields = BREAKINGS[name]
    keep_all(store, (breaking(read) if at >= 50 else read for at, read in enumerate(stories(65))))
    found = checked(store)["kompas"]
    assert set(found) == fields
    numbers = {int(str(url).rsplit("-", 1)[1]) for url in found.values()}
    # A story that by nature has none, or hardly any, may stand right before or after the break.
    assert all(49 <= number <= 53 for number in numbers), numbers


@pytest.mark.parametrize("seed", [2, 3])
def test_natural_variation_is_silent(store: Store, seed: int) -> None:
    keep_all(store, stories(70, seed))
    assert checked(store) == {"kompas": {}}


def test_pages_without_a_story_are_reported(store: Store) -> None:
    read = list(stories(40))
    keep_all(store, read[:30])
    with store.write() as connection:
        for article in read[30:]:
            assert article.visit
            lost = Outcome(
                url=article.url, kind=OutcomeKind.LAYOUT_CHANGED, detail="no body", outlet="kompas"
            )
            lost.visit = article.visit
            record_outcome(connection, lost, {"www.kompas.com": 1.0})
    assert checked(store) == {"kompas": {"story": url_of(30)}}


def test_outlet_that_never_gave_a_story_is_reported_without_history(store: Store) -> None:
    with store.write() as connection:
        for at in range(6):
            visit = Visit(
                topic="data-breach", frontier_key=f"kompas:{at}", url=url_of(at), crawl_id=1, worker="test",
                fetched_at=START + timedelta(minutes=at),
            )  # fmt: skip
            lost = Outcome(url=url_of(at), kind=OutcomeKind.LAYOUT_CHANGED, outlet="kompas", visit=visit)
            record_outcome(connection, lost, {"www.kompas.com": 1.0})
    assert checked(store) == {"kompas": {"story": url_of(0)}}


def test_small_outlet_is_silent(store: Store) -> None:
    keep_all(store, (replace(read, authors=[]) if at >= 15 else read for at, read in enumerate(stories(24))))
    assert checked(store) == {"kompas": {}}


def test_only_the_stories_of_a_crawl_are_judged(store: Store) -> None:
    broken = (replace(read, tags=[]) if 30 <= at < 45 else read for at, read in enumerate(stories(60)))
    keep_all(store, broken)
    assert checked(store, since=START + timedelta(minutes=45), recent=15) == {"kompas": {}}
    assert checked(store, since=START + timedelta(minutes=57)) == {"kompas": {}}, (
        "three stories judge nothing"
    )


def test_command_names_the_broken_outlet(store: Store) -> None:
    keep_all(store, (replace(read, editors=[]) if at >= 70 else read for at, read in enumerate(stories(95))))
    database = store.engine.url.render_as_string(hide_password=False)
    runner = CliRunner(env={"TERM": "dumb", "COLUMNS": "120"})
    ran = runner.invoke(app, ["outlets", "check", "--db", database])
    assert ran.exit_code == exit_status.BROKEN_OUTLET
    assert "kompas\t20/75\t! editors\t" in ran.stdout
    assert "-> 0%" in ran.stdout
    assert "looks broken: kompas" in ran.stderr
    record = json.loads(runner.invoke(app, ["outlets", "check", "kompas", "--json", "--db", database]).stdout)
    assert record[0]["broken"] == ["editors"]
    assert {field["field"] for field in record[0]["fields"]} >= {"title", "deck", "body", "links", "editors"}
    fine = runner.invoke(app, ["outlets", "check", "tempo", "--db", database])
    assert fine.exit_code == exit_status.NOTHING_FOUND


def test_crawls_end_report_names_the_broken_outlet(capsys: pytest.CaptureFixture[str]) -> None:
    whole = samples(Random(4), 60, 0.9)
    broken = [replace(each, filled=each.filled - {"deck"}) for each in whole[40:]]
    report = CrawlReport(
        topic="data-breach", title="Data", stop_reason="finished", seconds=1.0, figures=Figures(),
        holdings=Holdings(stories=1, copies=0, off_topic=0, read_also_links=0), left=0, below_floor=0,
        best_left=None, floor=0.2, troubles=[], broken_outlets=[check_outlet("koran", whole[:40] + broken)],
        database="bacajuga.db", resumed=False,
    )  # fmt: skip
    print_report(report)
    said = " ".join(capsys.readouterr().err.split())
    assert "koran looks broken: deck " in said
    assert "-> 0%; see bacajuga outlets check" in said
    assert report_record(report)["broken_outlets"][0]["broken"] == ["deck"]


def samples(random: Random, number: int, share: float) -> list[Sample]:
    return [
        Sample(
            url=f"https://a.test/{at}",
            seen_at=datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=at),
            title=f"Judul {at}",
            filled=frozenset({"story", "title", "body"} | ({"deck"} if random.random() < share else set())),
            words=int(random.lognormvariate(5.6, 0.5)),
            links=random.choice((0, 1, 2, 2, 4)),
        )
        for at in range(number)
    ]


def test_chance_rarely_looks_like_a_break() -> None:
    random = Random(5)
    trials = [samples(random, random.randint(40, 120), share) for share in (0.2, 0.5, 0.8, 0.95) * 50]
    alarms = [field for trial in trials for field in check_outlet("a", trial).broken]
    assert len(alarms) <= 1, f"{len(alarms)} false alarms in {len(trials)} checks: {alarms[:3]}"


@pytest.mark.parametrize(
    ("good", "first"),
    [
        ([True] * 30 + [False] * 10, 30),
        ([True, False] + [True] * 30 + [False] * 10, 32),
        ([False] * 5, 0),
        ([True] * 5, None),
    ],
)
def test_first_bad_story_is_where_the_break_is(good: list[bool], first: int | None) -> None:
    assert first_bad(good) == first
