"""What a job is: a crawl with its schedule, its budgets, and what it writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from crawler.jobs.schedule import Schedule


class RunOutcome(StrEnum):
    """How a run of a job ended."""

    OK = "ok"
    NOTHING_FOUND = "nothing_found"  # all went well, but there is no story on the topic
    BLOCKED = "blocked"  # the outlets would not have us
    UNREACHABLE = "unreachable"  # they did not answer
    FORBIDDEN = "forbidden"  # robots.txt allows none of the pages
    GONE = "gone"  # none of the pages is there any more
    BROKEN_OUTLET = "broken_outlet"  # an outlet looks as if it had changed its pages
    INTERRUPTED = "interrupted"  # somebody stopped it
    TIMED_OUT = "timed_out"  # it was ended at its time limit
    FAILED = "failed"  # the crawl, or a file that it was to write
    LOST = "lost"  # it was killed, or its machine went away


@dataclass(frozen=True, kw_only=True, slots=True)
class JobExport:
    """A file that ``bacajuga export`` writes after the crawl."""

    what: str
    path: str  # may hold {date}, {time}, {job} and {run}
    form: str | None = None
    filters: Mapping[str, str | bool | tuple[str, ...]] = field(
        default_factory=dict
    )  # options of the command, by name


@dataclass(frozen=True, kw_only=True, slots=True)
class Retention:
    """How many days things are kept; None for ever. Stories are never dropped."""

    raw_pages: float | None = None  # pages as fetched, in the store
    logs: float | None = None  # the log files of the job's runs
    runs: float | None = None  # their rows in the history


@dataclass(frozen=True, kw_only=True, slots=True)
class OnFinish:
    """Who is told how a run ended."""

    command: tuple[str, ...] = ()  # gets the run as JSON on stdin
    webhook: str | None = None  # gets the same by POST
    only: frozenset[RunOutcome] = frozenset(RunOutcome)


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A crawl that runs by itself."""

    name: str
    topic: str  # a name, or a topic file
    schedule: Schedule
    enabled: bool = True
    outlets: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    max_pages: int = 0
    max_minutes: float = 0.0
    min_score: float | None = None
    revisit: bool = False
    discover: bool | None = None  # None leaves it to the setting
    exports: tuple[JobExport, ...] = ()
    brief: tuple[str, ...] = ()  # paths that end in .html or .txt
    feed: str | None = None
    report: str | None = None  # a path that ends in .html
    language: str = "id"
    redact: bool = False  # whether personal data is masked in what is written
    retention: Retention = field(default_factory=Retention)
    time_limit: timedelta = timedelta(hours=2)
    on_finish: OnFinish = field(default_factory=OnFinish)
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class JobsFile:
    """A valid jobs file. Relative paths in it start from its folder, wherever it is read from."""

    path: Path
    jobs: Mapping[str, Job]
    database: str | None = None
    log_folder: str = "logs"
    at_once: int = 2  # jobs that run at the same time

    @property
    def folder(self) -> Path:
        """The working folder of every run."""
        return self.path.parent
