"""What stands how often in the examples: the words of a topic, the names, pairs of words and phrases."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from crawler.topic.phrases import words_of
from crawler.topic_proposal.background import STOP_WORDS, background_for
from crawler.topic_proposal.roots import roots_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.topic_proposal.background import Background
    from crawler.topic_proposal.example import Example

WINDOW = 10  # words between the two of a pair, at most
SMOOTHING = 2.0  # units in a thousand; more makes frequent words count for more
NAME_SHARE = 0.7  # of a word's places in running text that have a capital
_OPENING = re.compile(r"^[\W_]*[^\W_]+")
_CAPITAL = re.compile(r"(?<![^\W_])[A-Z][^\W_]*")


class Unit(NamedTuple):
    """One headline or sentence of an example."""

    example: int
    is_headline: bool
    text: str
    words: tuple[str, ...]


@dataclass(slots=True)
class Support:
    """Where something was seen."""

    headlines: set[int] = field(default_factory=set)  # numbers of units
    sentences: set[int] = field(default_factory=set)
    examples: set[int] = field(default_factory=set)

    def add(self, number: int, unit: Unit) -> None:
        """Count a unit."""
        (self.headlines if unit.is_headline else self.sentences).add(number)
        self.examples.add(unit.example)


@dataclass
class Counts:
    """The examples counted through once."""

    examples: Sequence[Example]
    language: str

    @cached_property
    def background(self) -> Background:
        """What news of every kind looks like."""
        return background_for(self.language)

    @cached_property
    def units(self) -> list[Unit]:
        """Every headline and sentence, a headline that several examples share once."""
        found: dict[tuple[str, ...], Unit] = {}
        for number, example in enumerate(self.examples):
            for texts, is_headline in ((example.headlines, True), (example.sentences, False)):
                for text in texts:
                    words = tuple(words_of(text))
                    found.setdefault(words, Unit(number, is_headline, text, words))
        return list(found.values())

    @cached_property
    def root(self) -> dict[str, str]:
        """The root of every word that may be a topic's; without affixes the word itself."""
        words = {word for unit in self.units for word in unit.words if is_content(word)}
        if self.language != "id":
            return {word: word for word in words}
        return roots_of(words, self.background.counts.keys() - STOP_WORDS)

    @cached_property
    def forms(self) -> dict[str, Counter[str]]:
        """By root, the words seen of it and how often."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for unit in self.units:
            for word in unit.words:
                if word in self.root:
                    found[self.root[word]][word] += 1
        return dict(found)

    @cached_property
    def support(self) -> dict[str, Support]:
        """By root, where it was seen."""
        found: defaultdict[str, Support] = defaultdict(Support)
        for number, unit in enumerate(self.units):
            for root in {self.root[word] for word in unit.words if word in self.root}:
                found[root].add(number, unit)
        return dict(found)

    @cached_property
    def names(self) -> frozenset[str]:
        """The roots of words that running text writes with a capital; of unseen ones the background knows."""
        capitals: Counter[str] = Counter()
        places: Counter[str] = Counter()
        for unit in self.units:
            if unit.is_headline:
                continue
            rest = _OPENING.sub("", unit.text)
            places.update(word for word in words_of(rest) if word in self.root)
            capitals.update(word for found in _CAPITAL.findall(rest) for word in words_of(found))
        names = set()
        for root, forms in self.forms.items():
            seen = sum(places[word] for word in forms)
            if seen:
                is_name = sum(capitals[word] for word in forms) >= NAME_SHARE * seen
            else:
                known = [word for word in (root, *forms) if word in self.background.counts]
                is_name = not known or all(word in self.background.names for word in known)
            if is_name:
                names.add(root)
        return frozenset(names)

    @cached_property
    def unseen(self) -> frozenset[str]:
        """Of the names, those that only headlines have: they may as well be common words."""
        return frozenset(
            root
            for root in self.names
            if not self.support[root].sentences
            and not any(word in self.background.names for word in self.forms[root])
        )

    @cached_property
    def keyness(self) -> dict[str, float]:
        """How much more often a root stands in the examples than in other news.

        The ratio of rates in units, each smoothed: Kilgarriff, "Simple maths for keywords" (2009).
        """
        total = len(self.units)
        return {
            root: (1000 * (len(seen.headlines) + len(seen.sentences)) / total + SMOOTHING)
            / (self.background.per_thousand(*self.forms[root], root) + SMOOTHING)
            for root, seen in self.support.items()
        }

    def pairs(self, wanted: set[str]) -> dict[tuple[str, str], Support]:
        """Where two of the wanted roots stand together in a headline or sentence, by the two in ABC order."""
        found: defaultdict[tuple[str, str], Support] = defaultdict(Support)
        for number, unit in enumerate(self.units):
            places = [
                (at, self.root[word]) for at, word in enumerate(unit.words) if self.root.get(word) in wanted
            ]
            near = {
                (min(one, other), max(one, other))
                for (at, one), (there, other) in combinations(places, 2)
                if one != other and there - at <= WINDOW
            }
            for pair in near:
                found[pair].add(number, unit)
        return dict(found)

    def phrases(self, wanted: set[str], length: int) -> dict[tuple[str, ...], Support]:
        """Where so many of the wanted roots' words stand next to each other, by the words as they are."""
        found: defaultdict[tuple[str, ...], Support] = defaultdict(Support)
        for number, unit in enumerate(self.units):
            for run in _runs(unit.words, length):
                if all(self.root.get(word) in wanted for word in run) and len(set(run)) == length:
                    found[run].add(number, unit)
        return dict(found)


def is_content(word: str) -> bool:
    """Whether a word may be of a topic: neither a stop word nor a number, and of three letters at least."""
    return len(word) > 2 and word not in STOP_WORDS and not any(sign.isdigit() for sign in word)


def _runs(words: Sequence[str], length: int) -> Iterable[tuple[str, ...]]:
    return (tuple(words[at : at + length]) for at in range(len(words) - length + 1))
