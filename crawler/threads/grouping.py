"""Which stories tell of one incident: by their words, their time and the links between them.

Each pair gets a strength. Then groups are joined, the two with the highest mean strength first, until no two
are alike enough. The mean keeps two incidents apart that a single story links, which is how editors use
"Baca juga": in the large sample web four of five such links lead from one incident to another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from crawler.errors import BacaJugaError
from crawler.threads.linkage import average_linkage
from crawler.threads.strengths import strengths
from crawler.threads.wording import Told

__all__ = ["Told", "TooManyStories", "group"]

JOIN_FROM = 0.05  # mean strength of the pairs of two groups


class TooManyStories(BacaJugaError):  # noqa: N818 - reads as what happened
    """More stories are to be grouped than memory and patience allow."""


def group(
    stories: Sequence[Told],
    links: Iterable[tuple[int, int]],
    same: Iterable[tuple[int, int]] = (),
    progress: Callable[[int, int], None] | None = None,
) -> list[list[int]]:
    """Return the groups as numbers of stories, each in order, the groups by their first.

    The same stories give the same groups, whatever the order of the links.

    Args:
        stories: numbered from 0, in a fixed order such as that of publication.
        links: pairs of numbers, one linking to the other.
        same: pairs of which one text holds the other.
        progress: told how many stories of how many are compared.
    """
    return average_linkage(strengths(stories, _both_ways(links), _both_ways(same), progress), JOIN_FROM)


def _both_ways(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    return {pair for first, second in pairs if first != second for pair in ((first, second), (second, first))}
