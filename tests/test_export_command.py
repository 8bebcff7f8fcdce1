"""What the command bacajuga export takes, writes and says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx
import pytest
from typer.testing import CliRunner

from crawler.cli import exit_status
from crawler.cli.app import app
from crawler.export.columns import (
    COLUMNS,
)
from crawler.export.forms import Table
from crawler.store.database import Store, open_store
from tests import stories
from tests.exports import fill_with_everything


@pytest.fixture
def filled(store: Store) -> Store:
    return fill_with_everything(store)


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


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["articles", "--since", "2030-01-01"], "try it without --since"),
        (["articles", "--outlet", "kompas", "--until", "2001-01-01"], "try it without --outlet or --until"),
        (["revisions", "--text", "tidakada"], "try it without --text"),
        (["articles", "--topic", "banjir"], f"its topics: {stories.TOPIC}"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_nothing_of_that_kind_says_what_to_try(database: str, arguments: list[str], advice: str) -> None:
    result = ran("export", *arguments, "--db", database)
    assert result.exit_code == exit_status.NOTHING_FOUND
    assert result.stderr.strip().endswith(f"; {advice}")
    assert result.stderr.count("\n") == 1


def test_an_empty_result_is_a_file_that_says_so(database: str, tmp_path: Path) -> None:
    path = tmp_path / "stories.csv"
    path.write_text("of yesterday")
    result = ran("export", "articles", "--db", database, "--since", "2030-01-01", "-o", str(path))
    assert result.exit_code == exit_status.NOTHING_FOUND
    assert f"{path} is there, with no rows" in result.stderr
    assert path.read_text().startswith("url,outlet,title")


def test_an_empty_store_says_how_to_fill_it(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'empty.db'}"
    open_store(address).close()
    result = ran("export", "articles", "--db", address)
    assert result.exit_code == exit_status.NOTHING_FOUND
    assert "nothing has been crawled yet: bacajuga crawl TOPIC" in result.stderr


def test_unknown_fields_are_all_named_with_those_that_there_are(database: str) -> None:
    result = ran("export", "links", "--fields", "label,anchor,zzz", "--db", database)
    assert result.exit_code == exit_status.ERROR
    assert "no column 'anchor', 'zzz'; did you mean anchor_text? there are: source_url, " in result.stderr
    assert result.stderr.count("\n") == 1
