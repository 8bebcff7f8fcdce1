"""What the commands of ``bacajuga jobs`` share: the jobs file and the database that it goes with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.cli.options import DEFAULT_DATABASE

if TYPE_CHECKING:
    from crawler.jobs.job import JobsFile
    from crawler.jobs.jobs_file import ExportOptions

JobsPath = Annotated[
    Path | None,
    typer.Option(
        "--jobs", metavar="FILE", help="The jobs file; default: what BACAJUGA_JOBS names, else ./jobs.toml."
    ),
]
# Options of "bacajuga export" that a job gives by other means, or that are no filter.
NOT_FILTERS = ("output", "format", "topic", "columns", "db", "help")


def load(path: Path | None) -> JobsFile:
    """Return the jobs file that was given, or is found.

    Raises:
        JobError: when there is none, or it is not valid.
    """
    from crawler.jobs.jobs_file import find_jobs_file, read_jobs_file

    return read_jobs_file(find_jobs_file(path), export_options())


def export_options() -> ExportOptions:
    """Return what ``bacajuga export`` can do, as its command line has it, so that a job can do the same."""
    from typer.main import get_command

    from crawler.cli.app import app
    from crawler.export.forms import Format, Table
    from crawler.jobs.jobs_file import ExportOptions, FilterKind

    root: Any = get_command(app)
    filters = {}
    for option in root.commands["export"].params:
        name = next((text[2:].replace("-", "_") for text in option.opts if text.startswith("--")), None)
        if name is None or name in NOT_FILTERS or not option.expose_value:
            continue
        kind = (
            FilterKind.SWITCH if option.is_flag else FilterKind.LIST if option.multiple else FilterKind.TEXT
        )
        filters[name] = kind
    return ExportOptions(tables=tuple(map(str, Table)), formats=tuple(map(str, Format)), filters=filters)


def database_of(found: JobsFile, given: str) -> str:
    """Return the address of the database: as given, as the jobs file says, or the usual one beside it."""
    if given != DEFAULT_DATABASE:
        return absolute(given, Path.cwd())
    return absolute(found.database or DEFAULT_DATABASE, found.folder)


def absolute(address: str, folder: Path) -> str:
    """Return a database's address that means the same in every working folder.

    >>> absolute("sqlite:///news.db", Path("/srv"))
    'sqlite:////srv/news.db'
    """
    if "://" not in address:
        return f"sqlite:///{folder / Path(address).expanduser()}"
    kind, mark, path = address.partition(":///")
    if not kind.startswith("sqlite") or not path or path.startswith(":memory:"):
        return address
    return f"{kind}{mark}{folder / path}"
