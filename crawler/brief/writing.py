"""Writing a brief: the library call behind ``bacajuga brief``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from crawler.brief.words import Wording
from crawler.errors import ExportError
from crawler.export.writing import is_stream, output_file
from crawler.store.answers.brief import BriefContent, Clean, brief_content, newest_stories
from crawler.store.answers.brief_threads import threads_of_new
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
    redact: Clean | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> BriefContent:
    """Write a brief of what is new after ``since`` and up to ``until``, and return what it tells.

    Each file takes its name only when it is complete.

    Args:
        store: an open store.
        topic: the topic's name.
        title: and its title.
        since: what is newer is told.
        until: what is later is left for the next brief.
        paths: one for each form: .html, .txt, and .xml or .atom for a feed of the newest stories; - or a
            pipe takes text.
        language: id or en.
        zone: in which times are written.
        next_at: when the next brief comes, if that is known.
        redact: masks what must not be shown in headlines and texts; nothing is masked without it.
        progress: told the step, how much of it is done, and of how much.

    Raises:
        ExportError: when a file cannot be written, or its ending is none of these.
        StoreError: when the store cannot be read.
    """
    endings = [ending_of(path) for path in paths]
    with store.read() as connection:
        clean = redact or str
        brief = brief_content(connection, topic, since, until, clean)
        wants_feed = any(ending in FEED_ENDINGS for ending in endings)
        newest = newest_stories(connection, topic, until, brief.new_count, clean) if wants_feed else []
    if any(ending not in FEED_ENDINGS for ending in endings):
        tell = partial(progress, "comparing stories") if progress else None
        found = threads_of_new(store, topic, brief.new, since, tell)
        brief = replace(brief, threads=[replace(thread, title=clean(thread.title)) for thread in found])
    say = Wording(language, zone)
    for path, ending in zip(paths, endings, strict=True):
        match ending:
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


def ending_of(path: Path) -> str:
    """Return the ending by which a path names its form; that of text for a pipe, which has none.

    Raises:
        ExportError: when it names none.
    """
    ending = path.suffix.lower()
    if ending in ENDINGS:
        return ending
    if is_stream(path):
        return ".txt"
    raise ExportError(f"brief {path} has to end in one of {', '.join(ENDINGS)}")
