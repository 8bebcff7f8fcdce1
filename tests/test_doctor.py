"""``bacajuga doctor``: each thing that can be amiss is told with its next step, and no password ever."""

from __future__ import annotations

import json
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from scrapy.settings import Settings
from sqlalchemy import text

from crawler.cli import exit_status
from crawler.crawling.crawl import crawl_settings
from crawler.demo.sample_web import SampleWeb
from crawler.doctor import database as doctor_database
from crawler.doctor import network, surroundings
from crawler.doctor.finding import Finding, State
from crawler.doctor.own_settings import settings_findings
from crawler.doctor.packages import extras_finding, package_findings, python_finding
from crawler.doctor.robots import robots_findings
from crawler.errors import StoreError, StoreUnavailable
from crawler.store import health
from crawler.store.database import Store, open_store
from crawler.store.schema import hosts
from tests.test_cli import Ran

CONTACT = {"CONTACT": "redaksi@kabar.test"}


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's own set-up reaches the command."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "BACAJUGA_CONTACT", "BACAJUGA_JOBS", "https_proxy", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)


def of(found: list[Finding], subject: str) -> Finding:
    [finding] = [each for each in found if each.subject == subject]
    return finding


def url_of(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)


def test_all_well_is_status_0(store: Store) -> None:
    ran = Ran("doctor", "--offline", "--db", url_of(store), "-s", "CONTACT=redaksi@kabar.test", "--json")
    record = json.loads(ran.out)
    states = {each["subject"]: each["state"] for each in record["findings"]}
    assert (ran.status, record["healthy"]) == (exit_status.OK, True), record
    assert {"python", "packages", "extras", "terminal", "database", "writable", "settings"} <= states.keys()
    assert states["settings"] == "ok"


def test_every_line_has_its_state_first(store: Store) -> None:
    ran = Ran("doctor", "--offline", "--db", url_of(store))
    assert {line.split()[0] for line in ran.out.splitlines()} <= {"ok", "warn", "fail"}
    assert "CONTACT is not set" in ran.out
    assert " -> export BACAJUGA_CONTACT=" in ran.out
    assert ran.err.endswith("1 to look into\n")


def test_quiet_tells_only_what_is_amiss(store: Store) -> None:
    address = url_of(store)
    ran = Ran("doctor", "--offline", "-q", "--db", address, "-s", "CONTACT=https://kabar.test/kami")
    assert (ran.status, ran.out, ran.err) == (exit_status.OK, "", "")


def test_database_that_is_not_there_yet_is_no_failure(tmp_path: Path) -> None:
    ran = Ran("doctor", "--offline", "--db", str(tmp_path / "new.db"))
    assert ran.status == exit_status.OK
    assert "the first crawl makes it" in ran.out
    assert not (tmp_path / "new.db").exists(), "doctor made the database"


def test_folder_that_is_not_there_is_a_failure() -> None:
    ran = Ran("doctor", "--offline", "--db", "no/such/news.db")
    assert ran.status == exit_status.ERROR
    assert "there is no folder" in ran.out


def test_another_programs_file_is_told_and_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "places.db") as theirs:
        theirs.execute("CREATE TABLE moz_places (url TEXT)")
    ran = Ran("doctor", "--offline", "--db", "places.db")
    assert (ran.status, "another program's: it holds moz_places" in ran.out) == (exit_status.ERROR, True)
    with pytest.raises(StoreError, match="is another program's"):
        open_store("places.db")
    with sqlite3.connect("places.db") as theirs:
        assert theirs.execute("SELECT name FROM sqlite_master").fetchall() == [("moz_places",)]


@pytest.mark.parametrize(
    ("version", "state", "said"),
    [("0001", "old", "this bacajuga needs version"), ("9999", State.FAIL, "is of a newer version")],
)
def test_version_of_the_tables_is_told(store: Store, version: str, state: str, said: str) -> None:
    newest = doctor_database.newest_version()
    expected = State(state) if state != "old" else State.WARN if store.is_sqlite else State.FAIL
    set_version(store, version)
    try:
        opened, found = doctor_database.open_database(url_of(store))
        assert opened is None
        assert (of(found, "database").state, said in of(found, "database").text) == (expected, True)
        assert of(found, "database").next_step
    finally:
        set_version(store, newest)


def set_version(store: Store, version: str) -> None:
    with store.write() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{version}'"))


def test_damaged_file_is_told(tmp_path: Path) -> None:
    store = open_store("news.db")
    with store.write() as connection:
        rows = [
            {"host": f"kabar{number}.test", "next_at": 0.0, "delay": 1.0, "failures": 0}
            for number in range(3000)
        ]
        connection.execute(hosts.insert(), rows)
    store.close()
    file = Path("news.db")
    content = bytearray(file.read_bytes())
    for start in range(len(content) // 2, len(content) - 4096, 8192):
        content[start : start + 512] = b"\xff" * 512
    file.write_bytes(content)
    ran = Ran("doctor", "--offline", "--db", "news.db")
    assert ran.status == exit_status.ERROR, ran.out
    assert "integrity  news.db is damaged" in ran.out or "malformed" in ran.out
    assert ".recover | sqlite3 rescued.db" in ran.out


def test_database_that_somebody_writes_to_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "WAIT_SECONDS", 0.2)
    store, other = open_store("news.db"), open_store("news.db")
    with other.write():
        assert of(doctor_database.database_findings(store), "writable").state is State.WARN
    assert of(doctor_database.database_findings(store), "writable").state is State.OK
    store.close()
    other.close()


def test_write_that_was_tried_leaves_nothing_behind(store: Store) -> None:
    health.try_to_write(store)
    with store.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1


@pytest.mark.parametrize(
    ("free", "state"), [(10 * 2**20, State.FAIL), (100 * 2**20, State.WARN), (2**40, State.OK)]
)
def test_room_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: State) -> None:
    store = open_store("news.db")
    monkeypatch.setattr(doctor_database, "free_bytes", lambda _: free)
    assert of(doctor_database.database_findings(store), "disk").state is state
    store.close()


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:geheim@127.0.0.1:1/news",
        "postgresql://127.0.0.1:1/news?user=me&password=geheim",
        "postgresql://me:geheim@127.0.0.1:port/news",
        "mysql://me:geheim@127.0.0.1/news",
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_no_password_is_printed(address: str, form: list[str]) -> None:
    ran = Ran("doctor", "--offline", "--db", address, *form)
    assert ran.status == exit_status.ERROR
    assert "geheim" not in ran.out + ran.err
    assert "Traceback" not in ran.err


ODD: list[tuple[dict[str, Any], str]] = [
    ({"CONTACT": "contact-not-set"}, "CONTACT is not set"),
    ({"CONTACT": "saya"}, "neither an e-mail address nor a web page"),
    ({"HOST_DELAY": "0.1"}, "HOST_DELAY is 0.1"),
    ({"DISCOVER": "0"}, "DISCOVER is 0"),
    ({"ROBOTSTXT_OBEY": "0"}, "ROBOTSTXT_OBEY is 0"),
    ({"INSECURE_TLS_HOSTS": "kabar.test,lain.test"}, "kabar.test, lain.test"),
    ({"DOWNLOAD_VERIFY_CERTIFICATES": "0"}, "DOWNLOAD_VERIFY_CERTIFICATES"),
    ({"ALLOW_PRIVATE_ADDRESSES": "1"}, "your own network"),
    ({"CONNECT_TO": "http://127.0.0.1:1"}, "CONNECT_TO is http://127.0.0.1:1"),
    ({"CONCURRENT_REQUESTS": "64"}, "CONCURRENT_REQUESTS is 64"),
    ({"MAX_TRIES": "0"}, "no address is tried"),
    ({"DOWNLOAD_MAXSIZE": "0"}, "DOWNLOAD_MAXSIZE is 0"),
    ({"DOWNLOAD_TIMEOUT": "0"}, "DOWNLOAD_TIMEOUT is 0"),
    ({"MEMUSAGE_LIMIT_MB": "0"}, "MEMUSAGE_LIMIT_MB is 0"),
    ({"TELNETCONSOLE_ENABLED": "1"}, "TELNETCONSOLE_ENABLED is 1"),
]


@pytest.mark.parametrize(("given", "said"), ODD, ids=[next(iter(given)) for given, _ in ODD])
def test_odd_setting_is_a_warning_with_its_effect(given: dict[str, str], said: str) -> None:
    [finding] = settings_findings(crawl_settings(CONTACT | given))
    assert (finding.state, said in finding.text) == (State.WARN, True)
    assert finding.next_step


def test_settings_as_shipped_are_not_odd() -> None:
    [finding] = settings_findings(crawl_settings(dict(CONTACT)))
    assert (finding.state, "redaksi@kabar.test" in finding.text) == (State.OK, True)


def test_setting_that_cannot_be_is_a_failure() -> None:
    ran = Ran("doctor", "--offline", "-s", "HOST_DELAY=soon")
    assert (ran.status, "HOST_DELAY cannot be 'soon' -> give it a number" in ran.out) == (
        exit_status.ERROR,
        True,
    )


def test_package_that_is_missing_or_old_names_reason_and_command() -> None:
    wanted = [Requirement("scrapy>=99"), Requirement("nosuchpackage>=1"), Requirement("lxml>=1")]
    old, missing = package_findings(wanted)
    assert (old.state, "run a header as code" in old.text) == (State.FAIL, True)
    assert old.next_step == "pip install 'scrapy>=99'"
    assert (missing.text, missing.state) == ("nosuchpackage is missing", State.FAIL)


def test_this_environment_is_new_enough() -> None:
    assert python_finding().state is State.OK
    assert [finding.state for finding in package_findings()] == [State.OK]
    assert "postgres" in extras_finding().text


def kept(host: str, rules: str | None, **values: Any) -> health.KeptRobots:
    filled = {"fetched_at": 1.0, "crawl_delay": None, "trouble": None, "next_at": 0.0} | values
    return health.KeptRobots(host=host, text=rules, **filled)


def test_robots_that_forbid_a_seed_are_told() -> None:
    rules = [
        kept("a.test", "User-agent: bacajuga\nDisallow: /berita"),
        kept("b.test", "User-agent: *\nCrawl-delay: 30", crawl_delay=30.0),
        kept("c.test", None, trouble="status 503", next_at=200.0),
        kept("d.test", ""),
    ]
    seeds = [f"https://{name}.test/berita/1" for name in "abcdx"]
    found = [each.text for each in robots_findings(rules, seeds, "bacajuga", now=100.0)]
    assert [line[:30] for line in found] == [
        "forbids us https://a.test/beri", "b.test wants 30 s between two ", "c.test is in trouble (status 5",
    ]  # fmt: skip
    [fine] = robots_findings(rules[3:], seeds, "bacajuga", now=100.0)
    assert (fine.state, fine.text) == (
        State.OK,
        "1 of 1 seed hosts' robots.txt are kept; all seeds are allowed",
    )


def test_hosts_that_were_asked_are_read_from_the_store(store: Store) -> None:
    with store.write() as connection:
        row = {"host": "a.test", "next_at": 5.0, "delay": 1.0, "failures": 1, "trouble": "status 503"}
        connection.execute(hosts.insert().values(robots_text="", robots_fetched_at=3.0, **row))
    assert health.kept_robots(store) == [
        kept("a.test", "", fetched_at=3.0, trouble="status 503", next_at=5.0)
    ]


def loopback(web: SampleWeb, **more: Any) -> Settings:
    settings: Settings = crawl_settings(CONTACT | {"CONNECT_TO": web.url} | more)
    return settings


def test_one_polite_request_tells_that_the_network_is_up(sample_web: SampleWeb) -> None:
    found = network.network_findings("www.tribunnews.com", loopback(sample_web))
    assert [(each.subject, each.state) for each in found] == [("network", State.OK), ("clock", State.OK)]
    [hit] = sample_web.log
    assert (hit.url, "bacajuga" in hit.user_agent) == ("https://www.tribunnews.com/robots.txt", True)
    assert "redaksi@kabar.test" in hit.user_agent


def test_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(network, "SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        begun = time.monotonic()
        [finding] = network.network_findings("a.test", crawl_settings(CONTACT | {"CONNECT_TO": address}))
    assert finding.state is State.FAIL
    assert "a.test" in finding.text
    assert time.monotonic() - begun < 5


def test_name_that_leads_into_the_own_network_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network.socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("10.0.0.7", 443))])
    [finding] = network.network_findings("www.detik.com", crawl_settings(dict(CONTACT)))
    assert (finding.state, "www.detik.com (10.0.0.7) is not a public address" in finding.text) == (
        State.FAIL,
        True,
    )


def test_offline_asks_nothing(sample_web: SampleWeb) -> None:
    Ran("doctor", "--offline", "-s", f"CONNECT_TO={sample_web.url}")
    assert sample_web.log == []
    Ran("doctor", "-s", f"CONNECT_TO={sample_web.url}")
    assert [hit.path for hit in sample_web.log] == ["/robots.txt"]


@pytest.mark.parametrize(
    ("ahead", "states"), [(None, []), (3.0, [State.OK]), (-3.0, [State.OK]), (7200.0, [State.WARN])]
)
def test_clock_is_held_against_a_servers(ahead: float | None, states: list[State]) -> None:
    assert [finding.state for finding in network.clock_findings("a.test", ahead)] == states


def test_work_that_fails_in_its_thread_fails_here() -> None:
    with pytest.raises(ZeroDivisionError):
        network.within(5, lambda: 1 / 0)
    with pytest.raises(TimeoutError):
        network.within(0.05, lambda: time.sleep(1))


def test_clock_of_a_server(store: Store) -> None:
    ahead = health.clock_difference(store)
    assert ahead is None if store.is_sqlite else abs(ahead or 0.0) < 2


def test_clock_that_was_never_set_is_a_failure() -> None:
    [finding] = surroundings.time_findings(datetime(1970, 1, 1, tzinfo=UTC))
    assert finding.state is State.FAIL
    assert surroundings.time_findings() == []


@pytest.mark.parametrize(
    ("environment", "encoding", "is_terminal", "state", "said"),
    [
        ({}, "utf-8", True, State.OK, "utf-8, colour"),
        ({"NO_COLOR": "1"}, "UTF-8", True, State.OK, "no colour (NO_COLOR)"),
        ({"FORCE_COLOR": "1"}, "utf8", False, State.OK, "colour (FORCE_COLOR)"),
        ({"TERM": "dumb"}, "utf-8", True, State.OK, "no colour"),
        ({}, "ANSI_X3.4-1968", False, State.WARN, "letters that it lacks"),
    ],
)
def test_terminal(
    environment: dict[str, str], encoding: str, is_terminal: bool, state: State, said: str
) -> None:
    finding = surroundings.terminal_finding(environment, encoding, is_terminal=is_terminal)
    assert (finding.state, said in finding.text) == (state, True)


def test_folder_of_outlets_with_a_mistake_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kabar.py").write_text("x = 1\n")
    monkeypatch.setenv("BACAJUGA_OUTLETS", str(tmp_path))
    ran = Ran("doctor", "--offline")
    assert (ran.status, "no outlet in it -> write class" in ran.out) == (exit_status.ERROR, True)


JOBS = '[jobs.pagi]\ntopic = "{topic}"\nevery = "1h"\n'


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (JOBS.format(topic="data-breach"), exit_status.OK, "ok    jobs       1 in "),
        (JOBS.format(topic="nosuch"), exit_status.ERROR, "job pagi: no topic named 'nosuch'"),
        ("[jobs.pagi]\n", exit_status.ERROR, "fail  jobs"),
        ("[jobs", exit_status.ERROR, "is not valid TOML"),
    ],
)
def test_jobs_file(tmp_path: Path, content: str, status: int, said: str) -> None:
    (tmp_path / "jobs.toml").write_text(content)
    ran = Ran("doctor", "--offline")
    assert ran.status == status
    assert said in ran.out


def test_store_that_is_away_is_told_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: Store) -> None:
        raise StoreUnavailable("database news: gone; wait")

    monkeypatch.setattr(doctor_database, "try_to_write", away)
    assert of(doctor_database.database_findings(store), "writable").state is State.WARN
