"""The attacks: what each server does, and how the visit has to end."""
# ruff: noqa: E501 - a case is easier to read in two lines than in five

from __future__ import annotations

import functools
import gzip
import json
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import brotli

from tests.hostile.server import Answer, Asked, Reset, response
from tests.small_web import STORY

BOMB = 100 * 2**20  # bytes once it is unpacked
MEGABYTE = b"x" * 2**20
TITLE = "Kebocoran data BPJS Kesehatan"
WAITS = ""  # the outcome of a visit that is tried again later

# How the crawl below is run; everything else is as for everyone.
SETTINGS = {
    "DOWNLOAD_TIMEOUT": "20",
    "READ_SECONDS": "3",
    "DISCOVER": "0",
    "MAX_TRIES": "1",
    "MAX_HOST_WAIT": "1",
    "HOST_DELAY": "0",
    "OUTLET_PATIENCE": "8",
    "INSECURE_TLS_HOSTS": "tls-excepted.test",
    "PROGRESS": "off",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One attack; its host is its name, and its page is "/1"."""

    name: str
    group: str
    does: str  # in the table of docs/hostile-pages.md
    outcome: str  # an OutcomeKind, "article", "listing", or WAITS
    detail: str = ""  # a part of the line that tells why
    answer: Answer | None = None
    robots: Answer | None = None
    url: str = ""  # where it is not "http://NAME.test/1"
    ends_at: str = ""  # the address whose end is looked at, where it is another
    resolves_to: tuple[str, ...] = ()  # what its name means, the first time, the second...
    is_link: bool = False  # it is no address to start from: a story links to it
    asked: int | None = None  # how often its page may be asked for

    @property
    def host(self) -> str:
        """The host that answers."""
        return f"{self.name}.test"

    @property
    def address(self) -> str:
        """Where the crawl begins."""
        return self.url or f"http://{self.host}/1"


_large_bodies: list[Callable[[], bytes]] = []


def make_large_bodies() -> None:
    """Make what takes a while, so that no server is slow unless it is to be."""
    for make in _large_bodies:
        make()


def _once(make: Callable[[], bytes]) -> Callable[[], bytes]:
    _large_bodies.append(made := functools.cache(make))
    return made


def page(body: str | bytes, **headers: str) -> Answer:
    """Return the answer with this page."""
    raw = body.encode() if isinstance(body, str) else body
    return lambda asked: iter([response(raw, **headers)])


def story(title: str = TITLE, extra: str = "") -> str:
    """Return a story's page."""
    return STORY.format(title=title, links=extra)


def padded(extra: bytes, before: bytes = b"") -> bytes:
    """Return a story's page with something in it."""
    return (
        story()
        .encode()
        .replace(b"<article>", b"<article>" + before)
        .replace(b"</article>", extra + b"</article>")
    )


def lazily(make: Callable[[], bytes], content_type: str = "text/html; charset=utf-8") -> Answer:
    """Return the answer with a page that is made once, when it is first wanted."""
    made = _once(make)
    return lambda asked: iter([response(made(), Content_Type=content_type)])


def packed(encoding: str, body: Callable[[], bytes]) -> Answer:
    """Return the answer with a packed body."""
    made = _once(body)
    return lambda asked: iter([response(made(), Content_Encoding=encoding)])


def gzip_bomb() -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(bytes(2**20)) for _ in range(BOMB // 2**20)), packer.flush()])


def brotli_bomb() -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join([*(packer.process(bytes(2**20)) for _ in range(BOMB // 2**20)), packer.finish()])


def zstd_bomb() -> bytes:
    from backports import zstd

    packer = zstd.ZstdCompressor()
    return b"".join([*(packer.compress(bytes(2**20)) for _ in range(BOMB // 2**20)), packer.flush()])


def endless(head: bytes, part: bytes, pause: float = 0.0) -> Answer:
    def answer(_: Asked) -> Iterator[bytes]:
        yield head
        while True:
            yield part
            time.sleep(pause)

    return answer


def silent(_: Asked) -> Iterator[bytes]:
    time.sleep(26)
    yield b""


def wordless(_: Asked) -> Iterator[bytes]:
    return iter(())


def reset(_: Asked) -> Iterator[bytes]:
    raise Reset
    yield b""


def reset_in_the_body(_: Asked) -> Iterator[bytes]:
    yield response(story().encode(), Content_Length="99999")
    time.sleep(0.2)
    raise Reset


def next_redirect(asked: Asked) -> Iterator[bytes]:
    number = int(asked.path.strip("/") or 1)
    yield response(status="302 Found", Location=f"/{number + 1}")


def redirect(to: str) -> Answer:
    """Return the answer that leads elsewhere."""
    return page(b"", status="302 Found", Location=to)


def listed(
    *addresses: str, entry: str = "<url><loc>{0}</loc></url>", root: str = "urlset", before: str = ""
) -> bytes:
    """Return a sitemap, or a feed, of addresses."""
    entries = "".join(entry.format(address) for address in addresses)
    return f'<?xml version="1.0" encoding="utf-8"?>{before}<{root}>{entries}</{root}>'.encode()


def xml(body: bytes, content_type: str = "application/xml") -> Answer:
    """Return the answer with a document."""
    return page(body, Content_Type=content_type)


HALVES = json.dumps(
    {
        "@type": "NewsArticle",
        "headline": f"{TITLE}\0\ud800",
        "author": {"name": "Ani\0 \udfffLestari"},
        "articleSection": "Na\0sional\ud800",
        "keywords": ["da\0ta", "bocor\udc00"],
        "image": "http://half-characters.test/a\0\ud800.jpg",
        "description": "Data\ud800\0 bocor",
        "datePublished": "2021-05-21T08:00:00+07:00\0",
        "url": "http://half-characters.test/\0\ud800",
        "inLanguage": "id\0\ud800",
    }
)
INNER = (
    "http://127.0.0.1/a-b-c-1",
    "http://169.254.169.254/latest/a-b-c-2",
    "file:///etc/passwd",
    "ftp://10.0.0.1/a-b-c-3",
)
OWN_ADDRESSES = (
    '<head><base href="http://127.0.0.1/"><meta property="og:url" content="http://127.0.0.1/rahasia"><link rel="amphtml" '
    'href="http://127.0.0.1/amp"><link rel="next" href="http://127.0.0.1/1?page=2"><script type="application/ld+json">'
    '{"@type": "NewsArticle", "url": "http://127.0.0.1/rahasia", "mainEntityOfPage": "http://127.0.0.1/rahasia"}</script>'
)
MARKS = "\u0300\u0316" * 100_000
LAUGHS = "".join(f'<!ENTITY l{n} "{(f"&l{n - 1};" if n else "haha") * 10}">' for n in range(10))
NEWS = "<url><loc>http://jerat.test/data-bpjs-bocor-1</loc><news><title>{0}</title></news></url>"
ATOM = '<title>{0}</title><link rel="next" href="http://127.0.0.1/feed/2"/><entry><title>{0}</title><link href="http://127.0.0.1/a-b-c-d"/></entry>'

HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
ODD_HEAD = b"HTTP/1.1 200 OK\r\nContent-%s: %s\r\nContent-Length: 2\r\n\r\n\x01\x02"
CHUNKED = HTML + b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK = b"100000\r\n" + MEGABYTE + b"\r\n"

# What an AAAA record may hold, where it is not public.
IPV6_FORMS = {
    "::1": "IPv6 loopback", "::ffff:127.0.0.1": "IPv6-mapped", "::ffff:10.0.0.1": "IPv6-mapped, private",
    "fd00::1": "IPv6 private", "fe80::1": "IPv6 link-local", "64:ff9b::a00:1": "NAT64 of 10.0.0.1",
    "64:ff9b:1::a00:1": "NAT64 of the user's own", "2002:a00:1::": "6to4 of 10.0.0.1", "2001:0:1::1": "Teredo",
    "::127.0.0.1": "IPv4-compatible", "ff02::1": "multicast", "2001:db8::1": "documentation",
}  # fmt: skip

PAGES = [
    # --- Bodies ---
    Case(name="endless", group="body", does="a body without an end", outcome="over_limit",
         detail="DOWNLOAD_MAXSIZE", answer=endless(CHUNKED, CHUNK)),
    Case(name="declared-huge", group="body", does="Content-Length of 10 GB", outcome="over_limit",
         detail="DOWNLOAD_MAXSIZE", answer=page(b"x", Content_Length=str(10**10))),
    Case(name="drip", group="body", does="a byte each tenth of a second", outcome="over_limit",
         detail="DOWNLOAD_TIMEOUT", answer=endless(CHUNKED, b"1\r\nx\r\n", 0.1)),
    Case(name="silent", group="body", does="accepts the connection and says nothing", outcome=WAITS,
         detail="no answer in time", answer=silent),
    Case(name="gzip-bomb", group="body", does="100 MB of nothing in gzip", outcome="over_limit",
         detail="once it is unpacked", answer=packed("gzip", gzip_bomb)),
    Case(name="brotli-bomb", group="body", does="100 MB of nothing in brotli", outcome="over_limit",
         detail="once it is unpacked", answer=packed("br", brotli_bomb)),
    Case(name="zstd-bomb", group="body", does="100 MB of nothing in zstd", outcome="over_limit",
         detail="once it is unpacked", answer=packed("zstd", zstd_bomb)),
    Case(name="nested-bomb", group="body", does="a gzip bomb in gzip", outcome="over_limit",
         detail="once it is unpacked",
         answer=packed("gzip, gzip", (lambda: gzip.compress(gzip_bomb(), 1)))),
    Case(name="deflate-bomb", group="body", does="100 MB of nothing in deflate", outcome="over_limit",
         detail="once it is unpacked",
         answer=packed("deflate", (lambda: zlib.compress(bytes(BOMB), 1)))),
    Case(name="broken-gzip", group="body", does="says gzip, and is none", outcome="unreadable",
         detail="not to be unpacked", answer=packed("gzip", (lambda: b"bukan gzip" * 99))),
    Case(name="unknown-packing", group="body", does="packed in a way that nobody asked for",
         outcome="unreadable", detail="packed in a way",
         answer=packed("snappy", (lambda: b"\xff\x06\x00\x00sNaPpY" * 99))),
    Case(name="truncated", group="body", does="half of the body", outcome="server_error",
         detail="answer cut short", answer=page(story(), Content_Length="99999")),
    Case(name="empty", group="body", does="status 200 and no body", outcome="not_a_story", answer=page(b"")),
    Case(name="pdf", group="body", does="a PDF", outcome="unreadable", detail="not a page: application/pdf",
         answer=page(b"%PDF-1.7\n" + MEGABYTE, Content_Type="application/pdf")),
    Case(name="pdf-as-html", group="body", does="a PDF that says it is HTML", outcome="not_a_story",
         answer=page(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 4000)),
    Case(name="picture", group="body", does="a picture", outcome="unreadable",
         detail="not a page: image/png", answer=page(b"\x89PNG\r\n\x1a\n", Content_Type="image/png")),
    Case(name="octets", group="body", does="application/octet-stream", outcome="unreadable",
         detail="not a page", answer=page(story(), Content_Type="application/octet-stream")),
    # --- The protocol ---
    Case(name="wordless", group="protocol", does="hangs up without a word", outcome=WAITS,
         detail="closed without an answer", answer=wordless),
    Case(name="reset", group="protocol", does="resets the connection", outcome=WAITS,
         detail="connection lost", answer=reset),
    Case(name="reset-in-body", group="protocol", does="resets the connection in the middle of the body",
         outcome="server_error", detail="answer cut short", answer=reset_in_the_body),
    Case(name="garbage", group="protocol", does="a status line of garbage", outcome=WAITS,
         detail="not HTTP", answer=lambda asked: iter([b"\x00\xff\x1b[2J garbage\r\n\r\n" + b"x" * 999])),
    Case(name="header-line", group="protocol", does="one header of a megabyte", outcome="over_limit",
         detail="MAX_HEADER_BYTES", answer=lambda asked: iter([HTML + b"X-A: " + MEGABYTE + b"\r\n\r\n"])),
    Case(name="endless-headers", group="protocol", does="headers without an end", outcome="over_limit",
         detail="MAX_HEADER_BYTES", answer=endless(HTML, b"X-Kepala: data bocor\r\n" * 100)),
    Case(name="odd-type", group="protocol", does="terminal escapes for its content type", outcome="unreadable",
         detail="not a page: text/0", answer=lambda asked: iter([ODD_HEAD % (b"Type", b"text/\x9b]0;HACKED\x1b")])),
    Case(name="odd-packing", group="protocol", does="the same for its packing", outcome="unreadable",
         detail="packed in a way", answer=lambda asked: iter([ODD_HEAD % (b"Encoding", b"\x1b[31m")])),
    Case(name="odd-retry", group="protocol", does="a Retry-After that no calendar has", outcome=WAITS, detail="status 429",
         answer=page(b"", status="429 Too Many Requests", Retry_After="Fri, 31 Dec 99999999999999 23:59:59 GMT")),
    Case(name="odd-number", group="protocol", does="a Retry-After of superscript digits", outcome=WAITS, detail="status 429",
         answer=lambda asked: iter([b"HTTP/1.1 429 X\r\nContent-Length: 0\r\nRetry-After: \xb2\r\n\r\n"])),
    Case(name="two-lengths", group="protocol", does="two lengths for one body", outcome=WAITS, detail="not HTTP",
         answer=lambda asked: iter([HTML + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\nxxxxxxx"])),
    Case(name="status-999", group="protocol", does="status 999", outcome="server_error", detail="status 999",
         answer=page(story(), status="999 Aneh")),
    # --- Redirects ---
    Case(name="redirects", group="redirects", does="a redirect to a redirect to..., 10,000 times",
         outcome="over_limit", detail="REDIRECT_MAX_TIMES", ends_at="http://redirects.test/6",
         answer=next_redirect),
    Case(name="circle", group="redirects", does="a redirect to itself", outcome="unreadable",
         detail="in a circle", answer=redirect("/1")),
    Case(name="to-loopback", group="redirects", does="a redirect to 127.0.0.1", outcome="refused",
         detail="not a public address", answer=redirect("http://127.0.0.1/rahasia"),
         ends_at="http://127.0.0.1/rahasia"),
    Case(name="to-metadata", group="redirects", does="a redirect to a cloud's 169.254.169.254", outcome="refused",
         detail="not a public address", answer=redirect("http://169.254.169.254/latest/meta-data/"),
         ends_at="http://169.254.169.254/latest/meta-data/"),
    Case(name="to-file", group="redirects", does="a redirect to file:///etc/passwd", outcome="refused",
         detail="not a web address", answer=redirect("file:///etc/passwd"), ends_at="file:///etc/passwd"),
    Case(name="to-data", group="redirects", does="a redirect to a data: address", outcome="refused",
         detail="not a web address", answer=redirect("data:text/html,<h1>x</h1>"),
         ends_at="data:text/html,%3Ch1%3Ex%3C/h1%3E"),
    Case(name="to-broken", group="redirects", does="a redirect to http://[", outcome="unreadable",
         detail="no address", answer=redirect("http://[::1")),
    Case(name="to-long", group="redirects", does="a redirect to an address of 100 kB", outcome="over_limit",
         detail="URLLENGTH_LIMIT", answer=redirect("/" + "x" * 9000)),
    Case(name="meta-refresh", group="redirects", does="a meta refresh to 127.0.0.1", outcome="not_a_story",
         answer=page('<meta http-equiv="refresh" content="0; url=http://127.0.0.1/rahasia">')),
    Case(name="canonical", group="redirects", does="calls 127.0.0.1 its own address", outcome="article",
         answer=page(story().replace("<head>", '<head><link rel="canonical" href="http://127.0.0.1/rahasia">'))),
    Case(name="own-headers", group="redirects", does="headers that call 127.0.0.1 its own address, and refresh to it", outcome="article",
         answer=page(story(), Link='<http://127.0.0.1/rahasia>; rel="canonical"', Refresh="0; url=http://127.0.0.1/rahasia",
                     Content_Location="http://127.0.0.1/rahasia")),
    Case(name="own-addresses", group="redirects", does="og:url, AMP, JSON-LD and base href of 127.0.0.1", outcome="article",
         answer=page(story(extra='<p>Baca juga: <a href="rahasia-data-bocor">Data BPJS bocor</a></p>').replace("<head>", OWN_ADDRESSES))),
    Case(name="next-page", group="redirects", does="its second part is at 127.0.0.1", outcome="article",
         answer=page(story(extra='<a href="http://127.0.0.1/1?page=2">2</a>'))),
    # --- Markup ---
    Case(name="tags", group="markup", does="2 million tags", outcome="over_limit", detail="MAX_TAGS",
         answer=lazily(lambda: padded(b"<b>" * 2_000_000))),
    Case(name="attributes", group="markup", does="900,000 attributes of one tag", outcome="over_limit",
         detail="MAX_ATTRIBUTES",
         answer=lazily(lambda: padded(b"<p " + b" ".join(b"a%x" % n for n in range(900_000)) + b">"))),
    Case(name="huge-attribute", group="markup", does="an attribute of 7 MB", outcome="article",
         answer=lazily(lambda: padded(b'<p title="' + b"kata " * 1_400_000 + b'">.</p>'))),
    Case(name="nested", group="markup", does="60,000 tags in each other", outcome="over_limit",
         detail="MAX_DEPTH", answer=lazily(lambda: padded(b"<div>" * 60_000))),
    Case(name="long-text", group="markup", does="a story of a million characters", outcome="over_limit",
         detail="MAX_TEXT",
         answer=lazily(lambda: padded(b"".join(b"<p>%d" % n + b" tentang data yang bocor itu" * 20 + b".</p>" for n in range(2_000))))),
    Case(name="links", group="markup", does="5,000 read-also links", outcome="over_limit", detail="MAX_LINKS",
         answer=page(story(extra="".join(
             f'<p>Baca juga: <a href="http://jerat.test/{n}">Data BPJS bocor {n}</a></p>' for n in range(5000))))),
    Case(name="comments", group="markup", does="an open comment, script and CDATA", outcome="article",
         answer=page(padded(b"<!-- <script> <![CDATA[ " + b"<!--" * 1000))),
    # --- Lists ---
    Case(name="entities", group="lists", does="a sitemap of entities in entities: a billion laughs", outcome="listing",
         url="http://entities.test/sitemap.xml",
         answer=xml(listed("&l9;", entry=NEWS, before=f"<!DOCTYPE urlset [{LAUGHS}]>").replace(b"jerat", b"entities"))),
    Case(name="entity-file", group="lists", does="a feed whose entity is file:///etc/passwd", outcome="listing",
         url="http://entity-file.test/feed/",
         answer=xml(listed("&x;", entry=NEWS, before='<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]>').replace(b"jerat", b"entity-file"))),
    Case(name="sitemap-inner", group="lists", does="a sitemap of 127.0.0.1, 169.254.169.254, file: and ftp: addresses",
         outcome="listing", detail="0 stories listed", url="http://sitemap-inner.test/sitemap.xml", answer=xml(listed(*INNER))),
    Case(name="index-inner", group="lists", does="an index of sitemaps at the same places", outcome="listing",
         detail="0 stories listed", url="http://index-inner.test/sitemap.xml",
         answer=xml(listed(*INNER, entry="<sitemap><loc>{0}</loc></sitemap>", root="sitemapindex"))),
    Case(name="feed-next", group="lists", does="a feed that goes on at 127.0.0.1", outcome="listing",
         detail="0 stories listed", url="http://feed-next.test/feed/", answer=xml(listed(TITLE, entry=ATOM, root="feed"))),
    Case(name="packed-sitemap", group="lists", does="sitemap.xml.gz, as it should be", outcome="listing",
         detail="1 stories listed", url="http://packed-sitemap.test/sitemap.xml.gz",
         answer=xml(gzip.compress(listed(TITLE, entry=NEWS).replace(b"jerat", b"packed-sitemap"))
                    , "application/x-gzip")),
    Case(name="packed-bomb", group="lists", does="sitemap.xml.gz, 100 MB of nothing", outcome="over_limit",
         detail="DOWNLOAD_MAXSIZE", url="http://packed-bomb.test/sitemap.xml.gz",
         answer=lazily(gzip_bomb, "application/gzip")),
    Case(name="packed-torn", group="lists", does="sitemap.xml.gz, cut short", outcome="unreadable",
         detail="neither a feed nor a sitemap", url="http://packed-torn.test/sitemap.xml.gz",
         answer=xml(gzip.compress(listed(TITLE, entry=NEWS))[:14], "application/gzip")),
    Case(name="long-sitemap", group="lists", does="a sitemap of 5,000 stories", outcome="listing", detail="MAX_LINKS",
         url="http://long-sitemap.test/sitemap.xml",
         answer=xml(listed(*(f"http://long-sitemap.test/panen-padi-di-karawang-{n}" for n in range(5_000))))),
    Case(name="long-tag-page", group="lists", does="a tag page of 3,000 stories", outcome="listing", detail="MAX_LINKS",
         url="http://long-tag-page.test/tag/bocor",
         answer=page("<html><body><main>" + "".join(
             f'<h3><a href="/panen-padi-di-karawang-{n}">Panen padi di Karawang {n}</a></h3>' for n in range(3_000)))),
    Case(name="sitemap-tags", group="lists", does="a sitemap of 1.9 million tags", outcome="listing", detail="MAX_TAGS",
         url="http://sitemap-tags.test/sitemap.xml", answer=lazily(lambda: listed("<a/>" * 1_900_000, entry="{0}"), "text/xml")),
    Case(name="ampersands", group="lists", does="a sitemap of 8 million ampersands", outcome="listing", detail="MAX_TAGS",
         url="http://ampersands.test/sitemap.xml", answer=lazily(lambda: listed("&" * 8_000_000, entry="{0}"), "text/xml")),
    Case(name="feed-attributes", group="lists", does="a feed's address that gives HTML with 900,000 attributes of one tag",
         outcome="over_limit", detail="MAX_ATTRIBUTES", url="http://feed-attributes.test/feed/",
         answer=lazily(lambda: padded(b"<p " + b" ".join(b"a%x" % n for n in range(900_000)) + b">"))),
    Case(name="sitemap-nul", group="lists", does="NUL bytes and half characters in a sitemap", outcome="listing",
         detail="1 stories listed", url="http://sitemap-nul.test/sitemap.xml",
         answer=xml(listed(f"Data\0 BPJS &#0;&#xD800;&#xFFFE; {TITLE}", entry=NEWS).replace(b"jerat", b"sitemap-nul"))),
    # --- Characters ---
    Case(name="invalid-utf8", group="characters", does="bytes that are no UTF-8", outcome="article",
         answer=page(padded(b"<p>\xff\xfe\xc0\x80\xed\xa0\x80\xf5 data</p>"))),
    Case(name="nul", group="characters", does="NUL bytes in title and text", outcome="article",
         answer=page(story(f"Data\x00 BPJS {TITLE}\x00").replace("Kominfo", "Komi\x00nfo"))),
    Case(name="mixed", group="characters", does="a page half in Latin-1, half in UTF-8", outcome="article",
         answer=page(padded("<p>Caf\u00e9 \u2014 data</p>".encode() + b"<p>Caf\xe9 \x97 data</p>"))),
    Case(name="utf-7", group="characters", does="says it is UTF-7", outcome="article",
         answer=page(story(), Content_Type="text/html; charset=utf-7")),
    Case(name="utf-16", group="characters", does="UTF-16 that says it is UTF-8", outcome="article",
         answer=page(story().encode("utf-16"))),
    Case(name="no-charset", group="characters", does="says its charset is ../../etc", outcome="article",
         answer=page(story(), Content_Type="text/html; charset=../../etc/passwd")),
    Case(name="escapes", group="characters", does="terminal escapes, bidi marks and new lines in the title",
         outcome="article", answer=page(story("Data\x1b]0;HACKED\x07\x1b[31m \u202ekobocor\u202c\n2026-01-01 [x] PALSU"))),
    Case(name="marks", group="characters", does="200,000 accents on one letter", outcome="article",
         answer=lazily(lambda: padded(f'<img alt="a{MARKS}"><meta name="author" content="Ani{MARKS}"><figcaption>{MARKS}</figcaption>'.encode()))),
    Case(name="marked-host", group="characters", does="200,000 accents in the host that a link leads to", outcome="article",
         answer=lazily(lambda: padded(f'<p>Baca juga: <a href="http://x{MARKS}.test/1">Data BPJS bocor</a></p>'.encode()))),
    Case(name="punycode", group="characters", does="4 MB that say they are Punycode", outcome="article",
         answer=lazily(lambda: padded(b"<p>\xff data</p><!-- -" + b"abcdefgh" * 500_000 + b" -->"), "text/html; charset=punycode")),
    Case(name="no-text", group="characters", does="says its charset is zlib", outcome="article",
         answer=page(padded(b"<p>\xff data</p>"), Content_Type="text/html; charset=zlib")),
    Case(name="no-charset-at-all", group="characters", does="says its charset is one of Python's that always fails", outcome="article",
         answer=page(padded(b"<p>\xff data</p>").replace(b"<head>", b'<head><meta charset="undefined">'), Content_Type="text/html")),
    Case(name="half-characters", group="characters", does="NUL bytes and half characters in all that JSON-LD says", outcome="article",
         answer=page(story().replace("<head>", f'<head><script type="application/ld+json">{HALVES}</script>'))),
    Case(name="odd-etag", group="characters", does="an ETag of control characters", outcome="article",
         answer=lambda asked: iter([HTML + b'ETag: "\x01\x7f\xff\xfe"\r\nLast-Modified: \x80\x01\r\n\r\n' + story().encode()])),
    Case(name="odd-location", group="characters", does="a redirect to an address of control and half characters", outcome="gone",
         detail="status 404", answer=lambda asked: iter([b"HTTP/1.1 302 Found\r\nLocation: /2\x01\xed\xa0\x80\xff\r\n\r\n"]),
         ends_at="http://odd-location.test/2%01%ED%A0%80%FF"),
    Case(name="sql", group="characters", does="SQL in every field", outcome="article",
         answer=page(story("Robert'); DROP TABLE articles;-- %s :x ?").replace(
             "<head>", "<head><meta name=author content=\"x'; DELETE FROM pages;--\">"))),
    Case(name="formula", group="characters", does="a spreadsheet formula for a title", outcome="article",
         answer=page(story("=HYPERLINK(&quot;http://x.test&quot;,&quot;data bocor&quot;)"))),
    # --- robots.txt ---
    Case(name="robots-500", group="robots.txt", does="status 500", outcome=WAITS, detail="status 500", asked=0,
         answer=page(story()), robots=page(b"", status="500 Server Error")),
    Case(name="robots-endless", group="robots.txt", does="no end, with a Disallow at its beginning",
         outcome="forbidden", detail="robots.txt", asked=0, answer=page(story()),
         robots=endless(CHUNKED + b"1c\r\nUser-agent: *\nDisallow: /1\n\n\r\n", b"a\r\n# catatan\n\r\n" * 1000)),
    Case(name="robots-html", group="robots.txt", does="an HTML page", outcome="article", answer=page(story()),
         robots=page(story())),
    Case(name="robots-bomb", group="robots.txt", does="a gzip bomb", outcome=WAITS, detail="robots.txt", asked=0,
         answer=page(story()), robots=packed("gzip", gzip_bomb)),
    Case(name="robots-stars", group="robots.txt", does="rules of 60 wildcards", outcome="article",
         url="http://robots-stars.test/" + "a" * 300, answer=page(story()),
         robots=page("User-agent: *\n" + "Disallow: /" + "*a" * 60 + "b$\n", Content_Type="text/plain")),
    Case(name="robots-nul", group="robots.txt", does="NUL bytes and half characters", outcome="article", answer=page(story()),
         robots=page(b"User-agent: *\nDisallow: /\0\xed\xa0\x80\nCrawl-delay: nan\n", Content_Type="text/plain")),
    Case(name="robots-delay", group="robots.txt", does="a Crawl-delay of a hundred years", outcome=WAITS, asked=0, answer=page(story()),
         robots=page(b"User-agent: *\nCrawl-delay: 3153600000\n", Content_Type="text/plain")),
    Case(name="robots-sitemaps", group="robots.txt", does="Sitemap lines of 127.0.0.1", outcome="article", answer=page(story()),
         robots=page(b"Sitemap: http://127.0.0.1/sitemap.xml\nSitemap: file:///etc/passwd\n" * 999, Content_Type="text/plain")),
    Case(name="robots-broken", group="robots.txt", does="a redirect to http://[", outcome=WAITS, asked=0,
         detail="robots.txt", answer=page(story()), robots=redirect("http://[::1")),
    Case(name="robots-loopback", group="robots.txt", does="a redirect to 127.0.0.1", outcome=WAITS, asked=0,
         detail="not a public address", answer=page(story()), robots=redirect("http://127.0.0.1/robots.txt")),
    # --- Names ---
    Case(name="means-loopback", group="names", does="a name that means 127.0.0.1", outcome="refused",
         detail="means-loopback.test (127.0.0.1) is not a public address", resolves_to=("127.0.0.1",), asked=0),
    Case(name="means-private", group="names", does="a name that means 10.0.0.1", outcome="refused",
         detail="(10.0.0.1) is not a public address", resolves_to=("10.0.0.1",), asked=0),
    Case(name="means-metadata", group="names", does="a name that means 169.254.169.254", outcome="refused",
         detail="not a public address", resolves_to=("169.254.169.254",), asked=0),
    Case(name="means-nothing", group="names", does="a name that means 0.0.0.0", outcome="refused",
         detail="not a public address", resolves_to=("0.0.0.0",), asked=0),
    Case(name="rebinds", group="names", does="a name that is public at first, and 127.0.0.1 from then on",
         outcome="article", answer=page(story()), resolves_to=("36.86.63.182", "127.0.0.1")),
    Case(name="ipv6-only", group="names", does="a name that has an IPv6 address only, a public one", outcome="article",
         answer=page(story()), resolves_to=("2404:6800:4003:c00::5e",)),
    *(
        Case(name=f"means-ipv6-{number}", group="names", does=f"a name that means {ip}: {kind}", outcome="refused",
             detail=f"({ip}) is not a public address", resolves_to=(ip,), asked=0)
        for number, (ip, kind) in enumerate(IPV6_FORMS.items())
    ),
    # --- TLS ---
    Case(name="tls-good", group="TLS", does="a certificate of an authority that is trusted", outcome="article",
         url="https://tls-good.test/1", answer=page(story())),
    Case(name="tls-self-signed", group="TLS", does="a certificate signed by itself", outcome="untrusted",
         detail="the certificate of tls-self-signed.test is not to be trusted", asked=0,
         url="https://tls-self-signed.test/1", answer=page(story())),
    Case(name="tls-other-host", group="TLS", does="a certificate for another host", outcome="untrusted",
         detail="not to be trusted", asked=0, url="https://tls-other-host.test/1", answer=page(story())),
    Case(name="tls-expired", group="TLS", does="a certificate that is over", outcome="untrusted",
         detail="not to be trusted", asked=0, url="https://tls-expired.test/1", answer=page(story())),
    Case(name="tls-excepted", group="TLS", does="a certificate signed by itself, excepted by INSECURE_TLS_HOSTS",
         outcome="article", url="https://tls-excepted.test/1", answer=page(story())),
]  # fmt: skip

# Addresses of this machine or the user's network, as a page may write them.
FORMS = {
    "127.0.0.1": "loopback", "127.1": "shortened", "2130706433": "decimal", "0x7f000001": "hexadecimal",
    "0x7f.1": "hexadecimal, shortened", "0177.0.0.1": "octal", "127.0.0.1.": "a dot at its end",
    "[::1]": "IPv6 loopback", "[::ffff:127.0.0.1]": "IPv6-mapped", "[fe80::1%25eth0]": "IPv6 with a zone",
    "[fc00::1]": "IPv6 private", "[64:ff9b::7f00:1]": "NAT64 of loopback", "[2002:7f00:1::]": "6to4 of loopback",
    "10.0.0.1": "private", "192.168.1.1": "private", "172.16.0.1": "private", "100.64.0.1": "carrier-grade NAT",
    "169.254.169.254": "link-local: a cloud's metadata", "224.0.0.1": "multicast", "0.0.0.0": "unspecified",
    "255.255.255.255": "broadcast", "240.0.0.1": "reserved",
    "\uff11\uff12\uff17.0.0.1": "full-width digits", "127\u30020\u30020\u30021": "ideographic full stops",
    "\u2460\u2461\u2466.0.0.1": "digits in circles", "%31%32%37.0.0.1": "escaped digits",
    "printer.local": "multicast DNS", "router.lan": "a local name", "localhost.localdomain": "localhost",
    "www.kompas.com@127.0.0.1": "a user name that looks like a host",
    "127.0.0.1\\@kabar.test": "a backslash",
}  # fmt: skip
ADDRESSES = [
    Case(name=f"form-{number}", group="addresses", does=f"a link to http://{host}/: {kind}", outcome="refused",
         url=f"http://{host}/rahasia/{number}", is_link=True)
    for number, (host, kind) in enumerate(FORMS.items())
]  # fmt: skip
CASES = [*PAGES, *ADDRESSES]
GOOD = [f"http://baik-{number}.test/1" for number in range(3)]
