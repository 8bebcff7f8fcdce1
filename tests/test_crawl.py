"""The whole path on the sample web: from one seed to the stories that are there to be found."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from crawler.demo.sample_web import SEED, SampleWeb, truth
from tests.crawling import (
    Finished,
    Stored,
    asked_more_than_once,
    crawl_arguments,
    hurried_hosts,
    keys_of,
    run,
    stored,
)

TRUTH = truth()
WANTED = {key for story in TRUTH.on_topic_reachable.values() for key in keys_of([story.url])}


@pytest.fixture
def crawled(sample_web: SampleWeb, database_url: str) -> Finished:
    """A crawl from the one seed, run to its end."""
    return run(*crawl_arguments(sample_web.url, database_url), "--json")


@pytest.fixture
def found(crawled: Finished, database_url: str) -> Stored:
    return stored(database_url)


def test_crawl_finds_every_reachable_story_and_nothing_else(
    crawled: Finished, found: Stored, sample_web: SampleWeb
) -> None:
    assert crawled.status == 0, crawled.stderr
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

    fetched = {hit.url for hit in sample_web.log}
    assert not fetched & TRUTH.must_not_fetch, "followed a link of a side box"
    assert not fetched & TRUTH.forbidden, "fetched what robots.txt forbids"
    assert not fetched & TRUTH.below_floor, "followed links below the score floor"
    assert asked_more_than_once(sample_web.log, TRUTH) == {}

    record = crawled.record
    assert record["stop_reason"] == "finished"
    assert record["left"] == 0
    assert record["stories"] == len(found.on_topic - found.copies)
    assert record["fetches"] == len([hit for hit in sample_web.log if hit.path != "/robots.txt"])
    assert record["outcomes"]["forbidden"] >= 1
    assert record["outcomes"]["gone"] >= 1


def test_stories_are_stored_as_they_are_printed(found: Stored) -> None:
    for story in TRUTH.on_topic_reachable.values():
        (key,) = keys_of([story.url])
        assert found.titles[key] == story.title
        assert sorted(found.links.get(key, [])) == sorted(link.text for link in story.links), story.url


def test_same_command_again_fetches_nothing(
    crawled: Finished, sample_web: SampleWeb, database_url: str
) -> None:
    before = len(sample_web.log)
    again = run(*crawl_arguments(sample_web.url, database_url), "--json")
    assert again.status == 0, again.stderr
    assert again.record["fetches"] == 0
    assert len(sample_web.log) == before


def test_page_budget_is_kept_and_the_crawl_goes_on_later(sample_web: SampleWeb, database_url: str) -> None:
    arguments = crawl_arguments(sample_web.url, database_url)
    first = run(*arguments, "--json", "--max-pages", "10")
    assert first.record["stop_reason"] == "max_pages"
    assert first.record["left"] > 0
    second = run(*arguments, "--json")
    assert second.record["resumed"] is True
    assert stored(database_url).on_topic >= WANTED
    assert asked_more_than_once(sample_web.log, TRUTH) == {}


def test_exports_hold_the_stories_once_and_their_links(
    crawled: Finished, found: Stored, database_url: str
) -> None:
    rows = list(
        csv.DictReader(io.StringIO(run("export", "articles", "--db", database_url).stdout, newline=""))
    )
    assert {row["article_key"] for row in rows} == found.on_topic - found.copies
    links = list(csv.DictReader(io.StringIO(run("export", "links", "--db", database_url).stdout, newline="")))
    assert len(links) == sum(len(found.links.get(row["article_key"], [])) for row in rows)


def test_why_tells_the_chain_from_the_seed(crawled: Finished, database_url: str) -> None:
    story = max(TRUTH.on_topic_reachable.values(), key=lambda story: story.published_at)
    told = run("why", story.url, "--db", database_url)
    assert told.status == 0, told.stderr
    assert story.title in told.stdout
    assert SEED.partition("?")[0].rpartition("/")[2] in told.stdout


def test_host_is_left_its_delay_between_two_requests(sample_web: SampleWeb, tmp_path: Path) -> None:
    database = tmp_path / "news.db"
    done = run(*crawl_arguments(sample_web.url, str(database), delay=0.3), "--max-pages", "12", "--json")
    assert done.status == 0, done.stderr
    assert hurried_hosts(sample_web.log, 0.3) == {}


def test_crawler_names_itself(crawled: Finished, sample_web: SampleWeb) -> None:
    agents = {hit.user_agent for hit in sample_web.log}
    assert all(agent.startswith("Mozilla/5.0 (compatible; bacajuga/") for agent in agents), agents
