"""Reading one page: from its bytes and its address to an article, a listing or an outcome."""

from __future__ import annotations

from dataclasses import asdict, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from crawler.items import Listing, Outcome, OutcomeKind, PageKind
from crawler.outlets import outlet_for
from crawler.reading.limits import DEFAULT_LIMITS, OverLimit, check_item, check_markup, check_tree, time_limit
from crawler.reading.listing import XML_KINDS, read_listing
from crawler.reading.page import Page, as_utf8
from crawler.reading.xml_document import is_xml_listing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from crawler.items import Article, Item, Link
    from crawler.reading.limits import ReadingLimits


def read_page(
    html: bytes | str,
    url: str,
    *,
    encoding: str | None = None,
    kind: PageKind = PageKind.STORY,
    limits: ReadingLimits = DEFAULT_LIMITS,
) -> Item:
    """Return what a page is: a story, a listing, or the reason why it is neither.

    ``kind`` is what is expected at the address: a list is read as one only where it is asked for. A feed or a
    sitemap tells by itself which of the two it is, and may be packed (gzip).

    Whatever the bytes are, the answer is one of the three; nothing is raised. A page beyond the limits is an
    outcome that names the limit.
    """
    outlet = outlet_for(url)
    try:
        with time_limit(limits.read_seconds):
            if kind in XML_KINDS or (kind is not PageKind.STORY and is_xml_listing(html)):
                item = read_listing(html, url, outlet, encoding, limits)
            else:
                body = as_utf8(html, encoding)
                check_markup(body, limits)
                page = Page(url, body, "utf-8")
                check_tree(page.root, body, limits)
                item = outlet.read(page) if kind is PageKind.STORY else outlet.read_listing(page, kind)
            check_item(item, limits)
    except OverLimit as error:
        return Outcome(url=url, kind=OutcomeKind.OVER_LIMIT, detail=str(error), outlet=outlet.name)
    return item


def merge_parts(parts: list[Article]) -> Article:
    """Return one story out of its parts: the first part's metadata, all texts and read-also links in order.

    A part that holds the whole story takes the place of all others. Paragraphs that open a part and stood in
    one before it are not doubled. Parts that are not there are named in ``missing_pages``.
    """
    if not parts:
        raise ValueError("merge_parts needs at least one part")
    outlet = outlet_for(parts[0].url)
    whole = next((part for part in parts if outlet.is_whole(part.url)), None)
    if whole:
        return replace(whole, next_page=None, missing_pages=[])
    numbered = {outlet.page_number(part.url): part for part in sorted(parts, key=lambda p: p.url)}
    ordered = [numbered[number] for number in sorted(numbered)]
    first, last = ordered[0], ordered[-1]
    blocks: list[str] = []
    links: list[Link] = []
    for part in ordered:
        own = part.body.split("\n\n") if part.body else []
        repeated = len(list(takewhile(set(blocks).__contains__, own)))
        shift = len(blocks) - repeated
        known = {link.url for link in links} if repeated else set()
        links.extend(
            replace(link, position=max(link.position, repeated) + shift)
            for link in part.links
            if link.position > repeated or link.url not in known
        )
        blocks.extend(own[repeated:])
    missing = [outlet.part_url(first.url, n) for n in range(1, max(numbered)) if n not in numbered]
    return replace(
        first,
        body="\n\n".join(blocks),
        links=links,
        authors=_union(part.authors for part in ordered),
        editors=_union(part.editors for part in ordered),
        tags=_union(part.tags for part in ordered),
        initials=last.initials or first.initials,
        agency=first.agency or last.agency,
        next_page=last.next_page,
        missing_pages=missing + ([last.next_page] if last.next_page else []),
    )


def as_record(item: Article | Listing) -> dict[str, Any]:
    """Return a story or a listing as the plain values that ``bacajuga read`` prints."""
    return _listing_record(item) if isinstance(item, Listing) else _article_record(item)


def _listing_record(listing: Listing) -> dict[str, Any]:
    return {
        "url": listing.url,
        "outlet": listing.outlet,
        "kind": listing.kind.value,
        "title": listing.title,
        "links": [
            {
                "url": link.url,
                "anchor_text": link.anchor_text,
                "kind": link.kind.value,
                "published_at": _iso(link.published_at),
                "context": link.context,
            }
            for link in listing.links
        ],
        "next_page": listing.next_page,
    }


def _article_record(article: Article) -> dict[str, Any]:
    return {
        "url": article.url,
        "canonical_url": article.canonical_url,
        "article_key": article.article_key,
        "outlet": article.outlet,
        "title": article.title,
        "deck": article.deck,
        "published_at": _iso(article.published_at),
        "modified_at": _iso(article.modified_at),
        "authors": article.authors,
        "editors": article.editors,
        "initials": article.initials,
        "dateline": article.dateline,
        "section": article.section,
        "tags": article.tags,
        "image_url": article.image_url,
        "image_caption": article.image_caption,
        "language": article.language,
        "body": article.body,
        "links": [
            {
                "url": link.url,
                "anchor_text": link.anchor_text,
                "label": link.label,
                "position": link.position,
                "zone": link.zone.value,
            }
            for link in article.links
            if link.zone == "body"
        ],
        "next_page": article.next_page,
        "extractor": article.extractor,
    }


def _union(lists: Iterable[list[str]]) -> list[str]:
    return list(dict.fromkeys(name for names in lists for name in names))


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _main() -> int:
    """Print the reading of a saved page as JSON: ``python -m crawler.reading.reader PAGE --url URL``."""
    import json
    import sys
    from pathlib import Path

    from crawler.items import Article

    page, _, url = sys.argv[1:4]
    item = read_page(Path(page).read_bytes(), url)
    record = as_record(item) if isinstance(item, Article) else asdict(item)
    print(json.dumps(record, ensure_ascii=False, indent=1, default=str))
    return 0 if isinstance(item, Article) else 1


if __name__ == "__main__":
    raise SystemExit(_main())
