"""Which words are forms of one Indonesian root: kebocoran and membocorkan are of bocor."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from crawler.topic.affixes import SWALLOWED, word_forms

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

SHORTEST_ROOT = 4  # letters; shorter ones stand by chance in too many words
LONGEST_PREFIX = LONGEST_ENDING = 7

_forms = lru_cache(maxsize=20_000)(word_forms)


def roots_of(words: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """The root of each word: the one that most of the words share; a word without relatives is its own.

    A root that is not itself among the words or in ``known`` needs two words that are its forms.

    >>> found = roots_of(["kebocoran", "bocornya", "perlindungan", "dilindungi", "situs"], {"bocor"})
    >>> [found[word] for word in ("kebocoran", "bocornya", "dilindungi", "situs")]
    ['bocor', 'bocor', 'lindung', 'situs']
    """
    words = set(words)
    by_root: defaultdict[str, set[str]] = defaultdict(set)
    for word in words:
        for root in _candidates(word):
            if word in _forms(root):
                by_root[root].add(word)
    found: dict[str, str] = {}
    for word in words:
        able = [
            root
            for root in _candidates(word)
            if word in by_root[root] and (root in words or root in known or len(by_root[root]) > 1)
        ]
        # Ties go to the root that is a word, then to the shorter one: of penjual and jual to jual.
        found[word] = max(
            able,
            key=lambda root: (len(by_root[root]), root in words, root in known, -len(root), root),
            default=word,
        )
    return found


@lru_cache(maxsize=50_000)
def _candidates(word: str) -> frozenset[str]:
    """What may be left of a word when affixes are taken off."""
    found = {word}
    for start in range(min(LONGEST_PREFIX, len(word) - SHORTEST_ROOT) + 1):
        for end in range(max(start + SHORTEST_ROOT, len(word) - LONGEST_ENDING), len(word) + 1):
            found.add(word[start:end])
    for letter, nasal in SWALLOWED.items():
        for start in range(1, min(LONGEST_PREFIX, len(word) - SHORTEST_ROOT + 1) + 1):
            if word[:start].endswith(nasal):
                for end in range(max(start + SHORTEST_ROOT - 1, len(word) - LONGEST_ENDING), len(word) + 1):
                    found.add(letter + word[start:end])
    return frozenset(found)
