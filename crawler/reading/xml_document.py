"""An XML answer, a feed or a sitemap, parsed whatever its faults, and without anything it might ask for."""

from __future__ import annotations

import re
import zlib
from html import unescape
from html.entities import html5
from typing import TYPE_CHECKING

from lxml import etree
from w3lib.html import remove_tags

from crawler.reading.blocks import collapse_spaces
from crawler.reading.limits import OverLimit
from crawler.reading.normal_form import clean_line
from crawler.reading.page import as_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.reading.limits import ReadingLimits

    Element = etree._Element

ROOTS = frozenset({"rss", "rdf", "feed", "urlset", "sitemapindex"})

_ROOT = re.compile(rb"<(?:[A-Za-z][\w.-]*:)?([A-Za-z]+)(?=[\s>/])")
_END_OF_DOCTYPE = re.compile(rb"\]\s*>")
_CDATA = re.compile(rb"(<!\[CDATA\[.*?(?:\]\]>|\Z))", re.DOTALL)
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_OWN_ENTITIES = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,32};)")
_NUMBERED = re.compile(rb"&#(x[0-9a-f]{1,8}|[0-9]{1,9});", re.IGNORECASE)
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_START = 4096
_LONGEST_TEXT = 4000  # characters of a description that are looked at


def is_xml_listing(content: bytes | str) -> bool:
    """Say whether a feed or a sitemap begins here, whatever its address and its declared type are.

    >>> is_xml_listing('<?xml version="1.0"?><rss version="2.0">')
    True
    """
    start = content[:_START]
    head = start.encode("utf-8", "replace") if isinstance(start, str) else start
    return is_packed(head) or _root_at(head) is not None


def is_packed(content: bytes) -> bool:
    """Say whether the bytes are those of a gzip file, as ``sitemap.xml.gz`` is."""
    return content[:2] == b"\x1f\x8b"


def as_plain(content: bytes | str, encoding: str | None, limits: ReadingLimits) -> bytes:
    """Return a document's text in UTF-8, unpacked where it is a gzip file.

    Raises:
        OverLimit: when it is larger than DOWNLOAD_MAXSIZE once it is unpacked.
    """
    if isinstance(content, bytes) and is_packed(content):
        content, encoding = _unpacked(content, limits.download_maxsize), None
    return as_utf8(content, encoding)


def within(body: bytes, limits: ReadingLimits) -> bytes:
    """Return a document's beginning, with as many tags, and as many entities, as the limits allow.

    A list's newest entries come first; each tag, and each ampersand that has to be mended, takes many times
    its bytes in memory.
    """
    for sign in (b"<", b"&"):
        if limits.max_tags and body.count(sign) > limits.max_tags:
            at = -1
            for _ in range(limits.max_tags + 1):
                at = body.find(sign, at + 1)
            body = body[:at]
    return body


def parse_xml(body: bytes) -> Element | None:
    """Return the root element of a feed or a sitemap in UTF-8, or None where there is no such thing.

    Faults are mended as far as libxml2 can. All that stands before the root is left out, so that there are no
    entities of the document's own to expand and nothing to fetch; those of HTML, as ``&nbsp;``, become their
    signs.
    """
    body = body.translate(None, _CONTROLS)
    start = _root_at(body)
    if start is None:
        return None
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        return etree.fromstring(_mended(body[start:]), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def local_name(element: Element) -> str:
    """Return an element's name in lower case, without a namespace or the prefix of an undeclared one."""
    tag = element.tag
    return re.split(r"[}:]", tag)[-1].lower() if isinstance(tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Yield the child elements of any of the names, whatever their namespace."""
    return (child for child in element if local_name(child) in names)


def child_text(element: Element, *names: str) -> str:
    """Return the text of the first child that has any, of the first name that has any; in one line.

    Children of the element's own namespace go first: a feed's ``media:title`` is a picture's.
    """
    own = _namespace(element)
    for name in names:
        for child in sorted(children(element, name), key=lambda child: _namespace(child) != own):
            text = collapse_spaces("".join(child.itertext(etree.Element)))
            if text:
                return text
    return ""


def plain_text(text: str) -> str:
    """Return a title or a description without the HTML in it, entities that were escaped twice included.

    >>> plain_text('<img src="a.jpg"> Data &amp;quot;bocor&amp;quot;&nbsp;lagi')
    'Data "bocor" lagi'
    """
    text = text[:_LONGEST_TEXT]
    if "<" in text:
        text = remove_tags(text)
    return clean_line(unescape(unescape(text))) if "&" in text else clean_line(text)


def _namespace(element: Element) -> str:
    """Return an element's namespace, or the prefix of one that is not declared."""
    return str(element.tag).rpartition("}")[0] or str(element.tag).rpartition(":")[0]


def _root_at(body: bytes) -> int | None:
    """Return where the root element begins, behind declaration, comments and document type."""
    at = body.find(b"<")
    while at >= 0:
        if body.startswith(b"<?", at):
            end = body.find(b"?>", at)
        elif body.startswith(b"<!--", at):
            end = body.find(b"-->", at)
        elif body[at : at + 9].upper() == b"<!DOCTYPE":
            end = _end_of_doctype(body, at)
        else:
            root = _ROOT.match(body, at)
            return at if root and root[1].decode().lower() in ROOTS else None
        at = body.find(b"<", end) if end >= 0 else -1
    return None


def _end_of_doctype(body: bytes, at: int) -> int:
    closing = body.find(b">", at)
    bracket = body.find(b"[", at, closing) if closing >= 0 else -1
    if bracket >= 0:
        end = _END_OF_DOCTYPE.search(body, bracket)
        return end.end() if end else -1
    return closing


def _mended(body: bytes) -> bytes:
    """Return the document with bare ampersands and the entities of HTML as what they stand for."""
    if b"&" not in body:
        return body
    pieces = _CDATA.split(body)
    # Between the marked sections, which are text as it is.
    for at in range(0, len(pieces), 2):
        named = _NUMBERED.sub(_numbered, _ENTITY.sub(_sign, pieces[at]))
        pieces[at] = _BARE_AMPERSAND.sub(b"&amp;", named)
    return b"".join(pieces)


def _numbered(match: re.Match[bytes]) -> bytes:
    """Return a character by its number where there is one: lxml cannot read what libxml2 makes of halves."""
    code = int(match[1][1:], 16) if match[1][:1] in b"xX" else int(match[1])
    return match[0] if 31 < code < 0xD800 or 0xDFFF < code < 0x110000 or code in (9, 10, 13) else b""


def _sign(match: re.Match[bytes]) -> bytes:
    if match[1] in _OWN_ENTITIES:
        return match[0]
    return html5.get(f"{match[1].decode()};", "").encode()


def _unpacked(content: bytes, most: int) -> bytes:
    try:
        # No more than is to be read, however large the file would grow.
        unpacked = zlib.decompressobj(wbits=31).decompress(content, most + 1 if most else 0)
    except zlib.error:
        return b""
    if most and len(unpacked) > most:
        raise OverLimit("DOWNLOAD_MAXSIZE", f"the list, once it is unpacked, is larger than {most:,} bytes")
    return unpacked
