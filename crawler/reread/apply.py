"""Writing what reading the kept pages again has changed: a story, a transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from crawler.archive.raw_page import PageSource
from crawler.comparing.likeness import Thresholds
from crawler.comparing.text_marks import mark_text
from crawler.items import Article
from crawler.reread.earlier import earlier_versions
from crawler.reread.kept import KeptStory
from crawler.reread.page import read_again
from crawler.reread.plan import Plan, reason_to_skip, recognise, scored_topics
from crawler.reread.topics import Topics
from crawler.store.database import Store
from crawler.store.dedupe.mend import add_story, mend_story
from crawler.store.dedupe.mend_revisions import mend_revision
from crawler.store.story.readings import differences, fields_of


@dataclass(kw_only=True, slots=True)
class Applied:
    """How many stories were written."""

    changed: int = 0
    added: int = 0


def apply_reread(
    store: Store,
    source: PageSource,
    topics: Topics,
    plan: Plan,
    *,
    thresholds: Thresholds | None = None,
    revisit_hours: Sequence[float] = (),
    max_parts: int = 30,
    on_page: Callable[[int, int], None] | None = None,
) -> Applied:
    """Write what the plan found; return how many stories that were.

    Each story is read once more and compared again inside its own transaction, so that a crawl may go on
    meanwhile. Stopped at any moment, the stories written are whole; a new plan holds the rest.

    Args:
        store: an open store.
        source: where the kept pages are.
        topics: what stories are scored for.
        plan: what ``plan_reread`` has found.
        thresholds: what counts as a copy; None for the measured ones.
        revisit_hours: the ages, in hours, at which a story that is added is due again.
        max_parts: a story in more parts than this is not a story.
        on_page: told how many stories have been written, and of how many.
    """
    applied = Applied()
    stories = [*plan.changed, *plan.added]
    for number, story in enumerate(stories, 1):
        article = read_again(source, story.page, max_parts)
        if isinstance(article, Article):
            mark_text(article, thresholds)
            with store.write() as connection:
                _write(connection, applied, source, story, article, topics, revisit_hours, max_parts)
        if on_page:
            on_page(number, len(stories))
    return applied


def _write(
    connection: Connection,
    applied: Applied,
    source: PageSource,
    story: KeptStory,
    article: Article,
    topics: Topics,
    revisit_hours: Sequence[float],
    max_parts: int,
) -> None:
    ref = story.page
    stored = recognise(connection, ref, article, lock=True)
    names = scored_topics(connection, topics, ref, stored)
    if not names:
        return
    if stored is None:
        add_story(connection, article, ref, topics.score, names, revisit_hours)
        applied.added += 1
        return
    earlier = earlier_versions(connection, source, story.earlier, stored.article_id, max_parts)
    is_better = bool(differences(stored.fields, fields_of(article))) and not reason_to_skip(
        ref, article, stored
    )
    if is_better:
        mend_story(connection, article, stored, ref, topics.score, names)
    for revision_id, version in earlier:
        mend_revision(connection, stored.article_id, revision_id, version)
    applied.changed += is_better or bool(earlier)
