"""Threads of a store, and its stories counted by day."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.cli import exit_status
from crawler.store.answers.threads import threads
from crawler.store.answers.timeline import timeline
from crawler.store.database import Store, open_store
from crawler.store.story.story_filter import StoryFilter
from crawler.threads.grouping import TooManyStories
from crawler.threads.thread import ThreadStory, thread_of
from crawler.threads.timeline import Moment, Step, timeline_of
from tests import stories
from tests.test_cli import Ran

DAY = datetime(2021, 5, 21, 3, tzinfo=UTC)
BPJS = "Data peserta BPJS Kesehatan bocor di Raid Forums"


def moment(text: str, outlet: str = "kompas", title: str = "Judul") -> Moment:
    return Moment(
        published_at=datetime.fromisoformat(text), outlet=outlet, title=title, url=f"https://x/{text}"
    )


@pytest.fixture(scope="module")
def shared(shared_database_url: str) -> Iterator[Store]:
    opened = open_store(shared_database_url)
    stories.fill(opened)
    yield opened
    opened.close()


# Threads ----------------------------------------------------------------------------------------------------


def story(outlet: str, hour: int | None, linked_by: int = 0, copy_of: str | None = None) -> ThreadStory:
    return ThreadStory(
        url=f"https://{outlet}/{hour}",
        outlet=outlet,
        title=f"{outlet} {hour}",
        published_at=None if hour is None else DAY + timedelta(hours=hour),
        linked_by=linked_by,
        copy_of=copy_of,
    )


def test_thread_tells_who_was_first_and_what_is_linked_most() -> None:
    thread = thread_of(
        [
            story("detik", 30, 2),
            story("kompas", None, 5),
            story("detik", 2),
            story("tempo", 1, 9, copy_of="x"),
        ]
    )
    assert (thread.title, thread.days, thread.copies) == ("kompas None", 2, 1)
    assert thread.first is not None
    assert (thread.first.outlet, thread.outlets) == ("tempo", {"detik": 2, "kompas": 1, "tempo": 1})
    assert [hub.title for hub in thread.hubs] == ["kompas None", "detik 30"]
    assert [each.title for each in thread.stories] == ["tempo 1", "detik 2", "detik 30", "kompas None"]


def test_thread_without_times_or_links() -> None:
    thread = thread_of([story("detik", None)])
    assert (thread.first, thread.begins_at, thread.days, thread.hubs) == (None, None, 1, [])
    assert thread.title == "detik None"


def test_threads_of_a_store(shared: Store) -> None:
    found = threads(shared, stories.TOPIC)
    urls = {each.url for thread in found for each in thread.stories}
    assert urls == {stories.SEED, stories.SECOND, stories.COPY, stories.THIRD}
    [copied] = [thread for thread in found if thread.copies]
    [copy] = [each for each in copied.stories if each.copy_of]
    assert (copy.url, copy.copy_of) == (stories.COPY, stories.SECOND)
    linked_by = {each.url: each.linked_by for thread in found for each in thread.stories}
    # A copy that links to its first one says nothing; a lure does not count.
    assert linked_by == {stories.SEED: 1, stories.SECOND: 1, stories.COPY: 1, stories.THIRD: 1}


def test_threads_of_a_period_and_of_no_topic(shared: Store) -> None:
    may_21 = StoryFilter(until=datetime(2021, 5, 22, tzinfo=UTC))
    assert [thread.stories[0].url for thread in threads(shared, stories.TOPIC, may_21)] == [stories.SEED]
    assert threads(shared, "banjir") == []


def test_too_many_stories_are_refused_before_they_are_read(
    shared: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.store.answers.threads.MOST_STORIES", 3)
    with pytest.raises(TooManyStories, match=r"data-breach has 4 stories.* at most 3 .*--since and --until"):
        threads(shared, stories.TOPIC)
    assert threads(shared, stories.TOPIC, StoryFilter(until=datetime(2021, 5, 22, tzinfo=UTC)))


def test_a_copy_stands_for_its_group_when_the_first_one_is_off_topic(store: Store) -> None:
    with store.write() as connection:
        stories.add_story(connection, 1, stories.SEED, BPJS, day=1, relevance=0.1)
        stories.add_story(connection, 2, stories.SECOND, BPJS, day=2, duplicate_of=1)
        stories.add_story(connection, 3, stories.THIRD, BPJS, day=3, duplicate_of=1)
    [thread] = threads(store, stories.TOPIC)
    assert [(each.url, each.copy_of) for each in thread.stories] == [
        (stories.SECOND, None), (stories.THIRD, stories.SECOND),
    ]  # fmt: skip


# Timeline ---------------------------------------------------------------------------------------------------


def test_days_are_those_of_jakarta() -> None:
    found = timeline_of([moment("2021-05-21T18:00+00:00"), moment("2021-05-21T16:59+00:00")])
    assert [(entry.day, entry.stories) for entry in found.entries] == [
        (date(2021, 5, 21), 1), (date(2021, 5, 22), 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("last", "step", "lines"),
    [
        ("2021-05-21", Step.DAY, 2),
        ("2021-09-01", Step.WEEK, 2),
        ("2024-01-01", Step.MONTH, 2),
        ("2021-05-03", Step.DAY, 1),
    ],
)
def test_span_decides_what_a_line_stands_for(last: str, step: Step, lines: int) -> None:
    found = timeline_of([moment("2021-05-03T10:00+07:00"), moment(f"{last}T11:00+07:00")])
    assert (found.step, len(found.entries), found.stories) == (step, lines, 2)


def test_week_counts_outlets_and_names_the_first() -> None:
    written = [
        moment("2021-05-20T10:00+07:00", "detik"),
        moment("2021-05-18T10:00+07:00", "kompas", "Pertama"),
        moment("2021-05-23T10:00+07:00", "detik"),
    ]
    [entry] = timeline_of(written, Step.WEEK).entries
    assert (entry.day, entry.stories, entry.outlets) == (date(2021, 5, 17), 3, {"detik": 2, "kompas": 1})
    assert entry.first.title == "Pertama"


def test_nothing_is_an_empty_timeline() -> None:
    assert timeline_of([]).entries == []


def test_timeline_of_a_store(shared: Store) -> None:
    found = timeline(shared, StoryFilter(topic=stories.TOPIC))
    assert [(entry.day.day, entry.stories) for entry in found.entries] == [(21, 1), (22, 1)]
    assert found.without_time == 1
    every = StoryFilter(topic=stories.TOPIC, include_duplicates=True, include_off_topic=True)
    assert timeline(shared, every).stories == 4


# Commands ---------------------------------------------------------------------------------------------------


@pytest.fixture
def database(tmp_path: Path) -> str:
    store = open_store(str(tmp_path / "news.db"))
    stories.fill(store)
    with store.write() as connection:
        stories.add_story(connection, 7, "https://www.detik.com/x/d-77/y", "=1+1 \x1b[31mmerah", day=21)
    store.close()
    return str(tmp_path / "news.db")


def test_timeline_in_a_pipe_and_as_data(database: str) -> None:
    ran = Ran("timeline", stories.TOPIC, "--db", database)
    assert ran.status == exit_status.OK
    assert [line.split("\t")[:2] for line in ran.out.splitlines()] == [
        ["DAY", "STORIES"], ["2021-05-21", "2"], ["2021-05-22", "1"],
    ]  # fmt: skip
    assert "1 more have no time of publication" in ran.err
    record = json.loads(Ran("timeline", stories.TOPIC, "--json", "--by", "month", "--db", database).out)
    assert (record["by"], record["entries"][0]["day"], record["entries"][0]["stories"]) == (
        "month",
        "2021-05-01",
        3,
    )
    text = Ran("timeline", stories.TOPIC, "--csv", "--db", database).out
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(row["day"], row["outlets"]) for row in rows] == [
        ("2021-05-21", "detik 1; tribunnews 1"), ("2021-05-22", "tribunnews 1"),
    ]  # fmt: skip


def test_threads_in_a_pipe_and_as_data(database: str) -> None:
    ran = Ran("threads", stories.TOPIC, "--min", "1", "--db", database)
    assert ran.status == exit_status.OK
    assert ran.out.startswith("STORIES\tCOPIES\tFROM\t")
    assert "\x1b" not in ran.out
    listed = Ran("threads", stories.TOPIC, "--min", "1", "--stories", "--db", database).out
    assert len(listed.splitlines()) == 6
    record = json.loads(Ran("threads", stories.TOPIC, "--min", "1", "--json", "--db", database).out)
    assert sum(len(thread["stories"]) for thread in record["threads"]) == 5
    text = Ran("threads", stories.TOPIC, "--min", "1", "--csv", "--db", database).out
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert any(row["title"].startswith("'=1+1") for row in rows), "a spreadsheet would run it"
    assert sum(row["is_first"] == "true" for row in rows) == len(
        [thread for thread in record["threads"] if thread["first"]]
    )


@pytest.mark.parametrize("command", ["timeline", "threads", "stats"])
def test_topic_that_is_not_there_says_what_is(command: str, database: str) -> None:
    ran = Ran(command, "banjir", "--db", database)
    assert (ran.status, ran.out, ran.err.count("\n")) == (exit_status.NOTHING_FOUND, "", 1)
    assert "its topics: data-breach; one of your own goes by its file, such as ./banjir.toml" in ran.err


@pytest.mark.parametrize("command", ["timeline", "threads"])
def test_period_without_stories_says_so(command: str, database: str) -> None:
    ran = Ran(command, stories.TOPIC, "--since", "2025-01-01", "--db", database)
    assert ran.status == exit_status.NOTHING_FOUND
    assert "try another period" in ran.err
    assert Ran(command, stories.TOPIC, "--since", "kemarin", "--db", database).status == exit_status.USAGE
    assert Ran(command, stories.TOPIC, "--json", "--csv", "--db", database).status == exit_status.USAGE


def test_threads_that_are_too_small_are_counted(database: str) -> None:
    ran = Ran("threads", stories.TOPIC, "--min", "40", "--db", database)
    assert ran.status == exit_status.NOTHING_FOUND
    assert "5 in smaller ones: --min 1 shows them" in ran.err
