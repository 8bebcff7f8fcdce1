"""A web of a test's own: every host on one port, each address with the answers that the test gives it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit

STORY = """<!DOCTYPE html><html lang="id"><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>Data pribadi peserta BPJS Kesehatan diduga bocor dan dijual di Raid Forums, kata Kominfo, Jumat.</p>
<p>Kebocoran data itu sedang diselidiki oleh Badan Siber dan Sandi Negara bersama kepolisian.</p>
{links}
<p>Pakar keamanan siber menilai data yang bocor itu identik dengan data BPJS Kesehatan.</p>
</article></body></html>"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says."""

    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    after: float = 0.0  # seconds of silence first
    hangs_up: bool = False  # closes the connection without a word


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked for."""

    at: float  # monotonic
    line: str  # the request line's target, as sent
    host: str
    path: str


# What an address answers: the same each time, or by the number of times that it has been asked before.
Answers = Answer | Callable[[int], Answer]


def story(title: str, *links: str) -> Answer:
    """Return a story on the data breach that prints these read-also links."""
    printed = "".join(f'<p>Baca juga: <a href="{url}">Data BPJS Kesehatan bocor</a></p>' for url in links)
    return Answer(body=STORY.format(title=title, links=printed), headers={"Content-Type": "text/html"})


class Gate:
    """Holds answers back until it is opened: what a test does meanwhile takes as long as it takes.

    Crawls behind one need ``PATIENT``, or their requests end at the time limit.
    """

    def __init__(self) -> None:
        self._is_open = threading.Event()
        self._lock = threading.Lock()
        self._held = 0

    @property
    def held(self) -> int:
        """How many requests have come to the gate so far."""
        with self._lock:
            return self._held

    def hold(self, answer: Answer) -> Answers:
        """Return the answer as it is given once the gate is open."""

        def when_open(before: int) -> Answer:
            with self._lock:
                self._held += 1
            self._is_open.wait()
            return answer

        return when_open

    def open(self) -> None:
        """Let everybody through, from now on."""
        self._is_open.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.open()


PATIENT = ("-s", "DOWNLOAD_TIMEOUT=600", "-s", "LEASE_SECONDS=3600")


class SmallWeb(ThreadingHTTPServer):
    """Serves ``answers``, by host and path as in "kabar.test/1", on 127.0.0.1 while the block runs.

    A host's robots.txt that is not given is a 404, and so is any other address.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, answers: Mapping[str, Answers], port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.answers = answers
        self.log: list[Request] = []
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """The server's own address."""
        return f"http://127.0.0.1:{self.server_port}"

    def asked(self, address: str) -> list[float]:
        """Return when an address, as in "kabar.test/1", was asked for."""
        return [request.at for request in list(self.log) if request.host + request.path == address]

    def answer(self, request: Request) -> Answer:
        """Note a request and return its answer."""
        address = request.host + request.path
        with self._lock:
            before = len(self.asked(address))
            self.log.append(request)
        answer = self.answers.get(address, Answer(404))
        return answer if isinstance(answer, Answer) else answer(before)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that went away."""

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: SmallWeb

    def do_GET(self) -> None:
        # A client of a proxy sends the whole address.
        address = urlsplit(self.path if "://" in self.path else f"http://{self.headers['Host']}{self.path}")
        path = f"{address.path}?{address.query}" if address.query else address.path
        answer = self.server.answer(Request(time.monotonic(), self.path, address.hostname or "", path))
        time.sleep(answer.after)
        if answer.hangs_up:
            self.close_connection = True
            return
        body = answer.body.encode()
        self.send_response(answer.status)
        for name, value in ({"Content-Length": str(len(body))} | dict(answer.headers)).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_CONNECT(self) -> None:
        host = self.path.partition(":")[0]
        self.server.answer(Request(time.monotonic(), self.path, host, ""))
        self.send_error(403)

    def log_message(self, *_: object) -> None:
        pass
