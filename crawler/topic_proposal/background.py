"""How often words stand in news of every kind: what a topic's words are told from.

The counts in ``background/id.tsv`` are of the headlines and paragraphs on some eighty pages of seventeen
outlets, none of them chosen by topic; tests/benchmarks/topic_background.py makes them anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

LANGUAGE = "id"
FOLDER = resources.files("crawler.topic_proposal") / "background"
# Words that only hold sentences together, and those with which any news is told.
STOP_WORDS = frozenset((FOLDER / "id-stop-words.txt").read_text(encoding="utf-8").split())


@dataclass(frozen=True, slots=True)
class Background:
    """Counts over ``units`` headlines and paragraphs of ``words`` words in all."""

    units: int
    words: int
    counts: dict[str, int]  # in how many units a word stands
    names: frozenset[str]  # words that running text nearly always writes with a capital

    def per_thousand(self, *words: str) -> float:
        """In how many of a thousand units one of these words stands, at most."""
        return 1000 * sum(self.counts.get(word, 0) for word in words) / self.units if self.units else 0.0


NOTHING_KNOWN = Background(0, 0, {}, frozenset())


@cache
def background_for(language: str) -> Background:
    """The counts for a language; empty ones where there are none."""
    if language != LANGUAGE:
        return NOTHING_KNOWN
    head, *rows = (FOLDER / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
    units, words = (int(number) for number in head.split("\t")[1:3])
    counts, names = {}, set()
    for row in rows:
        word, count, *mark = row.split("\t")
        counts[word] = int(count)
        if mark:
            names.add(word)
    return Background(units, words, counts, frozenset(names))
