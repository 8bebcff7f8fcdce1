"""How a whole crawl ends when every page meets the same fate: exit status, sentence, --json, requests."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from crawler.crawling.ending import Ending, ending_of
from crawler.crawling.figures import Figures
from crawler.store.crawl.hosts import HostTrouble
from tests.crawling import TIMEOUT, run
from tests.small_web import Answer, Answers, SmallWeb, story

HOSTS = ("satu.test", "dua.test", "tiga.test")
OFF_TOPIC = Answer(
    body="<html><body><article><h1>Resep rendang</h1>"
    + "<p>Masak santan dengan bumbu halus sampai kering, lalu sajikan dengan nasi hangat di meja.</p>" * 5
    + "</article></body></html>",
    headers={"Content-Type": "text/html"},
)
EMPTY_KOMPAS = Answer(
    body="<html><head><title>Kebocoran data BPJS</title></head><body><div id='app'></div></body></html>",
    headers={"Content-Type": "text/html"},
)
KOMPAS = "https://tekno.kompas.com/read/2021/05/21/1435100{}/data-279-juta-penduduk-bocor"


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What every page of a web answers, and how a crawl of it ends."""

    page: Answers = field(default_factory=Answer)
    robots: Answers = field(default_factory=lambda: Answer(404))
    ending: Ending
    status: int
    stop_reason: str = "finished"
    words: str  # in what a person reads
    tries: int = 1  # how often a page is asked for at most
    outcome: str | None = None  # the kind that --json counts
    urls: tuple[str, ...] = tuple(f"https://{host}/1" for host in HOSTS)


DOWN = "check the network, then run the same command again"
SITUATIONS = {
    "all is well": Situation(
        page=lambda before: story("Data BPJS bocor"), ending=Ending.OK, status=0, words="1 story in the store"
    ),
    "nothing on topic": Situation(
        page=OFF_TOPIC, ending=Ending.NOTHING_FOUND, status=3, words="none of them is on topic"
    ),
    "blocked with status 403": Situation(
        page=Answer(403),
        ending=Ending.BLOCKED,
        status=6,
        words="do not let this crawler in",
        outcome="blocked",
    ),
    "blocked with status 429": Situation(
        page=Answer(429),
        ending=Ending.BLOCKED,
        status=6,
        stop_reason="waiting",
        words="do not let this crawler in",
    ),
    "blocked for a while": Situation(
        page=Answer(429, headers={"Retry-After": "1"}),
        ending=Ending.BLOCKED,
        status=6,
        stop_reason="waiting",
        words="do not let this crawler in",
        tries=3,
    ),
    "overloaded": Situation(
        page=Answer(503), ending=Ending.DOWN, status=4, stop_reason="waiting", words="do not answer", tries=2
    ),
    "overloaded for a while": Situation(
        page=Answer(503, headers={"Retry-After": "1"}),
        ending=Ending.DOWN,
        status=4,
        stop_reason="waiting",
        words="do not answer",
        tries=3,
    ),
    "cut short": Situation(
        page=Answer(headers={"Content-Length": "9999", "Connection": "close"}, body="<html>"),
        ending=Ending.DOWN,
        status=4,
        stop_reason="waiting",
        words="no answer from 3 hosts (answer cut short)",
        tries=2,
    ),
    "hung up": Situation(
        page=Answer(hangs_up=True),
        ending=Ending.DOWN,
        status=4,
        stop_reason="waiting",
        words=DOWN,
        # The HTTP client may ask once more by itself, when a connection that it had kept is closed.
        tries=4,
    ),
    "robots.txt fails": Situation(
        page=story("Data BPJS bocor"),
        robots=Answer(500),
        ending=Ending.DOWN,
        status=4,
        stop_reason="waiting",
        words="status 500",
        tries=0,
    ),
    "robots.txt forbids": Situation(
        page=story("Data BPJS bocor"),
        robots=Answer(body="User-agent: *\nDisallow: /\n"),
        ending=Ending.FORBIDDEN,
        status=7,
        words="robots.txt of the outlets allows none of the pages",
        outcome="forbidden",
        tries=0,
    ),
    "robots.txt is huge": Situation(
        page=lambda before: story("Data BPJS bocor"),
        robots=Answer(body="# kosong\n" * 300_000),
        ending=Ending.OK,
        status=0,
        words="in the store",
    ),
    "robots.txt is a page": Situation(
        page=lambda before: story("Data BPJS bocor"),
        robots=OFF_TOPIC,
        ending=Ending.OK,
        status=0,
        words="in the store",
    ),
    "gone": Situation(
        page=Answer(410),
        ending=Ending.GONE,
        status=8,
        words="none of the pages is there any more",
        outcome="gone",
    ),
    "never there": Situation(
        page=Answer(404),
        ending=Ending.GONE,
        status=8,
        words="none of the pages is there any more",
        outcome="gone",
    ),
    "layout changed": Situation(
        page=EMPTY_KOMPAS,
        ending=Ending.LAYOUT_CHANGED,
        status=5,
        words="nothing in them could be read; did they change?",
        outcome="layout_changed",
        urls=tuple(KOMPAS.format(number) for number in (1, 2, 3)),
    ),
}


def ending(stored: int = 0, stop_reason: str = "finished", *refused: str, **figures: Any) -> Ending:
    counted = Figures(**{name: Counter(n) if isinstance(n, dict) else n for name, n in figures.items()})
    troubles = [HostTrouble(f"{n}.test", 1, trouble, 0.0) for n, trouble in enumerate(refused)]
    return ending_of(counted, stop_reason=stop_reason, troubles=troubles, stories_stored=stored)


def test_ending_of_a_mixed_crawl() -> None:
    assert ending(outcomes={"blocked": 1, "host_down": 1}) is Ending.BLOCKED, "a refusal is the surer word"
    assert ending(outcomes={"blocked": 1, "host_down": 1, "server_error": 1}) is Ending.DOWN
    assert ending(outcomes={"gone": 5}, put_back={"host_down": 1}) is Ending.DOWN
    assert ending(stories=1, outcomes={"blocked": 9}) is Ending.OK
    assert ending(stories=1, stop_reason="shutdown") is Ending.INTERRUPTED
    assert ending(0, "waiting", "status 429: too many requests") is Ending.BLOCKED
    assert ending(0, "waiting", "status 503") is Ending.DOWN
    assert ending(3, outcomes={"gone": 2}) is Ending.OK, "what was there is there still"
    assert ending(3, outcomes={"blocked": 2}) is Ending.BLOCKED
    assert ending(outcomes={"forbidden": 2, "gone": 1}) is Ending.FORBIDDEN
    assert ending(copies=1, outcomes={"gone": 2}) is Ending.NOTHING_FOUND


@pytest.mark.parametrize("name", SITUATIONS)
def test_ending_tells_what_stood_in_the_way(name: str, tmp_path: Path) -> None:
    met = SITUATIONS[name]
    answers: dict[str, Answers] = {}
    for url in met.urls:
        address = url.removeprefix("https://")
        answers[address] = met.page
        answers[f"{address.partition('/')[0]}/robots.txt"] = met.robots
    with SmallWeb(answers) as web:
        ended = run(
            *("crawl", "data-breach", *met.urls, "--db", str(tmp_path / "news.db"), "--json"),
            *("-s", f"CONNECT_TO={web.url}", "-s", "HOST_DELAY=0", "-s", "MAX_HOST_WAIT=3"),
            *("-s", "DISCOVER=0"),
        )
        asked = [len(web.asked(url.removeprefix("https://"))) for url in met.urls]
    record = ended.record
    assert (record["ending"], ended.status) == (met.ending, met.status), ended.stderr
    assert record["stop_reason"] == met.stop_reason
    assert met.words in " ".join(ended.stderr.split()), ended.stderr
    assert max(asked) <= met.tries, asked
    if met.outcome:
        assert record["outcomes"] == {met.outcome: len(met.urls)}
    assert "Traceback" not in ended.stderr


def test_no_server_at_all(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        ended = run(*crawl_of(f"http://127.0.0.1:{unused.getsockname()[1]}", tmp_path, "https://satu.test/1"))
    assert (ended.record["ending"], ended.status) == ("down", 4)
    assert DOWN in ended.stderr


def test_network_that_comes_back_is_waited_for(tmp_path: Path) -> None:
    """The server refuses connections for a few seconds, in the middle of the crawl."""
    pages: dict[str, Answers] = {f"satu.test/{n}": unkept(n) for n in range(1, 12)}
    came_back: list[SmallWeb] = []
    web = SmallWeb(pages)

    def fail_for_a_while() -> None:
        while not web.asked("satu.test/4"):
            time.sleep(0.01)
        web.__exit__()
        # Nobody listens at the port, and nobody else takes it.
        with socket.socket() as kept:
            kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            kept.bind(("127.0.0.1", web.server_port))
            time.sleep(3.0)
            came_back.append(SmallWeb(pages, port=web.server_port).__enter__())

    failing = in_background(fail_for_a_while)
    with web:
        ended = run(*crawl_of(web.url, tmp_path, "https://satu.test/1", wait=60))
        failing.join(TIMEOUT)
    came_back[0].__exit__()
    assert (ended.record["ending"], ended.record["stop_reason"]) == ("ok", "finished"), ended.stderr
    assert ended.record["tries_again"] >= 1
    asked = [len(web.asked(page)) + len(came_back[0].asked(page)) for page in pages]
    assert min(asked) == 1, "every story was read"
    assert sum(asked) <= len(pages) + 8, "those on their way when the network went"


def test_crawl_that_the_network_ended_goes_on_later(tmp_path: Path) -> None:
    pages: dict[str, Answers] = {
        f"satu.test/{n}": story(f"Data BPJS bocor {n}", f"https://satu.test/{n + 1}") for n in range(1, 12)
    }
    pages["satu.test/5"] = lambda before: Answer(hangs_up=True) if before < 20 else Answer(404)
    with SmallWeb(pages) as web:
        first = run(*crawl_of(web.url, tmp_path, "https://satu.test/1", wait=1))
        assert (first.record["stop_reason"], first.record["ending"], first.status) == ("waiting", "ok", 0)
        web.answers = dict(pages) | {"satu.test/5": story("Data BPJS bocor 5", "https://satu.test/6")}
        again = run(*crawl_of(web.url, tmp_path, "https://satu.test/1", wait=40))
    assert (again.record["resumed"], again.record["stop_reason"]) == (True, "finished"), again.stderr
    assert [len(web.asked(f"satu.test/{n}")) for n in (1, 2, 3, 4, 6, 7, 11)] == [1] * 7


def crawl_of(web_url: str, folder: Path, *urls: str, wait: float = 1) -> list[str]:
    settings = (f"CONNECT_TO={web_url}", "HOST_DELAY=0", f"MAX_HOST_WAIT={wait}", "DISCOVER=0")
    options = [part for setting in settings for part in ("-s", setting)]
    return ["crawl", "data-breach", *urls, "--db", str(folder / "news.db"), "--json", *options]


def in_background(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def unkept(number: int) -> Answer:
    """Return a story that leads to the next, and ends its connection: a later request needs a new one."""
    answer = story(f"Data BPJS bocor {number}", f"https://satu.test/{number + 1}")
    return replace(answer, headers={**answer.headers, "Connection": "close"})
