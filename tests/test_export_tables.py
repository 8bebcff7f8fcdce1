"""Which rows and columns an export has, whatever its format."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as parquet
import pytest

from crawler.errors import ExportError
from crawler.export import exporting
from crawler.export.columns import (
    ARTICLE_COLUMNS,
    COLUMNS,
    EDGE_COLUMNS,
    NODE_COLUMNS,
    chosen_columns,
)
from crawler.export.exporting import Shape, write_rows
from crawler.export.forms import ENDINGS, Format, Table, format_for
from crawler.export.packing import packed, unpacked
from crawler.export.thread_rows import ThreadRow
from crawler.search.query import parse_query
from crawler.store.answers.story_graph import GraphEdge, GraphNode
from crawler.store.answers.story_words import having_words
from crawler.store.database import Store
from crawler.store.story import story_outcomes, story_revisions
from crawler.store.story.stories import stored_stories
from crawler.store.story.story_filter import StoryFilter
from crawler.store.story.story_links import StoredLink
from crawler.store.story.story_outcomes import StoredOutcome, stored_outcomes
from crawler.store.story.story_revisions import StoryRevision, stored_revisions
from tests import stories
from tests.exports import COLUMNS_OF_ONE, EVERYTHING, WIB, fill_with_everything, written


@pytest.fixture
def filled(store: Store) -> Store:
    return fill_with_everything(store)


def test_revisions_are_numbered_and_one_is_the_newest(filled: Store) -> None:
    found = [each for each in stored_revisions(filled, StoryFilter()) if each.url == stories.SECOND]
    assert [(each.revision, each.is_newest, each.title) for each in found] == [
        (1, False, "Kominfo Blokir Raid Forums"),
        (2, True, "Judul 1"),
        (3, False, "Judul 2"),
    ]


def test_outcomes_are_the_pages_that_were_no_story(filled: Store) -> None:
    found = {each.url: each for each in stored_outcomes(filled, StoryFilter())}
    assert {url: each.kind for url, each in found.items()} == {
        stories.GONE: "gone",
        stories.FORBIDDEN: "forbidden",
    }
    assert found[stories.GONE].host == "www.tribunnews.com"
    assert found[stories.GONE].topics == [stories.TOPIC]
    assert list(stored_outcomes(filled, StoryFilter(topic="banjir"))) == []
    assert list(stored_outcomes(filled, StoryFilter(outlets=("detik",)))) == []
    assert list(stored_outcomes(filled, StoryFilter(since=stories.SEEN_AT + timedelta(seconds=1)))) == []


def test_paging_gives_the_same_rows(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(stored_revisions(filled, EVERYTHING)), list(stored_outcomes(filled, EVERYTHING))
    for size in (1, 2, 3):
        monkeypatch.setattr(story_revisions, "PAGE_ROWS", size)
        monkeypatch.setattr(story_outcomes, "PAGE_ROWS", size)
        assert (
            list(stored_revisions(filled, EVERYTHING)),
            list(stored_outcomes(filled, EVERYTHING)),
        ) == whole


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("raid forums", [stories.COPY]),
        ("judul", [stories.SECOND]),  # of the newest text only: the headline was another one
        ("paragraf -awkward", None),
        ("tidakada", []),
        ("diperi*", []),
        ("bareskr*", [stories.THIRD]),
    ],
)
def test_stories_are_chosen_by_their_words(filled: Store, words: str, expected: list[str] | None) -> None:
    with filled.read() as connection:
        condition = having_words(connection, parse_query(words))
    wanted = StoryFilter(words=condition, include_duplicates=True, include_off_topic=True)
    found = [story.url for story in stored_stories(filled, wanted)]
    if expected is None:
        assert len(found) >= 4
    else:
        assert found == expected


def test_stories_are_chosen_by_their_outlet(filled: Store) -> None:
    found = [story.outlet for story in stored_stories(filled, StoryFilter(outlets=("detik",)))]
    assert found == ["detik"]


def test_fields_are_written_in_the_order_asked_for(filled: Store, tmp_path: Path) -> None:
    path = written(filled, Table.ARTICLES, tmp_path, Format.CSV, fields=("title", "url"))
    assert path.read_text().splitlines()[0] == "title,url"
    path = written(filled, Table.ARTICLES, tmp_path, Format.PARQUET, fields=("relevance",))
    assert parquet.read_table(path).column_names == ["relevance"]


def test_an_unknown_field_leaves_no_file(filled: Store, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no column 'titel'; did you mean title"):
        written(filled, Table.ARTICLES, tmp_path, Format.CSV, fields=("titel",))
    assert not (tmp_path / "articles.csv").exists()
    with pytest.raises(ExportError, match="no column 'xyzzy'; there are: url, outlet"):
        chosen_columns(ARTICLE_COLUMNS, ["xyzzy"])


@pytest.mark.parametrize(
    ("form", "module", "extra"), [(Format.PARQUET, "pyarrow", "parquet"), (Format.XLSX, "xlsxwriter", "xlsx")]
)
def test_a_missing_library_is_one_line_and_no_file(
    form: Format, module: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    path = tmp_path / "x"
    with pytest.raises(ExportError, match=rf"{module} is not installed.*pip install 'bacajuga\[{extra}\]'"):
        write_rows(Table.ARTICLES, ARTICLE_COLUMNS, [], path, Shape(form=form))
    assert not path.exists()


def test_rows_have_the_documented_columns() -> None:
    for row, columns in (
        (StoryRevision, COLUMNS[Table.REVISIONS]),
        (StoredOutcome, COLUMNS[Table.OUTCOMES]),
        (StoredLink, COLUMNS[Table.LINKS]),
        (ThreadRow, COLUMNS[Table.THREADS]),
        (GraphNode, NODE_COLUMNS),
        (GraphEdge, EDGE_COLUMNS),
    ):
        assert list(row.__slots__) == [column.name for column in columns]
    assert set(exporting.ROWS) == set(Table)


def test_a_packed_row_comes_back_as_it_was(filled: Store) -> None:
    for row in stored_stories(filled, EVERYTHING):
        back = unpacked(ARTICLE_COLUMNS, packed(ARTICLE_COLUMNS, row))
        assert vars(back) == {column.name: getattr(row, column.name) for column in ARTICLE_COLUMNS}
    odd = SimpleNamespace(text="\ud800\n\u2028", at=datetime(2021, 5, 21, 1, 2, 3, 456789, WIB), count=10**15)
    assert vars(unpacked(COLUMNS_OF_ONE, packed(COLUMNS_OF_ONE, odd))) == vars(odd)
    assert "\n" not in packed(COLUMNS_OF_ONE, odd)


@pytest.mark.parametrize("form", list(Format))
def test_every_format_has_an_ending(form: Format) -> None:
    assert ENDINGS[f".{form}"] is form
    assert format_for(f"a.b.{str(form).upper()}") is form
