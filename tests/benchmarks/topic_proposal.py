"""How good a topic file is that ``bacajuga topics new`` proposes, before anybody has edited it.

    python tests/benchmarks/topic_proposal.py [--headlines FILE.tsv] [ARTICLE.txt...]

From some stories of one incident of the sample web a file is proposed, ten times from other ones, and scored
on headlines: "same" are those of the incident and of the lures, "others" those of all other incidents and of
the lures, "file" those of a labelled file. "any incident" draws the examples from all.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from crawler.demo.story import Heading, Paragraph, ReadAlso, Story, load_stories
from crawler.topic import Topic
from crawler.topic.topic_check import HeadlineReport, LabelledHeadline, check_headlines, read_headlines
from crawler.topic_proposal.example import Example, example_of
from crawler.topic_proposal.plain_text import example_of_text
from crawler.topic_proposal.proposal import propose_topic

MOST_EXAMPLES = 5
DRAWS = 10


def example_from(story: Story, stories: dict[str, Story]) -> Example:
    """The example that a story of the sample web is."""
    texts = [block.text for block in story.blocks if isinstance(block, Paragraph | Heading)]
    related = [
        block.anchor or stories[block.target].title
        for block in story.blocks
        if isinstance(block, ReadAlso) and (block.anchor or block.target in stories)
    ]
    return example_of(
        headline=story.title,
        paragraphs=[story.deck, *texts],
        related=related,
        source=story.id,
        tags=story.tags,
    )


def told(report: HeadlineReport) -> str:
    """The figures of a check on one line."""
    wrong = sum(not error.on_topic for error in report.errors)
    return (
        f"P {report.precision:.3f}  R {report.recall:.3f}  F1 {report.f1:.3f}  "
        f"({wrong} of {report.headlines - report.on_topic} others taken)"
    )


def leave_one_out(labelled: list[LabelledHeadline] | None) -> None:
    """Propose from each incident in turn, from 1, 2 and 5 stories drawn at random, and print the mean F1."""
    stories = load_stories()
    incidents = sorted({story.incident for story in stories.values()} - {""})
    for incident in incidents:
        own = sorted(name for name, story in stories.items() if story.incident == incident)
        others = [
            LabelledHeadline(headline=story.title, on_topic=story.on_topic)
            for story in stories.values()
            if story.incident != incident
        ]
        for size in (1, 2, MOST_EXAMPLES):
            drawn = [random.Random(seed).sample(own, size) for seed in range(DRAWS)]
            same = [story for name, story in stories.items() if story.incident in (incident, "")]
            topics = [proposed([example_from(stories[name], stories) for name in names]) for names in drawn]
            own_rows = [LabelledHeadline(headline=story.title, on_topic=story.on_topic) for story in same]
            for place, rows in (("same", own_rows), ("others", others), ("file", labelled)):
                if rows:
                    print(f"{incident:15} {size} examples  {place:7} {mean(topics, rows)}")


def mixed(labelled: list[LabelledHeadline] | None) -> None:
    """Propose from stories of several incidents, as a user would for a broad topic."""
    stories = load_stories()
    fit = sorted(name for name, story in stories.items() if story.on_topic and story.title)
    for size in (2, 3, 5, 8):
        drawn = [random.Random(seed).sample(fit, size) for seed in range(DRAWS)]
        topics = [proposed([example_from(stories[name], stories) for name in names]) for names in drawn]
        rows = [LabelledHeadline(headline=story.title, on_topic=story.on_topic) for story in stories.values()]
        for place, kept in (("stories", rows), ("file", labelled)):
            if kept:
                print(f"{'any incident':15} {size} examples  {place:7} {mean(topics, kept)}")


def proposed(examples: list[Example]) -> Topic | None:
    """The proposed topic; none where nothing stands out."""
    try:
        return propose_topic("proposed", examples).topic()
    except Exception as error:
        print("   nothing:", error)
        return None


def mean(topics: list[Topic | None], rows: list[LabelledHeadline]) -> str:
    """The mean figures of several proposals; one that failed finds nothing."""
    reports = [check_headlines(topic, rows) for topic in topics if topic]
    total = len(topics)
    precision = sum(report.precision for report in reports) / max(1, len(reports))
    recall = sum(report.recall for report in reports) / total
    f1 = [report.f1 for report in reports] + [0.0] * (total - len(reports))
    return (
        f"P {precision:.3f}  R {recall:.3f}  F1 {sum(f1) / total:.3f} (from {min(f1):.3f} to {max(f1):.3f})"
    )


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--headlines", type=Path)
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("articles", type=Path, nargs="*")
    arguments = parser.parse_args()
    labelled = read_headlines(arguments.headlines) if arguments.headlines else None
    for path in arguments.articles:
        example = example_of_text(path.read_text(encoding="utf-8"), path.name)
        topic = propose_topic("proposed", [example]).topic()
        if labelled:
            report = check_headlines(topic, labelled)
            print(f"{path.name}: {told(report)}")
            if arguments.errors:
                for error in report.errors:
                    print("  ", "missed" if error.on_topic else "taken", error.headline, error.matched)
    leave_one_out(labelled)
    mixed(labelled)


if __name__ == "__main__":
    main()
