from __future__ import annotations

import csv
import io
import json
import os
import stat
import tracemalloc
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pandas
import pytest

from crawler.errors import ExportError
from crawler.export.columns import ARTICLE_COLUMNS, LINK_COLUMNS, Column
from crawler.export.csv_file import write_csv
from crawler.export.exporting import export
from crawler.export.forms import Format, Table
from crawler.export.period import since_moment, until_moment
from crawler.export.writing import output_file
from crawler.store.database import Store
from crawler.store.story import stories as stories_module
from crawler.store.story import story_links
from crawler.store.story.stories import StoredStory, stored_stories
from crawler.store.story.story_filter import StoryFilter
from crawler.store.story.story_links import StoredLink, stored_links
from tests import stories


@pytest.fixture
def filled(store: Store) -> Store:
    stories.fill(store)
    return store


def urls(store: Store, **wanted: object) -> list[str]:
    return [story.url for story in stored_stories(store, StoryFilter(**wanted))]  # type: ignore[arg-type]


def test_only_stories_on_topic_are_exported_and_each_once(filled: Store) -> None:
    assert urls(filled) == [stories.SEED, stories.SECOND, stories.THIRD]


def test_lures_and_copies_are_exported_when_asked(filled: Store) -> None:
    assert stories.LURE in urls(filled, include_off_topic=True)
    assert stories.COPY in urls(filled, include_duplicates=True)


def test_another_topic_has_no_stories(filled: Store) -> None:
    assert urls(filled, topic="banjir") == []


def test_a_story_of_two_topics_has_a_row_for_each(filled: Store) -> None:
    with filled.write() as connection:
        stories.add_topic(connection, 1, "bpjs")
    found = [(story.url, story.topic) for story in stored_stories(filled, StoryFilter())]
    assert found[:2] == [(stories.SEED, "bpjs"), (stories.SEED, stories.TOPIC)]


def test_a_copy_stands_for_its_first_when_that_belongs_to_another_topic(filled: Store) -> None:
    with filled.write() as connection:
        stories.add_topic(connection, 4, "medan")
    assert urls(filled, topic="medan") == [stories.COPY]


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2021-05-22", None, [stories.SECOND]),
        (None, "2021-05-21", [stories.SEED]),
        ("2021-05-21", "2021-05-22", [stories.SEED, stories.SECOND]),
        ("2021-05-21T08:31", None, [stories.SECOND]),
        ("2021-05-21T08:30", "2021-05-21T08:31", [stories.SEED]),
        ("2021-05-21T01:30Z", "2021-05-21T01:31Z", [stories.SEED]),
    ],
)
def test_period_is_in_jakarta_time(
    filled: Store, since: str | None, until: str | None, expected: list[str]
) -> None:
    begin = since_moment(since) if since else None
    end = until_moment(until) if until else None
    assert urls(filled, since=begin, until=end) == expected


@pytest.mark.parametrize("text", ["yesterday", "2021-13-01", "", "21/05/2021", "9999-12-31"])
def test_a_wrong_date_says_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"write 2021-05-21|too far"):
        until_moment(text)


def test_times_keep_the_printed_offset(filled: Store) -> None:
    second = next(story for story in stored_stories(filled, StoryFilter()) if story.url == stories.SECOND)
    assert second.published_at is not None
    assert second.published_at.isoformat() == "2021-05-22T08:30:00+07:00"
    assert second.modified_at is not None
    assert second.modified_at.isoformat() == "2021-05-22T11:00:00+08:00"
    assert second.first_seen_at == stories.SEEN_AT


def test_found_via_is_the_address_of_the_page_that_linked(filled: Store) -> None:
    found = {story.url: story.found_via for story in stored_stories(filled, StoryFilter())}
    assert found == {stories.SEED: None, stories.SECOND: stories.SEED, stories.THIRD: stories.SECOND}


def test_found_via_is_known_when_the_story_was_linked_by_another_address(store: Store) -> None:
    with store.write() as connection:
        stories.add_story(connection, 1, stories.SEED, "Seed", day=21)
        stories.add_story(connection, 2, stories.SECOND, "Second", day=22)
        stories.add_alias(connection, stories.AMP_OF_SECOND, stories.SECOND)
        stories.add_entry(connection, stories.AMP_OF_SECOND, found_via=stories.SEED, score=0.8)
        # What the store notes for the story's own address when it was read under the other one.
        stories.add_entry(connection, stories.SECOND, score=0.0)
        stories.add_entry(connection, stories.SEED, is_seed=True, score=1.0)
    found = {story.url: story.found_via for story in stored_stories(store, StoryFilter())}
    assert found == {stories.SEED: None, stories.SECOND: stories.SEED}


def test_duplicate_of_is_the_address_of_the_first_copy(filled: Store) -> None:
    found = {
        story.url: story.duplicate_of
        for story in stored_stories(filled, StoryFilter(include_duplicates=True))
    }
    assert found[stories.COPY] == stories.SECOND
    assert found[stories.SECOND] is None


def test_paging_gives_the_same_rows(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with filled.write() as connection:
        stories.add_topic(connection, 1, "bpjs")
        stories.add_topic(connection, 2, "bpjs")
    everything = StoryFilter(include_off_topic=True, include_duplicates=True)
    whole = list(stored_stories(filled, everything)), list(stored_links(filled, everything))
    for size in (1, 2, 3):
        monkeypatch.setattr(stories_module, "PAGE_ROWS", size)
        monkeypatch.setattr(story_links, "PAGE_ROWS", size)
        assert (list(stored_stories(filled, everything)), list(stored_links(filled, everything))) == whole
    assert len(whole[0]) == 7


def test_links_follow_their_stories(filled: Store) -> None:
    found = list(stored_links(filled, StoryFilter()))
    assert {link.source_url for link in found} == {stories.SEED, stories.SECOND}
    with_copies = list(stored_links(filled, StoryFilter(include_duplicates=True)))
    assert {link.source_url for link in with_copies} == {stories.SEED, stories.SECOND, stories.COPY}


def test_a_link_of_a_story_of_two_topics_is_exported_once(filled: Store) -> None:
    before = list(stored_links(filled, StoryFilter()))
    with filled.write() as connection:
        stories.add_topic(connection, 1, "bpjs")
    assert list(stored_links(filled, StoryFilter())) == before


def test_a_link_tells_whether_its_target_is_stored(filled: Store) -> None:
    found = {
        link.target_url: link.target_stored
        for link in stored_links(filled, StoryFilter(include_duplicates=True))
    }
    assert found[stories.SECOND] is True
    assert found[stories.AMP_OF_SECOND] is True
    assert found[stories.BELOW_FLOOR] is False


def test_rows_have_the_documented_columns() -> None:
    assert [field.name for field in fields(StoredStory)] == [column.name for column in ARTICLE_COLUMNS]
    assert [field.name for field in fields(StoredLink)] == [column.name for column in LINK_COLUMNS]
    assert all(column.description for column in ARTICLE_COLUMNS + LINK_COLUMNS)


def test_csv_is_read_by_csv_and_pandas(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "stories.csv"
    assert export(filled, Table.ARTICLES, StoryFilter(), path) == 3
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["authors"] == "Ani Lestari; Budi"
    assert rows[0]["matched"] == "data bocor; raid forums"
    assert rows[0]["on_topic"] == "true"
    assert rows[0]["body"] == "Paragraf pertama.\n\nParagraf kedua."
    frame = pandas.read_csv(path)
    assert list(frame.columns) == [column.name for column in ARTICLE_COLUMNS]
    assert frame["on_topic"].all()
    assert frame["relevance"].tolist() == [0.9, 0.9, 0.9]
    assert pandas.to_datetime(frame["published_at"], utc=True)[0] == datetime(2021, 5, 21, 1, 30, tzinfo=UTC)


def test_jsonl_keeps_lists_and_numbers(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl"
    export(filled, Table.ARTICLES, StoryFilter(), path, Format.JSONL)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert list(rows[0]) == [column.name for column in ARTICLE_COLUMNS]
    assert rows[0]["authors"] == ["Ani Lestari", "Budi"]
    assert rows[0]["published_at"] == "2021-05-21T08:30:00+07:00"
    assert rows[0]["found_via"] is None


def test_links_are_written(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    assert export(filled, Table.LINKS, StoryFilter(), path) == 5
    frame = pandas.read_csv(path)
    assert list(frame.columns) == [column.name for column in LINK_COLUMNS]
    assert frame["target_stored"].tolist() == [True, True, False, True, True]


def test_bom_comes_first_when_asked(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "stories.csv"
    export(filled, Table.ARTICLES, StoryFilter(), path, bom=True)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfurl,outlet,")


def test_failure_leaves_the_old_file_and_no_half_one(tmp_path: Path) -> None:
    path = tmp_path / "stories.csv"
    path.write_text("old")

    def rows() -> Iterator[object]:
        yield Column("name", "description")
        raise RuntimeError

    with pytest.raises(RuntimeError), output_file(path) as file:
        write_csv(file, [Column("name", "")], rows())
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_replaced_file_keeps_its_permissions_and_a_new_one_gets_the_usual(tmp_path: Path) -> None:
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    old.write_text("old")
    old.chmod(0o640)
    mask = os.umask(0o022)
    try:
        for path in (old, new):
            with output_file(path) as file:
                file.write(b"new")
    finally:
        os.umask(mask)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (old, new)] == [0o640, 0o644]


def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    with output_file(tmp_path / "link.csv") as file:
        file.write(b"new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_bytes() == b"new"


def test_a_device_is_written_to(tmp_path: Path) -> None:
    with output_file(Path(os.devnull)) as file:
        file.write(b"new")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize(
    ("name", "message"), [("missing/x.csv", "there is no folder .*missing"), (".", "is a folder")]
)
def test_an_unwritable_path_is_explained(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(ExportError, match=message), output_file(tmp_path / name):
        pass


def test_memory_does_not_grow_with_the_number_of_stories(store: Store) -> None:
    with store.write() as connection:
        for number in range(1, 601):
            stories.add_story(
                connection,
                number,
                f"https://example.org/2021/05/{number}",
                f"Story {number}",
                day=21,
                body="kata " * 4000,
            )

    def peak(count: int) -> int:
        tracemalloc.start()
        rows = stored_stories(store, StoryFilter())
        for _ in range(count):
            next(rows)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(1)
    assert peak(600) < 1.2 * peak(300)


def test_writers_are_not_held_up_by_a_long_export(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stories_module, "PAGE_ROWS", 1)
    rows = stored_stories(filled, StoryFilter())
    next(rows)
    with filled.write() as connection:
        stories.add_story(connection, 99, "https://example.org/new", "New", day=26)
    assert [story.title for story in rows][-1] == "New"


def test_stdout_is_the_default(filled: Store, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    export(filled, Table.ARTICLES, StoryFilter(), None)
    rows = list(csv.reader(io.StringIO(capfdbinary.readouterr().out.decode(), newline="")))
    assert len(rows) == 4
