"""Every answer of the sample web: stories in all their forms, and what stands around them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit
from zlib import crc32

from crawler.demo.addresses import (
    MOBILE_TRIBUN,
    NATIONAL_TRIBUN,
    TAG_HOSTS,
    amp_url,
    outlet_of,
    slug,
    tag_url,
)
from crawler.demo.graph import first_day
from crawler.demo.layouts.render import print_page
from crawler.demo.layouts.view import Anchor, View
from crawler.demo.other_pages import PDF, PLAIN, Page, listing, not_found, robots
from crawler.demo.rabbit_hole import calendar_id
from crawler.demo.trap import TrapKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.demo.graph import Graph
    from crawler.demo.story import Story
    from crawler.demo.trap import Trap

TRACKING = ("utm_", "_ga", "fbclid")


class Site:
    """All pages of one day, by host and path with query."""

    def __init__(self, graph: Graph | None = None) -> None:
        self.graph = graph or first_day()
        self.pages: dict[tuple[str, str], Page] = {}
        for story in self.graph.stories.values():
            self.pages |= dict(self.story_pages(story))
        for trap in self.graph.traps.values():
            parts = urlsplit(trap.url)
            self.pages[parts.netloc, parts.path] = self.trap_page(trap)
        self.hosts = {host for host, _ in self.pages} | set(TAG_HOSTS.values())

    def answer(self, host: str, target: str) -> Page:
        """Return the page at a path with query; unknown parameters count for nothing, as in life."""
        if host not in self.hosts:
            return Page(
                status=502,
                body=f"502: no such host in the sample web: {host}\n".encode(),
                content_type=PLAIN,
            )
        target = without_tracking(target if target.startswith("/") else f"/{target}")
        path = target.partition("?")[0]
        if path == "/robots.txt":
            return Page(body=robots(host).encode(), content_type=PLAIN)
        page = self.pages.get((host, target)) or self.pages.get((host, path))
        return page or self.generated(host, path) or not_found(host)

    def generated(self, host: str, path: str) -> Page | None:
        """Return a page made on demand: a day of the calendar, a listing by tag or section."""
        story = self.graph.story(calendar_id(path) or "")
        if story and (story.host, story.path) == (host, path):
            return dict(self.story_pages(story))[host, path]
        kind, _, name = path.strip("/").partition("/")
        home = NATIONAL_TRIBUN if host == MOBILE_TRIBUN else host
        chosen = [s for s in self.graph.stories.values() if is_listed(s, home, kind, name)]
        # A story that nothing may lead to has tags of its own; their pages exist and are empty.
        shown = [s for s in chosen if s.role == "story"]
        return listing(host, name or kind or host, shown) if chosen else None

    def story_pages(self, story: Story) -> Iterator[tuple[tuple[str, str], Page]]:
        """Give every address of a story, as host and path with query, with its page."""
        layouts = {story.host: layout_for(story)}
        if story.host == NATIONAL_TRIBUN:
            layouts[MOBILE_TRIBUN] = "tribunnews_mobile"
        is_detik = outlet_of(story.host) == "detik"
        for host, layout in layouts.items():
            parts = [self.page(story, host, layout, part) for part in range(1, len(story.parts) + 1)]
            whole = self.page(story, host, layout, 0) if story.whole_page else parts[0]
            yield (host, story.path), parts[0]
            yield (host, f"{story.path}?{'single=1' if is_detik else 'page=all'}"), whole
            for number, page in enumerate(parts, 1):
                yield (host, f"{story.path}{'/' if is_detik else '?page='}{number}"), page
        if outlet_of(story.host) == "tribunnews":
            host, path = urlsplit(amp_url(story.host, story.path))[1:3]
            yield (host, path), self.page(story, host, "tribunnews_amp", 0)

    def page(self, story: Story, host: str, layout: str, part: int) -> Page:
        """Return a part of a story as a page of that host, 0 for the whole."""
        view = self.view(story, f"https://{host}{story.path}", part)
        body = print_page(layout, view).encode()
        return Page(body=body, modified_at=story.modified_at, fails_first=story.fails_first)

    def view(self, story: Story, base: str, part: int) -> View:
        """Return what the layout prints for a part of the story, 0 for the whole."""
        outlet = outlet_of(story.host)
        blocks = story.parts[part - 1] if part else story.blocks
        mine = [s for s in self.graph.stories.values() if outlet_of(s.host) == outlet and s.id != story.id]
        salt = crc32(story.id.encode())
        unseen = [s for s in mine if s.role == "side_only"]
        usual = [s for s in mine if s.role == "story"]
        chosen = [usual[(salt + 7 * n) % len(usual)] for n in range(3)]
        return View(
            story=story,
            base=base,
            part=part,
            parts=len(story.parts),
            part_form="{base}/{part}" if outlet == "detik" else "{base}?page={part}",
            amp=amp_url(story.host, story.path),
            blocks=blocks,
            read_also={line: self.graph.anchor(line) for line in story.read_also},
            side=tuple(Anchor(url=s.url, text=s.title) for s in [*unseen, chosen[0]]),
            popular=tuple(Anchor(url=s.url, text=s.title) for s in [*chosen[1:], *unseen[:1]]),
            tags=tuple(Anchor(url=tag_url(story.host, tag), text=tag) for tag in story.tags),
            sections=self.menu(story.host),
        )

    def menu(self, host: str) -> tuple[Anchor, ...]:
        """Return the menu of a host: its home page and the sections that have stories."""
        named = sorted(
            {
                s.section
                for s in self.graph.stories.values()
                if s.host == host and s.section and s.role == "story"
            }
        )
        home = Anchor(url=f"https://{host}/", text="Home")
        return (
            home,
            *(Anchor(url=f"https://{host}/{name}", text=name.replace("-", " ").title()) for name in named),
        )

    def trap_page(self, trap: Trap) -> Page:
        """Return what an address that is no story answers."""
        host = urlsplit(trap.url).netloc
        match trap.kind:
            case TrapKind.GONE:
                return not_found(host, trap.status)
            case TrapKind.SOFT_404:
                return not_found(host, 200)
            case TrapKind.PDF:
                return Page(body=PDF, content_type="application/pdf")
            case TrapKind.LISTING:
                return self.generated(host, urlsplit(trap.url).path) or not_found(host)
            case TrapKind.REDIRECT | TrapKind.LOOP:
                goal = self.graph.traps.get(trap.leads_to) or self.graph.stories[trap.leads_to]
                return Page(status=trap.status, body=b"", location=goal.url)


def is_listed(story: Story, host: str, kind: str, name: str) -> bool:
    """Whether a story belongs on a listing page: of a tag, a writer, an editor, a section or a whole host."""
    match kind:
        case "tag":
            return outlet_of(story.host) == outlet_of(host) and name in map(slug, story.tags)
        case "penulis":
            return name == slug(" ".join(story.authors)) or name in map(slug, story.authors)
        case "editor":
            return name == slug(" ".join(story.editors))
        case _:
            return story.host == host and not name and kind in ("", story.section)


def without_tracking(url: str) -> str:
    """Return the address without parameters that only count clicks.

    >>> without_tracking("/nasional/x?utm_source=a&page=2")
    '/nasional/x?page=2'
    """
    path, _, query = url.partition("?")
    kept = urlencode([(key, value) for key, value in parse_qsl(query) if not key.startswith(TRACKING)])
    return f"{path}?{kept}" if kept else path


def layout_for(story: Story) -> str:
    """Return the layout that the outlet used when the story was published."""
    match outlet_of(story.host):
        case "tribunnews":
            return "tribunnews" if story.published_at.year > 2020 else "tribunnews_2020"
        case "kompas":
            return "kompas" if story.published_at.year > 2018 else "kompas_2018"
        case "detik":
            return "detik"
        case _:
            return "plain_site"
