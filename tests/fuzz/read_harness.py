"""Coverage-guided fuzzing of ``read_page`` with Atheris, the page pairs as its corpus; not part of the tests.

    pip install atheris
    python -m tests.fuzz.read_harness --make-corpus corpus
    python -m tests.fuzz.read_harness corpus -max_total_time=600 -max_len=60000 -timeout=30

What it finds is left in a file ``crash-...`` or ``timeout-...``: read it with ``python -m
tests.fuzz.read_harness FILE``, make it small, and put it into tests/test_fuzz.py as an example.
Atheris: https://github.com/google/atheris; the arguments with one dash are libFuzzer's.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import atheris

PAGES = Path(__file__).parent.parent / "pages"

with atheris.instrument_imports(include=["crawler", "dateparser", "htmldate", "trafilatura"]):
    from crawler.items import PageKind
    from crawler.outlets import OUTLETS
    from crawler.reading.reader import read_page
    from tests.fuzz.invariants import assert_item_is_sound

KINDS = list(PageKind)
URLS = [f"https://www.{outlet.hosts[0]}/berita/2021/05/21/1-data-bocor" for outlet in OUTLETS.values()]
URLS.append("https://kabar.example/2021/05/21/data-bocor")


def one_input(data: bytes) -> None:
    """Read a page as the address and the kind that its first two bytes name."""
    if len(data) < 2:
        return
    kind = KINDS[data[1] % len(KINDS)] if data[1] >= 128 else PageKind.STORY
    url = URLS[data[0] % len(URLS)]
    assert_item_is_sound(read_page(data[2:], url, kind=kind), json.dumps)


def make_corpus(folder: Path) -> None:
    """Write every page pair's page as an input."""
    folder.mkdir(parents=True, exist_ok=True)
    names = list(OUTLETS)
    for page in sorted(PAGES.glob("*/*.html")):
        number = names.index(page.parent.name) if page.parent.name in names else len(names)
        (folder / f"{page.parent.name}-{page.stem}").write_bytes(bytes([number, 0]) + page.read_bytes())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make-corpus"]:
        make_corpus(Path(sys.argv[2]))
    else:
        atheris.Setup(sys.argv, one_input)
        atheris.Fuzz()
