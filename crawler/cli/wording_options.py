"""The options by which a page for people is put into words: its language, and the zone of its times."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Language(StrEnum):
    """The languages that a page can be in."""

    ID = "id"
    EN = "en"


def _known_zone(zone: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise typer.BadParameter(f"{zone!r} is no time zone; write Asia/Jakarta") from None
    return zone


LanguageName = Annotated[Language, typer.Option("--lang", help="Indonesian or English.")]
Zone = Annotated[
    str,
    typer.Option("--zone", metavar="ZONE", callback=_known_zone, help="Time zone of the times."),
]
DEFAULT_ZONE = "Asia/Jakarta"
