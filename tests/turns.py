"""The turns of hosts as a store grants them, beside what a server saw: no request leaves before its turn.

A server notes a request late when the machine is busy, and the next one in time, so that gaps between
requests tell little. What holds on any machine: turns of a host are its delay apart, and its k-th request
comes no sooner than its k-th turn, whatever the number of workers.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import text

from crawler.store.database import Store, open_store

ROUNDING = 0.001  # seconds
CLOCKS = 0.02  # seconds by which two readings of one clock may differ

# A turn that begins late is renewed, a host that fails is put off, and a host that has just been asked for
# its robots.txt waits: these change next_at, too, and are no turns.
_IS_TURN = (
    f"NEW.next_at - NEW.delay >= OLD.next_at - {ROUNDING} AND NEW.failures <= OLD.failures "
    "AND COALESCE(NEW.robots_fetched_at, 0) = COALESCE(OLD.robots_fetched_at, 0)"
)
_NOTE = "INSERT INTO noted_turns VALUES (NEW.host, NEW.next_at - NEW.delay, NEW.delay)"
_TABLE = "CREATE TABLE noted_turns (host TEXT, taken_at DOUBLE PRECISION, delay DOUBLE PRECISION)"
_TRIGGERS = {
    True: [
        f"CREATE TRIGGER note_turn AFTER UPDATE OF next_at ON hosts WHEN {_IS_TURN} BEGIN {_NOTE}; END",
    ],
    False: [
        f"CREATE FUNCTION note_turn() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN {_NOTE}; RETURN NULL; END'",
        "CREATE TRIGGER note_turn AFTER UPDATE OF next_at ON hosts FOR EACH ROW "
        f"WHEN ({_IS_TURN}) EXECUTE FUNCTION note_turn()",
    ],
}
_CLEARED = {
    True: ["DROP TRIGGER IF EXISTS note_turn", "DROP TABLE IF EXISTS noted_turns"],
    False: ["DROP FUNCTION IF EXISTS note_turn CASCADE", "DROP TABLE IF EXISTS noted_turns"],
}


@dataclass(frozen=True, slots=True)
class NotedTurns:
    """What a store noted of the turns that crawls took."""

    store: Store
    _offset: float  # of the store's clock to this process's monotonic one

    def taken(self) -> dict[str, list[tuple[float, float]]]:
        """Return each host's turns in order: when it was taken, by this process's clock, and the delay."""
        with self.store.read() as connection:
            rows = connection.execute(
                text("SELECT host, taken_at, delay FROM noted_turns ORDER BY taken_at")
            ).all()
        found: dict[str, list[tuple[float, float]]] = {}
        for host, taken_at, delay in rows:
            found.setdefault(host, []).append((taken_at - self._offset, delay))
        return found

    def hurried(self, requests: Iterable[tuple[str, float]], delay: float) -> dict[str, str]:
        """Return the hosts that were asked out of turn, robots.txt included, and what was wrong.

        Args:
            requests: host and ``time.monotonic()`` of each request that a server saw.
            delay: the seconds that turns of a host are apart at least.
        """
        asked: dict[str, list[float]] = {}
        for host, at in requests:
            asked.setdefault(host, []).append(at)
        turns, wrong = self.taken(), {}
        assert max(map(len, asked.values()), default=0) > 3, "ask a host more often"
        for host, times in asked.items():
            of_host = turns.get(host, [])
            if len(times) > len(of_host):
                wrong[host] = f"{len(times)} requests in {len(of_host)} turns"
            elif early := [
                turn - at for at, (turn, _) in zip(sorted(times), of_host, strict=False) if at < turn - CLOCKS
            ]:
                wrong[host] = f"{len(early)} requests before their turns, by {max(early):.3f} s"
            elif close := [
                after - before
                for (before, _), (after, _) in pairwise(of_host)
                if after - before < delay - 2 * ROUNDING
            ]:
                wrong[host] = f"turns {min(close):.3f} s apart"
            elif min(kept for _, kept in of_host) < delay:
                wrong[host] = f"a delay of {min(of_host, key=lambda turn: turn[1])[1]} s"
        return wrong


@contextmanager
def noted_turns(database_url: str) -> Iterator[NotedTurns]:
    """Note every turn that is taken in a store while the block runs."""
    with closing(open_store(database_url)) as store:
        cleared = _CLEARED[store.is_sqlite]
        _run(store, [*cleared, _TABLE, *_TRIGGERS[store.is_sqlite]])
        try:
            yield NotedTurns(store, store.now() - time.monotonic())
        finally:
            _run(store, cleared)


def _run(store: Store, statements: list[str]) -> None:
    with store.write() as connection:
        for statement in statements:
            connection.execute(text(statement))
