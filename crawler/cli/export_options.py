"""What the commands that write tables to files share: which stories, which file, and what is said of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.options import topic_name
from crawler.cli.terminal import say
from crawler.export.forms import BINARY_FORMATS, ENDINGS, GRAPH_FORMATS, Format, Table, format_for
from crawler.export.writing import is_stream

if TYPE_CHECKING:
    from crawler.export.exporting import Written
    from crawler.store.database import Store
    from crawler.store.story.story_filter import StoryFilter

Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to this file instead of stdout."),
]
FormatName = Annotated[
    Format | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help=f"{', '.join(Format)}; default: by the file's name, else csv.",
        show_default=False,
    ),
]
OutletNames = Annotated[
    list[str] | None, typer.Option("--outlet", metavar="NAME", help="Only this outlet's; repeatable.")
]
Text = Annotated[
    str | None,
    typer.Option(
        "--text", metavar="WORDS", help="Only stories with these words, as bacajuga search takes them."
    ),
]
IncludeOffTopic = Annotated[
    bool, typer.Option("--include-off-topic", help="Stories that did not fit the topic, too.")
]
IncludeDuplicates = Annotated[
    bool, typer.Option("--include-duplicates", help="Stories that repeat another one, too.")
]
Bom = Annotated[bool, typer.Option("--bom", help="Mark the CSV as UTF-8 for Excel on Windows.")]
Fields = Annotated[
    str | None,
    typer.Option("--fields", metavar="A,B,C", help="Only these columns, in this order; see --columns."),
]
Redact = Annotated[
    bool,
    typer.Option(
        "--redact", help="Mask personal data that leaked: identity, card and phone numbers, e-mail."
    ),
]

THINGS = {
    Table.ARTICLES: ("story", "stories"),
    Table.LINKS: ("link", "links"),
    Table.REVISIONS: ("revision", "revisions"),
    Table.THREADS: ("story of a thread", "stories of threads"),
    Table.OUTCOMES: ("outcome", "outcomes"),
    Table.GRAPH: ("story", "stories"),
}


def chosen_format(table: Table, path: Path | None, form: Format | None, *, bom: bool) -> Format:
    """Return the format to write, given or by the file's name.

    Raises:
        typer.BadParameter: when it is not known, does not suit the table, or would spoil the terminal.
    """
    if form is None and path is not None and path.suffix.lower() not in ENDINGS and not is_stream(path):
        endings = ", ".join(f".{each}" for each in Format)
        raise typer.BadParameter(
            f"{path.name} would be CSV under another name; end it in one of {endings}, or say --format",
            param_hint="'--output'",
        )
    if form is None and path is None and table is Table.GRAPH:
        form = Format.GEXF
    chosen = form or format_for(path.name if path else None)
    if table is Table.GRAPH and chosen not in GRAPH_FORMATS:
        raise typer.BadParameter(
            f"a graph is gexf or graphml, not {chosen}; for {chosen} export links", param_hint="'--format'"
        )
    if table is not Table.GRAPH and chosen in GRAPH_FORMATS:
        raise typer.BadParameter(f"{table} have no graph; for {chosen} export graph", param_hint="'--format'")
    if bom and chosen is not Format.CSV:
        raise typer.BadParameter("it is for CSV only", param_hint="'--bom'")
    if chosen in BINARY_FORMATS and path is None and _is_terminal():
        raise typer.BadParameter(f"{chosen} is not for the screen; name a file", param_hint="'--output'")
    return chosen


def field_names(fields: str | None) -> tuple[str, ...]:
    """Return the names in a list parted by commas."""
    return tuple(name.strip() for name in (fields or "").split(",") if name.strip())


def story_filter(
    store: Store,
    *,
    topic: str | None,
    period: tuple[datetime | None, datetime | None],
    outlets: list[str] | None,
    text: str | None,
    include_off_topic: bool,
    include_duplicates: bool,
) -> StoryFilter:
    """Return which stories a command line asks for.

    Raises:
        BacaJugaError: when there is no such outlet or topic file, or nothing to search for.
    """
    from crawler.store.story.story_filter import StoryFilter

    words = None
    if text is not None:
        from crawler.search.query import parse_query
        from crawler.store.answers.story_words import having_words

        query = parse_query(text)
        with store.read() as connection:
            words = having_words(connection, query)
    return StoryFilter(
        topic=topic_name(topic),
        since=period[0],
        until=period[1],
        outlets=known_outlets(store, outlets),
        words=words,
        include_off_topic=include_off_topic,
        include_duplicates=include_duplicates,
    )


def known_outlets(store: Store, names: list[str] | None) -> tuple[str, ...]:
    """Return the names of outlets, those parted by commas apart; an unknown one has to be in the store.

    Raises:
        UnknownOutlet: when there is no such outlet, neither of ours nor in the store.
    """
    if not names:
        return ()
    from crawler.errors import UnknownOutlet
    from crawler.outlets import outlet_named
    from crawler.store.story.stories import outlets_of

    given = [name.strip() for part in names for name in part.split(",") if name.strip()]
    found = []
    for name in given:
        try:
            found.append(outlet_named(name).name)
        except UnknownOutlet:
            # Sites without rules of ours go by their host.
            with store.read() as connection:
                if name not in outlets_of(connection):
                    raise
            found.append(name)
    return tuple(dict.fromkeys(found))


def say_written(table: Table, written: Written, path: Path | None) -> None:
    """Tell how much was written, where the data itself does not go to the screen."""
    if written.cut_cells:
        cells = "1 cell was" if written.cut_cells == 1 else f"{written.cut_cells:,} cells were"
        say(f"{cells} longer than Excel allows and is cut there; the other formats have the whole text")
    if path is None:
        return
    links = f" and {written.edges:,} links" if table is Table.GRAPH else ""
    say(f"{written.rows:,} {THINGS[table][written.rows != 1]}{links} written to {path}")


def _is_terminal() -> bool:
    import sys

    stream: Any = sys.stdout
    return bool(stream.isatty())
