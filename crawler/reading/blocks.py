"""A container element as the ordered blocks of text that a reader sees in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

    from lxml.html import HtmlElement

# Never text of a story, whatever the outlet.
SKIPPED = frozenset((
    "script", "style", "noscript", "iframe", "template", "svg", "figure", "figcaption", "form", "button",
    "input", "select", "option", "textarea", "ins", "video", "audio", "object", "embed", "canvas", "map",
    "dialog", "nav", "head",
))  # fmt: skip
BLOCKS = frozenset((
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "table", "thead",
    "tbody", "tfoot", "tr", "caption", "blockquote", "section", "article", "aside", "main", "header",
    "footer", "center", "pre", "address", "hr", "details", "summary", "fieldset", "body", "html",
))  # fmt: skip
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
# Deeper nesting than this is a broken page; its text is taken flat.
_DEEPEST = 200


@dataclass(slots=True)
class Anchor:
    """A link inside a block, with the stretch of the block's text that it covers."""

    element: HtmlElement
    start: int
    end: int


@dataclass(slots=True)
class Block:
    """A paragraph, heading, list item or line of flat text."""

    text: str
    kind: str = "p"  # "p", "heading" or "item"
    anchors: list[Anchor] = field(default_factory=list)
    element: HtmlElement | None = None  # the block element that it stands in
    is_read_also: bool = False  # it stands in an element that the outlet keeps for read-also links


def collapse_spaces(text: str) -> str:
    """Return the text with runs of white space, no-break spaces included, as one space.

    >>> collapse_spaces("  Bocor   lagi ")
    'Bocor lagi'
    """
    return " ".join(_visible(text).split())


def collect_blocks(
    container: HtmlElement,
    *,
    noise: Container[HtmlElement] = (),
    read_also: Container[HtmlElement] = (),
) -> list[Block]:
    """Return the text blocks of the container in order; elements of ``noise`` are left out.

    A line break ends a block: many outlets have no paragraphs at all, only ``<br>``.
    """
    walk = _Walk(container, noise, read_also)
    walk.into(container, 0)
    walk.flush()
    return walk.blocks


def text_of(element: HtmlElement) -> str:
    """Return the text of an element as one line, blocks and line breaks as spaces."""
    if len(element) == 0:
        return collapse_spaces(element.text or "")
    return " ".join(block.text for block in collect_blocks(element))


def spaced_text(element: HtmlElement) -> str:
    """Return the text of an element with a space between any two of its nodes.

    For bylines: ``<span>Penulis</span><b>Ani</b>`` is "Penulis Ani", never "PenulisAni".
    """
    return collapse_spaces(" ".join(element.itertext()))


def _visible(text: str) -> str:
    return text if text.isascii() else text.translate(_INVISIBLE)


class _Walk:
    """One pass over a container, gathering text until a block ends."""

    __slots__ = (
        "_anchors", "_element", "_kind", "_length", "_marked", "_noise", "_open", "_pieces", "_read_also",
        "blocks",
    )  # fmt: skip

    def __init__(
        self, container: HtmlElement, noise: Container[HtmlElement], read_also: Container[HtmlElement]
    ) -> None:
        self.blocks: list[Block] = []
        self._noise = noise
        self._read_also = read_also
        self._pieces: list[str] = []
        self._length = 0
        self._anchors: list[Anchor] = []
        self._open: list[Anchor] = []
        self._kind = "p"
        self._element = container
        self._marked = False

    def into(self, element: HtmlElement, depth: int) -> None:
        if depth > _DEEPEST:
            self._add(" ".join(element.itertext()))
            return
        if element.text:
            self._add(element.text)
        for child in element:
            tag = child.tag
            if isinstance(tag, str) and tag not in SKIPPED and child not in self._noise:
                self._child(child, tag, depth)
            if child.tail:
                self._add(child.tail)

    def _child(self, child: HtmlElement, tag: str, depth: int) -> None:
        if tag == "br":
            self.flush()
        elif not self._marked and child in self._read_also:
            self.flush()
            self._marked = True
            self._descend(child, tag, depth)
            self.flush()
            self._marked = False
        elif tag in BLOCKS or tag.startswith("amp-"):
            self.flush()
            outer = self._kind, self._element
            self._kind, self._element = _kind_of(tag, self._kind), child
            self.into(child, depth + 1)
            self.flush()
            self._kind, self._element = outer
        else:
            self._descend(child, tag, depth)

    def _descend(self, child: HtmlElement, tag: str, depth: int) -> None:
        if tag == "a":
            anchor = Anchor(child, self._length, self._length)
            self._open.append(anchor)
            self.into(child, depth + 1)
            self._open.pop()
            self._close(anchor)
        elif tag in {"td", "th"}:
            self._add(" ")
            self.into(child, depth + 1)
            self._add(" ")
        else:
            self.into(child, depth + 1)

    def _add(self, text: str) -> None:
        words = " ".join(_visible(text).split())
        if not words:
            text = " " if text else ""
        else:
            text = f"{' ' if text[0].isspace() else ''}{words}{' ' if text[-1].isspace() else ''}"
        if self._length == 0 or self._pieces[-1].endswith(" "):
            text = text.lstrip()
        if text:
            self._pieces.append(text)
            self._length += len(text)

    def _close(self, anchor: Anchor) -> None:
        if self._length > anchor.start or self._marked:
            self._anchors.append(Anchor(anchor.element, anchor.start, self._length))

    def flush(self) -> None:
        """End the block that is being gathered."""
        for anchor in self._open:
            if self._length > anchor.start:
                self._close(anchor)
            anchor.start = 0
        text = "".join(self._pieces).rstrip()
        if text or (self._marked and self._anchors):
            self.blocks.append(Block(text, self._kind, self._anchors, self._element, self._marked))
        self._pieces = []
        self._length = 0
        self._anchors = []


def _kind_of(tag: str, outer: str) -> str:
    if tag in HEADINGS:
        return "heading"
    if tag == "li":
        return "item"
    return outer if outer == "item" else "p"
