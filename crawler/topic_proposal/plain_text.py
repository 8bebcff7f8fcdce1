"""An example story from plain text: a headline, paragraphs, and lines that begin with "Baca juga:"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.errors import PageError
from crawler.outlets import outlet_for
from crawler.reading.blocks import Block
from crawler.reading.dates import find_date
from crawler.reading.furniture import is_furniture
from crawler.reading.read_also import read_also_line
from crawler.topic_proposal.example import Example, example_of

if TYPE_CHECKING:
    from datetime import date

_CREDIT = re.compile(r"(?:penulis|editor|reporter|pewarta|redaktur|oleh)\s*:", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+")
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_DATE_LINES = 8  # below the headline: further down a date is part of what is told
_LONGEST_DATE_LINE = 80


def example_of_text(text: str, source: str) -> Example:
    """The example in a plain text.

    The first line is the headline; an address alone on a line is the story's own.

    Args:
        text: the article; paragraphs stand on lines of their own.
        source: what errors call it.

    Raises:
        PageError: when there is no headline, or nothing but a headline.
    """
    lines = [line for raw in text.splitlines() if (line := _PICTURE.sub("", raw).strip())]
    url = next((line for line in lines if _ADDRESS.fullmatch(line)), None)
    lines = [
        line
        for line in lines
        if not _ADDRESS.fullmatch(line) and not _CREDIT.match(line) and not is_furniture(line)
    ]
    if len(lines) < 2:
        raise PageError(
            f"{source} holds no article; wanted: a headline, and paragraphs on lines of their own"
        )
    published_on, lines = _date(lines)
    related, paragraphs = _read_also(lines[1:])
    return example_of(
        headline=lines[0],
        paragraphs=paragraphs,
        related=related,
        source=source,
        url=url,
        outlet=outlet_for(url).name if url else None,
        published_on=published_on,
    )


def _read_also(lines: list[str]) -> tuple[list[str], list[str]]:
    """The headlines of the read-also lines, and all other lines."""
    related: list[str] = []
    others: list[str] = []
    label_open = False
    for line in lines:
        found = read_also_line(Block(line), None, None)
        if found is None:
            (related if label_open else others).append(line)
            label_open = False
            continue
        headline = line.partition(":")[2].strip()
        label_open = not headline  # the headline stands on the line below
        if headline:
            related.append(headline)
    return related, others


def _date(lines: list[str]) -> tuple[date | None, list[str]]:
    """The date that a short line near the top prints, and the lines without that one."""
    for number, line in enumerate(lines[1:_DATE_LINES], 1):
        found = find_date(line) if len(line) <= _LONGEST_DATE_LINE else None
        if found:
            # "Kamis, 12 Agustus 2021" is no sub-heading; a sentence that has a date stays.
            return found.at.date(), lines if line.endswith(".") else lines[:number] + lines[number + 1 :]
    return None, lines
