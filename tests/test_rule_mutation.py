"""Break every selector of every outlet, one at a time: some page pair must read differently.

A selector that no pair needs is one that nobody would miss on the day it fails. Save a page that needs it
under tests/pages, or delete it. The pairs named forms-N hold what the pages of the evidence have no example
of: each place under one of its names, what a later rule would take by mistake before it, and lines that are
no part of the story.
"""

from __future__ import annotations

from collections import defaultdict

import pytest

from crawler.items import Item
from crawler.outlet import Outlet
from crawler.outlets import OUTLETS, outlet_for
from crawler.reading.page import Page
from tests.test_pages import ADDRESS, PAGES

RULES = (
    "headline", "deck", "date", "modified", "author", "editor", "byline", "body", "noise", "read_also",
    "tags", "image", "caption", "caption_noise", "section",
)  # fmt: skip


def family_of(outlet: Outlet) -> type[Outlet]:
    """Return the class that the outlets on one system share: the one right below Outlet."""
    return next(c for c in type(outlet).__mro__ if Outlet in c.__bases__)


def families() -> dict[type[Outlet], list[Outlet]]:
    found = defaultdict(list)
    for outlet in OUTLETS.values():
        found[family_of(outlet)].append(outlet)
    return found


FAMILIES = families()


def saved_pages(outlets: list[Outlet]) -> list[Page]:
    pages = []
    for path in sorted(PAGES.glob("*/*.html")):
        html = path.read_bytes()
        address = ADDRESS.match(html)
        assert address
        if outlet_for(address[1].decode()) in outlets:
            pages.append(Page(address[1].decode(), html))
    return pages


def readings(pages: list[Page]) -> list[Item]:
    return [outlet_for(page.url).read(page) for page in pages]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_every_selector_is_needed(family: type[Outlet], monkeypatch: pytest.MonkeyPatch) -> None:
    outlets = FAMILIES[family]
    pages = saved_pages(outlets)
    whole = readings(pages)
    idle = []
    for rule in RULES:
        entries = {entry for outlet in outlets for entry in getattr(outlet, rule)}
        for entry in sorted(entries):
            with monkeypatch.context() as broken:
                for outlet in outlets:
                    kept = tuple(e for e in getattr(outlet, rule) if e != entry)
                    broken.setattr(outlet, rule, kept, raising=False)
                needed = any(
                    outlet_for(page.url).read(page) != reading
                    for page, reading in zip(pages, whole, strict=True)
                )
            if not needed:
                idle.append(f"{rule}: {entry}")
    assert not idle, f"no page pair needs these selectors of {family.__name__}: {'; '.join(idle)}"
