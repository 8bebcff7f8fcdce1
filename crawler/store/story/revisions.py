"""The versions of a story that were seen, and what changed from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from crawler.comparing.revision_diff import Difference, Wording, difference
from crawler.errors import BacaJugaError
from crawler.store.answers.lookup import sight
from crawler.store.database import Store
from crawler.store.schema import articles, revisions


@dataclass(kw_only=True, slots=True)
class StoredRevision:
    """A version of a story's text."""

    number: int  # in the order in which they were first seen, from 1
    seen_at: datetime
    modified_at: datetime | None
    title: str
    deck: str | None
    body: str
    authors: list[str]
    is_newest: bool  # editors may go back to an earlier text: it need not be the last


@dataclass(kw_only=True, slots=True)
class RevisionDifference:
    """Two versions of a story and what differs between them."""

    url: str
    versions: int  # that are stored
    old: StoredRevision
    new: StoredRevision
    difference: Difference


def revisions_of(connection: Connection, article_id: int) -> list[StoredRevision]:
    """Return the versions of a story, in the order in which they were first seen."""
    newest = connection.scalar(select(articles.c.content_hash).where(articles.c.id == article_id))
    rows = connection.execute(
        select(revisions).where(revisions.c.article_id == article_id).order_by(revisions.c.id)
    ).all()
    return [
        StoredRevision(
            number=number,
            seen_at=row.seen_at,
            modified_at=row.modified_at,
            title=row.title,
            deck=row.deck,
            body=row.body,
            authors=row.authors,
            is_newest=row.content_hash == newest,
        )
        for number, row in enumerate(rows, start=1)
    ]


def compare_revisions(
    store: Store, url: str, old: int | None = None, new: int | None = None
) -> RevisionDifference | None:
    """Return what changed in a story, or None when it is not stored or has one version only.

    Args:
        store: an open store.
        url: any address of the story.
        old: number of the first version; the one before ``new`` when not given.
        new: number of the second version; the newest one when not given.

    Raises:
        BacaJugaError: when the text is not a web address, or there is no version of that number.
        StoreError: when the store cannot be read.
    """
    with store.read() as connection:
        article_id = sight(connection, url).article_id
        stored = revisions_of(connection, article_id) if article_id is not None else []
    if len(stored) < 2:
        return None
    second = _numbered(stored, new, url) if new is not None else _newest(stored)
    first = _numbered(stored, old, url) if old is not None else _before(stored, second)
    return RevisionDifference(
        url=url,
        versions=len(stored),
        old=first,
        new=second,
        difference=difference(_wording(first), _wording(second)),
    )


def _numbered(stored: list[StoredRevision], number: int, url: str) -> StoredRevision:
    if not 1 <= number <= len(stored):
        raise BacaJugaError(f"no version {number} of {url}; stored are 1 to {len(stored)}")
    return stored[number - 1]


def _newest(stored: list[StoredRevision]) -> StoredRevision:
    return next((each for each in stored if each.is_newest), stored[-1])


def _before(stored: list[StoredRevision], second: StoredRevision) -> StoredRevision:
    """Return the version before another one; before the first, to which editors went back, the last."""
    return stored[second.number - 2] if second.number > 1 else stored[-1]


def _wording(revision: StoredRevision) -> Wording:
    return Wording(title=revision.title, deck=revision.deck, body=revision.body)
