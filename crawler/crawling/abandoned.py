"""What a dead worker held: given back at once on its own machine, elsewhere when its lease runs out."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from crawler.store.crawl import frontier
from crawler.store.database import Store


def free_abandoned(store: Store, topic: str, *, besides: str = "") -> int:
    """Give back what workers hold that are dead, or not heard of in time; return how many addresses.

    Args:
        store: the store that the workers share.
        topic: name of the topic.
        besides: the name of the worker that asks, in the middle of its crawl; at its start it has none, and
            a worker of the same process number is an earlier one, as in a container that starts again.

    Raises:
        StoreError: when the database cannot be read or written.
    """
    now = store.now()
    with store.read() as connection:
        names = frontier.workers(connection, topic)
        has_expired = frontier.has_expired(connection, topic, now)
    dead = [name for name in names - {besides} if _is_dead(name, own_number_is_dead=not besides)]
    if not dead and not has_expired:
        return 0  # nothing is written, which a SQLite file lets only one worker do at a time
    with store.write() as connection:
        freed = frontier.release_expired(connection, topic, now)
        return freed + sum(frontier.release(connection, topic, name) for name in dead)


def _is_dead(worker: str, *, own_number_is_dead: bool) -> bool:
    """Return whether the worker ran on this machine and does not any more."""
    host, pid, _ = worker.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _is_zombie(pid) or (own_number_is_dead and int(pid) == os.getpid())


def _is_zombie(pid: str) -> bool:
    """Return whether a process has ended and only waits for its parent to take note; Linux alone tells."""
    try:
        status = Path("/proc", pid, "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[:1] == ["Z"]
