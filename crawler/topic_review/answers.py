"""Answers in a file: an address or a headline, a tab, and y or n."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.errors import TopicError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ANSWERS = {"y": True, "yes": True, "1": True, "n": False, "no": False, "0": False, "s": None}


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a person says of a story; ``label`` is None where they pass it over."""

    story: str  # its address, or its headline
    label: bool | None
    place: str  # what errors call it


def read_answers(file: Path) -> list[Answer]:
    """The answers in a tab-separated file; a first line with column names says where they stand.

    Without one, the address or headline comes first and the answer second: y, n, 1 or 0; s passes the story
    over. Rows whose answer is empty are left out.

    Raises:
        TopicError: when the file cannot be read, or an answer is none.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise TopicError(f"answers {file}: not UTF-8 text: {error.reason}; save it as UTF-8") from error
    except OSError as error:
        raise TopicError(f"answers {file} cannot be read: {error.strerror}; name another file") from error
    rows = [(number, line.split("\t")) for number, line in enumerate(lines, 1) if line.strip()]
    story_at, label_at = [0], 1
    if rows and "label" in rows[0][1]:
        columns = rows.pop(0)[1]
        label_at = columns.index("label")
        story_at = [columns.index(name) for name in ("url", "headline") if name in columns]
        if not story_at:
            raise TopicError(f"answers {file}: no column url or headline; it has: {', '.join(columns)}")
    return [
        answer
        for number, cells in rows
        if (answer := _answer(cells, story_at, label_at, f"answers {file}, line {number}"))
    ]


def parse_answer(text: str, place: str) -> bool | None:
    """What an answer says; None where it passes the story over.

    Raises:
        TopicError: when it is no answer.
    """
    if text.strip().lower() not in ANSWERS:
        raise TopicError(
            f"{place}: the answer is {text.strip()!r}; allowed: y or 1 (on topic), n or 0 (not), s (skip)"
        )
    return ANSWERS[text.strip().lower()]


def labelled_rows(stories: Iterable[tuple[str, bool, str]]) -> str:
    """Headline, label and address as ``bacajuga topics check`` reads them, tab-separated."""
    rows = [
        f"{' '.join(headline.split())}\t{int(label)}\t{' '.join(url.split())}"
        for headline, label, url in stories
    ]
    return "\n".join(["headline\tlabel\turl", *rows]) + "\n"


def _answer(cells: list[str], story_at: list[int], label_at: int, place: str) -> Answer | None:
    if len(cells) <= max(label_at, *story_at):
        raise TopicError(f"{place}: {len(cells)} cell; wanted: an address or headline, a tab, and y or n")
    if not cells[label_at].strip():
        return None
    story = next((cell for at in story_at if (cell := cells[at].strip())), "")
    return Answer(story=story, label=parse_answer(cells[label_at], place), place=place)
