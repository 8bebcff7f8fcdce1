"""What the answers tell: how much of what the crawl calls on topic is, and what it misses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.topic_review.share import Share, share_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crawler.topic_review.picking import Candidate
    from crawler.topic_review.reviewed_story import ReviewedStory
    from crawler.topic_review.threshold import ThresholdAdvice


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewError:
    """A story that the crawl and the person see differently."""

    url: str
    headline: str
    outlet: str
    relevance: float
    matched: list[str]


@dataclass(kw_only=True, slots=True)
class ReviewReport:
    """Figures of a topic's stories in one store, copies left out.

    ``precision`` and ``missed`` come from the stories that chance drew, and None stands where it drew none:
    those near the threshold are wrong more often than the rest.
    """

    topic: str
    on_topic: int  # stories, as the crawl says
    off_topic: int
    answered: int
    passed_over: int
    precision: Share | None  # of the stories called on topic, those that are
    missed: Share | None  # of the others, those that are on topic all the same
    precision_of_answers: float | None  # of all answers, borderline ones included: no estimate of the whole
    false_positives: list[ReviewError]
    false_negatives: list[ReviewError]
    threshold: ThresholdAdvice | None = None


def report_of(
    topic: str, candidates: Sequence[Candidate], stories: Mapping[int, ReviewedStory]
) -> ReviewReport:
    """Figures from the answers; ``stories`` holds at least those that were answered."""
    answered = [each for each in candidates if each.label is not None]
    taken = [each for each in answered if each.on_topic]
    left = [each for each in answered if not each.on_topic]
    return ReviewReport(
        topic=topic,
        on_topic=sum(each.on_topic for each in candidates),
        off_topic=sum(not each.on_topic for each in candidates),
        answered=len(answered),
        passed_over=sum(each.is_reviewed for each in candidates) - len(answered),
        precision=_share(taken),
        missed=_share(left),
        precision_of_answers=sum(bool(each.label) for each in taken) / len(taken) if taken else None,
        false_positives=[_error(stories[each.article_id]) for each in taken if not each.label],
        false_negatives=[_error(stories[each.article_id]) for each in left if each.label],
    )


def _share(answers: Sequence[Candidate]) -> Share | None:
    drawn = [each for each in answers if each.is_drawn]
    return share_of(sum(bool(each.label) for each in drawn), len(drawn))


def _error(story: ReviewedStory) -> ReviewError:
    return ReviewError(
        url=story.url,
        headline=story.title,
        outlet=story.outlet,
        relevance=story.relevance,
        matched=list(story.matched),
    )
