"""Which of the words, pairs and phrases of the examples to look for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.topic_proposal.counting import Counts, Support

KEY = 6.0  # times as often as in other news: from here a word is the topic's
RARE = 0.8  # units in a thousand of other news: a word that may stand alone is no more frequent
MOST_CORE_PAIRS = 6
MOST_PAIRS = 12
MOST_MAYBE = 12
MOST_TEXT_PAIRS = 8
MOST_PHRASES = 20
MOST_CONTEXT = 15
# A verb, or the noun made of one; an agent noun (peserta, pelanggan) is more often a thing that is talked of.
_VERBAL = re.compile(r"(?:di|me|ter|ber).+|(?:ke|pe).+an(?:nya)?")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase as the topic file has it, and where the examples have it."""

    phrase: str
    support: Support


@dataclass(frozen=True, slots=True)
class Table:
    """A near table; ``seen`` has an entry for each phrase of the side that has several."""

    left: list[str]
    right: list[str]
    seen: list[Found]


@dataclass(slots=True)
class Choice:
    """What to look for."""

    strong: list[Found] = field(default_factory=list)
    near: list[Table] = field(default_factory=list)
    weaker: list[Table] = field(default_factory=list)  # near pairs that fewer headlines bear out
    context: list[Found] = field(default_factory=list)
    maybe: list[Found] = field(default_factory=list)  # a person knows whether they tell the topic alone


def choose(counts: Counts) -> Choice:
    """What fits the examples: pairs that headlines repeat, phrases around them, names as context."""
    return _Chooser(counts).choice()


class _Chooser:
    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self.common = {
            root for root, keyness in counts.keyness.items() if keyness >= KEY and root not in counts.names
        }
        self.pairs = counts.pairs(self.common)
        self.name_runs = counts.phrases(set(counts.names), 2)
        # "bpjs kesehatan" is one name: its second word alone is another thing.
        seconds = {
            counts.root[words[1]]
            for words, seen in self.name_runs.items()
            if 2 * _total(seen) > _total(counts.support[counts.root[words[1]]])
        }
        self.with_names = counts.pairs(self.common | (counts.names - seconds))
        self._events: dict[str, bool] = {}
        self.covered: set[int] = set()  # headlines that some pair stands in

    def choice(self) -> Choice:
        core = self._core()
        hubs = {root for pair in core for root in pair}
        near = core + self._around(hubs)
        alone, maybe = self._singles({root for pair in near for root in pair})
        in_text = self._in_text(hubs, set(near))
        in_text += self._of_names(hubs)
        in_text += self._befallen(core, {*near, *in_text})
        in_text += self._left_over(set(in_text))
        used = {root for pair in (*near, *in_text) for root in pair}
        return Choice(
            strong=self._ranked(alone) + self._phrases(used),
            near=self._tables(near),
            weaker=self._tables(in_text),
            context=self._context(hubs | alone),
            maybe=(self._ranked(maybe) + self._names())[:MOST_MAYBE],
        )

    def _core(self) -> list[Pair]:
        """The pairs that the headlines have in common, the one in most of them first."""
        chosen: list[Pair] = []
        while len(chosen) < MOST_CORE_PAIRS:
            best = max(self.pairs, key=self._worth, default=None)
            if best is None or not self._worth(best):
                break
            chosen.append(best)
            self.covered |= self.pairs[best].headlines
        return chosen

    def _worth(self, pair: Pair) -> float:
        """How much of the headlines a pair would add to what is covered; 0 where that is too little."""
        seen = self.pairs[pair]
        new = len(seen.headlines - self.covered)
        # One story has few headlines: there its sentences have to bear the first pair out.
        enough = new >= 2 or (not self.covered and new and len(seen.sentences) >= 2)
        if not enough or not any(map(self._is_event, pair)):
            return 0.0
        rarest = min(self.counts.keyness[root] for root in pair)
        return (new + len(seen.sentences) / 4) * log(rarest)

    def _around(self, hubs: set[str]) -> list[Pair]:
        """What else headlines put beside the words of the core."""
        chosen = []
        for pair in self._by_support():
            seen = self.pairs[pair]
            new = seen.headlines - self.covered
            if new and _total(seen) >= 3 and hubs & set(pair) and any(map(self._is_event, pair)):
                chosen.append(pair)
                self.covered |= seen.headlines
        return chosen[:MOST_PAIRS]

    def _in_text(self, hubs: set[str], taken: set[Pair]) -> list[Pair]:
        """What sentences say of the core's words: something is done to them."""
        return [
            pair
            for pair in self._by_support()
            if pair not in taken
            and hubs & set(pair)
            and any(self._is_event(root) and root not in hubs for root in pair)
            and _total(self.pairs[pair]) >= 3
        ][:MOST_TEXT_PAIRS]

    def _of_names(self, hubs: set[str]) -> list[Pair]:
        """Names to which headlines say that the core's events happen."""
        found = [
            pair
            for pair, seen in self.with_names.items()
            if len(seen.headlines) > 1
            and any(root in self.counts.names for root in pair)
            and any(root not in self.counts.names and self._is_event(root) for root in pair)
            and (hubs & set(pair) or len(seen.examples) > 1)
        ]
        for pair in found:
            self.covered |= self.with_names[pair].headlines
        return sorted(found, key=self._rank)[:MOST_TEXT_PAIRS]

    def _befallen(self, core: list[Pair], taken: set[Pair]) -> list[Pair]:
        """What else headlines name beside the core's events: of data that leak, users, accounts and sites."""
        events = {root for pair in core for root in pair if self._is_event(root)}
        return [
            pair
            for pair in self._by_support()
            if pair not in taken
            and self.pairs[pair].headlines
            and _total(self.pairs[pair]) >= 2
            and len(events & set(pair)) == 1
            and not all(map(self._is_event, pair))
        ][:MOST_TEXT_PAIRS]

    def _left_over(self, taken: set[Pair]) -> list[Pair]:
        """For each example whose own headline nothing covers, the two of its words that tell it best."""
        found = []
        for number, unit in enumerate(self.counts.units):
            is_own = unit.text == self.counts.examples[unit.example].headlines[0]
            if not unit.is_headline or not is_own or number in self.covered:
                continue
            able = [
                pair
                for pair, seen in self.with_names.items()
                if number in seen.headlines and any(root in self.common for root in pair)
            ]
            best = min(
                able, key=lambda pair: (not any(map(self._is_event, pair)), self._rank(pair)), default=None
            )
            if best and best not in taken:
                found.append(best)
                self.covered |= self.with_names[best].headlines
        return found

    def _singles(self, paired: set[str]) -> tuple[set[str], set[str]]:
        """Words that tell the topic alone, and those that may: rare in other news, and shared by examples."""
        alone: set[str] = set()
        maybe: set[str] = set()
        for root in self.common:
            if root in paired and self._is_event(root):
                continue  # what leaks or is stolen makes the difference
            seen = self.counts.support[root]
            rate = self.counts.background.per_thousand(root, *self.counts.forms[root])
            is_shared = len(seen.examples) > 1 and len(seen.headlines) > 1
            if rate > RARE or not is_shared or not seen.headlines - self.covered:
                continue
            (alone if 2 * len(seen.examples) >= len(self.counts.examples) else maybe).add(root)
        return alone, maybe

    def _ranked(self, roots: set[str]) -> list[Found]:
        found = [Found(self._term(root), self.counts.support[root]) for root in sorted(roots)]
        return sorted(found, key=lambda each: -_total(each.support))

    def _phrases(self, used: set[str]) -> list[Found]:
        """The pairs' words where they stand side by side, as headlines print them."""
        found = [
            Found(" ".join(words), seen)
            for words, seen in self.counts.phrases(self.common, 2).items()
            if {self.counts.root[word] for word in words} <= used
            and seen.headlines
            and (_total(seen) >= 2 if self._has_event(words) else _is_everywhere(seen))
        ]
        return sorted(found, key=lambda each: -_total(each.support))[:MOST_PHRASES]

    def _context(self, hubs: set[str]) -> list[Found]:
        """Names that headlines or several sentences have, and what stands beside the core."""
        counts = self.counts
        runs = self.name_runs | {
            words: seen
            for words, seen in counts.phrases(self.common, 2).items()
            if any(counts.root[word] in hubs for word in words)
            and not self._has_event(words)
            and not _is_everywhere(seen)
        }
        phrases = [Found(" ".join(words), seen) for words, seen in runs.items() if _total(seen) >= 2]
        spoken = {
            word
            for each in phrases
            for word in each.phrase.split()
            if 2 * _total(each.support) > _total(counts.support[counts.root[word]])
        }
        words = [
            Found(self._plain(root), seen)
            for root, seen in counts.support.items()
            if (root in counts.names or root in self.common)
            and root not in hubs
            and self._plain(root) not in spoken
            and (len(seen.headlines) >= 2 or (root in counts.names and seen.headlines and _total(seen) >= 3))
            and not self._is_event(root)
        ]
        return sorted(phrases + words, key=lambda each: -_total(each.support))[:MOST_CONTEXT]

    def _names(self) -> list[Found]:
        """Names that stand in no headline but again and again in the text."""
        found = [
            Found(" ".join(words), seen)
            for words, seen in self.name_runs.items()
            if len(seen.sentences) >= 2 and not seen.headlines
        ]
        return sorted(found, key=lambda each: -_total(each.support))

    def _tables(self, pairs: Iterable[Pair]) -> list[Table]:
        """The pairs as near tables: one left word with all its right ones, or many left with one right."""
        pairs = list(pairs)
        partners = Counter(root for pair in pairs for root in pair)
        by_left: dict[str, list[Found]] = {}
        for pair in pairs:
            left, right = sorted(pair, key=lambda root: (self._is_event(root), -partners[root], root))
            by_left.setdefault(self._term(left), []).append(Found(self._term(right), self.with_names[pair]))
        tables: list[Table] = []
        single: dict[str, list[Found]] = {}
        for term, rights in by_left.items():
            if len(rights) > 1:
                tables.append(Table([term], [right.phrase for right in rights], rights))
            else:
                single.setdefault(rights[0].phrase, []).append(Found(term, rights[0].support))
        tables += [Table([left.phrase for left in lefts], [term], lefts) for term, lefts in single.items()]
        return tables

    def _by_support(self) -> list[Pair]:
        return sorted(self.pairs, key=self._rank)

    def _rank(self, pair: Pair) -> tuple[float, float, Pair]:
        """The order of pairs: in most headlines first, then in most sentences, then the rarer words."""
        seen = self.with_names[pair]
        rarest = min(self.counts.keyness[root] for root in pair)
        return (-len(seen.headlines) - len(seen.sentences) / 4, -rarest, pair)

    def _is_event(self, root: str) -> bool:
        """Whether the root stands mostly for something that is done or happens, told by its affixes."""
        if root not in self._events:
            forms = self.counts.forms[root]
            verbal = {form for form in forms if form != root and _VERBAL.fullmatch(form)}
            spoken = sum(forms[form] for form in verbal | {root})
            self._events[root] = bool(verbal) and 2 * spoken >= forms.total()
        return self._events[root]

    def _has_event(self, words: Iterable[str]) -> bool:
        return any(self._is_event(self.counts.root[word]) for word in words)

    def _term(self, root: str) -> str:
        return f"ROOT:{root}" if self._is_event(root) else self._plain(root)

    def _plain(self, root: str) -> str:
        [(form, _)] = self.counts.forms[root].most_common(1)
        return form


def _is_everywhere(seen: Support) -> bool:
    """Whether a phrase for a thing, and no event, is said often enough to tell the topic alone."""
    return len(seen.headlines) >= 2 and _total(seen) >= 5


def _total(seen: Support) -> int:
    return len(seen.headlines) + len(seen.sentences)
