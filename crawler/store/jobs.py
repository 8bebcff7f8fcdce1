"""Runs of scheduled jobs, and the lease that lets one process at a time run a job."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, func, or_, select, text, update

from crawler.store.schema import job_leases, job_runs
from crawler.store.upsert import insert, insert_new

# How often in a row a run is begun anew that was killed: it may itself be what kills the machine.
MOST_ATTEMPTS = 3
# A clock that is put back by more than this makes due times that lie ahead come again.
CLOCK_TOLERANCE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class JobLease:
    """Who runs a job now, and up to when its due times are covered."""

    job: str
    covered_until: datetime
    told_until: datetime | None
    run_id: int | None
    holder: str | None
    child: str | None
    leased_until: float | None  # seconds since 1970, by the database's clock
    beat: float | None  # seconds, by the holder's monotonic clock


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRun:
    """A run of a job; without an outcome it is running."""

    id: int
    job: str
    topic: str
    trigger: str
    covers_from: datetime | None
    due_at: datetime | None
    due_count: int
    attempt: int
    holder: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    detail: str | None
    exit_status: int | None
    figures: dict[str, Any] | None
    wrote: list[dict[str, Any]]
    hook: str | None
    log_file: str


def clock(connection: Connection) -> float:
    """Return seconds since 1970 by the database's clock, asked anew: a process that stays sees it change."""
    if connection.dialect.name == "sqlite":
        return time.time()
    return float(connection.scalar(text("SELECT extract(epoch FROM clock_timestamp())")) or 0.0)


def moment(connection: Connection) -> datetime:
    """Return the database's clock as a moment in UTC."""
    return datetime.fromtimestamp(clock(connection), UTC)


def introduce(connection: Connection, job: str) -> None:
    """Let a job be known that was not: it is due from now on."""
    insert_new(connection, job_leases, {"job": job, "covered_until": moment(connection)})


def lease_of(connection: Connection, job: str) -> JobLease | None:
    """Return a job's lease, or None for one that never was looked at."""
    row = connection.execute(select(job_leases).where(job_leases.c.job == job)).one_or_none()
    return JobLease(**row._mapping) if row is not None else None


def covered_until(lease: JobLease, now: datetime) -> datetime:
    """Return up to when the job's due times are covered; now, after a clock that was ahead was put back."""
    return now if lease.covered_until > now + CLOCK_TOLERANCE else lease.covered_until


def take(connection: Connection, seen: JobLease, holder: str, seconds: float) -> bool:
    """Take a job's lease that was seen to be free, or held by a process that is gone.

    Returns:
        whether it could be taken: another process may have been quicker.
    """
    unchanged = and_(job_leases.c.holder == seen.holder, job_leases.c.leased_until == seen.leased_until)
    taken = connection.execute(
        update(job_leases)
        .where(job_leases.c.job == seen.job, or_(job_leases.c.holder.is_(None), unchanged))
        .values(holder=holder, child=None, leased_until=clock(connection) + seconds, beat=time.monotonic())
    )
    return taken.rowcount == 1


def renew(connection: Connection, job: str, holder: str, seconds: float) -> bool:
    """Hold a lease longer; return whether it is still this holder's."""
    kept = connection.execute(
        update(job_leases)
        .where(job_leases.c.job == job, job_leases.c.holder == holder)
        .values(leased_until=clock(connection) + seconds, beat=time.monotonic())
    )
    return kept.rowcount == 1


def note_child(connection: Connection, job: str, holder: str, child: str | None) -> None:
    """Write which process the holder has started, so that the next one can end it."""
    connection.execute(
        update(job_leases).where(job_leases.c.job == job, job_leases.c.holder == holder).values(child=child)
    )


def release(connection: Connection, job: str, holder: str, told_until: datetime | None = None) -> None:
    """Give a lease back; ``told_until`` says what the brief has told of."""
    told = {"told_until": told_until} if told_until is not None else {}
    connection.execute(
        update(job_leases)
        .where(job_leases.c.job == job, job_leases.c.holder == holder)
        .values(holder=None, child=None, leased_until=None, beat=None, **told)
    )


def start_run(connection: Connection, *, covers_until: datetime | None, **values: Any) -> int:
    """Open a run's row, and let it cover the job's due times up to ``covers_until``; return its number."""
    run_id = connection.execute(
        insert(connection, job_runs)
        .values(started_at=moment(connection), wrote=[], **values)
        .returning(job_runs.c.id)
    ).scalar_one()
    covering = {"covered_until": covers_until} if covers_until is not None else {}
    connection.execute(
        update(job_leases).where(job_leases.c.job == values["job"]).values(run_id=run_id, **covering)
    )
    return int(run_id)


def name_log(connection: Connection, run_id: int, log_file: str) -> None:
    """Write where a run logs."""
    connection.execute(update(job_runs).where(job_runs.c.id == run_id).values(log_file=log_file))


def open_runs(connection: Connection, job: str) -> list[JobRun]:
    """Return the runs of a job that have no outcome: of these only the lease's holder's is at work."""
    rows = connection.execute(select(job_runs).where(job_runs.c.job == job, job_runs.c.outcome.is_(None)))
    return [JobRun(**row._mapping) for row in rows]


def end_run(connection: Connection, run_id: int, outcome: str, **values: Any) -> bool:
    """Close a run's row; return whether it was still open."""
    closed = connection.execute(
        update(job_runs)
        .where(job_runs.c.id == run_id, job_runs.c.outcome.is_(None))
        .values(outcome=outcome, ended_at=moment(connection), **values)
    )
    return closed.rowcount == 1


def uncover(connection: Connection, run: JobRun) -> bool:
    """Let the due times that a run stood for be due again; return whether they are.

    They are not when they have been tried often enough.
    """
    if run.covers_from is None or run.attempt >= MOST_ATTEMPTS:
        return False
    given_back = connection.execute(
        update(job_leases)
        .where(job_leases.c.job == run.job, job_leases.c.run_id == run.id)
        .values(covered_until=run.covers_from)
    )
    return given_back.rowcount == 1


def note_hook(connection: Connection, run_id: int, said: str) -> None:
    """Write what became of telling somebody that the run has ended."""
    connection.execute(update(job_runs).where(job_runs.c.id == run_id).values(hook=said))


def run_of(connection: Connection, run_id: int) -> JobRun | None:
    """Return a run by its number."""
    row = connection.execute(select(job_runs).where(job_runs.c.id == run_id)).one_or_none()
    return JobRun(**row._mapping) if row is not None else None


def runs(connection: Connection, job: str | None = None, limit: int | None = None) -> list[JobRun]:
    """Return runs, the newest first."""
    statement = select(job_runs).order_by(job_runs.c.id.desc()).limit(limit)
    if job is not None:
        statement = statement.where(job_runs.c.job == job)
    return [JobRun(**row._mapping) for row in connection.execute(statement)]


def newest_runs(connection: Connection, jobs: Iterable[str]) -> dict[str, JobRun]:
    """Return the newest run of each job that has one."""
    newest = select(func.max(job_runs.c.id)).where(job_runs.c.job.in_(list(jobs))).group_by(job_runs.c.job)
    rows = connection.execute(select(job_runs).where(job_runs.c.id.in_(newest)))
    return {row.job: JobRun(**row._mapping) for row in rows}


def drop_runs(connection: Connection, job: str, before: datetime) -> int:
    """Drop the rows of a job's runs that ended before a moment, but never the newest; return how many."""
    newest = select(func.max(job_runs.c.id)).where(job_runs.c.job == job).scalar_subquery()
    return connection.execute(
        delete(job_runs).where(job_runs.c.job == job, job_runs.c.ended_at < before, job_runs.c.id != newest)
    ).rowcount
