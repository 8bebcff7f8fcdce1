"""How much of one text stands in another, and whether that makes it a copy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from crawler.comparing.fingerprint import MIN_WORDS, gram_hashes, number_tokens

if TYPE_CHECKING:
    from crawler.comparing.fingerprint import Hashes


class CopyKind(StrEnum):
    """What one story is to another."""

    EXACT = "exact"  # the same words
    NEAR = "near"  # the same story, edited
    CONTAINED = "contained"  # the whole of it stands in a longer one: linked, never hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From which likeness on a story counts as a copy (DEDUP.md: measured on Indonesian news)."""

    near: float = 0.7  # of J3, whatever the figures
    near_with_numbers: float = 0.5  # of J3, when the figures are the same, too
    numbers: float = 0.7  # of the figures
    contained: float = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Shares from 0 to 1 of what two texts have in common."""

    j3: float  # of the word 3-grams of both (Jaccard)
    containment: float  # of the first text's 3-grams: how much of it stands in the second
    contains: float  # of the second text's
    num_jaccard: float  # of the words with a digit; 0 when neither has one, since then they confirm nothing
    is_same_text: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """A text made ready for comparison."""

    tokens: list[str]
    grams: Hashes
    numbers: frozenset[str]


def shape_of(tokens: list[str]) -> Shape:
    """Return the words of a story made ready for comparison."""
    return Shape(tokens, gram_hashes(tokens), number_tokens(tokens))


def compare(first: Shape, second: Shape) -> Likeness:
    """Return what two texts have in common."""
    both = len(np.intersect1d(first.grams, second.grams, assume_unique=True))
    in_first, in_second = len(first.grams), len(second.grams)
    either = in_first + in_second - both
    numbers = first.numbers | second.numbers
    return Likeness(
        j3=both / either if either else 0.0,
        containment=both / in_first if in_first else 0.0,
        contains=both / in_second if in_second else 0.0,
        num_jaccard=len(first.numbers & second.numbers) / len(numbers) if numbers else 0.0,
        is_same_text=first.tokens == second.tokens,
    )


def kind(first: Shape, second: Shape, likeness: Likeness, thresholds: Thresholds) -> CopyKind | None:
    """Return what the first text is to the second, or None when they are two stories.

    Either may stand in the other: ``Likeness.containment`` tells which, where the kind is ``contained``.
    """
    if likeness.is_same_text:
        return CopyKind.EXACT
    if min(len(first.tokens), len(second.tokens)) < MIN_WORDS:
        return None
    if likeness.j3 >= thresholds.near:
        return CopyKind.NEAR
    if likeness.j3 >= thresholds.near_with_numbers and likeness.num_jaccard >= thresholds.numbers:
        return CopyKind.NEAR
    if max(likeness.containment, likeness.contains) >= thresholds.contained:
        return CopyKind.CONTAINED
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Another story that the one in question is a copy of, stands in, or holds."""

    other_id: int
    kind: CopyKind
    likeness: Likeness  # of the one in question to the other

    @property
    def holds_other(self) -> bool:
        """Whether it is the other one that stands in the one in question."""
        return self.kind is CopyKind.CONTAINED and self.likeness.contains > self.likeness.containment


def matches(
    own: Shape, others: Mapping[int, Iterable[Shape]], thresholds: Thresholds
) -> tuple[Match | None, list[Match]]:
    """Return the story that a text is a copy of, and those that it stands in or holds.

    Args:
        own: the text.
        others: the versions of every story that it may be like, by the story's id.
        thresholds: what counts as a copy.
    """
    found: list[Match] = []
    for other_id, versions in sorted(others.items()):
        of_other = []
        for version in versions:
            likeness = compare(own, version)
            what = kind(own, version, likeness, thresholds)
            if what is not None:
                of_other.append(Match(other_id=other_id, kind=what, likeness=likeness))
        if of_other:
            found.append(max(of_other, key=_closeness))
    copies = [match for match in found if match.kind is not CopyKind.CONTAINED]
    parts = [match for match in found if match.kind is CopyKind.CONTAINED]
    return max(copies, key=_closeness, default=None), parts


def _closeness(match: Match) -> tuple[bool, bool, float]:
    return match.kind is CopyKind.EXACT, match.kind is CopyKind.NEAR, match.likeness.j3
