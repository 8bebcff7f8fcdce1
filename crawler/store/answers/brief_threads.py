"""The incidents that the new stories of a brief belong to, as far as they can be told in moments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from crawler.store.answers.brief import BriefStory
from crawler.store.answers.threads import threads
from crawler.store.database import Store
from crawler.store.schema import article_topics, articles
from crawler.store.story.story_filter import StoryFilter
from crawler.threads.thread import Thread

# Grouping halves the likeness of two stories for each fortnight between them: from here on little is left.
WINDOW = timedelta(days=60)
MOST_COMPARED = 10_000  # stories: a brief is no reason to compare a topic's millions


def threads_of_new(
    store: Store,
    topic: str,
    new: Sequence[BriefStory],
    since: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> list[Thread]:
    """Return the incidents of the new stories and of those published in the two months before them.

    With more than 10,000 such stories only what was published up to two months before ``since`` counts, and
    when that is too much, too, there are none. A story without a time of publication is in none, either.

    Args:
        store: an open store.
        topic: the topic's name.
        new: the stories.
        since: from when on stories are new.
        progress: told how many stories of how many are compared.

    Raises:
        StoreError: when the store cannot be read.
    """
    published = [story.published_at for story in new if story.published_at is not None]
    if not published:
        return []
    for earliest in sorted({min(published), max(min(published), since)}):
        wanted = StoryFilter(topic=topic, since=earliest - WINDOW, include_duplicates=True)
        counted = select(func.count()).select_from(articles).join(article_topics).where(*wanted.conditions())
        with store.read() as connection:
            count = connection.scalar(counted) or 0
        if count <= MOST_COMPARED:
            return threads(store, topic, wanted, progress)
    return []
