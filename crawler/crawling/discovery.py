"""How a crawl finds what no read-also link leads to: it asks outlets for their own lists."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.address import address_of
from crawler.errors import BacaJugaError
from crawler.frontier import discovering
from crawler.frontier.gains import Gains
from crawler.items import Article, Item, Link, Listing, Outcome, OutcomeKind, PageKind
from crawler.outlets import OUTLETS, outlet_named
from crawler.reading.dates import WIB
from crawler.store.crawl import discovery
from crawler.store.crawl.frontier import LeaseTerms
from crawler.topic import Topic
from crawler.topic.bridge import Bridge

if TYPE_CHECKING:
    from crawler.outlet import Outlet

logger = logging.getLogger(__name__)

MOST_LISTED = 500_000  # about 40 MB of them
SOURCE = "discovery"  # stands for the page that links to what outlets are known to have


@dataclass(kw_only=True, slots=True)
class Gain:
    """What a listing is good for."""

    links: list[Link]  # entries worth keeping
    next_page: Link | None
    new: int  # entries that were not known
    fitting: int  # of these, entries that name the topic
    detail: str  # one line for a person


@dataclass(kw_only=True)
class Discovery:
    """What one worker knows of where more stories may be listed; without a topic it knows nothing."""

    topic: Topic | None
    name: str
    outlets: list[Outlet]
    since: date | None  # of a back-fill
    until: date | None
    again_after: timedelta
    gains: Gains
    hot_day: int  # stories on a day and its neighbours that make the day's indexes worth asking for
    bridge: Bridge = field(default_factory=Bridge)
    _stories_of: Counter[date] = field(default_factory=Counter)
    _found_at: Counter[tuple[str, date]] = field(default_factory=Counter)  # the same by outlet, in this crawl
    _listed: set[int] = field(default_factory=set)  # addresses of entries, hashed
    _without_tags: set[str] = field(default_factory=set)  # outlets that close their tag pages
    _promised: dict[str, float] = field(default_factory=dict)  # what has been said of each index of a day
    _promising: dict[str, float] = field(default_factory=dict)  # and is, by the story that is being written
    _down: set[str] = field(default_factory=set)  # hosts of lists that do not answer

    @classmethod
    def of(cls, settings: BaseSettings, topic: Topic | None, name: str) -> Discovery:
        """Return the discovery that the settings ask for.

        Raises:
            BacaJugaError: when SINCE or UNTIL is not a day.
        """
        chosen = [outlet_named(each) for each in settings.getlist("OUTLETS")] or list(OUTLETS.values())
        asked = settings.get("DISCOVER")
        is_on = settings.getbool("DISCOVER") if asked is not None else not settings["CONNECT_TO"]
        return cls(
            topic=topic,
            name=name,
            outlets=chosen if is_on and topic is not None else [],
            since=day_of(settings, "SINCE"),
            until=day_of(settings, "UNTIL"),
            hot_day=settings.getint("HOT_DAY_STORIES"),
            again_after=timedelta(hours=settings.getfloat("DISCOVER_AGAIN_HOURS")),
            gains=Gains(
                patience=settings.getint("OUTLET_PATIENCE"),
                listing_patience=settings.getint("LISTING_PATIENCE"),
                share=settings.getfloat("OUTLET_SHARE"),
                budget=settings.getint("MAX_PAGES"),
            ),
        )

    @property
    def first_day(self) -> date | None:
        """The first day that is wanted."""
        return self.since or (self.topic.since if self.topic else None)

    @property
    def last_day(self) -> date | None:
        """The last day that is wanted."""
        return self.until or (self.topic.until if self.topic else None)

    def start(self, connection: Connection, delays: dict[str, float]) -> None:
        """Put the lists that the outlets are known to have into the frontier, and those that have changed."""
        if not self.outlets or self.topic is None:
            return
        for title, published_at in discovery.newest_stories(connection, self.name):
            self._take_in(title, published_at)
        now = datetime.now(UTC)
        discovery.ask_again(connection, self.name, discovering.CHANGING, now - self.again_after)
        self._add(connection, list(discovering.tag_pages(self.topic, self.outlets)), 1.0, delays)
        last_day = self.last_day
        if last_day is None or last_day >= (now - discovering.FRESH).astimezone(WIB).date():
            self._add(connection, list(discovering.newest_pages(self.outlets)), 0.0, delays)
        if self.since is not None:
            days = discovering.days_between(self.since, last_day or now.astimezone(WIB).date())
            self._add(connection, list(discovering.day_pages(self.outlets, days)), 1.0, delays)

    def urls(self) -> list[str]:
        """Return an address of every host that has lists."""
        today = datetime.now(UTC).date()
        links = [*discovering.newest_pages(self.outlets), *discovering.day_pages(self.outlets, [today])]
        if self.topic is not None:
            links += discovering.tag_pages(self.topic, self.outlets)
        return [link.url for link in links]

    def listings_for(self, article: Article) -> list[Link]:
        """Return the pages that may list more stories like this one."""
        self._promising.clear()
        if not self.outlets or article.relevance is None:
            return []
        names = {outlet.name for outlet in self.outlets}
        found = [
            link
            for link in article.tag_links
            if link.anchor_score >= discovering.FITS and address_of(link.url).outlet in names
        ]
        if article.relevance.on_topic and article.published_at is not None:
            self._take_in(article.title, article.published_at)
            self._found_at[article.outlet, discovering.day_of(article.published_at)] += 1
            found += self._indexes_around(discovering.day_of(article.published_at))
        return [link for link in found if address_of(link.url).host not in self._down]

    def _take_in(self, title: str, published_at: datetime | None) -> None:
        """Let a story on the topic lead to others: by its words, and by its day."""
        self.bridge.add_story(title, published_at)
        if published_at is not None:
            self._stories_of[discovering.day_of(published_at)] += 1

    def _indexes_around(self, day: date) -> Iterator[Link]:
        """Give the indexes that may list more of a day's news.

        An index of a whole day is dear: one is asked for when the topic was news on that day, or where there
        is nothing better since robots.txt closes the outlet's tag pages.
        """
        days = [day, day + timedelta(days=1)]
        stories = sum(self._stories_of[day + timedelta(days=n)] for n in (-1, 0, 1))
        for outlet in self.outlets:
            if self.gains.is_barren(outlet.name, PageKind.DATE_INDEX):
                continue
            if outlet.name in self._without_tags or outlet.tag_page is None:
                wanted = days
            else:
                wanted = days[:1] if stories >= self.hot_day else []
            # An outlet that has printed none of the day's stories that we know is the likeliest to have more.
            elsewhere = max(0, stories - 3 * self._found_at[outlet.name, day])
            pages = discovering.day_pages(
                [outlet], [each for each in wanted if self._is_wanted(each)], elsewhere
            )
            yield from filter(self._promises_more, pages)

    def _promises_more(self, index: Link) -> bool:
        """Say whether an index promises more than this worker has already written of it.

        Every story of a great day would say the same of the day's indexes, whose scores are computed from all
        that has been said: with 600 stories that took half of the time of a page.
        """
        self._promising[index.url] = index.anchor_score
        return index.anchor_score > self._promised.get(index.url, -1.0)

    def _is_wanted(self, day: date) -> bool:
        today = discovering.day_of(datetime.now(UTC))
        last_day = min(self.last_day or today, today)
        return (self.first_day is None or day >= self.first_day) and day <= last_day

    def gain_of(self, connection: Connection, listing: Listing) -> Gain:
        """Return what a listing is good for, and note it."""
        visit = listing.visit
        assert visit is not None
        entries = [link for link in listing.links if link.kind is PageKind.STORY]
        wanted = [
            link
            for link in listing.links
            if discovering.is_within(link.published_at, self.first_day, self.last_day)
        ]
        keys = {id(link): address_of(link.url, link.kind).key for link in wanted}
        known = discovery.known_keys(connection, self.name, keys.values())
        new = [link for link in wanted if keys[id(link)] not in known and link.kind is PageKind.STORY]
        fitting = [link for link in new if discovering.is_promising(link)]
        for link in entries:
            self.bridge.add_headline(link.anchor_text)
        for link in wanted:
            bridged = self.bridge.score(link.anchor_text, link.published_at)
            link.anchor_score = max(link.anchor_score, bridged)
        for link in wanted:
            if link.kind is not PageKind.STORY:
                link.anchor_score = _promise_of_sitemap(link)
        outlet = address_of(visit.url).outlet
        self.gains.note_listing(outlet, listing.kind, new=len(fitting))
        next_page = None
        if not discovering.is_before(listing, self.first_day) and not self._repeats(entries):
            next_page = discovering.next_page_link(
                listing,
                visit.score,
                entries=len(entries),
                fitting=len(fitting),
                whole=self.since is not None and listing.kind is PageKind.DATE_INDEX,
            )
        # A list of everything would fill the frontier with what nobody will fetch.
        kept = wanted if listing.kind is PageKind.TAG_PAGE else [e for e in wanted if e.anchor_score > 0]
        detail = (
            f"{len(entries)} stories listed, {len(new)} not known, {len(fitting)} of these name the topic"
        )
        return Gain(links=kept, next_page=next_page, new=len(new), fitting=len(fitting), detail=detail)

    def _repeats(self, entries: list[Link]) -> bool:
        """Say whether a page lists only what this crawl has seen listed: some lists repeat their end."""
        found = {hash(link.url) for link in entries}
        is_repeat = found <= self._listed
        if len(self._listed) < MOST_LISTED:
            self._listed |= found
        return is_repeat

    def narrow(self, terms: LeaseTerms, *, resting: bool = False) -> LeaseTerms:
        """Return the terms without what gives nothing new; ``resting`` also without who has had its share."""
        closed = set(self.gains.closed) | (self.gains.over_share() if resting else set())
        barren = {place for place in self.gains.barren() if place[0] not in self._without_tags}
        return replace(terms, closed=tuple(sorted(closed)), barren=tuple(sorted(barren)))

    def note(self, item: Item, outlet: str) -> None:
        """Note what a visit of an outlet's story address brought, once it has been written."""
        self._promised |= self._promising
        self._promising.clear()
        visit = item.visit
        if visit is None or visit.is_revisit:
            return
        if visit.kind is not PageKind.STORY:
            kind = item.kind if isinstance(item, Outcome) else None
            if kind is OutcomeKind.FORBIDDEN and visit.kind is PageKind.TAG_PAGE:
                self._without_tags.add(outlet)
            if kind is OutcomeKind.HOST_DOWN:
                self._down.add(address_of(visit.url).host)
            return
        is_new = (
            isinstance(item, Article)
            and bool(item.relevance and item.relevance.on_topic)
            and item.duplicate_of is None
        )
        self.gains.note_story(outlet, is_new=is_new)

    def _add(
        self, connection: Connection, links: Sequence[Link], page_score: float, delays: dict[str, float]
    ) -> None:
        discovery.add_links(
            connection,
            self.name,
            SOURCE,
            links=[(address_of(link.url, link.kind), link) for link in links],
            page_score=page_score,
            depth=-1,  # a listing that is asked for is no hop away
            delays=delays,
        )


def day_of(settings: BaseSettings, name: str) -> date | None:
    """Return a setting's day, written as 2021-05-21; None where it is empty.

    Raises:
        BacaJugaError: when it is not a day.
    """
    value = settings.get(name)
    if not value or isinstance(value, date):
        return value or None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise BacaJugaError(f"setting {name} cannot be {value!r}; give it a day, as in 2021-05-21") from None


def _promise_of_sitemap(link: Link) -> float:
    """Return what a sitemap in an index of sitemaps promises: only those of new stories are worth asking."""
    is_news = "news" in link.url.lower()
    is_fresh = link.published_at is not None and link.published_at > datetime.now(UTC) - discovering.FRESH
    return discovering.NEWEST_SCORE if is_news or is_fresh else 0.0
