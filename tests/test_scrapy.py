"""The checkout is a Scrapy project like any other: its commands work, and so do a user's own spiders."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from scrapy import FormRequest, Request, Spider
from scrapy.http import JsonRequest
from sqlalchemy import select

from crawler.demo.sample_web import SEED, SampleWeb
from crawler.frontier.own_requests import key_of, own_request, request_of
from crawler.store.crawl.frontier import DONE, FAILED, Lease
from crawler.store.database import open_store
from crawler.store.schema import frontier
from tests.crawling import TIMEOUT, Finished, clean_environment, run
from tests.many_pages import wait_until
from tests.small_web import PATIENT, Answer, Answers, Gate, SmallWeb, story

ROOT = Path(__file__).parent.parent


def scrapy_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "scrapy", *arguments]


def scrapy(*arguments: str) -> Finished:
    """Run Scrapy's own command line from the checkout."""
    done = subprocess.run(
        scrapy_command(*arguments),
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        cwd=ROOT,
        env=clean_environment(),
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def settings(web_url: str, database: Path) -> list[str]:
    given = (
        f"CONNECT_TO={web_url}",
        f"DATABASE_URL=sqlite:///{database}",
        "HOST_DELAY=0",
        "CONTACT=me@kampus.test",
    )
    return [part for setting in given for part in ("-s", setting)]


def titles(table: str) -> list[str]:
    return sorted(row["title"] for row in csv.DictReader(io.StringIO(table, newline="")))


def test_scrapy_lists_the_spider() -> None:
    assert scrapy("list").stdout.split() == ["baca_juga"]


def test_scrapy_crawl_writes_the_rows_that_export_writes(tmp_path: Path) -> None:
    items, database = tmp_path / "items.csv", tmp_path / "news.db"
    with SampleWeb() as web:
        done = scrapy(
            *("crawl", "baca_juga", "-a", "topic=data-breach", "-a", f"start={SEED}", "-O", str(items)),
            *settings(web.url, database),
        )
        assert done.status == 0, done.stderr
        assert "Traceback" not in done.stderr
        assert {hit.user_agent.partition("+")[2] for hit in web.log} == {"me@kampus.test)"}
    written = items.read_text(encoding="utf-8")
    exported = run("export", "articles", "--include-off-topic", "--include-duplicates", "--db", str(database))
    assert titles(written) == titles(exported.stdout)
    rows = list(csv.DictReader(io.StringIO(written, newline="")))
    assert all("{" not in row["authors"] and "\n" not in row["tags"] for row in rows), (
        "a cell holds a structure"
    )
    assert any(";" in row["tags"] for row in rows)


def test_crawl_without_a_topic_says_so() -> None:
    done = scrapy("crawl", "baca_juga")
    assert "no topic given; name one: -a topic=data-breach" in done.stderr


# --- A user's own spider ------------------------------------------------------------------------

OWN_SPIDER = '''
import scrapy

class SectionSpider(scrapy.Spider):
    """Reads a section's pages one after the other, and the stories on them."""

    name = "section"
    start_urls = ["https://kabar.test/indeks?page=1"]

    def parse(self, response):
        for href in response.css("a.story::attr(href)").getall():
            about = {"section": "tekno"}
            yield response.follow(href, self.parse_story, cb_kwargs=about, meta={"page": response.url})
        for href in response.css("a.next::attr(href)").getall():
            yield response.follow(href)

    def parse_story(self, response, section):
        yield {
            "title": response.css("h1::text").get(),
            "section": section,
            "page": response.meta["page"],
            "url": response.url,
        }
        for href in response.css("p a::attr(href)").getall():
            yield scrapy.Request(
                href,
                self.parse_story,
                errback=self.failed,
                cb_kwargs={"section": "baca juga"},
                meta=response.meta,
            )

    def failed(self, failure):
        yield {"title": f"tidak ada: {failure.value}", "url": failure.request.url}
'''


def index(number: int, *stories: str, following: str = "") -> Answer:
    links = "".join(f'<li><a class="story" href="{path}">{path}</a></li>' for path in stories)
    link = f'<a class="next" href="{following}">Berikutnya</a>' if following else ""
    return Answer(body=f"<title>Indeks {number}</title>{links}{link}", headers={"Content-Type": "text/html"})


WEB: dict[str, Answers] = {
    "kabar.test/indeks?page=1": index(1, "/1", "/2", "/lama", following="/indeks?page=2"),
    "kabar.test/indeks?page=2": index(2, "/2", "/3", "/tertutup", following="/indeks?page=1"),
    "kabar.test/1": story("Satu", "https://lain.test/hilang", "https://lain.test/5"),
    "kabar.test/2": story("Dua"),
    "kabar.test/3": lambda before: story("Tiga") if before else Answer(503, headers={"Retry-After": "1"}),
    "kabar.test/lama": Answer(301, headers={"Location": "/baru"}),
    "kabar.test/baru": story("Empat"),
    "kabar.test/robots.txt": Answer(body="User-agent: *\nDisallow: /tertutup\n"),
    "lain.test/5": story("Lima"),
}
EXPECTED = {
    ("Satu", "tekno", "https://kabar.test/indeks?page=1"),
    ("Dua", "tekno", "https://kabar.test/indeks?page=1"),
    ("Tiga", "tekno", "https://kabar.test/indeks?page=2"),
    ("Empat", "tekno", "https://kabar.test/indeks?page=1"),
    ("Lima", "baca juga", "https://kabar.test/indeks?page=1"),
    ("tidak ada: status 404", None, None),
}


def test_own_spider_runs_through_the_same_frontier(tmp_path: Path) -> None:
    spider, items, database = tmp_path / "section.py", tmp_path / "items.jsonl", tmp_path / "news.db"
    spider.write_text(OWN_SPIDER)
    with SmallWeb(WEB) as web:
        command = ("runspider", str(spider), "-O", str(items), *settings(web.url, database))
        done = scrapy(*command)
        assert "Traceback" not in done.stderr, done.stderr
        asked = [request.path for request in web.log]
    found = [json.loads(line) for line in items.read_text().splitlines()]
    assert {(row["title"], row.get("section"), row.get("page")) for row in found} == EXPECTED
    assert len(found) == len(EXPECTED)
    indexes, of_lain = ["/indeks?page=1", "/indeks?page=2"], ["/robots.txt", "/5", "/hilang"]
    of_kabar = ["/robots.txt", *indexes, "/1", "/2", "/3", "/3", "/lama", "/baru"]
    assert sorted(asked) == sorted(of_kabar + of_lain)
    with closing(open_store(str(database))) as store, store.read() as connection:
        states = {row.key: row.state for row in connection.execute(select(frontier))}
    assert set(states.values()) == {"done", "failed"}
    assert states["GET https://lain.test/hilang"] == states["GET https://kabar.test/tertutup"] == "failed"


def test_killed_own_spider_goes_on_with_its_callbacks_and_arguments(tmp_path: Path) -> None:
    spider, items, database = tmp_path / "section.py", tmp_path / "items.jsonl", tmp_path / "news.db"
    spider.write_text(OWN_SPIDER)
    gate = Gate()
    slow = {"kabar.test/2": gate.hold(Answer())}
    with gate, SmallWeb(WEB | slow) as web:
        command = ("runspider", str(spider), "-o", str(items), *settings(web.url, database), *PATIENT)
        crawl = subprocess.Popen(
            scrapy_command(*command), cwd=ROOT, env=clean_environment(), stderr=subprocess.DEVNULL
        )
        try:
            wait_until(lambda: unfinished(database) == {"GET https://kabar.test/2"}, "all but the held page")
        finally:
            crawl.kill()
            crawl.wait()
        web.answers = WEB
        before = len(web.log)
        done = scrapy(*command)
        assert "Traceback" not in done.stderr, done.stderr
        again = {request.path for request in web.log[before:]}
    # The start address is asked for at each run, as Scrapy's users expect; its links are known.
    assert again == {"/indeks?page=1", "/2"}
    rows = [json.loads(line) for line in items.read_text().splitlines()]
    assert ("Dua", "tekno", "https://kabar.test/indeks?page=1") in {
        (row["title"], row.get("section"), row.get("page")) for row in rows
    }


def unfinished(database: Path) -> set[str]:
    """Return the keys of the addresses that still have to be visited."""
    if not database.exists():
        return set()
    with closing(open_store(str(database))) as store, store.read() as connection:
        return set(connection.scalars(select(frontier.c.key).where(frontier.c.state.not_in([DONE, FAILED]))))


class ASpider(Spider):
    name = "one"

    def parse_it(self) -> None:
        pass


@pytest.mark.parametrize(
    "request_",
    [
        Request("https://a.test/1"),
        Request(
            "https://a.test/1", headers={"X-Kunci": ["a", "b"]}, meta={"n": [1, {"b": None}]}, priority=3
        ),
        FormRequest("https://a.test/cari", formdata={"q": "bocor\xe9"}, cb_kwargs={"page": 2}),
        JsonRequest("https://a.test/api", data={"q": "bocor"}),
        Request("https://a.test/1", method="PUT", body=b"\x00\xff", cookies={"a": "b"}),
    ],
    ids=["plain", "headers", "form", "json", "bytes"],
)
def test_request_comes_back_from_the_frontier_as_it_went_in(request_: Request) -> None:
    spider = ASpider()
    request_ = request_.replace(callback=spider.parse_it)
    kept = own_request(request_, spider, found_on=None)
    row = json.loads(json.dumps(kept.request))
    lease = Lease(1, kept.key, kept.address.url, "a.test", "a.test", 0, kept.score, 0, False, request=row)
    again = request_of(lease, spider)
    assert type(again) is type(request_)
    assert again.replace(dont_filter=False).to_dict(spider=spider) == request_.to_dict(spider=spider)


def test_other_bodies_are_other_requests() -> None:
    keys = {key_of(FormRequest("https://a.test/cari", formdata={"page": str(page)})) for page in range(3)}
    assert len(keys) == 3
    assert key_of(Request("https://a.test/1#a")) == key_of(Request("https://a.test/1#b"))
    assert len(key_of(Request("https://a.test/" + "x" * 5000))) < 1000


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (Request("https://a.test/1", callback=print), "not an instance method"),
        (Request("https://a.test/1", meta={"spider": object()}), "cb_kwargs and meta have to be JSON values"),
    ],
)
def test_request_that_cannot_be_kept_says_why(request_: Request, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        own_request(request_, ASpider(), found_on=None)


SILENT_SPIDER = """
from crawler.spiders.baca_juga import BacaJugaSpider


class Silent(BacaJugaSpider):
    name = "silent"

    async def parse(self, response, lease):
        return
        yield
"""


def test_page_that_gives_no_item_does_not_hold_up_the_crawl(tmp_path: Path) -> None:
    spider, database = tmp_path / "silent.py", tmp_path / "news.db"
    spider.write_text(SILENT_SPIDER)
    with SampleWeb() as web:
        done = scrapy(
            *("runspider", str(spider), "-a", "topic=data-breach", "-a", f"start={SEED}"),
            *settings(web.url, database),
        )
    assert done.status == 0, done.stderr
    with closing(open_store(str(database))) as store, store.read() as connection:
        ends = [(row.state, row.outcome, row.detail) for row in connection.execute(select(frontier))]
    assert ends == [("failed", "error", "RuntimeError: the page gave no item")]
