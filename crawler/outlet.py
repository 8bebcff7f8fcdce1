"""What an outlet is: how its addresses tell its stories, and where things stand on its pages."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from crawler import structured_data
from crawler.blocks import Block, collapse_spaces, collect_blocks, spaced_text
from crawler.bylines import Credits, is_organisation, parse_byline, people, people_first, split_names
from crawler.closing import split_closing
from crawler.datelines import dateline_of
from crawler.dates import WIB, find_date, parse_date
from crawler.furniture import is_furniture
from crawler.items import Article, Item, Outcome, OutcomeKind
from crawler.obstacles import obstacle
from crawler.read_also import Split, split_read_also
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
    from datetime import datetime, timezone

    from lxml.html import HtmlElement

    from crawler.page import Page, Rules

_NOT_STORY_PATH = re.compile(
    r"^/(?:[\w-]+/)?(?:tags?|topi[ck]|topik-\w+|indeks?|index-news|search|cari|author|penulis|editor|profile?|login|masuk|"
    r"register|daftar|subscribe|rss|feed|sitemap|kontak|contact|tentang-kami|about(?:-us)?|redaksi|pedoman[\w-]*|"
    r"disclaimer|privacy[\w-]*|terms[\w-]*|karir|advertise|wp-admin|wp-login)(?:[/.]|$)",
    re.IGNORECASE,
)
_MEDIA_PATH = re.compile(
    r"/(?:foto|photos?|galeri|gallery|videos?|live|live-report|livestreaming|streaming|infografis|tv)/",
    re.IGNORECASE,
)
_SITE_SUFFIX = re.compile(r"\s+(?:[-|–—:•·»]|\s)\s*[^-|–—•·»]{2,40}$")
_NOT_SECTIONS = frozenset(
    {"home", "beranda", "depan", "halaman utama", "detail berita", "detail", "read", "index"}
)
_EMBEDS = ("blockquote.instagram-media", "blockquote.tiktok-embed", "div.fb-post")
_NAMED_PAGE = re.compile(r"(?:^|&)(?:page|halaman|hal|p)=(\d{1,3})(?:&|$)", re.IGNORECASE)


class Outlet:
    """One outlet: its rules are class attributes, and its few exceptions are methods.

    A rule is a tuple, so that several layouts stand side by side: the first entry that finds something on a
    page counts. ``crawler.page.Page`` tells what an entry may be.
    """

    name: ClassVar[str] = ""  # the module's name; set when the module is loaded
    title: ClassVar[str] = ""  # as people know it
    hosts: ClassVar[tuple[str, ...]] = ()  # domains, subdomains included
    delay: ClassVar[float] = 1.0  # seconds between two requests to one of its hosts

    # Addresses. A pattern is searched in "host/path"; what its groups hold makes the article's id.
    article_id: ClassVar[tuple[str, ...]] = ()
    not_stories: ClassVar[tuple[str, ...]] = ()
    whole_story: ClassVar[str | None] = None  # the query that gives a story in pages at once: "page=all"
    page_param: ClassVar[str | None] = (
        "page"  # the query parameter of a later page; None: a last path segment
    )

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
        return max(1, int(match[1])) if match else 1

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
            plain = (
                re.sub(r"/\d{1,2}/?$", "", without_paging(url))
                if self.later_page(url)
                else without_paging(url)
            )
            return plain if number <= 1 else f"{plain.rstrip('/')}/{number}"
        plain = without_paging(url)
        return plain if number <= 1 else with_query(plain, f"{self.page_param}={number}")

    # Reading -----------------------------------------------------------------------------------------------

    def read(self, page: Page) -> Item:
        """Return the story of a page, or what the page is instead."""
        url = page.url
        if self.is_listing_url(url):
            return self.outcome(
                url, OutcomeKind.NOT_A_STORY, "an index, tag, search or front page by its address"
            )
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
        people_ = self.find_people(page, closing.credits)
        return Article(
            url=url,
            canonical_url=self.find_canonical(page),
            article_key=self.key_of(page),
            outlet=self.name,
            title=headline,
            deck=self.find_deck(page, headline),
            body="\n\n".join(block.text for block in closing.blocks),
            published_at=self.find_published(page),
            modified_at=self.find_modified(page),
            authors=people_.authors,
            editors=people_.editors,
            initials=closing.initials,
            dateline=dateline_of(closing.blocks[0].text) if closing.blocks else None,
            section=self.find_section(page),
            tags=self.find_tags(page),
            image_url=self.find_image(page),
            image_caption=self.find_caption(page),
            language=page.language or "id",
            agency=closing.agency,
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
        inside = {descendant for e in found for descendant in e.iterdescendants()} if len(found) > 1 else ()
        return [e for e in found if e not in inside]

    def read_text(self, page: Page, containers: list[HtmlElement]) -> Split:
        """Return the story's blocks and its read-also links."""
        blocks: list[Block] = []
        for container in containers:
            noise = set(page.all_elements((*self.noise, *_EMBEDS), container))
            also = set(page.all_elements(self.read_also, container))
            blocks.extend(collect_blocks(container, noise=noise, read_also=also))
        return split_read_also(blocks, page.absolute)

    def find_title(self, page: Page) -> str | None:
        """Return the headline as printed."""
        printed = page.text(self.headline)
        if printed:
            return printed
        headline = page.text(("ld:headline", "meta:og:title", "title"))
        return without_site_name(headline, page.meta("og:site_name") or self.title) if headline else None

    def find_deck(self, page: Page, headline: str) -> str | None:
        """Return the sub-headline under the title."""
        deck = page.text(self.deck)
        return deck if deck and deck != headline else None

    def find_published(self, page: Page) -> datetime | None:
        """Return the time of publication: as printed, else as the metadata that can be trusted say."""
        day_only = None
        for rule in self.date:
            for text in page.texts((rule,)):
                found = find_date(text, zone=self.zone)
                at = found.at if found else parse_date(text, zone=self.zone)
                if at and (found is None or found.has_clock):
                    return at
                day_only = day_only or at
        stated = parse_date(page.text(("ld:datePublished",)), zone=self.zone)
        if stated and (day_only is None or stated.astimezone(self.zone).date() == day_only.date()):
            return stated
        return day_only or parse_date(page.meta("article:published_time"), zone=self.zone)

    def find_modified(self, page: Page) -> datetime | None:
        """Return the time of the last change, where the page tells one."""
        for text in page.texts(self.modified):
            at = parse_date(text, zone=self.zone)
            if at:
                return at.replace(tzinfo=self.zone) if self.zone_lies else at.astimezone(self.zone)
        return None

    def find_people(self, page: Page, closing: Credits) -> Credits:
        """Return the authors and editors: bylines first, then closing credits, then JSON-LD."""
        found = Credits()
        for text in self._people_texts(page, self.byline):
            found.add(parse_byline(text))
        for text in self._people_texts(page, self.author):
            found.add(Credits(authors=parse_byline(text).authors))
        for text in self._people_texts(page, self.editor):
            parsed = parse_byline(text, default="editor")
            found.add(Credits(editors=parsed.editors))
        known = {name.casefold() for name in found.authors}
        found.authors.extend(n for n in closing.authors if n.casefold() not in known)
        if not found.editors:
            found.editors.extend(closing.editors)
        if not found.authors or not found.editors:
            printed = Credits()
            for text in page.credit_lines:
                printed.add(parse_byline(text))
            found.authors = found.authors or printed.authors
            found.editors = found.editors or printed.editors
        if not people(found.authors):
            # Kompas, Antara and Republika state the editor as the author.
            stated = [n for s in structured_data.strings(page.json_ld.get("author")) for n in split_names(s)]
            found.authors.extend(n for n in people(stated) if n not in found.editors)
        if not found.editors:
            found.editors.extend(people(structured_data.strings(page.json_ld.get("editor"))))
        return Credits(people_first(found.authors), people_first(found.editors))

    def find_section(self, page: Page) -> str | None:
        """Return the path of sections, joined by " > "."""
        crumbs = page.texts(self.section) or structured_data.breadcrumb(page.json_ld_objects)
        if not crumbs:
            crumbs = structured_data.strings(page.json_ld.get("articleSection"))[:1]
        site = self.title.lower().removesuffix(".com")
        kept = [
            c
            for c in crumbs
            if c.lower() not in _NOT_SECTIONS
            and not c.endswith("...")
            and c.lower().removesuffix(".com") != site
        ]
        title = page.text(self.headline)
        return " > ".join(dict.fromkeys(c for c in kept if c != title)) or None

    def find_tags(self, page: Page) -> list[str]:
        """Return the tags, without number signs, each once."""
        texts = page.texts(self.tags)
        if len(texts) == 1 and "," in texts[0]:
            texts = texts[0].split(",")
        return list(dict.fromkeys(t for t in (text.strip().lstrip("#").strip(" ,") for text in texts) if t))

    def find_image(self, page: Page) -> str | None:
        """Return the address of the lead image."""
        for rule in self.image:
            for text in _image_urls(page, rule):
                if text and not text.startswith("data:") and "blank" not in text.rsplit("/", 1)[-1]:
                    return without_archive(page.absolute(text))
        return structured_data.first_url(page.json_ld.get("image"))

    def find_caption(self, page: Page) -> str | None:
        """Return the caption of the lead image."""
        for element in page.elements(self.caption):
            credit = set(page.all_elements(self.caption_noise, element))
            text = " ".join(block.text for block in collect_blocks(element, noise=credit))
            if text:
                return text
        return None

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
        number = self.page_number(page.url) + 1
        key = self.article_key(page.url)
        pattern = re.compile(
            rf"/{number}/?$" if self.page_param is None else rf"[?&]{self.page_param}={number}(?:&|#|$)"
        )
        for href in page.hrefs:
            if pattern.search(href):
                url = without_archive(page.absolute(href))
                if self.page_number(url) == number and self.article_key(self.part_url(url, 1)) == key:
                    return url
        return None

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

    def _people_texts(self, page: Page, rules: Rules) -> list[str]:
        for rule in rules:
            if rule.startswith(("meta:", "ld:")) or "::attr(" in rule:
                # What the metadata call the author is often the outlet.
                texts = [t for t in page.texts((rule,)) if not is_organisation(t)]
            else:
                texts = [t for e in page.elements((rule,)) if (t := spaced_text(e))]
            if texts:
                return texts
        return []

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


def without_site_name(title: str, site: str) -> str:
    """Return a title without the site's name behind it.

    >>> without_site_name("Data Bocor Lagi - Tribunnews.com", "Tribunnews")
    'Data Bocor Lagi'
    """
    match = _SITE_SUFFIX.search(title)
    if not match:
        return title
    suffix = re.sub(r"\W|\.com|\.co\.id|\.id", "", match[0].lower())
    name = re.sub(r"\W|\.com|\.co\.id|\.id", "", site.lower())
    return title[: match.start()].rstrip() if name and (suffix in name or name in suffix) else title


@lru_cache(maxsize=1024)
def _place(url: str) -> str:
    """Return "host/path" of an address, where its id is looked for."""
    return f"{host_of(url)}{path_of(url)}".replace("//", "/")


def _image_urls(page: Page, rule: str) -> list[str]:
    if ":" in rule:
        return page.texts((rule,))
    return [
        collapse_spaces(e.get(name) or "")
        for e in page.elements((rule,))
        for name in ("data-image", "data-src", "data-original", "src")
        if e.get(name)
    ]
