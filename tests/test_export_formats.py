"""The same rows in every format, as the programs that people use load them."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import networkx
import openpyxl
import pandas
import pyarrow.parquet as parquet
import pytest
from typer.testing import CliRunner

from crawler.cli import exit_status
from crawler.cli.app import app
from crawler.errors import ExportError
from crawler.export import exporting, xlsx_file
from crawler.export.columns import (
    ARTICLE_COLUMNS,
    COLUMNS,
    EDGE_COLUMNS,
    NODE_COLUMNS,
    Column,
    Kind,
    chosen_columns,
)
from crawler.export.csv_file import cell
from crawler.export.exporting import ROWS, Shape, export_table, write_rows
from crawler.export.forms import ENDINGS, Format, Table, format_for
from crawler.export.packing import packed, unpacked
from crawler.export.thread_rows import ThreadRow
from crawler.export.xlsx_file import write_xlsx
from crawler.search.query import parse_query
from crawler.store.answers.story_graph import GraphEdge, GraphNode, stored_graph
from crawler.store.answers.story_words import having_words
from crawler.store.database import Store
from crawler.store.schema import articles, revisions
from crawler.store.story import story_outcomes, story_revisions
from crawler.store.story.stories import stored_stories
from crawler.store.story.story_filter import StoryFilter
from crawler.store.story.story_links import StoredLink
from crawler.store.story.story_outcomes import StoredOutcome, stored_outcomes
from crawler.store.story.story_revisions import StoryRevision, stored_revisions
from tests import stories

WIB = timezone(timedelta(hours=7))
EVERYTHING = StoryFilter(include_off_topic=True, include_duplicates=True)
AWKWARD = '=1+1 "kutip" & <tanda>\nbaris 2 🎉'


@pytest.fixture
def filled(store: Store) -> Store:
    stories.fill(store)
    with store.write() as connection:
        stories.add_story(connection, 9, "https://www.detik.com/berita/d-9/awkward", AWKWARD, day=26)
        stories.add_page(connection, stories.GONE, outcome="gone")
        stories.add_page(connection, stories.FORBIDDEN, outcome="forbidden")
        for number, seen in ((20, 1), (21, 2)):
            connection.execute(
                revisions.insert().values(
                    id=number, article_id=2, content_hash=f"later{seen}", title=f"Judul {seen}", body="Isi.",
                    authors=[], seen_at=stories.SEEN_AT + timedelta(hours=seen),
                )
            )  # fmt: skip
        connection.execute(articles.update().where(articles.c.id == 2).values(content_hash="later1"))
    return store


def written(store: Store, table: Table, folder: Path, form: Format, **shape: Any) -> Path:
    path = folder / f"{table}.{form}"
    export_table(store, table, EVERYTHING, path, Shape(form=form, **shape))
    return path


def plain(value: object) -> object:
    """Return a value as every format can give it back: times as moments, no empty texts."""
    if value is pandas.NaT:
        return None
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0)
    if isinstance(value, float) and value != value:
        return None
    return None if value is None or value == "" or value == [] else value


def in_sheet(value: object, column: Column) -> object:
    """Return a value of an Excel sheet as it was before: lists are joined there, and times Jakarta's."""
    if column.kind is Kind.TIME and isinstance(value, datetime):
        return plain(value.replace(tzinfo=WIB))
    return plain(value)


@pytest.mark.parametrize("table", [table for table in Table if table is not Table.GRAPH])
def test_every_format_has_the_same_rows_and_values(filled: Store, table: Table, tmp_path: Path) -> None:
    columns = COLUMNS[table]
    rows = list(ROWS[table](filled, EVERYTHING))
    assert rows, f"tests/stories.py has no {table}"
    names = [column.name for column in columns]
    truth = [[plain(getattr(row, name)) for name in names] for row in rows]

    frame = pandas.read_csv(written(filled, table, tmp_path, Format.CSV), dtype=str, keep_default_na=False)
    assert list(frame.columns) == names
    assert frame.values.tolist() == [[cell(getattr(row, name)) for name in names] for row in rows]

    frame = pandas.read_json(written(filled, table, tmp_path, Format.JSONL), lines=True, dtype=False)
    times = {column.name for column in columns if column.kind is Kind.TIME}
    found = [
        [
            plain(
                datetime.fromisoformat(row[name])
                if name in times and isinstance(row[name], str)
                else row[name]
            )
            for name in names
        ]
        for row in frame.astype(object).to_dict("records")
    ]
    assert found == truth

    loaded = parquet.read_table(written(filled, table, tmp_path, Format.PARQUET))
    assert loaded.column_names == names
    assert [[plain(row[name]) for name in names] for row in loaded.to_pylist()] == truth

    book = openpyxl.load_workbook(written(filled, table, tmp_path, Format.XLSX))
    heading, *lines = book[str(table)].iter_rows(values_only=True)
    assert list(heading) == names
    sheet_truth = [
        [plain("; ".join(value) if isinstance(value, list) else value) for value in row] for row in truth
    ]
    assert [
        [in_sheet(value, column) for value, column in zip(line, columns, strict=True)] for line in lines
    ] == sheet_truth
    explained = list(book["columns"].iter_rows(values_only=True))
    assert [name for name, _ in explained[1:]] == names


def test_excel_runs_no_text_and_keeps_it_one(filled: Store, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(filled, Table.ARTICLES, tmp_path, Format.XLSX))
    titles = {row[2].value: row[2] for row in book["articles"].iter_rows()}
    assert titles[AWKWARD].data_type == "s"
    assert titles[AWKWARD].quotePrefix
    assert not titles["Kominfo Blokir Raid Forums"].quotePrefix


COLUMNS_OF_ONE = (Column("text", ""), Column("at", "", Kind.TIME), Column("count", "", Kind.INTEGER))


def sheet_of(tmp_path: Path, *rows: tuple[object, object, object]) -> tuple[Any, int]:
    path = tmp_path / "x.xlsx"
    made = [SimpleNamespace(text=text, at=at, count=count) for text, at, count in rows]
    with path.open("wb") as file:
        count, cut = write_xlsx(file, COLUMNS_OF_ONE, made, sheet="rows")
    assert count == len(rows)
    return openpyxl.load_workbook(path), cut


def test_a_text_too_long_for_a_cell_says_that_it_is_cut(tmp_path: Path) -> None:
    fits, too_long, in_pairs = "a" * 32_767, "b" * 40_000, "🎉" * 20_000
    book, cut = sheet_of(tmp_path, (fits, None, 1), (too_long, None, 2), (in_pairs, None, 3))
    found = [row[0] for row in book["rows"].iter_rows(min_row=2, values_only=True)]
    assert cut == 2
    assert found[0] == fits
    assert found[1].startswith("bbb")
    assert found[1].endswith("b [... cut here: 40,000 characters, and a cell holds 32,767]")
    assert len(found[1]) == 32_767
    assert found[2].startswith("🎉🎉")
    assert len(found[2].encode("utf-16-le")) // 2 <= 32_767


def test_rows_beyond_a_sheet_go_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_file, "SHEET_ROWS", 3)
    book, _ = sheet_of(tmp_path, *((f"row {number}", None, number) for number in range(7)))
    assert book.sheetnames == ["rows", "rows 2", "rows 3", "columns"]
    for name, count in (("rows", 3), ("rows 2", 3), ("rows 3", 1)):
        assert book[name].max_row == count + 1
        assert book[name]["A1"].value == "text"
    assert book["rows 3"]["A2"].value == "row 6"


def test_times_that_excel_has_no_date_for_are_text(tmp_path: Path) -> None:
    book, _ = sheet_of(tmp_path, ("", datetime(1850, 1, 1, tzinfo=UTC), 1))
    assert book["rows"]["B2"].value == "1850-01-01T07:00:00+07:00"


def test_an_empty_table_has_its_heading_in_every_format(store: Store, tmp_path: Path) -> None:
    for form in (Format.CSV, Format.PARQUET, Format.XLSX):
        path = written(store, Table.ARTICLES, tmp_path, form)
        assert path.stat().st_size > 0
    assert parquet.read_table(tmp_path / "articles.parquet").num_rows == 0
    assert openpyxl.load_workbook(tmp_path / "articles.xlsx")["articles"].max_row == 1


@pytest.mark.parametrize("form", [Format.GEXF, Format.GRAPHML])
def test_networkx_loads_the_graph_with_its_attributes(filled: Store, form: Format, tmp_path: Path) -> None:
    path = written(filled, Table.GRAPH, tmp_path, form)
    graph = networkx.read_gexf(path) if form is Format.GEXF else networkx.read_graphml(path)
    parts = list(stored_graph(filled, EVERYTHING))
    nodes = {part.article_key: part for part in parts if isinstance(part, GraphNode)}
    edges = [part for part in parts if isinstance(part, GraphEdge)]
    assert set(graph.nodes) == set(nodes)
    assert graph.number_of_edges() == len(edges) == 6
    assert graph.is_directed()
    for key, node in nodes.items():
        found = graph.nodes[key]
        assert found["label"] == node.label
        assert (found["url"], found["outlet"]) == (node.url, node.outlet)
        assert (found["is_stored"], found["is_selected"]) == (node.is_stored, node.is_selected)
        assert found.get("published_at") == (node.published_at.isoformat() if node.published_at else None)
        assert found.get("relevance") == node.relevance
        assert found.get("topics", "") == "; ".join(node.topics)
    for edge in edges:
        found = graph.edges[edge.source, edge.target]
        assert (found["label"], found["anchor_text"]) == (edge.label, edge.anchor_text)
        assert found["position"] == edge.position
        assert found["first_seen_at"] == edge.first_seen_at.isoformat()
        assert found["last_seen_at"] == edge.last_seen_at.isoformat()
    unread = graph.nodes[stories.key(stories.BELOW_FLOOR)]
    assert unread["is_stored"] is False
    assert unread["label"] == "Jadwal final"


def test_gexf_has_a_timeline(filled: Store, tmp_path: Path) -> None:
    graph = networkx.read_gexf(written(filled, Table.GRAPH, tmp_path, Format.GEXF))
    assert graph.graph["mode"] == "dynamic"
    assert graph.nodes[stories.key(stories.SECOND)]["start"] == "2021-05-22"
    assert "start" not in graph.nodes[stories.key(stories.BELOW_FLOOR)]


def test_the_same_link_twice_is_two_edges(filled: Store, tmp_path: Path) -> None:
    with filled.write() as connection:
        stories.add_link(connection, 2, "https://m.tribunnews.com/nasional/2021/05/25/bareskrim-periksa-dirut-bpjs",
                         "Dirut", position=9)  # fmt: skip
    for form, read in ((Format.GEXF, networkx.read_gexf), (Format.GRAPHML, networkx.read_graphml)):
        graph = read(written(filled, Table.GRAPH, tmp_path, form))
        assert graph.number_of_edges() == 7


def test_a_graph_of_some_stories_says_which_were_asked_for(filled: Store) -> None:
    wanted = StoryFilter(until=datetime(2021, 5, 22, tzinfo=WIB))
    nodes = {part.url: part for part in stored_graph(filled, wanted) if isinstance(part, GraphNode)}
    assert nodes[stories.SEED].is_selected
    assert not nodes[stories.SECOND].is_selected
    assert nodes[stories.SECOND].is_stored
    assert (
        nodes[stories.SECOND].label == "Judul 1"
        or nodes[stories.SECOND].label == "Kominfo Blokir Raid Forums"
    )
    assert nodes[stories.SECOND].relevance == 0.9
    assert not nodes[stories.BELOW_FLOOR].is_stored


def test_a_story_of_two_topics_is_one_node(filled: Store) -> None:
    with filled.write() as connection:
        stories.add_topic(connection, 1, "bpjs", relevance=0.95)
    found = [part for part in stored_graph(filled, EVERYTHING) if getattr(part, "url", "") == stories.SEED]
    assert len(found) == 1
    assert (found[0].topics, found[0].relevance) == (["bpjs", stories.TOPIC], 0.95)  # type: ignore[union-attr]


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


# The command line --------------------------------------------------------------------------------------


@pytest.fixture
def database(filled: Store) -> str:
    return filled.engine.url.render_as_string(hide_password=False)


def ran(*arguments: str) -> Any:
    return CliRunner(env={"COLUMNS": "100", "TERM": "dumb", "BACAJUGA_DEBUG": ""}).invoke(
        app, list(arguments), prog_name="bacajuga"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["graph", "-o", "x.csv"], "a graph is gexf or graphml"),
        (["articles", "-o", "x.gexf"], "have no graph"),
        (["articles", "-o", "x.ods"], ".xlsx"),
        (["outcomes", "--text", "x"], "not chosen by it"),
        (["threads", "--outlet", "detik"], "not chosen by it"),
        (["graph", "--fields", "url"], "all its attributes"),
        (["articles", "-o", "x.xlsx", "--bom"], "for CSV only"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_does_not_go_together_is_said(database: str, arguments: list[str], said: str) -> None:
    result = ran("export", *arguments, "--db", database)
    assert result.exit_code == exit_status.USAGE
    assert said in " ".join(result.stderr.replace("│", " ").split())


def test_the_command_writes_what_the_files_name_says(database: str, tmp_path: Path) -> None:
    for name, what in (("a.parquet", "articles"), ("a.xlsx", "revisions"), ("a.graphml", "links")):
        result = ran("export", what, "--db", database, "-o", str(tmp_path / name))
        assert (result.exit_code, result.stdout) == (exit_status.OK, ""), result.stderr
        assert f"written to {tmp_path / name}" in result.stderr
    assert networkx.read_graphml(tmp_path / "a.graphml").number_of_nodes() > 3


def test_the_command_filters_by_words_outlet_and_fields(database: str) -> None:
    result = ran("export", "articles", "--db", database, "--text", "bareskrim", "--outlet", "tribunnews",
                 "--fields", "title,outlet", "--format", "jsonl")  # fmt: skip
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"title": "Bareskrim Periksa Dirut BPJS", "outlet": "tribunnews"}
    ]
    result = ran("export", "articles", "--db", database, "--outlet", "tribunews")
    assert result.exit_code == exit_status.ERROR
    assert "no outlet named 'tribunews'" in result.stderr


def test_the_command_masks_when_asked(database: str, filled: Store) -> None:
    with filled.write() as connection:
        stories.add_story(connection, 30, "https://www.detik.com/berita/d-30/x", "HP 081234567890", day=27)
    plain_text = ran("export", "articles", "--db", database, "--outlet", "detik").stdout
    masked = ran("export", "articles", "--db", database, "--outlet", "detik", "--redact").stdout
    assert "081234567890" in plain_text
    assert "081234567890" not in masked
    assert "[nomor telepon disamarkan]" in masked


def test_every_tables_columns_are_explained() -> None:
    for table in Table:
        lines = ran("export", str(table), "--columns").stdout.splitlines()
        assert [line.split("\t")[0] for line in lines[1:]] == [column.name for column in COLUMNS[table]]
