"""The threshold that fits what a person says of stories best."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.topic import Topic
    from crawler.topic_review.reviewed_story import ReviewedStory

THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(1, 20))  # what a topic file allows
LEAST_LABELS = 10  # fewer say nothing of a threshold


@dataclass(kw_only=True, slots=True)
class ThresholdAdvice:
    """The best threshold for some labels, beside the present one; what it would change in the store."""

    labels: int
    present: float
    f1: float
    best: float
    best_f1: float
    taken_more: int | None = None  # stored stories; None until counted
    dropped: int | None = None


def advise(topic: Topic, stories: Iterable[ReviewedStory]) -> ThresholdAdvice | None:
    """Find the threshold with the highest F1 on the labels; of equals, the one nearest to the present.

    Every threshold is tried by scoring anew: the rules for running text are set relative to it.

    Returns:
        None where there are fewer than ten labels, or all are the same.
    """
    stories = [story for story in stories if story.label is not None]
    labels = [bool(story.label) for story in stories]
    if len(labels) < LEAST_LABELS or len(set(labels)) < 2:
        return None
    found = {
        threshold: _f1(taken_by(replace(topic, threshold=threshold), stories), labels)
        for threshold in {*THRESHOLDS, topic.threshold}
    }
    best = max(found, key=lambda threshold: (found[threshold], -abs(threshold - topic.threshold)))
    return ThresholdAdvice(
        labels=len(labels),
        present=topic.threshold,
        f1=found[topic.threshold],
        best=best,
        best_f1=found[best],
    )


def taken_by(topic: Topic, stories: Iterable[ReviewedStory]) -> list[bool]:
    """Whether the topic takes each story."""
    return [topic.score_page(story.title, story.body, story.deck).on_topic for story in stories]


def _f1(taken: Sequence[bool], wanted: Sequence[bool]) -> float:
    """The harmonic mean of precision and recall; 0 where nothing is right."""
    right = sum(one and other for one, other in zip(taken, wanted, strict=True))
    return 2 * right / (sum(taken) + sum(wanted))
