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


def period(
    since: str | None, until: str | None, now: datetime | None = None
) -> tuple[datetime | None, datetime | None]:
    """Return the first moment of the period, and the first that is too late.

    Args:
        since: a day or a time.
        until: the same.
        now: the period's end without ``until``, from which distances such as 24h or 7d are counted back;
            without it there are none.

    Raises:
        typer.BadParameter: when one is no date, or they are the wrong way round.
    """
    begin = moment(since, since_moment, "--since", now)
    end = moment(until, until_moment, "--until", now) or now
    if begin is not None and end is not None and begin >= end:
        raise typer.BadParameter(f"{since} is not before {until or 'now'}", param_hint="'--since'")
    return begin, end


def moment(
    text: str | None, parse: Callable[[str], datetime], option: str, now: datetime | None = None
) -> datetime | None:
    """Return the moment that an option names, by itself or by its distance from now.

    Raises:
        typer.BadParameter: when it is neither.
    """
    from crawler.jobs.schedule import parse_duration
    from crawler.jobs.steps import FARTHEST_DAYS, is_distance

    try:
        if text is None:
            return None
        if now is not None and is_distance(text):
            return now - parse_duration(text, FARTHEST_DAYS)
        return parse(text)
    except ValueError as error:
        distance = "; or a distance, as 24h or 7d" if now is not None else ""
        raise typer.BadParameter(f"{error}{distance}", param_hint=f"'{option}'") from None
