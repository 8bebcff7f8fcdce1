"""A snapshot gives the same bytes for the same id, whatever becomes of the store."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import networkx
import pytest
from sqlalchemy import delete, func, select, update
from typer.testing import CliRunner

from crawler.cli import exit_status
from crawler.cli.app import app
from crawler.errors import ExportError, StoreError
from crawler.export import snapshotting
from crawler.export.citing import bibtex_citation, plain_citation
from crawler.export.columns import COLUMNS
from crawler.export.exporting import ROWS, Shape, export_table
from crawler.export.forms import Format, Table
from crawler.export.snapshotting import create_snapshot, damaged_tables, export_snapshot
from crawler.store.database import Store
from crawler.store.schema import (
    aliases,
    article_topics,
    articles,
    evidence,
    frontier,
    links,
    pages,
    revisions,
    snapshot_parts,
    snapshots,
)
from crawler.store.story.frozen import frozen
from crawler.store.story.snapshots import (
    Snapshot,
    all_snapshots,
    begin_snapshot,
    delete_snapshot,
    find_snapshot,
)
from crawler.store.story.stories import stored_stories
from crawler.store.story.story_filter import StoryFilter
from tests import stories

TABLES = [table for table in Table if table is not Table.GRAPH]
FORMS = {Table.GRAPH: (Format.GEXF, Format.GRAPHML)}


@pytest.fixture
def filled(store: Store) -> Store:
    stories.fill(store)
    with store.write() as connection:
        stories.add_page(connection, stories.GONE, outcome="gone")
    return store


def made(store: Store, name: str = "bpjs-2021", **options: Any) -> Snapshot:
    return create_snapshot(store, name, StoryFilter(topic=stories.TOPIC), {"since": None}, **options)


def contents(store: Store, snapshot: Snapshot, folder: Path) -> dict[str, bytes]:
    """Return every table in every format."""
    folder.mkdir()
    found = {}
    for table in Table:
        forms = FORMS.get(table, (Format.CSV, Format.JSONL, Format.PARQUET, Format.XLSX))
        for form in forms:
            path = folder / f"{table}.{form}"
            export_snapshot(store, snapshot, table, path, Shape(form=form))
            found[path.name] = path.read_bytes()
    return found


def change_everything(store: Store) -> None:
    """Edit, score anew, find copies, take back, delete and add."""
    later = stories.SEEN_AT + timedelta(days=1)
    with store.write() as connection:
        connection.execute(
            revisions.insert().values(
                id=50, article_id=1, content_hash="edited", title="34 Juta Data Bocor", body="Teks baru.",
                authors=["Lain"], seen_at=later,
            )
        )  # fmt: skip
        connection.execute(
            update(articles).where(articles.c.id == 1).values(
                content_hash="edited", title="34 Juta Data Bocor", last_seen_at=later, authors=["Lain"]
            )
        )  # fmt: skip
        # A mended reading changes a version in its place.
        connection.execute(
            update(revisions).where(revisions.c.id == 2).values(body="Dibaca ulang.", title="Lain")
        )
        connection.execute(update(article_topics).values(relevance=0.3, on_topic=False, matched=[]))
        connection.execute(
            update(articles).where(articles.c.id == 5).values(duplicate_of=1, duplicate_kind="near")
        )
        connection.execute(update(links).values(anchor_text="Lain", last_seen_at=later))
        connection.execute(update(pages).values(outcome="blocked", visits=9))
        stories.add_story(connection, 60, "https://www.detik.com/berita/d-60/baru", "Baru", day=27)
        stories.add_link(connection, 1, "https://www.detik.com/berita/d-60/baru", "Baru", position=1)


def delete_everything(store: Store) -> None:
    with store.write() as connection:
        for table in (links, revisions, article_topics, evidence, frontier, aliases, pages, articles):
            if table is articles:
                connection.execute(update(articles).values(duplicate_of=None))
            connection.execute(delete(table))


def test_the_same_id_gives_the_same_bytes_after_everything_changed(filled: Store, tmp_path: Path) -> None:
    snapshot = made(filled)
    before = contents(filled, snapshot, tmp_path / "before")
    live = {}
    for table in TABLES:
        path = tmp_path / f"live-{table}"
        export_table(filled, table, StoryFilter(topic=stories.TOPIC), path, Shape())
        live[table] = path.read_bytes()
        assert live[table] == before[f"{table}.csv"], f"{table}: a snapshot is what an export gives"
    change_everything(filled)
    export_table(filled, Table.ARTICLES, StoryFilter(topic=stories.TOPIC), tmp_path / "now", Shape())
    assert (tmp_path / "now").read_bytes() != live[Table.ARTICLES], "nothing was changed: mend this test"
    again = find_snapshot(filled, snapshot.id)
    assert again == snapshot
    assert contents(filled, again, tmp_path / "after") == before
    delete_everything(filled)
    assert contents(filled, again, tmp_path / "emptied") == before
    assert damaged_tables(filled, again) == []


def test_the_checksum_is_that_of_the_csv(filled: Store, tmp_path: Path) -> None:
    snapshot = made(filled)
    for table in TABLES:
        path = tmp_path / str(table)
        count = export_snapshot(filled, snapshot, table, path, Shape()).rows
        facts = snapshot.tables[str(table)]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == facts["sha256"]
        assert (count, path.stat().st_size) == (facts["rows"], facts["bytes"])
        assert count > 0, table


def test_snapshots_of_the_same_rows_have_ids_of_their_own(filled: Store) -> None:
    first, second = made(filled, "first"), made(filled, "second")
    assert re.fullmatch(r"[0-9a-f]{12}", first.id)
    assert first.id != second.id
    assert first.tables == second.tables


def test_a_snapshot_made_in_many_parts_is_the_same(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = made(filled, "whole")
    monkeypatch.setattr(snapshotting, "PART_ROWS", 1)
    parted = made(filled, "parted")
    assert parted.tables == whole.tables
    with filled.read() as connection:
        count = connection.scalar(
            select(func.count()).where(
                snapshot_parts.c.snapshot_id == parted.row_id, snapshot_parts.c.table_name == "articles"
            )
        )
    assert count == parted.tables["articles"]["rows"] == 3
    assert damaged_tables(filled, parted) == []


def test_all_tables_are_of_one_moment(filled: Store) -> None:
    with frozen(filled) as view:
        first = next(iter(stored_stories(view, StoryFilter())))
        with filled.write() as connection:
            stories.add_story(connection, 70, "https://www.detik.com/berita/d-70/baru", "Baru", day=27)
            connection.execute(update(articles).where(articles.c.id < 70).values(title="Lain"))
        found = [story.title for story in stored_stories(view, StoryFilter())]
        assert "Baru" not in found
        assert "Lain" not in found
        assert found[0] == first.title
    assert "Baru" not in found
    assert {story.title for story in stored_stories(filled, StoryFilter())} == {"Baru", "Lain"}


def test_the_graph_of_a_snapshot_is_whole(filled: Store, tmp_path: Path) -> None:
    snapshot = made(filled)
    delete_everything(filled)
    export_snapshot(filled, snapshot, Table.GRAPH, tmp_path / "g", Shape(form=Format.GEXF))
    graph = networkx.read_gexf(tmp_path / "g")
    assert graph.number_of_edges() == snapshot.tables["graph links"]["rows"] == 5
    assert graph.number_of_nodes() == snapshot.tables["graph nodes"]["rows"]


def test_a_masked_snapshot_holds_nothing_to_unmask(filled: Store, tmp_path: Path) -> None:
    with filled.write() as connection:
        stories.add_story(connection, 80, "https://www.detik.com/d-80", "HP 081234567890", day=27)
    snapshot = made(filled, redacts=True)
    assert snapshot.is_redacted
    export_snapshot(filled, snapshot, Table.ARTICLES, tmp_path / "a", Shape())
    text = (tmp_path / "a").read_text()
    assert "081234567890" not in text
    assert "[nomor telepon disamarkan]" in text


def test_damage_is_found(filled: Store) -> None:
    snapshot = made(filled)
    with filled.write() as connection:
        connection.execute(
            update(snapshot_parts)
            .where(snapshot_parts.c.table_name == "links")
            .values(packed=snapshotting.zlib.compress(b"[]"))
        )
    assert damaged_tables(filled, snapshot) == ["links"]


def test_a_failure_leaves_nothing_behind(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(store: Store, wanted: StoryFilter) -> Any:
        yield from stored_stories(store, StoryFilter(topic="banjir"))
        raise KeyboardInterrupt

    monkeypatch.setitem(ROWS, Table.REVISIONS, broken)
    with pytest.raises(KeyboardInterrupt):
        made(filled)
    with filled.read() as connection:
        assert connection.scalar(select(func.count()).select_from(snapshots)) == 0
        assert connection.scalar(select(func.count()).select_from(snapshot_parts)) == 0


def test_what_a_dead_process_left_is_not_listed_and_goes_away(filled: Store) -> None:
    facts = {"topic": None, "given": {}, "is_redacted": False, "software": "x"}
    row_id = begin_snapshot(filled, name="dead", made_at=stories.SEEN_AT, **facts)  # type: ignore[arg-type]
    snapshotting.add_part(filled, row_id, "articles", 0, 1, b"x")
    assert all_snapshots(filled) == []
    with pytest.raises(StoreError, match=r"still being made.*snapshot delete dead"):
        begin_snapshot(filled, name="dead", made_at=stories.SEEN_AT, **facts)  # type: ignore[arg-type]
    late = stories.SEEN_AT + timedelta(days=2)
    begin_snapshot(filled, name="dead", made_at=late, **facts)  # type: ignore[arg-type]
    with filled.read() as connection:
        assert connection.scalar(select(func.count()).select_from(snapshot_parts)) == 0


def test_a_snapshot_is_found_by_id_beginning_or_name(filled: Store) -> None:
    snapshot = made(filled)
    for asked in (snapshot.id, snapshot.id[:4], snapshot.id.upper()[:6], "bpjs-2021"):
        assert find_snapshot(filled, asked) == snapshot
    for asked in (snapshot.id[:3], "bpjs", "", "%", "____"):
        with pytest.raises(StoreError, match=r"no snapshot .*there are: bpjs-2021"):
            find_snapshot(filled, asked)
    delete_snapshot(filled, snapshot.row_id)
    with pytest.raises(StoreError, match="snapshot create NAME"):
        find_snapshot(filled, snapshot.id)


@pytest.mark.parametrize("name", ["", "a b", "../x", "-x", "x" * 65, "a\n", "é"])
def test_a_wrong_name_is_refused(filled: Store, name: str) -> None:
    with pytest.raises(ExportError, match="is no name for a snapshot"):
        made(filled, name)


def test_a_name_is_taken_once(filled: Store) -> None:
    snapshot = made(filled)
    with pytest.raises(StoreError, match=f"its id is {snapshot.id}"):
        made(filled)


def test_a_citation_names_id_time_and_checksum(filled: Store) -> None:
    snapshot = made(filled)
    checksum = snapshot.tables["articles"]["sha256"]
    plain = plain_citation(snapshot, "Ani Lestari")
    assert plain.startswith(
        f"Ani Lestari ({snapshot.made_at.year}): bpjs-2021: 3 Indonesian news stories on "
    )
    for text in (plain, bibtex_citation(snapshot)):
        assert snapshot.id in text
        assert checksum in text
        assert "bacajuga 0." in text
    entry = bibtex_citation(snapshot, r"50% & {Co} \x")
    assert r"50\% \& \{Co\} \textbackslash{}x" in entry
    assert entry.count("{") - entry.count(r"\{") == entry.count("}") - entry.count(r"\}")


def test_threads_are_left_out_of_very_many_stories(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshotting, "MOST_STORIES_FOR_THREADS", 2)
    snapshot = made(filled)
    with pytest.raises(ExportError, match="made without threads; it has: articles, links"):
        export_snapshot(filled, snapshot, Table.THREADS, None, Shape())


def test_a_snapshot_keeps_the_columns_that_it_was_made_with(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = made(filled)
    export_snapshot(filled, snapshot, Table.LINKS, tmp_path / "before", Shape())
    monkeypatch.setitem(COLUMNS, Table.LINKS, COLUMNS[Table.LINKS][:3])
    export_snapshot(filled, snapshot, Table.LINKS, tmp_path / "after", Shape())
    assert (tmp_path / "before").read_bytes() == (tmp_path / "after").read_bytes()


# The command line --------------------------------------------------------------------------------------


def ran(database: Store, *arguments: str) -> Any:
    address = database.engine.url.render_as_string(hide_password=False)
    return CliRunner(
        env={"COLUMNS": "100", "TERM": "dumb", "BACAJUGA_DEBUG": "", "DATABASE_URL": address}
    ).invoke(app, ["snapshot", *arguments], prog_name="bacajuga")


def test_the_commands(filled: Store, tmp_path: Path) -> None:
    assert ran(filled, "list").exit_code == exit_status.NOTHING_FOUND
    created = ran(filled, "create", "mei", "--topic", stories.TOPIC, "--until", "2021-05-22")
    assert created.exit_code == exit_status.OK, created.stderr
    key = created.stdout.strip()
    assert f"snapshot {key} (mei): 2 stories" in created.stderr
    assert f"{key}\tmei\t{stories.TOPIC}\t2\t" in ran(filled, "list").stdout
    shown = ran(filled, "show", "mei").stdout
    assert "until 2021-05-22" in shown
    record = json.loads(ran(filled, "show", "mei", "--json").stdout)
    assert record["tables"]["articles"]["sha256"] in shown
    change_everything(filled)
    path = tmp_path / "a.csv"
    exported = ran(filled, "export", key[:6], "articles", "-o", str(path))
    assert exported.stderr == f"2 stories written to {path}\n"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == record["tables"]["articles"]["sha256"]
    assert ran(filled, "verify", "mei").exit_code == exit_status.OK
    assert "@misc{bacajuga-" in ran(filled, "cite", "mei", "--author", "Ani").stdout
    assert ran(filled, "create", "mei").exit_code == exit_status.ERROR
    refused = ran(filled, "delete", "mei")
    assert refused.exit_code != exit_status.OK
    assert ran(filled, "show", "mei").exit_code == exit_status.OK
    assert ran(filled, "delete", "mei", "--yes").exit_code == exit_status.OK
    assert ran(filled, "show", "mei").exit_code == exit_status.ERROR


def test_damage_is_an_error(filled: Store) -> None:
    made(filled)
    with filled.write() as connection:
        connection.execute(update(snapshot_parts).values(packed=b"damaged"))
    result = ran(filled, "verify", "bpjs-2021")
    assert result.exit_code == exit_status.ERROR
    assert "is damaged: articles, links" in result.stderr
