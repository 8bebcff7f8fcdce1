"""What several commands share: the database, the topic, JSON, and examples at the end of their help."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from crawler.store.database import Store

logger = logging.getLogger("crawler.cli")
# The same as crawler.store.database.DEFAULT_URL, whose module is too heavy for --help.
DEFAULT_DATABASE = "sqlite:///bacajuga.db"


def on_disk(database: str | None) -> str | None:
    """Return a database's address as given.

    Raises:
        StoreError: when it would be kept in memory, and be gone with the command.
    """
    if database is None:
        return None
    kind, _, place = database.partition("://")
    if not database.strip() or (kind.startswith("sqlite") and place in ("", "/", "/:memory:")):
        from crawler.errors import StoreError

        raise StoreError(f"database {database!r} names no file; write sqlite:///FILE or a file's path")
    return database


Database = Annotated[
    str,
    typer.Option(
        "--db",
        callback=on_disk,
        envvar="DATABASE_URL",
        metavar="ADDRESS",
        help="The database: a file, or postgresql://USER@HOST/NAME.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for a machine to read.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV, for a spreadsheet to read.")]
TopicArgument = Annotated[str, typer.Argument(metavar="TOPIC", help="A topic's name, or its file.")]
TopicName = Annotated[
    str | None,
    typer.Option("--topic", "-t", metavar="TOPIC", help="Only this topic: its name, or its file."),
]

Settings = Annotated[
    list[str] | None,
    typer.Option("--set", "-s", metavar="NAME=VALUE", help="Any setting of ours or of Scrapy's; repeatable."),
]


def examples(*lines: str) -> str:
    """Return the end of a command's help: examples, one a line."""
    return "\n".join(["[bold]Examples[/bold]", *(f"$ {line}".replace("[", r"\[") for line in lines)])


def setting_overrides(settings: list[str] | None) -> dict[str, str]:
    """Return the settings given as NAME=VALUE.

    Raises:
        typer.BadParameter: when one has another form.
    """
    overrides = {}
    for setting in settings or []:
        name, equals, value = setting.partition("=")
        if not equals or not name.strip().isidentifier():
            raise typer.BadParameter(f"{setting!r} is not of the form NAME=VALUE", param_hint="'-s'")
        overrides[name.strip()] = value
    return overrides


def split_names(given: list[str] | None) -> list[str]:
    """Return names, each once, that were given one by one or with commas between them.

    >>> split_names(["detik,kompas", " tempo", "detik"])
    ['detik', 'kompas', 'tempo']
    """
    names = (name.strip() for part in given or [] for name in part.split(","))
    return list(dict.fromkeys(name for name in names if name))


def one_form(as_json: bool, as_csv: bool) -> None:
    """Refuse to print two forms at once.

    Raises:
        typer.BadParameter: when both are asked for.
    """
    if as_json and as_csv:
        raise typer.BadParameter("choose one of --json and --csv", param_hint="'--csv'")


def open_existing(database: str) -> Store:
    """Return the store at the address, which has to be there.

    Raises:
        StoreError: when it is not.
    """
    from crawler.store.database import newest_version, open_store

    store = open_store(database, create=False)
    logger.info("database %s, version %s", store.address, newest_version())
    return store


def is_topic_file(name_or_path: str) -> bool:
    """Return whether a topic is given by its file rather than by its name."""
    return "/" in name_or_path or name_or_path.endswith(".toml")


def topic_name(name_or_path: str | None) -> str | None:
    """Return the name by which the store knows a topic, given as a name or as a file.

    Raises:
        TopicError: when the file cannot be read.
    """
    if name_or_path is None or not is_topic_file(name_or_path):
        return name_or_path
    from crawler.topic import load_topic

    return load_topic(name_or_path).name
