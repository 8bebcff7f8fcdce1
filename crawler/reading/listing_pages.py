"""A list in several pages: which address has the next one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.reading.blocks import collapse_spaces, text_of
from crawler.reading.entries import address_in
from crawler.urls import is_same_site, is_web_address, with_query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from crawler.reading.page import Page

    _List = tuple[str, str, frozenset[tuple[str, str]]]  # host, path and query: what makes a list's address

_PARAMETERS = frozenset({"page", "p", "halaman", "hal", "paged", "offset", "start", "per_page"})
_NUMBERED = re.compile(r"=\d|/?\b\d{1,5}/?\s*(?:[?#]|$)")
_LAST_SEGMENT = re.compile(r"(?:/page)?/(\d{1,5})$")
_NEXT = re.compile(
    r"^\W*(?:next|selanjutnya|berikutnya|lanjut|older(?: posts)?|halaman (?:selanjutnya|berikutnya)|"
    r"(?:pos|berita|artikel)[- ](?:lama|lebih lama|selanjutnya|berikutnya))\W*$",
    re.IGNORECASE,
)
_ARROWS = frozenset({"»", "›", ">", ">>", "→", "❯"})
_PAGING_NAME = re.compile(r"pag(?:ing|inat|enavi|e-numbers|e-link)|nav-links|halaman", re.IGNORECASE)


def next_listing_page(page: Page, made: str | None = None, last: int | None = None) -> str | None:
    """Return the address of a list's next page, or None for the last one.

    The page's own word counts: ``rel=next``, then its page numbers, then a link that says "Next". Where it
    prints no paging, as lists do that grow by a script, ``made`` makes the address: "page={}", up to page
    ``last``.
    """
    for url in _related(page):
        if _leads_on(page, url):
            return url
    later, has_numbers = _numbered(page)
    if later:
        return later[min(later)]
    for anchor in page.root.iter("a"):
        if _says_next(anchor):
            url = address_in(page, anchor)
            if _leads_on(page, url) and is_same_list(page.url, url):
                return url
    if has_numbers or made is None:
        return None
    following = listing_page_number(page.url) + 1
    return None if last is not None and following > last else with_page(page.url, made, following)


def listing_page_number(url: str) -> int:
    """Return the number of a list's page as its query gives it; 1 where it has none."""
    named = (value for name, value in parse_qsl(urlsplit(url).query) if name.lower() in _PARAMETERS)
    return next((int(value[:6]) for value in named if value.isdigit()), 1)


def with_next_offset(url: str, pattern: str, step: int) -> str | None:
    r"""Return the address with the number that a pattern's group finds in its path raised by a step.

    >>> with_next_offset("https://www.contoh.id/indeks/0/20?t=2024-01-17", r"/indeks/\d+/(\d+)$", 20)
    'https://www.contoh.id/indeks/0/40?t=2024-01-17'
    """
    parts = urlsplit(url)
    match = re.search(pattern, parts.path)
    if match is None:
        return None
    path = f"{parts.path[: match.start(1)]}{int(match[1]) + step}{parts.path[match.end(1) :]}"
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def with_page(url: str, made: str, number: int) -> str:
    """Return the address of a list's page.

    >>> with_page("https://www.contoh.id/indeks?date=2024-01-17&page=2", "page={}", 3)
    'https://www.contoh.id/indeks?date=2024-01-17&page=3'
    """
    parts = urlsplit(url)
    own = made.partition("=")[0]
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != own]
    # Dates are written with slashes: those stay.
    return with_query(
        urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept, safe="/:"), "")),
        made.format(number),
    )


def is_same_list(one: str, other: str) -> bool:
    """Say whether the other address is another page of one's list; it may say more, as how it is sorted."""
    return any(_is_within(_without_page(one), each) for each in (_plain(other), _without_page(other)))


def _related(page: Page) -> Iterator[str]:
    if "next" in page.links_in_head:
        yield page.absolute(page.links_in_head["next"])
    for anchor in page.root.iter("a"):
        if "next" in (anchor.get("rel") or "").lower().split():
            yield address_in(page, anchor)


def _leads_on(page: Page, url: str) -> bool:
    return is_web_address(url) and is_same_site(url, page.url) and _plain(url) != _plain(page.url)


def _numbered(page: Page) -> tuple[dict[int, str], bool]:
    """Return the later pages of this list that it links to by number, and whether it links to any."""
    of_this: dict[int, str] = {}
    beside: dict[int, str] = {}
    here, without = _plain(page.url), _without_page(page.url)
    for anchor in page.root.iter("a"):
        if not _NUMBERED.search(anchor.get("href") or ""):  # ten times faster than to resolve them all
            continue
        url = address_in(page, anchor)
        number = _number(url) if url else None
        if number is None or not is_same_site(url, page.url):
            continue
        bare = _without_page(url)
        if _is_within(here, bare):
            of_this.setdefault(number, url)
        elif _is_within(without, bare) and (_is_by_query(url) or _is_in_paging(anchor)):
            # "/2026/07/24/30" beside "/2026/07/24/15" is a later page, or another day: a box tells.
            beside.setdefault(number, url)
    if of_this:
        return {number: url for number, url in of_this.items() if number > 1}, True
    own = _number(page.url)
    return {number: url for number, url in beside.items() if number > (own or 0)}, bool(beside)


def _number(url: str) -> int | None:
    parts = urlsplit(url)
    for name, value in parse_qsl(parts.query):
        if name.lower() in _PARAMETERS and value.isdigit():
            return int(value[:6])
    match = _LAST_SEGMENT.search(parts.path.rstrip("/"))
    return int(match[1]) if match else None


def _is_by_query(url: str) -> bool:
    return any(name.lower() in _PARAMETERS for name, _ in parse_qsl(urlsplit(url).query))


def _plain(url: str) -> _List:
    parts = urlsplit(url)
    return (
        (parts.hostname or "").removeprefix("www."),
        parts.path.rstrip("/"),
        frozenset(parse_qsl(parts.query)),
    )


def _without_page(url: str) -> _List:
    host, path, query = _plain(url)
    kept = frozenset((name, value) for name, value in query if name.lower() not in _PARAMETERS)
    return (host, path, kept) if kept != query else (host, _LAST_SEGMENT.sub("", path), query)


def _is_within(one: _List, other: _List) -> bool:
    return one[:2] == other[:2] and one[2] <= other[2]


def _is_in_paging(anchor: HtmlElement) -> bool:
    for level, element in enumerate((anchor, *anchor.iterancestors())):
        if level > 4 or element.tag == "body":
            return False
        if _PAGING_NAME.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return True
    return False


def _says_next(anchor: HtmlElement) -> bool:
    text = text_of(anchor)
    label = collapse_spaces(anchor.get("aria-label") or anchor.get("title") or "")
    return text in _ARROWS or bool(_NEXT.match(text)) or (not text and bool(_NEXT.match(label)))
