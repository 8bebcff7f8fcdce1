"""Runs ``bacajuga`` in an internet of one process, whose addresses lead to a test's own servers.

``python -m tests.hostile.small_internet INTERNET.json LOG.json crawl ...``: the guard is on as it is for
everyone, names are resolved from a table, and a connection to an address of the table goes to a port on this
machine. Every connection that is tried is written down; one to any other address is refused: it is a leak.
"""

from __future__ import annotations

import errno
import json
import socket
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

NO_SUCH_NAME = socket.gaierror(socket.EAI_NONAME, "no such name in the small internet")
_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex


class SmallInternet:
    """Names with the addresses they give in turn, the last again and again; addresses with their ports."""

    def __init__(self, names: dict[str, list[str]], otherwise: str, ports: dict[str, int]) -> None:
        self.names = names
        self.otherwise = otherwise
        self.ports = ports
        self.asked: Counter[str] = Counter()
        self.connections: list[str] = []

    def address(self, name: str) -> str:
        """Return what a name means now; an address means itself, in any notation."""
        if name in self.names:
            answers = self.names[name]
            self.asked[name] += 1
            return answers[min(self.asked[name], len(answers)) - 1]
        if name.endswith(".test"):
            self.asked[name] += 1
            return self.otherwise
        if ":" in name:
            return name
        try:
            return socket.inet_ntoa(socket.inet_aton(name))
        except OSError:
            raise NO_SUCH_NAME from None

    def gethostbyname(self, name: str) -> str:
        """Answer like ``socket.gethostbyname``, which knows no IPv6."""
        found = self.address(name)
        if ":" in found:
            raise NO_SUCH_NAME
        return found

    def getaddrinfo(self, host: Any, port: Any, family: int = 0, *_: Any, **__: Any) -> list[Any]:
        """Answer like ``socket.getaddrinfo``."""
        found = self.address(host.decode() if isinstance(host, bytes) else host)
        its_family = socket.AF_INET6 if ":" in found else socket.AF_INET
        if family not in (0, its_family):
            raise NO_SUCH_NAME
        address = (found, int(port or 0), *((0, 0) if its_family is socket.AF_INET6 else ()))
        return [(its_family, socket.SOCK_STREAM, 6, "", address)]

    def route(self, to: Any) -> Any:
        """Return where a connection goes; None where it would be a leak."""
        if not isinstance(to, tuple):
            return to
        place = f"{to[0]}:{to[1]}"
        self.connections.append(place)
        if place not in self.ports:
            return None
        # An IPv6 socket reaches a server that has IPv4 only by the address that stands for it.
        return ("::ffff:127.0.0.1" if ":" in to[0] else "127.0.0.1", self.ports[place])

    def install(self) -> None:
        """Be the network of this process."""
        internet = self

        def connect(self: socket.socket, to: Any) -> None:
            target = internet.route(to)
            if target is None:
                raise ConnectionRefusedError(errno.ECONNREFUSED, "not in the small internet")
            _connect(self, target)

        def connect_ex(self: socket.socket, to: Any) -> int:
            target = internet.route(to)
            return errno.ECONNREFUSED if target is None else _connect_ex(self, target)

        socket.socket.connect, socket.socket.connect_ex = connect, connect_ex  # type: ignore[method-assign]
        socket.gethostbyname = self.gethostbyname
        socket.getaddrinfo = self.getaddrinfo


def main() -> None:
    plan, log, *arguments = sys.argv[1:]
    internet = SmallInternet(**json.loads(Path(plan).read_text()))
    internet.install()
    sys.argv = ["bacajuga", *arguments]
    begun = time.monotonic()
    status: Any = 0
    try:
        from crawler.cli import main as run

        run()
    except SystemExit as end:
        status = end.code
    finally:
        figures = {
            "status": status,
            "connections": internet.connections,
            "seconds": time.monotonic() - begun,
            "memory_mb": most_memory(),
        }
        Path(log).write_text(json.dumps(figures))
    sys.exit(status)


def most_memory() -> float:
    """Return the most memory that this process has held, in MB.

    Not by getrusage, which counts the process that started this one until it became another program.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    main()
