"""A store that stands still while it is read, however long that takes and whoever writes meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from crawler.store.database import Store


@contextmanager
def frozen(store: Store) -> Iterator[Store]:
    """Give a store all of whose reads see the same moment: one transaction, with snapshot isolation.

    Raises:
        StoreError: when the database cannot be read.
    """
    with store.read() if store.is_sqlite else _repeatable(store) as connection:
        yield _FrozenStore(store.engine, connection)


@contextmanager
def _repeatable(store: Store) -> Iterator[Connection]:
    # Postgres would show each statement what others have committed by then.
    with store.engine.connect() as connection:
        repeatable = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with repeatable.begin():
            yield repeatable


class _FrozenStore(Store):
    def __init__(self, engine: Engine, connection: Connection) -> None:
        super().__init__(engine)
        self._connection = connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self._explained():
            yield self._connection
