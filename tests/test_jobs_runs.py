"""A run of a job: taken by one process at a time, ended in time, written down whatever happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from crawler.cli import exit_status
from crawler.cli.jobs.jobs_options import export_options
from crawler.jobs import child_process
from crawler.jobs.claiming import JobBusy, Trigger, claim, states
from crawler.jobs.hook import tell
from crawler.jobs.job import Job, JobsFile, OnFinish, RunOutcome
from crawler.jobs.jobs_file import read_jobs_file
from crawler.jobs.process import Process, this_machine, this_process
from crawler.jobs.running import run_job, run_record
from crawler.jobs.schedule import Schedule
from crawler.jobs.steps import outcome_of
from crawler.store import jobs as store_jobs
from crawler.store.database import Store, open_store
from crawler.store.jobs import JobRun
from crawler.store.schema import job_leases
from tests.crawling import run as run_command
from tests.small_web import Answer, SmallWeb, story

JOB = Job(name="harian", topic="data-breach", schedule=Schedule(zone="UTC", every=timedelta(seconds=1)))
ELSEWHERE = Process("elsewhere/1/1", 77, "1")


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process that stands for the holder of a job."""
    program = "import time; time.sleep(3600)"
    process = subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
    yield process
    process.kill()
    process.wait()


def hold(
    store: Store, holder: Process, *, seconds: float, child: Process | None = None, beat: float = 0.0
) -> int:
    """Let a process hold the job since a while, with a run of it open; return the run's number."""
    with store.write() as connection:
        store_jobs.introduce(connection, JOB.name)
        now = store_jobs.moment(connection)
        connection.execute(
            update(job_leases).values(
                holder=str(holder),
                child=str(child) if child else None,
                leased_until=now.timestamp() + seconds,
                beat=time.monotonic() - beat,
            )
        )
        return store_jobs.start_run(
            connection,
            covers_until=now,
            job=JOB.name,
            topic=JOB.topic,
            trigger=str(Trigger.SCHEDULE),
            covers_from=now - timedelta(seconds=5),
            due_at=now,
            due_count=5,
            attempt=1,
            holder=str(holder),
            log_file="",
        )


def run_of(store: Store, number: int) -> JobRun:
    with store.read() as connection:
        found = store_jobs.run_of(connection, number)
    assert found is not None
    return found


def test_of_many_that_want_a_job_one_gets_it(database_url: str) -> None:
    together = threading.Barrier(8)

    def try_it() -> int | None:
        with closing(open_store(database_url)) as store:
            together.wait()
            try:
                return claim(store, JOB, Trigger.HAND).run_id
            except JobBusy:
                return None

    with ThreadPoolExecutor(8) as pool:
        taken = [number for number in pool.map(lambda _: try_it(), range(8)) if number is not None]
    assert len(taken) == 1


def test_living_holder_keeps_the_job(store: Store, sleeper: subprocess.Popen[bytes]) -> None:
    hold(store, this_process(sleeper.pid), seconds=-3600)  # by a clock that was put forward meanwhile
    with pytest.raises(JobBusy, match=f"process {sleeper.pid}"):
        claim(store, JOB, Trigger.SCHEDULE)
    assert states(store, [JOB])["harian"].is_running


def test_dead_holder_gives_the_job_up_at_once_and_its_crawl_is_ended(
    store: Store, sleeper: subprocess.Popen[bytes]
) -> None:
    dead = Process(this_machine(), os.getpid(), "1")  # our number, but not our birth
    child = this_process(sleeper.pid)
    before = hold(store, dead, seconds=3600, child=child)
    found = claim(store, JOB, Trigger.SCHEDULE)
    assert sleeper.wait(timeout=60) != 0
    assert [run.id for run in found.lost] == [before]
    lost, new = run_of(store, before), run_of(store, found.run_id or 0)
    assert (lost.outcome, lost.covers_from) == ("lost", new.covers_from)
    assert lost.detail is not None
    assert "was gone; begun anew" in lost.detail
    assert (new.attempt, new.outcome) == (2, None)
    assert new.due_count >= lost.due_count


def test_hanging_holder_is_ended(store: Store, sleeper: subprocess.Popen[bytes]) -> None:
    hold(store, this_process(sleeper.pid), seconds=3600, beat=3600)
    assert claim(store, JOB, Trigger.SCHEDULE).lost
    assert sleeper.wait(timeout=60) != 0


def test_holder_elsewhere_has_the_time_that_it_asked_for(store: Store) -> None:
    hold(store, ELSEWHERE, seconds=30)
    with pytest.raises(JobBusy, match="on elsewhere"):
        claim(store, JOB, Trigger.SCHEDULE)
    with store.write() as connection:
        connection.execute(update(job_leases).values(leased_until=time.time() - 1))
    assert claim(store, JOB, Trigger.SCHEDULE).lost


def test_holder_that_comes_back_late_learns_that_the_job_is_another_ones(store: Store) -> None:
    before = hold(store, ELSEWHERE, seconds=-1)
    new = claim(store, JOB, Trigger.SCHEDULE).run_id
    with store.write() as connection:
        assert not store_jobs.renew(connection, JOB.name, str(ELSEWHERE), 60)
        assert not store_jobs.end_run(connection, before, "ok")
        store_jobs.release(connection, JOB.name, str(ELSEWHERE))
        lease = store_jobs.lease_of(connection, JOB.name)
    assert lease is not None
    assert (lease.run_id, lease.holder) == (new, str(this_process()))
    assert run_of(store, before).outcome == "lost"


def test_run_that_is_killed_again_and_again_is_given_up(store: Store) -> None:
    hold(store, ELSEWHERE, seconds=-1)
    covered = run_of(store, 1).covers_from
    for attempt in (2, 3):
        found = claim(store, JOB, Trigger.SCHEDULE)
        assert run_of(store, found.run_id or 0).attempt == attempt
        with store.write() as connection:  # as if this process had been killed
            connection.execute(update(job_leases).values(holder=str(ELSEWHERE), leased_until=0.0))
    time.sleep(1.1)
    last = run_of(store, claim(store, JOB, Trigger.SCHEDULE).run_id or 0)
    assert (last.attempt, last.covers_from) == (1, run_of(store, 3).due_at)
    assert run_of(store, 2).covers_from == covered


def test_new_job_is_due_from_now_on_and_once_for_all_that_it_missed(store: Store) -> None:
    assert claim(store, JOB, Trigger.SCHEDULE).run_id is None
    with store.write() as connection:
        hour_ago = store_jobs.moment(connection) - timedelta(hours=1)
        connection.execute(update(job_leases).values(covered_until=hour_ago))
    found = claim(store, JOB, Trigger.SCHEDULE)
    assert found.due is not None
    assert found.due.count in (3600, 3601)
    with store.write() as connection:
        store_jobs.end_run(connection, found.run_id or 0, "ok")
        store_jobs.release(connection, JOB.name, found.holder)
        connection.execute(update(job_leases).values(covered_until=datetime(2099, 1, 1, tzinfo=UTC)))
    # A clock that was far ahead for a while does not silence the job for years.
    state = states(store, [JOB])["harian"]
    assert state.due is None
    assert state.lease is not None
    assert store_jobs.covered_until(state.lease, state.now) == state.now


@pytest.mark.parametrize(
    ("status", "record", "outcome"),
    [
        (0, {"outcomes": {}}, RunOutcome.OK),
        (0, {"broken_outlets": [{"outlet": "detik"}]}, RunOutcome.BROKEN_OUTLET),
        (exit_status.NOTHING_FOUND, {}, RunOutcome.NOTHING_FOUND),
        (exit_status.UNREACHABLE, {"outcomes": {"host_down": 2}}, RunOutcome.UNREACHABLE),
        (exit_status.BLOCKED, {}, RunOutcome.BLOCKED),
        (exit_status.FORBIDDEN, {}, RunOutcome.FORBIDDEN),
        (exit_status.GONE, {}, RunOutcome.GONE),
        (exit_status.BROKEN_OUTLET, {}, RunOutcome.BROKEN_OUTLET),
        (exit_status.INTERRUPTED, {}, RunOutcome.INTERRUPTED),
        (exit_status.ERROR, None, RunOutcome.FAILED),
        (-9, None, RunOutcome.FAILED),
    ],
)
def test_outcome_of_a_crawl(status: int, record: dict[str, Any] | None, outcome: RunOutcome) -> None:
    assert outcome_of(status, record) is outcome


def jobs_of(folder: Path, web: SmallWeb, **jobs: str) -> JobsFile:
    """Return a jobs file of jobs that start at the web's first page."""
    file = folder / "jobs.toml"
    file.write_text(
        "".join(
            f'[jobs.{name}]\ntopic = "data-breach"\nevery = "1h"\nseeds = ["https://a.test/1"]\n{lines}\n'
            f'[jobs.{name}.settings]\nCONNECT_TO = "{web.url}"\nHOST_DELAY = 0\nMAX_HOST_WAIT = 1\n'
            for name, lines in jobs.items()
        )
    )
    return read_jobs_file(file, export_options())


@pytest.fixture
def web() -> Iterator[SmallWeb]:
    with SmallWeb({"a.test/1": story("Data BPJS Kesehatan bocor")}) as found:
        yield found


def go(jobs: JobsFile, name: str, database: str, said: list[str] | None = None) -> JobRun:
    found = run_job(
        jobs, jobs.jobs[name], database, Trigger.HAND, say=(said if said is not None else []).append
    )
    assert found is not None
    return found


def test_run_writes_what_it_was_to_write(
    tmp_path: Path, database_url: str, web: SmallWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    jobs = jobs_of(
        tmp_path,
        web,
        harian='exports = [{ what = "articles", path = "out/{job}-{run}.csv" }]\n'
        'on_finish = { command = ["sh", "-c", "cat > told-$BACAJUGA_OUTCOME.json"] }',
    )
    run = go(jobs, "harian", database_url)
    assert (run.outcome, run.exit_status, run.hook) == ("ok", 0, "command: ok")
    assert run.figures is not None
    assert run.figures["stories"] == 1
    written = tmp_path / "out" / f"harian-{run.id}.csv"
    assert [entry["path"] for entry in run.wrote] == [str(written)]
    assert "https://a.test/1" in written.read_text()
    assert "exit status 0" in Path(run.log_file).read_text()
    told = json.loads((tmp_path / "told-ok.json").read_text())
    assert (told["run"], told["figures"]["stories"]) == (run.id, 1)
    with closing(open_store(database_url)) as store:
        assert not states(store, jobs.jobs.values())["harian"].is_running


def test_hung_crawl_is_ended_at_its_time_limit_though_it_does_not_listen(
    tmp_path: Path, web: SmallWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(child_process, "GRACE_SECONDS", 0.3)
    web.answers = {"a.test/1": Answer(after=3600.0)}
    jobs = jobs_of(
        tmp_path, web, harian='time_limit = "2s"\nexports = [{ what = "articles", path = "a.csv" }]'
    )
    original = child_process.ChildProcess.__init__

    def deaf(self: Any, arguments: list[str], *rest: Any, **named: Any) -> None:
        original(self, arguments, *rest, **named)
        if arguments[0] == "crawl":
            os.kill(self._process.pid, 19)  # SIGSTOP: no signal but SIGKILL is heard

    monkeypatch.setattr(child_process.ChildProcess, "__init__", deaf)
    run = go(jobs, "harian", str(tmp_path / "news.db"))
    assert (run.outcome, run.detail, run.exit_status) == ("timed_out", "ended at its time limit: 2s", -9)
    assert [entry["what"] for entry in run.wrote] == ["articles"]


def test_failure_of_a_file_fails_the_run_and_not_the_crawl(
    tmp_path: Path, web: SmallWeb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken.csv").mkdir()
    jobs = jobs_of(tmp_path, web, harian='exports = [{ what = "articles", path = "taken.csv" }]')
    run = go(jobs, "harian", str(tmp_path / "news.db"))
    assert (run.outcome, run.exit_status) == ("failed", 0)
    assert run.detail == "export taken.csv: cannot write taken.csv: it is a folder; name a file in it"
    assert run.wrote[0]["error"]


def test_old_logs_and_rows_go(tmp_path: Path, web: SmallWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    database = str(tmp_path / "news.db")
    jobs = jobs_of(tmp_path, web, harian="retention = { logs = 1, runs = 1 }")
    first = go(jobs, "harian", database)
    os.utime(first.log_file, (0, 0))
    with closing(open_store(database)) as store, store.write() as connection:
        connection.execute(update(store_jobs.job_runs).values(ended_at=datetime(2020, 1, 1, tzinfo=UTC)))
    second = go(jobs, "harian", database)
    assert not Path(first.log_file).exists()
    assert Path(second.log_file).exists()
    with closing(open_store(database)) as store, store.read() as connection:
        assert [run.id for run in store_jobs.runs(connection)] == [second.id]


def test_failing_job_does_not_stop_another(tmp_path: Path, web: SmallWeb) -> None:
    database = f"sqlite:///{tmp_path / 'news.db'}"
    jobs_of(tmp_path, web, baik="", buruk="")
    file = tmp_path / "jobs.toml"
    file.write_text(
        file.read_text().replace('[jobs.buruk]\ntopic = "data-breach"', '[jobs.buruk]\ntopic = "none"')
    )
    assert "nothing is due" in run_command("jobs", "due", "--jobs", str(file), "--db", database).stderr
    with closing(open_store(database)) as store, store.write() as connection:
        connection.execute(update(job_leases).values(covered_until=datetime(2026, 1, 1, tzinfo=UTC)))
    done = run_command("jobs", "due", "--jobs", str(file), "--db", database)
    assert done.status == 1, done.stderr
    history = run_command("jobs", "history", "--json", "--db", database).record
    by_job: dict[str, Any] = {run["job"]: run for run in history}  # type: ignore[misc]
    assert {name: run["outcome"] for name, run in by_job.items()} == {"baik": "ok", "buruk": "failed"}
    assert "no topic" in by_job["buruk"]["detail"]
    assert by_job["baik"]["due_count"] > 1000
    listed = run_command("jobs", "list", "--jobs", str(file), "--db", database)
    assert listed.status == 1
    assert "none" in listed.stdout
    shown = run_command("jobs", "show", str(by_job["baik"]["run"]), "--db", database)
    assert "end of the log" in shown.stdout


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, json.loads(body)))  # type: ignore[attr-defined]
        self.send_response(302 if self.path == "/moved" else 204)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def test_webhook_gets_json_and_no_redirect_is_followed(tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hook)
    server.got = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    record = {"outcome": "failed", "run": 3, "exit_status": 1}
    assert tell(OnFinish(webhook=f"{base}/hook"), record, tmp_path) == "webhook: 204"
    assert tell(OnFinish(webhook=f"{base}/moved"), record, tmp_path) == "webhook: status 302"
    assert tell(OnFinish(webhook=f"{base}/hook", only=frozenset({RunOutcome.OK})), record, tmp_path) is None
    server.shutdown()
    server.server_close()
    assert [path for path, _ in server.got] == ["/hook", "/moved"]  # type: ignore[attr-defined]
    assert server.got[0][1] == record  # type: ignore[attr-defined]
    gone = tell(OnFinish(webhook=f"{base}/secret", command=("no-such-command",)), record, tmp_path)
    assert gone is not None
    assert gone.startswith("command: no-such-command: No such file or directory; webhook: no answer")
    assert "secret" not in gone
    assert tell(OnFinish(command=("sh", "-c", "echo ah >&2; exit 7")), record, tmp_path) == (
        "command: exit status 7: ah"
    )


def test_record_of_a_run_is_json(store: Store) -> None:
    record = run_record(run_of(store, hold(store, ELSEWHERE, seconds=60)))
    assert json.loads(json.dumps(record))["job"] == "harian"
    assert (record["outcome"], record["seconds"]) == (None, None)
