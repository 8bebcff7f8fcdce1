"""One of several workers on this machine: gets its job on stdin and tells how it fares on stdout.

Started by ``crawler.crawling.workers``. Messages are JSON, one a line; when stdin ends, whoever started the
worker is gone, and it stops.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from contextlib import suppress
from typing import Any

from crawler.crawling.merged_figures import to_record
from crawler.errors import BacaJugaError


class Reporter:
    """Sends messages to whoever started this worker."""

    def __init__(self) -> None:
        # What else is printed, by an outlet file of the user's say, must not come between the messages.
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)

    def send(self, **message: Any) -> None:
        """Send a message; without anybody to read it, nothing happens."""
        with suppress(BrokenPipeError):
            print(json.dumps(message), file=self._out, flush=True)


def work(job: dict[str, Any], reporter: Reporter) -> None:
    """Crawl as the job says.

    Args:
        job: ``topic``, ``urls`` and ``settings``, as ``crawl_once`` takes them.
        reporter: is told the crawl's number, the figures after each visit, and how it ended.

    Raises:
        BacaJugaError: when the crawl could not start, or not go on.
    """
    from crawler.crawling.crawl import crawl_once, crawl_settings
    from crawler.crawling.session import CrawlSession

    def opened(session: CrawlSession) -> None:
        reporter.send(crawl_id=session.crawl_id)
        # After each visit and not now and then, so that nothing is missing when this process is killed.
        session.on_recorded.append(lambda _: reporter.send(figures=to_record(session.figures)))
        session.patience.listeners.append(lambda line: reporter.send(says=line))

    session = crawl_once(job["topic"], job["urls"], crawl_settings(job["settings"]), opened)
    reporter.send(figures=to_record(session.figures), stop_reason=session.stop_reason)


def main() -> None:
    """Do the job that comes on stdin; end with status 1 when the crawl could not go on."""
    reporter = Reporter()
    job = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_stop_when_alone, daemon=True).start()
    try:
        work(job, reporter)
    except BacaJugaError as error:
        reporter.send(error=str(error))
        sys.exit(1)


def _stop_when_alone() -> None:
    # Not through sys.stdin, whose lock this thread would still hold when the interpreter ends.
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
