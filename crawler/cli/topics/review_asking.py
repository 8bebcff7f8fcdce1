"""Showing a story to a person and asking whether it is on topic: keys on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from crawler.cli.terminal import one_line
from crawler.errors import TopicError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.text import Text

    from crawler.topic import Topic
    from crawler.topic_review.picking import Pick
    from crawler.topic_review.reviewed_story import ReviewedStory

    # Keeps or, for None as second value, takes back an answer: pick, whether it is to be kept, the label.
    Keep = Callable[[Pick, bool, bool | None], None]

KEYS = "y on topic, n not, s skip, u undo, q quit"
LABELS = {"y": True, "n": False, "s": None}
SHOWN_CHARACTERS = 420  # of the story's beginning


def ask(
    picks: Sequence[Pick],
    stories: dict[int, ReviewedStory],
    topic: Topic | None,
    keep: Keep,
) -> int:
    """Ask about the stories in turn, each answer kept at once; return how many were answered.

    Raises:
        TopicError: when a line that is no answer comes from elsewhere than a terminal.
        KeyboardInterrupt: at Ctrl-C; what was answered is kept.
    """
    on_terminal = sys.stdin.isatty()
    number, line = 0, 0
    while number < len(picks):
        story = stories[picks[number].candidate.article_id]
        if on_terminal:
            _show(story, topic, number + 1, len(picks))
        key = _key() if on_terminal else sys.stdin.readline()
        line += 1
        if not key:
            break  # the lines have ended
        key = key.strip().lower()[:1]
        if key == "q":
            break
        if key == "u" and number:
            number -= 1
            keep(picks[number], False, None)
        elif key in LABELS:
            keep(picks[number], True, LABELS[key])
            number += 1
        elif not on_terminal:
            raise TopicError(f"stdin, line {line}: the answer is {key!r}; allowed: y, n, s, u or q")
    return number


def _key() -> str:
    import typer

    print(f"  [{KEYS}] ", end="", file=sys.stderr, flush=True)
    key = typer.getchar()
    print(key if key.isprintable() else "", file=sys.stderr)
    # Some terminals hand Ctrl-C and Ctrl-D on as they are.
    if key == "\x03":
        raise KeyboardInterrupt
    return "q" if key == "\x04" else key


def _show(story: ReviewedStory, topic: Topic | None, number: int, total: int) -> None:
    from rich.console import Console

    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    told = [story.outlet, story.published_at.date().isoformat() if story.published_at else "no date"]
    told += [f"score {story.relevance:.2f}", "taken" if story.on_topic else "left out"]
    console.print()
    console.print(f"{number}/{total}  {one_line(' · '.join(told))}", style="dim")
    console.print(_marked(one_line(story.title), topic, "bold"))
    console.print(_marked(_beginning(story), topic, ""))
    console.print(one_line(story.url), style="dim", soft_wrap=True)


def _beginning(story: ReviewedStory) -> str:
    text = one_line(f"{story.deck or ''} {story.body}")
    if len(text) <= SHOWN_CHARACTERS:
        return text
    return f"{text[:SHOWN_CHARACTERS].rsplit(' ', 1)[0]} …"


def _marked(text: str, topic: Topic | None, style: str) -> Text:
    """The text with the phrases that count marked: evidence in reverse, context underlined."""
    from rich.text import Text

    shown = Text(text, style=style)
    for match in topic.matches(text) if topic else []:
        mark = {"context": "underline", "not": "strike"}.get(match.kind, "reverse")
        for start, end in match.spans:
            shown.stylize(mark, start, end)
    return shown
