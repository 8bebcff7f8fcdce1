"""How much two stories have to do with each other: their words, their time and the links between them.

The likeness of their words, more when one links to the other, halved for every fortnight between them.
Stories that are too far apart in time to count are not compared, and of the others a block at once.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from crawler.threads.wording import Floats, Integers, Told, words_of

LINK_STRENGTH = 0.2
HALF_LIFE_DAYS = 14.0
UNKNOWN_GAP = 0.5  # what is left of the strength when a time is not known
# Weaker pairs count as none: with all pairs kept, a topic of many years would be n² of them.
LEAST_STRENGTH = 0.03
# Farther apart, not even the same text with a link is as strong as that.
MOST_DAYS = HALF_LIFE_DAYS * math.log2((1 + LINK_STRENGTH) / LEAST_STRENGTH)
BLOCK_PAIRS = 1_000_000  # that are in memory at once
LEAST_ROWS, MOST_ROWS = 16, 1024  # of a block

# Processors add up in different orders: what differs beyond these would decide ties, and so groups.
_DECIMALS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """The stories that one has to do with, in order, and how much: 0.03 to 1.2."""

    others: npt.NDArray[np.int32]
    strengths: Floats


def strengths(
    stories: Sequence[Told],
    linked: Collection[tuple[int, int]],
    same: Collection[tuple[int, int]],
    progress: Callable[[int, int], None] | None = None,
) -> list[Edges]:
    """Return the edges of each story, the same from both ends.

    Args:
        stories: numbered from 0.
        linked: pairs of numbers, both ways.
        same: pairs of which one text holds the other, both ways; as strong as can be, however far apart.
        progress: told how many stories of how many are compared.
    """
    days = np.array(
        [story.published_at.timestamp() / 86_400 if story.published_at else np.nan for story in stories]
    )
    words = words_of(stories)
    links_of, same_of = _by_first(linked), _by_first(same)
    edges: dict[int, Edges] = {}
    for block, among in _blocks(days):
        likeness = words.likeness(block, among)
        place = np.full(len(stories), -1)
        place[among] = np.arange(len(among))
        for row, number in enumerate(block.tolist()):
            near = place[links_of[number]]
            likeness[row, near[near >= 0]] += LINK_STRENGTH
            likeness[row, place[number]] = 0.0
        gaps = np.abs(days[block][:, None] - days[among][None, :])
        fading = np.exp2(-gaps / HALF_LIFE_DAYS)
        fading[np.isnan(gaps)] = UNKNOWN_GAP
        likeness *= fading
        for row, number in zip(likeness.round(_DECIMALS), block.tolist(), strict=True):
            enough = np.flatnonzero(row >= LEAST_STRENGTH)
            edges[number] = _edges(among[enough], row[enough], same_of[number])
        if progress is not None:
            progress(len(edges), len(stories))
    return [edges[number] for number in range(len(stories))]


def _blocks(days: Floats) -> Iterator[tuple[Integers, Integers]]:
    """Yield numbers of stories to compare at once, and of all that are near any of them in time, in order."""
    by_time = np.argsort(days, kind="stable")  # those without a time last
    timed = len(days) - int(np.isnan(days).sum())
    moments = days[by_time[:timed]]
    untimed = by_time[timed:]

    def among(begin: int, end: int) -> Integers:
        if end > timed:
            return np.arange(len(days))
        low = np.searchsorted(moments, moments[begin] - MOST_DAYS)
        high = np.searchsorted(moments, moments[end - 1] + MOST_DAYS, side="right")
        return np.sort(np.concatenate([by_time[low:high], untimed]))

    begin = 0
    while begin < len(days):
        rows = MOST_ROWS
        while True:
            end = min(begin + rows, len(days))
            near = among(begin, end)
            if rows <= LEAST_ROWS or (end - begin) * len(near) <= BLOCK_PAIRS:
                break
            rows //= 2
        yield by_time[begin:end], near
        begin = end


def _edges(others: Integers, found: Floats, same: Collection[int]) -> Edges:
    if not same:
        return Edges(others=others.astype(np.int32), strengths=found)
    strength_of = dict(zip(others.tolist(), found.tolist(), strict=True)) | dict.fromkeys(same, 1.0)
    ordered = sorted(strength_of)
    return Edges(
        others=np.array(ordered, np.int32),
        strengths=np.array([strength_of[other] for other in ordered], float),
    )


def _by_first(pairs: Collection[tuple[int, int]]) -> defaultdict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for first, second in pairs:
        found[first].append(second)
    return found
