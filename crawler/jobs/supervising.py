"""Starting what is due: each run in a process of its own, so that none can stop another one.

A run's process holds the job's lease itself. When this process is killed, the runs that it has started
go on to their end, and whoever comes next finds their leases held.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import crawler
from crawler.errors import BacaJugaError, StoreError
from crawler.jobs.claiming import states
from crawler.jobs.job import Job, JobsFile
from crawler.store.database import open_store

SWEEP_SECONDS = 15
RELAY_SECONDS = 0.5
SWEEP = "sweep"  # also the name of its own executor: it is never kept waiting by runs

Say = Callable[[str], None]


class Supervisor:
    """Starts runs of jobs, passes on what they say, and asks them to stop when it has to."""

    def __init__(
        self,
        jobs: JobsFile,
        database: str,
        say: Say,
        complain: Say | None = None,
        options: Sequence[str] = (),
    ) -> None:
        """Start nothing yet.

        Args:
            jobs: the jobs file.
            database: the store's address.
            say: takes lines on how it goes.
            complain: takes lines on what went wrong; by default as the others.
            options: of the program, for each run: how much it says.
        """
        self.jobs, self.database, self.say, self.complain = jobs, database, say, complain or say
        self.options = options
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.RLock()  # a signal may come while it is held
        self._stopping = False

    def due(self, names: list[str] | None = None) -> list[Job]:
        """Return the jobs that are due and not running, in the order of the file.

        Raises:
            StoreError: when the database cannot be read.
        """
        chosen = [job for name, job in self.jobs.jobs.items() if job.enabled and (not names or name in names)]
        with closing(open_store(self.database)) as store:
            found = states(store, chosen)
        with self._lock:
            return [
                job
                for job in chosen
                if found[job.name].due and not found[job.name].is_running and job.name not in self._running
            ]

    def run_due(self, names: list[str] | None = None) -> list[int]:
        """Run what is due once, and return the runs' exit statuses."""
        jobs = self.due(names)
        with ThreadPoolExecutor(max_workers=self.jobs.at_once) as pool:
            return list(pool.map(self.run, [job.name for job in jobs]))

    def run(self, name: str) -> int:
        """Run a job in a process of its own, and return its exit status; 0 when it was not due any more."""
        root = str(Path(crawler.__file__).parent.parent)
        path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH")) if part)
        arguments = [*self.options, "jobs", "run", name, "--if-due", "--jobs", str(self.jobs.path)]
        with tempfile.TemporaryFile() as said:
            with self._lock:
                if self._stopping or name in self._running:
                    return 0
                process = subprocess.Popen(
                    [sys.executable, "-m", "crawler", *arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=said,
                    start_new_session=True,
                    env=os.environ | {"DATABASE_URL": self.database, "PYTHONPATH": path},
                )
                self._running[name] = process
            try:
                self._pass_on(process, said.fileno())
            finally:
                with self._lock:
                    del self._running[name]
        return process.returncode

    def _pass_on(self, process: subprocess.Popen[bytes], said: int) -> None:
        """Say what a run says, until it ends.

        It goes through a file: the run outlives us, and a pipe whose reader is gone would end it.
        """
        read = 0
        while True:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=RELAY_SECONDS)
            # The run writes at the place that both share: reading must not move it.
            new = os.pread(said, 1 << 20, read)
            lines, end, _ = new.rpartition(b"\n")
            read += len(lines) + len(end)
            for line in lines.decode("utf-8", "replace").splitlines():
                complaint = line.removeprefix("bacajuga: ")
                (self.say if complaint == line else self.complain)(complaint)
            if process.returncode is not None:
                return

    def stop(self) -> None:
        """Ask the runs to stop, and begin no more; asked again, they are killed."""
        with self._lock:
            self._stopping = True
            for process in self._running.values():
                with suppress(ProcessLookupError):
                    process.send_signal(signal.SIGTERM)


def serve(
    load: Callable[[], JobsFile],
    database: str,
    say: Say,
    complain: Say | None = None,
    options: Sequence[str] = (),
) -> None:
    """Run jobs whenever they are due, until SIGINT or SIGTERM; the jobs file is read again when it changes.

    Args:
        load: reads the jobs file.
        database: the store's address.
        say: takes lines on how it goes.
        complain: takes lines on what went wrong; by default as the others.
        options: of the program, for each run: how much it says.

    Raises:
        JobError: when the jobs file is not valid at the start.
        StoreError: when the database cannot be opened at the start.
    """
    from apscheduler.executors.pool import ThreadPoolExecutor as Pool
    from apscheduler.schedulers.background import BackgroundScheduler

    # That a run is still going when the next one is due is our daily bread.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    jobs = load()
    supervisor = Supervisor(jobs, database, say, complain, options)
    supervisor.due()  # whatever is wrong with the database shows now
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": Pool(jobs.at_once), SWEEP: Pool(1)},
        job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None},
    )
    _schedule(scheduler, supervisor)
    keeper = _Sweep(scheduler, supervisor, load)
    scheduler.add_job(
        keeper.look,
        "interval",
        seconds=SWEEP_SECONDS,
        id=SWEEP,
        executor=SWEEP,
        next_run_time=datetime.now(UTC),
    )
    stop = threading.Event()

    def asked_to_stop(*_: object) -> None:
        if stop.is_set():
            supervisor.stop()
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, asked_to_stop)
    scheduler.start()
    number = len([job for job in jobs.jobs.values() if job.enabled])
    say(f"serving {number} {'job' if number == 1 else 'jobs'} of {jobs.path}; Ctrl-C ends it")
    # A wait without end could not be interrupted on every system.
    while not stop.wait(1.0):
        pass
    say("stopping; runs are asked to stop, and are begun again when this is started next")
    scheduler.pause()
    supervisor.stop()
    scheduler.shutdown(wait=True)


class _Sweep:
    """Finds what the clock alone does not: missed runs, runs of killed processes, a changed jobs file."""

    def __init__(self, scheduler: Any, supervisor: Supervisor, load: Callable[[], JobsFile]) -> None:
        self.scheduler, self.supervisor, self.load = scheduler, supervisor, load
        self._read_at = self._changed_at()
        self._complaint = ""

    def look(self) -> None:
        """Read the jobs file again if it has changed, and start what is due."""
        try:
            self._read_again()
            for job in self.supervisor.due():
                if self.scheduler.get_job(job.name) is not None:
                    self.scheduler.modify_job(job.name, next_run_time=datetime.now(UTC))
            self._complaint = ""
        except BacaJugaError as error:
            # A database that is away comes back; it is said once.
            if str(error) != self._complaint:
                self.supervisor.complain(str(error))
                self._complaint = str(error)

    def _read_again(self) -> None:
        changed_at = self._changed_at()
        if changed_at == self._read_at:
            return
        self._read_at = changed_at
        self.supervisor.jobs = self.load()
        _schedule(self.scheduler, self.supervisor)
        self.supervisor.say(f"jobs file {self.supervisor.jobs.path} read again")

    def _changed_at(self) -> float:
        try:
            return self.supervisor.jobs.path.stat().st_mtime
        except OSError:
            return 0.0


def _schedule(scheduler: Any, supervisor: Supervisor) -> None:
    """Let the scheduler know the jobs of the file, and no others."""
    from apscheduler.triggers.base import BaseTrigger

    class OwnTrigger(BaseTrigger):  # type: ignore[misc]
        """Fires when our own schedule says so: there is one truth on when a job is due."""

        def __init__(self, job: Job) -> None:
            self.schedule = job.schedule

        def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime | None:
            """Return the next due time."""
            return self.schedule.next_after(now)

    wanted = {name: job for name, job in supervisor.jobs.jobs.items() if job.enabled}
    for known in scheduler.get_jobs():
        if known.id not in wanted and known.id != SWEEP:
            scheduler.remove_job(known.id)
    for name, job in wanted.items():
        scheduler.add_job(
            _run_quietly, OwnTrigger(job), args=[supervisor, name], id=name, replace_existing=True
        )


def _run_quietly(supervisor: Supervisor, name: str) -> None:
    """Run a job; a database that is away, or a system without room for a process, is no reason to end."""
    try:
        if any(job.name == name for job in supervisor.due([name])):
            supervisor.run(name)
    except (OSError, StoreError) as error:
        supervisor.complain(f"job {name}: {error}")
