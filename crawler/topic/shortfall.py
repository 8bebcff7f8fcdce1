"""What a story lacks to be on topic: each of the three ways to get there, and how far it came."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.topic.evidence import Kind
from crawler.topic.phrases import words_of
from crawler.topic.topic import HITS_IN_LEAD, HITS_PER_100_WORDS, LEAD_WORDS

if TYPE_CHECKING:
    from crawler.topic.topic import Topic


@dataclass(frozen=True, kw_only=True, slots=True)
class Shortfall:
    """How far a story came: one of headline, lead and whole text is enough."""

    threshold: float
    headline_score: float
    words: int  # of the text
    hits: int  # phrases of the topic in the text, each place counted; context words do not count
    hits_needed: int
    hits_in_lead: int
    hits_in_lead_needed: int
    phrases: list[str]  # in the headline and the text, context words too


def shortfall(topic: Topic, title: str, body: str, deck: str | None = None) -> Shortfall:
    """Return how far a story came."""
    text = f"{deck}\n{body}" if deck else body
    words = len(words_of(text))
    found = topic.matches(text)
    hits = [match for match in found if match.kind in (Kind.STRONG, Kind.NEAR)]
    in_lead = [match for match in hits if len(words_of(text[: match.spans[0][0]])) < LEAD_WORDS]
    counted = (Kind.STRONG, Kind.NEAR, Kind.CONTEXT)
    phrases = [match.phrase for match in (*topic.matches(title), *found) if match.kind in counted]
    return Shortfall(
        threshold=topic.threshold,
        headline_score=topic.score_headline(title),
        words=words,
        hits=len(hits),
        # A text shorter than a lead is no denser for that.
        hits_needed=math.ceil(max(words, LEAD_WORDS) / 100 * HITS_PER_100_WORDS),
        hits_in_lead=len(in_lead),
        hits_in_lead_needed=HITS_IN_LEAD,
        phrases=list(dict.fromkeys(phrases)),
    )


def shortfall_sentence(short: Shortfall) -> str:
    """Return it in words."""
    return (
        f"One of three would be enough: a headline of {short.threshold:.2f} (it scores "
        f"{short.headline_score:.2f}), {short.hits_in_lead_needed} phrases of the topic among the first "
        f"{LEAD_WORDS} words (it has {short.hits_in_lead}), or {short.hits_needed} in all of its "
        f"{short.words:,} words (it has {short.hits})"
    )
