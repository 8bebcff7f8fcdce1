"""The jobs file: what it may say, and one clear line for what it may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.cli.jobs.jobs_options import NOT_FILTERS, absolute, export_options
from crawler.errors import JobError
from crawler.jobs.job import JobExport, JobsFile, RunOutcome
from crawler.jobs.jobs_file import (
    JOB_KEYS,
    TOP_KEYS,
    FilterKind,
    example_text,
    find_jobs_file,
    read_jobs_file,
)
from crawler.jobs.steps import brief_step, crawl_arguments, export_steps, report_step

LEAST = 'topic = "data-breach"\ncron = "0 5 * * *"\n'


def read(folder: Path, text: str) -> JobsFile:
    path = folder / "jobs.toml"
    path.write_text(text, encoding="utf-8")
    return read_jobs_file(path, export_options())


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(JobError) as raised:
        read(folder, text)
    message = str(raised.value)
    assert "\n" not in message
    assert str(folder / "jobs.toml") in message
    return message


def test_example_is_valid_and_names_every_key(tmp_path: Path) -> None:
    assert [key for key in (*JOB_KEYS, *TOP_KEYS) if key not in example_text()] == []
    jobs = read(tmp_path, example_text())
    job = jobs.jobs["harian"]
    assert list(jobs.jobs) == ["harian", "pantau"]
    assert (job.topic, str(job.schedule), job.schedule.zone) == ("data-breach", "0 5 * * *", "Asia/Jakarta")
    assert (job.max_pages, job.max_minutes, job.min_score) == (2000, 90.0, 0.2)
    assert (job.retention.raw_pages, job.retention.logs, job.retention.runs) == (14, 30, 365)
    assert job.time_limit == timedelta(hours=2)
    assert job.on_finish.command == ("logger", "-t", "bacajuga")
    assert RunOutcome.OK not in job.on_finish.only
    assert job.settings == {"HOST_DELAY": "2"}
    assert not jobs.jobs["pantau"].enabled


def test_job_becomes_the_command_that_a_person_would_type(tmp_path: Path) -> None:
    jobs = read(
        tmp_path,
        "[jobs.a]\n" + LEAST + 'outlets = ["kompas", "detik"]\nrevisit = true\ndiscover = true\n'
        'seeds = ["https://a.test/1"]\nbudget = { max_pages = 5, max_minutes = 1.5, min_score = 0.0 }\n'
        "retention = { raw_pages = 2 }\nsettings = { HOST_DELAY = 0.5, REVISIT_AFTER_HOURS = [1, 6] }\n",
    )
    assert " ".join(crawl_arguments(jobs.jobs["a"])) == (
        "crawl --json --max-pages 5 --max-minutes 1.5 --min-score 0 --outlet kompas,detik --revisit "
        "-s HOST_DELAY=0.5 -s REVISIT_AFTER_HOURS=1,6 -s DISCOVER=1 -s RAW_PAGES_DAYS=2 "
        "-- data-breach https://a.test/1"
    )


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('cron = "0 5 * * *"', "job a: topic is missing; give a topic's name"),
        ('topic = "x"', "job a: give either cron = \"0 5 * * *\" or every = \"6h\", one of them"),
        ('topic = "x"\ncron = "0 5 * * *"\nevery = "6h"', "not both"),
        ('topic = "x"\ncron = "0 25 * * *"', "job a: cron is '0 25 * * *'; allowed: five fields"),
        ('topic = "x"\ncron = "0 0 30 2 *"', "no such day ever comes"),
        ('topic = "x"\nevery = "often"', "job a: every is 'often'; allowed: a number with s, m, h or d"),
        ('topic = "x"\nevery = "0s"', "every is '0s'"),
        (LEAST + 'time_zone = "Jakarta"', "time_zone is 'Jakarta'; allowed: a name such as Asia/Jakarta"),
        (LEAST + 'time_zone = "../../etc/passwd"', "time_zone is '../../etc/passwd'"),
        (LEAST + "outlet = []", "unknown key outlet; did you mean outlets?"),
        (LEAST + 'lang = "jv"', "lang is 'jv'; allowed: id, en"),
        (LEAST + "budget = { max_pages = -1 }", "budget.max_pages is -1; allowed: a whole number from 0"),
        (LEAST + "budget = { pages = 1 }", "unknown key budget.pages; did you mean max_pages?"),
        (LEAST + 'seeds = ["file:///etc/passwd"]', "seeds is 'file:///etc/passwd'"),
        (LEAST + 'exports = [{ what = "all", path = "x.csv" }]', "exports[1].what is 'all'; allowed:"),
        (LEAST + 'exports = [{ what = "links", path = "{day}.csv" }]', "no other braces than {date}"),
        (LEAST + 'exports = [{ what = "links", path = "{0.__class__}.csv" }]', "no other braces"),
        (
            LEAST + 'exports = [{ what = "links", path = "x.csv", filters = { sinces = "7d" } }]',
            "unknown key exports[1].filters.sinces; did you mean since?",
        ),
        (
            LEAST + 'exports = [{ what = "links", path = "x.csv", filters = { since = "kemarin" } }]',
            "filters.since is 'kemarin'; allowed: a day",
        ),
        (LEAST + 'brief = ["brief.pdf"]', "brief is 'brief.pdf'; allowed: a path that ends in .html or .txt"),
        (LEAST + 'on_finish = { webhook = "ftp://x/" }', "on_finish.webhook is 'ftp://x/'"),
        (LEAST + 'on_finish = { only = ["bad"] }', "on_finish.only is 'bad'; allowed: ok, nothing_found"),
        (LEAST + "settings = { host_delay = 1 }", "unknown setting 'host_delay'"),
        (LEAST + "revisit = 1", "revisit is 1; allowed: true or false"),
    ],
)  # fmt: skip
def test_wrong_value_is_named_with_its_job_and_what_is_allowed(tmp_path: Path, lines: str, said: str) -> None:
    assert said in complaint(tmp_path, f"[jobs.a]\n{lines}\n")


def test_wrong_file_is_named(tmp_path: Path) -> None:
    assert "is not valid TOML" in complaint(tmp_path, "[jobs.a\n")
    assert "has no job" in complaint(tmp_path, "")
    assert "allowed as a name" in complaint(tmp_path, f"[jobs.'../x']\n{LEAST}")
    with pytest.raises(JobError, match="bacajuga jobs example"):
        find_jobs_file(tmp_path / "none.toml")


def test_file_is_found_where_a_person_would_put_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("given.toml", "named.toml", "jobs.toml"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BACAJUGA_JOBS", raising=False)
    assert find_jobs_file(None).name == "jobs.toml"
    assert find_jobs_file(tmp_path).name == "jobs.toml"
    monkeypatch.setenv("BACAJUGA_JOBS", str(tmp_path / "named.toml"))
    assert find_jobs_file(None).name == "named.toml"
    assert find_jobs_file("given.toml").name == "given.toml"


def test_filters_are_the_options_of_the_export_command() -> None:
    filters = export_options().filters
    assert filters["since"] is FilterKind.TEXT
    assert filters["include_duplicates"] is FilterKind.SWITCH
    assert not set(filters) & set(NOT_FILTERS)


def test_report_is_drawn_in_the_jobs_language_and_zone(tmp_path: Path) -> None:
    job = read(tmp_path, f'[jobs.a]\n{LEAST}report = "out/{{date}}.html"\nlang = "en"\n').jobs["a"]
    step = report_step(job, 5, datetime(2026, 11, 23, 22, tzinfo=UTC))
    assert step is not None
    assert step.arguments == [
        *("report", "data-breach", "--lang", "en", "--zone", "Asia/Jakarta"),
        *("--output", "out/2026-11-24.html"),
    ]
    assert report_step(replace(job, report=None), 5, datetime(2026, 11, 23, tzinfo=UTC)) is None


def test_filters_become_options(tmp_path: Path) -> None:
    text = LEAST + (
        'exports = [{ what = "links", path = "{job}-{run}-{date}.jsonl", format = "jsonl", '
        'filters = { since = "7d", until = "2026-11-30", include_duplicates = true, bom = false } }]'
    )
    job = read(tmp_path, f"[jobs.a]\n{text}\n").jobs["a"]
    (step,) = export_steps(job, 5, datetime(2026, 11, 23, 22, tzinfo=UTC))
    assert " ".join(step.arguments) == (
        "export links --topic data-breach --output a-5-2026-11-24.jsonl --format jsonl "
        "--since 2026-11-16T22:00:00+00:00 --until 2026-11-30 --include-duplicates"
    )
    several = JobExport(what="links", path="x.csv", filters={"outlet": ("kompas", "detik")})
    (step,) = export_steps(replace(job, exports=(several,)), 5, datetime(2026, 11, 23, tzinfo=UTC))
    assert step.arguments[-4:] == ["--outlet", "kompas", "--outlet", "detik"]


def test_job_that_masks_personal_data_does_so_in_all_that_it_writes(tmp_path: Path) -> None:
    text = LEAST + (
        'exports = [{ what = "links", path = "a.csv" }, { what = "links", path = "b.csv", '
        'filters = { redact = true } }]\nbrief = ["brief.txt"]\nreport = "report.html"\n'
    )
    now = datetime(2026, 11, 23, tzinfo=UTC)
    for line, expected in (("redact = true\n", [1, 1, 1, 1]), ("", [0, 1, 0, 0])):
        job = read(tmp_path, f"[jobs.a]\n{text}{line}").jobs["a"]
        steps = [*export_steps(job, 5, now), brief_step(job, 5, now, now), report_step(job, 5, now)]
        assert [step.arguments.count("--redact") for step in steps if step] == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("news.db", "sqlite:////srv/news.db"),
        ("/var/news.db", "sqlite:////var/news.db"),
        ("sqlite:///news.db?timeout=5", "sqlite:////srv/news.db?timeout=5"),
        ("sqlite:////var/news.db", "sqlite:////var/news.db"),
        ("postgresql://me@host/news", "postgresql://me@host/news"),
    ],
)
def test_database_means_the_same_in_every_folder(given: str, expected: str) -> None:
    assert absolute(given, Path("/srv")) == expected
