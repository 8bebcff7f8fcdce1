"""Feeds and sitemaps: read whatever their faults, no further than a list goes, and without harm."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import Article, Listing, Outcome, OutcomeKind, PageKind
from crawler.reading.limits import DEFAULT_LIMITS, ReadingLimits
from crawler.reading.reader import read_page
from tests.test_cli import Ran

TAG = "https://www.kompas.com/tag/kebocoran-data"
SITEMAP = "https://www.tribunnews.com/nasional/sitemap-news.xml"
FEED = "https://www.antaranews.com/rss/terkini"
ITEM = (
    "<item><title>{title}</title><link>https://www.antaranews.com/berita/41700{n:02}/kabar</link>"
    "<pubDate>Thu, 27 Jun 2024 09:12:00 +0700</pubDate></item>"
)


def listing(content: bytes | str, url: str, kind: PageKind = PageKind.TAG_PAGE) -> Listing:
    item = read_page(content, url, kind=kind)
    assert isinstance(item, Listing), item
    return item


def headlines(content: bytes | str, url: str, kind: PageKind = PageKind.TAG_PAGE) -> list[str]:
    return [link.anchor_text for link in listing(content, url, kind).links]


def rss(*titles: str, head: str = '<?xml version="1.0"?>') -> str:
    items = "".join(ITEM.format(title=title, n=n) for n, title in enumerate(titles))
    return f"{head}<rss version='2.0'><channel><title>Antara</title>{items}</channel></rss>"


@pytest.mark.parametrize(
    "content",
    [
        rss("Kabar dari balai kota"),
        rss("Kabar dari balai kota").encode("utf-16"),
        b"\xef\xbb\xbf  \n" + rss("Kabar dari balai kota").encode(),
        gzip.compress(rss("Kabar dari balai kota").encode()),
        rss("Kabar dari balai kota", head=""),
        rss("Kabar dari\x00 balai\x0b kota"),
        rss("<![CDATA[Kabar dari balai kota]]>"),
        rss("Kabar&nbsp;dari balai kota"),
        rss("<!-- a -->Kabar dari balai kota"),
        rss("Kabar dari balai kota").removesuffix("</channel></rss>"),
        rss("Kabar dari balai kota")[:-60],
        rss("Kabar dari balai kota", head="<!-- <urlset> --><?xml-stylesheet href='a.xsl'?><!DOCTYPE rss>"),
        rss("Kabar dari balai kota").replace("<title>Kabar", "<media:title>x</media:title><title>Kabar"),
    ],
)
def test_feed_is_read_whatever_its_faults(content: bytes | str) -> None:
    assert headlines(content, FEED, PageKind.FEED) == ["Kabar dari balai kota"]
    assert listing(content, FEED, PageKind.SITEMAP).kind is PageKind.FEED  # by what it is


def test_text_with_signs_of_markup_stays_text() -> None:
    titles = ["Untung & rugi", "5 &lt; 7", "&amp;quot;Aman&amp;quot;", "<![CDATA[A & B <b>bocor</b>]]>"]
    assert headlines(rss(*titles), FEED, PageKind.FEED) == ["Untung & rugi", "5 < 7", '"Aman"', "A & B bocor"]


PIECES = (
    "<urlset>", "<url><loc>", "https://www.kompas.com/read/2021/05/21/10150037/x", "</loc></url>", "<rss>",
    "<channel>", "<item>", "<link>", "</item>", "<![CDATA[", "]]>", "&", "&#0;", "<feed xmlns='x:y'>",
    "<entry>", "<title>", "\x00", "<a href='/read/2021/05/21/10150037/x'>", "<li>", "<!--", "<?xml",
    "<!DOCTYPE a [", "]>", "<h2>", "<time datetime='2021-05-21T10:15'>", "<a rel=next href='?page=2'>",
)  # fmt: skip
BOMB = '<!DOCTYPE rss [<!ENTITY a "bom"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    "head",
    [BOMB, f"<!DOCTYPE rss>{BOMB}", BOMB.replace('"bom"', "'bom]>'"), f'<?xml version="1.0"?>\n{BOMB}'],
)
def test_entities_of_a_document_are_never_expanded(head: str) -> None:
    found = read_page(rss("Kabar &b;&f; kota", head=head), FEED, kind=PageKind.FEED)
    told = found.links[0].anchor_text if isinstance(found, Listing) and found.links else ""
    assert "bom" not in told
    assert Path("/etc/hostname").read_text().strip() not in told


def test_packed_bomb_is_unpacked_no_further_than_is_read() -> None:
    packed = gzip.compress(b"<urlset>" + b" " * (4 * DEFAULT_LIMITS.download_maxsize))
    assert len(packed) < 100_000
    item = read_page(packed, SITEMAP, kind=PageKind.SITEMAP)
    assert isinstance(item, Outcome)
    assert item.kind is OutcomeKind.OVER_LIMIT
    assert item.detail.startswith("DOWNLOAD_MAXSIZE: the list, once it is unpacked")


ROW = "<url><loc>https://www.tribunnews.com/nasional/9{:06}/x</loc></url>"
FEED_ROW = "<item><title>Data bocor</title><link>https://www.tribunnews.com/nasional/9{:06}/x</link></item>"
ENTRY = "<h3><a href='https://www.tribunnews.com/nasional/9{:06}/x'>Data bocor lagi di sini</a></h3>"


@pytest.mark.parametrize(
    ("form", "entry", "kind"),
    [
        ("<urlset>{}</urlset>", ROW, PageKind.SITEMAP),
        ("<rss><channel>{}</channel></rss>", FEED_ROW, PageKind.FEED),
        ("<html><body><main>{}</main></body></html>", ENTRY, PageKind.TAG_PAGE),
    ],
)
@pytest.mark.parametrize(("entries", "taken"), [(30, 30), (31, 30)])
def test_list_that_is_too_long_is_read_in_part_and_says_so(
    form: str, entry: str, kind: PageKind, entries: int, taken: int
) -> None:
    content = form.format("".join(map(entry.format, range(entries))))
    item = read_page(content, SITEMAP, kind=kind, limits=ReadingLimits(max_links=30))
    assert isinstance(item, Listing)
    assert len(item.links) == taken
    assert item.over_limit.startswith("MAX_LINKS: ") is (entries > taken)


def test_document_of_too_many_tags_is_read_in_part_and_says_so() -> None:
    content = "<urlset>" + "".join(map(ROW.format, range(30))) + "<a/>" * 100 + "</urlset>"
    item = read_page(content, SITEMAP, kind=PageKind.SITEMAP, limits=ReadingLimits(max_tags=150))
    assert isinstance(item, Listing)
    assert len(item.links) == 30
    assert item.over_limit.startswith("MAX_TAGS: ")


@pytest.mark.parametrize(
    "content", [b"", "<html><title>Kabar</title></html>", b"\x1f\x8bgzip", '{"a": 1}', "<svg/>"]
)
def test_what_is_neither_feed_nor_sitemap_says_so(content: bytes | str) -> None:
    item = read_page(content, FEED, kind=PageKind.FEED)
    assert isinstance(item, Outcome)
    assert item.kind is OutcomeKind.UNREADABLE
    assert item.detail.startswith("neither a feed nor a sitemap: ")


@settings(max_examples=150, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300),
        st.lists(
            st.sampled_from(PIECES),
            max_size=40,
        ).map("".join),
    ),
    kind=st.sampled_from(list(PageKind)),
)  # fmt: skip
def test_any_content_of_any_kind_is_read_without_raising(content: bytes | str, kind: PageKind) -> None:
    for url in (TAG, SITEMAP, "https://kabarcontoh.test/tag/data"):
        assert isinstance(read_page(content, url, kind=kind), Article | Listing | Outcome)


def test_command_tells_a_feed_by_its_content(tmp_path: Path) -> None:
    page = tmp_path / "feed"
    page.write_text(rss("Kabar dari balai kota"))
    record = json.loads(Ran("read", str(page), "--url", "https://www.antaranews.com/apa-saja").out)
    assert (record["kind"], record["links"][0]["anchor_text"]) == ("feed", "Kabar dari balai kota")
