"""A proposed outlet as files: its rules, and for each page a skeleton in which a person writes sentences."""

from __future__ import annotations

import re
from dataclasses import asdict
from html import escape
from typing import TYPE_CHECKING, Any

from crawler.items import Article
from crawler.outlet_proposal.proposal import Proposal
from crawler.reading.blocks import collect_blocks, spaced_text
from crawler.reading.dates import find_date
from crawler.reading.page import Page
from crawler.reading.reader import as_record

if TYPE_CHECKING:
    from collections.abc import Container

    from lxml.html import HtmlElement

_WIDEST = 100
_KEPT = ("id", "class", "itemprop", "rel", "data-testid")
_LABEL = re.compile(
    r"^\W*((?:baca|lihat|simak)\s+(?:juga|pula)\s*:?|penulis\s*:|reporter\s*:|pewarta\s*:|editor\s*:|redaktur\s*:|oleh\s*:?)",
    re.IGNORECASE,
)
_SLUG = re.compile(r"[^/]*[A-Za-z]{2,}[-.][^/]*[-.][^/]*")
_WORDS = "tulis-kalimat-sendiri"
HEADLINE = "TULIS JUDUL SENDIRI"
SENTENCE = "TULIS KALIMAT SENDIRI DI SINI, SEPANJANG ALINEA ASLINYA."
_AUTHOR, _EDITOR = "NAMA PENULIS KARANGAN", "NAMA PENYUNTING KARANGAN"
_PLACEHOLDERS = {
    "headline": HEADLINE,
    "author": _AUTHOR,
    "editor": _EDITOR,
    "byline": f"Penulis: {_AUTHOR} | Editor: {_EDITOR}",
    "caption": "TULIS KETERANGAN GAMBAR SENDIRI",
    "tags": "tagar karangan",
    "section": "Rubrik",
}


def source_of(proposal: Proposal) -> str:
    """Return the outlet's file, as a person would write it."""
    class_name = "".join(part.capitalize() for part in re.split(r"\W+|_", proposal.name)) or "NewOutlet"
    if class_name[0].isdigit():
        class_name = f"Outlet{class_name}"
    lines = [
        f'"""{_plain(proposal.title)}."""',
        "",
        "from __future__ import annotations",
        "",
        "from crawler.outlet import Outlet",
        "",
        "",
        f"class {class_name}(Outlet):",
        f'    """Proposed by bacajuga outlets new from {_number(proposal)}: look it through."""',
        "",
        f"    title = {_quoted(_plain(proposal.title))}",
        f"    hosts = {_tuple(proposal.hosts)}",
    ]
    if proposal.article_id:
        lines.append(f'    article_id = (r"{proposal.article_id}",)')
    if proposal.whole_story:
        lines.append(f"    whole_story = {_quoted(proposal.whole_story)}")
    lines.append("")
    for name, rules in proposal.rules.items():
        lines += _assignment(name, rules)
    return "\n".join(lines) + "\n"


def skeleton_of(proposal: Proposal, page: Page) -> str:
    """Return the page's markup around what the rules find, with placeholders in place of all its text.

    The times and the form of the address stay: they are facts, and what is to be tested.
    """
    rules = {
        name: set(page.elements(tuple(css for css in found if not css.startswith(("meta:", "ld:")))))
        for name, found in proposal.rules.items()
    }
    draw = _Drawing(page, rules)
    head = f'<meta charset="utf-8"><meta property="og:title" content="{HEADLINE}">'
    if page.meta("og:site_name"):
        head += f'<meta property="og:site_name" content="{escape(proposal.title)}">'
    if page.meta("og:image"):
        head += '<meta property="og:image" content="https://contoh.test/gambar.jpg">'
    stated = page.meta("article:published_time")
    if stated and not rules.get("date"):
        head += f'<meta property="article:published_time" content="{escape(stated)}">'
    body = "".join(draw.inside(element) for element in page.root.iter("body"))
    return (
        f"<!-- saved from {own_address(page.url)} -->\n<!DOCTYPE html>\n"
        f'<html lang="{page.language or "id"}"><head>{head}</head>\n<body>\n{body}</body></html>\n'
    )


def expectation_of(proposal: Proposal, skeleton: str) -> dict[str, Any]:
    """Return what the proposed rules read from a skeleton, to be looked through by a person."""
    match = re.match(r"<!-- saved from (\S+) -->", skeleton)
    assert match
    item = proposal.outlet().read(Page(match[1], skeleton))
    if isinstance(item, Article):
        return as_record(item) | {"agency": item.agency, "is_premium": item.is_premium}
    return {key: value for key, value in asdict(item).items() if value is not None}


def own_address(url: str) -> str:
    """Return an address of the same form without the story's own words.

    >>> own_address("https://www.contoh.co.id/kota/read/12345/warga-membangun-jembatan")
    'https://www.contoh.co.id/kota/read/12345/tulis-kalimat-sendiri'
    """
    scheme, _, rest = url.partition("://")
    host, _, path = rest.partition("?")[0].partition("/")
    parts = [_own_segment(part) for part in path.split("/")]
    return f"{scheme}://{host}/{'/'.join(parts)}"


def _own_segment(segment: str) -> str:
    if not _SLUG.fullmatch(segment):
        return segment
    before = re.match(r"(?:[a-z]{1,3}-)?\d{3,}-", segment)
    after = re.search(r"-\d{3,}(?:\.html?)?$|\.html?$", segment)
    return f"{before[0] if before else ''}{_WORDS}{after[0] if after else ''}"


class _Drawing:
    """Draws only what leads to an element that a rule finds."""

    def __init__(self, page: Page, rules: dict[str, set[HtmlElement]]) -> None:
        self._rules = rules
        found = {element for elements in rules.values() for element in elements}
        self._shown = found | {above for element in found for above in element.iterancestors()}
        self._also = rules.get("read_also", set())
        self._noise = rules.get("noise", set())
        self._links = 0

    def inside(self, parent: HtmlElement) -> str:
        return "".join(self._element(child) for child in parent if child in self._shown)

    def _element(self, element: HtmlElement) -> str:
        name = next((rule for rule, elements in self._rules.items() if element in elements), None)
        if name is None:
            return self._wrapped(element, self.inside(element) or "")
        if name == "body":
            return self._wrapped(element, f"\n{self._text(element)}\n")
        if name == "date":
            return self._wrapped(element, _own_date(spaced_text(element)))
        if name == "image":
            return '<img src="https://contoh.test/gambar.jpg">\n'
        if name in ("noise", "read_also"):
            return self._wrapped(element, self._line(name == "read_also"))
        return self._wrapped(element, _own_credit(name, spaced_text(element)))

    def _text(self, container: HtmlElement) -> str:
        """Return placeholders for the story's blocks, boxes of read-also links and noise among them."""
        lines = []
        drawn: set[HtmlElement] = set()
        for block in collect_blocks(container):
            box = self._box(block.element, self._also | self._noise, container)
            if box is not None:
                if box not in drawn:
                    drawn.add(box)
                    lines.append(self._wrapped(box, self._line(box in self._also)).strip())
                continue
            tag = block.element.tag if block.element is not None and block.element is not container else "br"
            label = _LABEL.match(block.text)
            text = self._line(labelled=True, label=label[1]) if label and block.anchors else SENTENCE
            lines.append(
                f"<{tag}>{text}</{tag}>" if tag in ("p", "h2", "h3", "h4", "li") else f"{text}<br><br>"
            )
        return "\n".join(lines)

    def _line(self, labelled: bool, label: str = "Baca juga:") -> str:
        if not labelled:
            return "BUKAN BAGIAN BERITA"
        self._links += 1
        return f'{escape(label)} <a href="/{_WORDS}-{self._links}">TULIS JUDUL LAIN SENDIRI</a>'

    @staticmethod
    def _box(
        element: HtmlElement | None, boxes: Container[HtmlElement], container: HtmlElement
    ) -> HtmlElement | None:
        while element is not None and element is not container:
            if element in boxes:
                return element
            element = element.getparent()
        return None

    @staticmethod
    def _wrapped(element: HtmlElement, inner: str) -> str:
        tag = str(element.tag)
        attributes = "".join(f' {k}="{escape(element.get(k) or "")}"' for k in _KEPT if element.get(k))
        if tag == "a":
            attributes += ' href="/tag/karangan"'
        return f"<{tag}{attributes}>{inner}</{tag}>\n"


def _own_date(text: str) -> str:
    """Return the printed time in its own form, another day of another year.

    >>> _own_date("Kompas.com - 02/11/2023, 21:34 WIB")
    '17/11/2024, 10:15 WIB'
    """
    found = find_date(text)
    if found is None:
        return "17/01/2024 10:15 WIB"
    printed = text[found.start : found.end]
    printed = re.sub(r"\b(?:19|20)\d\d\b", "2024", printed)
    printed = re.sub(r"\b\d{1,2}([:.])\d\d(?:[:.]\d\d)?\b(?![/-])", r"10\g<1>15", printed)
    return re.sub(r"^\d{1,2}\b", "17", printed)


def _own_credit(name: str, text: str) -> str:
    label = _LABEL.match(text)
    placeholder = _PLACEHOLDERS.get(name, "")
    return f"{label[1]} {placeholder}" if label and name in ("author", "editor") else placeholder


def _number(proposal: Proposal) -> str:
    pages = len(proposal.landmarks)
    return "1 page" if pages == 1 else f"{pages} pages"


def _assignment(name: str, rules: tuple[str, ...]) -> list[str]:
    line = f"    {name} = {_tuple(rules)}"
    if len(line) <= _WIDEST:
        return [line]
    return [f"    {name} = (", *(f"        {_quoted(rule)}," for rule in rules), "    )"]


def _tuple(texts: tuple[str, ...]) -> str:
    return f"({', '.join(map(_quoted, texts))}{',' if len(texts) == 1 else ''})"


def _quoted(text: str) -> str:
    return f'"{text}"' if '"' not in text and "\\" not in text else repr(text)


def _plain(title: str) -> str:
    return re.sub(r'["\\\r\n]', "", title).strip()
