"""Snapshots of a selection that can be cited: the same id gives the same bytes, whatever the store becomes.

A snapshot holds copies of all rows as they were exported, packed, and not references: stories are edited,
read again with better rules, scored anew and found to be copies, and none of it may show. Its id is the
beginning of the SHA-256 of its manifest, which names the SHA-256 of each table's CSV: who has the files can
prove that they are the ones that were cited.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from crawler import __version__
from crawler.errors import ExportError, StoreError
from crawler.export.columns import COLUMNS, EDGE_COLUMNS, NODE_COLUMNS, Column, Kind
from crawler.export.csv_file import cell
from crawler.export.exporting import ROWS, Shape, Written, write_rows
from crawler.export.forms import Table
from crawler.export.masking import masked
from crawler.export.packing import packed, unpacked
from crawler.store.database import Store
from crawler.store.story.frozen import frozen
from crawler.store.story.snapshots import (
    Snapshot,
    add_part,
    begin_snapshot,
    complete_snapshot,
    delete_snapshot,
    parts_of,
)
from crawler.store.story.story_filter import StoryFilter

NODES, EDGES = "graph nodes", "graph links"
ID_DIGITS = 12
# Threads are worked out in memory, at a cost that grows faster than the number of stories.
MOST_STORIES_FOR_THREADS = 20_000
# A part holds so many rows or characters, whichever comes first: it is in memory as a whole.
PART_ROWS = 2_000
PART_CHARACTERS = 4_000_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def create_snapshot(
    store: Store,
    name: str,
    wanted: StoryFilter,
    given: dict[str, Any],
    *,
    redacts: bool = False,
    on_row: Callable[[str, int], None] | None = None,
) -> Snapshot:
    """Keep everything that could be exported of the wanted stories now, and return the snapshot.

    All tables are of one moment; crawls go on meanwhile. Interrupted, nothing is kept. Threads are left out
    for more than 20,000 stories.

    Args:
        store: an open store.
        name: what to call it: letters, digits, dots, dashes; no other snapshot's.
        wanted: which stories.
        given: the filter as a person gave it, for the record.
        redacts: whether personal data is masked in what is kept.
        on_row: told now and then which table is being kept, and how many of its rows have been.

    Raises:
        ExportError: when the name is none.
        StoreError: when there is a snapshot of that name, or the store cannot be read or written.
    """
    if _NAME.fullmatch(name) is None:
        raise ExportError(
            f"{name!r} is no name for a snapshot; take 1 to 64 letters, digits, dots or dashes: bpjs-2021"
        )
    made_at = datetime.now(UTC).replace(microsecond=0)
    software = f"bacajuga {__version__}"
    row_id = begin_snapshot(
        store,
        name=name,
        topic=wanted.topic,
        given=given,
        is_redacted=redacts,
        made_at=made_at,
        software=software,
    )
    try:
        tables = _keep_all(store, row_id, wanted, redacts, on_row or (lambda table, count: None))
        manifest = {
            "name": name,
            "topic": wanted.topic,
            "filter": given,
            "is_redacted": redacts,
            "made_at": made_at.isoformat(),
            "software": software,
            "tables": tables,
        }
        text = json.dumps(manifest, sort_keys=True, separators=(",", ":"))
        return complete_snapshot(store, row_id, hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS], tables)
    except BaseException:
        with suppress(StoreError):
            delete_snapshot(store, row_id)
        raise


def export_snapshot(
    store: Store, snapshot: Snapshot, table: Table, path: Path | None, shape: Shape
) -> Written:
    """Write a table of a snapshot to a file: the same bytes whenever it is asked for.

    Of CSV, JSON Lines, GEXF and GraphML that holds always; of Parquet and XLSX with the same versions of
    pyarrow and XlsxWriter, which sign their files.

    Raises:
        ExportError: when the snapshot has no such table, or the file cannot be written.
        StoreError: when the store cannot be read.
    """
    names = _kept_names(snapshot, table)
    rows = (row for name in names for row in _rows(store, snapshot, name))
    columns = columns_of(snapshot, names[0])
    return write_rows(table, columns, rows, path, replace(shape, made_at=snapshot.made_at))


def damaged_tables(store: Store, snapshot: Snapshot) -> list[str]:
    """Return the tables of a snapshot whose rows are no longer those that were kept.

    Raises:
        StoreError: when the store cannot be read.
    """
    damaged = []
    for name, facts in snapshot.tables.items():
        digest = _CanonicalCsv(columns_of(snapshot, name))
        try:
            for row in _rows(store, snapshot, name):
                digest.add(row)
        except (zlib.error, ValueError):
            damaged.append(name)
            continue
        if digest.hexdigest() != facts["sha256"]:
            damaged.append(name)
    return damaged


def columns_of(snapshot: Snapshot, name: str) -> list[Column]:
    """Return the columns that a table had when the snapshot was made."""
    return [
        Column(**(column | {"kind": Kind(column["kind"])})) for column in snapshot.tables[name]["columns"]
    ]


def _kept_names(snapshot: Snapshot, table: Table) -> tuple[str, ...]:
    names = (NODES, EDGES) if table is Table.GRAPH else (str(table),)
    if names[0] not in snapshot.tables:
        kept = ", ".join(snapshot.tables)
        raise ExportError(f"snapshot {snapshot.id} was made without {table}; it has: {kept}")
    return names


def _rows(store: Store, snapshot: Snapshot, name: str) -> Iterator[SimpleNamespace]:
    columns = columns_of(snapshot, name)
    for part in parts_of(store, snapshot, name):
        for line in zlib.decompress(part).splitlines():
            yield unpacked(columns, line)


def _keep_all(
    store: Store, row_id: int, wanted: StoryFilter, redacts: bool, on_row: Callable[[str, int], None]
) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    with frozen(store) as view:
        for table, rows_of in ROWS.items():
            if table is Table.THREADS and tables[Table.ARTICLES]["rows"] > MOST_STORIES_FOR_THREADS:
                continue
            parts = (
                {NODES: NODE_COLUMNS, EDGES: EDGE_COLUMNS}
                if table is Table.GRAPH
                else {str(table): COLUMNS[table]}
            )
            keeping = {name: _Keeping(store, row_id, name, columns) for name, columns in parts.items()}
            # A period is that of publication, which pages without a story do not have.
            of_all_times = replace(wanted, since=None, until=None)
            rows = rows_of(view, of_all_times if table is Table.OUTCOMES else wanted)
            if redacts:
                rows = masked(rows, [column for columns in parts.values() for column in columns])
            for row in rows:
                name = str(table) if table is not Table.GRAPH else EDGES if hasattr(row, "source") else NODES
                keeping[name].add(row)
                if keeping[name].count % 1000 == 0:
                    on_row(name, keeping[name].count)
            tables |= {str(name): each.finish() for name, each in keeping.items()}
    return tables


class _Keeping:
    """A table being kept: its rows go into the store by parts, and through the checksum."""

    def __init__(self, store: Store, row_id: int, name: str, columns: tuple[Column, ...]) -> None:
        self.count = 0
        self._store, self._row_id, self._name, self._columns = store, row_id, name, columns
        self._digest = _CanonicalCsv(columns)
        self._lines: list[str] = []
        self._characters = self._parts = 0

    def add(self, row: object) -> None:
        """Keep a row."""
        self._digest.add(row)
        line = packed(self._columns, row)
        self._lines.append(line)
        self._characters += len(line)
        self.count += 1
        if len(self._lines) >= PART_ROWS or self._characters >= PART_CHARACTERS:
            self._flush()

    def finish(self) -> dict[str, Any]:
        """Keep what is left, and return what the manifest says of the table."""
        if self._lines:
            self._flush()
        return {
            "rows": self.count,
            "bytes": self._digest.size,
            "sha256": self._digest.hexdigest(),
            "columns": [asdict(column) for column in self._columns],
        }

    def _flush(self) -> None:
        data = zlib.compress("\n".join(self._lines).encode("ascii"))
        add_part(self._store, self._row_id, self._name, self._parts, len(self._lines), data)
        self._parts += 1
        self._lines, self._characters = [], 0


class _CanonicalCsv:
    """The SHA-256 of what ``export --format csv`` writes of the rows, all columns, without a BOM."""

    def __init__(self, columns: tuple[Column, ...] | list[Column]) -> None:
        self.size = 0
        self._names = [column.name for column in columns]
        self._hash = hashlib.sha256()
        self._line = StringIO(newline="")
        self._writer = csv.writer(self._line)
        self._write(self._names)

    def add(self, row: object) -> None:
        """Take a row."""
        self._write([cell(getattr(row, name)) for name in self._names])

    def hexdigest(self) -> str:
        """Return the checksum so far."""
        return self._hash.hexdigest()

    def _write(self, cells: list[str]) -> None:
        self._writer.writerow(cells)
        data = self._line.getvalue().encode()
        self._hash.update(data)
        self.size += len(data)
        self._line.seek(0)
        self._line.truncate()
