"""What cron and systemd are given, and how a server follows its jobs file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from typer.testing import CliRunner

from crawler.cli.app import app
from crawler.cli.jobs.jobs_options import export_options
from crawler.jobs import install, supervising
from crawler.jobs.jobs_file import read_jobs_file
from crawler.jobs.supervising import SWEEP, Supervisor

JOB = '[jobs.{name}]\ntopic = "data-breach"\ncron = "0 5 * * *"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A jobs file in a folder whose name asks for care."""
    folder = tmp_path / 'berita "100%" $HOME'
    folder.mkdir()
    path = folder / "jobs.toml"
    path.write_text(JOB.format(name="harian"))
    return path


def test_crontab_holds_the_lines_once(file: Path) -> None:
    lines = install.crontab_lines(read_jobs_file(file, export_options()))
    begin, line, end = lines.splitlines()
    assert (begin, end) == (f"{install.BEGIN} {file}", f"{install.END} {file}")
    assert line.startswith("* * * * * mkdir -p ")
    assert "100\\%" in line
    assert "%" not in line.replace("\\%", "")
    old = "MAILTO=ani@example.org\n0 1 * * * other\n"
    once = install.with_lines(old, lines)
    assert once == old + lines
    assert install.with_lines(once, lines) == once
    assert install.with_lines("", lines) == lines
    other = lines.replace(str(file), "/elsewhere/jobs.toml")
    assert install.with_lines(once, other) == once + other


def test_units_quote_what_systemd_would_read_otherwise(file: Path) -> None:
    jobs = read_jobs_file(file, export_options())
    service = install.systemd_units(jobs)["bacajuga-job@.service"]
    start = next(line for line in service.splitlines() if line.startswith("ExecStart="))
    assert " jobs due %i --jobs " in start
    assert 'berita \\"100%%\\" $$HOME' in start
    assert "100%%" in next(line for line in service.splitlines() if line.startswith("WorkingDirectory="))
    assert list(install.systemd_units(jobs, serve=True)) == ["bacajuga-jobs.service"]
    assert " jobs serve " in install.systemd_units(jobs, serve=True)["bacajuga-jobs.service"]


def test_nothing_is_written_unless_asked_for(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = file.parent / "home"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    printed = CliRunner().invoke(app, ["jobs", "install", "--systemd", "--jobs", str(file)])
    assert printed.exit_code == 0
    assert "OnCalendar=minutely" in printed.stdout
    assert not home.exists()
    written = CliRunner().invoke(app, ["jobs", "install", "--systemd", "--write", "--jobs", str(file)])
    assert "enable --now bacajuga-job@harian.timer" in written.stderr
    assert sorted(path.name for path in (home / "systemd" / "user").iterdir()) == [
        "bacajuga-job@.service", "bacajuga-job@.timer",
    ]  # fmt: skip
    assert CliRunner().invoke(app, ["jobs", "install", "--jobs", str(file)]).exit_code == 2


def test_server_follows_its_jobs_file_and_keeps_the_last_good_one(file: Path) -> None:
    said: list[str] = []

    def change(text: str) -> None:
        before = file.stat().st_mtime
        file.write_text(text)
        os.utime(file, (before + 1, before + 1))
        sweep.look()

    def load() -> supervising.JobsFile:
        return read_jobs_file(file, export_options())

    supervisor = Supervisor(load(), f"sqlite:///{file.parent / 'news.db'}", said.append)
    scheduler = BackgroundScheduler()
    scheduler.start(paused=True)
    try:
        supervising._schedule(scheduler, supervisor)
        sweep = supervising._Sweep(scheduler, supervisor, load)
        change(JOB.format(name="harian") + JOB.format(name="pantau"))
        assert {job.id for job in scheduler.get_jobs()} - {SWEEP} == {"harian", "pantau"}
        change("[jobs.harian]\n")
        sweep.look()
        assert {job.id for job in scheduler.get_jobs()} - {SWEEP} == {"harian", "pantau"}
        assert len([line for line in said if "topic is missing" in line]) == 1
        change(JOB.format(name="pantau"))
        assert {job.id for job in scheduler.get_jobs()} - {SWEEP} == {"pantau"}
    finally:
        scheduler.shutdown()
