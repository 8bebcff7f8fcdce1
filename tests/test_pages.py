"""Every saved page under tests/pages reads as its expectation says.

A page is real markup with our own sentences; its first line tells the address that it is read under. Save a
page, run the tests, and look through the expectation that they write.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Article
from crawler.reading.reader import as_record, read_page

PAGES = Path(__file__).parent / "pages"
ADDRESS = re.compile(rb"\A<!-- saved from (\S+) -->")


def record_of(page: Path) -> dict[str, Any]:
    html = page.read_bytes()
    address = ADDRESS.match(html)
    assert address, f"begin {page} with a line <!-- saved from ADDRESS -->"
    item = read_page(html, address[1].decode())
    if isinstance(item, Article):
        return as_record(item) | {"agency": item.agency, "is_premium": item.is_premium}
    return {key: value for key, value in asdict(item).items() if value is not None}


@pytest.mark.parametrize(
    "page", sorted(PAGES.glob("*/*.html")), ids=lambda page: f"{page.parent.name}/{page.stem}"
)
def test_page_reads_as_expected(page: Path) -> None:
    got = record_of(page)
    expectation = page.with_suffix(".json")
    if not expectation.exists():
        expectation.write_text(json.dumps(got, ensure_ascii=False, indent=2, default=str) + "\n")
        pytest.fail(f"wrote {expectation}: please review it, then run again")
    assert got == json.loads(expectation.read_text()), (
        f"{page} reads differently; if the new reading is right, delete {expectation.name} and run again"
    )
