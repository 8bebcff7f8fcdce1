"""Telling copies from stories while they are stored: who had this text, or one much like it, first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, select

from crawler.comparing.fingerprint import SIG_VERSION, Fingerprint, Words, fingerprint, story_words
from crawler.comparing.likeness import CopyKind, Match, Shape, Thresholds, matches, shape_of
from crawler.items import Article
from crawler.store.dedupe.alarms import is_extraction_failure
from crawler.store.dedupe.bands import claim, owners
from crawler.store.dedupe.groups import forget_scores, members_of, regroup, roots_of, write_root, write_scores
from crawler.store.dedupe.repeats import count_blocks, repeated_blocks
from crawler.store.dedupe.texts import shapes_of
from crawler.store.schema import articles
from crawler.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Collection

_BEFORE = select(articles.c.text_key, articles.c.sig_version, articles.c.duplicate_of).where(
    articles.c.id == bindparam("article")
)
_KEY = select(articles.c.article_key).where(articles.c.id == bindparam("article"))


def link_copies(connection: Connection, article: Article, article_id: int) -> None:
    """Point a story at the first one with its text, or with one much like it.

    Sets ``article.duplicate_of``. The last step of a transaction: other workers that store a copy wait
    for our commit from here on.

    Args:
        connection: a write transaction in which the story and its text have been written.
        article: a story with its ``fingerprint`` set.
        article_id: its row.
    """
    text = _own_text(connection, article)
    before = connection.execute(_BEFORE, {"article": article_id}).one()
    if text is None:
        write_root(connection, article_id, None, text_key=None, sig_version=None)
        return
    root_id = before.duplicate_of
    if (before.text_key, before.sig_version) != (text.mark.text_key, SIG_VERSION):
        partners = set() if before.text_key is None else forget_scores(connection, article_id)
        copied, parts = _matches(connection, article_id, text, partners)
        write_scores(connection, article_id, parts)
        if before.text_key is None:
            root_id = _link_new(connection, article_id, text, copied)
        else:
            root_id = _link_revised(connection, article_id, text, copied, before.duplicate_of)
    if root_id is not None:
        article.duplicate_of = connection.scalar(_KEY, {"article": root_id})


@dataclass(frozen=True, slots=True)
class _Text:
    """What is compared of a story: its text without what its host repeats."""

    article: Article
    mark: Fingerprint
    repeated: frozenset[int]

    @property
    def thresholds(self) -> Thresholds:
        return self.article.thresholds or Thresholds()

    @property
    def columns(self) -> dict[str, int]:
        return {"text_key": self.mark.text_key, "sig_version": SIG_VERSION}

    def shape(self) -> Shape:
        return shape_of(_words(self.article, self.repeated).tokens)


def _own_text(connection: Connection, article: Article) -> _Text | None:
    mark = article.fingerprint
    if mark is None:
        return None
    repeated = repeated_blocks(connection, mark.blocks)
    if repeated:
        mark = fingerprint(_words(article, repeated))
    return _Text(article, mark, repeated) if mark else None


def _words(article: Article, repeated: frozenset[int]) -> Words:
    return story_words(article.body, dateline=article.dateline, host=host_of(article.url), repeated=repeated)


def _matches(
    connection: Connection, article_id: int, text: _Text, partners: Collection[int]
) -> tuple[Match | None, list[Match]]:
    claim(connection, ((key, article_id) for key in text.mark.keys))
    holders = set(owners(connection, text.mark.keys).values()) | set(partners)
    # Against the roots only: a copy of a copy may have moved too far from the first text.
    root_ids = set(roots_of(connection, holders - {article_id}).values()) - {article_id}
    if not root_ids:
        return None, []
    return matches(text.shape(), shapes_of(connection, root_ids), text.thresholds)


def _link_new(connection: Connection, article_id: int, text: _Text, copied: Match | None) -> int | None:
    if (
        copied is not None
        and copied.kind is CopyKind.EXACT
        and is_extraction_failure(connection, text.article, text.mark.text_key, copied.other_id)
    ):
        write_root(connection, article_id, None, **text.columns)
        return None
    write_root(connection, article_id, copied, **text.columns)
    if copied is None:
        count_blocks(connection, article_id, text.mark.blocks)
        return None
    write_scores(connection, article_id, [copied])
    return copied.other_id


def _link_revised(
    connection: Connection, article_id: int, text: _Text, copied: Match | None, former_root: int | None
) -> int | None:
    """Link a story that was edited; those that point at it come along where they still fit."""
    other_id = copied.other_id if copied else None
    if other_id is not None and article_id < other_id != former_root:
        # The older one stays the first: links that lead to older stories cannot end in a circle, even
        # when two workers store two revisions at the same moment.
        write_root(connection, article_id, None, **text.columns)
        regroup(connection, [other_id, *members_of(connection, other_id)], article_id, text.thresholds)
        return None
    write_root(connection, article_id, copied, **text.columns)
    if copied is not None:
        write_scores(connection, article_id, [copied])
        regroup(connection, members_of(connection, article_id), copied.other_id, text.thresholds)
    return other_id
