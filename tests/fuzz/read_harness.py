"""Coverage-guided fuzzing of ``read_page`` with Atheris, the page pairs as its corpus; not part of the tests.

    pip install atheris
    python -m tests.fuzz.read_harness --make-corpus corpus
    python -m tests.fuzz.read_harness corpus -dict=corpus.dict -len_control=0 -max_len=120000 -timeout=30 \
        -max_total_time=600 -rss_limit_mb=2000

Without ``-len_control=0`` libFuzzer stays with the shortest inputs for hours. The corpus holds the pages and
the lists, and each outlet's pages in one; the dictionary what they are made of, so that changes hit tags and
labels.

What it finds is left in a file ``crash-...`` or ``timeout-...``: read it with ``python -m
tests.fuzz.read_harness FILE``, make it small, and put it into tests/test_fuzz.py as an example.
Atheris: https://github.com/google/atheris; the arguments with one dash are libFuzzer's.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path

import atheris

PAGES = Path(__file__).parent.parent / "pages"
LISTINGS = Path(__file__).parent.parent / "listings"
SAVED_AS = re.compile(rb"<!-- saved from \S+ as (\w+) -->")
WORDS = re.compile(
    rb"<[a-z]+[1-6]?|</[a-z]+>|[a-z-]+=\"[\w :-]{1,30}\"|\"@?[a-zA-Z]+\":|[A-Z][a-z]+ ?[Jj]uga:?|&\w+;"
)
MOST_WORDS = 1500

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
    """Write every saved page and list as an input, those of an outlet together, too; and a dictionary."""
    folder.mkdir(parents=True, exist_ok=True)
    words: Counter[bytes] = Counter()
    for outlet in sorted({path.parent.name for path in (*PAGES.glob("*/*"), *LISTINGS.glob("*/*"))}):
        number = list(OUTLETS).index(outlet) if outlet in OUTLETS else len(OUTLETS)
        pages = sorted(PAGES.glob(f"{outlet}/*.html"))
        lists = [path for path in sorted(LISTINGS.glob(f"{outlet}/*")) if path.suffix in {".html", ".xml"}]
        for path in (*pages, *lists):
            content = path.read_bytes()
            words.update(WORDS.findall(content))
            (folder / f"{outlet}-{path.name}").write_bytes(bytes([number, _kind_of(content)]) + content)
        together = b"".join(path.read_bytes() for path in pages)
        (folder / f"{outlet}-together").write_bytes(bytes([number, 0]) + together)
    entries = (word for word, _ in words.most_common(MOST_WORDS))
    lines = (
        "".join(chr(c) if 32 <= c < 127 and c not in b'"\\' else f"\\x{c:02x}" for c in word)
        for word in entries
    )
    folder.with_suffix(".dict").write_text("".join(f'"{line}"\n' for line in lines), encoding="ascii")


def _kind_of(content: bytes) -> int:
    """Return the second byte of an input that is to be read as its page was saved."""
    saved_as = SAVED_AS.search(content[:500])
    if saved_as is None:
        return 0
    kind = KINDS.index(PageKind(saved_as[1].decode()))
    return next(byte for byte in range(128, 256) if byte % len(KINDS) == kind)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make-corpus"]:
        make_corpus(Path(sys.argv[2]))
    else:
        atheris.Setup(sys.argv, one_input)
        atheris.Fuzz()
