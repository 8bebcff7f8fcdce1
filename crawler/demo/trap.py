"""Addresses of the sample web that are no story: dead links, redirects, loops, a PDF, a tag page."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources


class TrapKind(StrEnum):
    """What a visitor finds there."""

    GONE = "gone"  # 404 or 410
    SOFT_404 = "soft_404"  # a page that says "not found" with status 200
    REDIRECT = "redirect"
    LOOP = "loop"
    PDF = "pdf"
    LISTING = "listing"  # a tag page


@dataclass(frozen=True, kw_only=True, slots=True)
class Trap:
    """One such address, with the headline under which stories link to it."""

    id: str
    kind: TrapKind
    status: int
    url: str
    title: str
    leads_to: str = ""  # the id of the story or trap a redirect names


def load_traps() -> dict[str, Trap]:
    """Return every trap declared in traps.toml, by id."""
    sheet = tomllib.loads((resources.files("crawler.demo") / "traps.toml").read_text(encoding="utf-8"))
    return {name: Trap(id=name, kind=TrapKind(row.pop("kind")), **row) for name, row in sheet["trap"].items()}
