"""Which stories tell of one incident: by their words, their time and the links between them.

Each pair gets a strength: the likeness of headline and first words (cosine of TF-IDF, Salton & Buckley,
1988), more when one links to the other, halved for every fortnight between them. Then groups are joined, the
two with the highest mean strength first, until no two are alike enough (average linkage, UPGMA: Sokal &
Michener, 1958). The mean keeps two incidents apart that a single story links, which is how editors use
"Baca juga": in the large sample web four of five such links lead from one incident to another.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

LEAD_WORDS = 60  # of a text: what follows is background, which incidents share
HEADLINE_WEIGHT = 2  # a word of the headline counts as often
LINK_STRENGTH = 0.2
HALF_LIFE_DAYS = 14.0
UNKNOWN_GAP = 0.5  # what is left of the strength when a time is not known
JOIN_FROM = 0.05  # mean strength of the pairs of two groups
# Weaker pairs count as none: with all pairs kept, a topic of many years would be n² of them.
LEAST_STRENGTH = 0.03

_WORD = re.compile(r"[^\W_]{3,}")
Edges = list[dict[int, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What grouping needs of a story."""

    title: str
    lead: str  # the text, or its beginning
    published_at: datetime | None


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
    edges = strengths(stories, _both_ways(links), _both_ways(same), progress)
    return _joined(edges)


def strengths(
    stories: Sequence[Told],
    linked: Collection[tuple[int, int]],
    same: Collection[tuple[int, int]],
    progress: Callable[[int, int], None] | None = None,
) -> Edges:
    """Return for each story the ones that it has to do with, and how much: 0.03 to 1.2."""
    count = len(stories)
    days = np.array(
        [story.published_at.timestamp() / 86_400 if story.published_at else np.nan for story in stories]
    )
    vectors = _vectors(stories)
    postings = _postings(vectors)
    passed: Counter[str] = Counter()  # how many stories with a word were compared
    edges: Edges = [{} for _ in range(count)]
    by_story: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    for first, second in sorted(linked):
        by_story[first].append((second, LINK_STRENGTH))
    for number, vector in enumerate(vectors):
        likeness: npt.NDArray[np.float64] = np.zeros(count)
        for word, weight in vector.items():
            numbers, weights = postings[word]
            earlier = passed[word]
            likeness[numbers[:earlier]] += weight * weights[:earlier]
            passed[word] += 1
        for other, strength in by_story[number]:
            if other < number:
                likeness[other] += strength
        gaps = np.abs(days - days[number])
        fading = np.where(np.isnan(gaps), UNKNOWN_GAP, 0.5 ** (np.nan_to_num(gaps) / HALF_LIFE_DAYS))
        likeness *= fading
        for other in np.flatnonzero(likeness >= LEAST_STRENGTH).tolist():
            edges[number][other] = edges[other][number] = float(likeness[other])
        if progress is not None:
            progress(number + 1, count)
    for first, second in same:
        edges[first][second] = 1.0
    return edges


def _vectors(stories: Sequence[Told]) -> list[dict[str, float]]:
    """Return the weight of each word in each story, of length 1; words of one story alone are left out."""
    counts: list[Counter[str]] = []
    for story in stories:
        words = Counter(_WORD.findall(story.lead.lower())[:LEAD_WORDS])
        for word in _WORD.findall(story.title.lower()):
            words[word] += HEADLINE_WEIGHT
        counts.append(words)
    frequency = Counter(word for words in counts for word in words)
    vectors = []
    for words in counts:
        vector = {
            word: (1 + math.log(times)) * math.log((len(stories) + 1) / (frequency[word] + 0.5))
            for word, times in words.items()
            if frequency[word] > 1
        }
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        vectors.append({word: weight / length for word, weight in vector.items()})
    return vectors


def _postings(
    vectors: Sequence[dict[str, float]],
) -> dict[str, tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]]:
    """Return for each word the stories that have it, in order, and its weight in each."""
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    weights: defaultdict[str, list[float]] = defaultdict(list)
    for number, vector in enumerate(vectors):
        for word, weight in vector.items():
            numbers[word].append(number)
            weights[word].append(weight)
    return {word: (np.array(numbers[word]), np.array(weights[word])) for word in numbers}


def _joined(edges: Edges) -> list[list[int]]:
    """Join the two groups with the highest mean strength, again and again."""
    sums = {number: dict(others) for number, others in enumerate(edges)}  # of strengths between groups
    members = {number: [number] for number in sums}
    waiting = [
        (-strength, number, other)
        for number, others in sums.items()
        for other, strength in others.items()
        if number < other and strength >= JOIN_FROM
    ]
    heapq.heapify(waiting)
    while waiting:
        negative, kept, gone = heapq.heappop(waiting)
        if kept not in members or gone not in members or -negative != _mean(sums, members, kept, gone):
            continue  # one of the two has been joined to another since
        for other, strength in sums.pop(gone).items():
            del sums[other][gone]
            if other != kept:
                sums[kept][other] = sums[other][kept] = sums[kept].get(other, 0.0) + strength
        members[kept] += members.pop(gone)
        for other in sums[kept]:
            mean = _mean(sums, members, kept, other)
            if mean >= JOIN_FROM:
                heapq.heappush(waiting, (-mean, min(kept, other), max(kept, other)))
    return sorted(sorted(group) for group in members.values())


def _mean(sums: dict[int, dict[int, float]], members: dict[int, list[int]], first: int, second: int) -> float:
    return sums[first].get(second, 0.0) / (len(members[first]) * len(members[second]))


def _both_ways(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    return {pair for first, second in pairs if first != second for pair in ((first, second), (second, first))}
