"""The whole path on the sample web: from one seed to the stories that are there to be found."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.demo.sample_web import SEED, SampleWeb, truth
from tests.crawling import (
    Finished,
    Stored,
    asked_more_than_once,
    crawl_arguments,
    keys_of,
    run,
    stored,
)
from tests.turns import noted_turns

TRUTH = truth()
WANTED = {key for story in TRUTH.on_topic_reachable.values() for key in keys_of([story.url])}


@dataclass(frozen=True, slots=True)
class Crawled:
    """A crawl from the one seed, run to its end, which the tests share: they only look."""

    web: SampleWeb
    database_url: str
    ended: Finished
    found: Stored


@pytest.fixture(scope="module")
def crawled(shared_database_url: str) -> Iterator[Crawled]:
    with SampleWeb() as web:
        ended = run(*crawl_arguments(web.url, shared_database_url), "--json")
        assert ended.status == 0, ended.stderr
        yield Crawled(web, shared_database_url, ended, stored(shared_database_url))


def test_crawl_finds_every_reachable_story_and_nothing_else(crawled: Crawled) -> None:
    found, log = crawled.found, crawled.web.log
    assert found.on_topic >= WANTED, f"not found: {sorted(WANTED - found.on_topic)}"
    on_topic = {key for story in TRUTH.stories.values() if story.on_topic for key in keys_of([story.url])}
    assert found.on_topic <= on_topic, f"wrongly on topic: {sorted(found.on_topic - on_topic)}"
    expected_copies = {
        key
        for story in TRUTH.on_topic_reachable.values()
        if story.duplicate_of
        for key in keys_of([story.url])
    }
    assert len(found.copies) == len(expected_copies)

    fetched = {hit.url for hit in log}
    assert not fetched & TRUTH.must_not_fetch, "followed a link of a side box"
    assert not fetched & TRUTH.forbidden, "fetched what robots.txt forbids"
    assert not fetched & TRUTH.below_floor, "followed links below the score floor"
    assert asked_more_than_once(log, TRUTH) == {}

    record = crawled.ended.record
    assert record["stop_reason"] == "finished"
    assert record["left"] == 0
    assert record["stories"] == len(found.on_topic - found.copies)
    assert record["fetches"] == len([hit for hit in log if hit.path != "/robots.txt"])
    assert record["outcomes"]["forbidden"] >= 1
    assert record["outcomes"]["gone"] >= 1


def test_stories_are_stored_as_they_are_printed(crawled: Crawled) -> None:
    found = crawled.found
    for story in TRUTH.on_topic_reachable.values():
        (key,) = keys_of([story.url])
        assert found.titles[key] == story.title
        assert sorted(found.links.get(key, [])) == sorted(link.text for link in story.links), story.url


def test_same_command_again_fetches_nothing(crawled: Crawled) -> None:
    before = len(crawled.web.log)
    again = run(*crawl_arguments(crawled.web.url, crawled.database_url), "--json")
    assert again.status == 0, again.stderr
    assert again.record["fetches"] == 0
    assert len(crawled.web.log) == before


def test_page_budget_is_kept_and_the_crawl_goes_on_later(sample_web: SampleWeb, database_url: str) -> None:
    arguments = crawl_arguments(sample_web.url, database_url)
    first = run(*arguments, "--json", "--max-pages", "10")
    assert first.record["stop_reason"] == "max_pages"
    assert first.record["left"] > 0
    second = run(*arguments, "--json")
    assert second.record["resumed"] is True
    assert stored(database_url).on_topic >= WANTED
    assert asked_more_than_once(sample_web.log, TRUTH) == {}


def test_exports_hold_the_stories_once_and_their_links(crawled: Crawled) -> None:
    def exported(table: str) -> list[dict[str, str]]:
        written = run("export", table, "--db", crawled.database_url).stdout
        return list(csv.DictReader(io.StringIO(written, newline="")))

    rows, links, found = exported("articles"), exported("links"), crawled.found
    assert {row["article_key"] for row in rows} == found.on_topic - found.copies
    assert len(links) == sum(len(found.links.get(row["article_key"], [])) for row in rows)


def test_why_tells_the_chain_from_the_seed(crawled: Crawled) -> None:
    story = max(TRUTH.on_topic_reachable.values(), key=lambda story: story.published_at)
    told = run("why", story.url, "--db", crawled.database_url)
    assert told.status == 0, told.stderr
    assert story.title in told.stdout
    assert SEED.partition("?")[0].rpartition("/")[2] in told.stdout


def test_host_is_left_its_delay_between_two_requests(sample_web: SampleWeb, tmp_path: Path) -> None:
    database, delay = str(tmp_path / "news.db"), 0.3
    with noted_turns(database) as turns:
        done = run(*crawl_arguments(sample_web.url, database, delay=delay), "--max-pages", "12", "--json")
        assert done.status == 0, done.stderr
        assert turns.hurried(((hit.host, hit.monotonic) for hit in sample_web.log), delay) == {}


def test_crawler_names_itself(crawled: Crawled) -> None:
    agents = {hit.user_agent for hit in crawled.web.log}
    assert all(agent.startswith("Mozilla/5.0 (compatible; bacajuga/") for agent in agents), agents
