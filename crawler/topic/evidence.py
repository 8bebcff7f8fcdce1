"""Finds the phrases in a text that speak for a topic."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from crawler.topic.phrases import STOPS, PhraseIndex, Place
from crawler.topic.topic_rules import STRONG_WEIGHT, NearPair, Rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Kind(StrEnum):
    """Which list of the topic file a phrase stands in."""

    STRONG = "strong"
    NEAR = "near"
    CONTEXT = "context"
    NOT = "not"


class Hit(NamedTuple):
    """One finding among words: where its phrases stand, one or a near pair, and what it weighs."""

    kind: Kind
    places: tuple[Place, ...]
    weight: float

    def phrase(self, words: Sequence[str]) -> str:
        """The words that it covers, with "…" where others stand between."""
        first, last = self.places[0], self.places[-1]
        if first is last or first.end == last.start:
            return " ".join(words[first.start : last.end])
        return f"{' '.join(words[first.start : first.end])} … {' '.join(words[last.start : last.end])}"


class Found(NamedTuple):
    """What a text holds: evidence counts, context only beside it, and hiding phrases explain the rest."""

    evidence: list[Hit]
    context: list[Hit]
    hiding: list[Hit]


@dataclass(slots=True)
class _Roles:
    """What a phrase is looked for as; of near pairs, their numbers."""

    strong: bool = False
    context: bool = False
    hiding: bool = False
    left_of: list[int] = field(default_factory=list)
    right_of: list[int] = field(default_factory=list)
    without: list[int] = field(default_factory=list)


@dataclass(slots=True)
class EvidenceFinder:
    """The rules of one topic, compiled once; ``find`` reads a text once from left to right."""

    rules: Rules
    _pairs: list[NearPair] = field(init=False)
    _phrases: list[str] = field(init=False)
    _roles: list[_Roles] = field(init=False)  # by number of the phrase
    _index: PhraseIndex = field(init=False)

    def __post_init__(self) -> None:
        roles: defaultdict[str, _Roles] = defaultdict(_Roles)
        for phrase in self.rules.strong:
            roles[phrase].strong = True
        for phrase in self.rules.context:
            roles[phrase].context = True
        for phrase in self.rules.hiding:
            roles[phrase].hiding = True
        # The heaviest pair first: a word speaks for one pair only.
        self._pairs = sorted(self.rules.near, key=lambda pair: -pair.weight)
        for number, pair in enumerate(self._pairs):
            for phrase in pair.left:
                roles[phrase].left_of.append(number)
            for phrase in pair.right:
                roles[phrase].right_of.append(number)
            for phrase in pair.without:
                roles[phrase].without.append(number)
        self._phrases = list(roles)
        self._roles = list(roles.values())
        self._index = PhraseIndex(self._phrases)

    def rule(self, hit: Hit) -> str:
        """The phrases of the topic file that made this hit."""
        return " … ".join(self._phrases[place.phrase] for place in hit.places)

    def find(self, words: Sequence[str]) -> Found:
        """The evidence, context and hiding phrases among the words, each in order of the text."""
        found = Found([], [], [])
        places = self._index.places(words)
        if places:
            stops = [number for number, word in enumerate(words) if word in STOPS]
            for sentence in _by_sentence(places, stops):
                self._find_in_sentence(sentence, found)
        return found

    def _find_in_sentence(self, places: Sequence[Place], found: Found) -> None:
        strong, context, hiding = [], [], []
        rights: dict[int, list[Place]] = {}
        for place in places:
            roles = self._roles[place.phrase]
            if roles.strong:
                strong.append(place)
            if roles.context:
                context.append(place)
            if roles.hiding:
                hiding.append(place)
            for pair in roles.right_of:
                rights.setdefault(pair, []).append(place)
        strong = _apart(strong)
        # Within a strong phrase a hiding word hides nothing, so that strong = ["bocoran data"] stands.
        said = {word for place in strong for word in range(place.start, place.end)}
        hiding = [place for place in hiding if not said.issuperset(range(place.start, place.end))]
        hidden: set[int] = set()
        for place in hiding:
            hidden.update(range(place.start - self.rules.hide, place.end + self.rules.hide))
        strong = [place for place in strong if not _touches(place, hidden)]
        hits = [Hit(Kind.STRONG, (place,), STRONG_WEIGHT) for place in strong]
        if rights:
            hits += self._near_hits(places, rights, strong, hidden)
            hits.sort(key=_start)
        found.evidence.extend(hits)
        found.context.extend(
            Hit(Kind.CONTEXT, (place,), self.rules.context_weight) for place in _apart(context)
        )
        found.hiding.extend(Hit(Kind.NOT, (place,), 0.0) for place in hiding)

    def _near_hits(
        self,
        places: Iterable[Place],
        rights: dict[int, list[Place]],
        strong: Iterable[Place],
        hidden: set[int],
    ) -> Iterator[Hit]:
        """One hit for each right phrase with a left one near it, unless a strong phrase has said it."""
        lefts: dict[int, list[Place]] = {number: [] for number in sorted(rights)}
        refused: set[int] = set()
        for place in places:
            roles = self._roles[place.phrase]
            if roles.without:
                refused.update(roles.without)
            if roles.left_of and not _touches(place, hidden):
                for number in roles.left_of:
                    if number in lefts:
                        lefts[number].append(place)
        spoken = {word for place in strong for word in range(place.start, place.end)}
        for number in lefts:
            if number in refused or not lefts[number]:
                continue
            pair = self._pairs[number]
            for right in _apart(rights[number]):
                left = _nearest(right, lefts[number], pair)
                if left is None or _touches(right, hidden) or _touches(right, spoken):
                    continue
                spoken.update(range(right.start, right.end))
                yield Hit(Kind.NEAR, (left, right) if left < right else (right, left), pair.weight)


def _start(hit: Hit) -> int:
    return hit.places[0].start


def _by_sentence(places: Iterable[Place], stops: Sequence[int]) -> Iterator[list[Place]]:
    """The places, sentence by sentence, ``stops`` being where sentences end."""
    sentence: list[Place] = []
    number = 0
    for place in places:
        if number < len(stops) and stops[number] < place.start:
            if sentence:
                yield sentence
            sentence = []
            number = bisect_left(stops, place.start, number)
        sentence.append(place)
    if sentence:
        yield sentence


def _touches(place: Place, words: set[int]) -> bool:
    return bool(words) and any(word in words for word in range(place.start, place.end))


def _apart(places: Iterable[Place]) -> list[Place]:
    """The places that do not overlap one before them."""
    kept: list[Place] = []
    for place in places:
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return kept


def _nearest(right: Place, lefts: Sequence[Place], pair: NearPair) -> Place | None:
    """The left phrase with the fewest words between it and ``right``, if those are within the window."""
    after = bisect_left(lefts, right)
    before = after - 1
    while before >= 0 and lefts[before].end > right.start:
        before -= 1
    best, best_gap = None, pair.window
    if before >= 0 and right.start - lefts[before].end < best_gap:
        best, best_gap = lefts[before], right.start - lefts[before].end
    if not pair.ordered:
        while after < len(lefts) and lefts[after].start < right.end:
            after += 1
        if after < len(lefts) and lefts[after].start - right.end < best_gap:
            best = lefts[after]
    return best
