"""Text as words, and the places in it where one of many phrases begins."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from crawler.topic.affixes import word_forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT = "ROOT:"
STUB_LENGTH = 3  # letters that must stand before a "*"; fewer would match nearly anything
MOST_WORDS_MET = 50_000  # a few megabytes; a year of one outlet uses about as many different words

# Letters and digits, "1.300.000" and "131,5" included; the hyphens, dots and underscores of slugs part words.
_WORD = r"[^\W_]+(?:[.,]\d+)*"
_WORDS = re.compile(_WORD)
_WORDS_AND_STOPS = re.compile(rf"{_WORD}|[.!?](?=\s)|\n")
STOPS = frozenset(".!?\n")


def words_of(text: str) -> list[str]:
    """The words of a headline, an anchor or a slug, in lower case.

    >>> words_of("Edan, 1.3 Miliar Data SIM Bocor!")
    ['edan', '1.3', 'miliar', 'data', 'sim', 'bocor']
    """
    return _WORDS.findall(text.lower())


def words_and_stops_of(text: str) -> list[str]:
    """The words of running text, in lower case, with the ends of sentences and lines among them.

    >>> words_and_stops_of("Data bocor. Kata dia, Rp1.5 juta.")
    ['data', 'bocor', '.', 'kata', 'dia', 'rp1.5', 'juta']
    """
    return _WORDS_AND_STOPS.findall(text.lower())


def spans_of(text: str) -> list[tuple[int, int]]:
    """Where the words and the ends of sentences and lines stand in the text."""
    return [found.span() for found in _WORDS_AND_STOPS.finditer(text)]


class PhraseError(ValueError):
    """A phrase that no text could match, or that would match nearly any."""


class Place(NamedTuple):
    """A phrase found among words: ``words[start:end]``, and the number of the phrase that matched."""

    start: int
    end: int
    phrase: int


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a phrase: a set of forms, or a stub that any ending may follow."""

    forms: frozenset[str]
    stub: str = ""


class _Start(NamedTuple):
    """What may begin at one word."""

    alone: tuple[int, ...]  # phrases of this one word
    pairs: dict[str, list[_Tail]]  # longer phrases, by each form of their second word
    stubs: tuple[_Tail, ...]  # longer phrases whose second word takes any ending


class _Tail(NamedTuple):
    """A phrase, by number, and its words from the second on."""

    number: int
    rest: tuple[_Word, ...]


@dataclass(slots=True)
class PhraseIndex:
    """Finds many phrases in one pass: a phrase is only tried where its first two words stand.

    >>> index = PhraseIndex(["ROOT:bocor", "data breach*", "data"])
    >>> words = words_of("Data breaches: membocorkan data")
    >>> [(" ".join(words[start:end]), number) for start, end, number in index.places(words)]
    [('data breaches', 1), ('data', 2), ('membocorkan', 0), ('data', 2)]
    """

    phrases: Iterable[str]
    _by_form: dict[str, list[_Tail]] = field(default_factory=dict, init=False)
    _by_stub: dict[str, list[_Tail]] = field(default_factory=dict, init=False)
    # Every word met so far, with what may begin there or None: a crawl meets the same words all the time.
    _met: dict[str, _Start | None] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for number, phrase in enumerate(self.phrases):
            first, *rest = parse_phrase(phrase)
            tail = _Tail(number, tuple(rest))
            if first.stub:
                self._by_stub.setdefault(first.stub, []).append(tail)
            for form in first.forms:
                self._by_form.setdefault(form, []).append(tail)

    def places(self, words: Sequence[str]) -> list[Place]:
        """Every phrase found, in order of its first word; of two at one word, the longer first."""
        places: list[Place] = []
        met, look_up = self._met, self._look_up
        for number, word in enumerate(words):
            begins = met[word] if word in met else look_up(word)
            if begins is None:
                continue
            following = words[number + 1 : number + 2]
            if begins.stubs or (following and following[0] in begins.pairs):
                places += _longer_places(number, begins, words)
            for phrase in begins.alone:
                places.append(Place(number, number + 1, phrase))
        return places

    def _look_up(self, word: str) -> _Start | None:
        tails = list(self._by_form.get(word, ()))
        for length in range(STUB_LENGTH, len(word) + 1):
            tails += self._by_stub.get(word[:length], ())
        if len(self._met) >= MOST_WORDS_MET:
            self._met.clear()
        self._met[word] = _start(tails) if tails else None
        return self._met[word]


def _start(tails: Iterable[_Tail]) -> _Start:
    alone, stubs = [], []
    pairs: dict[str, list[_Tail]] = {}
    for tail in tails:
        if not tail.rest:
            alone.append(tail.number)
        elif tail.rest[0].stub:
            stubs.append(tail)
        for form in tail.rest[0].forms if tail.rest else ():
            pairs.setdefault(form, []).append(tail)
    return _Start(tuple(alone), pairs, tuple(stubs))


def _longer_places(start: int, begins: _Start, words: Sequence[str]) -> list[Place]:
    """The places of phrases of several words, the longest first."""
    following = words[start + 1 : start + 2]
    tails = begins.pairs.get(following[0], ()) if following else ()
    places = [
        Place(start, start + 1 + len(rest), number)
        for number, rest in (*tails, *begins.stubs)
        if start + len(rest) < len(words) and all(map(_fits, rest, words[start + 1 : start + 1 + len(rest)]))
    ]
    places.sort(key=lambda place: -place.end)
    return places


def _fits(word: _Word, found: str) -> bool:
    return found.startswith(word.stub) if word.stub else found in word.forms


def parse_phrase(phrase: str) -> list[_Word]:
    """The words of a phrase of a topic file; PhraseError says what is wrong with it.

    >>> [sorted(word.forms) or word.stub for word in parse_phrase("data breach*")]
    [['data'], 'breach']
    """
    parsed = []
    for part in phrase.split():
        name = part.removeprefix(ROOT)
        if part.startswith(ROOT):
            if not name.isalpha() or len(name) < STUB_LENGTH:
                raise PhraseError(f"after {ROOT} a root of at least {STUB_LENGTH} letters, like {ROOT}bocor")
            parsed.append(_Word(word_forms(name)))
        elif part.endswith("*"):
            stub = part[:-1].lower()
            if words_of(stub) != [stub] or len(stub) < STUB_LENGTH:
                raise PhraseError(f"before * one word of at least {STUB_LENGTH} letters, like pipa*")
            parsed.append(_Word(frozenset(), stub))
        elif "*" in part or ":" in part:
            raise PhraseError(f"plain words, words that end in *, or {ROOT} and a root")
        else:
            parsed += [_Word(frozenset({word})) for word in words_of(part)]
    if not parsed:
        raise PhraseError("at least one word")
    return parsed
