"""``bacajuga export``: stories, links, versions, outcomes or the graph as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.export_options import (
    THINGS,
    Bom,
    Fields,
    FormatName,
    IncludeDuplicates,
    IncludeOffTopic,
    OutletNames,
    Output,
    Redact,
    Text,
    chosen_format,
    field_names,
    say_written,
    story_filter,
)
from crawler.cli.failing import found_nothing
from crawler.cli.options import DEFAULT_DATABASE, Database, TopicName, examples, open_existing
from crawler.cli.period_options import Since, Until
from crawler.cli.period_options import period as given_period
from crawler.cli.progress_line import ProgressLine
from crawler.cli.terminal import print_table
from crawler.export.columns import COLUMNS, chosen_columns
from crawler.export.forms import GRAPH_FORMATS, Table, format_for

if TYPE_CHECKING:
    from crawler.store.database import Store
    from crawler.store.story.story_filter import StoryFilter

# A thread has all stories on the topic, copies included; an outcome is of a page that is no story.
IDLE_FILTERS = {
    Table.THREADS: ("--text", "--outlet", "--include-duplicates"),
    Table.OUTCOMES: ("--text", "--include-off-topic", "--include-duplicates"),
}

EXAMPLES = examples(
    "bacajuga export articles -o stories.csv",
    "bacajuga export articles --since 2021-05-20 --until 2021-05-31 -o may.xlsx",
    'bacajuga export articles --text "kotz raid" --outlet kompas --fields url',
    "bacajuga export links --topic data-breach -o links.parquet",
    "bacajuga export graph --topic data-breach -o graph.gexf",
    "bacajuga export revisions --redact -o versions.csv",
    "bacajuga export articles --format jsonl | jq .title",
    "bacajuga export articles --columns",
)


def export(
    table: Annotated[
        Table,
        typer.Argument(
            help="Stories; the read-also links that they print; every version of them; the incidents that "
            "they make; pages that were no story, and why; or the graph of stories and links."
        ),
    ],
    output: Output = None,
    form: FormatName = None,
    topic: TopicName = None,
    since: Since = None,
    until: Until = None,
    outlet: OutletNames = None,
    text: Text = None,
    include_off_topic: IncludeOffTopic = False,
    include_duplicates: IncludeDuplicates = False,
    fields: Fields = None,
    redact: Redact = False,
    bom: Bom = False,
    columns: Annotated[bool, typer.Option("--columns", help="Explain the columns instead.")] = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Write a table to a CSV, JSON Lines, Parquet or Excel file, or the graph to GEXF or GraphML.

    Only stories on topic, each once. The file appears when it is complete.
    --columns explains what is in it. Of outcomes --since and --until mean the visit.
    """
    if columns:
        _explain_columns(table)
        return
    path = None if output is None or str(output) == "-" else output
    if table is Table.LINKS and (form or format_for(path.name if path else None)) in GRAPH_FORMATS:
        table = Table.GRAPH
    chosen = chosen_format(table, path, form, bom=bom)
    names = field_names(fields)
    if names and table is Table.GRAPH:
        raise typer.BadParameter("a graph has all its attributes", param_hint="'--fields'")
    _refuse_idle_filters(
        table,
        {
            "--text": text,
            "--outlet": outlet,
            "--include-off-topic": include_off_topic,
            "--include-duplicates": include_duplicates,
        },
    )
    chosen_columns(COLUMNS[table], names)
    period = given_period(since, until)

    from crawler.export.exporting import Shape, export_table

    store = open_existing(database)
    wanted = story_filter(
        store,
        topic=topic,
        period=period,
        outlets=outlet,
        text=text,
        include_off_topic=include_off_topic,
        include_duplicates=include_duplicates,
    )
    shape = Shape(form=chosen, fields=names, bom=bom, redacts=redact)
    with ProgressLine() as progress:
        on_row = None if path is None else lambda done: progress(f"writing {path.name}", done)
        written = export_table(
            store,
            table,
            wanted,
            path,
            shape,
            on_row=on_row,
            on_compared=lambda done, of: progress("comparing stories", done, of),
        )
    if not written.rows:
        given = {
            "--topic": topic,
            "--outlet": outlet,
            "--since": since,
            "--until": until,
            "--text": text,
        }
        advice = _next_step(store, table, wanted, [option for option, value in given.items() if value])
        left = f"; {path} is there, with no rows" if path else ""
        found_nothing(f"no {THINGS[table][1]} of that kind in {store.address}{left}; {advice}")
    say_written(table, written, path)


def _refuse_idle_filters(table: Table, given: dict[str, object]) -> None:
    """Refuse filters that would choose nothing among the rows of a table."""
    for option, value in given.items():
        if value and option in IDLE_FILTERS.get(table, ()):
            raise typer.BadParameter(f"{table} are not chosen by it", param_hint=f"'{option}'")


def _explain_columns(table: Table) -> None:
    rows = [(column.name, column.description) for column in COLUMNS[table]]
    print_table(("COLUMN", "WHAT IT HOLDS"), rows, flexible=1)


def _next_step(store: Store, table: Table, wanted: StoryFilter, given: list[str]) -> str:
    """Return what to try when nothing was found, by the options that were given."""
    from crawler.store.answers.provenance import known_topics

    with store.read() as connection:
        topics = known_topics(connection)
    if not topics:
        return "nothing has been crawled yet: bacajuga crawl TOPIC"
    if wanted.topic is not None and wanted.topic not in topics:
        return f"its topics: {', '.join(topics)}"
    if given:
        return f"try it without {' or '.join(given)}"
    if not wanted.include_off_topic and "--include-off-topic" not in IDLE_FILTERS.get(table, ()):
        return "see what there is: bacajuga stats; or try --include-off-topic"
    return "see what there is: bacajuga stats"
