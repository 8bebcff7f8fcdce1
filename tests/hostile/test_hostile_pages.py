"""Every attack of the table, in a crawl with good pages between: each ends as it should."""

from __future__ import annotations

import csv
import io
import re

import pytest

from tests.crawling import run
from tests.hostile.cases import CASES, GOOD, Case
from tests.hostile.crawled import PUBLIC, PUBLIC_IPV6, Crawled, crawl
from tests.hostile.table import PAGE, table

MEMORY_MB = 400
# What a terminal obeys, and what turns the reading direction round.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


# Each way to fetch on one of the databases: what a page does to the one has nothing to do with the other.
OPTIONS = {"sqlite": ("-v",), "postgresql": ("-s", "TWISTED_REACTOR_ENABLED=0")}


@pytest.fixture(scope="module")
def crawled(shared_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    options = OPTIONS[shared_database_url.partition(":")[0]]
    return crawl(tmp_path_factory.mktemp("hostile"), shared_database_url, *options)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_attack_ends_as_it_should(crawled: Crawled, case: Case) -> None:
    ended = crawled.end(case.ends_at or case.address)
    if ended is None:
        assert case.is_link, f"{case.address} is not in the frontier\n{crawled.finished.stderr}"
        return  # dropped where it was read: never an address to fetch
    assert (ended.outcome or "") == case.outcome, ended.detail
    assert case.detail in (ended.detail or ""), ended.detail
    if case.asked is not None:
        assert len(crawled.server.asked(case.host)) == case.asked


def test_good_pages_between_are_stored(crawled: Crawled) -> None:
    for url in GOOD:
        ended = crawled.end(url)
        assert ended is not None
        assert ended.outcome == "article", ended.detail


def test_no_connection_leaves_the_public_internet(crawled: Crawled) -> None:
    public = {f"{PUBLIC}:80", f"{PUBLIC}:443", f"{PUBLIC_IPV6}:80"}
    assert set(crawled.figures["connections"]) == public


def test_memory_stays_small(crawled: Crawled) -> None:
    assert crawled.figures["memory_mb"] < MEMORY_MB


def test_crawl_ends_by_itself_without_a_fault_of_our_own(crawled: Crawled) -> None:
    report = crawled.finished.record
    assert report["stop_reason"] in ("waiting", "finished"), crawled.finished.stderr
    assert "error" not in report["outcomes"], report["outcomes"]
    assert "Traceback" not in crawled.finished.stderr


def test_no_request_carries_a_cookie_or_where_it_comes_from(crawled: Crawled) -> None:
    heads = "\n".join(asked.head for asked in crawled.server.log).lower()
    assert "\ncookie:" not in heads
    assert "\nreferer:" not in heads


def test_exception_to_certificates_is_loud(crawled: Crawled) -> None:
    assert "certificates of tls-excepted.test are NOT verified" in crawled.finished.stderr
    assert crawled.finished.record["insecure_tls_hosts"] == ["tls-excepted.test"]


def test_nothing_that_a_terminal_obeys_is_printed(crawled: Crawled) -> None:
    shown = [run("show", "http://escapes.test/1", "--db", crawled.database)]
    shown += [run("why", "http://escapes.test/1", "--db", crawled.database)]
    for printed in (crawled.finished.stderr, crawled.finished.stdout, *(each.stdout for each in shown)):
        assert not OBEYED.search(printed), OBEYED.search(printed)
    assert all(each.status == 0 for each in shown), shown[0].stderr
    assert not re.search(r"^2026-01-01 \[x\] PALSU", crawled.finished.stderr, re.MULTILINE)


def test_formula_in_a_title_is_text_in_a_spreadsheet(crawled: Crawled) -> None:
    exported = run(
        "export", "articles", "--include-off-topic", "--include-duplicates", "--db", crawled.database
    )
    titles = {row["url"]: row["title"] for row in csv.DictReader(io.StringIO(exported.stdout))}
    [title] = [title for url, title in titles.items() if "formula.test" in url]
    assert title.startswith("'=HYPERLINK")


def test_sql_in_a_page_is_text_in_the_store(crawled: Crawled) -> None:
    [title] = [title for url, title in crawled.titles.items() if "sql.test" in url]
    assert title == "Robert'); DROP TABLE articles;-- %s :x ?"


def test_page_with_the_table_of_attacks_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == table(), f"python -m tests.hostile.table > {PAGE}"
