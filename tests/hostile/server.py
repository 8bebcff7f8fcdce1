"""A server that answers as badly as a test wants it to, byte by byte, over a plain socket or TLS."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    host: str
    path: str
    head: str
    before: int  # requests for the same address before this one


class Reset(Exception):  # noqa: N818 - it is what happens
    """Raised by an answer to end the connection with a TCP reset."""


# An answer is the bytes that go over the wire, headers included.
Answer = Callable[[Asked], Iterator[bytes]]


@dataclass(slots=True)
class HostileServer:
    """Answers by host and path, as in "kabar.test/1"; what is not given, robots.txt mostly, is a 404."""

    answers: dict[str, Answer]
    tls: ssl.SSLContext | None = None
    log: list[Asked] = field(default_factory=list)
    _socket: socket.socket = field(init=False)
    _over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        return int(self._socket.getsockname()[1])

    def asked(self, host: str) -> list[Asked]:
        """Return the requests to a host, robots.txt left out."""
        return [asked for asked in list(self.log) if asked.host == host and asked.path != "/robots.txt"]

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._socket.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        with contextlib.suppress(OSError, ValueError), connection, contextlib.ExitStack() as closing:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
                closing.push(connection)
            asked = self._read(connection)
            if asked is None:
                return
            answer = self.answers.get(asked.host + asked.path.partition("?")[0]) or not_found
            try:
                for part in answer(asked):
                    connection.sendall(part)
                    if self._over.is_set():
                        return
            except Reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass

    def _read(self, connection: socket.socket) -> Asked | None:
        received = b""
        while b"\r\n\r\n" not in received:
            part = connection.recv(65536)
            if not part:
                return None
            received += part
        head = received.decode("latin-1")
        path = head.split(" ")[1]
        host = next(line[5:].strip() for line in head.split("\r\n") if line.lower().startswith("host:"))
        with self._lock:
            before = sum(each.host == host and each.path == path for each in self.log)
            asked = Asked(host.partition(":")[0], path, head, before)
            self.log.append(asked)
        return asked


def response(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """Return a whole answer; a header's underscores stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    fields = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    lines = [f"{name}: {value}" for name, value in (fields | named).items() if value]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body


def not_found(_: Asked) -> Iterator[bytes]:
    """Answer with status 404."""
    yield response(b"tidak ada", "404 Not Found")
