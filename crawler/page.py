"""One fetched page, parsed once, and the small language in which outlets say where things stand on it."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from html import unescape
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urljoin

from cssselect import HTMLTranslator
from lxml import etree
from parsel import Selector
from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

from crawler import structured_data
from crawler.blocks import collapse_spaces, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.html import HtmlElement

Rules = tuple[str, ...]

_ALL_CLASSES = etree.XPath("//@class", smart_strings=False)
_ALL_HREFS = etree.XPath("//a/@href", smart_strings=False)
# A label and the name behind it, in the same node or in the next.
_CREDIT_LINE = re.compile(
    rb">\s*((?:Penulis|Reporter|Pewarta|Editor|Redaktur)\s*:\s*[^<]{0,80}(?:<(?:a|b|strong|span)\b[^>]*>[^<]{0,80})?)<"
)
_MARKUP = re.compile(r"<[^>]*>")
_BRACKETS = re.compile(r"\[[^\]]*\]|\([^)]*\)")
_CLASS = re.compile(r"\.([\w-]+)")


class Page:
    """A page and the address it was fetched from.

    A rule is a CSS selector ("h1.read__title"), a selector with an attribute ("time::attr(datetime)"), a
    meta tag ("meta:content_author") or a field of the page's JSON-LD article ("ld:datePublished"). Of several
    rules the first one that finds anything counts: that is how layouts of several years stand side by side.
    """

    def __init__(self, url: str, html: bytes | str, encoding: str | None = None) -> None:
        self.url = url
        body, encoding = _as_bytes(html, encoding)
        self.body = body
        self._found: dict[str, list[HtmlElement]] = {}
        self.selector = Selector(
            body=body if body.strip(b"\x00 \t\r\n") else b"<html/>", encoding=encoding, type="html"
        )

    @cached_property
    def root(self) -> HtmlElement:
        """The root element."""
        return cast("HtmlElement", self.selector.root)

    @cached_property
    def metas(self) -> dict[str, list[str]]:
        """The contents of all meta tags by their lower-case name, property or itemprop."""
        metas: dict[str, list[str]] = {}
        for meta in self.root.iter("meta"):
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
        base = next(self.root.iter("base"), None)
        return self.absolute(base.get("href"), self.url) if base is not None else self.url

    @cached_property
    def links_in_head(self) -> dict[str, str]:
        """The first address of each ``rel`` of the page's link elements."""
        links: dict[str, str] = {}
        for link in self.root.iter("link"):
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
        try:
            return urljoin(base or self.base_url, (href or "").strip())
        except ValueError:  # "http://[broken"
            return ""

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
    def class_names(self) -> frozenset[str]:
        """Every class name that stands on the page."""
        return frozenset(" ".join(_ALL_CLASSES(self.root)).split())

    def hrefs_like(self, pattern: str) -> list[str]:
        """Return the hrefs of anchors, as written, that a pattern finds."""
        wanted = re.compile(pattern)
        return [href for href in _ALL_HREFS(self.root) if wanted.search(href)]

    @cached_property
    def credit_lines(self) -> list[str]:
        """The lines of the page that begin with "Penulis:", "Editor:" or the like, wherever they stand."""
        found = (match[1].decode("utf-8", "replace") for match in _CREDIT_LINE.finditer(self.body))
        return [collapse_spaces(unescape(_MARKUP.sub(" ", line))) for line in found]

    def _find(self, css: str, within: HtmlElement | None) -> list[HtmlElement]:
        if within is None and css in self._found:
            return self._found[css]
        xpath, wanted = _compiled(css)
        # Most rules are for another year's layout: a class name that is nowhere spares the search.
        if wanted and not any(names <= self.class_names for names in wanted):
            return []
        found = cast("list[HtmlElement]", xpath(self.root if within is None else within))
        if within is None:
            self._found[css] = found
        return found

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


@lru_cache(maxsize=4096)
def _compiled(css: str) -> tuple[etree.XPath, tuple[frozenset[str], ...]]:
    """Return a selector's XPath, and for each of its alternatives the class names it cannot do without."""
    if css.startswith("#") and css[1:].replace("-", "").replace("_", "").isalnum():
        # id() is an index look-up, forty times faster; the page's first such id only, as in a browser.
        return etree.XPath(f'id("{css[1:]}")', smart_strings=False), ()
    wanted = tuple(frozenset(_CLASS.findall(_BRACKETS.sub("", part))) for part in css.split(","))
    xpath = etree.XPath(HTMLTranslator().css_to_xpath(css, prefix="descendant::"), smart_strings=False)
    return xpath, wanted if all(wanted) else ()


def _as_bytes(html: bytes | str, encoding: str | None) -> tuple[bytes, str]:
    if isinstance(html, str):
        return html.encode("utf-8", "replace"), "utf-8"
    bom, mark = read_bom(html)
    body = html[len(mark or b"") :]
    try:
        if bom in (None, "utf-8"):
            body.decode("utf-8")
            return body, "utf-8"  # whatever the page declares: other text is hardly ever valid UTF-8
    except UnicodeDecodeError:
        pass
    declared = bom or encoding or html_body_declared_encoding(body)
    resolved = (resolve_encoding(declared) if declared else None) or "cp1252"
    if resolved == "utf-8" and body.decode("utf-8", "replace").count("\ufffd") > len(body) / 200:
        resolved = "cp1252"
    try:
        text = body.decode(resolved, "replace")
    except LookupError:
        text = body.decode("utf-8", "replace")
    return text.encode("utf-8", "replace"), "utf-8"
