"""Writing a brief: the library call behind ``bacajuga brief``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from crawler.brief.words import Wording
from crawler.errors import ExportError
from crawler.export.writing import output_file
from crawler.store.answers.brief import BriefContent, brief_content, newest_stories
from crawler.store.database import Store

FEED_ENDINGS = (".xml", ".atom")
ENDINGS = (".html", ".txt", *FEED_ENDINGS)


def write_brief(
    store: Store,
    topic: str,
    title: str,
    *,
    since: datetime,
    until: datetime,
    paths: Sequence[Path],
    language: str = "id",
    zone: str = "Asia/Jakarta",
    next_at: datetime | None = None,
) -> BriefContent:
    """Write a brief of what is new after ``since`` and up to ``until``, and return what it tells.

    Each file takes its name only when it is complete.

    Args:
        store: an open store.
        topic: the topic's name.
        title: and its title.
        since: what is newer is told.
        until: what is later is left for the next brief.
        paths: one for each form: .html, .txt, and .xml or .atom for a feed of the newest stories.
        language: id or en.
        zone: in which times are written.
        next_at: when the next brief comes, if that is known.

    Raises:
        ExportError: when a file cannot be written, or its ending is none of these.
        StoreError: when the store cannot be read.
    """
    for path in paths:
        if path.suffix.lower() not in ENDINGS:
            raise ExportError(f"brief {path} has to end in one of {', '.join(ENDINGS)}")
    with store.read() as connection:
        brief = brief_content(connection, topic, since, until)
        wants_feed = any(path.suffix.lower() in FEED_ENDINGS for path in paths)
        newest = newest_stories(connection, topic) if wants_feed else []
    say = Wording(language, zone)
    for path in paths:
        match path.suffix.lower():
            case ".html":
                from crawler.brief.html import brief_html

                written = brief_html(brief, title, say, next_at).encode("utf-8", "replace")
            case ".txt":
                from crawler.brief.text import brief_text

                written = brief_text(brief, title, say, next_at).encode("utf-8", "replace")
            case _:
                from crawler.brief.feed import atom_feed

                written = atom_feed(newest, topic, title, language, until)
        with output_file(path) as file:
            file.write(written)
    return brief
