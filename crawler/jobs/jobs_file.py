"""The jobs file: where it is found, its keys, and one clear line when a value cannot be."""

from __future__ import annotations

import os
import re
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from importlib.resources import files
from pathlib import Path, PurePath
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from crawler.errors import JobError
from crawler.export.period import since_moment
from crawler.jobs.job import Job, JobExport, JobsFile, OnFinish, Retention, RunOutcome
from crawler.jobs.job_table import JobTable
from crawler.jobs.schedule import SHORTHANDS, Schedule, check_cron, parse_duration
from crawler.jobs.steps import FARTHEST_DAYS, is_distance
from crawler.urls import is_web_address

DEFAULT_FILE = "jobs.toml"
VARIABLE = "BACAJUGA_JOBS"
DEFAULT_ZONE = "Asia/Jakarta"
NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
LANGUAGES = ("id", "en")
MOMENTS = ("since", "until")  # filters that may be given as a distance from now
PLACEHOLDERS = ("date", "time", "job", "run")

TOP_KEYS = ("database", "log_folder", "at_once", "jobs")
JOB_KEYS = (
    *("topic", "cron", "every", "time_zone", "enabled", "outlets", "seeds", "budget", "revisit", "discover"),
    *("exports", "brief", "feed", "report", "lang", "redact", "retention", "time_limit", "on_finish"),
    "settings",
)


class FilterKind(Enum):
    """What an option of ``bacajuga export`` takes."""

    SWITCH = "switch"  # nothing: it is there or not
    TEXT = "text"
    LIST = "list"  # it may be repeated


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportOptions:
    """What ``bacajuga export`` can do: tables, formats, and its filters with what each takes."""

    tables: tuple[str, ...]
    formats: tuple[str, ...]
    filters: Mapping[str, FilterKind]


def find_jobs_file(given: str | Path | None) -> Path:
    """Return the jobs file that was given, or that BACAJUGA_JOBS names, or the one in this folder.

    Raises:
        JobError: when there is none.
    """
    path = Path(given or os.environ.get(VARIABLE) or DEFAULT_FILE)
    if path.is_dir():
        path /= DEFAULT_FILE
    if not path.is_file():
        raise JobError(
            f"no jobs file {path}; make one with: bacajuga jobs example > {path}, "
            f"or name another with --jobs or {VARIABLE}"
        )
    return path.resolve()


def example_text() -> str:
    """Return the example of a jobs file, with every key explained."""
    return (files("crawler.jobs") / "jobs.example.toml").read_text(encoding="utf-8")


def read_jobs_file(path: Path, options: ExportOptions) -> JobsFile:
    """Return what a jobs file says.

    Raises:
        JobError: when it cannot be read, or a value in it cannot be.
    """
    place = f"jobs file {path}"
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise JobError(
            f"{place} cannot be read: {error.strerror}; name another with --jobs or {VARIABLE}"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise JobError(f"{place} is not valid TOML: {error}") from error
    top = JobTable(values, place)
    top.allow(*TOP_KEYS)
    tables = top.table("jobs").values
    if not tables:
        raise JobError(f"{place} has no job; begin one with [jobs.NAME]")
    return JobsFile(
        path=path.resolve(),
        jobs={name: _job(name, table, place, options) for name, table in tables.items()},
        database=top.text("database", "a database's address, such as sqlite:///bacajuga.db"),
        log_folder=top.text("log_folder", "a folder, such as logs") or "logs",
        at_once=int(top.number("at_once", 1, 64, whole=True) or 2),
    )


def _job(name: str, values: Any, place: str, options: ExportOptions) -> Job:
    if not NAME.fullmatch(name):
        raise JobError(f"{place}: job {name!r}; allowed as a name: small letters, digits, hyphens")
    if not isinstance(values, dict):
        raise JobError(f"{place}, job {name}: it has to be a table that begins with [jobs.{name}]")
    table = JobTable(values, f"{place}, job {name}")
    table.allow(*JOB_KEYS)
    budget, retention = table.table("budget"), table.table("retention")
    budget.allow("max_pages", "max_minutes", "min_score")
    retention.allow("raw_pages", "logs", "runs")
    seeds = table.texts("seeds", "web addresses")
    for seed in seeds:
        if not is_web_address(seed):
            raise table.error("seeds", seed, "web addresses that begin with https:// or http://")
    return Job(
        name=name,
        topic=table.required("topic", "a topic's name, or the path of a topic file"),
        schedule=_schedule(table),
        enabled=table.switch("enabled") is not False,
        outlets=table.texts("outlets", "names as bacajuga outlets prints them"),
        seeds=seeds,
        max_pages=int(budget.number("max_pages", 0, 10_000_000, whole=True) or 0),
        max_minutes=budget.number("max_minutes", 0, 100_000) or 0.0,
        min_score=budget.number("min_score", 0, 1),
        revisit=table.switch("revisit") or False,
        discover=table.switch("discover"),
        exports=tuple(_export(each, options) for each in table.tables("exports")),
        brief=tuple(_path(table, "brief", path, (".html", ".txt")) for path in table.texts("brief", "paths")),
        feed=_path(table, "feed", feed, (".xml", ".atom"))
        if (feed := table.text("feed", "a path"))
        else None,
        report=_path(table, "report", report, (".html",))
        if (report := table.text("report", "a path"))
        else None,
        language=table.one_of("lang", LANGUAGES) or "id",
        redact=table.switch("redact") or False,
        retention=Retention(
            **{key: retention.number(key, 0.01, 100_000) for key in ("raw_pages", "logs", "runs")}
        ),
        time_limit=table.duration("time_limit") or timedelta(hours=2),
        on_finish=_on_finish(table.table("on_finish")),
        settings=_settings(table.table("settings")),
    )


def _schedule(table: JobTable) -> Schedule:
    zone = table.text("time_zone", "a time zone") or DEFAULT_ZONE
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise table.error(
            "time_zone", zone, "a name such as Asia/Jakarta, Asia/Makassar, Asia/Jayapura or UTC"
        ) from None
    cron, every = table.text("cron", "a cron expression"), table.duration("every")
    if (cron is None) == (every is None):
        raise JobError(
            f'{table.place}: give either cron = "0 5 * * *" or every = "6h", '
            f"{'not both' if cron else 'one of them'}"
        )
    if cron is not None:
        try:
            check_cron(cron, zone)
        except ValueError as error:
            raise table.error(
                "cron",
                cron,
                'five fields "minute hour day month weekday" such as "0 5 * * 1-5", or '
                f"{', '.join(SHORTHANDS)} ({error})",
            ) from None
    return Schedule(zone=zone, cron=cron, every=every)


def _export(table: JobTable, options: ExportOptions) -> JobExport:
    table.allow("what", "path", "format", "filters")
    table.required("what", f"one of {', '.join(options.tables)}")
    what = table.one_of("what", options.tables)
    path = _path(table, "path", table.required("path", "the file to write"), ())
    filters = table.table("filters")
    filters.allow(*options.filters)
    return JobExport(
        what=str(what),
        path=path,
        form=table.one_of("format", options.formats),
        filters={name: _filter(filters, name, options.filters[name]) for name in filters.values},
    )


def _filter(table: JobTable, name: str, kind: FilterKind) -> str | bool | tuple[str, ...]:
    value = table.values[name]
    if kind is FilterKind.SWITCH:
        return bool(table.switch(name))
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        return tuple(value) if kind is FilterKind.LIST else ",".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        raise table.error(name, value, "a text, a number, or a list of texts")
    if name in MOMENTS:
        _check_moment(table, name, str(value))
    return str(value)


def _check_moment(table: JobTable, name: str, value: str) -> None:
    try:
        if is_distance(value):
            parse_duration(value, FARTHEST_DAYS)
        else:
            since_moment(value)
    except ValueError:
        raise table.error(name, value, 'a day such as "2021-05-21", or a distance such as "7d"') from None


def _path(table: JobTable, key: str, path: str, endings: tuple[str, ...]) -> str:
    try:
        names = {name for _, name, _, _ in Formatter().parse(path) if name is not None}
    except ValueError:
        names = {""}
    if not names <= set(PLACEHOLDERS):
        allowed = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise table.error(key, path, f"a path with no other braces than {allowed}")
    if endings and PurePath(path).suffix.lower() not in endings:
        raise table.error(key, path, f"a path that ends in {' or '.join(endings)}")
    return path


def _on_finish(table: JobTable) -> OnFinish:
    table.allow("command", "webhook", "only")
    command = table.texts("command", "a command and its arguments")
    if isinstance(text := table.values.get("command"), str):
        try:
            command = tuple(shlex.split(text))
        except ValueError as error:
            raise table.error("command", text, f"a command as a shell would read it ({error})") from None
    webhook = table.text("webhook", "a web address")
    if webhook is not None and not is_web_address(webhook):
        raise table.error("webhook", webhook, "a web address that begins with https:// or http://")
    only = table.texts("only", "outcomes")
    for outcome in only:
        if outcome not in set(RunOutcome):
            raise table.error("only", outcome, ", ".join(RunOutcome))
    chosen = frozenset(map(RunOutcome, only)) if only else frozenset(RunOutcome)
    return OnFinish(command=command, webhook=webhook, only=chosen)


def _settings(table: JobTable) -> dict[str, str]:
    found = {}
    for name, value in table.values.items():
        if not name.isidentifier() or not name.isupper():
            raise JobError(
                f"{table.place}: unknown setting {name!r}; allowed: names in capitals, as HOST_DELAY"
            )
        if isinstance(value, list) and all(isinstance(each, str | int | float) for each in value):
            found[name] = ",".join(map(str, value))
        elif isinstance(value, bool):
            found[name] = "1" if value else "0"
        elif isinstance(value, str | int | float):
            found[name] = str(value)
        else:
            raise table.error(name, value, "a text, a number, true or false, or a list of those")
    return found
