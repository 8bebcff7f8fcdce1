"""What the sample web answers where there is no story: listings, "not found", robots.txt, a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from crawler.demo.addresses import outlet_of

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.demo.story import Story

HTML = "text/html; charset=UTF-8"
PLAIN = "text/plain; charset=UTF-8"
CLOSED = {
    "tribunnews": ("/search", "/tag/", "/topic/", "/komentar/"),
    "kompas": ("/pratinjau/", "/komentar/"),
    "detik": ("/search/",),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What one address answers."""

    body: bytes
    status: int = 200
    content_type: str = HTML
    location: str = ""
    modified_at: datetime | None = None
    fails_first: tuple[int, ...] = ()  # statuses of the first visits, before this page is given


def listing(host: str, name: str, stories: list[Story]) -> Page:
    """Return a page that lists stories, newest first."""
    title = name.replace("-", " ").title()
    rows = "\n".join(
        f'<li class="ptb15"><h3 class="f16 fbo"><a href="{escape(s.url)}">{escape(s.title)}</a></h3></li>'
        for s in sorted(stories, key=lambda s: s.published_at, reverse=True)
    )
    return Page(
        body=f"""<!DOCTYPE html>
<html lang="id"><head><meta charset="utf-8"><title>Berita {escape(title)} Terbaru Hari Ini</title>
<meta property="og:type" content="website"></head>
<body><div class="content"><h1>{escape(title)}</h1>
<ul class="lsi">{rows}</ul></div></body></html>""".encode(),
        modified_at=max(s.modified_at for s in stories) if stories else None,
    )


def not_found(host: str, status: int = 404) -> Page:
    """Return the outlet's page for an address that leads nowhere."""
    body = f"""<!DOCTYPE html>
<html lang="id"><head><meta charset="utf-8"><title>Halaman Tidak Ditemukan - {host}</title></head>
<body><div class="notfound"><h1>Halaman Tidak Ditemukan</h1>
<p>Maaf, halaman yang Anda cari tidak ditemukan atau telah dihapus.</p>
<a href="https://{host}/">Kembali ke beranda</a></div></body></html>"""
    return Page(status=status, body=body.encode())


def robots(host: str) -> str:
    """Return the host's robots.txt."""
    closed = CLOSED.get(outlet_of(host), ("/premium/", "/wp-admin/"))
    rules = "".join(f"Disallow: {path}\n" for path in closed)
    delay = "" if outlet_of(host) in CLOSED else "Crawl-delay: 0.2\n"
    return f"User-agent: *\n{rules}{delay}\nSitemap: https://{host}/sitemap.xml\n"


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
