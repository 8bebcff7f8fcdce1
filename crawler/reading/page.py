"""One fetched page, parsed once, and the small language in which outlets say where things stand on it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import unescape
from typing import TYPE_CHECKING, Any, cast

from cssselect import HTMLTranslator
from lxml import etree
from parsel import Selector
from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

from crawler.reading import structured_data
from crawler.reading.blocks import collapse_spaces, text_of
from crawler.urls import joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cssselect.parser import Class
    from cssselect.xpath import XPathExpr
    from lxml.html import HtmlElement

Rules = tuple[str, ...]

# Those of the WHATWG's Encoding Standard, 4.2, as Python calls what browsers make of them. Of those that
# Python knows besides, some take hours (Punycode: the square of the length), some are no text (zlib), and
# some raise whatever comes.
_ENCODINGS = frozenset(
    {
        *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "mac-roman", "mac-cyrillic"),
        *("cp866", "cp874", "cp932", "cp949", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254"),
        *("cp1255", "cp1256", "cp1257", "cp1258", "koi8-r", "koi8-u", "gbk", "gb18030", "big5", "big5hkscs"),
        *("euc_jp", "iso2022_jp", "shift_jis", "euc_kr"),
        *(f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    }
)
_ALL_CLASSES = etree.XPath("//@class", smart_strings=False)
_ALL_HREFS = etree.XPath("//a/@href", smart_strings=False)
# Twice as fast as asking the tree. Unquoted values run on to the next sign: too many names do no harm.
_WRITTEN_CLASSES = re.compile(rb"class\s*=\s*[\"']?([^\"'<>]*)")
_CREDIT_WORDS = (b"Penulis", b"Reporter", b"Pewarta", b"Editor", b"Redaktur")
# A label and the name behind it, in the same node or in the next.
_CREDIT_LINE = re.compile(rb"[A-Z][a-z]+\s*:\s*[^<]{0,80}(?:<(?:a|b|strong|span)\b[^>]*>[^<]{0,80})?(?=<)")
_MARKUP = re.compile(r"<[^>]*>")
_BRACKETS = re.compile(r"\[[^\]]*\]|\([^)]*\)")
_CLASS = re.compile(rb"\.([\w-]+)")
_DIV_BY_CLASS = re.compile(r"div(?P<names>(?:\.[\w-]+)+)(?:\s+(?P<inner>[\w.\[][^,+~]*))?")
_BY_ID = re.compile(r"#([\w-]+)(?:\s+(?=[\w.*\[])(.+))?")


class Page:
    """A page and the address it was fetched from.

    A rule is a CSS selector ("h1.read__title"), a selector with an attribute ("time::attr(datetime)"), a
    meta tag ("meta:content_author") or a field of the page's JSON-LD article ("ld:datePublished"). Of several
    rules the first one that finds anything counts: that is how layouts of several years stand side by side.
    """

    def __init__(self, url: str, html: bytes | str, encoding: str | None = None) -> None:
        self.url = url
        body = as_utf8(html, encoding)
        self.body = body
        self._found: dict[str, list[HtmlElement]] = {}
        self.selector = Selector(
            body=body if body.strip(b"\x00 \t\r\n") else b"<html/>", encoding="utf-8", type="html"
        )

    @cached_property
    def root(self) -> HtmlElement:
        """The root element."""
        return cast("HtmlElement", self.selector.root)

    @cached_property
    def _head(self) -> dict[str, list[HtmlElement]]:
        """The elements by which a page tells about itself, by tag, from one walk over the tree."""
        found: dict[str, list[HtmlElement]] = {"meta": [], "link": [], "base": []}
        for element in self.root.iter(*found):
            found[str(element.tag)].append(element)
        return found

    @cached_property
    def metas(self) -> dict[str, list[str]]:
        """The contents of all meta tags by their lower-case name, property or itemprop."""
        metas: dict[str, list[str]] = {}
        for meta in self._head["meta"]:
            name = meta.get("property") or meta.get("name") or meta.get("itemprop")
            content = (meta.get("content") or "").strip()
            if name and content:
                metas.setdefault(name.lower(), []).append(content)
        return metas

    def meta(self, name: str) -> str | None:
        """Return the first content of a meta tag."""
        values = self.metas.get(name.lower())
        return collapse_spaces(values[0]) if values else None

    @cached_property
    def json_ld_objects(self) -> list[dict[str, Any]]:
        """All JSON-LD objects of the page."""
        if b"ld+json" not in self.body:
            return []
        return structured_data.json_ld_objects(
            script.text or ""
            for script in self.root.iter("script")
            if "ld+json" in (script.get("type") or "").lower()
        )

    @cached_property
    def json_ld(self) -> dict[str, Any]:
        """The JSON-LD object of the story, or an empty one."""
        return structured_data.article_object(self.json_ld_objects)

    @cached_property
    def base_url(self) -> str:
        """The address that relative links start from."""
        base = next(iter(self._head["base"]), None)
        return (self.absolute(base.get("href"), self.url) if base is not None else "") or self.url

    @cached_property
    def links_in_head(self) -> dict[str, str]:
        """The first address of each ``rel`` of the page's link elements."""
        links: dict[str, str] = {}
        for link in self._head["link"]:
            href = (link.get("href") or "").strip()
            for rel in (link.get("rel") or "").lower().split():
                if href:
                    links.setdefault(rel, href)
        return links

    @property
    def canonical(self) -> str | None:
        """The address that the page calls its own, resolved; not yet to be trusted."""
        href = self.links_in_head.get("canonical") or self.meta("og:url")
        return self.absolute(href) if href else None

    @property
    def language(self) -> str | None:
        """The page's language as a two-letter code."""
        value = self.root.get("lang") or self.meta("language") or self.meta("og:locale") or ""
        code = value.strip().lower().replace("_", "-").split("-")[0]
        return {"in": "id", "indonesian": "id"}.get(code, code) if code.isalpha() else None

    def absolute(self, href: str | None, base: str | None = None) -> str:
        """Return the address that a link on this page leads to."""
        return joined(base or self.base_url, href or "")

    def elements(self, rules: Rules, within: HtmlElement | None = None) -> list[HtmlElement]:
        """Return the elements of the first CSS rule that finds any."""
        for rule in rules:
            found = self._find(rule, within)
            if found:
                return found
        return []

    def all_elements(self, rules: Rules, within: HtmlElement | None = None) -> list[HtmlElement]:
        """Return the elements of all the rules together."""
        return [element for rule in rules for element in self._find(rule, within)]

    @cached_property
    def class_names(self) -> frozenset[bytes]:
        """Every class name that stands on the page; some more may be among them."""
        if b"CLASS=" in self.body:
            return frozenset(" ".join(_ALL_CLASSES(self.root)).encode().split())
        return frozenset(b" ".join(set(_WRITTEN_CLASSES.findall(self.body))).split())

    def hrefs_like(self, pattern: str) -> list[str]:
        """Return the hrefs of anchors, as written, in which a pattern is found."""
        if not re.search(pattern.encode(), self.body):
            return []
        wanted = re.compile(pattern)
        return [href for href in _ALL_HREFS(self.root) if wanted.search(f'{href}"')]

    @cached_property
    def credit_lines(self) -> list[str]:
        """The lines of the page that begin with "Penulis:", "Editor:" or the like, wherever they stand."""
        found: dict[int, str] = {}
        for word in _CREDIT_WORDS:
            at = self.body.find(word)
            while at >= 0:
                line = _CREDIT_LINE.match(self.body, at)
                if line and self.body[max(0, at - 40) : at].rstrip().endswith(b">"):
                    found[at] = line[0].decode("utf-8", "replace")
                at = self.body.find(word, at + 1)
        return [collapse_spaces(unescape(_MARKUP.sub(" ", found[at]))) for at in sorted(found)]

    def _find(self, css: str, within: HtmlElement | None) -> list[HtmlElement]:
        if within is None and css in self._found:
            return self._found[css]
        way = _compiled(css)
        # Most rules are for another year's layout: a class name that is nowhere spares the search.
        if way.wanted and not any(names <= self.class_names for names in way.wanted):
            return []
        found = self._search(way, within)
        if within is None:
            self._found[css] = found
        return found

    def _search(self, way: _Way, within: HtmlElement | None) -> list[HtmlElement]:
        if not way.div:
            return cast("list[HtmlElement]", way.xpath(self.root if within is None else within))
        first, names = way.div[0], set(way.div)
        found = [e for written, e in self._divs if first in written and names <= set(written.split())]
        if within is not None:
            found = [e for e in found if within in e.iterancestors()]
        if way.inner is None:
            return found
        inner = (element for outer in found for element in cast("list[HtmlElement]", way.inner(outer)))
        return list(dict.fromkeys(inner))

    @cached_property
    def _divs(self) -> list[tuple[str, HtmlElement]]:
        """The div elements with their classes: most rules look among them, and one walk serves all."""
        return [(written, e) for e in self.root.iter("div") if (written := e.get("class"))]

    def texts(self, rules: Rules) -> list[str]:
        """Return the texts of the first rule that gives any."""
        for rule in rules:
            texts = [text for text in self._texts(rule) if text]
            if texts:
                return texts
        return []

    def text(self, rules: Rules) -> str | None:
        """Return the first text of the first rule that gives any."""
        return next(iter(self.texts(rules)), None)

    def _texts(self, rule: str) -> Iterable[str]:
        kind, _, name = rule.partition(":")
        if kind == "meta":
            return [collapse_spaces(text) for text in self.metas.get(name.lower(), [])]
        if kind == "ld":
            return [collapse_spaces(text) for text in structured_data.strings(self.json_ld.get(name))]
        css, _, attribute = rule.partition("::attr(")
        found = self.elements((css,))
        if attribute:
            return [collapse_spaces(e.get(attribute.rstrip(")")) or "") for e in found]
        return [text_of(e) for e in found]


def as_utf8(html: bytes | str, encoding: str | None = None) -> bytes:
    """Return a page's text in UTF-8, whatever encoding it came in and whatever it says of it.

    ``encoding`` is what the server says. An encoding that no browser knows is taken for none.
    """
    if isinstance(html, str):
        return html.encode("utf-8", "replace")
    bom, mark = read_bom(html)
    body = html[len(mark or b"") :]
    stated = _known(encoding)
    try:
        # Latin letters in UTF-16 are valid UTF-8, with a NUL behind each.
        if bom in (None, "utf-8") and not (stated or "").startswith("utf-16"):
            body.decode("utf-8")
            return body  # whatever the page declares: other text is hardly ever valid UTF-8
    except UnicodeDecodeError:
        pass
    resolved = _known(bom) or stated or _known(html_body_declared_encoding(body)) or "cp1252"
    text = body.decode(resolved, "replace")
    if resolved == "utf-8" and text.count("\ufffd") > len(body) / 200:
        text = body.decode("cp1252", "replace")
    return text.encode("utf-8", "replace")


def _known(label: str | None) -> str | None:
    """Return the encoding that a label means, or None where a browser would know none."""
    resolved = resolve_encoding(label) if label and len(label) < 40 and "\x00" not in label else None
    return resolved if resolved in _ENCODINGS else None


class _Translator(HTMLTranslator):
    """Writes shorter XPath than cssselect: the same elements are found in half the time."""

    def xpath_descendant_combinator(self, left: XPathExpr, right: XPathExpr) -> XPathExpr:
        """Return "left right" in one step."""
        return left.join("/descendant::", right)

    def xpath_class(self, class_selector: Class) -> XPathExpr:
        """Return ".name" with a cheap test before the exact one."""
        xpath = self.xpath(class_selector.selector)
        name = class_selector.class_name
        xpath.add_condition(f"contains(@class, '{name}')")
        xpath.add_condition(f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')")
        return xpath


@dataclass(frozen=True, slots=True)
class _Way:
    """How a selector's elements are found: "div.name" and "div.name p" by class, all others by XPath."""

    xpath: etree.XPath
    wanted: tuple[frozenset[bytes], ...]  # for each alternative the classes that it cannot do without
    div: tuple[str, ...] = ()  # the classes of the div
    inner: etree.XPath | None = None  # what is looked for inside it


@lru_cache(maxsize=4096)
def _compiled(css: str) -> _Way:
    """Return the way to find a selector's elements."""
    parts = [part.strip() for part in css.split(",")]
    wanted = tuple(frozenset(_CLASS.findall(_BRACKETS.sub("", part).encode())) for part in parts)
    xpath = etree.XPath("|".join(_xpath(part) for part in parts), smart_strings=False)
    div = _DIV_BY_CLASS.fullmatch(css)
    if div is None:
        return _Way(xpath, wanted if all(wanted) else ())
    inner = etree.XPath(_xpath(div["inner"]), smart_strings=False) if div["inner"] else None
    return _Way(xpath, wanted, tuple(div["names"].split(".")[1:]), inner)


def _xpath(css: str) -> str:
    translate = _Translator().css_to_xpath
    by_id = _BY_ID.fullmatch(css)
    if by_id is None:
        return translate(css, prefix="descendant::")
    # id() is an index look-up, forty times faster; the page's first such id only, as in a browser.
    start = f'id("{by_id[1]}")'
    return f"{start}/{translate(by_id[2], prefix='descendant::')}" if by_id[2] else start
