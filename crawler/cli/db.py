"""``bacajuga db``: care for the database."""

from __future__ import annotations

import typer

from crawler.cli.options import DEFAULT_DATABASE, Database, examples
from crawler.cli.terminal import say

EXAMPLES = examples(
    "bacajuga db upgrade",
    "bacajuga db upgrade --db postgresql://bacajuga@localhost/news",
)

db = typer.Typer(help="Care for the database.", epilog=EXAMPLES, no_args_is_help=True)


@db.command("upgrade", epilog=EXAMPLES)
def upgrade(database: Database = DEFAULT_DATABASE) -> None:
    """Bring the database's tables to this version; a SQLite file gets there whenever it is opened."""
    from crawler.store.database import newest_version, open_store

    store = open_store(database, migrate=True)
    say(f"database {store.address} is at version {newest_version()}")
