"""Every answer of the large web, made when it is asked for."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.demo.addresses import MOBILE_TRIBUN, NATIONAL_TRIBUN, amp_url, slug
from crawler.demo.layouts.render import print_page
from crawler.demo.layouts.view import Anchor, View
from crawler.demo.other_pages import PLAIN, Page, not_found
from crawler.demo.printed_time import DAYS, MONTHS
from crawler.demo.rabbit_hole import calendar_id
from crawler.demo.site import without_tracking
from tests.large_web import listings
from tests.large_web.graph import LargeGraph, large_graph
from tests.large_web.list_pages import LAYOUTS, feed_page, list_page, sitemap_index_page, sitemap_page
from tests.large_web.outlet_forms import FORMS, dateline_for, outlet_of_host
from tests.large_web.trap_pages import trap_page

if TYPE_CHECKING:
    from crawler.demo.story import Story

XML = "application/xml; charset=UTF-8"
RSS = "application/rss+xml; charset=UTF-8"


class LargeSite:
    """The pages of the large web, by host and path with query."""

    def __init__(self, graph: LargeGraph) -> None:
        self.graph = graph
        self.at: dict[tuple[str, str], Story] = {}
        for story in self.graph.stories.values():
            self.at[story.host, story.path] = story
        self.traps = {urlsplit(trap.url)[1:3]: trap for trap in self.graph.traps.values() if trap.url}
        # Furniture leads to no story that must be found in another way.
        self.shown = {
            name: [s for s in self.graph.of_outlet(name) if self.graph.roles.get(s.id, "story") == "story"]
            for name in FORMS
        }

    def answer(self, host: str, target: str) -> Page:
        """Return the page at a path with query; unknown parameters count for nothing, as in life."""
        if outlet_of_host(host) is None:
            return Page(
                status=502, body=f"502: no such host in the large web: {host}\n".encode(), content_type=PLAIN
            )
        target = without_tracking(target if target.startswith("/") else f"/{target}").replace("%2F", "/")
        path, _, query = target.partition("?")
        if path == "/robots.txt":
            return Page(body=listings.robots(host).encode(), content_type=PLAIN)
        if trap := self.traps.get((host, path)):
            return trap_page(self.graph, trap, host, query, lambda story: self.print_story(story, host, 0))
        return self.story_page(host, path, query) or self.list_page(host, target) or not_found(host)

    def story_page(self, host: str, path: str, query: str) -> Page | None:
        """Return a story, or the part of it that the address asks for."""
        is_amp = path.startswith("/amp/") and outlet_of_host(host) == "tribunnews"
        plain = path.removeprefix("/amp") if is_amp else path
        home = NATIONAL_TRIBUN if host == MOBILE_TRIBUN else host
        part = 1
        last = plain.rpartition("/")[2]
        if outlet_of_host(host) == "detik" and last.isdigit() and len(last) < 3:
            plain, part = plain.rpartition("/")[0], int(last)
        story = self.at.get((home, plain)) or self.graph.story(calendar_id(plain) or "")
        if story is None or (story.host, story.path) != (home, plain):
            return None
        form = FORMS[outlet_of_host(home) or ""]
        if is_amp or (form.whole and form.whole in query.split("&")):
            part = 0
        elif query.startswith("page=") and query[5:].isdigit():
            part = int(query[5:])
        if part > len(story.parts):
            return None
        layout = "tribunnews_amp" if is_amp else "tribunnews_mobile" if host == MOBILE_TRIBUN else None
        body = self.print_story(story, host, part, layout)
        return Page(body=body, modified_at=story.modified_at, fails_first=story.fails_first)

    def list_page(self, host: str, target: str) -> Page | None:
        """Return a list of stories: HTML, feed or sitemap."""
        url = f"https://{host}{target}"
        if url in listings.FEEDS:
            outlet = listings.FEEDS[url]
            return Page(body=feed_page(outlet, listings.newest(self.graph, outlet)), content_type=RSS)
        if url in listings.SITEMAPS:
            outlet = listings.SITEMAPS[url]
            return Page(body=sitemap_page(outlet, listings.fresh(self.graph, outlet)), content_type=XML)
        if url in listings.SITEMAP_INDEXES:
            return Page(body=sitemap_index_page(listings.SITEMAP_INDEXES[url]), content_type=XML)
        if url in listings.HTML_FEEDS or target in ("/", ""):
            return Page(body=self.front_page(listings.HTML_FEEDS.get(url) or outlet_of_host(host) or ""))
        found = listings.find_list(self.graph, host, target)
        if found is None:
            return None
        fails = (503,) if (host, target) == listings.SLOW_TAG else ()
        return Page(body=list_page(found), fails_first=fails)

    def front_page(self, outlet: str) -> bytes:
        """Return the outlet's front page."""
        shown = tuple(self.shown[outlet][:8])
        front = listings.StoryList(
            outlet=outlet,
            kind="front",
            title=outlet,
            address=f"https://{FORMS[outlet].home}/",
            stories=shown,
            number=1,
        )
        return list_page(front)

    def print_story(self, story: Story, host: str, part: int, layout: str | None = None) -> bytes:
        """Return a part of a story as a page of that host, 0 for the whole."""
        form = FORMS[outlet_of_host(host) or ""]
        folder = None if form.is_bundled else LAYOUTS
        return print_page(
            layout or form.layout, self.view(story, host, part), folder, facts_of(story)
        ).encode()

    def view(self, story: Story, host: str, part: int) -> View:
        """Return what the layout prints."""
        outlet = outlet_of_host(host) or ""
        others = [other for other in self.shown[outlet] if other.id != story.id]
        first = len(story.title) % max(1, len(others) - 4)
        home = FORMS[outlet].home
        return View(
            story=story,
            base=f"https://{host}{story.path}",
            part=part,
            parts=len(story.parts),
            part_form="{base}/{part}" if outlet == "detik" else "{base}?page={part}",
            amp=amp_url(story.host, story.path),
            blocks=story.parts[part - 1] if part else story.blocks,
            read_also={line: self.graph.anchor(line) for line in story.read_also},
            side=tuple(Anchor(url=s.url, text=s.title) for s in others[first : first + 2]),
            popular=tuple(Anchor(url=s.url, text=s.title) for s in others[first + 2 : first + 4]),
            tags=tuple(Anchor(url=f"https://{home}/tag/{slug(tag)}", text=tag) for tag in story.tags),
            sections=(Anchor(url=f"https://{home}/", text="Beranda"),),
        )


def facts_of(story: Story) -> dict[str, str]:
    """Return what the layouts of the large web print beside the facts of crawler.demo."""
    at = story.published_at
    outlet = outlet_of_host(story.host) or ""
    opening = dateline_for(outlet, story.dateline_host, story.place)
    day = f"{at.day:02} {MONTHS[at.month - 1]} {at.year}"
    return {
        "dateline": opening,
        "dateline_name": opening.removesuffix(" -"),
        "spaced_time": f"{DAYS[at.weekday()]} {day} {at:%H:%M} WIB",
        "short_day": f"{at.day} {MONTHS[at.month - 1]} {at.year}",
        "clock": f"{at:%H:%M}",
        "year": str(at.year),
    }


@cache
def large_web(draw: int = 0) -> LargeSite:
    """Return the large web, to be served by ``SampleWeb(site=large_web())``."""
    return LargeSite(large_graph(draw))
