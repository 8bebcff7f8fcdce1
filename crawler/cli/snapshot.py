"""``bacajuga snapshot``: a selection that can be cited, with the same bytes for the same id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli import exit_status
from crawler.cli.export_options import (
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
from crawler.cli.given_topic import require_topic
from crawler.cli.options import (
    DEFAULT_DATABASE,
    AsJson,
    Database,
    TopicName,
    examples,
    open_existing,
    topic_name,
)
from crawler.cli.period_options import Since, Until
from crawler.cli.period_options import period as given_period
from crawler.cli.progress_line import ProgressLine
from crawler.cli.terminal import print_json, print_table, printable, say
from crawler.export.forms import Table

if TYPE_CHECKING:
    from crawler.store.story.snapshots import Snapshot

EXAMPLES = examples(
    "bacajuga snapshot create bpjs-2021 --topic data-breach --until 2021-12-31",
    "bacajuga snapshot list",
    "bacajuga snapshot show bpjs-2021",
    "bacajuga snapshot export bpjs-2021 articles -o articles.csv",
    "bacajuga snapshot cite bpjs-2021 --author 'Ani Lestari'",
    "bacajuga snapshot verify bpjs-2021",
    "bacajuga snapshot delete bpjs-2021 --yes",
)

snapshot = typer.Typer(
    help="Keep a selection as it is now, to cite it: the same id gives the same bytes.",
    epilog=EXAMPLES,
    no_args_is_help=True,
)
SnapshotId = Annotated[
    str, typer.Argument(metavar="ID", help="The snapshot's id, its beginning, or its name.")
]


@snapshot.command("create", epilog=EXAMPLES)
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it, such as bpjs-2021.")],
    topic: TopicName = None,
    since: Since = None,
    until: Until = None,
    outlet: OutletNames = None,
    text: Text = None,
    include_off_topic: IncludeOffTopic = False,
    include_duplicates: IncludeDuplicates = False,
    redact: Redact = False,
    as_json: AsJson = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Keep all that "bacajuga export" with these options would write now, and print the id.

    It stays as it is when stories are edited, deleted, read again or scored anew.
    """
    from crawler.export.snapshotting import create_snapshot

    period = given_period(since, until)
    store = open_existing(database)
    require_topic(store, topic_name(topic))
    given = {
        "since": since,
        "until": until,
        "outlets": outlet or [],
        "text": text,
        "include_off_topic": include_off_topic,
        "include_duplicates": include_duplicates,
    }
    wanted = story_filter(
        store,
        topic=topic,
        period=period,
        outlets=outlet,
        text=text,
        include_off_topic=include_off_topic,
        include_duplicates=include_duplicates,
    )
    with ProgressLine() as progress:
        made = create_snapshot(
            store,
            name,
            wanted,
            given,
            redacts=redact,
            on_row=lambda table, count: progress(f"keeping {table}", count),
        )
    if as_json:
        print_json(_record(made))
    else:
        print(made.id)
    rows = made.tables["articles"]["rows"]
    say(f"snapshot {made.id} ({made.name}): {rows:,} {'story' if rows == 1 else 'stories'}")
    if not rows:
        say("it is empty: nothing in the store is of that kind; see what there is: bacajuga stats")


@snapshot.command("list", epilog=EXAMPLES)
def list_all(as_json: AsJson = False, database: Database = DEFAULT_DATABASE) -> None:
    """List the snapshots, oldest first."""
    from crawler.store.story.snapshots import all_snapshots

    store = open_existing(database)
    found = all_snapshots(store)
    if as_json:
        print_json([_record(each) for each in found])
    elif found:
        rows = [
            (
                each.id,
                each.name,
                each.topic or "all",
                f"{each.tables['articles']['rows']:,}",
                f"{each.made_at:%Y-%m-%d %H:%M}",
            )
            for each in found
        ]
        print_table(("ID", "NAME", "TOPIC", "STORIES", "MADE (UTC)"), rows, flexible=1)
    if not found:
        found_nothing(f"no snapshots in {store.address}; make one with: bacajuga snapshot create NAME")


@snapshot.command("show", epilog=EXAMPLES)
def show(asked: SnapshotId, as_json: AsJson = False, database: Database = DEFAULT_DATABASE) -> None:
    """Tell what a snapshot holds, with the SHA-256 of each table's CSV."""
    found = _find(database, asked)[1]
    if as_json:
        print_json(_record(found))
        return
    facts = {
        "id": found.id,
        "name": found.name,
        "topic": found.topic or "all",
        "filter": ", ".join(f"{name} {value}" for name, value in found.filter.items() if value) or "none",
        "personal data": "masked" if found.is_redacted else "as printed",
        "made": f"{found.made_at:%Y-%m-%d %H:%M:%S} UTC by {found.software}",
    }
    for name, value in facts.items():
        print(printable(f"{name:<14} {value}"))
    print()
    rows = [
        (name, f"{table['rows']:,}", f"{table['bytes']:,}", table["sha256"])
        for name, table in found.tables.items()
    ]
    print_table(("TABLE", "ROWS", "CSV BYTES", "SHA-256 OF THE CSV"), rows, flexible=3)


@snapshot.command("export", epilog=EXAMPLES)
def export(
    asked: SnapshotId,
    table: Annotated[Table, typer.Argument(help="What to write.")],
    output: Output = None,
    form: FormatName = None,
    fields: Fields = None,
    redact: Redact = False,
    bom: Bom = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Write a table of a snapshot: the same bytes whenever it is asked for."""
    from crawler.export.exporting import Shape
    from crawler.export.snapshotting import export_snapshot

    path = None if output is None or str(output) == "-" else output
    chosen = chosen_format(table, path, form, bom=bom)
    store, found = _find(database, asked)
    shape = Shape(form=chosen, fields=field_names(fields), bom=bom, redacts=redact)
    say_written(table, export_snapshot(store, found, table, path, shape), path)


@snapshot.command("cite", epilog=EXAMPLES)
def cite(
    asked: SnapshotId,
    author: Annotated[str | None, typer.Option(metavar="NAME", help="Whose data it is.")] = None,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Print how to cite a snapshot: as text, and as BibTeX."""
    from crawler.export.citing import bibtex_citation, plain_citation

    found = _find(database, asked)[1]
    print(printable(plain_citation(found, author)))
    print()
    print(printable(bibtex_citation(found, author)))


@snapshot.command("verify", epilog=EXAMPLES)
def verify(asked: SnapshotId, database: Database = DEFAULT_DATABASE) -> None:
    """Make sure that a snapshot's rows are those that were kept, by their SHA-256."""
    from crawler.errors import StoreError
    from crawler.export.snapshotting import damaged_tables

    store, found = _find(database, asked)
    damaged = damaged_tables(store, found)
    if damaged:
        raise StoreError(
            f"snapshot {found.id} is damaged: {', '.join(damaged)} no longer match the SHA-256 they had; "
            "restore the database from a backup"
        )
    say(f"snapshot {found.id} is as it was made: {len(found.tables)} tables match their SHA-256")


@snapshot.command("delete", epilog=EXAMPLES)
def delete(
    asked: SnapshotId,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Delete without asking.")] = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Delete a snapshot: whoever cited it can no longer check it. Stories stay."""
    from crawler.store.story.snapshots import delete_snapshot, unfinished_snapshot

    store = open_existing(database)
    unfinished = unfinished_snapshot(store, asked)
    row_id = unfinished if unfinished is not None else _find(database, asked)[1].row_id
    if not yes and not typer.confirm(f"Delete snapshot {asked}?", err=True):
        raise typer.Exit(exit_status.ERROR)
    delete_snapshot(store, row_id)
    say(f"snapshot {asked} deleted")


def _find(database: str, asked: str) -> tuple[Any, Snapshot]:
    from crawler.store.story.snapshots import find_snapshot

    store = open_existing(database)
    return store, find_snapshot(store, asked)


def _record(found: Snapshot) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "topic": found.topic,
        "filter": found.filter,
        "is_redacted": found.is_redacted,
        "made_at": found.made_at,
        "software": found.software,
        "tables": {
            name: {key: table[key] for key in ("rows", "bytes", "sha256")}
            for name, table in found.tables.items()
        },
    }
