"""Ending a crawl on Ctrl-C or SIGTERM: soon, whatever hangs."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from twisted.internet.error import ReactorNotRunning

GRACE_SECONDS = 2.0  # for pages that are on their way


def start_stoppable(process: AsyncCrawlerProcess) -> None:
    """Run a process's crawls to their end, or until a signal asks them to stop.

    Pages in flight have a moment to arrive; then they are left behind, still in the frontier. A second
    signal does not wait for them. Scrapy's own handlers would wait for as long as a page takes.
    """
    before = {name: signal.signal(name, _stop_of(process)) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        process.start(install_signal_handlers=False)
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _stop_of(process: AsyncCrawlerProcess) -> Any:
    from twisted.internet import reactor

    loop: Any = reactor
    stopping: list[asyncio.Future[None]] = []

    def leave() -> None:
        with suppress(ReactorNotRunning):
            loop.stop()

    def stop() -> None:
        if stopping:
            leave()
            return
        stopping.append(asyncio.ensure_future(process.stop()))
        loop.callLater(GRACE_SECONDS, leave)

    return lambda *_: loop.callFromThread(stop)
