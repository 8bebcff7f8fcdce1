"""How many stories links could have led to: capture and recapture by two halves of the seeds.

Each half of the seeds is one capture: it catches the stories that links lead to from it. What both catch
tells how much both have missed (Lincoln and Petersen; Chapman 1951, "Some properties of the hypergeometric
distribution with applications to zoological sample censuses"). What is estimated is how many stories lie
within reach of links from seeds such as these: not how many there are on the web. A story that no page
links to is not in it. The halves are taken to catch independently of each other: hubs, which everything
leads to, make the figure too low, and halves about different events make it too high.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MIN_SEEDS = 2  # in each half
# With fewer caught twice the estimate is biased (Robson and Regier 1964, "Sample size in Petersen
# mark-recapture experiments").
MIN_OVERLAP = 7
CONFIDENCE = 0.95
MEASURES = (
    "stories on topic within reach of links from seeds such as these, seeds not counted; not of the web"
)
ASSUMES = (
    "both halves of the seeds lead to stories independently: hubs make it too low, separate events too high"
)


@dataclass(kw_only=True, slots=True)
class Coverage:
    """The estimate with what it was made from, or why there is none."""

    seeds: tuple[int, int] = (0, 0)  # in each half
    reached: tuple[int, int] = (0, 0)  # stories that each half leads to, seeds not counted
    both: int = 0
    either: int = 0
    neither: int = 0  # stored stories that no seed leads to: listings or other topics brought them
    seeds_found_again: int = 0  # seeds that the other half leads to
    estimate: float | None = None
    interval: tuple[int, int] | None = None  # 95 %
    no_estimate: str | None = None  # why, for a person

    def as_record(self) -> dict[str, Any]:
        """Return the figures as JSON values, with what they measure and assume."""
        return {
            "estimate": round(self.estimate, 1) if self.estimate is not None else None,
            "interval": list(self.interval) if self.interval else None,
            "no_estimate": self.no_estimate,
            "measures": MEASURES,
            "assumes": ASSUMES,
            "seeds": list(self.seeds),
            "reached": list(self.reached),
            "both": self.both,
            "either": self.either,
            "neither": self.neither,
            "seeds_found_again": self.seeds_found_again,
        }


def halves(seeds: Iterable[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Return two halves of the seeds, which are pairs of outlet and key in order of discovery.

    Every other one of an outlet goes to the other half, so that both know the same outlets.

    >>> halves([("kompas", "k1"), ("detik", "d1"), ("kompas", "k2"), ("kompas", "k3")])
    (['d1', 'k2'], ['k1', 'k3'])
    """
    keys = [key for _, key in sorted(seeds, key=lambda seed: seed[0])]
    return keys[::2], keys[1::2]


def reach(edges: Mapping[str, Sequence[str]], seeds: Sequence[str]) -> dict[str, int]:
    """Return for each node that seeds lead to which of them do, bit n for the n-th; each leads to itself."""
    reached: dict[str, int] = {}
    for number, seed in enumerate(seeds):
        bit = 1 << number
        waiting = [seed]
        while waiting:
            node = waiting.pop()
            known = reached.get(node, 0)
            if known & bit:
                continue
            reached[node] = known | bit
            waiting += edges.get(node, ())
    return reached


def coverage_of(
    edges: Mapping[str, Sequence[str]], seeds: Sequence[tuple[str, str]], stories: Mapping[str, int]
) -> Coverage:
    """Return the estimate for a link graph.

    Args:
        edges: for each page, the pages that its links lead to.
        seeds: outlet and key of each seed, in order of discovery.
        stories: the stories on topic by the key of their page; copies of a story have its number.
    """
    first, second = halves(seeds)
    coverage = Coverage(seeds=(len(first), len(second)))
    if len(second) < MIN_SEEDS:
        coverage.no_estimate = (
            f"needs {2 * MIN_SEEDS} seeds that are stories, to halve them; "
            f"there {'is' if len(seeds) == 1 else 'are'} {len(seeds)}"
        )
        return coverage
    reached = reach(edges, first + second)
    in_first = (1 << len(first)) - 1
    in_second = ((1 << len(second)) - 1) << len(first)
    coverage.seeds_found_again = sum(bool(reached[key] & in_second) for key in first) + sum(
        bool(reached[key] & in_first) for key in second
    )
    known = {stories[key] for key in first + second if key in stories}
    found: dict[int, int] = {}
    for key, story in stories.items():
        if story not in known:
            found[story] = found.get(story, 0) | reached.get(key, 0)
    coverage.reached = (
        sum(bool(by & in_first) for by in found.values()),
        sum(bool(by & in_second) for by in found.values()),
    )
    coverage.both = sum(bool(by & in_first) and bool(by & in_second) for by in found.values())
    coverage.neither = sum(not by for by in found.values())
    coverage.either = len(found) - coverage.neither
    if coverage.both < MIN_OVERLAP:
        coverage.no_estimate = (
            f"needs {MIN_OVERLAP} stories that both halves of the seeds lead to; there "
            f"{'is' if coverage.both == 1 else 'are'} {coverage.both}"
        )
        return coverage
    groups = Counter(by for by in found.values() if by)
    coverage.estimate = chapman(*coverage.reached, coverage.both)
    coverage.interval = interval(*coverage.reached, coverage.both, clump_size(groups.values()))
    return coverage


def chapman(n1: int, n2: int, both: int) -> float:
    """Return how many there are, when two samples of n1 and n2 have so many in common (Chapman 1951).

    >>> chapman(100, 150, 20)
    725.2380952380952
    """
    return (n1 + 1) * (n2 + 1) / (both + 1) - 1


def clump_size(groups: Iterable[int]) -> float:
    """Return how many stories count as one: those that the same seeds lead to may be caught together.

    It is the design effect of cluster samples whose members are all alike (Kish 1965).

    >>> clump_size([1, 1, 1]), clump_size([10, 10])
    (1.0, 10.0)
    """
    sizes = list(groups)
    return sum(size * size for size in sizes) / sum(sizes)


def interval(n1: int, n2: int, both: int, clump: float = 1.0) -> tuple[int, int]:
    """Return the 95 % interval of how many there are, given two samples and what they have in common.

    It holds every number under which so many in common, or so few, are no surprise: the exact test of the
    hypergeometric distribution, inverted. Where stories are caught in clumps, these are counted instead.

    >>> interval(100, 150, 20)
    (530, 1158)
    >>> interval(50, 50, 50)
    (50, 50)
    """
    union = n1 + n2 - both
    if n1 == n2 == both:
        return union, union
    common = max(1, round(both / clump))
    a, b = (common + math.ceil((n - both) / clump) for n in (n1, n2))
    likeliest = a * b // common
    tail = (1 - CONFIDENCE) / 2
    low = _first(lambda total: _at_most(common, a, b, total) >= tail, a + b - common, likeliest)
    high = likeliest
    while _at_least(common, a, b, high * 2) >= tail:
        high *= 2
    high = _first(lambda total: _at_least(common, a, b, total) < tail, high, high * 2) - 1
    missed = (low - (a + b - common), high - (a + b - common))
    return union + math.floor(missed[0] * clump), union + math.ceil(missed[1] * clump)


def _first(holds: Any, low: int, high: int) -> int:
    """Return the first number from low to high of which it holds, as of all that follow; else high."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _at_least(common: int, a: int, b: int, total: int) -> float:
    """Return the chance that samples of a and b out of total have so many in common, or more."""
    term = chance = _chance(common, a, b, total)
    for k in range(common, min(a, b)):
        term *= (a - k) * (b - k) / ((k + 1) * (total - a - b + k + 1))
        chance += term
        if term < chance * 1e-15:
            break
    return chance


def _at_most(common: int, a: int, b: int, total: int) -> float:
    """Return the chance that they have so many in common, or fewer."""
    term = chance = _chance(common, a, b, total)
    for k in range(common, max(0, a + b - total), -1):
        term *= k * (total - a - b + k) / ((a - k + 1) * (b - k + 1))
        chance += term
        if term < chance * 1e-15:
            break
    return chance


def _chance(common: int, a: int, b: int, total: int) -> float:
    return math.exp(_log_ways(a, common) + _log_ways(total - a, b - common) - _log_ways(total, b))


def _log_ways(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
