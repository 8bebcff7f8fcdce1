"""The threads of topics as rows, one a story."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from crawler.store.answers.provenance import known_topics
from crawler.store.answers.threads import threads
from crawler.store.database import Store
from crawler.store.story.story_filter import StoryFilter


@dataclass(slots=True, kw_only=True)
class ThreadRow:
    """A story within a thread."""

    topic: str
    thread: int
    thread_title: str
    begins_at: datetime | None
    ends_at: datetime | None
    url: str
    outlet: str
    title: str
    published_at: datetime | None
    roles: list[str]
    linked_by: int
    copy_of: str | None


def thread_rows(
    store: Store, wanted: StoryFilter, progress: Callable[[int, int], None] | None = None
) -> Iterator[ThreadRow]:
    """Yield the stories of the threads of the topic, or of all topics, those of one thread by time.

    Args:
        store: an open store.
        wanted: of it count the topic, the period and ``include_off_topic``.
        progress: told how many stories of a topic, of how many, are compared.

    Raises:
        StoreError: when the store cannot be read.
        TooManyStories: when a topic has more than can be grouped.
    """
    if wanted.topic is not None:
        topics = [wanted.topic]
    else:
        with store.read() as connection:
            topics = known_topics(connection)
    for topic in topics:
        for number, thread in enumerate(threads(store, topic, wanted, progress), 1):
            hubs = {story.url for story in thread.hubs}
            for story in thread.stories:
                roles = {
                    "first": thread.first is not None and story.url == thread.first.url,
                    "hub": story.url in hubs,
                    "copy": story.copy_of is not None,
                }
                yield ThreadRow(
                    topic=topic,
                    thread=number,
                    thread_title=thread.title,
                    begins_at=thread.begins_at,
                    ends_at=thread.ends_at,
                    url=story.url,
                    outlet=story.outlet,
                    title=story.title,
                    published_at=story.published_at,
                    roles=[role for role, has_it in roles.items() if has_it],
                    linked_by=story.linked_by,
                    copy_of=story.copy_of,
                )
