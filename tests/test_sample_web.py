"""The sample web serves what it declares: every address, every read-also line, every trap."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import socket
import struct
import threading
from collections import Counter
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from lxml import html

from crawler.demo.graph import Graph, first_day
from crawler.demo.rabbit_hole import calendar_story
from crawler.demo.sample_web import SEED, SampleWeb, truth
from crawler.demo.site import Site
from crawler.topic import load_topic

TRUTH = truth()
GRAPH = first_day()
SITE = Site()
LABEL = re.compile(r"^(Baca|Baca juga) ?:", re.IGNORECASE)


class Browser:
    """One keep-alive connection that asks for any host."""

    def __init__(self, web: SampleWeb) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=120)

    def get(self, url: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request("GET", path, headers={"Host": parts.netloc, "User-Agent": "test"} | named)
        response = self.connection.getresponse()
        return response.status, response.headers, response.read()


@pytest.fixture
def web():
    with SampleWeb() as web:
        yield web


@pytest.fixture
def browser(web):
    return Browser(web)


def printed_lines(body: bytes) -> list[tuple[str, str]]:
    """Return the read-also lines of a page as a reader without our reading code finds them."""
    page = html.fromstring(body)
    found = []
    for container in page.cssselect(".txt-article, .read__content, .detail__body-text, .entry-content"):
        label_stood = False
        for block in container.xpath(".//p | .//div[@class='lihatjg']"):
            text = " ".join(block.text_content().split())
            anchors = block.xpath(".//a")
            if anchors and (LABEL.match(text) or (label_stood and len(anchors) == 1)):
                found.append((anchors[0].get("href"), " ".join(anchors[0].text_content().split())))
            label_stood = bool(re.fullmatch(r"Baca juga:", text))
    return found


def test_the_web_is_large_enough():
    stories = [story for story in TRUTH.stories.values() if story.url not in TRUTH.must_not_fetch]
    hosts = {urlsplit(story.url).netloc for story in stories}
    assert len(stories) >= 60
    assert {"www.tribunnews.com", "jakarta.tribunnews.com", "wartakota.tribunnews.com"} <= hosts
    assert {story.outlet for story in stories} >= {"tribunnews", "kompas", "detik"}
    assert {story.incident for story in stories} == {"bpjs-2021", "tokopedia-2020", "pdn-2024", None}


def test_the_seed_is_the_second_page_of_a_story_on_the_mobile_host():
    host, path = urlsplit(SEED).netloc, SEED.partition(".com")[2]
    lines = printed_lines(SITE.answer(host, path).body)
    assert [text for _, text in lines] == [
        "HASIL Investigasi Kominfo Terkait Dugaan Kebocoran Data Pribadi, Diduga Kuat dari BPJS Kesehatan",
        "Kominfo: Fix, Data yang Bocor di Internet Memang Milik BPJS Kesehatan, Direksi Akan Dipanggil",
        "Analis: Bocornya Data BPJS Kesehatan Bukti Lemahnya Perlindungan Data Pribadi di Indonesia",
    ]
    assert SEED in TRUTH.stories["bpjs-blokir"].aliases
    assert TRUTH.stories["bpjs-blokir"].parts == 2


def test_every_address_is_served_with_its_status(browser):
    for (host, path), page in SITE.pages.items():
        url = f"https://{host}{path}"
        for failure in page.fails_first:
            assert browser.get(url)[0] == failure, url
        status, headers, body = browser.get(url)
        assert status == page.status, url
        assert headers["Content-Type"] == page.content_type
        assert body == page.body, url
        assert headers["Location"] == (page.location or None)


def test_every_alias_of_a_story_shows_it():
    for story in TRUTH.stories.values():
        for url in story.aliases:
            parts = urlsplit(url)
            page = SITE.answer(parts.netloc, f"{parts.path}?{parts.query}")
            assert page.status == 200, url
            canonical = html.fromstring(page.body).xpath("string(//link[@rel='canonical']/@href)")
            assert canonical == story.url, url


@pytest.mark.parametrize("name", TRUTH.stories)
def test_read_also_lines_in_the_page_are_the_declared_ones(name):
    story = GRAPH.stories[name]
    declared = [(link.url, link.text) for link in map(GRAPH.anchor, story.read_also)]
    pages = {f"{host}{path}": page for (host, path), page in SITE.story_pages(story)}
    whole = [page for url, page in pages.items() if re.search(r"page=all|single=1|/amp/", url)]
    if story.whole_page:
        assert len(whole) >= 1
        for page in whole:
            assert printed_lines(page.body) == declared
    parts = [SITE.page(story, story.host, "tribunnews", n) for n in range(1, len(story.parts) + 1)]
    assert [line for page in parts for line in printed_lines(page.body)] == declared


def test_side_boxes_and_read_also_lines_lead_to_different_stories():
    declared = {line.target for story in GRAPH.stories.values() for line in story.read_also}
    unseen = {name for name, story in GRAPH.stories.items() if story.role == "side_only"}
    assert unseen
    assert not declared & unseen
    for outlet in {story.outlet for story in TRUTH.stories.values()}:
        pages = [
            SITE.answer(urlsplit(s.url).netloc, urlsplit(s.url).path)
            for s in TRUTH.stories.values()
            if s.outlet == outlet
        ]
        shown = {href for page in pages for href in html.fromstring(page.body).xpath("//a/@href")}
        assert shown & TRUTH.must_not_fetch, (
            f"no side box of {outlet} leads to a story that must not be fetched"
        )


def test_every_link_on_every_page_leads_somewhere():
    dead = TRUTH.gone
    for (host, path), page in SITE.pages.items():
        if page.status != 200 or not page.content_type.startswith("text/html"):
            continue
        for href in html.fromstring(page.body).xpath("//a/@href"):
            parts = urlsplit(href)
            if parts.netloc in SITE.hosts and href not in dead:
                target = f"{parts.path}?{parts.query}"
                assert SITE.answer(parts.netloc, target).status in (200, 301, 302), f"{href} on {host}{path}"


def test_truth_is_consistent():
    reachable = TRUTH.on_topic_reachable
    assert "bpjs-blokir" in reachable
    assert {s.incident for s in reachable.values()} == {"bpjs-2021", "tokopedia-2020", "pdn-2024"}
    regular = {n for n, s in TRUTH.stories.items() if s.on_topic and GRAPH.stories[n].role == "story"}
    assert set(reachable) == regular, (
        "a story of an incident cannot be reached: link to it, or give it a role"
    )
    assert TRUTH.lures
    sets = [TRUTH.must_not_fetch, TRUTH.forbidden, TRUTH.below_floor, TRUTH.gone, TRUTH.soft_404, TRUTH.loops]
    sets += [frozenset(TRUTH.redirects), TRUTH.other_types, TRUTH.listings]
    sets += [story.aliases for story in TRUTH.stories.values() if story.reachable]
    shared = [url for url, times in Counter(url for urls in sets for url in urls).items() if times > 1]
    assert not shared
    assert all(sets)


def test_some_stories_are_reached_only_over_an_off_topic_one():
    on_topic = [s for s in GRAPH.stories.values() if s.on_topic and s.role == "story"]
    direct = {t.id for s in on_topic for line in s.read_also if (t := GRAPH.behind(line.target))}
    assert {"bpjs-rugi", "tokped-sanksi", "kpu-uji", "pdn-lama-2017"} <= {s.id for s in on_topic} - direct


def test_a_copy_repeats_its_original_word_for_word():
    copies = [story for story in TRUTH.stories.values() if story.duplicate_of]
    assert copies
    for copy in copies:
        original = TRUTH.stories[copy.duplicate_of]
        assert copy.body == original.body
        assert urlsplit(copy.url).netloc != urlsplit(original.url).netloc


def test_no_two_other_stories_are_alike():
    def shingles(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower())
        return set(zip(words, words[1:], words[2:], strict=False))

    stories = [story for story in TRUTH.stories.values() if not story.duplicate_of]
    texts = [(story.id, shingles(story.body)) for story in stories]
    for number, (name, one) in enumerate(texts):
        for other, two in texts[:number]:
            assert len(one & two) / len(one | two) < 0.1, f"{name} and {other} share too many words"


def test_on_topic_and_off_topic_are_what_the_topic_says():
    topic = load_topic("data-breach")
    wrong = [s.id for s in TRUTH.stories.values() if topic.score_page(s.title, s.body).on_topic != s.on_topic]
    assert wrong == []


def test_a_story_page_by_page_has_no_whole_page():
    story = GRAPH.stories["bpjs-panggil"]
    whole = SITE.answer(story.host, f"{story.path}?page=all").body
    assert len(story.parts) == 3
    assert whole == SITE.answer(story.host, story.path).body
    assert b"?page=2" in whole
    assert b"page=all" not in whole


def test_a_busy_host_answers_429_with_retry_after_and_then_the_page(browser):
    url = TRUTH.stories["bpjs-forum"].url
    status, headers, _ = browser.get(url)
    assert (status, headers["Retry-After"]) == (429, "2")
    assert browser.get(url)[0] == 200


def test_a_failing_host_answers_503_once(browser):
    url = TRUTH.stories["bpjs-bareskrim"].url
    assert [browser.get(url)[0] for _ in range(3)] == [503, 200, 200]


def test_failures_belong_to_one_run():
    url = TRUTH.stories["bpjs-bareskrim"].url
    for _ in range(2):
        with SampleWeb() as web:
            assert Browser(web).get(url)[0] == 503


def test_a_client_that_goes_away_is_no_error(web, capfd):
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", web.port)) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.sendall(b"GET /nasional HTTP/1.1\r\nHost: www.tribunnews.com\r\n\r\n" * 50)
    assert Browser(web).get(SEED)[0] == 200
    assert capfd.readouterr().err == ""


def test_truth_knows_a_story_by_any_address():
    story = TRUTH.stories["bpjs-forum"]
    for url in ["https://m.tribunnews.com", "http://www.tribunnews.com", "https://www.tribunnews.com"]:
        assert TRUTH.story_at(f"{url}{urlsplit(story.url).path}?utm_source=x") is story
    assert TRUTH.story_at("https://www.tribunnews.com/") is None


def test_redirects_end_at_their_story():
    for url in TRUTH.redirects:
        seen = []
        while url in TRUTH.redirects:
            assert url not in seen
            seen.append(url)
            page = SITE.answer(urlsplit(url).netloc, urlsplit(url).path)
            assert page.location == TRUTH.redirects[url]
            url = page.location
        assert any(url in story.aliases for story in TRUTH.stories.values())


def test_a_loop_never_ends(browser):
    url = min(TRUTH.loops)
    for _ in range(4):
        status, headers, _ = browser.get(url)
        assert status == 302
        url = headers["Location"]
        assert url in TRUTH.loops


def test_robots_closes_the_forbidden_stories_only():
    from protego import Protego

    rules = {host: Protego.parse(SITE.answer(host, "/robots.txt").body.decode()) for host in SITE.hosts}
    for story in TRUTH.stories.values():
        may = rules[urlsplit(story.url).netloc].can_fetch(story.url, "bacajuga")
        assert may != (story.url in TRUTH.forbidden), story.url


def test_other_answers(browser):
    assert browser.get(min(TRUTH.other_types))[1]["Content-Type"] == "application/pdf"
    assert [browser.get(url)[0] for url in sorted(TRUTH.gone)] == [404, 410]
    status, _, body = browser.get(min(TRUTH.soft_404))
    assert status == 200
    assert b"tidak ditemukan" in body
    assert browser.get("https://www.tribunnews.com/nasional/2021/05/21/tidak-ada")[0] == 404
    assert browser.get("https://www.example.org/")[0] == 502


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
def test_an_unchanged_page_is_answered_with_304(browser, header):
    url = TRUTH.stories["bpjs-analis"].url
    _, headers, _ = browser.get(url)
    condition = {"ETag": "If_None_Match", "Last-Modified": "If_Modified_Since"}[header]
    status, _, body = browser.get(url, **{condition: headers[header]})
    assert (status, body) == (304, b"")
    assert browser.get(url, If_None_Match='"other"')[0] == 200


def test_pages_are_packed_for_clients_that_can(browser):
    url = TRUTH.stories["bpjs-analis"].url
    _, _, plain = browser.get(url)
    _, headers, packed = browser.get(url, Accept_Encoding="gzip, deflate")
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed) == plain


def test_the_rabbit_hole_has_no_end(browser):
    story = calendar_story("kalender-2021-05-22")
    url = story.url
    for _ in range(20):
        assert TRUTH.is_in_rabbit_hole(url)
        status, _, body = browser.get(url)
        assert status == 200
        ((following, _),) = printed_lines(body)
        assert following > url
        url = following


def test_the_log_says_who_asked_for_what(tmp_path):
    file = tmp_path / "access.jsonl"
    with SampleWeb(log_file=file) as web:
        Browser(web).get(SEED)
        (hit,) = web.log
    assert (hit.url, hit.status, hit.user_agent) == (SEED, 200, "test")
    assert json.loads(file.read_text())["path"] == hit.path


def test_many_clients_at_once_get_their_own_pages(web):
    wrong = []

    def visit(urls: list[str]) -> None:
        browser = Browser(web)
        for url in urls:
            _, _, body = browser.get(url)
            if url.encode() not in body:
                wrong.append(url)

    urls = [story.url for story in TRUTH.stories.values() if story.id not in TRUTH.fails_first]
    threads = [threading.Thread(target=visit, args=(urls[n::8],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(web.log) == len(urls)


def test_another_day_can_take_over(web):
    browser = Browser(web)
    edited, deleted = GRAPH.stories["bpjs-analis"], GRAPH.stories["coto-resep"]
    _, before, _ = browser.get(edited.url)
    stories = {name: story for name, story in GRAPH.stories.items() if name != deleted.id}
    stories |= {edited.id: replace(edited, title="Analis: Data Bocor Bukan yang Terakhir")}
    stories = {
        name: replace(
            story,
            parts=tuple(tuple(b for b in p if getattr(b, "target", "") != deleted.id) for p in story.parts),
        )
        for name, story in stories.items()
    }
    web.turn_to(Site(Graph(stories=stories)))
    status, after, body = browser.get(edited.url, If_None_Match=before["ETag"])
    assert status == 200
    assert after["ETag"] != before["ETag"]
    assert b"Bukan yang Terakhir" in body
    assert browser.get(deleted.url)[0] == 404
