"""The earlier versions of a story whose pages were kept, too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import Connection

from crawler.archive.raw_page import PageRef, PageSource
from crawler.comparing.text_marks import content_hash
from crawler.items import Article
from crawler.reread.page import read_again
from crawler.store.dedupe.mend_revisions import revision_read_between

# From an answer's arrival, which the page bears, to its visit, which the story bears.
ANSWER_TO_VISIT = timedelta(minutes=1)


def earlier_versions(
    connection: Connection, source: PageSource, refs: Iterable[PageRef], article_id: int, max_parts: int
) -> list[tuple[int, Article]]:
    """Return the earlier versions that read otherwise now: each revision's id with what was read."""
    found = []
    for ref in refs:
        version = revision_read_between(
            connection, article_id, ref.fetched_at, ref.fetched_at + ANSWER_TO_VISIT
        )
        if version is None:
            continue
        revision_id, known_hash = version
        article = read_again(source, ref, max_parts)
        if isinstance(article, Article) and not article.missing_pages:
            article.content_hash = content_hash(article)
            if article.content_hash != known_hash:
                found.append((revision_id, article))
    return found
