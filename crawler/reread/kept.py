"""Which of the kept pages belong to one story, and which of them was fetched last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from crawler.address import address_of
from crawler.archive.raw_page import PageRef
from crawler.store.database import Store
from crawler.store.schema import frontier, pages


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptStory:
    """The pages of one story: the last, and those fetched before it, oldest first."""

    page: PageRef
    earlier: tuple[PageRef, ...] = ()


def kept_stories(
    store: Store, refs: Iterable[PageRef], topic: str | None, outlet: str | None
) -> list[KeptStory]:
    """Return the stories that the pages, given oldest first, belong to; the one read last comes last."""
    with store.read() as connection:
        stories = {
            row.page_key: row.article_key
            for row in connection.execute(
                select(pages.c.page_key, pages.c.article_key).where(pages.c.article_key.is_not(None))
            )
        }
        of_topic = set(
            connection.scalars(select(frontier.c.key).where(frontier.c.topic == topic)) if topic else ()
        )
    of_story: dict[str, list[PageRef]] = {}
    for ref in refs:
        assert ref.key is not None
        if topic and ref.topic != topic and ref.key not in of_topic:
            continue
        if outlet and address_of(ref.url).outlet != outlet:
            continue
        story = stories.get(ref.key, ref.key)
        of_story[story] = [*of_story.pop(story, ()), ref]
    return [KeptStory(page=known[-1], earlier=tuple(known[:-1])) for known in of_story.values()]
