"""``bacajuga brief``: one page on what is new in a topic."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli import exit_status
from crawler.cli.options import DEFAULT_DATABASE, Database, examples, open_existing
from crawler.cli.terminal import say
from crawler.export.period import since_moment, until_moment

EXAMPLES = examples(
    "bacajuga brief data-breach",
    "bacajuga brief data-breach --since 7d -o brief.html -o brief.txt",
    "bacajuga brief data-breach -o feed.xml",
    "bacajuga brief data-breach --since 2026-11-01 --lang en | mail -s brief editor@example.org",
)


class Language(StrEnum):
    """The languages that a brief can be in."""

    ID = "id"
    EN = "en"


def brief(
    topic: Annotated[str, typer.Argument(help="A topic's name, or the path of a topic file.")],
    since: Annotated[
        str, typer.Option(metavar="WHEN", help="Tell what is newer: a day, a time, or a distance (24h, 7d).")
    ] = "24h",
    until: Annotated[
        str | None, typer.Option(metavar="WHEN", help="And not later than this; default: now.")
    ] = None,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write it there: .html, .txt, or .xml for a feed; repeatable. Default: text on stdout.",
        ),
    ] = None,
    language: Annotated[Language, typer.Option("--lang", help="Indonesian or English.")] = Language.ID,
    zone: Annotated[str, typer.Option(metavar="ZONE", help="Time zone of the times.")] = "Asia/Jakarta",
    next_at: Annotated[
        str | None, typer.Option("--next", metavar="TIME", help="When the next brief comes.")
    ] = None,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Tell what is new: stories, edits (old and new headline, changed figures), deletions, links, trouble.

    A .xml file is an Atom feed of the newest stories, whatever --since says.
    """
    from zoneinfo import ZoneInfo

    from crawler.brief.text import brief_text
    from crawler.brief.words import Wording
    from crawler.brief.writing import ENDINGS, write_brief
    from crawler.store.answers.brief import brief_content
    from crawler.store.answers.provenance import known_topics

    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise typer.BadParameter(
            f"{zone!r} is no time zone; write Asia/Jakarta", param_hint="'--zone'"
        ) from None
    for path in output or []:
        if path.suffix.lower() not in ENDINGS:
            raise typer.BadParameter(
                f"{path.name} has to end in one of {', '.join(ENDINGS)}", param_hint="'--output'"
            )
    now = datetime.now(UTC)
    begin = _moment(since, now, "--since")
    end = _moment(until, now, "--until") if until else now
    if begin >= end:
        raise typer.BadParameter(f"{since} is not before {until or 'now'}", param_hint="'--since'")
    following = _moment(next_at, now, "--next") if next_at else None
    name, title, has_file = _topic(topic)
    store = open_existing(database)
    with store.read() as connection:
        names = known_topics(connection)
    # A page that is to be there each morning is there before the first story, too.
    if name not in names and not (has_file and output):
        say(f"nothing on {name} in {store.address}; its topics: {', '.join(names) or 'none'}")
        raise typer.Exit(exit_status.NOTHING_FOUND)
    if not output:
        with store.read() as connection:
            found = brief_content(connection, name, begin, end)
        sys.stdout.write(brief_text(found, title, Wording(language, zone), following))
        return
    found = write_brief(
        store,
        name,
        title,
        since=begin,
        until=end,
        paths=output,
        language=language,
        zone=zone,
        next_at=following,
    )
    told = f"{found.new_count} new, {found.edited_count} edited, {len(found.gone)} gone"
    say(f"brief ({told}) written to {', '.join(map(str, output))}")


def _topic(name_or_path: str) -> tuple[str, str, bool]:
    """Return a topic's name, its title, and whether it has a file: the store may know one without."""
    from crawler.cli.options import is_topic_file
    from crawler.errors import TopicError
    from crawler.topic import load_topic

    try:
        loaded = load_topic(name_or_path)
    except TopicError:
        if is_topic_file(name_or_path):
            raise
        return name_or_path, name_or_path, False
    return loaded.name, loaded.title, True


def _moment(text: str, now: datetime, option: str) -> datetime:
    from crawler.jobs.schedule import parse_duration
    from crawler.jobs.steps import FARTHEST_DAYS, is_distance

    try:
        if is_distance(text):
            return now - parse_duration(text, FARTHEST_DAYS)
        return until_moment(text) if option == "--until" else since_moment(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}; or a distance, as 24h or 7d", param_hint=f"'{option}'") from None
