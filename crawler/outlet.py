"""What an outlet is: how its addresses tell its stories, and where things stand on its pages."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import quote, urlsplit

from crawler.items import Article, Item, Outcome, OutcomeKind, PageKind
from crawler.reading import fields
from crawler.reading.blocks import Block, collect_blocks
from crawler.reading.closing import split_closing
from crawler.reading.datelines import dateline_of
from crawler.reading.dates import WIB
from crawler.reading.furniture import is_furniture
from crawler.reading.index_page import is_index_page, is_list_of_links
from crawler.reading.listing import read_html_listing
from crawler.reading.listing_pages import next_listing_page
from crawler.reading.obstacles import consent_wall, obstacle
from crawler.reading.read_also import Split, is_teaser, split_read_also
from crawler.reading.structured_data import is_live_ticker
from crawler.reading.tag_links import tag_links
from crawler.urls import (
    address_key,
    canonical_url,
    host_of,
    is_home_page,
    path_of,
    trusted_canonical,
    with_query,
    without_archive,
    without_paging,
)

if TYPE_CHECKING:
    import datetime as dt
    from datetime import datetime, timezone

    from lxml.html import HtmlElement

    from crawler.items import PageKind
    from crawler.reading.bylines import Credits
    from crawler.reading.page import Page, Rules

_NOT_STORY_PATH = re.compile(
    r"^/(?:[\w-]+/)?(?:tags?|topi[ck]|topik-\w+|indeks?|index(?!\.)|index-news|search|cari|author|penulis|editor|profile?|login|masuk|"
    r"register|daftar|subscribe|rss|feed|sitemap|kontak|contact|tentang-kami|about(?:-us)?|redaksi|pedoman[\w-]*|"
    r"disclaimer|privacy[\w-]*|terms[\w-]*|karir|advertise|wp-admin|wp-login)(?:[/.]|$)",
    re.IGNORECASE,
)
_MEDIA_PATH = re.compile(
    r"/(?:foto|photos?|galeri|gallery|videos?|live|live-report|livestreaming|streaming|infografis|tv)/",
    re.IGNORECASE,
)
_EMBEDS = ("blockquote.instagram-media", "blockquote.tiktok-embed", "div.fb-post")
_NAMED_PAGE = re.compile(r"(?:^|&)(?:page|halaman|hal|p)=(\d{1,3})(?:&|$)", re.IGNORECASE)


class Outlet:
    """One outlet: its rules are class attributes, and its few exceptions are methods.

    A rule is a tuple, so that several layouts stand side by side: the first entry that finds something on a
    page counts. ``crawler.reading.page.Page`` tells what an entry may be.
    """

    name: ClassVar[str] = ""  # the module's name; set when the module is loaded
    title: ClassVar[str] = ""  # as people know it
    hosts: ClassVar[tuple[str, ...]] = ()  # domains, subdomains included
    delay: ClassVar[float] = 1.0  # seconds between two requests to one of its hosts

    # Addresses. A pattern is searched in "host/path"; what its groups hold makes the article's id.
    article_id: ClassVar[tuple[str, ...]] = ()
    not_stories: ClassVar[tuple[str, ...]] = ()
    whole_story: ClassVar[str | None] = None  # the query that gives a story in pages at once: "page=all"
    page_param: ClassVar[str | None] = "page"  # a later page's query parameter; None: its last path segment
    page_step: ClassVar[int] = 1  # of those numbers: more than 1 where they count paragraphs, /5, /10

    # Where things stand.
    headline: ClassVar[Rules] = ("h1",)
    deck: ClassVar[Rules] = ()
    date: ClassVar[Rules] = ()
    modified: ClassVar[Rules] = ("ld:dateModified",)
    author: ClassVar[Rules] = ()
    editor: ClassVar[Rules] = ()
    byline: ClassVar[Rules] = ()  # places that name several roles at once: "Reporter: X Editor: Y"
    body: ClassVar[Rules] = ()
    noise: ClassVar[Rules] = ()
    read_also: ClassVar[Rules] = ()  # elements that hold nothing but read-also links
    tags: ClassVar[Rules] = ()
    image: ClassVar[Rules] = ("meta:og:image",)
    caption: ClassVar[Rules] = ()
    caption_noise: ClassVar[Rules] = ()  # the photographer's credit, where it stands in the caption's element
    section: ClassVar[Rules] = ()
    zone: ClassVar[timezone] = WIB  # of times printed without one
    zone_lies: ClassVar[bool] = False  # its metadata's offsets are wrong: the clock is the zone's own

    # Lists of its stories, where it has them.
    tag_page: ClassVar[str | None] = None  # "https://www.contoh.id/tag/{slug}"
    # "https://www.contoh.id/indeks?date={day:%Y-%m-%d}"; without a day in it, the list of the latest.
    date_index: ClassVar[tuple[str, ...]] = ()
    news_sitemaps: ClassVar[tuple[str, ...]] = ()
    feeds: ClassVar[tuple[str, ...]] = ()
    entries: ClassVar[Rules] = ()  # one element an entry, or its link
    entry_date: ClassVar[Rules] = ()  # inside an entry
    list_page: ClassVar[str | None] = None  # "page={}": a later page of a list that prints no paging
    last_list_page: ClassVar[int | None] = None  # where later ones repeat it

    # Addresses ---------------------------------------------------------------------------------------------

    def article_key(self, url: str) -> str:
        """Return the identity of the story at an address: the outlet's id, else the canonical address."""
        found = self.find_id(url)
        return f"{self.name}:{found}" if found else address_key(url)

    def find_id(self, url: str) -> str | None:
        """Return the outlet's own id of the story at an address."""
        place = _place(url)
        for pattern in self.article_id:
            match = re.search(pattern, place)
            if match:
                return "/".join(group for group in match.groups() if group) or match[0]
        return None

    def is_article_url(self, url: str) -> bool:
        """Say whether the address is, by its form, a story's."""
        if self.is_listing_url(url):
            return False
        if self.article_id:
            return self.find_id(url) is not None
        return path_of(url).count("-") >= 3

    def is_listing_url(self, url: str) -> bool:
        """Say whether the address is, by its form, no story: a front, index, tag, search or media page."""
        if is_home_page(url) or _NOT_STORY_PATH.match(path_of(url)):
            return True
        place = _place(url)
        return any(re.search(pattern, place) for pattern in self.not_stories)

    def page_kind(self, url: str) -> PageKind:
        """Return what is to be expected at an address that a person gives."""
        if not self.is_listing_url(url):
            return PageKind.STORY
        path = path_of(url)
        if re.search(r"sitemap", path, re.IGNORECASE):
            return PageKind.SITEMAP
        if re.search(r"/(?:rss|feed|atom)(?:[/._-]|$)|\.rss$", path, re.IGNORECASE):
            return PageKind.FEED
        is_tag = re.search(r"/(?:tags?|topi[ck]\w*)/", f"{path}/", re.IGNORECASE)
        return PageKind.TAG_PAGE if is_tag else PageKind.DATE_INDEX

    def canonical(self, url: str) -> str:
        """Return the story's own address, on the desktop host and without paging and tracking."""
        return canonical_url(url)

    def page_number(self, url: str) -> int:
        """Return which part of a story the address asks for; 1 for the first or the whole."""
        parts = urlsplit(url)
        if self.page_param is None:
            match = re.search(r"/(\d{1,2})/?$", parts.path)
        else:
            match = _NAMED_PAGE.search(parts.query)
        number = int(match[1]) if match else 1
        if self.page_step > 1:
            return number // self.page_step + 1
        return max(1, number)

    def later_page(self, url: str) -> bool:
        """Say whether the address is that of page 2 or later of a story."""
        return self.page_number(url) > 1

    def whole_url(self, url: str) -> str | None:
        """Return the address that gives the story of an address whole, or None where the outlet has none."""
        return with_query(self.part_url(url, 1), self.whole_story) if self.whole_story else None

    def is_whole(self, url: str) -> bool:
        """Say whether the address already asks for the whole story."""
        return bool(self.whole_story) and self.whole_story in urlsplit(url).query.split("&")

    def part_url(self, url: str, number: int) -> str:
        """Return the address of one part of a story; part 1 is the story's plain address."""
        if self.page_param is None:
            plain = without_paging(url)
            if self.later_page(url):
                plain = re.sub(r"/\d{1,2}/?$", "", plain)
            last = number if self.page_step == 1 else (number - 1) * self.page_step
            return plain if number <= 1 else f"{plain.rstrip('/')}/{last}"
        plain = without_paging(url)
        return plain if number <= 1 else with_query(plain, f"{self.page_param}={number}")

    # Lists -------------------------------------------------------------------------------------------------

    def tag_page_url(self, tag: str) -> str | None:
        """Return the address of the page that lists a tag's stories, or None where the outlet has none."""
        slug = re.sub(r"\W+", "-", tag.lower().replace("_", " ")).strip("-")
        return self.tag_page.format(slug=quote(slug)) if self.tag_page and slug else None

    def date_index_urls(self, day: dt.date) -> list[str]:
        """Return the addresses of the pages that list the stories of a day."""
        return [address.format(day=day) for address in self.date_index]

    def listing_next(self, page: Page) -> str | None:
        """Return the address of a list's next page, or None where there is no further one."""
        return next_listing_page(page, self.list_page, self.last_list_page)

    def read_listing(self, page: Page, kind: PageKind) -> Item:
        """Return the listing that an HTML page is, or what it is instead."""
        return read_html_listing(page, self, kind)

    # Reading -----------------------------------------------------------------------------------------------

    def read(self, page: Page) -> Item:
        """Return the story of a page, or what the page is instead."""
        url = page.url
        if self.is_listing_url(url):
            return self.outcome(
                url, OutcomeKind.NOT_A_STORY, "an index, tag, search or front page by its address"
            )
        if is_live_ticker(page.json_ld_objects):
            return self.outcome(url, OutcomeKind.NOT_A_STORY, "a live ticker")
        container = self.find_body(page)
        headline = self.find_title(page)
        text = self.read_text(page, container)
        if not container and self.name != "generic" and _is_amp(page):
            return self._read_as_unknown(page)
        if not headline or not text.blocks:
            return self._unread(page, headline, container)
        closing = split_closing([b for b in text.blocks if not is_furniture(b.text)])
        if not closing.blocks and not text.links:
            return self._unread(page, headline, container)
        if wall := consent_wall([block.text for block in closing.blocks]):
            return self.outcome(url, *wall)
        if is_list_of_links(page, closing.blocks):
            return self.outcome(url, OutcomeKind.NOT_A_STORY, "a list of stories at a story's address")
        own = {id(block) for block in closing.blocks}
        for link in text.links:
            # Furniture and credits stood among the blocks that the position counts.
            link.position = sum(id(block) in own for block in text.blocks[: link.position])
        deck = page.text(self.deck)
        written_by = self.find_people(page, closing.credits)
        tags = self.find_tags(page)
        return Article(
            url=url,
            canonical_url=self.find_canonical(page),
            article_key=self.key_of(page),
            outlet=self.name,
            title=headline,
            deck=deck if deck != headline else None,
            body="\n\n".join(block.text for block in closing.blocks),
            published_at=self.find_published(page),
            modified_at=fields.modified_of(page, self.modified, self.zone, zone_lies=self.zone_lies),
            authors=written_by.authors,
            editors=written_by.editors,
            initials=closing.initials,
            dateline=dateline_of(closing.blocks[0].text) if closing.blocks else None,
            section=self.find_section(page),
            tags=tags,
            tag_links=tag_links(page, self, tags),
            image_url=fields.image_of(page, self.image),
            image_caption=fields.caption_of(page, self.caption, self.caption_noise),
            language=page.language or "id",
            # An agency's own site does not credit it.
            agency=closing.agency if (closing.agency or self.name).lower() not in self.name else None,
            is_premium=str(page.json_ld.get("isAccessibleForFree", "true")).lower() == "false",
            links=text.links,
            next_page=self.find_next_page(page),
            extractor=self.name,
        )

    def outcome(self, url: str, kind: OutcomeKind, detail: str) -> Outcome:
        """Return an outcome of this outlet."""
        return Outcome(url=url, kind=kind, detail=detail, outlet=self.name)

    def find_body(self, page: Page) -> list[HtmlElement]:
        """Return the elements that hold the story's text; of nested ones the outer only."""
        found = page.elements(self.body)
        if len(found) < 2:
            return found
        inside = {descendant for element in found for descendant in element.iterdescendants()}
        # A class name of the text can also be that of teasers beside it.
        return [e for e in found if e not in inside and not is_teaser(e)]

    def read_text(self, page: Page, containers: list[HtmlElement]) -> Split:
        """Return the story's blocks and its read-also links."""
        blocks: list[Block] = []
        for container in containers:
            noise = set(page.all_elements((*self.noise, *_EMBEDS), container))
            also = set(page.all_elements(self.read_also, container))
            blocks.extend(collect_blocks(container, noise=noise, read_also=also))
        return split_read_also(blocks, page.absolute)

    def find_title(self, page: Page) -> str | None:
        """Return the headline."""
        return fields.title_of(page, self.headline, self.title)

    def find_published(self, page: Page) -> datetime | None:
        """Return the time of publication."""
        return fields.published_of(page, self.date, self.zone)

    def find_people(self, page: Page, closing: Credits) -> Credits:
        """Return the authors and editors; ``closing`` are those that the story's last lines name."""
        return fields.people_of(page, self.byline, self.author, self.editor, closing)

    def find_section(self, page: Page) -> str | None:
        """Return the path of sections, joined by " > "."""
        return fields.section_of(page, self.section, site=self.title, title=page.text(self.headline))

    def find_tags(self, page: Page) -> list[str]:
        """Return the tags."""
        return fields.tags_of(page, self.tags)

    def find_canonical(self, page: Page) -> str:
        """Return the story's own address, the declared one where it may be believed."""
        declared = trusted_canonical(page.canonical, page.url)
        if declared and self.find_id(page.url) not in (None, self.find_id(declared)):
            declared = None  # it names another story
        return self.canonical(declared or page.url)

    def key_of(self, page: Page) -> str:
        """Return the story's key, from the declared address where the fetched one holds no id."""
        if self.find_id(page.url):
            return self.article_key(page.url)
        return self.article_key(self.find_canonical(page))

    def find_next_page(self, page: Page) -> str | None:
        """Return the address of the part that follows, where the page links to it."""
        if self.is_whole(page.url):
            return None
        here, key = self.page_number(page.url), self.article_key(self.part_url(page.url, 1))
        if self.page_param:
            pattern = rf"{self.page_param}={here + 1}(?!\d)"
        else:
            last = r"\d{1,2}" if self.page_step > 1 else str(here + 1)
            pattern = rf"/{last}/?[\"'?#]"
        later: dict[int, str] = {}
        for href in page.hrefs_like(pattern):
            url = without_archive(page.absolute(href))
            number = self.page_number(url)
            follows = number > here if self.page_step > 1 else number == here + 1
            if follows and self.article_key(self.part_url(url, 1)) == key:
                later.setdefault(number, url)
        # Where addresses count paragraphs the next number is not known beforehand: it is the lowest.
        return later[min(later)] if later else None

    def _read_as_unknown(self, page: Page) -> Item:
        """Read an AMP page, whose markup is not the outlet's, as that of an unknown site."""
        from crawler.outlets import outlet_named

        item = outlet_named("generic").read(page)
        item.outlet = self.name
        if isinstance(item, Article):
            item.canonical_url = self.find_canonical(page)
            item.article_key = self.key_of(page)
        return item

    # Private -----------------------------------------------------------------------------------------------

    def _unread(self, page: Page, headline: str | None, container: list[HtmlElement]) -> Outcome:
        found = obstacle(page)
        if found:
            return self.outcome(page.url, *found)
        place = path_of(page.url) + "/"
        og_type = (page.meta("og:type") or "").lower()
        if _MEDIA_PATH.search(place) or og_type.startswith("video"):
            return self.outcome(page.url, OutcomeKind.NOT_A_STORY, "a video, photo or live page")
        if not self.is_article_url(page.url):
            return self.outcome(
                page.url, OutcomeKind.NOT_A_STORY, "no story by its address, and none on the page"
            )
        if is_index_page(page):
            return self.outcome(page.url, OutcomeKind.NOT_A_STORY, "an index page at a story's address")
        missing = []
        if not headline:
            missing.append(f"no title ({', '.join(self.headline)})")
        if not container:
            missing.append(f"no body ({', '.join(self.body)})")
        elif not missing:
            missing.append(f"no text in the body ({', '.join(self.body)})")
        return self.outcome(page.url, OutcomeKind.LAYOUT_CHANGED, f"{self.title}: {' and '.join(missing)}")


def _is_amp(page: Page) -> bool:
    root = page.root
    return "amp" in root.attrib or "\u26a1" in root.attrib or "/amp" in page.url or "//amp." in page.url


@lru_cache(maxsize=1024)
def _place(url: str) -> str:
    """Return "host/path" of an address, where its id is looked for."""
    return f"{host_of(url)}{path_of(url)}".replace("//", "/")
