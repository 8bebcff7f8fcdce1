"""How threads look: on a terminal, in a pipe and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.text import Text

from crawler.cli.terminal import hanging, one_line, print_table, stdout
from crawler.export.answer_columns import THREAD_COLUMNS
from crawler.export.csv_file import write_csv
from crawler.export.writing import output_file
from crawler.threads.thread import Thread

HEADINGS = ("STORIES", "COPIES", "FROM", "TO", "OUTLETS", "FIRST", "HEADLINE", "MOST LINKED")
INDENT = 4
NAME_WIDTH = 13


@dataclass(slots=True, kw_only=True)
class StoryRow:
    """A story of a thread as a row of the CSV."""

    thread: int
    thread_title: str
    url: str
    outlet: str
    title: str
    published_at: datetime | None
    is_first: bool
    linked_by: int
    copy_of: str | None


def story_rows(threads: Sequence[Thread]) -> Iterator[StoryRow]:
    """Yield every story of the threads, numbered from 1."""
    for number, thread in enumerate(threads, start=1):
        for story in thread.stories:
            yield StoryRow(
                thread=number,
                thread_title=thread.title,
                url=story.url,
                outlet=story.outlet,
                title=story.title,
                published_at=story.published_at,
                is_first=story is thread.first,
                linked_by=story.linked_by,
                copy_of=story.copy_of,
            )


def print_csv(threads: Sequence[Thread]) -> None:
    """Print the stories of the threads as CSV on stdout."""
    with output_file(None) as file:
        write_csv(file, THREAD_COLUMNS, story_rows(threads))


def print_threads(threads: Sequence[Thread], *, with_stories: bool) -> None:
    """Print the threads: on a terminal some lines each; piped one line each, or one a story."""
    console = stdout()
    if not console.is_terminal:
        if with_stories:
            _pipe_stories(threads)
        else:
            print_table(HEADINGS, [_cells(thread) for thread in threads], flexible=6)
        return
    for number, thread in enumerate(threads, start=1):
        console.print(_page(number, thread, console.width, with_stories=with_stories), soft_wrap=True)


def _page(number: int, thread: Thread, width: int, *, with_stories: bool) -> Text:
    page = Text("\n" if number > 1 else "")
    page.append(f"{number:>{INDENT - 1}} ", style="dim")
    page.append(hanging(thread.title, INDENT, width), style="bold")
    page.append(f"\n{' ' * INDENT}{_span(thread)}", style="dim")
    for name, value in _facts(thread):
        page.append(f"\n{' ' * INDENT}{name:<{NAME_WIDTH}}", style="dim")
        page.append(hanging(value, INDENT + NAME_WIDTH, width))
    if with_stories:
        for story in thread.stories:
            page.append(f"\n{' ' * INDENT}{_time(story.published_at) or 'no time':<18}", style="dim")
            repeats = "  (copy)" if story.copy_of else ""
            page.append(hanging(f"{story.outlet}: {story.title}{repeats}", INDENT + 18, width))
            page.append(f"\n{' ' * (INDENT + 18)}{one_line(story.url)}", style="dim")
    return page


def _facts(thread: Thread) -> Iterator[tuple[str, str]]:
    yield "outlets", ", ".join(f"{outlet} {count}" for outlet, count in thread.outlets.items())
    if thread.first is not None:
        yield "first", f"{thread.first.outlet}, {_time(thread.first.published_at)}: {thread.first.title}"
    for place, hub in enumerate(thread.hubs):
        yield "most linked" if not place else "", f"by {hub.linked_by}: {hub.outlet}, {hub.title}"


def _span(thread: Thread) -> str:
    stories = "1 story" if len(thread.stories) == 1 else f"{len(thread.stories):,} stories"
    if thread.copies:
        stories += ", 1 a copy" if thread.copies == 1 else f", {thread.copies:,} of them copies"
    begin, end = _time(thread.begins_at)[:10], _time(thread.ends_at)[:10]
    days = begin if begin == end else f"{begin} to {end}"
    return f"{days or 'no time known'} · {stories}"


def _cells(thread: Thread) -> tuple[str, ...]:
    return (
        str(len(thread.stories)),
        str(thread.copies),
        _time(thread.begins_at),
        _time(thread.ends_at),
        "; ".join(f"{outlet} {count}" for outlet, count in thread.outlets.items()),
        thread.first.outlet if thread.first else "",
        thread.title,
        thread.hubs[0].url if thread.hubs else "",
    )


def _pipe_stories(threads: Sequence[Thread]) -> None:
    rows = [
        (str(row.thread), _time(row.published_at), row.outlet, str(row.linked_by), row.title, row.url)
        for row in story_rows(threads)
    ]
    print_table(("THREAD", "PUBLISHED", "OUTLET", "LINKED BY", "HEADLINE", "URL"), rows, flexible=4)


def _time(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(sep=" ", timespec="minutes")[:16]
