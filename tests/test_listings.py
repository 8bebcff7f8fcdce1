"""Every saved list under tests/listings reads as its expectation says; and no list can harm its reader.

A list is real markup with our own sentences; its first lines tell its address and what it is read as.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from crawler.items import PageKind
from crawler.outlets import OUTLETS, outlet_for
from crawler.reading.reader import as_record, read_page

LISTINGS = Path(__file__).parent / "listings"
ADDRESS = re.compile(rb"<!-- saved from (\S+) as (\w+) -->")


@pytest.mark.parametrize(
    "page",
    sorted(path for path in LISTINGS.glob("*/*") if path.suffix in {".html", ".xml"}),
    ids=lambda page: f"{page.parent.name}/{page.stem}",
)
def test_list_reads_as_expected(page: Path) -> None:
    content = page.read_bytes()
    address = ADDRESS.search(content[:500])
    assert address, f"begin {page} with a line <!-- saved from ADDRESS as KIND -->"
    got = as_record(read_page(content, address[1].decode(), kind=PageKind(address[2].decode())))
    expectation = page.with_suffix(f"{page.suffix}.json")
    if not expectation.exists():
        expectation.write_text(json.dumps(got, ensure_ascii=False, indent=2) + "\n")
        pytest.fail(f"wrote {expectation}: please review it, then run again")
    assert got == json.loads(expectation.read_text()), (
        f"{page} reads differently; if the new reading is right, delete {expectation.name} and run again"
    )


def saved_lists() -> list[tuple[str, str, bytes]]:
    """Return the address, the kind and the content of every saved HTML list."""
    found = []
    for page in sorted(LISTINGS.glob("*/*.html")):
        content = page.read_bytes()
        address = ADDRESS.search(content[:500])
        assert address
        found.append((address[1].decode(), address[2].decode(), content))
    return found


@pytest.mark.parametrize("rule", ["entries", "entry_date"])
def test_every_selector_is_needed(rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = saved_lists()
    readings = {url: read_page(content, url, kind=PageKind(kind)) for url, kind, content in pages}
    selectors = {
        (outlet, selector)
        for url in readings
        for outlet in [outlet_for(url)]
        for selector in getattr(outlet, rule)
    }
    for outlet in OUTLETS.values():
        if not any(each is outlet for each, _ in selectors):
            own = rule in vars(type(outlet))
            assert not own, f"no list of {outlet.name} is saved: its {rule} may be wrong"
    # The sites of one system share their rules: one of them has to need each.
    idle = {selector for _, selector in selectors}
    for outlet, selector in selectors:
        kept = tuple(each for each in getattr(outlet, rule) if each != selector)
        with monkeypatch.context() as broken:
            broken.setattr(outlet, rule, kept, raising=False)
            if any(
                read_page(content, url, kind=PageKind(kind)) != readings[url] for url, kind, content in pages
            ):
                idle.discard(selector)
    assert not idle, f"no saved list needs {rule} {sorted(idle)}: save one under {LISTINGS}, or delete them"
