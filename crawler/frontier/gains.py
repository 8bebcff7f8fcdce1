"""When an outlet has had enough: nothing new for long, or more than its share of the budget."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(kw_only=True, slots=True)
class Gains:
    """What each outlet has brought in this crawl.

    A single outlet can hold a crawl for ever: every read-also link leads to another of its own stories
    (Media Cloud's topic mapper met the same, mediacloud/backend #444).
    """

    patience: int  # fetches in a row without a new story on topic; 0 for no limit
    listing_patience: int  # listings in a row without a new entry that fits; 0 for no limit
    share: float  # of the budget that one outlet may have while others have links left; 1 for all
    budget: int  # fetches; 0 for no limit
    fetches: Counter[str] = field(default_factory=Counter)
    closed: dict[str, str] = field(default_factory=dict)  # outlet: why, for a person
    _without: Counter[str] = field(default_factory=Counter)
    _listings_without: Counter[tuple[str, str]] = field(default_factory=Counter)

    def note_story(self, outlet: str, *, is_new: bool) -> None:
        """Count a visit that looked for a story; ``is_new`` when it brought one on topic."""
        self.fetches[outlet] += 1
        self._without[outlet] = 0 if is_new else self._without[outlet] + 1
        if self.patience and self._without[outlet] >= self.patience:
            self.closed[outlet] = f"last {self.patience} fetches: 0 new stories"

    def note_listing(self, outlet: str, kind: str, *, new: int) -> None:
        """Count a listing that was asked for; ``new`` is how many of its entries are new and fit."""
        self.fetches[outlet] += 1
        self._listings_without[outlet, kind] = 0 if new else self._listings_without[outlet, kind] + 1

    def is_barren(self, outlet: str, kind: str) -> bool:
        """Say whether listings of that kind have given nothing at the outlet for long."""
        without = self._listings_without[outlet, kind]
        return bool(self.listing_patience) and without >= self.listing_patience

    def barren(self) -> set[tuple[str, str]]:
        """Return each outlet and kind of listings that have given nothing for long."""
        if not self.listing_patience:
            return set()
        return {place for place, number in self._listings_without.items() if number >= self.listing_patience}

    def over_share(self) -> set[str]:
        """Return the outlets that have had their share of the budget."""
        if not self.budget or self.share >= 1:
            return set()
        return {outlet for outlet, number in self.fetches.items() if number >= self.share * self.budget}
