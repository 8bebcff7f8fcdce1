"""A story in pages made whole, with the fewest fetches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from crawler.items import Article, Item
from crawler.outlets import outlet_for
from crawler.reading import merge_parts

Fetch = Callable[[str], Awaitable[Item]]


async def whole_story(first: Article, fetch: Fetch, max_parts: int = 30) -> Article:
    """Return the story with all its parts, read-also links of all pages included.

    The outlet's address for the whole is asked first; where there is none, or it does not give the
    whole, the parts are read one after the other. A part that cannot be read is named in
    ``missing_pages``.

    Args:
        first: the part that was read first.
        fetch: reads the page at an address.
        max_parts: where to stop following "next page".
    """
    parts = [first]
    seen = {first.url}
    whole_url = outlet_for(first.url).whole_url(first.url)
    if first.next_page and whole_url and whole_url not in seen:
        seen.add(whole_url)
        whole = await fetch(whole_url)
        if isinstance(whole, Article) and whole.article_key == first.article_key:
            if whole.next_page is None:
                return merge_parts([first, whole])
            parts = [whole] if len(whole.body) > len(first.body) else parts
    while parts[-1].next_page and len(parts) < max_parts:
        url = parts[-1].next_page
        if url in seen:
            break
        seen.add(url)
        part = await fetch(url)
        if not isinstance(part, Article):
            story = merge_parts(parts)
            story.missing_pages.append(url)
            return story
        parts.append(part)
    return merge_parts(parts) if len(parts) > 1 else first
