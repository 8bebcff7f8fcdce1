"""``bacajuga jobs history`` and ``show``: what became of the runs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.failing import found_nothing
from crawler.cli.jobs.jobs_options import JobsPath, database_of, load
from crawler.cli.options import DEFAULT_DATABASE, AsJson, Database, examples, open_existing
from crawler.cli.terminal import hanging, one_line, print_json, print_table, printable, stdout

if TYPE_CHECKING:
    from datetime import tzinfo

    from crawler.jobs.job import JobsFile
    from crawler.store.database import Store
    from crawler.store.jobs import JobRun

HISTORY_EXAMPLES = examples(
    "bacajuga jobs history",
    "bacajuga jobs history harian --last 50",
    "bacajuga jobs history --json | jq '.[] | {outcome, detail}'",
)
SHOW_EXAMPLES = examples("bacajuga jobs show 12")
LOG_LINES = 15
FIGURES = ("fetches", "stories", "copies", "off_topic", "edited", "unchanged", "left")


def history(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Only this job.")] = None,
    last: Annotated[int, typer.Option("--last", "-n", min=1, metavar="N", help="How many runs.")] = 20,
    path: JobsPath = None,
    as_json: AsJson = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Show the last runs, the newest first: when each was due and ran, how it ended, what it brought."""
    from crawler.jobs.running import run_record
    from crawler.store.jobs import runs

    found, store = _found(path, database)
    with store.read() as connection:
        stored = runs(connection, name, last)
    if as_json:
        print_json([run_record(run) for run in stored])
        return
    if not stored:
        found_nothing(
            f"no run{f' of {name}' if name else ''} in {store.address}; see the jobs with: bacajuga jobs list"
        )
    rows = [_row(run, _zone(found, run.job)) for run in stored]
    headings = ("RUN", "JOB", "DUE", "STARTED", "TOOK", "OUTCOME", "NEW", "EDITED", "DETAIL")
    print_table(headings, rows, flexible=8)


def show(
    number: Annotated[int, typer.Argument(metavar="RUN", help="Number of a run, as history prints it.")],
    path: JobsPath = None,
    as_json: AsJson = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Show one run: when it was due, how it ended, its figures, what it wrote, and the end of its log."""
    from crawler.jobs.running import run_record
    from crawler.store.jobs import run_of

    found, store = _found(path, database)
    with store.read() as connection:
        run = run_of(connection, number)
    if run is None:
        found_nothing(f"no run {number} in {store.address}; see them with: bacajuga jobs history")
    if as_json:
        print_json(run_record(run))
        return
    console = stdout()
    for name, value in _facts(run, _zone(found, run.job)):
        text = hanging(value, 12, console.width) if console.is_terminal else one_line(value)
        print(f"{name:>10}  {text}")
    if lines := _tail(run.log_file):
        print("\n  end of the log")
        for line in lines:
            print(f"    {line}")


def summary(run: JobRun) -> str:
    """Return how a run ended, in a line."""
    figures = run.figures or {}
    parts = [f"job {run.job}: run {run.id} {run.outcome or 'runs'}"]
    if run.ended_at is not None:
        parts[0] += f" after {_took(run)}"
    if figures:
        parts.append(f"{figures.get('stories', 0)} new stories, {figures.get('edited', 0)} edited")
    parts += [run.detail] if run.detail else []
    written = [entry["path"] for entry in run.wrote if "error" not in entry]
    parts += [f"wrote {', '.join(written)}"] if written else []
    return "; ".join(parts)


def _found(path: Path | None, database: str) -> tuple[JobsFile | None, Store]:
    """Return the jobs file, if there is one, and the store; with --db the history needs no file."""
    from crawler.errors import JobError

    try:
        found = load(path)
    except JobError:
        if path is not None or database == DEFAULT_DATABASE:
            raise
        return None, open_existing(database)
    return found, open_existing(database_of(found, database))


def _zone(found: JobsFile | None, job: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    from crawler.jobs.jobs_file import DEFAULT_ZONE

    known = found.jobs.get(job) if found else None
    return ZoneInfo(known.schedule.zone if known else DEFAULT_ZONE)


def _row(run: JobRun, zone: tzinfo) -> tuple[str, ...]:
    figures = run.figures or {}
    missed = f" (+{run.due_count - 1} missed)" if run.due_count > 1 else ""
    return (
        str(run.id),
        run.job,
        f"{_when(run.due_at, zone)}{missed}" if run.due_at else "by hand",
        _when(run.started_at, zone),
        _took(run),
        run.outcome or "running",
        str(figures.get("stories", "-")),
        str(figures.get("edited", "-")),
        one_line(run.detail),
    )


def _facts(run: JobRun, zone: tzinfo) -> list[tuple[str, str]]:
    figures = run.figures or {}
    due = "by hand"
    if run.due_at and run.covers_from:
        due = _when(run.due_at, zone)
        if run.due_count > 1:
            due += f", and for the {run.due_count - 1} missed since {_when(run.covers_from, zone)}"
    facts = [
        ("run", f"{run.id} of job {run.job}, topic {run.topic}"),
        ("due", due),
        ("started", f"{_when(run.started_at, zone)}{f', attempt {run.attempt}' if run.attempt > 1 else ''}"),
        ("ended", f"{_when(run.ended_at, zone)}, after {_took(run)}" if run.ended_at else "not yet"),
        (
            "outcome",
            " ".join(filter(None, (run.outcome or "running", f"({run.detail})" if run.detail else ""))),
        ),
        ("exit", "-" if run.exit_status is None else str(run.exit_status)),
    ]
    if figures:
        facts.append(("figures", ", ".join(f"{name} {figures[name]}" for name in FIGURES if name in figures)))
        facts.append(("stopped", str(figures.get("stop_reason", "-"))))
    facts += [
        ("wrote", f"{entry['what']} {entry['path']}{': ' + entry['error'] if 'error' in entry else ''}")
        for entry in run.wrote
    ]
    if run.hook:
        facts.append(("on_finish", run.hook))
    return [*facts, ("by", run.holder.rpartition("|")[0].replace("|", ", process ")), ("log", run.log_file)]


def _tail(log_file: str) -> list[str]:
    try:
        text = Path(log_file).read_text(encoding="utf-8", errors="replace") if log_file else ""
    except OSError:
        return []
    return printable(text).splitlines()[-LOG_LINES:]


def _when(moment: datetime | None, zone: tzinfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}".removesuffix(":00") if moment else "-"


def _took(run: JobRun) -> str:
    if run.ended_at is None:
        return "-"
    seconds = (run.ended_at - run.started_at).total_seconds()
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"
