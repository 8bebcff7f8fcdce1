"""What reading the kept pages again would change, found out without changing it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, select

from crawler.address import address_of
from crawler.archive.raw_page import PageRef, PageSource
from crawler.items import Article
from crawler.reread.earlier import ANSWER_TO_VISIT, earlier_versions
from crawler.reread.kept import KeptStory, kept_stories
from crawler.reread.page import read_again
from crawler.reread.topics import Topics
from crawler.store.database import Store
from crawler.store.dedupe.mend import topics_that_read
from crawler.store.schema import pages
from crawler.store.story.readings import StoredReading, differences, fields_of, stored_reading

EXAMPLES = 3  # an outlet and field
EARLIER_VERSION = "earlier version"  # counted among the fields


class Skipped(StrEnum):
    """Why a page that reads as a story leaves the store as it is."""

    NEWER = "newer"  # the store's text comes from a later page, which was not kept
    INCOMPLETE = "incomplete"  # a part of the story was not kept
    UNKNOWN_TOPIC = "unknown_topic"  # it can be scored for none of its topics


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """One field of one story, as the store has it and as it reads now."""

    url: str
    outlet: str
    field: str
    old: Any
    new: Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Unread:
    """A page that gave a stored story and reads as none now; the store keeps the story."""

    url: str
    outlet: str
    reason: str


@dataclass(kw_only=True, slots=True)
class Plan:
    """What would change, by outlet and field, with a few examples of each."""

    pages: int = 0  # read
    unchanged: int = 0
    not_stories: int = 0  # indexes, tag pages and so on, as before
    changed: list[KeptStory] = field(default_factory=list)
    added: list[KeptStory] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)  # a Skipped
    fields: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # by outlet
    added_by_outlet: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether the store already has everything as it reads now."""
        return not self.changed and not self.added


def plan_reread(
    store: Store,
    source: PageSource,
    topics: Topics,
    *,
    outlet: str | None = None,
    max_parts: int = 30,
    on_page: Callable[[int, int], None] | None = None,
) -> Plan:
    """Return what reading all kept pages again would change in the store.

    Args:
        store: an open store.
        source: where the kept pages are.
        topics: what stories are scored for; with ``topics.only``, no pages of other topics.
        outlet: only its pages.
        max_parts: a story in more parts than this is not a story.
        on_page: told how many pages have been read, and of how many.
    """
    plan = Plan()
    kept = kept_stories(store, source.pages(), topics.only, outlet)
    for number, story in enumerate(kept, 1):
        item = read_again(source, story.page, max_parts)
        with store.read() as connection:
            if isinstance(item, Article):
                _compare(connection, plan, source, story, item, topics, max_parts)
            else:
                reason = getattr(item, "detail", "") or "a page that lists stories"
                _note_unread(connection, plan, story.page, reason)
        plan.pages = number
        if on_page:
            on_page(number, len(kept))
    return plan


def recognise(
    connection: Connection, ref: PageRef, article: Article, *, lock: bool = False
) -> StoredReading | None:
    """Return what the store has of the story that was read, which keeps the key by which it is known."""
    known_key = connection.scalar(select(pages.c.article_key).where(pages.c.page_key == ref.key))
    article.article_key = known_key or article.article_key
    return stored_reading(connection, article.article_key, lock=lock)


def reason_to_skip(ref: PageRef, article: Article, stored: StoredReading) -> Skipped | None:
    """Return why the store's reading is better than the new one, if it is."""
    if stored.read_at > ref.fetched_at + ANSWER_TO_VISIT:
        return Skipped.NEWER
    if not set(article.missing_pages) <= set(stored.fields["missing_pages"]):
        return Skipped.INCOMPLETE
    return None


def scored_topics(
    connection: Connection, topics: Topics, ref: PageRef, stored: StoredReading | None
) -> list[str]:
    """Return the topics for which a story that was read again can be scored."""
    names = list(stored.topics) if stored else topics_that_read(connection, ref)
    return [name for name in names if topics.is_known(name)]


def _compare(
    connection: Connection,
    plan: Plan,
    source: PageSource,
    story: KeptStory,
    article: Article,
    topics: Topics,
    max_parts: int,
) -> None:
    ref = story.page
    stored = recognise(connection, ref, article)
    changes = differences(stored.fields, fields_of(article)) if stored else {}
    earlier = (
        earlier_versions(connection, source, story.earlier, stored.article_id, max_parts) if stored else []
    )
    if stored and not changes and not earlier:
        plan.unchanged += 1
        return
    reason = reason_to_skip(ref, article, stored) if stored and changes else None
    if reason is None and not scored_topics(connection, topics, ref, stored):
        reason = Skipped.UNKNOWN_TOPIC
    if reason is not None:
        plan.skipped[reason] += 1
    elif stored is None:
        plan.added.append(story)
        plan.added_by_outlet[article.outlet] += 1
    else:
        plan.changed.append(story)
        if earlier:
            plan.fields[article.outlet][EARLIER_VERSION] += len(earlier)
        _note_changes(plan, article, changes)


def _note_changes(plan: Plan, article: Article, changes: dict[str, tuple[Any, Any]]) -> None:
    counts = plan.fields[article.outlet]
    for name, (old, new) in changes.items():
        counts[name] += 1
        if counts[name] <= EXAMPLES:
            plan.examples.append(
                Example(url=article.url, outlet=article.outlet, field=name, old=old, new=new)
            )


def _note_unread(connection: Connection, plan: Plan, ref: PageRef, reason: str) -> None:
    """Count a page that is no story; one that gave a story is worth a person's look."""
    gave_story = connection.scalar(
        select(pages.c.page_key).where(pages.c.page_key == ref.key, pages.c.outcome == "article")
    )
    if gave_story is None:
        plan.not_stories += 1
    else:
        plan.unread.append(Unread(url=ref.url, outlet=address_of(ref.url).outlet, reason=reason))
