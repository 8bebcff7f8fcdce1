"""The generic path, on our own page pairs with the outlets' rules switched off."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from typing import Any

import pytest

from crawler.items import Article
from crawler.outlets import outlet_named
from crawler.reading.page import Page
from tests.test_pages import ADDRESS, PAGES

# Our pages have few short paragraphs; on an unknown site so little text is no story. So each paragraph
# grows by two sentences, on the page and in the expectation alike.
PARAGRAPH = re.compile(
    r"\b(?:Kementerian Komunikasi menutup|Juru bicara kementerian|Lembaga tersebut menyatakan|"
    r"Peneliti keamanan|Penjual yang memakai|Warga diminta mengganti|Pakar hukum mengingatkan|"
    r"Polisi menyebut|Sebuah organisasi masyarakat|Pemerintah berjanji)[^.<\n]*\."
)
GROWTH = (
    " Keterangan itu disampaikan kepada wartawan pada sore hari setelah rapat yang berlangsung tiga jam."
    " Rapat lanjutan dijadwalkan pekan depan dengan mengundang para ahli dari beberapa kampus."
)

Pair = tuple[dict[str, Any], Article | None]


def grown(text: str) -> str:
    """Return a page or a body with longer paragraphs."""
    return PARAGRAPH.sub(lambda match: match[0] + GROWTH, text)


@cache
def pairs() -> list[Pair]:
    """Return every story's expectation with what the generic rules read on its page."""
    found: list[Pair] = []
    for path in sorted(PAGES.glob("*/*.html")):
        expected = json.loads(path.with_suffix(".json").read_text())
        # The pages named forms-N are made to lead general rules astray.
        if "body" not in expected or path.name.startswith("forms-"):
            continue
        address = ADDRESS.match(path.read_bytes())
        assert address
        item = outlet_named("generic").read(
            Page(address[1].decode(), grown(path.read_text(encoding="utf-8")))
        )
        expected["body"] = grown(expected["body"])
        found.append((expected, item if isinstance(item, Article) else None))
    return found


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def f1(expected: str, got: str) -> float:
    a, b = words(expected), words(got)
    return 2 * (a & b).total() / max(1, a.total() + b.total())


def right_titles() -> list[float]:
    return [float(item is not None and item.title == e["title"]) for e, item in pairs()]


def right_times() -> list[float]:
    return [
        float(
            item is not None
            and item.published_at is not None
            and item.published_at.isoformat()[:16] == e["published_at"][:16]
        )
        for e, item in pairs()
        if e["published_at"]
    ]


def body_overlap() -> list[float]:
    return [f1(e["body"], item.body) if item else 0.0 for e, item in pairs()]


def found_links() -> list[float]:
    return [
        float(item is not None and link["url"] in {found.url for found in item.links})
        for e, item in pairs()
        for link in e["links"]
    ]


@pytest.mark.parametrize(
    ("measure", "least"),
    [(right_titles, 0.97), (right_times, 0.90), (body_overlap, 0.94), (found_links, 0.90)],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_generic_reading_is_nearly_as_good_as_the_rules(measure: Any, least: float) -> None:
    shares = measure()
    assert sum(shares) / len(shares) >= least
