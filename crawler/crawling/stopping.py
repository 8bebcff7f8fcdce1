"""Ending a crawl on Ctrl-C or SIGTERM: soon, whatever hangs."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from twisted.internet.error import ReactorNotRunning

from crawler.crawling.session import stop_waiting
from crawler.store.patience import Blocked

GRACE_SECONDS = 2.0  # for pages that are on their way
DATABASE_GRACE_SECONDS = 2.0  # for a database that is just being asked, and does not answer


def start_stoppable(process: AsyncCrawlerProcess) -> None:
    """Run a process's crawls to their end, or until a signal asks them to stop.

    Pages in flight have a moment to arrive; then they are left behind, still in the frontier. A second
    signal does not wait for them. Scrapy's own handlers would wait for as long as a page takes.
    """
    handlers = dict.fromkeys((signal.SIGINT, signal.SIGTERM), _stop_of(process))
    if hasattr(signal, "SIGALRM"):  # not on Windows
        handlers[signal.SIGALRM] = _cut_off_of(process)
    before = {name: signal.signal(name, handler) for name, handler in handlers.items()}
    try:
        process.start(install_signal_handlers=False)
    finally:
        _set_alarm(0)
        for name, handler in before.items():
            signal.signal(name, handler)


def _stop_of(process: AsyncCrawlerProcess) -> Any:
    loop = asyncio.get_event_loop()  # made by the process, with Twisted's reactor on it or without
    stopping: list[asyncio.Future[None]] = []

    def leave() -> None:
        if process.settings.getbool("TWISTED_REACTOR_ENABLED"):
            from twisted.internet import reactor

            running: Any = reactor
            with suppress(ReactorNotRunning):
                running.stop()
        else:
            for task in asyncio.all_tasks(loop):
                task.cancel()

    def stop() -> None:
        _set_alarm(0)
        if stopping:
            leave()
            return
        stopping.append(asyncio.ensure_future(process.stop()))
        loop.call_later(GRACE_SECONDS, leave)

    def handle(*_: object) -> None:
        loop.call_soon_threadsafe(stop)
        # While the database is asked the loop does not hear of it.
        if stop_waiting(process.crawlers):
            _set_alarm(DATABASE_GRACE_SECONDS)

    return handle


def _cut_off_of(process: AsyncCrawlerProcess) -> Any:
    def cut_off(*_: object) -> None:
        if stop_waiting(process.crawlers):
            raise Blocked

    return cut_off


def _set_alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)
