"""README, docs/ and CONTRIBUTING as lines, commands, tables and printed output, for the tests."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).parent.parent
README, README_ID = "README.md", "README.id.md"
DOCUMENTS = (
    *(README, README_ID, "CONTRIBUTING.md"),
    *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
)
FENCE = re.compile(r"^```(\w*)\s*$")
INLINE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a document, or the code in it, and where it stands."""

    document: str
    number: int
    text: str
    language: str = ""  # of the fenced block around it

    def __str__(self) -> str:
        return f"{self.document}:{self.number}"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A command in a document with the output that stands below it."""

    line: Line
    command: str
    output: list[str]


def lines_of(document: str) -> Iterator[Line]:
    """Yield the lines of a document but its fences, each with the language of the block around it."""
    language = None
    text = (ROOT / document).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        fence = FENCE.match(line)
        if fence:
            language = (fence[1] or "text") if language is None else None
        else:
            yield Line(document=document, number=number, text=line, language=language or "")


LINES = [line for document in DOCUMENTS for line in lines_of(document)]
SPANS = [
    Line(document=line.document, number=line.number, text=span.replace(r"\|", "|"))
    for line in LINES
    if not line.language
    for span in INLINE.findall(line.text)
]


def shell_lines() -> Iterator[Line]:
    """Yield what a reader would type, in blocks and within sentences."""
    for line in LINES:
        if line.language == "console" and line.text.startswith("$ "):
            yield Line(document=line.document, number=line.number, text=line.text[2:])
        elif line.language == "sh":
            yield line
    yield from SPANS


def commands_of(text: str) -> Iterator[list[str]]:
    """Yield the words of each command in a shell line, without the variables set before it."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    try:
        tokens = [*lexer, ";"]
    except ValueError:  # an apostrophe in a sentence: not a command
        return
    words: list[str] = []
    for token in tokens:
        if set(token) <= set("();<>|&"):
            if words:
                yield words
            words = []
        elif words or "=" not in token:
            words.append(token)


def shown_outputs(lines: list[Line] = LINES) -> Iterator[Shown]:
    """Yield each ``$ command`` of a console block that has output below it."""
    for start, line in enumerate(lines):
        if line.language != "console" or not line.text.startswith("$ "):
            continue
        below = takewhile(
            lambda each: each.language == "console" and not each.text.startswith("$ "), lines[start + 1 :]
        )
        output = [each.text for number, each in enumerate(below, line.number + 1) if each.number == number]
        if output:
            yield Shown(line=line, command=line.text[2:], output=output)


def table_below(document: str, words: str) -> list[list[str]]:
    """Return the cells of a document's first table below the line that begins so, without its heading."""
    lines = [line for line in LINES if line.document == document]
    starts = [i for i, line in enumerate(lines) if line.text.startswith(words) and not line.language]
    assert starts, f"{document} has no line that begins with {words!r}: put it back, with its table below"
    rows: list[list[str]] = []
    for line in lines[starts[0] + 1 :]:
        if line.text.startswith("|"):
            rows.append(
                [cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line.text)[1:-1]]
            )
        elif rows:
            break
    return rows[2:]


def names_below(document: str, words: str) -> list[str]:
    """Return the first cell of each row of such a table, without its backquotes."""
    return [row[0].strip("`") for row in table_below(document, words)]


def headings(document: str) -> list[str]:
    """Return the headings of a document, with their marks: ``## Folders``."""
    return [
        line.text
        for line in LINES
        if line.document == document and line.text.startswith("#") and not line.language
    ]
