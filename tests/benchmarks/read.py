"""What reading a page costs, beside building parsel's selector alone and beside trafilatura.

    python tests/benchmarks/read.py [--pages FOLDER --gold FOLDER] [--rounds 5]

Reads every story among the page pairs under tests/pages, each made as heavy as a real page: 350 links and
600 inline scripts around its text. With ``--pages`` also the saved pages that the gold names. "CPU" is
single-threaded process time, the best of the rounds.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from parsel import Selector
from trafilatura import bare_extraction

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from crawler.outlets import outlet_for, outlet_named
from crawler.reading.page import Page

PAIRS = Path(__file__).resolve().parents[1] / "pages"
ADDRESS = re.compile(rb"\A<!-- saved from (\S+) -->")
SIDE = "".join(
    f'<li class="list-content__item"><h3 class="media__title"><a href="/berita/d-{n}/kabar-{n}" '
    f'class="media__link" data-index="{n}">Kabar lain nomor {n} dari kota</a></h3>'
    f'<div class="media__date"><span title="Jumat, 21 Mei 2021">{n} menit yang lalu</span></div></li>'
    for n in range(350)
)
SCRIPTS = "".join(
    f"<script>window.slot{n} = {{size: [300, {n}], kind: 'inline'}};</script>\n" for n in range(600)
)

Saved = tuple[str, bytes]
Act = Callable[[str, bytes], object]


def page_pairs() -> list[Saved]:
    """Return our own pages that are stories, each with a real page's weight around it."""
    found = []
    for path in sorted(PAIRS.glob("*/*.html")):
        expectation = json.loads(path.with_suffix(".json").read_text())
        html = path.read_bytes()
        address = ADDRESS.match(html)
        if address and "body" in expectation and path.parent.name != "generic":
            weight = f"{SCRIPTS}<aside><ul>{SIDE}</ul></aside>".encode()
            heavy = html.replace(b"</body>", weight + b"</body>")
            found.append((address[1].decode(), heavy))
    return found


def saved_pages(pages: Path, gold: Path) -> list[Saved]:
    """Return the real pages that the gold names, with the addresses that they were fetched from."""
    stories = [json.loads(path.read_text()) for path in sorted(gold.glob("*.json"))]
    return [(s["fetched_url"], (pages / s["file"].removeprefix("pages/")).read_bytes()) for s in stories]


def costs(ways: dict[str, Act], pages: list[Saved], rounds: int) -> dict[str, float]:
    """Return the CPU milliseconds that one page takes each way, in the best of the rounds.

    The ways take turns page by page, so that a busy machine slows all of them alike.
    """
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(rounds):
        spent = dict.fromkeys(ways, 0.0)
        for url, html in pages:
            for name, act in ways.items():
                start = time.process_time()
                act(url, html)
                spent[name] += time.process_time() - start
        best = {name: min(best[name], spent[name]) for name in ways}
    return {name: 1000 * seconds / len(pages) for name, seconds in best.items()}


WAYS: dict[str, Act] = {
    "parsel's selector alone": lambda _, html: Selector(body=html, type="html"),
    "an outlet's rules": lambda url, html: outlet_for(url).read(Page(url, html)),
    "the generic path": lambda url, html: outlet_named("generic").read(Page(url, html)),
    "trafilatura": lambda _, html: bare_extraction(
        html.decode("utf-8", "replace"), favor_precision=True, with_metadata=True
    ),
}


def compare(name: str, pages: list[Saved], rounds: int) -> None:
    """Print what a page costs each way, and the ratios."""
    weight = sum(len(html) for _, html in pages) / len(pages) / 1000
    print(f"{name}: {len(pages)} pages of {weight:.0f} kB")
    found = costs(WAYS, pages, rounds)
    selector, rules, *_ = found.values()
    for way, milliseconds in found.items():
        print(
            f"  {way:<24} {milliseconds:6.2f} ms  {milliseconds / selector:6.2f} x selector  "
            f"{milliseconds / rules:6.2f} x the rules"
        )


def main() -> None:
    """Measure our own pages and, where they are given, real ones."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, help="a folder of saved pages")
    parser.add_argument("--gold", type=Path, help="the gold that names them and their addresses")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    compare("page pairs", page_pairs(), options.rounds)
    if options.pages and options.gold:
        compare("saved pages", saved_pages(options.pages, options.gold), options.rounds)


if __name__ == "__main__":
    main()
