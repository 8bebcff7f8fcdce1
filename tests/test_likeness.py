"""From which likeness on a story counts as a copy: at the thresholds, right below, and among several."""

from __future__ import annotations

import pytest

from crawler.comparing.fingerprint import MIN_WORDS
from crawler.comparing.likeness import CopyKind, Likeness, Thresholds, kind, matches, shape_of

LONG = shape_of([f"kata{number}" for number in range(60)])
THRESHOLDS = Thresholds()


def likeness(**shares: float) -> Likeness:
    alike = {"j3": 0.0, "containment": 0.0, "contains": 0.0, "num_jaccard": 0.0} | shares
    return Likeness(**alike, is_same_text=False)


@pytest.mark.parametrize(
    ("alike", "expected"),
    [
        (likeness(j3=0.7), CopyKind.NEAR),
        (likeness(j3=0.699), None),
        (likeness(j3=0.5, num_jaccard=0.7), CopyKind.NEAR),
        (likeness(j3=0.499, num_jaccard=1.0), None),
        (likeness(j3=0.5, num_jaccard=0.699), None),
        (likeness(containment=0.9), CopyKind.CONTAINED),
        (likeness(contains=0.9), CopyKind.CONTAINED),
        (likeness(containment=0.899, contains=0.899), None),
        (likeness(j3=0.7, containment=1.0), CopyKind.NEAR),
    ],
)
def test_kind_at_the_thresholds(alike: Likeness, expected: CopyKind | None) -> None:
    assert kind(LONG, LONG, alike, THRESHOLDS) is expected


@pytest.mark.parametrize(("words", "expected"), [(MIN_WORDS, CopyKind.NEAR), (MIN_WORDS - 1, None)])
def test_short_texts_are_copies_only_word_for_word(words: int, expected: CopyKind | None) -> None:
    short = shape_of(LONG.tokens[:words])
    for first, second in ((short, LONG), (LONG, short)):
        assert kind(first, second, likeness(j3=1.0), THRESHOLDS) is expected
    [same] = [matches(short, {1: [short]}, THRESHOLDS)[0]]
    assert same is not None
    assert same.kind is CopyKind.EXACT


def test_same_words_come_before_the_same_phrases() -> None:
    phrase = ["data", "peserta", "itu", "bocor"]
    own, longer = shape_of(phrase * 10), shape_of(phrase * 11)
    # Both have all 3-grams in common with it.
    found, parts = matches(own, {1: [longer], 2: [longer, own], 3: [longer]}, THRESHOLDS)
    assert found is not None
    assert (found.other_id, found.kind, parts) == (2, CopyKind.EXACT, [])
