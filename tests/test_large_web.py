"""The large sample web is what it says: its stories are read back exactly, and its truth holds."""

from __future__ import annotations

from collections import Counter
from functools import cache
from urllib.parse import urlsplit

import pytest
from lxml import html
from protego import Protego

from crawler.address import address_of
from crawler.comparing.fingerprint import story_words
from crawler.comparing.likeness import CopyKind, Thresholds, compare, kind, shape_of
from crawler.items import Article, Listing, OutcomeKind, PageKind
from crawler.outlets import outlet_for, outlet_named
from crawler.reading.reader import read_page
from crawler.topic import load_topic
from tests.large_web import large_truth, large_web, listings
from tests.large_web.baseline import breadth_first
from tests.large_web.graph import COPIES, large_graph
from tests.large_web.outlet_forms import FORMS

TRUTH = large_truth()
GRAPH = large_graph()
SITE = large_web()
DAYS = sorted({story.published_at.date() for story in TRUTH.stories.values()})
OFFERED = [
    *((outlet_named(name).tag_page_url("kebocoran data"), PageKind.TAG_PAGE) for name in FORMS),
    *((url, PageKind.DATE_INDEX) for name in FORMS for url in outlet_named(name).date_index_urls(DAYS[0])),
    *((url, PageKind.SITEMAP) for name in FORMS for url in outlet_named(name).news_sitemaps),
    *((url, PageKind.FEED) for name in FORMS for url in outlet_named(name).feeds),
]


def answer(url: str):
    parts = urlsplit(url)
    return SITE.answer(parts.netloc, f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}")


def keys(urls) -> set[str]:
    return {address_of(url).key for url in urls}


def test_it_is_large_enough():
    stories = TRUTH.stories.values()
    assert len(stories) >= 300
    assert {story.outlet for story in stories} == set(FORMS)
    assert len(FORMS) == 8
    assert 0.2 <= len(TRUTH.on_topic) / len(stories) <= 0.25
    assert len({story.incident for story in stories if story.incident}) >= 6
    assert len({story.published_at.year for story in stories if story.on_topic}) >= 4


@pytest.mark.parametrize("name", TRUTH.stories)
def test_a_story_is_read_back_exactly(name):
    story = TRUTH.stories[name]
    item = read_page(answer(story.whole_url).body, story.whole_url)
    assert isinstance(item, Article), item
    assert item.outlet == story.outlet
    assert item.title == story.title
    assert item.body == story.body
    assert item.published_at.replace(second=0) == story.published_at.replace(second=0)
    assert item.authors == story.authors
    printed = [(link.url, link.text) for link in story.links]
    assert [(link.url, link.anchor_text) for link in item.links if link.zone == "body"] == printed


def test_every_alias_shows_its_story():
    for story in TRUTH.stories.values():
        for url in story.aliases:
            page = answer(url)
            assert page.status == 200, url
            assert html.fromstring(page.body).xpath("string(//link[@rel='canonical']/@href)") == story.url, (
                url
            )


def test_all_addresses_of_a_story_have_one_key_and_no_other_story_has_it():
    of_story = {name: keys(story.aliases) for name, story in TRUTH.stories.items()}
    assert {name: found for name, found in of_story.items() if len(found) != 1} == {}
    assert max(Counter(key for found in of_story.values() for key in found).values()) == 1


def test_every_link_leads_somewhere():
    for story in TRUTH.stories.values():
        for href in set(html.fromstring(answer(story.url).body).xpath("//a/@href")) - TRUTH.traps["gone"]:
            outlet = outlet_for(href)
            if outlet.name in FORMS and (outlet.is_article_url(href) or "/tag/" in href):
                assert answer(href).status in (200, 301, 302), f"{href} on {story.url}"


def test_no_two_stories_are_alike_but_the_declared_copies():
    shapes = {
        name: shape_of(story_words(story.body, host=story.outlet).tokens)
        for name, story in TRUTH.stories.items()
    }
    names = list(shapes)
    found = set()
    for number, one in enumerate(names):
        for other in names[:number]:
            likeness = compare(shapes[one], shapes[other])
            if kind(shapes[one], shapes[other], likeness, Thresholds()) is not None:
                found.add((one, other))
            elif TRUTH.stories[one].duplicate_of != other:
                assert likeness.j3 < 0.45, f"{one} and {other} share too many words: {likeness.j3:.2f}"
    assert found == {(f"{name}-salinan", name) for name in COPIES}


def test_copies_stand_on_other_outlets_and_are_near():
    for name, (outlet, _) in COPIES.items():
        copy, original = TRUTH.stories[f"{name}-salinan"], TRUTH.stories[name]
        assert copy.outlet == outlet != original.outlet
        one, other = (shape_of(story_words(s.body, host=s.outlet).tokens) for s in (copy, original))
        assert kind(one, other, compare(one, other), Thresholds()) is CopyKind.NEAR


def test_what_can_be_found_is_consistent():
    roles = {name: TRUTH.stories[name].role for name in TRUTH.on_topic}
    by_role = {role: {name for name in roles if roles[name] == role} for role in roles.values()}
    assert by_role["tunnel"] | by_role["long_tunnel"] | by_role["crossing"] <= TRUTH.by_read_also
    assert not (by_role["listed"] | by_role["behind_listed"]) & TRUTH.by_read_also
    assert by_role["listed"] | by_role["behind_listed"] <= TRUTH.with_discovery
    assert TRUTH.by_read_also < TRUTH.with_discovery
    assert TRUTH.unreachable == by_role["island"] | by_role["forbidden"]
    assert len(by_role["tunnel"]) >= 4
    assert len(by_role["island"]) >= 2


def test_about_half_of_the_lines_on_the_topic_leave_it_and_few_leave_their_outlet():
    leaving = crossing = staying = 0
    for name in TRUTH.on_topic:
        for line in GRAPH.stories[name].read_also:
            target = GRAPH.behind(line.target)
            if target is not None:
                staying += target.on_topic
                leaving += not target.on_topic
                crossing += GRAPH.outlets[target.id] != GRAPH.outlets[name]
    assert 0.4 <= leaving / (leaving + staying) <= 0.6
    assert 0 < crossing / (leaving + staying) <= 0.05


def test_robots_forbids_what_it_should():
    rules = {host: Protego.parse(answer(f"https://{host}/robots.txt").body.decode()) for host in hosts()}
    for story in TRUTH.stories.values():
        may = rules[urlsplit(story.url).netloc].can_fetch(story.url, "bacajuga")
        assert may != (story.url in TRUTH.forbidden), story.url
    assert not rules["www.tribunnews.com"].can_fetch(
        "https://www.tribunnews.com/tag/kebocoran-data", "bacajuga"
    )
    assert rules["www.kompas.com"].can_fetch("https://www.kompas.com/tag/kebocoran-data", "bacajuga")
    assert list(rules["www.detik.com"].sitemaps) == list(listings.NAMED_SITEMAPS["detik"])
    assert TRUTH.forbidden


@cache
def hosts() -> set[str]:
    return {urlsplit(story.url).netloc for story in TRUTH.stories.values()} | {
        form.home for form in FORMS.values()
    }


@pytest.mark.parametrize(("url", "page_kind"), OFFERED)
def test_the_lists_that_the_product_knows_are_there(url, page_kind):
    page = answer(url)
    if url in listings.DEAD_SITEMAPS:
        assert page.status == 404
        return
    assert page.status == 200, f"{url}: serve it in tests/large_web/listings.py"
    wanted = (
        "html"
        if page_kind in (PageKind.TAG_PAGE, PageKind.DATE_INDEX) or url in listings.HTML_FEEDS
        else "xml"
    )
    assert wanted in page.content_type


@pytest.mark.parametrize("outlet", FORMS)
def test_a_tag_page_is_read_back_page_by_page(outlet):
    url = outlet_named(outlet).tag_page_url("kebocoran data")
    wanted = [s for s in listings.listed(GRAPH, outlet) if "kebocoran data" in s.tags]
    assert read_list(url, PageKind.TAG_PAGE, len(wanted)) == [(s.url, s.title) for s in wanted]


@pytest.mark.parametrize("outlet", FORMS)
def test_an_index_by_date_is_read_back_page_by_page(outlet):
    longest, day, url = max(
        (len(page.stories), day, url)
        for day in DAYS
        for url in outlet_named(outlet).date_index_urls(day)
        if (
            page := listings.find_list(
                GRAPH, urlsplit(url).netloc, url.partition(".com")[2] or url.partition(".co")[2]
            )
        )
    )
    assert longest
    read = read_list(url, PageKind.DATE_INDEX, longest)
    assert len(read) == longest
    titles = {s.url: s.title for s in listings.listed(GRAPH, outlet) if s.published_at.date() == day}
    assert set(read) <= set(titles.items())


def read_list(url: str, page_kind: PageKind, most: int) -> list[tuple[str, str]]:
    """Return the addresses and headlines of a list as the product reads it, at most so many."""
    found: list[tuple[str, str]] = []
    following: str | None = url
    while following and len(found) < most:
        item = read_page(answer(following).body, following, kind=page_kind)
        assert isinstance(item, Listing), item
        found += [(link.url, link.anchor_text) for link in item.links]
        following = item.next_page
    return found


def test_sitemaps_hold_the_last_two_days_and_feeds_the_newest():
    for outlet in listings.SITEMAPS.values():
        dates = [story.published_at for story in listings.fresh(GRAPH, outlet)]
        assert dates
        assert all(listings.NOW - at <= listings.FRESH for at in dates)
    for url, page_kind in ((u, PageKind.SITEMAP) for u in listings.SITEMAPS):
        item = read_page(answer(url).body, url, kind=page_kind)
        assert [link.url for link in item.links] == [
            s.url for s in listings.fresh(GRAPH, listings.SITEMAPS[url])
        ]
    for url, outlet in listings.FEEDS.items():
        item = read_page(answer(url).body, url, kind=PageKind.FEED)
        assert keys(link.url for link in item.links) == keys(s.url for s in listings.newest(GRAPH, outlet))


def test_traps_answer_as_they_should():
    assert {answer(url).status for url in TRUTH.traps["gone"]} == {404, 410}
    assert {answer(url).status for url in TRUTH.traps["soft_404"]} == {200}
    for url in TRUTH.traps["loop"]:
        assert answer(url).location in TRUTH.traps["loop"]
    for url in TRUTH.traps["redirect"]:
        while url in TRUTH.traps["redirect"]:
            url = answer(url).location
        assert any(url in story.aliases for story in TRUTH.stories.values())
    walls = [read_page(answer(url).body, url) for url in TRUTH.traps["consent_wall"]]
    assert [(wall.kind, wall.detail) for wall in walls] == [
        (OutcomeKind.BLOCKED, "a consent wall in place of the text: 'menghargai privasi'")
    ] * 3
    assert answer("https://www.tribunnews.com/nasional/2021/05/21/tidak-ada-berita-ini").status == 404
    assert answer("https://www.contoh.id/").status == 502


def test_traps_without_end_lead_on_and_on():
    (session,) = TRUTH.traps["session"]
    (endless,) = TRUTH.traps["endless_list"]
    for url, path in ((session, "//p/strong/a/@href"), (endless, "//div[@class='paging']/a/@href")):
        seen = set()
        for _ in range(10):
            seen.add(url)
            (url,) = html.fromstring(answer(url).body).xpath(path)
        assert len(seen | {url}) == 11
    tag = "https://www.liputan6.com/tag/kebocoran-data"
    assert b"page=101" in answer(f"{tag}?page=100").body


def test_the_topic_is_not_too_easy_and_not_lost():
    topic = load_topic("data-breach")
    on_topic = [s for s in TRUTH.stories.values() if s.on_topic]
    plain = [s for s in on_topic if "data" in s.title.lower() and "bocor" in s.title.lower()]
    assert len(plain) <= 0.75 * len(on_topic)
    wrong = [s.id for s in TRUTH.stories.values() if topic.score_page(s.title, s.body).on_topic != s.on_topic]
    assert len(wrong) <= 0.03 * len(TRUTH.stories)
    missed = [s for s in on_topic if topic.score_headline(s.title) < 0.5]
    assert missed, "a crawl that reads headlines alone must miss some"


@pytest.mark.parametrize("lists", [False, True])
def test_breadth_first_finds_what_there_is_in_the_end(lists):
    curve = breadth_first(GRAPH, lists=lists)
    wanted = TRUTH.by_read_also
    assert curve.recall(len(curve.found), wanted) == 1
    needed = curve.fetches_for(0.95, wanted)
    assert curve.harvest(needed) < 0.3
    assert curve.stories(len(curve.found)) <= TRUTH.on_topic - TRUTH.unreachable
