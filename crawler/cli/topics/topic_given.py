"""What the commands about one topic say when the store has nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.store.database import Store


def nothing_of_topic(store: Store, topic: str, *, narrowed: bool) -> str:
    """Return why there is nothing, and what to try next."""
    from crawler.store.answers.provenance import known_topics

    with store.read() as connection:
        topics = known_topics(connection)
    if topic not in topics:
        known = f"the database has: {', '.join(topics)}" if topics else "the database is empty"
        return f"no topic {topic} in {store.address}; {known}; or run: bacajuga crawl {topic}"
    advice = "try another period" if narrowed else "try --include-off-topic"
    return f"no stories of {topic} of that kind in {store.address}; {advice}"
