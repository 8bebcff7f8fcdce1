"""How the crawler treats hosts that close doors, ask for patience, fail or are not there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import HtmlResponse
from sqlalchemy import Connection, Row, select, update

from crawler.address import address_of
from crawler.crawling.answers import HostNotDue, outcome_of_response
from crawler.crawling.crawl import crawl_settings
from crawler.crawling.session import CrawlSession
from crawler.errors import StoreUnavailable
from crawler.items import Link, Listing, Outcome, OutcomeKind, PageKind, Zone
from crawler.spiders.baca_juga import validators
from crawler.store.crawl import frontier, hosts
from crawler.store.database import open_store
from crawler.store.schema import frontier as entries
from crawler.store.schema import hosts as host_rows
from tests.crawling import Finished, run
from tests.small_web import Answer, Answers, SmallWeb, story
from tests.visits import visit

PATIENCE = 3.0  # seconds that the crawl waits for a host

# host: its robots.txt, its page "/1", how the visit of "/1" ends, and how often "/1" is asked for
ROBOTS: dict[str, tuple[Answers, str, int]] = {
    "none.test": (Answer(404), "article", 1),
    "closed-to-us.test": (Answer(403), "article", 1),  # RFC 9309, 2.3.1.3: 4xx means no rules
    "page.test": (story("Bukan robots"), "article", 1),
    "open.test": (Answer(body="User-agent: *\nDisallow: /tutup\n"), "article", 1),
    "shut.test": (Answer(body="User-agent: *\nDisallow: /\n"), "forbidden", 0),
    "shut-to-us.test": (Answer(body="User-agent: BacaJuga\nDisallow: /1\n\nUser-agent: *\n"), "forbidden", 0),
    "shut-to-others.test": (Answer(body="User-agent: Lain\nDisallow: /\n"), "article", 1),
    "moved.test": (Answer(301, headers={"Location": "https://shut.test/robots.txt"}), "forbidden", 0),
    "circle.test": (Answer(302, headers={"Location": "/robots.txt"}), "article", 1),
    "big.test": (Answer(body="User-agent: *\nDisallow: /1\n" + "# catatan\n" * 60_000), "forbidden", 0),
    # "Not now": nothing is fetched, and the address waits.
    "failing.test": (Answer(500), "", 0),
    "busy.test": (Answer(429), "", 0),
    "silent.test": (Answer(after=12.0), "", 0),
    "rude.test": (Answer(hangs_up=True), "", 0),
}


def once(first: Answer) -> Answers:
    """Answer so at first, and with a story from then on."""
    return lambda before: first if before == 0 else story("Kebocoran data BPJS Kesehatan")


def in_two_seconds(before: int) -> Answer:
    if before:
        return story("Kebocoran data BPJS Kesehatan")
    soon = datetime.now(UTC) + timedelta(seconds=2.9)  # the date is cut to whole seconds
    return Answer(429, headers={"Retry-After": format_datetime(soon, usegmt=True)})


# host: its page "/1", how the visit ends, how often "/1" is asked for, and the seconds between
PAGES: dict[str, tuple[Answers, str, int, float]] = {
    "seconds.test": (once(Answer(429, headers={"Retry-After": "2"})), "article", 2, 2.0),
    "date.test": (in_two_seconds, "article", 2, 1.8),
    "later.test": (once(Answer(503, headers={"Retry-After": "1"})), "article", 2, 1.0),
    "hiccup.test": (once(Answer(502)), "article", 2, 2.0),
    "cut.test": (once(Answer(headers={"Content-Length": "9999", "Connection": "close"})), "article", 2, 2.0),
    "nonsense.test": (Answer(429, headers={"Retry-After": "soon"}), "", 1, 0.0),
    "bare.test": (Answer(429), "", 1, 0.0),
    "patient.test": (Answer(429, headers={"Retry-After": "3000"}), "", 1, 0.0),
    "refusing.test": (Answer(403), "blocked", 1, 0.0),
    "gone.test": (Answer(410), "gone", 1, 0.0),
    "picture.test": (Answer(headers={"Content-Type": "image/png"}), "unreadable", 1, 0.0),
    "front.test": (Answer(302, headers={"Location": "/"}), "gone", 1, 0.0),
    "nowhere.test": (Answer(302), "unreadable", 1, 0.0),
    "endless.test": (Answer(301, headers={"Location": "/" + "x" * 5000}), "over_limit", 1, 0.0),
    "file.test": (Answer(302, headers={"Location": "file:///etc/passwd"}), "redirected", 1, 0.0),
}


@dataclass(frozen=True, slots=True)
class Crawled:
    """One crawl over all the hosts above, then the same command once more."""

    web: SmallWeb
    first: Finished
    asked_first: int
    due_at: dict[str, float]  # when the first crawl left each host to be asked again, monotonic
    second: Finished
    database: str

    def entry(self, url: str) -> Row[Any]:
        with closing(open_store(self.database)) as store, store.read() as connection:
            return connection.execute(select(entries).where(entries.c.key == address_of(url).key)).one()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    answers: dict[str, Answers] = {f"{host}/robots.txt": robots for host, (robots, _, _) in ROBOTS.items()}
    answers |= {f"{host}/1": story("Kebocoran data BPJS Kesehatan") for host in ROBOTS}
    answers |= {f"{host}/1": page for host, (page, _, _, _) in PAGES.items()}
    answers["open.test/1"] = story("Kebocoran data BPJS Kesehatan", "https://open.test/tutup/2")
    answers["slow.test/robots.txt"] = Answer(body="User-agent: *\nCrawl-delay: 1.5\n")
    answers["slow.test/1"] = story("Kebocoran data BPJS Kesehatan", "https://slow.test/2")
    answers["slow.test/2"] = story("Kebocoran data BPJS Kesehatan lagi")
    seeds = [f"https://{host}/1" for host in ("slow.test", *ROBOTS, *PAGES)]
    database = str(tmp_path_factory.mktemp("manners") / "news.db")
    with SmallWeb(answers) as web:
        command = crawl_command(web, database, *seeds)
        first = run(*command)
        asked_first = len(web.log)
        with closing(open_store(database)) as store, store.read() as connection:
            ahead = store.now() - time.monotonic()
            due_at = {row.host: row.next_at - ahead for row in connection.execute(select(host_rows))}
        yield Crawled(web, first, asked_first, due_at, run(*command), database)


def crawl_command(web: SmallWeb, database: str, *seeds: str) -> list[str]:
    settings = [f"CONNECT_TO={web.url}", "DOWNLOAD_TIMEOUT=6", f"MAX_HOST_WAIT={PATIENCE}", "HOST_DELAY=0"]
    options = [part for setting in settings for part in ("-s", setting)]
    return ["crawl", "data-breach", *seeds, "--db", database, "--json", *options]


# --- Over the wire ------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ROBOTS)
def test_robots_txt_is_obeyed(crawled: Crawled, host: str) -> None:
    _, outcome, times = ROBOTS[host]
    ended = crawled.entry(f"https://{host}/1")
    assert (ended.outcome or "", len(crawled.web.asked(f"{host}/1"))) == (outcome, times), ended.detail
    assert (ended.state == frontier.WAITING) == (outcome == ""), ended.state


@pytest.mark.parametrize("host", PAGES)
def test_answer_of_a_page_is_understood(crawled: Crawled, host: str) -> None:
    _, outcome, times, gap = PAGES[host]
    ended = crawled.entry(f"https://{host}/1")
    asked = [request.at for request in crawled.web.log[: crawled.asked_first] if request.host == host]
    asked = asked[1:]  # robots.txt
    assert (ended.outcome or "", len(asked)) == (outcome, times), ended.detail
    assert (ended.state == frontier.WAITING) == (outcome == ""), ended.state
    gaps = [later - earlier for earlier, later in pairwise(asked)]
    assert all(waited >= gap for waited in gaps), gaps


def test_forbidden_link_of_a_story_is_never_fetched(crawled: Crawled) -> None:
    assert crawled.entry("https://open.test/tutup/2").outcome == "forbidden"
    assert not crawled.web.asked("open.test/tutup/2")


def test_crawl_delay_is_kept(crawled: Crawled) -> None:
    [robots], [first], [second] = (
        crawled.web.asked(f"slow.test/{path}") for path in ("robots.txt", "1", "2")
    )
    assert robots < first < second - 1.4


def test_robots_txt_is_asked_for_once_a_day_by_all_crawls_together(crawled: Crawled) -> None:
    for host in ["slow.test", *PAGES, *(host for host, (_, outcome, _) in ROBOTS.items() if outcome)]:
        followed = 6 if host == "circle.test" else 1
        followed += host == "shut.test"  # moved.test leads there
        assert len(crawled.web.asked(f"{host}/robots.txt")) == followed, host


def test_hosts_that_asked_for_patience_are_left_in_peace_by_the_next_crawl(crawled: Crawled) -> None:
    again = crawled.web.log[crawled.asked_first :]
    early = {request.host for request in again if request.at < crawled.due_at[request.host] - 0.1}
    assert not early, "not due yet"
    # Which others are due again depends on how long the first crawl took.
    troubled = {"failing.test", "busy.test", "silent.test", "rude.test", "bare.test", "nonsense.test"}
    assert {request.host for request in again} <= troubled
    assert crawled.second.record["stop_reason"] == "waiting"
    assert crawled.second.record["resumed"] is True


def test_crawl_ends_when_only_hosts_in_trouble_are_left(crawled: Crawled) -> None:
    report = crawled.first.record
    assert crawled.first.status == 0, "stories were found"
    assert report["stop_reason"] == "waiting"
    troubles = {trouble["host"]: trouble["trouble"] for trouble in report["troubles"]}
    assert troubles["failing.test"] == "robots.txt of failing.test answers with status 500"
    assert troubles["bare.test"] == "status 429: too many requests"
    assert "no answer in time" in troubles["silent.test"]
    assert set(troubles) == {
        "failing.test",
        "busy.test",
        "silent.test",
        "rude.test",
        "bare.test",
        "nonsense.test",
        "patient.test",
    }


def test_hosts_that_are_not_there_end_the_crawl_soon(tmp_path: Path) -> None:
    ended = run(
        *(
            "crawl",
            "data-breach",
            "http://127.0.0.1:1/berita/1",
            "http://tidak-ada.invalid/berita/1",
            "--json",
        ),
        *("--db", str(tmp_path / "news.db"), "-s", "ALLOW_PRIVATE_ADDRESSES=1", "-s", "MAX_HOST_WAIT=1"),
    )
    assert ended.status == 4, ended.stderr
    report = ended.record
    assert (report["stop_reason"], report["stored"]["stories"], report["left"]) == ("waiting", 0, 2)
    troubles = {trouble["host"]: trouble["trouble"] for trouble in report["troubles"]}
    assert "connection refused" in troubles["127.0.0.1"]
    assert "no such host: tidak-ada.invalid" in troubles["tidak-ada.invalid"]


def test_private_addresses_are_refused(tmp_path: Path) -> None:
    with SmallWeb({}) as web:
        ended = run(*("crawl", "data-breach", f"{web.url}/1", "--json", "--db", str(tmp_path / "news.db")))
        assert web.log == []
    assert ended.record["outcomes"] == {"refused": 1}
    assert ended.status == 3


def test_proxies_of_the_environment_are_used(tmp_path: Path) -> None:
    kabar = story("Kebocoran data BPJS Kesehatan", "https://aman.test/2")
    with SmallWeb({"kabar.test/1": kabar}) as proxy:
        ended = run(
            *("crawl", "data-breach", "http://kabar.test/1", "--json", "--db", str(tmp_path / "news.db")),
            *("-s", "MAX_HOST_WAIT=1", "-s", "HOST_DELAY=0", "-s", "DISCOVER=0"),
            environment={"http_proxy": proxy.url, "https_proxy": proxy.url},
        )
        asked = [request.line for request in proxy.log]
    assert asked[:2] == ["http://kabar.test/robots.txt", "http://kabar.test/1"], ended.stderr
    assert set(asked[2:]) == {"aman.test:443"}, "an https page goes through the proxy's tunnel"
    assert ended.record["stories"] == 1


# --- Patience, without a web --------------------------------------------------------------------


@pytest.fixture
def session(database_url: str) -> Iterator[CrawlSession]:
    opened = CrawlSession(
        crawl_settings({"DATABASE_URL": database_url, "HOST_DELAY": 0}), None, "data-breach"
    )
    yield opened
    opened.close("finished")


URL = "https://kabar.test/1"
SERVER_ERROR, HOST_DOWN, BLOCKED = OutcomeKind.SERVER_ERROR, OutcomeKind.HOST_DOWN, OutcomeKind.BLOCKED


@pytest.mark.parametrize(
    ("kind", "retry_after", "waits", "end"),
    [
        (SERVER_ERROR, None, [2, 8], "failed"),
        (SERVER_ERROR, 5.0, [5, 8], "failed"),
        (HOST_DOWN, None, [2, 8, 32, 128, 512, 2048, 3600, 3600, 3600, 3600, 3600], "failed"),
        (BLOCKED, None, [], "failed"),
        (BLOCKED, 30.0, [30, 30, 32, 128, 512, 2048, 3600, 3600], "waiting"),
        (BLOCKED, 1e9, [3600], "waiting"),
    ],
)
def test_patience_grows_and_ends(
    session: CrawlSession, kind: OutcomeKind, retry_after: float | None, waits: list[int], end: str
) -> None:
    session.add_seeds([URL])
    waited = []
    for _ in range(len(waits) + (end == "failed")):
        with session.store.write() as connection:
            hosts.ensure_hosts(connection, {"kabar.test": 0.0})
            [taken] = frontier.lease(connection, session.terms, 4e9, 1)
        met = visit(URL)
        met.worker, met.tries = session.worker, taken.attempts + 1
        earliest = session.store.now()
        session.record(Outcome(url=URL, kind=kind, retry_after=retry_after, visit=met))
        latest = session.store.now()
        with session.store.read() as connection:
            left = connection.execute(select(entries)).one()
        if left.due_at is not None:
            wait = waits[len(waited)]
            assert earliest + wait <= left.due_at <= latest + wait, left.due_at - earliest
            waited.append(wait)
    assert (waited, left.state) == (waits, end)


def test_host_that_turns_us_away_again_and_again_is_left_alone(session: CrawlSession) -> None:
    urls = [f"https://kabar.test/{number}" for number in range(3)]
    session.add_seeds(urls)
    session.lease(3)
    for url in urls:
        met = visit(url)
        met.worker = session.worker
        session.record(Outcome(url=url, kind=BLOCKED, detail="status 403", visit=met))
    with session.store.read() as connection:
        assert hosts.next_turn(connection, "kabar.test") > session.store.now() + 300


def test_another_page_of_a_host_waits_with_it(session: CrawlSession) -> None:
    session.add_seeds([URL, "https://kabar.test/2"])
    [first] = session.lease(1)
    met = visit(first.url)
    met.worker = session.worker
    earliest = session.store.now()
    session.record(Outcome(url=first.url, kind=HOST_DOWN, detail="connection refused", visit=met))
    latest = session.store.now()
    with session.store.write() as connection:
        assert frontier.lease(connection, session.terms, earliest + 1.9, 5) == []
    due_at = session.outlook().due_at
    assert due_at is not None
    assert earliest + 2 <= due_at <= latest + 2


def test_crawl_delay_and_backoff_survive_a_restart(session: CrawlSession, database_url: str) -> None:
    session.add_seeds([URL, "https://lain.test/1"])
    with session.store.write() as connection:
        hosts.store_robots(connection, "kabar.test", "Crawl-delay: 7", session.store.now() - 60, 7.0)
        hosts.note_failure(connection, "lain.test", "connection refused", session.store.now() + 900)
    session.close("shutdown")
    again = CrawlSession(crawl_settings({"DATABASE_URL": database_url, "HOST_DELAY": 0}), None, "data-breach")
    try:
        again.add_seeds(["https://kabar.test/2"])
        earliest = again.store.now()
        assert [taken.host for taken in again.lease(5)] == ["kabar.test"], "one page in seven seconds"
        due_at = again.outlook().due_at
        assert due_at is not None
        assert earliest + 7 <= due_at <= again.store.now() + 7
        with again.store.read() as connection:
            assert hosts.failures_in_a_row(connection, "lain.test") == 1
            assert hosts.next_turn(connection, "lain.test") > earliest
    finally:
        again.close("shutdown")


def test_turn_that_begins_late_holds_the_next_one_back(session: CrawlSession) -> None:
    session.settings.set("HOST_DELAY", 20.0, priority="cmdline")
    session.add_seeds([URL])
    [taken] = session.lease(1)
    begun = session.store.now()
    session.turns._taken_at["kabar.test"] -= 12.0  # as if it had been leased so many seconds ago
    with session.store.write() as connection:
        connection.execute(update(host_rows).values(next_at=begun + 8.0))
    assert session.turns.keep(taken.url) == 0.0
    with session.store.read() as connection:
        assert hosts.next_turn(connection, "kabar.test") >= begun + 20.0
    # Somebody else has taken the next turn: this one has to wait for the one after it.
    session.turns._taken_at["kabar.test"] -= 24.0
    assert 5.0 < session.turns.keep(taken.url) <= 20.1


@contextmanager
def cut_off_once(session: CrawlSession, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the database go away at the end of the next transaction, before it is committed."""
    write = session.store.write
    cuts = iter([True])

    @contextmanager
    def cut() -> Iterator[Connection]:
        with write() as connection:
            yield connection
            if next(cuts, False):
                raise StoreUnavailable("cut off")

    with monkeypatch.context() as patched:
        patched.setattr(session.store, "write", cut)
        yield
    assert next(cuts, None) is None, "nothing was written"
    assert session.patience.interruptions == 1


def test_transaction_that_is_done_again_forgets_the_failures_of_a_host(
    session: CrawlSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.add_seeds([URL])
    [taken] = session.lease(1)
    met = visit(taken.url)
    met.worker = session.worker
    session.record(Outcome(url=URL, kind=HOST_DOWN, detail="connection refused", visit=met))
    with cut_off_once(session, monkeypatch):
        session.record(Outcome(url=URL, kind=OutcomeKind.GONE, detail="status 404", visit=met))
    with session.store.read() as connection:
        assert hosts.failures_in_a_row(connection, "kabar.test") == 0


def test_success_forgets_the_failures_that_another_crawl_has_met(session: CrawlSession) -> None:
    session.add_seeds([URL])
    with session.store.write() as connection:
        hosts.note_failure(connection, "kabar.test", "connection refused", 0.0)
    met = visit(URL)
    session.record(Outcome(url=URL, kind=OutcomeKind.GONE, detail="status 404", visit=met))
    with session.store.read() as connection:
        assert hosts.failures_in_a_row(connection, "kabar.test") == 0


def test_transaction_that_is_done_again_leads_on_as_if_it_were_the_first(
    session: CrawlSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = "https://www.detik.com/tag/data-bocor"
    session.add_seeds([tag])
    [taken] = session.lease(1)
    met = visit(tag, key=taken.key)
    met.worker, met.kind, met.score = session.worker, PageKind.TAG_PAGE, 0.9
    entry = Link(
        url="https://inet.detik.com/security/d-5577123/data-bpjs-bocor",
        anchor_text="Data BPJS Kesehatan bocor",
        zone=Zone.LIST,
        anchor_score=0.9,
    )
    listing = Listing(url=tag, outlet="detik", links=[entry], next_page=f"{tag}?page=2", visit=met)
    with cut_off_once(session, monkeypatch):
        session.record(listing)
    assert {taken.url for taken in session.lease(5)} == {entry.url, f"{tag}?page=2"}
    assert session.discovery.gains.fetches["detik"] == 1


# --- What servers say in headers ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("location", "target"),
    [
        (b"/2\0\x1b[31m", "http://kabar.test/2%00%1B%5B31m"),
        ("/bocor-é".encode(), "http://kabar.test/bocor-%C3%A9"),
        (b"/\xed\xa0\x80\xff", "http://kabar.test/%ED%A0%80%FF"),
        (b"/a%20b?c=d%26", "http://kabar.test/a%20b?c=d%26"),
        (b"https://lain.test/1 2", "https://lain.test/1%202"),
    ],
)
def test_redirect_leads_to_the_bytes_that_the_server_wrote(location: bytes, target: str) -> None:
    moved = HtmlResponse("http://kabar.test/1", status=302, headers={"Location": location})
    outcome = outcome_of_response(moved)
    assert outcome is not None
    assert outcome.redirect_url == target


def test_validators_that_cannot_be_stored_are_left_out() -> None:
    answer = HtmlResponse("http://kabar.test/1", headers={"ETag": b'"\0"', "Last-Modified": b"\x1b[31m"})
    assert validators(answer) == (None, None)
    usual = HtmlResponse(
        "http://kabar.test/1", headers={"ETag": b'W/"1"', "Last-Modified": b"Fri, 21 May 2021"}
    )
    assert validators(usual) == ('W/"1"', "Fri, 21 May 2021")


def test_turn_that_is_too_far_away_is_not_waited_for(session: CrawlSession) -> None:
    session.add_seeds([URL])
    [taken] = session.lease(1)
    now = session.store.now()
    with session.store.write() as connection:
        hosts.store_robots(connection, "kabar.test", "Crawl-delay: 3153600000", now, 3153600000.0)
    with pytest.raises(HostNotDue, match=r"kabar\.test wants 3,153,\d{3},\d{3} seconds until its next page"):
        asyncio.run(session.turns.wait_for(taken.url))
    met = visit(taken.url)
    met.worker = session.worker
    session.record(Outcome(url=URL, kind=HOST_DOWN, detail="its turn is too far away", visit=met))
    with session.store.read() as connection:
        assert hosts.next_turn(connection, "kabar.test") > now + 3e9, "the failure must not shorten its delay"
