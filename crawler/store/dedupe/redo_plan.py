"""What finding all copies anew has come to so far: kept in a file of its own, so that it can be resumed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    select,
)

from crawler.comparing.fingerprint import SIG_VERSION
from crawler.comparing.likeness import Thresholds
from crawler.store.database import Store
from crawler.store.schema import bands, block_counts, copies, metadata
from crawler.store.upsert import upsert

_metadata = MetaData()
planned = Table(
    "planned",
    _metadata,
    Column("article_id", Integer, primary_key=True),
    Column("root_id", Integer, index=True),
    Column("kind", Text),
    Column("text_key", BigInteger),
)
# The texts whose blocks have been counted: a text that many stories have counts once.
counted_texts = Table(
    "counted_texts", _metadata, Column("text_key", BigInteger, primary_key=True, autoincrement=False)
)
_state = Table(
    "state", _metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False)
)


class Plan:
    """Bands, links and counted blocks of a store as they would be, and how far they have got."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self.engine = engine
        self.path = path

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection whose changes are all kept, or none."""
        with self.engine.begin() as connection:
            yield connection

    def read(self, name: str, default: Any) -> Any:
        """Return what was noted under a name."""
        with self.engine.connect() as connection:
            value = connection.scalar(select(_state.c.value).where(_state.c.name == name))
        return default if value is None else json.loads(value)

    def delete(self) -> None:
        """Remove the file: the plan has been carried out."""
        self.engine.dispose()
        for ending in ("", "-wal", "-shm"):
            Path(f"{self.path}{ending}").unlink(missing_ok=True)


def note(connection: Connection, name: str, value: Any) -> None:
    """Write something under a name, in the same transaction as what it tells of."""
    upsert(connection, _state, {"name": name, "value": json.dumps(value)}, key=("name",), changing=("value",))


def open_plan(store: Store, thresholds: Thresholds) -> Plan:
    """Return the plan that was begun for a store with these thresholds, or a new one."""
    path = _path(store)
    path.parent.mkdir(parents=True, exist_ok=True)
    wanted = {"sig_version": SIG_VERSION, "store": store.address, **asdict(thresholds)}
    plan = _open(path)
    if plan.read("wanted", wanted) != wanted:
        plan.delete()
        plan = _open(path)
    with plan.write() as connection:
        note(connection, "wanted", wanted)
    return plan


def _open(path: Path) -> Plan:
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def prepare(driver_connection: Any, _record: Any) -> None:
        # A plan that a power cut spoils is made again: it need not be safe from one.
        driver_connection.execute("PRAGMA journal_mode = WAL")
        driver_connection.execute("PRAGMA synchronous = OFF")
        driver_connection.execute("PRAGMA cache_size = -32000")

    metadata.create_all(engine, tables=[bands, copies, block_counts])
    _metadata.create_all(engine)
    return Plan(engine, path)


def _path(store: Store) -> Path:
    if store.is_sqlite and store.engine.url.database:
        return Path(f"{store.engine.url.database}-dedupe")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    digest = hashlib.blake2b(store.address.encode(), digest_size=8).hexdigest()
    return cache / "bacajuga" / f"dedupe-{digest}.db"
