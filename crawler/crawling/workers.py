"""Running a crawl by several workers on this machine: one call in, one report out."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.crawling.abandoned import free_abandoned
from crawler.crawling.crawl import CrawlReport, CrawlRun, prepare, run_crawl
from crawler.crawling.figures import RECENT, Figures
from crawler.crawling.merged_figures import from_record, merged
from crawler.crawling.progress_view import ProgressView
from crawler.errors import BacaJugaError, StoreError
from crawler.store.crawl import crawls, frontier, page_budget
from crawler.store.database import Store, open_store

# For workers that were asked to stop. They leave pages that hang after two; what one that is killed held is
# given back here, so that nothing is lost but a few fetches.
GRACE_SECONDS = 2.8
LOOK_SECONDS = 0.1
DIED = "died"


def run_workers(topic: str, urls: list[str] | None = None, workers: int = 2, **overrides: Any) -> CrawlReport:
    """Crawl a topic with several processes on this machine, and return how it ended for all of them.

    They share the frontier as machines do that share a Postgres: each address goes to one worker, each host
    keeps its delay whatever their number, and MAX_PAGES is one budget for all, never exceeded. When a worker
    dies, one line on stderr says so, and the others do its pages.

    Args:
        topic: a topic's name, or the path of a topic file.
        urls: where to start; None for the topic's own seeds.
        workers: how many processes.
        overrides: settings that JSON can hold, such as ``DATABASE_URL``, ``MAX_PAGES`` or ``MIN_SCORE``.

    Raises:
        TopicError: when there is no such topic, or its file is not valid.
        StoreError: when the database cannot be opened or written.
        BacaJugaError: when an address to start from, or a setting, cannot be used, and when no worker
            came to an end.
    """
    if workers < 2:
        return run_crawl(topic, urls, **overrides)
    settings, loaded = prepare(topic, urls, overrides)
    run = CrawlRun(loaded, settings)
    store = open_store(settings["DATABASE_URL"])
    try:
        freed = free_abandoned(store, loaded.name)
        with store.read() as connection:
            resumed = freed > 0 or frontier.left(connection, loaded.name, run.floor) > 0
        way = settings.get("PROGRESS", "log")
        line_seconds = settings.getfloat("PROGRESS_LINE_SECONDS", 10.0)
        view = ProgressView(way, line_seconds, store, loaded.name, run.floor)
        with _shared_budget(store, loaded.name, settings.getint("MAX_PAGES")) as budget:
            job = {"topic": topic, "urls": urls, "settings": overrides | budget | {"PROGRESS": "off"}}
            crew = Crew(store, view, job, workers)
            try:
                crew.work()
            finally:
                free_abandoned(store, loaded.name)
    finally:
        store.close()
    return run.report(
        figures=crew.figures,
        stop_reason=crew.stop_reason,
        resumed=resumed,
        crawl_ids=tuple(worker.crawl_id for worker in crew.workers if worker.crawl_id is not None),
        workers=workers,
        workers_lost=len(crew.lost),
    )


@dataclass(slots=True)
class Worker:
    """A worker process, and what it has told so far."""

    number: int  # from 1
    process: subprocess.Popen[bytes]
    crawl_id: int | None = None
    figures: Figures = field(default_factory=Figures)
    stop_reason: str = ""
    error: str = ""

    def end(self) -> str:
        """Return how a worker that said no stop reason ended, for a person."""
        if self.error:
            return f"ended: {self.error}"
        status = self.process.returncode
        if status < 0:
            with suppress(ValueError):
                return f"died of {signal.Signals(-status).name}"
        return f"died with status {status}"


class Crew:
    """Several workers on one frontier, from their start to the end of the last one."""

    def __init__(self, store: Store, view: ProgressView, job: dict[str, Any], number: int) -> None:
        self.store = store
        self.view = view
        self.workers: list[Worker] = []
        self.lost: list[Worker] = []
        self.stop_reason = ""
        self._job = json.dumps(job).encode() + b"\n"
        self._number = number
        self._messages: queue.SimpleQueue[tuple[Worker, dict[str, Any] | None]] = queue.SimpleQueue()
        self._recent: deque[bool] = deque(maxlen=RECENT)
        self._signals = 0
        self._kill_at: float | None = None

    @property
    def figures(self) -> Figures:
        """What all workers have brought together."""
        return merged([worker.figures for worker in self.workers], self._recent)

    def work(self) -> None:
        """Start the workers and stay with them until the last one has ended.

        Raises:
            BacaJugaError: when none of them came to an end of its own.
        """
        with _on_signals(self._stop):
            try:
                while len(self.workers) < self._number and not self._signals:
                    self.workers.append(self._started(len(self.workers) + 1))
                self._watch()
            finally:
                for worker in self.workers:
                    worker.process.kill()  # those that have not ended
                    worker.process.wait()
        if self._signals:
            self.stop_reason = "shutdown"
        elif not self.stop_reason:
            errors = {worker.error for worker in self.lost if worker.error}
            raise BacaJugaError(
                errors.pop()
                if len(errors) == 1
                else f"no worker is left: {'; '.join(f'{w.number} {w.end()}' for w in self.lost)}; "
                "run the same command to go on"
            )

    def _started(self, number: int) -> Worker:
        # Not multiprocessing: it would run the main module of whoever calls this again, in each worker. And
        # not the command line: the database's address may hold a password, which others would see there.
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "crawler.crawling.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)},
            # Ctrl-C goes to all processes of a terminal: only this one shall get it, and pass it on.
            start_new_session=True,
        )
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            process.stdin.write(self._job)
            process.stdin.flush()
        worker = Worker(number, process)
        threading.Thread(target=self._listen, args=(worker,), daemon=True).start()
        return worker

    def _listen(self, worker: Worker) -> None:
        assert worker.process.stdout is not None
        for line in worker.process.stdout:
            # The last line of a worker that was killed may be half a message.
            with suppress(ValueError):
                self._messages.put((worker, json.loads(line)))
        self._messages.put((worker, None))

    def _watch(self) -> None:
        at_work = list(self.workers)
        is_shown = self.view.way != "off"
        if is_shown:
            self.view.start()
        show_at = time.monotonic() + self.view.every_seconds
        try:
            while at_work:
                with suppress(queue.Empty):
                    worker, message = self._messages.get(timeout=LOOK_SECONDS)
                    if message is not None:
                        self._take(worker, message)
                    else:
                        at_work.remove(worker)
                        self._note_end(worker, len(at_work))
                now = time.monotonic()
                if is_shown and now >= show_at:
                    show_at = now + self.view.every_seconds
                    self.view.show(self.figures)
                if self._kill_at is not None and now >= self._kill_at:
                    for worker in at_work:
                        worker.process.kill()
        finally:
            if is_shown:
                self.view.stop()

    def _take(self, worker: Worker, message: dict[str, Any]) -> None:
        """Note what a worker tells."""
        if "figures" in message:
            figures = from_record(message["figures"])
            new = figures.searched - worker.figures.searched
            self._recent.extend(list(figures.recent)[-new:] if new else [])
            worker.figures = figures
        if "says" in message:
            self.view.say(f"worker {worker.number}: {message['says']}")
        worker.crawl_id = message.get("crawl_id", worker.crawl_id)
        worker.stop_reason = message.get("stop_reason", worker.stop_reason)
        worker.error = message.get("error", worker.error)

    def _note_end(self, worker: Worker, left: int) -> None:
        with suppress(subprocess.TimeoutExpired):
            worker.process.wait(GRACE_SECONDS)
        if worker.stop_reason:
            # The last one to end had nothing left to do, for a reason that counts for all.
            self.stop_reason = worker.stop_reason
            return
        if worker.crawl_id is not None:
            reason = "shutdown" if self._signals else DIED
            with suppress(StoreError), self.store.write() as connection:
                crawls.end_crawl(connection, worker.crawl_id, reason, worker.figures.as_record())
        if self._signals:
            return
        self.lost.append(worker)
        go_on = f"; {left} {'goes' if left == 1 else 'go'} on with its pages" if left else ""
        self.view.say(f"worker {worker.number} (process {worker.process.pid}) {worker.end()}{go_on}")

    def _stop(self) -> None:
        """Ask the workers to stop: the first time with grace, then at once."""
        self._signals += 1
        if self._kill_at is None:
            self._kill_at = time.monotonic() + GRACE_SECONDS
        for worker in list(self.workers):
            worker.process.send_signal(signal.SIGTERM)


@contextmanager
def _shared_budget(store: Store, topic: str, pages: int) -> Iterator[dict[str, Any]]:
    """Give the settings by which workers spend one budget of pages."""
    if not pages:
        yield {}
        return
    with store.write() as connection:
        number = page_budget.make_budget(connection, topic, pages)
    try:
        yield {"PAGE_BUDGET": number}
    finally:
        with suppress(StoreError), store.write() as connection:
            page_budget.drop_budget(connection, number)


@contextmanager
def _on_signals(stop: Callable[[], None]) -> Iterator[None]:
    names = (signal.SIGINT, signal.SIGTERM)
    before = {name: signal.signal(name, lambda *_: stop()) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
