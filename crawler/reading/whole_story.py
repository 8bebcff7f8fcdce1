"""A story in pages made whole, with the fewest fetches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from crawler.items import Article, Item
from crawler.outlets import outlet_for
from crawler.reading.reader import merge_parts

Fetch = Callable[[str], Awaitable[Item]]


def is_part(article: Article) -> bool:
    """Return whether the page that was read is only a part of its story."""
    return article.next_page is not None or outlet_for(article.url).later_page(article.url)


async def whole_story(read: Article, fetch: Fetch, max_parts: int = 30) -> Article:
    """Return the story with all its parts, read-also links of all pages included.

    The outlet's address for the whole is asked first; where there is none, or it does not give the
    whole, the parts are read one after the other. A part that cannot be read is named in
    ``missing_pages``.

    Args:
        read: the part that was read, the first or a later one.
        fetch: reads the page at an address.
        max_parts: where to stop following "next page".
    """
    outlet = outlet_for(read.url)
    whole_url = outlet.whole_url(read.url)
    if whole_url and whole_url != read.url:
        whole = await fetch(whole_url)
        if isinstance(whole, Article) and _holds(whole, read):
            return merge_parts([read, whole])
    parts = [read]
    if outlet.later_page(read.url):
        first_url = outlet.part_url(read.url, 1)
        first = await fetch(first_url)
        if not isinstance(first, Article):
            return merge_parts(parts)
        parts = [first]
    seen = {part.url for part in parts}
    while (url := parts[-1].next_page) and url not in seen and len(parts) < max_parts:
        seen.add(url)
        part = read if url == read.url else await fetch(url)
        if not isinstance(part, Article):
            break
        parts.append(part)
    return merge_parts(parts)


def _holds(whole: Article, part: Article) -> bool:
    """Return whether it has the part and more: some servers give the first page, whatever is asked for."""
    blocks = part.body.split("\n\n")
    known = set(whole.body.split("\n\n"))
    return len(whole.body) > len(part.body) and sum(block in known for block in blocks) * 2 > len(blocks)
