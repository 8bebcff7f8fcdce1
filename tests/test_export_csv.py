from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import make_dataclass
from datetime import UTC, datetime, timedelta, timezone

import pandas
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.export.columns import Column
from crawler.export.csv_file import cell, writable, write_csv
from crawler.export.feeds import (
    FEED_COLUMNS,
    ArticleCsvExporter,
    ArticleJsonExporter,
    ArticleJsonLinesExporter,
)
from crawler.export.jsonl_file import write_jsonl
from crawler.items import Article, Link, Listing, Outcome, OutcomeKind, Relevance, Visit

COLUMNS = (Column("first", ""), Column("second", ""))
Row = make_dataclass("Row", ["first", "second"])
ANY_TEXT = st.text(st.characters(exclude_categories=[]))  # half characters included


def written(*rows: tuple[object, object], bom: bool = False) -> str:
    file = io.BytesIO()
    assert write_csv(file, COLUMNS, [Row(*row) for row in rows], bom=bom) == len(rows)
    return file.getvalue().decode()


def parsed(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("", ""),
        ("Data bocor", "Data bocor"),
        (["Ani", "Budi"], "Ani; Budi"),
        ([], ""),
        (True, "true"),
        (False, "false"),
        (12, "12"),
        (-3, "-3"),
        (0.25, "0.25"),
        (datetime(2021, 5, 21, 8, 30, tzinfo=timezone(timedelta(hours=7))), "2021-05-21T08:30:00+07:00"),
        (datetime(2021, 5, 21, 8, 30, tzinfo=UTC), "2021-05-21T08:30:00+00:00"),
        ("=HYPERLINK(0)", "'=HYPERLINK(0)"),
        ("+62 812", "'+62 812"),
        ("-5 persen", "'-5 persen"),
        ("@kominfo", "'@kominfo"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n=1"),
        (" =1", "' =1"),
        ("\r=1", "'\n=1"),
        ("\x00=1", "'=1"),
        ("＝1", "'＝1"),
        (["=1", "=2"], "'=1; =2"),
        ("1 = 1", "1 = 1"),
        ("a\x00b\x1bc\x85d", "abcd"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("Citra 🎉", "Citra 🎉"),
    ],
)
def test_cell(value: object, expected: str) -> None:
    assert cell(value) == expected  # type: ignore[arg-type]


def test_lines_end_as_rfc_4180_has_it() -> None:
    assert written(("a", 'say "b", c\nd')) == 'first,second\r\na,"say ""b"", c\nd"\r\n'


@given(st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=5), st.booleans())
@example([("\ufeffa", "\ufeff")], False)
def test_every_row_comes_back(rows: list[tuple[str, str]], bom: bool) -> None:
    text = written(*rows, bom=bom)
    found = parsed(text.removeprefix("\ufeff") if bom else text)
    assert found == [["first", "second"], *([cell(first), cell(second)] for first, second in rows)]


@given(ANY_TEXT)
def test_no_cell_is_a_formula_or_holds_a_control_character(text: str) -> None:
    shown = cell(text)
    assert not re.match(r"\s*[=+\-@\t\r]", shown)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", shown)
    shown.encode("utf-8")


@given(st.text(st.characters(categories=["L", "N"], max_codepoint=0x24F), min_size=1))
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert cell(text) == text == writable(text)


@given(st.lists(st.text(st.characters(categories=["L", "P", "Z"])), min_size=1, max_size=4))
def test_pandas_reads_the_same_cells(texts: list[str]) -> None:
    frame = pandas.read_csv(
        io.StringIO(written(*((text, "x") for text in texts)), newline=""), keep_default_na=False, dtype=str
    )
    assert frame["first"].tolist() == [cell(text) for text in texts]


@given(st.lists(st.tuples(ANY_TEXT, st.lists(ANY_TEXT)), max_size=4))
def test_jsonl_is_one_object_a_line(rows: list[tuple[str, list[str]]]) -> None:
    file = io.BytesIO()
    write_jsonl(file, COLUMNS, [Row(*row) for row in rows])
    lines = file.getvalue().decode().split("\n")[:-1]
    assert [list(json.loads(line)) for line in lines] == [["first", "second"]] * len(rows)


def article(**fields: object) -> Article:
    return Article(
        url="https://www.detik.com/d-1",
        canonical_url="https://www.detik.com/d-1",
        article_key="detik:1",
        outlet="detik",
        title="=Data bocor",
        body="Satu dua.\n\nTiga.",
        published_at=datetime(2021, 5, 21, 8, 30, tzinfo=timezone(timedelta(hours=7))),
        authors=["Ani", "Budi"],
        links=[Link(url="https://www.detik.com/d-2", anchor_text="Lain", label="Baca juga", position=1)],
        extractor="detik",
        relevance=Relevance(score=0.9, on_topic=True, matched=["data bocor"]),
        visit=Visit(
            topic="data-breach", frontier_key="detik:1", url="https://www.detik.com/d-1", crawl_id=1,
            worker="w", depth=2, fetched_at=datetime(2021, 5, 21, tzinfo=UTC),
        ),
        **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def fed(exporter: type, *items: object, **options: object) -> str:
    file = io.BytesIO()
    feed = exporter(file, **options)
    feed.start_exporting()
    for item in items:
        feed.export_item(item)
    feed.finish_exporting()
    return file.getvalue().decode()


LISTING = Listing(url="https://www.detik.com/tag/x", outlet="detik")
OUTCOME = Outcome(url="https://www.detik.com/x", kind=OutcomeKind.GONE)


def test_csv_feed_has_flat_cells_and_stories_only() -> None:
    rows = list(csv.DictReader(io.StringIO(fed(ArticleCsvExporter, LISTING, article(), OUTCOME), newline="")))
    assert len(rows) == 1
    assert tuple(rows[0]) == FEED_COLUMNS
    assert rows[0] | {
        "title": "'=Data bocor",
        "published_at": "2021-05-21T08:30:00+07:00",
        "authors": "Ani; Budi",
        "word_count": "3",
        "topic": "data-breach",
        "relevance": "0.9",
        "on_topic": "true",
        "matched": "data bocor",
        "depth": "2",
        "read_also": "https://www.detik.com/d-2",
    } == rows[0]  # fmt: skip


def test_csv_feed_honours_the_fields_that_a_user_chose() -> None:
    text = fed(ArticleCsvExporter, article(), fields_to_export=["title", "url"])
    assert text == "title,url\r\n'=Data bocor,https://www.detik.com/d-1\r\n"


def test_other_items_are_exported_as_scrapy_does() -> None:
    assert fed(ArticleCsvExporter, {"a": 1, "b": ["x", "y"]}) == 'a,b\r\n1,"x,y"\r\n'
    assert json.loads(fed(ArticleJsonExporter, {"a": 1}, LISTING)) == [{"a": 1}]


@pytest.mark.parametrize(
    ("exporter", "load"),
    [(ArticleJsonExporter, lambda text: json.loads(text)[0]), (ArticleJsonLinesExporter, json.loads)],
)
def test_json_feeds_keep_lists_and_numbers(exporter: type, load: object) -> None:
    row = load(fed(exporter, OUTCOME, article(modified_at=None)))  # type: ignore[operator]
    assert tuple(row) == FEED_COLUMNS
    assert row["authors"] == ["Ani", "Budi"]
    assert row["relevance"] == 0.9
    assert row["published_at"] == "2021-05-21T08:30:00+07:00"
    assert row["modified_at"] is None
    assert row["read_also"] == [
        {"url": "https://www.detik.com/d-2", "anchor_text": "Lain", "label": "Baca juga", "position": 1}
    ]


def test_a_story_without_visit_and_relevance_has_empty_cells() -> None:
    item = article()
    item.visit = item.relevance = None
    rows = list(csv.DictReader(io.StringIO(fed(ArticleCsvExporter, item), newline="")))
    assert (rows[0]["topic"], rows[0]["relevance"], rows[0]["matched"]) == ("", "", "")
