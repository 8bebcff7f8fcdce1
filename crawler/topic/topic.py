"""A topic: what the crawl looks for, and how well a headline, an anchor or a whole story fits it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.errors import TopicError
from crawler.items import Relevance
from crawler.near_names import nearest_first
from crawler.topic.evidence import EvidenceFinder, Found, Hit, Kind
from crawler.topic.phrases import STOPS, spans_of, words_and_stops_of, words_of
from crawler.topic.topic_file import TopicFile, read_topic_file
from crawler.topic.topic_rules import STRONG_WEIGHT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from importlib.resources.abc import Traversable

CONTEXT_CEILING = 0.8  # of the threshold: however many context words, alone they are never enough
LEAD_WORDS = 150
HITS_IN_LEAD = 2  # this many in the lead, or ...
HITS_PER_100_WORDS = 1  # ... this many in the whole text, put a story on topic (FOCUS.md 4.1)


@dataclass(frozen=True, kw_only=True)
class Match:
    """A phrase of the topic found in a text, for explanations."""

    phrase: str  # as the text has it, in lower case
    kind: Kind
    rule: str  # as the topic file has it
    spans: tuple[tuple[int, int], ...]  # where in the text, in characters; two for a near pair


@dataclass(frozen=True, kw_only=True)
class Topic(TopicFile):
    """A topic file that reads: its scores run from 0 to 1, and from ``threshold`` on a text is on topic."""

    @cached_property
    def _finder(self) -> EvidenceFinder:
        return EvidenceFinder(self.rules)

    def score_headline(self, text: str) -> float:
        """How well a headline fits; as well for an anchor text or the words of a slug."""
        words = words_of(text)
        return self._score(words, self._finder.find(words))

    def score_context(self, text: str) -> float:
        """How well running text fits, such as the words around a link."""
        words = words_and_stops_of(text)
        return self._score(words, self._finder.find(words))

    def score_page(
        self, title: str, body: str, deck: str | None = None, tags: Sequence[str] = ()
    ) -> Relevance:
        """How well a story fits, and the phrases that say so.

        It is on topic when its headline is, or when its text is dense with evidence (1 hit in 100 words), or
        when its lead is (2 hits in 150 words). The headline does not count again in the text. An editor's tag
        that fits is one hit of the lead, however many there are.
        """
        title_words = words_of(title)
        tag = next((tag for tag in tags if self.score_headline(tag) >= self.threshold), None)
        text_words = words_and_stops_of("\n".join(text for text in (deck, tag, body) if text))
        in_title = self._finder.find(title_words)
        in_text = self._finder.find(text_words)
        scores = [
            self._score(title_words, in_title),
            *_text_scores(text_words, in_text.evidence, self.threshold),
        ]
        score = max(scores)
        if score >= self.threshold:
            score = _either(scores)
        found = [hit.phrase(title_words) for hit in in_title.evidence]
        found += [hit.phrase(text_words) for hit in in_text.evidence]
        return Relevance(
            score=round(score, 3), on_topic=score >= self.threshold, matched=list(dict.fromkeys(found))
        )

    def matches(self, text: str) -> list[Match]:
        """Every phrase that counts in the text, and every one that hides others, in order of the text."""
        spans = spans_of(text)
        words = [text[start:end].lower() for start, end in spans]
        found = self._finder.find(words)
        return [
            Match(
                phrase=hit.phrase(words),
                kind=hit.kind,
                rule=self._finder.rule(hit),
                spans=tuple((spans[place.start][0], spans[place.end - 1][1]) for place in hit.places),
            )
            for hit in sorted(
                (*found.evidence, *found.context, *found.hiding), key=lambda hit: hit.places[0].start
            )
        ]

    def tags_for(self, outlet: str) -> tuple[str, ...]:
        """The names of the tag pages worth asking an outlet for: the topic's own, then the outlet's."""
        return tuple(dict.fromkeys((*self.tags.get("all", ()), *self.tags.get(outlet, ()))))

    def _score(self, words: Sequence[str], found: Found) -> float:
        context = _either(_weights(found.context, words))
        if not found.evidence:
            return round(min(context, CONTEXT_CEILING * self.threshold), 3)
        return round(_either([*_weights(found.evidence, words), context]), 3)


def load_topic(name_or_path: str | Path) -> Topic:
    """The topic of that name, or in that file: a path has a slash in it or ends in ``.toml``."""
    if isinstance(name_or_path, str) and "/" not in name_or_path and not name_or_path.endswith(".toml"):
        if name_or_path not in topic_names():
            known = ", ".join(nearest_first(name_or_path, topic_names()))
            raise TopicError(
                f"no topic named {name_or_path!r}; known: {known}; a file of your own: ./{name_or_path}.toml"
            )
        file: Traversable = _shelf() / f"{name_or_path}.toml"
    else:
        file = Path(name_or_path)
    try:
        text = file.read_text(encoding="utf-8-sig")  # Windows editors put a mark on top
    except UnicodeDecodeError as error:
        raise TopicError(f"topic file {file} is not UTF-8 text: {error.reason}; save it as UTF-8") from error
    except OSError as error:
        raise TopicError(
            f"topic file {file} cannot be read: {error.strerror}; list the topics with: bacajuga topics"
        ) from error
    return Topic(**vars(read_topic_file(text, str(file))))


def topic_names() -> list[str]:
    """The names of the topics that come with the package."""
    return sorted(
        file.name.removesuffix(".toml") for file in _shelf().iterdir() if file.name.endswith(".toml")
    )


def _shelf() -> Traversable:
    return resources.files("crawler") / "topics"


def _text_scores(words: Sequence[str], hits: list[Hit], threshold: float) -> list[float]:
    """The scores of density and of the lead, each at ``threshold`` where its rule begins to hold."""
    if not hits:
        return []
    ends = [number for number, word in enumerate(words) if word not in STOPS]
    lead_end = ends[LEAD_WORDS] if len(ends) > LEAD_WORDS else len(words)
    in_lead = [hit for hit in hits if hit.places[0].start < lead_end]
    # A text shorter than a lead is no denser for that: one hit in a note of 60 words is not yet a story.
    hundreds = max(len(ends), LEAD_WORDS) / 100
    strengths = (_hits(hits) / hundreds / HITS_PER_100_WORDS, _hits(in_lead) / HITS_IN_LEAD)
    return [round(1 - (1 - threshold) ** strength, 9) for strength in strengths]


def _hits(hits: Iterable[Hit]) -> float:
    """How many hits these are, a light near pair counting as part of one."""
    return sum(min(1.0, hit.weight / STRONG_WEIGHT) for hit in hits)


def _weights(hits: Iterable[Hit], words: Sequence[str]) -> list[float]:
    """The weights of the hits, every phrase once."""
    return list({hit.phrase(words): hit.weight for hit in hits}.values())


def _either(chances: Iterable[float]) -> float:
    """The chance that at least one of independent things holds.

    >>> _either([0.6, 0.6]), _either([])
    (0.84, 0.0)
    """
    none = 1.0
    for chance in chances:
        none *= 1 - chance
    return 1 - none
