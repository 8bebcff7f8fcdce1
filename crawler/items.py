"""The only things that travel: what one fetched page turns into, and the visit that fetched it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Only named here: reading a page needs no numpy.
    from crawler.comparing.fingerprint import Fingerprint
    from crawler.comparing.likeness import Thresholds


class OutcomeKind(StrEnum):
    """How the visit of one page ended, when it did not end in a story."""

    NOT_A_STORY = "not_a_story"  # an index, tag, video, photo or live page: read, nothing to keep
    LAYOUT_CHANGED = "layout_changed"  # an outlet we know, an article's address, but no title or no body
    REDIRECTED = "redirected"  # the address leads to another one, which has taken its place
    FORBIDDEN = "forbidden"  # robots.txt does not allow it
    REFUSED = "refused"  # the address guard does not allow it
    GONE = "gone"  # 404 or 410, or a page that says so with status 200
    BLOCKED = "blocked"  # 401, 403, 429 or a captcha, consent or login page
    HOST_DOWN = "host_down"  # no connection or no answer
    SERVER_ERROR = "server_error"  # 5xx
    UNREADABLE = "unreadable"  # not HTML, or not to be unpacked
    OVER_LIMIT = "over_limit"  # too large, too slow, too deep...: the detail begins with the limit's setting
    UNTRUSTED = "untrusted"  # a https server whose certificate is not to be trusted
    UNCHANGED = "unchanged"  # a re-visit found the story as it was (status 304)
    ERROR = "error"  # our own fault: reading or storing raised


class Change(StrEnum):
    """What storing a story told: whether it was there, and whether its text was."""

    NEW = "new"
    EDITED = "edited"
    UNCHANGED = "unchanged"


class Zone(StrEnum):
    """Where on a page a link stands; only ``body`` links count as read-also links."""

    BODY = "body"
    LIST = "list"  # an entry of a listing page
    TAG = "tag"  # in the list of a story's tags: leads to a listing
    DISCOVERY = "discovery"  # a listing that the outlet is known to have: an index by date, a feed, a sitemap
    SEED = "seed"  # given by the user or the topic file
    FURNITURE = "furniture"  # side box, popular list, previous and next


class PageKind(StrEnum):
    """What the frontier expects at an address."""

    STORY = "story"
    TAG_PAGE = "tag_page"
    DATE_INDEX = "date_index"
    SITEMAP = "sitemap"  # a news sitemap, or an index of sitemaps
    FEED = "feed"  # RSS or Atom


@dataclass(kw_only=True, slots=True)
class Link:
    """A link from a page to another story, as the page prints it."""

    url: str
    anchor_text: str
    label: str | None = None  # "Baca juga", as printed, without its colon
    position: int = 0  # after how many body blocks it stands
    zone: Zone = Zone.BODY
    context: str = ""  # the text around the link, about 280 characters
    kind: PageKind = PageKind.STORY  # what it leads to
    published_at: datetime | None = None  # of the story, where a listing prints it; with offset
    # How well anchor text and context fit the topic, 0 to 1: set on the way down the pipelines.
    anchor_score: float = 0.0
    context_score: float = 0.0


@dataclass(kw_only=True, slots=True)
class Visit:
    """The fetch that a page came from: which frontier entry it answers and what the server said."""

    topic: str
    frontier_key: str
    url: str  # the address that was asked for
    crawl_id: int
    worker: str
    depth: int = 0
    fetched_at: datetime
    status: int = 200
    etag: str | None = None
    last_modified: str | None = None
    fetches: int = 1
    is_revisit: bool = False
    kind: PageKind = PageKind.STORY  # what the frontier expects there
    score: float = 0.0  # of the address when it was handed out
    tries: int = 1  # of this address, this one included


@dataclass(kw_only=True, slots=True)
class Relevance:
    """How well a story fits the topic, 0 to 1, with the phrases that say so."""

    score: float
    on_topic: bool
    matched: list[str] = field(default_factory=list)


@dataclass(kw_only=True, slots=True)
class Article:
    """One story, read whole."""

    url: str
    canonical_url: str
    article_key: str
    outlet: str
    title: str
    body: str  # paragraphs, sub-headings and list items in order, joined by a blank line
    deck: str | None = None
    published_at: datetime | None = None  # with offset
    modified_at: datetime | None = None  # with offset
    authors: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    initials: str | None = None  # closing "(abc/def)", without brackets
    dateline: str | None = None
    section: str | None = None
    tags: list[str] = field(default_factory=list)
    image_url: str | None = None
    image_caption: str | None = None
    language: str | None = None
    agency: str | None = None  # the wire service the story is credited to
    is_premium: bool = False
    links: list[Link] = field(default_factory=list)
    tag_links: list[Link] = field(default_factory=list)  # its tags' pages, which list stories
    next_page: str | None = None  # the part that follows, when this page is not the whole story
    missing_pages: list[str] = field(default_factory=list)  # parts that could not be read
    extractor: str
    # Set on the way down the pipelines.
    relevance: Relevance | None = None
    content_hash: str | None = None  # of title, deck and body: tells revisions apart
    fingerprint: Fingerprint | None = None  # of the body: what a copy elsewhere shares; None without words
    thresholds: Thresholds | None = None  # what counts as a copy; None for the measured ones
    duplicate_of: str | None = None  # the article_key of the story it repeats
    change: Change | None = None
    visit: Visit | None = None


@dataclass(kw_only=True, slots=True)
class Listing:
    """A page that lists stories: a tag page, an index by date, a feed, a news sitemap."""

    url: str
    outlet: str
    kind: PageKind = PageKind.TAG_PAGE
    title: str | None = None
    links: list[Link] = field(default_factory=list)  # in order of print; of a sitemap index, the sitemaps
    next_page: str | None = None
    over_limit: str = ""  # what of it was left out: begins with the setting of the limit
    visit: Visit | None = None


@dataclass(kw_only=True, slots=True)
class Outcome:
    """A visit that gave no story and no listing, and why."""

    url: str
    kind: OutcomeKind
    detail: str = ""  # one line for a person: what was seen, with the value
    outlet: str | None = None
    redirect_url: str | None = None
    retry_after: float | None = None  # seconds until the host may be asked again
    visit: Visit | None = None


Item = Article | Listing | Outcome
