"""The loopback server: every host of the sample web on one port, told apart by the Host header."""

from __future__ import annotations

import gzip
import json
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Protocol, TextIO
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.demo.other_pages import Page

RETRY_AFTER = 2  # seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One request as the server saw it."""

    monotonic: float
    wall: str  # ISO 8601, UTC
    method: str
    host: str
    path: str  # with query
    status: int
    user_agent: str

    @property
    def url(self) -> str:
        """The address that was asked for, as https."""
        return f"https://{self.host}{self.path}"


class Answers(Protocol):
    """Whatever knows the page at an address."""

    def answer(self, host: str, target: str) -> Page:
        """Return the page of a host at a path with query."""


class Server(ThreadingHTTPServer):
    """The server and what belongs to one run of it: pages, log, how often an address was asked for."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, site: Answers, port: int, log_file: Path | None) -> None:
        self.site = site
        self.log: list[Hit] = []
        self.visits: Counter[tuple[str, str]] = Counter()
        self.lock = threading.Lock()
        self.log_file: TextIO | None = None
        super().__init__(("127.0.0.1", port), Handler)
        if log_file:
            self.log_file = log_file.open("a", encoding="utf-8")

    def note(self, hit: Hit) -> None:
        """Keep a request in the log, and in the log file before it is answered."""
        with self.lock:
            self.log.append(hit)
            if self.log_file:
                self.log_file.write(json.dumps(asdict(hit)) + "\n")
                self.log_file.flush()

    def visit(self, host: str, path: str) -> int:
        """Count a visit and return how many there were before."""
        with self.lock:
            self.visits[host, path] += 1
            return self.visits[host, path] - 1

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away, as a killed crawler does; report everything else."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def server_close(self) -> None:
        """Close the socket and the log file."""
        super().server_close()
        if self.log_file:
            self.log_file.close()


class Handler(BaseHTTPRequestHandler):
    """Answers one connection, request after request."""

    protocol_version = "HTTP/1.1"
    server_version = "SampleWeb"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 60
    server: Server

    def do_GET(self) -> None:
        """Answer with a page, a 304, or the failure that the page starts with."""
        # A proxy client sends the whole address in the request line.
        target = self.path.partition("://")[2].partition("/")[2] if "://" in self.path else self.path[1:]
        address = self.path if "://" in self.path else f"//{self.headers.get('Host', '')}"
        host = (urlsplit(address).hostname or "").lower()
        path = "/" + target
        page = self.server.site.answer(host, path)
        status = self.status_for(page, host, path)
        self.server.note(
            Hit(
                monotonic=time.monotonic(),
                wall=datetime.now(UTC).isoformat(),
                method=self.command,
                host=host,
                path=path,
                status=status,
                user_agent=self.headers.get("User-Agent", ""),
            )
        )
        self.reply(page, status)

    do_HEAD = do_GET  # noqa: N815

    def status_for(self, page: Page, host: str, path: str) -> int:
        """Return the status of this visit."""
        if page.fails_first and (visit := self.server.visit(host, path)) < len(page.fails_first):
            return page.fails_first[visit]
        return 304 if page.status == 200 and self.is_unchanged(page) else page.status

    def is_unchanged(self, page: Page) -> bool:
        """Whether the client says that it has this very page; ETag goes before the date."""
        if wanted := self.headers.get("If-None-Match"):
            return etag(page) in [tag.strip().removeprefix("W/") for tag in wanted.split(",")]
        since = self.headers.get("If-Modified-Since")
        if not since or page.modified_at is None:
            return False
        try:
            return page.modified_at.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False

    def reply(self, page: Page, status: int) -> None:
        """Send status, headers and body."""
        failed = status in page.fails_first and status != page.status
        body = b"" if status == 304 else (f"{status}, coba lagi nanti\n".encode() if failed else page.body)
        headers: dict[str, Any] = {
            "Content-Type": "text/plain; charset=UTF-8" if failed else page.content_type
        }
        if status == 429:
            headers["Retry-After"] = RETRY_AFTER
        if page.location:
            headers["Location"] = page.location
        if page.status == 200 and not failed:
            headers["ETag"] = etag(page)
            if page.modified_at:
                headers["Last-Modified"] = format_datetime(page.modified_at.astimezone(UTC), usegmt=True)
        if "gzip" in self.headers.get("Accept-Encoding", "") and len(body) > 500:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, str(value))
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing on stderr; the log has it."""


def etag(page: Page) -> str:
    """Return the page's entity tag."""
    return f'"{sha1(page.body, usedforsecurity=False).hexdigest()[:16]}"'
