"""Taking a job: only one process at a time has it, and a process that is gone gives it up."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from crawler.errors import JobError
from crawler.jobs.job import Job, RunOutcome
from crawler.jobs.process import process_of, this_process
from crawler.jobs.schedule import Due
from crawler.store import jobs as store_jobs
from crawler.store.database import Store
from crawler.store.jobs import JobLease, JobRun

LEASE_SECONDS = 60.0


class Trigger(StrEnum):
    """What began a run."""

    SCHEDULE = "schedule"
    HAND = "hand"


class JobBusy(JobError):  # noqa: N818 - reads as what happened
    """The job runs already, here or on another machine."""


@dataclass(kw_only=True, slots=True)
class Claim:
    """What this process took: a run that has begun, or none when nothing was due."""

    holder: str
    lost: list[JobRun] = field(default_factory=list)  # runs whose process was gone
    run_id: int | None = None
    due: Due | None = None
    told_until: datetime | None = None
    started_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class JobState:
    """How a job stands."""

    lease: JobLease | None
    is_running: bool
    due: Due | None  # what has come and was not run yet
    last: JobRun | None
    now: datetime


def claim(store: Store, job: Job, trigger: Trigger, lease_seconds: float = LEASE_SECONDS) -> Claim:
    """Take a job and begin a run of it; runs whose process is gone are closed as lost.

    A run on schedule begins only when a due time has come that no run covers, and covers all that have.

    Raises:
        JobBusy: when another process has the job.
        StoreError: when the database cannot be written.
    """
    holder = str(this_process())
    with store.write() as connection:
        store_jobs.introduce(connection, job.name)
    with store.read() as connection:
        seen = store_jobs.lease_of(connection, job.name)
        assert seen is not None
        if _is_at_work(seen, store_jobs.clock(connection)):
            raise _busy(seen)
    if not _end_processes(seen):
        left = seen.child or seen.holder
        raise JobError(f"job {job.name}: process {left} of an earlier run cannot be ended; end it by hand")
    with store.write() as connection:
        if not store_jobs.take(connection, seen, holder, lease_seconds):
            raise _busy(seen)
        found = Claim(holder=holder, lost=_close_lost(connection, job.name))
        lease = store_jobs.lease_of(connection, job.name)
        assert lease is not None
        now = store_jobs.moment(connection)
        covered = store_jobs.covered_until(lease, now)
        found.told_until, found.started_at = lease.told_until, now
        if trigger is Trigger.SCHEDULE:
            found.due = job.schedule.due(covered, now)
            if found.due is None:
                store_jobs.release(connection, job.name, holder)
                return found
        found.run_id = store_jobs.start_run(
            connection,
            covers_until=found.due.at if found.due else None,
            job=job.name,
            topic=job.topic,
            trigger=str(trigger),
            covers_from=covered if found.due else None,
            due_at=found.due.at if found.due else None,
            due_count=found.due.count if found.due else 0,
            attempt=_attempt(connection, lease, covered) if found.due else 1,
            holder=holder,
            log_file="",
        )
    return found


def states(store: Store, jobs: Iterable[Job]) -> dict[str, JobState]:
    """Return how each job stands, by name; a job that is seen for the first time is due from now on.

    Raises:
        StoreError: when the database cannot be read or written.
    """
    chosen = list(jobs)
    with store.read() as connection:
        leases = {job.name: store_jobs.lease_of(connection, job.name) for job in chosen}
    if unknown := [name for name, lease in leases.items() if lease is None]:
        with store.write() as connection:
            for name in unknown:
                store_jobs.introduce(connection, name)
                leases[name] = store_jobs.lease_of(connection, name)
    with store.read() as connection:
        newest = store_jobs.newest_runs(connection, leases)
        clock, now = store_jobs.clock(connection), store_jobs.moment(connection)
    found = {}
    for job in chosen:
        lease = leases[job.name]
        assert lease is not None
        found[job.name] = JobState(
            lease=lease,
            is_running=_is_at_work(lease, clock),
            due=job.schedule.due(store_jobs.covered_until(lease, now), now),
            last=newest.get(job.name),
            now=now,
        )
    return found


def _is_at_work(lease: JobLease, clock: float) -> bool:
    """Return whether the lease's holder can still be working.

    On this machine a look at the process tells, and by its monotonic clock, which nobody sets, whether it
    hangs. For another machine, which may have gone away, there is only the time that it asked for.
    """
    if lease.holder is None:
        return False
    holder = process_of(lease.holder)
    if not holder.is_here:
        return lease.leased_until is not None and lease.leased_until > clock
    return holder.is_alive and time.monotonic() - (lease.beat or 0.0) < LEASE_SECONDS


def _end_processes(lease: JobLease) -> bool:
    """End what is left of a run on this machine; return whether nothing is."""
    left = [process_of(text) for text in (lease.holder, lease.child) if text]
    stubborn = [process for process in left if process.is_here and not process.end()]
    return not stubborn


def _close_lost(connection: Connection, job: str) -> list[JobRun]:
    lost = store_jobs.open_runs(connection, job)
    for run in lost:
        again = store_jobs.uncover(connection, run)
        machine = process_of(run.holder).machine.partition("/")[0]
        detail = f"its process {process_of(run.holder).pid} on {machine} was gone"
        detail += (
            "; begun anew"
            if again
            else f"; not begun anew after {run.attempt} attempts"
            if run.due_at
            else ""
        )
        store_jobs.end_run(connection, run.id, str(RunOutcome.LOST), detail=detail)
    return [run for run in (store_jobs.run_of(connection, each.id) for each in lost) if run is not None]


def _attempt(connection: Connection, lease: JobLease, covered: datetime) -> int:
    before = store_jobs.run_of(connection, lease.run_id) if lease.run_id is not None else None
    tried = (str(RunOutcome.LOST), str(RunOutcome.INTERRUPTED))
    if before is None or before.covers_from != covered or before.outcome not in tried:
        return 1
    return before.attempt + 1


def _busy(lease: JobLease) -> JobBusy:
    where = ""
    if lease.holder is not None:
        holder = process_of(lease.holder)
        where = f" as process {holder.pid} on {holder.machine.partition('/')[0]}"
    return JobBusy(f"job {lease.job} runs already{where}; see it with: bacajuga jobs history {lease.job}")
