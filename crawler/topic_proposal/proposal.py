"""A topic as example stories suggest it: what to look for, each with where it was seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from crawler.errors import TopicError
from crawler.topic import Topic
from crawler.topic.topic_rules import STRONG_WEIGHT, NearPair, Rules
from crawler.topic_proposal.choosing import Choice, Table, choose
from crawler.topic_proposal.counting import Counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.topic_proposal.example import Example

BEFORE = timedelta(days=30)  # of the first story: what led to it
AFTER = timedelta(days=180)  # of the last one: what followed
WEAKER = 0.5  # just enough for a headline
LANGUAGES = ("id", "en")


@dataclass(kw_only=True)
class TopicProposal:
    """What goes into the file, and what a person should look at first."""

    name: str
    title: str
    language: str
    examples: Sequence[Example]
    since: date | None
    until: date | None
    choice: Choice
    tags: dict[str, list[str]] = field(default_factory=dict)  # by outlet: those that fit the topic
    other_tags: dict[str, list[str]] = field(default_factory=dict)
    unmatched: list[str] = field(default_factory=list)  # examples' headlines that the rules would miss

    def topic(self) -> Topic:
        """The proposed topic, to score with."""
        return _topic(self.name, self.language, self.choice)


def propose_topic(name: str, examples: Sequence[Example], language: str | None = None) -> TopicProposal:
    """Propose a topic that fits the examples and little else.

    Args:
        name: of the topic.
        examples: stories on it; two to five of different events tell more than one.
        language: of the stories; None for what most of them say, "id" where they say nothing.

    Raises:
        TopicError: when there are no examples, or they have nothing in common to look for.
    """
    if not examples:
        raise TopicError("no example stories; give some with --from FILE_OR_URL")
    language = language or _language(examples)
    counts = Counts(examples, language)
    choice = choose(counts)
    if not choice.strong and not choice.near and not choice.weaker:
        sources = ", ".join(example.source for example in examples)
        raise TopicError(f"no words stand out in {sources}; give more or longer stories on the topic")
    days = [example.published_on for example in examples if example.published_on]
    proposal = TopicProposal(
        name=name,
        title=name.replace("-", " ").capitalize(),
        language=language,
        examples=examples,
        since=min(days) - BEFORE if days else None,
        until=max(days) + AFTER if days else None,
        choice=choice,
    )
    topic = proposal.topic()
    proposal.unmatched = [
        example.headlines[0]
        for example in examples
        if topic.score_headline(example.headlines[0]) < topic.threshold
    ]
    for example in examples:
        for tag in example.tags if example.outlet else ():
            fits = any(match.kind != "context" for match in topic.matches(tag))
            by_outlet = (proposal.tags if fits else proposal.other_tags).setdefault(example.outlet or "", [])
            if tag.lower() not in by_outlet:
                by_outlet.append(tag.lower())
    return proposal


def _topic(name: str, language: str, choice: Choice) -> Topic:
    return Topic(
        name=name,
        title=name,
        language=language,
        rules=Rules(
            strong=tuple(found.phrase for found in choice.strong),
            near=(
                *_near(choice.near, STRONG_WEIGHT),
                *_near(choice.weaker, WEAKER),
            ),
            context=tuple(found.phrase for found in choice.context),
        ),
    )


def _near(tables: Sequence[Table], weight: float) -> list[NearPair]:
    return [NearPair(left=tuple(each.left), right=tuple(each.right), weight=weight) for each in tables]


def _language(examples: Sequence[Example]) -> str:
    said = [example.language[:2].lower() for example in examples if example.language]
    known = [language for language in said if language in LANGUAGES]
    return max(set(known), key=known.count) if known else LANGUAGES[0]
