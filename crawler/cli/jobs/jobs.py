"""``bacajuga jobs``: crawls that run by themselves."""

from __future__ import annotations

import signal
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import exit_status
from crawler.cli.jobs import jobs_install, jobs_show
from crawler.cli.jobs.jobs_options import JobsPath, database_of, load
from crawler.cli.loudness import as_options, is_quiet, is_verbose
from crawler.cli.options import DEFAULT_DATABASE, AsJson, Database, examples
from crawler.cli.terminal import complain, one_line, print_json, print_table, printable, say

if TYPE_CHECKING:
    from crawler.jobs.claiming import JobState
    from crawler.jobs.job import Job, JobsFile

EXAMPLES = examples(
    "bacajuga jobs example > jobs.toml",
    "bacajuga jobs list",
    "bacajuga jobs run harian                 now, whatever the clock says",
    "bacajuga jobs serve                      all of them, whenever they are due",
    "bacajuga jobs history harian",
)

jobs = typer.Typer(help="Crawls that run by themselves.", epilog=EXAMPLES, no_args_is_help=True)


@jobs.command("example", epilog=examples("bacajuga jobs example > jobs.toml"))
def example() -> None:
    """Print a jobs file to begin with, every key explained."""
    from crawler.jobs.jobs_file import example_text

    print(example_text(), end="")


@jobs.command(
    "list", epilog=examples("bacajuga jobs list", "bacajuga jobs list --json | jq '.[].next_run_at'")
)
def list_jobs(path: JobsPath = None, as_json: AsJson = False, database: Database = DEFAULT_DATABASE) -> None:
    """Show each job, its last run and its next, and what is wrong with it; the jobs file is checked.

    Exit status 1 when a job names a topic or an outlet that there is not.
    """
    from contextlib import closing

    from crawler.jobs.claiming import states
    from crawler.store.database import open_store

    found = load(path)
    with closing(open_store(database_of(found, database))) as store:
        standing = states(store, found.jobs.values())
    records = [_record(found, job, standing[job.name]) for job in found.jobs.values()]
    if as_json:
        print_json(records)
    else:
        rows = [
            (
                each["job"],
                each["topic"],
                f"{each['schedule']} {each['time_zone']}",
                " ".join(filter(None, (_short(each["last_run_at"]), each["last_outcome"]))) or "never",
                _next(each),
                each["problem"] or "",
            )
            for each in records
        ]
        print_table(("JOB", "TOPIC", "SCHEDULE", "LAST RUN", "NEXT RUN", "PROBLEM"), rows, flexible=5)
    if any(each["problem"] for each in records):
        raise typer.Exit(exit_status.ERROR)


@jobs.command("run", epilog=examples("bacajuga jobs run harian"))
def run(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The job's name, as in the jobs file.")],
    path: JobsPath = None,
    if_due: Annotated[bool, typer.Option("--if-due", hidden=True)] = False,
    as_json: AsJson = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Run a job now, with its exports, its brief and its on_finish; never beside another run of it.

    On a terminal the crawl shows its progress, elsewhere it goes to the log file. The exit status is the
    crawl's, or 1 when a file could not be written. Ctrl-C stops it cleanly.
    """
    from crawler.jobs.claiming import JobBusy, Trigger
    from crawler.jobs.job import RunOutcome
    from crawler.jobs.running import run_job, run_record

    found = load(path)
    job = named(found, name)
    trigger = Trigger.SCHEDULE if if_due else Trigger.HAND
    is_live = sys.stderr.isatty() and not if_due and not is_quiet()
    try:
        done = run_job(
            found,
            job,
            database_of(found, database),
            trigger,
            say=say,
            is_live=is_live,
            is_verbose=is_verbose(),
        )
    except JobBusy:
        if if_due:  # another one was quicker
            return
        raise
    if done is None:
        return
    record = run_record(done)
    if as_json:
        print_json(record)
    failed = done.outcome in (RunOutcome.FAILED, RunOutcome.LOST, RunOutcome.TIMED_OUT)
    status = done.exit_status if done.exit_status is not None else exit_status.ERROR
    # A crawl may have been ended by a signal, or have gone well before an export failed.
    status = exit_status.ERROR if status < 0 or (failed and status == exit_status.OK) else status
    (say if status == exit_status.OK else complain)(jobs_show.summary(done))
    raise typer.Exit(status)


@jobs.command(
    "due", epilog=examples("bacajuga jobs due", "bacajuga jobs due harian --jobs /home/ani/berita/jobs.toml")
)
def due(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Only these jobs; default: all.")
    ] = None,
    path: JobsPath = None,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Run what is due once, and end: for cron, a systemd timer or any other clock.

    What came due while nothing ran is made up for by one run. The exit status is that of the first run that
    did not end well; 0 when nothing is due.
    """
    from crawler.jobs.supervising import Supervisor

    found = load(path)
    for name in names or []:
        named(found, name)
    supervisor = Supervisor(found, database_of(found, database), say, complain, as_options())
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: supervisor.stop())
    statuses = supervisor.run_due(names)
    if not statuses:
        say("nothing is due; see when with: bacajuga jobs list")
    raise typer.Exit(next((status for status in statuses if status != exit_status.OK), exit_status.OK))


@jobs.command(
    "serve", epilog=examples("bacajuga jobs serve", "bacajuga jobs serve --jobs ~/berita/jobs.toml")
)
def serve(path: JobsPath = None, database: Database = DEFAULT_DATABASE) -> None:
    """Run jobs whenever they are due, until Ctrl-C; a changed jobs file is read again by itself.

    Two of these may run on one database, on one machine or on two: a job runs on one of them at a time.
    """
    from crawler.jobs.supervising import serve as serve_jobs

    found = load(path)

    def complain_when(line: str) -> None:
        print(printable(f"{datetime.now():%Y-%m-%d %H:%M:%S}  {line}"), file=sys.stderr, flush=True)

    def say_when(line: str) -> None:
        if not is_quiet():
            complain_when(line)

    address = database_of(found, database)
    serve_jobs(lambda: load(found.path), address, say_when, complain_when, as_options())


jobs.command("history", epilog=jobs_show.HISTORY_EXAMPLES)(jobs_show.history)
jobs.command("show", epilog=jobs_show.SHOW_EXAMPLES)(jobs_show.show)
jobs.command("install", epilog=jobs_install.EXAMPLES)(jobs_install.install)


def named(found: JobsFile, name: str) -> Job:
    """Return the job of that name.

    Raises:
        JobError: when there is none.
    """
    from crawler.errors import JobError
    from crawler.near_names import nearest_first

    if name not in found.jobs:
        known = ", ".join(nearest_first(name, found.jobs))
        raise JobError(f"no job named {name!r} in {found.path}; known: {known}")
    return found.jobs[name]


def _record(found: JobsFile, job: Job, state: JobState) -> dict[str, Any]:
    from zoneinfo import ZoneInfo

    next_at = job.schedule.next_after(state.now) if job.enabled else None
    last_at = state.last.started_at.astimezone(ZoneInfo(job.schedule.zone)) if state.last else None
    return {
        "job": job.name,
        "topic": job.topic,
        "schedule": str(job.schedule),
        "time_zone": job.schedule.zone,
        "enabled": job.enabled,
        "running": state.is_running,
        "due_now": state.due.count if state.due and job.enabled else 0,
        "last_run": state.last.id if state.last else None,
        "last_run_at": last_at,
        "last_outcome": (state.last.outcome or "running") if state.last else None,
        "next_run_at": next_at,
        "problem": _problem(found, job),
    }


def _problem(found: JobsFile, job: Job) -> str | None:
    """Return what is wrong with a job that the file alone does not tell."""
    from crawler.errors import BacaJugaError
    from crawler.outlets import outlet_named
    from crawler.topic import load_topic

    is_path = "/" in job.topic or job.topic.endswith(".toml")
    try:
        load_topic(str(found.folder / job.topic) if is_path else job.topic)
        for name in job.outlets:
            outlet_named(name)
    except BacaJugaError as error:
        return one_line(str(error))
    return None


def _next(record: dict[str, Any]) -> str:
    if record["running"]:
        return "runs now"
    if not record["enabled"]:
        return "not enabled"
    return "due now" if record["due_now"] else _short(record["next_run_at"])


def _short(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(":00") if moment else ""
