"""Printing a page: fills the pieces of a layout's HTML file with a story's facts, blocks and links.

A layout file holds pieces under `<!-- [name] -->` lines. `[page]` is the whole page; any piece may name
facts (`$title`) and other pieces (`$head`); pieces for links and blocks get `$url` and `$text`. `[like]`
names the layout that lends the pieces that are not there.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib import resources
from string import Template
from typing import TYPE_CHECKING

from crawler.demo.addresses import slug
from crawler.demo.layouts.facts import facts
from crawler.demo.layouts.view import Anchor
from crawler.demo.story import Heading, Paragraph, ReadAlso

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from crawler.demo.layouts.view import View

PIECE = re.compile(r"^<!-- \[(\w+)\] -->\n(.*?)(?=^<!-- \[\w+\] -->$|\Z)", re.MULTILINE | re.DOTALL)


@cache
def pieces(layout: str, folder: Path | None = None) -> dict[str, str]:
    """Return the pieces of a layout by name, borrowed ones too; without a folder, of a bundled one."""
    file = (folder or resources.files("crawler.demo.layouts")) / f"{layout}.html"
    own = {name: text.strip() for name, text in PIECE.findall(file.read_text(encoding="utf-8"))}
    return (pieces(own["like"], folder) if "like" in own else {}) | own


def print_page(
    layout: str, view: View, folder: Path | None = None, more: Mapping[str, str] | None = None
) -> str:
    """Return the page in that layout; ``more`` are facts beside the story's own, safe inside HTML."""
    return Printer(layout, view, folder, more or {}).fill("page") + "\n"


class Printer:
    """One page being printed; a piece is filled when the piece around it names it."""

    def __init__(self, layout: str, view: View, folder: Path | None, more: Mapping[str, str]) -> None:
        self.pieces = pieces(layout, folder)
        self.view = view
        self.facts = facts(view) | dict(more)
        self.lists: dict[str, tuple[str, Iterable[Anchor]]] = {
            "side": ("side_link", view.side),
            "popular": ("popular_link", view.popular),
            "tags": ("tag", view.tags),
            "sections": ("section_link", view.sections),
            "part_links": ("part_link", map(view.part_link, range(1, view.parts + 1))),
            "names": (
                "name",
                [Anchor(url="", text=name) for name in view.story.authors + view.story.editors],
            ),
            "author_roles": ("author_role", [Anchor(url="", text=name) for name in view.story.authors]),
            "editor_roles": ("editor_role", [Anchor(url="", text=name) for name in view.story.editors]),
        }
        self.left_out = {
            "deck": not view.story.deck,
            "updated": view.story.modified_at == view.story.published_at,
            "pager": view.parts == 1 or view.part == 0,
            "next_link": view.has_end,
            "whole_link": not view.story.whole_page,
            "before_text": not view.has_start,
            "closing": not view.has_end or not view.story.initials,
        }

    def fill(self, name: str, **given: str) -> str:
        """Return a piece with every name in it replaced."""
        return Template(self.pieces[name]).substitute(Names(self, given))

    def named(self, name: str) -> str:
        """Return what a name in a piece stands for."""
        if name in self.facts:
            return self.facts[name]
        if name == "blocks":
            return self.blocks()
        if name in self.lists:
            piece, anchors = self.lists[name]
            return "\n".join(self.link(piece, anchor) for anchor in anchors)
        if self.left_out.get(name):
            return ""
        if name == "next_link":
            return self.link(name, self.view.part_link(self.view.part + 1))
        return self.fill(name)

    def link(self, piece: str, anchor: Anchor) -> str:
        """Return a piece filled with a link."""
        return self.fill(piece, url=escape(anchor.url), text=escape(anchor.text), text_slug=slug(anchor.text))

    def blocks(self) -> str:
        """Return the text: an ad after its second block, a keyword link at the first mention of each tag."""
        unlinked = {tag.text: tag for tag in self.view.tags}
        out = []
        for number, block in enumerate(self.view.blocks):
            match block:
                case Paragraph(text=text):
                    opens = number == 0 and self.view.has_start and "opening" in self.pieces
                    opening = f"{self.fill('opening')} " if opens else ""
                    out.append(self.fill("paragraph", text=opening + self.with_keywords(text, unlinked)))
                case Heading(text=text):
                    out.append(self.fill("heading", text=escape(text, quote=False)))
                case ReadAlso():
                    out.append(self.read_also(self.view.read_also[block]))
            if number == 1:
                out.append(self.fill("ad"))
        return "\n".join(out)

    def read_also(self, anchor: Anchor) -> str:
        """Return a read-also line; a layout may print links to its own site in another form."""
        is_own = f"//{self.view.story.host}/" in anchor.url and "read_also_own" in self.pieces
        return self.link("read_also_own" if is_own else "read_also", anchor)

    def with_keywords(self, text: str, unlinked: dict[str, Anchor]) -> str:
        """Return the paragraph with tags not mentioned before as links, and forget those tags."""
        marked = escape(text, quote=False)
        if not unlinked:
            return marked

        def link(match: re.Match[str]) -> str:
            tag = unlinked.pop(match[0], None)
            return self.link("keyword", tag) if tag else match[0]

        longest_first = sorted(unlinked, key=len, reverse=True)
        return re.sub(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", link, marked)


class Names(dict[str, str]):
    """What the names in a piece stand for: the given values, else what the printer knows."""

    def __init__(self, printer: Printer, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self.printer = printer

    def __missing__(self, name: str) -> str:
        return self.printer.named(name)
