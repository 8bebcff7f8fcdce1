"""What a layout gets to print: one page of a story, with its links resolved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.demo.story import Block, ReadAlso, Story

DATELINES = {
    "www.tribunnews.com": "TRIBUNNEWS.COM, {place} -",
    "jakarta.tribunnews.com": "TRIBUNJAKARTA.COM, {place} -",
    "wartakota.tribunnews.com": "WARTAKOTALIVE.COM, {place} -",
    "makassar.tribunnews.com": "TRIBUN-TIMUR.COM, {place} -",
    "papua.tribunnews.com": "TRIBUN-PAPUA.COM, {place} -",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchor:
    """A link as printed: where to, and its text."""

    url: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """One page to print: a story, or a part of it, under one of its addresses."""

    story: Story
    base: str  # the address of the first part on the host that was asked
    part: int  # 1, 2, ...; 0 for the whole story on one page
    parts: int
    part_form: str  # how the address of a later part is formed, with {base} and {part}
    amp: str
    blocks: tuple[Block, ...]
    read_also: Mapping[ReadAlso, Anchor]
    side: tuple[Anchor, ...]  # the "Baca Juga" side box: furniture, never a read-also line
    popular: tuple[Anchor, ...]
    tags: tuple[Anchor, ...]
    sections: tuple[Anchor, ...]  # the menu

    @property
    def has_start(self) -> bool:
        """Whether the story's first words stand on this page."""
        return self.part in (0, 1)

    @property
    def has_end(self) -> bool:
        """Whether the story's last words stand on this page."""
        return self.part in (0, self.parts)

    def part_link(self, part: int) -> Anchor:
        """The link to a part; the first one is the plain address."""
        url = self.base if part == 1 else self.part_form.format(base=self.base, part=part)
        return Anchor(url=url, text=str(part))


def dateline(story: Story) -> str:
    """Return how the first paragraph opens, as printed, hyphen included."""
    host = story.dateline_host
    if host.endswith("kompas.com"):
        return f"{story.place.upper()}, KOMPAS.com -"
    if host.endswith("detik.com"):
        return f"{story.place} -"
    if host in DATELINES:
        return DATELINES[host].format(place=story.place.upper())
    return f"{story.place.upper()} —"
