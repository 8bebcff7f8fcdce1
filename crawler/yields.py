"""How well a crawl searched: what its fetches brought, in all, of late, and by where the links stood."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from crawler.items import PageKind

RECENT = 50  # fetches
CURVE_POINTS = 40
FETCHES_A_POINT = 5  # fewer say nothing of a share
BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetch:
    """A page that was asked for, and what it brought."""

    outlet: str
    zone: str  # where the best link to it stood, a Zone; "unknown" where nobody wrote it down
    depth: int  # hops from a seed
    kind: str  # a PageKind
    is_new_story: bool  # on topic, no copy, and not read before


@dataclass(kw_only=True, slots=True)
class Yield:
    """What a number of fetches brought."""

    fetches: int = 0
    stories: int = 0  # on topic and new, copies not counted

    @property
    def harvest(self) -> float:
        """Stories per fetch, 0 to 1 (harvest rate; Chakrabarti, van den Berg and Dom 1999)."""
        return self.stories / self.fetches if self.fetches else 0.0

    @property
    def fetches_per_story(self) -> float | None:
        """What a story costs, the inverse; None while there is none."""
        return self.fetches / self.stories if self.stories else None

    def add(self, fetch: Fetch) -> None:
        """Count a fetch."""
        self.fetches += 1
        self.stories += fetch.is_new_story

    def as_record(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        cost = self.fetches_per_story
        return {
            "fetches": self.fetches,
            "stories": self.stories,
            "harvest": round(self.harvest, 4),
            "fetches_per_story": round(cost, 2) if cost is not None else None,
        }


@dataclass(kw_only=True, slots=True)
class Yields:
    """What fetches brought: those for stories by zone, hop and outlet, and those of listings apart."""

    total: Yield = field(default_factory=Yield)  # listings among the fetches
    recent: Yield = field(default_factory=Yield)  # of these, the last 50
    by_zone: dict[str, Yield] = field(default_factory=dict)
    by_depth: dict[int, Yield] = field(default_factory=dict)
    by_outlet: dict[str, Yield] = field(default_factory=dict)
    listings: Counter[str] = field(default_factory=Counter)  # fetched, by PageKind
    listings_by_outlet: Counter[str] = field(default_factory=Counter)
    curve: list[tuple[int, int]] = field(default_factory=list)  # fetches so far, stories so far

    def as_record(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        return {
            **self.total.as_record(),
            "recent": self.recent.as_record(),
            "by_zone": {name: each.as_record() for name, each in self.by_zone.items()},
            "by_depth": {str(depth): each.as_record() for depth, each in self.by_depth.items()},
            "by_outlet": {
                name: each.as_record() | {"listings": self.listings_by_outlet[name]}
                for name, each in self.by_outlet.items()
            },
            "listings": {"fetches": self.listings.total(), "by_kind": dict(self.listings)},
            "curve": [{"fetches": fetches, "stories": stories} for fetches, stories in self.curve],
        }


def yields_of(fetches: Iterable[Fetch]) -> Yields:
    """Return what the fetches brought; they come in the order in which they were made.

    Memory grows by one byte a fetch.
    """
    found = Yields()
    brought = bytearray()
    for fetch in fetches:
        brought.append(fetch.is_new_story)
        found.by_outlet.setdefault(fetch.outlet, Yield())
        if fetch.kind != PageKind.STORY:
            found.listings[fetch.kind] += 1
            found.listings_by_outlet[fetch.outlet] += 1
            continue
        found.by_outlet[fetch.outlet].add(fetch)
        found.by_zone.setdefault(fetch.zone, Yield()).add(fetch)
        found.by_depth.setdefault(fetch.depth, Yield()).add(fetch)
    found.total = Yield(fetches=len(brought), stories=sum(brought))
    last = brought[-RECENT:]
    found.recent = Yield(fetches=len(last), stories=sum(last))
    found.by_zone = dict(sorted(found.by_zone.items(), key=lambda each: (-each[1].fetches, each[0])))
    found.by_depth = dict(sorted(found.by_depth.items()))
    found.by_outlet = dict(
        sorted(
            found.by_outlet.items(),
            key=lambda each: (-each[1].fetches - found.listings_by_outlet[each[0]], each[0]),
        )
    )
    found.curve = _curve(brought)
    return found


def sparkline(curve: list[tuple[int, int]]) -> str:
    """Return the harvest between each two points of the curve as a line of bars: the full bar is 1.

    >>> sparkline([(4, 4), (8, 6), (12, 6)])
    '█▅▁'
    """
    bars = []
    fetched = found = 0
    for fetches, stories in curve:
        share = (stories - found) / (fetches - fetched)
        bars.append(BARS[round(share * (len(BARS) - 1))])
        fetched, found = fetches, stories
    return "".join(bars)


def _curve(brought: bytearray) -> list[tuple[int, int]]:
    """Return the sums so far at no more than 40 places, evenly apart, the last one at the end."""
    points: list[tuple[int, int]] = []
    total, number = 0, min(-(-len(brought) // FETCHES_A_POINT), CURVE_POINTS)
    start = 0
    for point in range(1, number + 1):
        end = len(brought) * point // number
        total += sum(brought[start:end])
        points.append((end, total))
        start = end
    return points
