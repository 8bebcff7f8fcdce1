"""How well a topic file tells headlines that a person has labelled: precision, recall and every error."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.errors import TopicError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from crawler.topic import Topic

LABELS = {"1": True, "0": False}


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelledHeadline:
    """A headline, and whether a person says that it is on topic."""

    headline: str
    on_topic: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadlineError:
    """A headline that the topic file and the person see differently."""

    headline: str
    on_topic: bool  # as the person says
    score: float
    matched: list[str]  # the phrases that counted


@dataclass(frozen=True, kw_only=True, slots=True)
class HeadlineReport:
    """Of the headlines taken, the share that is right; of the right ones, the share that is taken."""

    headlines: int
    on_topic: int
    precision: float
    recall: float
    f1: float
    errors: list[HeadlineError]


def check_headlines(topic: Topic, rows: Iterable[LabelledHeadline]) -> HeadlineReport:
    """Score every headline and compare; a share of nothing counts as 1."""
    errors = []
    total = right = taken = wanted = 0
    for row in rows:
        score = topic.score_headline(row.headline)
        is_taken = score >= topic.threshold
        total += 1
        taken += is_taken
        wanted += row.on_topic
        right += is_taken and row.on_topic
        if is_taken != row.on_topic:
            matched = [match.phrase for match in topic.matches(row.headline)]
            errors.append(
                HeadlineError(headline=row.headline, on_topic=row.on_topic, score=score, matched=matched)
            )
    return HeadlineReport(
        headlines=total,
        on_topic=wanted,
        precision=right / taken if taken else 1.0,
        recall=right / wanted if wanted else 1.0,
        f1=2 * right / (taken + wanted) if taken + wanted else 1.0,
        errors=errors,
    )


def read_headlines(file: Path) -> list[LabelledHeadline]:
    """The rows of a tab-separated file with the columns headline and label, 1 on topic and 0 not."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            missing = {"headline", "label"}.difference(table.fieldnames or ())
            if missing:
                columns = ", ".join(table.fieldnames or ()) or "none"
                lacking = " and ".join(sorted(missing))
                raise TopicError(f"{file} lacks the column {lacking}; it has: {columns} (parted by tabs)")
            return [_labelled(row, f"{file}, line {table.line_num}") for row in table]
    except UnicodeDecodeError as error:
        raise TopicError(f"{file} is not UTF-8 text: {error.reason}; save it as UTF-8") from error
    except OSError as error:
        raise TopicError(f"{file} cannot be read: {error.strerror}; name a file of headlines") from error


def _labelled(row: dict[str, str | None], place: str) -> LabelledHeadline:
    headline, label = row["headline"] or "", (row["label"] or "").strip()
    if label not in LABELS:
        raise TopicError(f"{place}: label is {label!r}; allowed: 1 (on topic) or 0 (not)")
    return LabelledHeadline(headline=headline, on_topic=LABELS[label])
