"""A story of the sample web as its writers declared it: facts, text, read-also links by story id.

A story is one table of a TOML file in `stories/`; what stands at the top of the file goes for all of its
stories. To add one, add a table and a `>> its-id` line to the text of a story that shall lead to it:

    [story.bpjs-dpr]
    title = "Komisi IX DPR Minta BPJS Kesehatan Terbuka soal Kebocoran Data Peserta"
    at = "nasional.kompas.com"              # host, or host/section; host and time choose the layout
    time = "2021-05-24 16:08:11 WIB"
    by = "Tri Wulandaru"                    # several names with commas; also: editor, initials, deck, place
    tags = ["DPR", "BPJS Kesehatan"]
    photo = ["The caption.", "The credit"]
    text = '''
    A paragraph.

    ## A sub-heading

    >> bpjs-iuran | utm
    '''
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any

from crawler.demo.addresses import slug, story_path
from crawler.demo.printed_time import moment

if TYPE_CHECKING:
    from datetime import datetime
    from importlib.resources.abc import Traversable

SEED_STORY = "bpjs-blokir"
NOT_COPIED = ("fails_first", "path", "slug", "updated")
STORIES = resources.files("crawler.demo") / "stories"


@dataclass(frozen=True, kw_only=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """A sub-heading between paragraphs."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadAlso:
    """A read-also line: the id of what it leads to, the form of the address, and the printed headline."""

    target: str
    variant: str = ""
    anchor: str = ""  # empty: the headline of the target


Block = Paragraph | Heading | ReadAlso


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One story: what its pages say, where they stand, and what a crawl should make of it."""

    id: str
    incident: str
    on_topic: bool
    host: str
    section: str
    path: str
    title: str
    deck: str
    published_at: datetime
    modified_at: datetime
    authors: tuple[str, ...]
    editors: tuple[str, ...]
    initials: str
    place: str
    tags: tuple[str, ...]
    caption: str
    credit: str
    parts: tuple[tuple[Block, ...], ...]  # the pages it is split into; most stories have one
    role: str = (
        "story"  # or "side_only": nothing but side boxes lead to it; "forbidden": robots.txt closes it
    )
    whole_page: bool = True  # whether "?page=all" gives the whole story
    copy_of: str = ""
    dateline_host: str = ""  # a copy keeps the dateline of the paper it was taken from
    fails_first: tuple[int, ...] = field(default=())  # statuses given before the page is

    @property
    def url(self) -> str:
        """The address that counts: what the page itself names as canonical."""
        return f"https://{self.host}{self.path}"

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All parts in one."""
        return tuple(block for part in self.parts for block in part)

    @property
    def read_also(self) -> list[ReadAlso]:
        """The read-also lines in order."""
        return [block for block in self.blocks if isinstance(block, ReadAlso)]


def load_stories(folder: Traversable = STORIES) -> dict[str, Story]:
    """Return every story declared in the folder's TOML files, by id."""
    rows: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            sheet = tomllib.loads(file.read_text(encoding="utf-8"))
            shared = {key: value for key, value in sheet.items() if key != "story"}
            rows |= {name: shared | row for name, row in sheet["story"].items()}
    return {name: make_story(name, rows) for name in rows}


def make_story(name: str, rows: dict[str, dict[str, Any]]) -> Story:
    """Return one declared row as a story; a copy takes its text, place and names from its original."""
    row = rows[name]
    original = row.get("copy_of", "")
    if original:
        taken = {key: value for key, value in rows[original].items() if key not in NOT_COPIED}
        row = taken | row
    host, _, section = row["at"].partition("/")
    published_at = moment(row["time"])
    path = row.get("path") or story_path(
        name, host, section, published_at, row.get("slug") or slug(row["title"])
    )
    return Story(
        id=name,
        incident=row.get("incident", ""),
        on_topic=row["on_topic"],
        host=host,
        section=section,
        path=path,
        title=row["title"],
        deck=row.get("deck", ""),
        published_at=published_at,
        modified_at=moment(row["updated"]) if "updated" in row else published_at,
        authors=names(row.get("by", "")),
        editors=names(row.get("editor", "")),
        initials=row.get("initials", ""),
        place=row.get("place", "Jakarta"),
        tags=tuple(row["tags"]),
        caption=row["photo"][0],
        credit=row["photo"][1],
        parts=read_text(row["text"]),
        role=row.get("role", "story"),
        whole_page=row.get("whole_page", True),
        copy_of=original,
        dateline_host=rows[original]["at"].partition("/")[0] if original else host,
        fails_first=tuple(row.get("fails_first", ())),
    )


def names(line: str) -> tuple[str, ...]:
    """Return the names of a byline."""
    return tuple(name.strip() for name in line.split(",") if name.strip())


def read_text(text: str) -> tuple[tuple[Block, ...], ...]:
    r"""Return the parts of a story: paragraphs, "## sub-heading", ">> id | form | anchor", "---" between.

    >>> read_text("Satu.\n\n>> lain | amp\n\n---\n\nDua.")[0][1]
    ReadAlso(target='lain', variant='amp', anchor='')
    """
    return tuple(
        tuple(read_block(chunk.strip()) for chunk in part.split("\n\n") if chunk.strip())
        for part in text.split("\n---\n")
    )


def read_block(chunk: str) -> Block:
    """Return what one chunk between blank lines declares."""
    if chunk.startswith("## "):
        return Heading(text=chunk[3:])
    if chunk.startswith(">> "):
        target, variant, anchor, *_ = [cell.strip() for cell in chunk[3:].split("|")] + ["", ""]
        return ReadAlso(target=target, variant=variant, anchor=anchor)
    return Paragraph(text=" ".join(chunk.split()))
