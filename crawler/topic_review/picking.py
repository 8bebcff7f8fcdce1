"""Which stories a person is asked about: those near the threshold, and some drawn by chance."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """A stored story that a person may be asked about; ``is_reviewed`` where they passed it over, too."""

    article_id: int
    article_key: str
    relevance: float
    on_topic: bool  # as the crawl says
    is_reviewed: bool = False
    is_drawn: bool = False
    label: bool | None = None  # as the person says


@dataclass(frozen=True, kw_only=True, slots=True)
class Pick:
    """A story to ask about, and whether chance picked it."""

    candidate: Candidate
    is_drawn: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Picks:
    """What to ask, in order, and what chance drew that a person has spoken of before."""

    asked: list[Pick]
    known: list[Candidate]


def pick(
    candidates: Sequence[Candidate], topic: str, threshold: float, limit: int, *, only_drawn: bool
) -> Picks:
    """Choose what to ask about.

    The first half are the stories nearest to the threshold, from below and above in turn: they teach most.
    They say little of the whole, so the other half is drawn by chance, as many from what the crawl calls on
    topic as from the rest (a stratified sample): only those tell shares.

    Args:
        candidates: every story of the topic.
        topic: its name; the draw is the same each time, so that a sample grows from day to day.
        threshold: of the topic.
        limit: how many to ask about, at most.
        only_drawn: leave the first half out.
    """
    near = [] if only_drawn else _nearest(candidates, threshold)[: (limit + 1) // 2]
    taken = {each.article_id for each in near}
    drawn, known = _draw(candidates, topic, limit - len(near), taken)
    asked = [Pick(candidate=each, is_drawn=each in drawn) for each in near]
    asked += [Pick(candidate=each, is_drawn=True) for each in drawn if each.article_id not in taken]
    return Picks(asked=asked[:limit], known=known)


def _nearest(candidates: Iterable[Candidate], threshold: float) -> list[Candidate]:
    open_ones = [each for each in candidates if not each.is_reviewed]
    open_ones.sort(key=lambda each: (abs(each.relevance - threshold), each.article_id))
    # A score of 0 is no border: nothing at all speaks for such a story.
    below = [each for each in open_ones if not each.on_topic and each.relevance > 0]
    above = [each for each in open_ones if each.on_topic]
    return _in_turn(above, below)


def _draw(
    candidates: Iterable[Candidate], topic: str, number: int, taken: set[int]
) -> tuple[list[Candidate], list[Candidate]]:
    """So many that are open, and those known ones that the draw comes by on its way."""
    ordered = sorted(candidates, key=lambda each: _lot(topic, each))
    walk = _in_turn([c for c in ordered if c.on_topic], [c for c in ordered if not c.on_topic])
    drawn: list[Candidate] = []
    known: list[Candidate] = []
    fresh = 0
    for each in walk:
        if fresh >= number:
            break
        if each.is_reviewed:
            known.append(each)
            continue
        drawn.append(each)
        fresh += each.article_id not in taken
    return drawn, known


def _in_turn(some: Iterable[Candidate], others: Iterable[Candidate]) -> list[Candidate]:
    return [each for each in chain.from_iterable(zip_longest(some, others)) if each is not None]


def _lot(topic: str, candidate: Candidate) -> bytes:
    return blake2b(f"{topic} {candidate.article_key}".encode(), digest_size=8).digest()
