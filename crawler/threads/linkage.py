"""Average linkage: joining, again and again, the two groups with the highest mean strength between them.

UPGMA (Sokal & Michener, 1958) by chains of nearest neighbours (Benzécri, 1982; Murtagh, 1983): from any
group go to the one that is nearest to it, and on, until two are each other's nearest, and join these. With
the mean, joining two groups brings them no nearer to a third than the nearer one was: the groups are those
that joining the nearest two of all would give, without looking for these each time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crawler.threads.strengths import Edges
from crawler.threads.wording import Floats

# Sums in another order differ by less: two means as close as this are the same.
_SAME = 1 + 1e-9


def average_linkage(edges: Sequence[Edges], least: float) -> list[list[int]]:
    """Return the groups, as numbers in order, the groups by their first.

    Args:
        edges: of each number, the same from both ends; pairs that have none count as 0.
        least: mean strength of the pairs of two groups that are joined.
    """
    groups = _Groups(edges)
    for start in range(len(edges)):
        chain = [start] if groups.is_alive(start) else []
        while chain:
            nearest, mean, back = groups.nearest(chain[-1], chain[-2] if len(chain) > 1 else None)
            if len(chain) > 1 and mean <= back * _SAME:
                joined = groups.join(chain.pop(), chain.pop())
                if not chain:
                    chain.append(joined)
            elif mean < least:
                chain.pop()  # nothing that is joined later can be nearer to it
            else:
                chain.append(nearest)
    return sorted(sorted(members) for members in groups.members.values())


class _Groups:
    """The groups so far, each under the number of one of its members."""

    def __init__(self, edges: Sequence[Edges]) -> None:
        count = len(edges)
        self.members = {number: [number] for number in range(count)}
        self._group_of = np.arange(count)
        self._sizes = np.ones(count)
        self._rows = {number: (each.others, each.strengths) for number, each in enumerate(edges)}

    def is_alive(self, number: int) -> bool:
        """Return whether there is a group under the number."""
        return number in self.members

    def nearest(self, group: int, before: int | None) -> tuple[int, float, float]:
        """Return the group nearest to this one, the mean strength between the two, and that to ``before``.

        -1 and 0.0 where there is none.
        """
        written, strengths = self._rows[group]
        # Groups that were joined since the row was written are added up here, and only when it is read.
        sums: Floats = np.bincount(
            self._group_of[written], weights=strengths, minlength=len(self._sizes)
        ).astype(float)
        sums[group] = 0.0
        others = np.flatnonzero(sums)
        if not len(others):
            return -1, 0.0, 0.0
        self._rows[group] = others.astype(np.int32), sums[others]
        means = sums[others] / (self._sizes[others] * self._sizes[group])
        best = int(means.argmax())
        back = 0.0 if before is None else float(sums[before] / (self._sizes[before] * self._sizes[group]))
        return int(others[best]), float(means[best]), back

    def join(self, first: int, second: int) -> int:
        """Join two groups and return the number of the one that they make."""
        kept, gone = (first, second) if self._sizes[first] >= self._sizes[second] else (second, first)
        members = self.members.pop(gone)
        self.members[kept] += members
        self._group_of[members] = kept
        self._sizes[kept] += self._sizes[gone]
        rows = self._rows[kept], self._rows.pop(gone)
        self._rows[kept] = (
            np.concatenate([others for others, _ in rows]),
            np.concatenate([strengths for _, strengths in rows]),
        )
        return kept
