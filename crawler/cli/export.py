"""``bacajuga export``: stories or links as CSV or JSON Lines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import exit_status
from crawler.cli.options import DEFAULT_DATABASE, Database, TopicName, examples, open_existing, topic_name
from crawler.cli.terminal import print_table, say
from crawler.export.columns import ARTICLE_COLUMNS, LINK_COLUMNS
from crawler.export.forms import Format, Table, format_for
from crawler.export.period import since_moment, until_moment

if TYPE_CHECKING:
    from crawler.store.database import Store

KNOWN_ENDINGS = ("", ".csv", ".txt", ".jsonl", ".ndjson", ".jl")
EXAMPLES = examples(
    "bacajuga export articles -o stories.csv",
    "bacajuga export articles --since 2021-05-20 --until 2021-05-31 -o may.csv",
    "bacajuga export links --topic data-breach -o links.csv",
    "bacajuga export articles --format jsonl | jq .title",
    "bacajuga export articles --columns",
)


def export(
    table: Annotated[Table, typer.Argument(help="Stories, or the read-also links that they print.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to this file instead of stdout."),
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="Default: by the file's name, else csv.", show_default=False),
    ] = None,
    topic: TopicName = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Published on that day or later; Jakarta time unless it has an offset."
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Published on that day or before; or before that time.")
    ] = None,
    include_off_topic: Annotated[
        bool, typer.Option("--include-off-topic", help="Stories that did not fit the topic, too.")
    ] = False,
    include_duplicates: Annotated[
        bool, typer.Option("--include-duplicates", help="Stories that repeat another one, too.")
    ] = False,
    bom: Annotated[bool, typer.Option("--bom", help="Mark the CSV as UTF-8 for Excel on Windows.")] = False,
    columns: Annotated[bool, typer.Option("--columns", help="Explain the columns instead.")] = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Write the stories, or their read-also links, to a CSV or JSON Lines file.

    Only stories on topic, each once. The file appears when it is complete.
    --columns explains what is in it.
    """
    if columns:
        _explain_columns(table)
        return
    path = None if output is None or str(output) == "-" else output
    if form is None and path is not None and path.suffix.lower() not in KNOWN_ENDINGS:
        raise typer.BadParameter(
            f"{path.name} would be CSV under another name; end it in .csv or .jsonl, or say --format",
            param_hint="'--output'",
        )
    chosen = form or format_for(path.name if path else None)
    if bom and chosen is not Format.CSV:
        raise typer.BadParameter("it is for CSV only", param_hint="'--bom'")
    begin, end = _moment(since, since_moment, "--since"), _moment(until, until_moment, "--until")
    if begin is not None and end is not None and begin >= end:
        raise typer.BadParameter(f"{until} is before --since {since}", param_hint="'--until'")

    from crawler.export.exporting import export as write
    from crawler.store.story_filter import StoryFilter

    store = open_existing(database)
    wanted = StoryFilter(
        topic=topic_name(topic),
        since=begin,
        until=end,
        include_off_topic=include_off_topic,
        include_duplicates=include_duplicates,
    )
    count = write(store, table, wanted, path, chosen, bom=bom)
    things = "stories" if table is Table.ARTICLES else "links"
    if not count:
        say(f"no {things} of that kind in {store.address}{_known_topics(store, wanted.topic)}")
        raise typer.Exit(exit_status.NOTHING_FOUND)
    if path is not None:
        say(f"{count:,} {things if count > 1 else things.removesuffix('s')} written to {path}")


def _explain_columns(table: Table) -> None:
    chosen = ARTICLE_COLUMNS if table is Table.ARTICLES else LINK_COLUMNS
    rows = [(column.name, column.description) for column in chosen]
    print_table(("COLUMN", "WHAT IT HOLDS"), rows, flexible=1)


def _known_topics(store: Store, topic: str | None) -> str:
    """Return the end of a message: the topics there are, when the one asked for is not among them."""
    from crawler.store.provenance import known_topics

    with store.read() as connection:
        names = known_topics(connection)
    if topic is None or topic in names:
        return ""
    return f"; its topics: {', '.join(names) or 'none'}"


def _moment(text: str | None, parse: Callable[[str], datetime], option: str) -> datetime | None:
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=f"'{option}'") from error
