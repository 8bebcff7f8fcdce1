"""How alike the words of stories are: the cosine of TF-IDF (Salton & Buckley, 1988), many pairs at once.

Words that many stories have are compared as a product of matrices, the rare ones by lists of the stories that
have them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

LEAD_WORDS = 60  # of a text: what follows is background, which incidents share
HEADLINE_WEIGHT = 2  # a word of the headline counts as often
FREQUENT_SHARE, MOST_FREQUENT = 0.05, 512  # which words are compared as matrices, and how many at most

_WORD = re.compile(r"[^\W_]{3,}")

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What grouping needs of a story."""

    title: str
    lead: str  # the text, or its beginning
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entries:
    """Words of stories, story by story: ``rows`` tells which one, counted from 0."""

    rows: Integers
    words: Integers  # numbered, the most frequent first
    weights: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The weights of the words of stories, of length 1 a story."""

    entries: _Entries
    starts: Integers  # where the entries of each story begin, and where the last one's end
    frequent: int  # words with smaller numbers are compared as matrices

    def likeness(self, block: Integers, among: Integers) -> Floats:
        """Return the cosine of each story of a block with each of the others, 0 to 1, a row for each."""
        one, other = self._part(block), self._part(among)
        dense = _matrix(one, len(block), self.frequent) @ _matrix(other, len(among), self.frequent).T
        return dense + _by_lists(
            _rare(one, self.frequent), _rare(other, self.frequent), (len(block), len(among))
        )

    def _part(self, numbers: Integers) -> _Entries:
        """Return the entries of some stories, their rows counted anew."""
        lengths = self.starts[numbers + 1] - self.starts[numbers]
        where = _runs(self.starts[numbers], lengths)
        return _Entries(
            rows=np.repeat(np.arange(len(numbers)), lengths),
            words=self.entries.words[where],
            weights=self.entries.weights[where],
        )


def words_of(stories: Sequence[Told]) -> Words:
    """Return the weights of the words of stories; words of one story alone are left out."""
    counts: list[Counter[str]] = []
    for story in stories:
        words = Counter(_WORD.findall(story.lead.lower())[:LEAD_WORDS])
        for word in _WORD.findall(story.title.lower()):
            words[word] += HEADLINE_WEIGHT
        counts.append(words)
    frequency = Counter(word for words in counts for word in words)
    shared = [(word, times) for word, times in frequency.most_common() if times > 1]
    number_of = {word: number for number, (word, _) in enumerate(shared)}
    frequent = sum(times > FREQUENT_SHARE * len(stories) for _, times in shared)
    rows, numbers, weights = [], [], []
    for row, words in enumerate(counts):
        vector = {
            number_of[word]: (1 + math.log(times)) * math.log((len(stories) + 1) / (frequency[word] + 0.5))
            for word, times in words.items()
            if word in number_of
        }
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        for number in sorted(vector):
            rows.append(row)
            numbers.append(number)
            weights.append(vector[number] / length)
    return Words(
        entries=_Entries(
            rows=np.array(rows, np.int64),
            words=np.array(numbers, np.int64),
            weights=np.array(weights, float),
        ),
        starts=np.searchsorted(rows, np.arange(len(stories) + 1)),
        frequent=min(frequent, MOST_FREQUENT),
    )


def _matrix(entries: _Entries, height: int, frequent: int) -> Floats:
    """Return the weights of the frequent words, a row for each story."""
    found = np.zeros((height, frequent))
    kept = entries.words < frequent
    found[entries.rows[kept], entries.words[kept]] = entries.weights[kept]
    return found


def _rare(entries: _Entries, frequent: int) -> _Entries:
    kept = entries.words >= frequent
    return _Entries(rows=entries.rows[kept], words=entries.words[kept], weights=entries.weights[kept])


def _by_lists(block: _Entries, among: _Entries, shape: tuple[int, int]) -> Floats:
    """Return the sum, for each two stories, of the products of the weights of their common words."""
    order = np.argsort(among.words, kind="stable")
    lists = among.words[order]
    begins = np.searchsorted(lists, block.words)
    lengths = np.searchsorted(lists, block.words, side="right") - begins
    having = order[_runs(begins, lengths)]
    cells = np.repeat(block.rows, lengths) * shape[1] + among.rows[having]
    products = np.repeat(block.weights, lengths) * among.weights[having]
    sums: Floats = np.bincount(cells, weights=products, minlength=shape[0] * shape[1]).astype(float)
    return sums.reshape(shape)


def _runs(starts: Integers, lengths: Integers) -> Integers:
    """Return the numbers from each start on, as many as its length.

    >>> _runs(np.array([3, 10]), np.array([2, 1])).tolist()
    [3, 4, 10]
    """
    before = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return np.arange(int(lengths.sum())) - before + np.repeat(starts, lengths)
