"""A page as it was fetched, kept so that it can be read again without the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(kw_only=True, slots=True, frozen=True)
class PageRef:
    """Where a kept page is found; the page itself is loaded when it is read."""

    url: str
    key: str | None  # of the frontier entry that it answers; None for a part of a split story
    fetched_at: datetime
    topic: str | None = None  # of the crawl that fetched it, where that is known
    crawl_id: int = 0
    place: tuple[str, int] = ("", 0)  # file and offset, in an archive


@dataclass(kw_only=True, slots=True, frozen=True)
class RawPage:
    """A server's answer: status, headers and body, the body without its transfer's compression."""

    url: str
    key: str | None  # as in ``PageRef``
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class PageSource(Protocol):
    """Where kept pages come from: an archive in files, or the store."""

    def pages(self) -> Sequence[PageRef]:
        """Return the pages that answered a frontier entry with status 200, oldest first."""

    def load(self, ref: PageRef) -> RawPage:
        """Return a page as it was fetched."""

    def part(self, url: str, near: datetime) -> RawPage | None:
        """Return the page at an address that was fetched first after that moment, else last before it."""
