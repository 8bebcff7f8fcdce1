"""Answers from a file, each found its story."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from crawler.errors import TopicError
from crawler.store.answers.lookup import sight
from crawler.store.database import Store
from crawler.store.reviews import keep_review, mark_drawn
from crawler.store.schema import article_topics, articles
from crawler.topic_review.answers import Answer
from crawler.topic_review.picking import Picks


def keep_answers(store: Store, topic: str, answers: Iterable[Answer], picks: Picks) -> None:
    """Keep all the answers, or none.

    Args:
        store: where the stories are.
        topic: its name.
        answers: each names a story by any of its addresses, or by its exact headline.
        picks: what would have been asked: answers about what chance picked there count as drawn.

    Raises:
        TopicError: when there is no such story of the topic.
        StoreError: when the store cannot be written.
    """
    drawn = {each.candidate.article_id for each in picks.asked if each.is_drawn}
    with store.write() as connection:
        for answer in answers:
            is_address = answer.story.startswith(("http://", "https://"))
            find = _by_address if is_address else _by_title
            found = find(connection, topic, answer.story)
            if not found:
                raise TopicError(
                    f"{answer.place}: database {store.address} has no story {answer.story!r} in topic "
                    f"{topic}; give an address or headline as bacajuga topics review --list prints it"
                )
            for article_id in found:
                keep_review(connection, topic, article_id, answer.label, is_drawn=article_id in drawn)
        mark_drawn(connection, topic, [each.article_id for each in picks.known])


def _by_title(connection: Connection, topic: str, title: str) -> list[int]:
    """The stories of the topic with exactly this headline, copies left out."""
    statement = (
        select(articles.c.id)
        .join(article_topics, article_topics.c.article_id == articles.c.id)
        .where(article_topics.c.topic == topic, articles.c.title == title, articles.c.duplicate_of.is_(None))
        .order_by(articles.c.id)
    )
    return list(connection.scalars(statement))


def _by_address(connection: Connection, topic: str, url: str) -> list[int]:
    """The story of the topic at an address; a copy gives the story that it repeats."""
    article_id = sight(connection, url).article_id
    if article_id is None:
        return []
    first = connection.scalar(select(articles.c.duplicate_of).where(articles.c.id == article_id))
    wanted = article_topics.c.article_id == (first or article_id)
    return list(
        connection.scalars(select(article_topics.c.article_id).where(wanted, article_topics.c.topic == topic))
    )
