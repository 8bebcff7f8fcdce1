"""One run of a job, from taking it to telling how it ended."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import IO, Any

from crawler.errors import StoreError
from crawler.jobs.child_process import ChildProcess, Ended, HowEnded
from crawler.jobs.claiming import LEASE_SECONDS, Claim, Trigger, claim
from crawler.jobs.hook import tell
from crawler.jobs.job import Job, JobsFile, RunOutcome
from crawler.jobs.lease_keeper import LeaseKeeper
from crawler.jobs.steps import (
    Step,
    brief_step,
    crawl_arguments,
    export_steps,
    outcome_of,
    report_step,
)
from crawler.store import jobs as store_jobs
from crawler.store.database import Store, open_store
from crawler.store.jobs import JobRun

STEP_LIMIT = timedelta(minutes=10)  # of an export, a brief or a report
# How often a run's end is written again when the database does not answer.
END_TRIES, END_WAIT = 10, 3.0
# After these the files are not written: the crawl was stopped, or could not begin.
WITHOUT_FILES = (RunOutcome.INTERRUPTED, RunOutcome.FAILED, RunOutcome.LOST)

Say = Callable[[str], None]


@dataclass(kw_only=True, slots=True)
class _Result:
    """What a run's row will say."""

    outcome: RunOutcome
    detail: str | None = None
    exit_status: int | None = None
    figures: dict[str, Any] | None = None
    wrote: list[dict[str, Any]] = field(default_factory=list)
    told_until: datetime | None = None


def run_job(
    jobs: JobsFile,
    job: Job,
    database: str,
    trigger: Trigger,
    *,
    say: Say,
    is_live: bool = False,
    is_verbose: bool = False,
) -> JobRun | None:
    """Run a job to its end, and return what the history says of it; None when nothing is due.

    Working folder, environment and signal handlers of this process are taken over: call it in a process of
    its own.

    Args:
        jobs: the file that the job is from.
        job: what to run.
        database: the store's address.
        trigger: whether a person asked for it, or the clock.
        say: takes lines on how it goes.
        is_live: whether the crawl draws on this terminal rather than into the log.
        is_verbose: whether the crawl logs all that Scrapy does.

    Raises:
        JobBusy: when the job runs already.
        JobError: when its log cannot be written.
        StoreError: when the database cannot be written.
    """
    os.chdir(jobs.folder)
    store = open_store(database)
    try:
        run = _Run(store, jobs, job, database, say=say, is_live=is_live, is_verbose=is_verbose)
        with run.signals():
            return run.go(trigger)
    finally:
        store.close()


class _Run:
    def __init__(
        self,
        store: Store,
        jobs: JobsFile,
        job: Job,
        database: str,
        *,
        say: Say,
        is_live: bool,
        is_verbose: bool,
    ) -> None:
        self.store, self.jobs, self.job, self.database = store, jobs, job, database
        self.say, self.is_live, self.is_verbose = say, is_live, is_verbose
        self.stops = 0  # how often somebody asked to stop
        self.claim: Claim
        self.run_id = 0
        self.keeper: LeaseKeeper

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Take SIGINT, SIGTERM and a closed terminal as a wish to stop while the block runs."""
        names = [signal.SIGINT, signal.SIGTERM]
        if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            names.append(signal.SIGHUP)  # not under nohup
        before = {name: signal.signal(name, self._note_stop) for name in names}
        try:
            yield
        finally:
            for name, handler in before.items():
                signal.signal(name, handler)

    def _note_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stops += 1

    def go(self, trigger: Trigger) -> JobRun | None:
        self.claim = claim(self.store, self.job, trigger)
        for lost in self.claim.lost:
            self.say(f"job {self.job.name}: run {lost.id} was lost: {lost.detail}")
            self._tell(lost.id)
        if self.claim.run_id is None:
            return None
        self.run_id = self.claim.run_id
        self.keeper = LeaseKeeper(self.store, self.job.name, self.claim.holder, LEASE_SECONDS)
        self.keeper.start()
        try:
            result = self._work()
        except BaseException as error:
            # Whatever it was, the run is over, and the job is free for the next one.
            what = f"{type(error).__name__}: {error}"
            self._finish(_Result(outcome=RunOutcome.FAILED, detail=" ".join(what.split())))
            raise
        finally:
            self.keeper.stop()
        self._finish(result)
        self._tell(self.run_id)
        with self.store.read() as connection:
            return store_jobs.run_of(connection, self.run_id)

    def _work(self) -> _Result:
        log_file = self._log_file()
        with log_file.open("ab", buffering=0) as log:
            due = f"due {_local(self.claim.due.at)}" if self.claim.due else "asked for by hand"
            missed = self.claim.due.count - 1 if self.claim.due else 0
            more = f", {missed} missed before it" if missed else ""
            self.say(f"job {self.job.name}: run {self.run_id} begins ({due}{more}); log {log_file}")
            result = self._crawl(log)
            if result.outcome not in WITHOUT_FILES:
                self._write_files(result, log)
        self._drop_old(log_file)
        return result

    def _log_file(self) -> Path:
        assert self.claim.started_at is not None
        stamp = self.claim.started_at.astimezone(UTC)
        file = (
            self.jobs.folder
            / self.jobs.log_folder
            / self.job.name
            / f"{stamp:%Y%m%dT%H%M%SZ}-run{self.run_id}.log"
        )
        file.parent.mkdir(parents=True, exist_ok=True)
        with self.store.write() as connection:
            store_jobs.name_log(connection, self.run_id, str(file))
        return file

    def _crawl(self, log: IO[bytes]) -> _Result:
        with tempfile.TemporaryFile() as said:
            arguments = [*(["--verbose"] if self.is_verbose else []), *crawl_arguments(self.job)]
            ended = self._child(arguments, log, said, self.job.time_limit, is_live=self.is_live)
            said.seek(0)
            record = _json(said.read())
        outcome = outcome_of(ended.status, record)
        detail = None
        match ended.how:
            case HowEnded.TIMED_OUT:
                outcome, detail = RunOutcome.TIMED_OUT, f"ended at its time limit: {ended.said}"
            case HowEnded.STOPPED:
                outcome, detail = RunOutcome.INTERRUPTED, "asked to stop"
            case HowEnded.LOST:
                outcome, detail = RunOutcome.LOST, "the lease was lost: the database did not answer"
            case HowEnded.ENDED if outcome is RunOutcome.FAILED:
                detail = ended.said or f"exit status {ended.status}"
        return _Result(outcome=outcome, detail=detail, exit_status=ended.status, figures=record)

    def _write_files(self, result: _Result, log: IO[bytes]) -> None:
        with self.store.read() as connection:
            now = store_jobs.moment(connection)
        steps = export_steps(self.job, self.run_id, now)
        since = self.claim.told_until or self.claim.started_at or now
        brief = brief_step(self.job, self.run_id, since, now)
        report = report_step(self.job, self.run_id, now)
        for step in [*steps, *(each for each in (brief, report) if each)]:
            error = self._write(step, result, log)
            if error is None and step is brief:
                result.told_until = now
            if self.stops or self.keeper.lost.is_set():
                return

    def _write(self, step: Step, result: _Result, log: IO[bytes]) -> str | None:
        """Run a command that writes files; return what went wrong."""
        for _, path in step.files:
            path.parent.mkdir(parents=True, exist_ok=True)
        ended = self._child(step.arguments, log, log, STEP_LIMIT)
        # Status 3 says that there was nothing to write.
        failed = ended.how is not HowEnded.ENDED or ended.status not in (0, 3)
        error = (ended.said or f"exit status {ended.status}") if failed else None
        if ended.how is HowEnded.STOPPED:
            error = "asked to stop"
        for what, path in step.files:
            entry = {"what": what, "path": str(self.jobs.folder / path)}
            result.wrote.append(entry | ({"error": error} if error else {"said": ended.said}))
        if error:
            result.detail = f"{step.arguments[0]} {step.files[0][1]}: {error}"
            early = {HowEnded.STOPPED: RunOutcome.INTERRUPTED, HowEnded.LOST: RunOutcome.LOST}
            result.outcome = early.get(ended.how, RunOutcome.FAILED)
        return error

    def _child(
        self, arguments: list[str], log: IO[bytes], out: IO[bytes], limit: timedelta, *, is_live: bool = False
    ) -> Ended:
        log.write(f"$ bacajuga {' '.join(arguments)}\n".encode("utf-8", "replace"))
        child = ChildProcess(arguments, self.database, log=None if is_live else log, out=out)
        with suppress(StoreError), self.store.write() as connection:
            store_jobs.note_child(connection, self.job.name, self.claim.holder, str(child.identity))
        ended = child.wait(limit, stops=lambda: self.stops, is_lost=self.keeper.lost.is_set)
        log.write(f"# exit status {ended.status} after {ended.seconds:.1f} s\n".encode())
        return ended

    def _finish(self, result: _Result) -> None:
        """Close the run's row and give the lease back; a database that is away may come back."""
        for attempt in range(1, END_TRIES + 1):
            try:
                with self.store.write() as connection:
                    self._close(connection, result)
                return
            except StoreError as error:
                if attempt == END_TRIES:
                    raise
                self.say(f"job {self.job.name}: {error}; tried again in {END_WAIT:.0f} s")
                time.sleep(END_WAIT)

    def _close(self, connection: Any, result: _Result) -> None:
        closed = store_jobs.end_run(
            connection,
            self.run_id,
            str(result.outcome),
            detail=result.detail,
            exit_status=result.exit_status,
            figures=result.figures,
            wrote=result.wrote,
        )
        run = store_jobs.run_of(connection, self.run_id)
        if closed and run is not None and result.outcome in (RunOutcome.INTERRUPTED, RunOutcome.LOST):
            # Whoever stopped it, a machine that is shut down as a rule, did not want it left out.
            store_jobs.uncover(connection, run)
        store_jobs.release(connection, self.job.name, self.claim.holder, result.told_until)

    def _tell(self, run_id: int) -> None:
        with self.store.read() as connection:
            run = store_jobs.run_of(connection, run_id)
        if run is None or run.outcome is None:
            return
        said = tell(self.job.on_finish, run_record(run), self.jobs.folder)
        if said is not None:
            with self.store.write() as connection:
                store_jobs.note_hook(connection, run_id, said)

    def _drop_old(self, log_file: Path) -> None:
        keep = self.job.retention
        if keep.logs is not None:
            oldest = time.time() - keep.logs * 86_400
            for file in log_file.parent.glob("*-run*.log"):
                if file != log_file and file.stat().st_mtime < oldest:
                    file.unlink(missing_ok=True)
        if keep.runs is not None:
            with self.store.write() as connection:
                before = store_jobs.moment(connection) - timedelta(days=keep.runs)
                store_jobs.drop_runs(connection, self.job.name, before)


def run_record(run: JobRun) -> dict[str, Any]:
    """Return a run as JSON values."""
    seconds = (run.ended_at - run.started_at).total_seconds() if run.ended_at else None
    return {
        "run": run.id,
        "job": run.job,
        "topic": run.topic,
        "trigger": run.trigger,
        "due_at": _iso(run.due_at),
        "covers_from": _iso(run.covers_from),
        "due_count": run.due_count,
        "attempt": run.attempt,
        "started_at": _iso(run.started_at),
        "ended_at": _iso(run.ended_at),
        "seconds": round(seconds, 1) if seconds is not None else None,
        "outcome": run.outcome,
        "detail": run.detail,
        "exit_status": run.exit_status,
        "figures": run.figures,
        "wrote": run.wrote,
        "hook": run.hook,
        "log_file": run.log_file,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment is not None else None


def _local(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="seconds" if moment.second else "minutes")


def _json(text: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(text)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
