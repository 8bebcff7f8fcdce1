"""Printing lists: each outlet's markup for an entry and for the paging, RSS 2.0 and Google's news sitemap."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from crawler.demo.layouts.render import pieces
from crawler.demo.printed_time import long_time, short_time, slashed_time
from tests.large_web.outlet_forms import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.demo.story import Story
    from tests.large_web.listings import StoryList


LAYOUTS = Path(__file__).parent / "layouts"


def piece(name: str, /, **given: str) -> str:
    """Return a piece of layouts/_lists.html, filled."""
    return Template(pieces("_lists", LAYOUTS)[name]).substitute(given)


def list_page(page: StoryList) -> bytes:
    """Return one page of a list."""
    entries = "\n".join(piece(f"{page.outlet}_entry", **entry_facts(story)) for story in page.shown)
    return piece(
        "page",
        name=escape(page.title),
        home=FORMS[page.outlet].home,
        list=piece(page.outlet, entries=entries),
        paging=paging(page),
    ).encode()


def paging(page: StoryList) -> str:
    """Return the numbers of the pages around this one, and a link to the next."""
    last = page.number + 1 if page.has_next else page.number
    near = [number for number in range(max(1, page.number - 2), last + 1) if number != page.number]
    links = [paging_link("paging__link", page.page_url(number), str(number)) for number in near]
    if page.has_next:
        links.append(paging_link("paging__link--next", page.page_url(page.number + 1), "Selanjutnya"))
    return " ".join(links)


def paging_link(css_class: str, url: str, text: str) -> str:
    """Return a link of the paging."""
    return f'<a class="{css_class}" href="{escape(url)}">{text}</a>'


def entry_facts(story: Story) -> dict[str, str]:
    """Return what an entry may print of a story, safe in HTML."""
    at = story.published_at
    return {
        "url": escape(story.url),
        "title": escape(story.title),
        "teaser": escape(first_sentence(story)),
        "iso": at.isoformat(),
        "long_time": long_time(at),
        "short_time": short_time(at),
        "slashed_time": slashed_time(at),
        "day": f"{at:%d}/{at:%m}",
    }


def first_sentence(story: Story) -> str:
    """Return the story's lead."""
    return str(getattr(story.blocks[0], "text", ""))


def feed_page(outlet: str, stories: Sequence[Story]) -> bytes:
    """Return an RSS 2.0 feed."""
    items = "\n".join(
        f"<item><title><![CDATA[{story.title}]]></title><link>{escape(story.url)}?utm_source=rss</link>"
        f'<guid isPermaLink="true">{escape(story.url)}</guid>'
        f"<pubDate>{format_datetime(story.published_at)}</pubDate>"
        f"<description><![CDATA[{first_sentence(story)}]]></description></item>"
        for story in stories
    )
    home = FORMS[outlet].home
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>{home}</title><link>https://{home}/</link>
<description>Berita terbaru</description>
{items}
</channel></rss>""".encode()


def sitemap_page(outlet: str, stories: Iterable[Story]) -> bytes:
    """Return a news sitemap."""
    rows = "\n".join(
        f"<url><loc>{escape(story.url)}</loc><news:news><news:publication><news:name>{outlet}</news:name>"
        f"<news:language>id</news:language></news:publication>"
        f"<news:publication_date>{story.published_at.isoformat()}</news:publication_date>"
        f"<news:title>{escape(story.title)}</news:title>"
        f"<news:keywords>{escape(', '.join(story.tags))}</news:keywords></news:news></url>"
        for story in stories
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
{rows}
</urlset>""".encode()


def sitemap_index_page(urls: Iterable[str]) -> bytes:
    """Return an index of sitemaps."""
    rows = "\n".join(f"<sitemap><loc>{escape(url)}</loc></sitemap>" for url in urls)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{rows}
</sitemapindex>""".encode()
