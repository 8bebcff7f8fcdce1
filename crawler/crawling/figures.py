"""What a crawl has brought so far, counted while it runs."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from crawler.items import Article, Change, Item, Listing, Outcome, OutcomeKind, PageKind

RECENT = 50


@dataclass(slots=True)
class Figures:
    """Counts of one crawl; a fetch is an answer to a request, a story may take several."""

    fetches: int = 0
    stories: int = 0  # on topic, copies not counted
    copies: int = 0  # on topic, the text of an earlier story
    off_topic: int = 0
    listings: int = 0
    edited: int = 0  # stories asked for again that had another text
    unchanged: int = 0  # and those that had the same
    not_modified: int = 0  # of these, answered with status 304
    tries_again: int = 0
    put_back: Counter[str] = field(default_factory=Counter)  # the same, by what the try gave
    outcomes: Counter[str] = field(default_factory=Counter)  # visits that ended without a story
    listing_outcomes: Counter[str] = field(default_factory=Counter)  # lists that could not be read
    closed_outlets: dict[str, str] = field(default_factory=dict)  # those given up in this crawl, and why
    details: dict[str, str] = field(default_factory=dict)  # what the first outcome of each kind was
    revisit_fetches: int = 0
    fetches_by_outlet: Counter[str] = field(default_factory=Counter)
    stories_by_outlet: Counter[str] = field(default_factory=Counter)
    searched: int = 0  # visits that count for how well the crawl searches
    recent: deque[bool] = field(default_factory=lambda: deque(maxlen=RECENT))  # on topic, last fetches
    last_title: str = ""

    def count(self, item: Item, outlet: str) -> None:
        """Count a visit that has ended."""
        fetches = item.visit.fetches if item.visit else 1
        self.fetches += fetches
        self.fetches_by_outlet[outlet] += fetches
        if item.visit and item.visit.is_revisit:
            self._count_revisit(item, fetches)
            return
        on_topic = False
        match item:
            case Article():
                on_topic = bool(item.relevance and item.relevance.on_topic)
                if on_topic and item.duplicate_of:
                    self.copies += 1
                elif on_topic:
                    self.stories += 1
                    self.stories_by_outlet[outlet] += 1
                    self.last_title = item.title
                else:
                    self.off_topic += 1
            case Listing():
                self.listings += 1
            case Outcome():
                self._count_outcome(item)
        self.searched += 1
        self.recent.append(on_topic)

    def _count_revisit(self, item: Item, fetches: int) -> None:
        """Count a story that was asked for again: it says nothing of how well the crawl searches."""
        self.revisit_fetches += fetches
        match item:
            case Article():
                self.edited += item.change is Change.EDITED
                self.unchanged += item.change is Change.UNCHANGED
            case Outcome(kind=OutcomeKind.UNCHANGED):
                self.unchanged += 1
                self.not_modified += 1
            case Outcome():
                self._count_outcome(item)

    def _count_outcome(self, outcome: Outcome) -> None:
        if outcome.visit and outcome.visit.kind is not PageKind.STORY:
            self.listing_outcomes[str(outcome.kind)] += 1
            return
        self.outcomes[str(outcome.kind)] += 1
        self.details.setdefault(str(outcome.kind), outcome.detail)

    def count_own(self, outlet: str) -> None:
        """Count a page that a user's own spider has parsed."""
        self.fetches += 1
        self.fetches_by_outlet[outlet] += 1

    def count_try(self, item: Item, outlet: str) -> None:
        """Count a visit whose address goes back to the frontier."""
        fetches = item.visit.fetches if item.visit else 1
        self.fetches += fetches
        self.fetches_by_outlet[outlet] += fetches
        self.tries_again += 1
        if isinstance(item, Outcome):
            self.put_back[str(item.kind)] += 1

    @property
    def harvest(self) -> float:
        """On-topic stories per fetch, 0 to 1 (harvest rate; Chakrabarti et al. 1999)."""
        searching = self.fetches - self.revisit_fetches
        return (self.stories + self.copies) / searching if searching else 0.0

    @property
    def recent_harvest(self) -> float:
        """The same over the last 50 visits, re-visits not counted."""
        return sum(self.recent) / len(self.recent) if self.recent else 0.0

    def as_record(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        return {
            "fetches": self.fetches,
            "stories": self.stories,
            "copies": self.copies,
            "off_topic": self.off_topic,
            "listings": self.listings,
            "edited": self.edited,
            "unchanged": self.unchanged,
            "not_modified": self.not_modified,
            "tries_again": self.tries_again,
            "harvest": round(self.harvest, 4),
            "recent_harvest": round(self.recent_harvest, 4),
            "outcomes": dict(self.outcomes),
            "listing_outcomes": dict(self.listing_outcomes),
            "closed_outlets": dict(self.closed_outlets),
            "fetches_by_outlet": dict(self.fetches_by_outlet),
            "stories_by_outlet": dict(self.stories_by_outlet),
        }
