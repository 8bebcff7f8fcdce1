"""A topic as a command line names it, and what is said when the store has nothing of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.cli.failing import found_nothing
from crawler.cli.options import is_topic_file

if TYPE_CHECKING:
    from crawler.store.database import Store


@dataclass(frozen=True, kw_only=True, slots=True)
class GivenTopic:
    """What the file of a topic says; of one that only the store knows, its name for a title."""

    name: str
    title: str
    floor: float  # score below which its links are not fetched
    has_file: bool


def given_topic(name_or_path: str) -> GivenTopic:
    """Return the topic of that name or file; the store may know one whose file is gone.

    Raises:
        TopicError: when it is given by its file, which cannot be read.
    """
    from crawler.topic import load_topic, topic_names

    if not is_topic_file(name_or_path) and name_or_path not in topic_names():
        from crawler.store.answers.explain import DEFAULT_FLOOR

        return GivenTopic(name=name_or_path, title=name_or_path, floor=DEFAULT_FLOOR, has_file=False)
    loaded = load_topic(name_or_path)
    return GivenTopic(name=loaded.name, title=loaded.title, floor=loaded.min_score, has_file=True)


def nothing_stored(store: Store) -> str:
    """Return what is said of a store without any story."""
    return f"no stories in {store.address} yet; gather some: bacajuga crawl TOPIC (see: bacajuga topics)"


def nothing_of_topic(store: Store, topic: str, advice: str = "") -> str:
    """Return why there is nothing of a topic, and the next step.

    Args:
        store: an open store.
        topic: the topic's name.
        advice: the next step when the store knows the topic.
    """
    from crawler.near_names import nearest_first
    from crawler.store.answers.provenance import known_topics
    from crawler.topic import topic_names

    with store.read() as connection:
        stored = known_topics(connection)
    if topic in stored:
        return f"no stories of {topic} of that kind in {store.address}; {advice or 'see: bacajuga stats'}"
    shelf = topic_names()
    if not stored:
        if topic in shelf:
            return f"no stories in {store.address} yet; gather some: bacajuga crawl {topic}"
        known = ", ".join(nearest_first(topic, shelf))
        return f"no stories in {store.address} yet, and no topic named {topic!r} to crawl; known: {known}"
    others = f"no topic {topic} in {store.address}; its topics: {', '.join(nearest_first(topic, stored))}"
    if topic in shelf:
        return f"{others}; to gather it: bacajuga crawl {topic}"
    return f"{others}; one of your own goes by its file, such as ./{topic}.toml"


def require_topic(store: Store, topic: str | None) -> None:
    """See that the store knows the topic, if one is asked for; else say so and end the command.

    Raises:
        typer.Exit: when it does not.
    """
    from crawler.store.answers.provenance import known_topics

    with store.read() as connection:
        stored = known_topics(connection)
    if topic is not None and topic not in stored:
        found_nothing(nothing_of_topic(store, topic))
