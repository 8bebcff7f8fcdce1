"""``bacajuga report``: a topic in pictures and tables, as one file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli import exit_status
from crawler.cli.options import DEFAULT_DATABASE, Database, examples, open_existing
from crawler.cli.progress_line import ProgressLine
from crawler.cli.terminal import say
from crawler.export.period import since_moment, until_moment

EXAMPLES = examples(
    "bacajuga report data-breach -o report.html",
    "bacajuga report data-breach -o report.html --lang en --since 2021-05-01",
    "bacajuga report data-breach -o for-the-lawyer.html --redact",
)


class Language(StrEnum):
    """The languages that a report can be in."""

    ID = "id"
    EN = "en"


def report(
    topic: Annotated[str, typer.Argument(help="A topic's name, or the path of a topic file.")],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="Write it there: one HTML file; - for stdout."),
    ] = Path("report.html"),
    language: Annotated[Language, typer.Option("--lang", help="Indonesian or English.")] = Language.ID,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="Only stories published then or later.")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="Only stories published up to that day, or before a time."),
    ] = None,
    zone: Annotated[str, typer.Option(metavar="ZONE", help="Time zone of the times.")] = "Asia/Jakarta",
    redact: Annotated[
        bool, typer.Option("--redact", help="Mask personal data in headlines and texts.")
    ] = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Draw a topic: when its stories came, who links to whom, who had it first, what was edited.

    The file needs no network and no other file: mail it, open it, print it.
    """
    from zoneinfo import ZoneInfo

    from crawler.redaction import redact as mask
    from crawler.report.writing import write_report
    from crawler.store.answers.provenance import known_topics

    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise typer.BadParameter(
            f"{zone!r} is no time zone; write Asia/Jakarta", param_hint="'--zone'"
        ) from None
    begin = _moment(since, since_moment, "--since")
    end = _moment(until, until_moment, "--until")
    if begin is not None and end is not None and begin >= end:
        raise typer.BadParameter(f"{since} is not before {until}", param_hint="'--since'")
    name, title, floor = _topic(topic)
    store = open_existing(database)
    try:
        with store.read() as connection:
            names = known_topics(connection)
        if name not in names:
            say(f"nothing on {name} in {store.address}; its topics: {', '.join(names) or 'none'}")
            raise typer.Exit(exit_status.NOTHING_FOUND)
        with ProgressLine() as progress:
            made = write_report(
                store,
                name,
                title,
                path=None if str(output) == "-" else output,
                since=begin,
                until=end,
                floor=floor,
                language=language,
                zone=zone,
                redact=mask if redact else None,
                progress=progress,
            )
    finally:
        store.close()
    told = f"{made.story_count:,} stories, {len(made.links):,} links, {made.edit_count:,} edits"
    say(f"report ({told}) written to {'stdout' if str(output) == '-' else output}")


def _topic(name_or_path: str) -> tuple[str, str, float]:
    """Return a topic's name, its title, and its floor; the store may know one whose file is gone."""
    from crawler.cli.options import is_topic_file
    from crawler.errors import TopicError
    from crawler.store.answers.explain import DEFAULT_FLOOR
    from crawler.topic import load_topic

    try:
        loaded = load_topic(name_or_path)
    except TopicError:
        if is_topic_file(name_or_path):
            raise
        return name_or_path, name_or_path, DEFAULT_FLOOR
    return loaded.name, loaded.title, loaded.min_score


def _moment(text: str | None, parse: Callable[[str], datetime], option: str) -> datetime | None:
    try:
        return None if text is None else parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=f"'{option}'") from None
