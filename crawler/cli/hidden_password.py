"""A database's password must not stand in the list of processes, where every user of the machine reads it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence

# An address with a password, before the host or in the query.
_WITH_PASSWORD = re.compile(r"^[\w+]+://(?:[^/@:]*:[^@]+@|.*[?&]password=)")

_SETTING = ("-s", "--set")


def hide_password() -> None:
    """Start this very command anew, with the address in the environment, when it was given with a password.

    The environment of a process is its owner's to read alone; its arguments are everybody's. Nothing is done
    where no password was given.
    """
    left, address = without_address(sys.orig_argv[1:])
    if address is None or os.name != "posix":
        return
    os.execve(sys.executable, [sys.orig_argv[0], *left], os.environ | {"DATABASE_URL": address})


def without_address(arguments: Sequence[str]) -> tuple[list[str], str | None]:
    """Return the arguments without the database's address and the address, when it holds a password.

    >>> without_address(["crawl", "x", "--db", "postgresql://me:secret@host/news", "-q"])
    (['crawl', 'x', '-q'], 'postgresql://me:secret@host/news')
    >>> without_address(["crawl", "x", "-s", "DATABASE_URL=postgresql://me:secret@host/news"])
    (['crawl', 'x'], 'postgresql://me:secret@host/news')
    >>> without_address(["crawl", "x", "--db=news.db"])
    (['crawl', 'x', '--db=news.db'], None)
    """
    left: list[str] = []
    address = None
    waiting = list(arguments)
    while waiting:
        first = waiting.pop(0)
        name, value, taken = first, "", 1
        if first.startswith(("--db=", "--set=")):
            name, _, value = first.partition("=")
        elif first.startswith("-s") and len(first) > 2:
            name, value = "-s", first[2:]
        elif first in ("--db", *_SETTING) and waiting:
            value, taken = waiting[0], 2
        if name in _SETTING:
            value = value.removeprefix("DATABASE_URL=") if value.startswith("DATABASE_URL=") else ""
        if name in ("--db", *_SETTING) and _WITH_PASSWORD.match(value):
            address = value
            waiting = waiting[taken - 1 :]
        else:
            left.append(first)
    return left, address
