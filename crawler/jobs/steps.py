"""The commands that a run of a job is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.jobs.job import Job, RunOutcome
from crawler.jobs.schedule import parse_duration

CRAWL_OUTCOMES = {
    0: RunOutcome.OK,
    3: RunOutcome.NOTHING_FOUND,
    4: RunOutcome.UNREACHABLE,
    5: RunOutcome.BROKEN_OUTLET,
    6: RunOutcome.BLOCKED,
    7: RunOutcome.FORBIDDEN,
    8: RunOutcome.GONE,
    130: RunOutcome.INTERRUPTED,
}
FARTHEST_DAYS = 36_600
_DISTANCE = re.compile(r"(?:\d+\s*[smhd]\s*)+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A command that writes files."""

    arguments: list[str]
    files: list[tuple[str, Path]]  # what, and where


def crawl_arguments(job: Job) -> list[str]:
    """Return the arguments of the job's crawl."""
    arguments = ["crawl", "--json"]
    if job.max_pages:
        arguments += ["--max-pages", str(job.max_pages)]
    if job.max_minutes:
        arguments += ["--max-minutes", f"{job.max_minutes:g}"]
    if job.min_score is not None:
        arguments += ["--min-score", f"{job.min_score:g}"]
    if job.outlets:
        arguments += ["--outlet", ",".join(job.outlets)]
    if job.revisit:
        arguments += ["--revisit"]
    settings = dict(job.settings)
    if job.discover is not None:
        settings["DISCOVER"] = "1" if job.discover else "0"
    if job.retention.raw_pages is not None:
        settings["RAW_PAGES_DAYS"] = f"{job.retention.raw_pages:g}"
    for name, value in settings.items():
        arguments += ["-s", f"{name}={value}"]
    return [*arguments, "--", job.topic, *job.seeds]


def outcome_of(status: int, record: Mapping[str, object] | None) -> RunOutcome:
    """Return how a crawl ended, by its exit status and what its ``--json`` said."""
    outcome = CRAWL_OUTCOMES.get(status, RunOutcome.FAILED)
    if outcome is RunOutcome.OK and record is not None and record.get("broken_outlets"):
        return RunOutcome.BROKEN_OUTLET
    return outcome


def export_steps(job: Job, run_id: int, now: datetime) -> list[Step]:
    """Return the job's exports as commands, the places of date and run filled in."""
    steps = []
    for export in job.exports:
        path = _filled(export.path, job, run_id, now)
        arguments = ["export", export.what, "--topic", job.topic, "--output", str(path)]
        if export.form:
            arguments += ["--format", export.form]
        for name, value in export.filters.items():
            option = f"--{name.replace('_', '-')}"
            if isinstance(value, str):
                arguments += [option, _since(value, now) if name in ("since", "until") else value]
            elif isinstance(value, tuple):
                arguments += [part for text in value for part in (option, text)]
            elif value:
                arguments.append(option)
        if job.redact and "--redact" not in arguments:
            arguments.append("--redact")
        steps.append(Step(arguments=arguments, files=[(export.what, path)]))
    return steps


def brief_step(job: Job, run_id: int, since: datetime, until: datetime) -> Step | None:
    """Return the command that tells of what is new between two moments, if the job writes a brief."""
    paths = [_filled(path, job, run_id, until) for path in (*job.brief, *([job.feed] if job.feed else []))]
    if not paths:
        return None
    arguments = ["brief", job.topic, "--lang", job.language, "--zone", job.schedule.zone]
    arguments += ["--since", since.isoformat(), "--until", until.isoformat()]
    if (next_at := job.schedule.next_after(until)) is not None:
        arguments += ["--next", next_at.isoformat()]
    arguments += ["--redact"] if job.redact else []
    for path in paths:
        arguments += ["--output", str(path)]
    kinds = ["feed" if path.suffix.lower() in (".xml", ".atom") else "brief" for path in paths]
    return Step(arguments=arguments, files=list(zip(kinds, paths, strict=True)))


def report_step(job: Job, run_id: int, now: datetime) -> Step | None:
    """Return the command that draws the topic's pictures, if the job writes a report."""
    if job.report is None:
        return None
    path = _filled(job.report, job, run_id, now)
    arguments = [
        "report",
        job.topic,
        "--lang",
        job.language,
        "--zone",
        job.schedule.zone,
        "--output",
        str(path),
        *(["--redact"] if job.redact else []),
    ]
    return Step(arguments=arguments, files=[("report", path)])


def _filled(path: str, job: Job, run_id: int, now: datetime) -> Path:
    local = now.astimezone(ZoneInfo(job.schedule.zone))
    return Path(path.format(date=f"{local:%Y-%m-%d}", time=f"{local:%H%M}", job=job.name, run=run_id))


def is_distance(value: str) -> bool:
    """Return whether a filter's moment is given as a distance from now, such as "7d"."""
    return _DISTANCE.fullmatch(value.strip()) is not None


def _since(value: str, now: datetime) -> str:
    """Return the moment that a distance such as "7d" leads back to; anything else stays."""
    return (now - parse_duration(value, FARTHEST_DAYS)).isoformat() if is_distance(value) else value
