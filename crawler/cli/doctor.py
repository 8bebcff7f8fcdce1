"""``bacajuga doctor``: whether everything is in place for a crawl, and what to do where it is not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import exit_status
from crawler.cli.jobs.jobs_options import JobsPath
from crawler.cli.loudness import is_quiet
from crawler.cli.options import DEFAULT_DATABASE, AsJson, Database, Settings, examples, setting_overrides
from crawler.cli.terminal import one_line, print_json, say, stdout

if TYPE_CHECKING:
    from crawler.doctor.finding import Finding

EXAMPLES = examples(
    "bacajuga doctor",
    "bacajuga doctor --offline --quiet && bacajuga crawl data-breach",
    "bacajuga doctor --db postgresql://bacajuga@db.example.org/news",
    "bacajuga doctor --json | jq '.findings[] | select(.state != \"ok\")'",
)
DEFAULT_TOPIC = "data-breach"
STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}
SUBJECT_WIDTH = 9


def doctor(
    topic: Annotated[
        str,
        typer.Option(
            "--topic", "-t", metavar="TOPIC", help="Whose seeds and outlets to look at: its name or file."
        ),
    ] = DEFAULT_TOPIC,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nothing of the network but the database.")
    ] = False,
    path: JobsPath = None,
    settings: Settings = None,
    as_json: AsJson = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Look over versions, database, settings, network, clock and files; say the next step where one is due.

    It changes nothing, and asks one outlet for its robots.txt, once, for five seconds at most. Exit status 1
    when something fails; a warning is no failure. With -q only what is amiss is printed.
    """
    from crawler.doctor.examination import Patient, examine

    patient = Patient(
        database=database,
        topic=topic,
        read_jobs=_read_jobs,
        jobs_file=_jobs_file(path),
        offline=offline,
        overrides=setting_overrides(settings),
    )
    found: list[Finding] = []
    for finding in examine(patient, say):
        found.append(finding)
        if not as_json and not (is_quiet() and finding.state == "ok"):
            _print(finding)
    failed = sum(finding.state == "fail" for finding in found)
    warned = sum(finding.state == "warn" for finding in found)
    if as_json:
        print_json(_record(found, healthy=not failed))
    else:
        say(f"{len(found)} looked at: {failed} failed, {warned} to look into")
    if failed:
        raise typer.Exit(exit_status.ERROR)


def _print(finding: Finding) -> None:
    from rich.text import Text

    line = Text(f"{finding.state:<4}", style=STYLES[finding.state])
    line.append(f"  {finding.subject:<{SUBJECT_WIDTH}}  ", style="not bold default")
    line.append(one_line(finding.text), style="not bold default")
    if finding.next_step:
        line.append(f" -> {one_line(finding.next_step)}", style="not bold cyan")
    stdout().print(line, soft_wrap=True)


def _record(found: list[Finding], *, healthy: bool) -> dict[str, Any]:
    from crawler import __version__

    return {"version": __version__, "healthy": healthy, "findings": found}


def _jobs_file(given: Path | None) -> Path | None:
    """Return the jobs file that was given, or the one that would be taken; None when there is none."""
    import os

    from crawler.errors import JobError
    from crawler.jobs.jobs_file import VARIABLE, find_jobs_file

    try:
        return find_jobs_file(given)
    except JobError:
        if given is not None or os.environ.get(VARIABLE):
            raise
        return None


def _read_jobs(path: Path) -> Any:
    from crawler.cli.jobs.jobs_options import load

    return load(path)
