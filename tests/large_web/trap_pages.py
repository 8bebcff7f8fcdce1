"""The pages of the large web that are no story: consent walls, faceted lists, sessions, lists without end."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha1
from html import escape
from typing import TYPE_CHECKING

from crawler.demo.other_pages import PDF, Page, not_found
from crawler.demo.story import Paragraph
from tests.large_web.list_pages import piece
from tests.large_web.writing import sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.demo.story import Story
    from tests.large_web.graph import LargeGraph, LargeTrap

FACETS = ("sort=terbaru", "sort=terpopuler", "filter=2020", "filter=2021", "filter=2022", "filter=2023")


def trap_page(
    graph: LargeGraph, trap: LargeTrap, host: str, query: str, print_story: Callable[[Story], bytes]
) -> Page:
    """Return what a trap's address answers; ``print_story`` prints a story in its outlet's layout."""
    match trap.kind:
        case "gone":
            return not_found(host, trap.status)
        case "soft_404":
            return not_found(host, 200)
        case "pdf":
            return Page(body=PDF, content_type="application/pdf")
        case "redirect" | "loop":
            goal = graph.traps.get(trap.leads_to) or graph.stories[trap.leads_to]
            return Page(status=trap.status, body=b"", location=goal.url)
        case "consent_wall":
            return Page(body=print_story(wall_story(graph, trap)))
        case "facets":
            return Page(body=facet_page(graph, trap))
        case "session":
            return Page(body=session_page(trap, query))
        case "endless_list":
            return Page(body=endless_page(graph, trap, query))
    raise ValueError(f"trap {trap.id} is of kind {trap.kind!r}, which has no page")


def wall_story(graph: LargeGraph, trap: LargeTrap) -> Story:
    """Return the consent wall that stands where a story should be: each time the same words."""
    some = next(story for story in graph.stories.values() if f"//{story.host}/" in trap.url)
    words = tuple(Paragraph(text=text) for text in sheet("words")["consent_wall"])
    path = "/" + trap.url.split("/", 3)[3]
    return replace(
        some, id=trap.id, path=path, title=trap.title, parts=(words,), tags=(), initials="", on_topic=False
    )


def facet_page(graph: LargeGraph, trap: LargeTrap) -> bytes:
    """Return a list in the clothes of a story, which leads to views of itself."""
    plain = trap.url.partition("?")[0]
    views = " ".join(f'<a href="{plain}?{facet}">{facet.partition("=")[2].title()}</a>' for facet in FACETS)
    return piece("facets", name=trap.title, views=views, entries=entries(graph, "detik", 8)).encode()


def session_page(trap: LargeTrap, query: str) -> bytes:
    """Return a page whose every visit leads to itself under another session's number."""
    following = sha1(query.encode(), usedforsecurity=False).hexdigest()[:16]
    plain = trap.url.partition("?")[0]
    return piece(
        "session", name=trap.title, next=f"{plain}?PHPSESSID={following}", part=following[:4]
    ).encode()


def endless_page(graph: LargeGraph, trap: LargeTrap, query: str) -> bytes:
    """Return a page of a list that has a next page whatever the number."""
    number = query.rpartition("page=")[2]
    following = int(number) + 1 if number.isdigit() else 2
    plain = trap.url.partition("?")[0]
    return piece(
        "endless", name=trap.title, entries=entries(graph, "okezone", 3), next=f"{plain}?page={following}"
    ).encode()


def entries(graph: LargeGraph, outlet: str, count: int) -> str:
    """Return the outlet's newest stories as entries of a list."""
    stories = [story for story in graph.of_outlet(outlet) if story.role == "story"][:count]
    return "".join(piece("plain_entry", url=escape(s.url), title=escape(s.title)) for s in stories)
