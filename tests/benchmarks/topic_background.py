"""Counts the words of saved news pages into the background that ``bacajuga topics new`` compares with.

    python tests/benchmarks/topic_background.py FOLDER_OF_PAGES > crawler/topic_proposal/background/id.tsv

Only counts are kept: the first line has the units and words in all, then a line a word with the number of
headlines and paragraphs that it stands in, and "name" where running text writes it with a capital.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from lxml import html

UNIT_WORDS = range(4, 121)  # shorter ones are buttons, longer ones whole pages
SEEN_IN = 2  # units: rarer words tell nothing of news in general
NAME_SHARE = 0.8
NAME_SEEN = 3
WORD = re.compile(r"[^\W\d_]{3,}")
NAMES_ASIDE = re.compile(r"^\s*\S+|(?<=[.!?]) +\S+|(?<=[\"“:]) *\S+")  # first words have a capital anyhow


def main(folders: list[str]) -> None:
    """Print the counts of every page below the folders."""
    headlines, paragraphs = set(), set()
    for path in sorted(page for folder in folders for page in Path(folder).rglob("*.html")):
        for element in html.fromstring(path.read_bytes()).iter("a", "p", "h1", "h2", "h3", "h4", "li"):
            text = " ".join(element.text_content().split())
            if len(text.split()) in UNIT_WORDS:
                (paragraphs if element.tag == "p" else headlines).add(text)
    units = headlines | paragraphs
    counts: Counter[str] = Counter()
    for unit in units:
        counts.update(set(WORD.findall(unit.lower())))
    capitals: Counter[str] = Counter()
    smalls: Counter[str] = Counter()
    for paragraph in paragraphs:
        for word in WORD.findall(NAMES_ASIDE.sub("", paragraph)):
            (capitals if word[0].isupper() else smalls)[word.lower()] += 1
    print("", len(units), sum(len(unit.split()) for unit in units), sep="\t")
    for word, count in sorted(counts.items()):
        if count >= SEEN_IN:
            is_name = capitals[word] >= max(NAME_SEEN, NAME_SHARE * (capitals[word] + smalls[word]))
            print(word, count, *(["name"] if is_name else []), sep="\t")


if __name__ == "__main__":
    main(sys.argv[1:])
