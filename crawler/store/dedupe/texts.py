"""The stored texts of stories, made ready to be compared."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, func, or_, select

from crawler.comparing.fingerprint import Words, story_words
from crawler.comparing.likeness import Shape, shape_of
from crawler.store.dedupe.repeats import repeated_blocks
from crawler.store.schema import articles, revisions
from crawler.urls import host_of

_first_revision = (
    select(func.min(revisions.c.id))
    .where(revisions.c.article_id == articles.c.id)
    .correlate(articles)
    .scalar_subquery()
)
# Built once: that costs more than running it.
_TEXTS = (
    select(articles.c.id, articles.c.url, articles.c.dateline, revisions.c.body)
    .join(revisions, revisions.c.article_id == articles.c.id)
    .where(
        articles.c.id.in_(bindparam("ids", expanding=True)),
        or_(revisions.c.content_hash == articles.c.content_hash, revisions.c.id == _first_revision),
    )
    # The newest last, also where editors went back to an earlier text.
    .order_by(articles.c.id, revisions.c.content_hash == articles.c.content_hash)
)


@dataclass(slots=True)
class StoredText:
    """The first and the newest text of a story, oldest first: a copy may be one of either."""

    url: str
    dateline: str | None
    bodies: list[str] = field(default_factory=list)

    def words(self, repeated: Collection[int] = ()) -> list[Words]:
        """Return the words of each version, without the given blocks of its host."""
        host = host_of(self.url)
        return [
            story_words(body, dateline=self.dateline, host=host, repeated=repeated) for body in self.bodies
        ]


def texts_of(connection: Connection, article_ids: Collection[int]) -> dict[int, StoredText]:
    """Return the first and the newest text of each story."""
    if not article_ids:
        return {}
    rows = connection.execute(_TEXTS, {"ids": sorted(article_ids)})
    texts: dict[int, StoredText] = {}
    for row in rows:
        texts.setdefault(row.id, StoredText(row.url, row.dateline)).bodies.append(row.body)
    return texts


def own_words(connection: Connection, texts: Iterable[StoredText]) -> list[list[Words]]:
    """Return the words of every version of each text, without what its host repeats.

    Args:
        connection: where the blocks have been counted.
        texts: of any number of stories.
    """
    read = [(text, text.words()) for text in texts]
    repeated = repeated_blocks(
        connection, {block for _, versions in read for words in versions for block in words.blocks}
    )
    return [
        versions if all(repeated.isdisjoint(words.blocks) for words in versions) else text.words(repeated)
        for text, versions in read
    ]


def shapes_of(
    connection: Connection, article_ids: Collection[int], counts: Connection | None = None
) -> dict[int, list[Shape]]:
    """Return the first and the newest text of each story, ready to be compared.

    Args:
        connection: the store.
        article_ids: the stories.
        counts: where the blocks have been counted, if not in the store.
    """
    texts = texts_of(connection, article_ids)
    versions = own_words(counts if counts is not None else connection, texts.values())
    return {
        article_id: [shape_of(words.tokens) for words in each]
        for article_id, each in zip(texts, versions, strict=True)
    }
