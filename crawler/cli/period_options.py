"""The options by which several commands take a period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import typer

from crawler.export.period import since_moment, until_moment

Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="DATE",
        help="Published on that day or later; Jakarta time unless it has an offset.",
    ),
]
Until = Annotated[
    str | None,
    typer.Option("--until", metavar="DATE", help="Published on that day or before; or before that time."),
]


def period(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """Return the first moment of the period, and the first that is too late.

    Raises:
        typer.BadParameter: when one is no date, or they are the wrong way round.
    """
    begin, end = _moment(since, since_moment, "--since"), _moment(until, until_moment, "--until")
    if begin is not None and end is not None and begin >= end:
        raise typer.BadParameter(f"{until} is before --since {since}", param_hint="'--until'")
    return begin, end


def _moment(text: str | None, parse: Callable[[str], datetime], option: str) -> datetime | None:
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=f"'{option}'") from error
