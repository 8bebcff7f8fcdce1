"""What a program finds around it: the terminal, the clock, a folder of outlets, a jobs file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crawler.doctor.finding import Finding, fail, ok, warn
from crawler.errors import BacaJugaError

if TYPE_CHECKING:
    from crawler.jobs.job import JobsFile

JAKARTA = "Asia/Jakarta"
# No machine that runs this version can be earlier: its clock was never set.
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)


def terminal_finding(environment: Mapping[str, str], encoding: str, *, is_terminal: bool) -> Finding:
    """Return whether Indonesian names and the marks of "why" can be printed, and whether in colour."""
    if "NO_COLOR" in environment:
        colour = "no colour (NO_COLOR)"
    elif environment.get("FORCE_COLOR"):
        colour = "colour (FORCE_COLOR)"
    else:
        colour = "colour" if is_terminal and environment.get("TERM") != "dumb" else "no colour"
    if encoding.lower().replace("-", "").replace("_", "") != "utf8":
        told = f"{encoding}: letters that it lacks are printed as ?"
        return warn("terminal", told, "export PYTHONUTF8=1, and LANG=C.UTF-8")
    return ok("terminal", f"{encoding.lower()}, {colour}")


def here() -> Finding:
    """Return how this very terminal does."""
    return terminal_finding(os.environ, sys.stdout.encoding or "ascii", is_terminal=sys.stdout.isatty())


def time_findings(now: datetime | None = None) -> list[Finding]:
    """Return whether the clock was ever set, and whether Jakarta's time is known."""
    now = now or datetime.now(UTC)
    found = []
    if now < EARLIEST:
        found.append(fail("clock", f"it says {now:%Y-%m-%d %H:%M} UTC", "set this machine's clock"))
    try:
        ZoneInfo(JAKARTA)
    except ZoneInfoNotFoundError:
        found.append(fail("clock", f"no time zone {JAKARTA}", "pip install -U tzdata"))
    return found


def outlets_finding(folder: str) -> Finding | None:
    """Return whether a folder of the user's own outlets can be used; None when there is none."""
    if not folder:
        return None
    from crawler.own_outlets import load_folder

    try:
        found = load_folder(folder)
    except BacaJugaError as error:
        return _amiss("outlets", error)
    names = ", ".join(outlet.name for _, outlet in found)
    if not found:
        return warn("outlets", f"{folder} holds none", "make one with: bacajuga outlets new")
    return ok("outlets", f"{len(found)} of your own in {folder}: {names}")


def jobs_findings(path: Path | None, read: Callable[[Path], JobsFile]) -> list[Finding]:
    """Return whether the jobs file is valid, and each job whose topic or outlets there are not.

    Args:
        path: the file; None when there is none, of which nothing is said.
        read: gives what it says.
    """
    if path is None:
        return []
    try:
        found = read(path)
    except BacaJugaError as error:
        return [_amiss("jobs", error)]
    amiss = [finding for job in found.jobs.values() if (finding := _of_job(found, job.name))]
    enabled = sum(job.enabled for job in found.jobs.values())
    return amiss or [ok("jobs", f"{len(found.jobs)} in {path}, {enabled} of them enabled")]


def _of_job(found: JobsFile, name: str) -> Finding | None:
    from crawler.outlets import outlet_named
    from crawler.topic import load_topic

    job = found.jobs[name]
    is_path = "/" in job.topic or job.topic.endswith(".toml")
    try:
        load_topic(str(found.folder / job.topic) if is_path else job.topic)
        for outlet in job.outlets:
            outlet_named(outlet)
    except BacaJugaError as error:
        return fail("jobs", f"job {name}: {error}", f"mend it in {found.path}")
    return None


def _amiss(subject: str, error: BacaJugaError) -> Finding:
    text, _, step = str(error).partition("; ")
    return fail(subject, text, step)
