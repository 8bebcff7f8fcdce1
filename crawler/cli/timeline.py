"""``bacajuga timeline``: when a topic's stories were published, and who was first each day."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.failing import found_nothing
from crawler.cli.options import (
    DEFAULT_DATABASE,
    AsCsv,
    AsJson,
    Database,
    TopicArgument,
    examples,
    one_form,
    open_existing,
    topic_name,
)
from crawler.cli.period_options import Since, Until, period
from crawler.cli.terminal import one_line, print_json, print_table, say, stdout
from crawler.threads.timeline import Step

if TYPE_CHECKING:
    from rich.text import Text

    from crawler.threads.timeline import Timeline, TimelineEntry

BAR = 24  # columns of the longest bar
MOST_OUTLETS = 4  # named in a line
EXAMPLES = examples(
    "bacajuga timeline data-breach",
    "bacajuga timeline data-breach --since 2021-05-01 --until 2021-06-30 --by day",
    "bacajuga timeline data-breach --csv > days.csv",
)


def timeline(
    topic: TopicArgument,
    by: Annotated[
        Step | None,
        typer.Option("--by", help="What a line stands for. Default: by the span.", show_default=False),
    ] = None,
    since: Since = None,
    until: Until = None,
    include_off_topic: Annotated[
        bool, typer.Option("--include-off-topic", help="Stories that did not fit the topic, too.")
    ] = False,
    include_duplicates: Annotated[
        bool, typer.Option("--include-duplicates", help="Stories that repeat another one, too.")
    ] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Show a topic's stories by day, week or month: how many, whose, and which was first.

    Days are those of Jakarta; days without a story are left out. Exit status 3 when there are none.
    """
    one_form(as_json, as_csv)
    begin, end = period(since, until)

    from crawler.cli.given_topic import nothing_of_topic
    from crawler.store.answers.timeline import timeline as count
    from crawler.store.story.story_filter import StoryFilter

    name = topic_name(topic) or topic
    with closing(open_existing(database)) as store:
        wanted = StoryFilter(
            topic=name,
            since=begin,
            until=end,
            include_off_topic=include_off_topic,
            include_duplicates=include_duplicates,
        )
        found = count(store, wanted, by)
        advice = "try another period" if begin or end else "try --include-off-topic"
        excuse = "" if found.entries else nothing_of_topic(store, name, advice)
    if as_json:
        print_json({"topic": name, **_record(found)})
    elif as_csv:
        _print_csv(found)
    if not found.entries:
        if found.without_time:
            excuse = f"{found.without_time:,} stories of {name}, none with a time of publication; "
            excuse += f"list them: bacajuga threads {name} --min 1 --stories"
        found_nothing(excuse)
    if not as_json and not as_csv:
        _print(found)


def _record(found: Timeline) -> dict[str, object]:
    return {
        "by": str(found.step),
        "stories": found.stories,
        "without_time": found.without_time,
        "entries": [
            {
                "day": entry.day.isoformat(),
                "stories": entry.stories,
                "outlets": entry.outlets,
                "first": entry.first,
            }
            for entry in found.entries
        ],
    }


@dataclass(slots=True, kw_only=True)
class _Row:
    day: str
    stories: int
    outlets: list[str]
    first_published_at: datetime
    first_outlet: str
    first_title: str
    first_url: str


def _print_csv(found: Timeline) -> None:
    from crawler.export.answer_columns import TIMELINE_COLUMNS
    from crawler.export.csv_file import write_csv
    from crawler.export.writing import output_file

    with output_file(None) as file:
        write_csv(file, TIMELINE_COLUMNS, map(_row, found.entries))


def _row(entry: TimelineEntry) -> _Row:
    return _Row(
        day=entry.day.isoformat(),
        stories=entry.stories,
        outlets=[f"{outlet} {count}" for outlet, count in entry.outlets.items()],
        first_published_at=entry.first.published_at,
        first_outlet=entry.first.outlet,
        first_title=entry.first.title,
        first_url=entry.first.url,
    )


def _print(found: Timeline) -> None:
    console = stdout()
    if not console.is_terminal:
        headings = (str(found.step).upper(), "STORIES", "OUTLETS", "FIRST AT", "FIRST", "HEADLINE", "URL")
        print_table(headings, [_cells(_row(entry)) for entry in found.entries], flexible=5)
    else:
        most = max(entry.stories for entry in found.entries)
        for entry in found.entries:
            console.print(_line(entry, most, console.width), soft_wrap=True)
    times = "" if not found.without_time else f"; {found.without_time:,} more have no time of publication"
    stories = "1 story" if found.stories == 1 else f"{found.stories:,} stories"
    say(f"{stories} by {found.step}, Jakarta time{times}")


def _cells(row: _Row) -> tuple[str, ...]:
    moment = row.first_published_at.isoformat(sep=" ", timespec="minutes")[:16]
    outlets = "; ".join(row.outlets)
    return (row.day, str(row.stories), outlets, moment, row.first_outlet, row.first_title, row.first_url)


def _line(entry: TimelineEntry, most: int, width: int) -> Text:
    from rich.text import Text

    named = [f"{outlet} {count}" for outlet, count in list(entry.outlets.items())[:MOST_OUTLETS]]
    others = len(entry.outlets) - len(named)
    if others:
        named.append(f"+{others}")
    length = max(1, round(BAR * entry.stories / most))
    line = Text().append(f"{entry.day} {entry.stories:>5,} ", style="bold")
    line.append("█" * length + " " * (BAR - length), style="cyan")
    line.append(f" {one_line(', '.join(named))}")
    line.truncate(width, overflow="ellipsis")
    first = Text().append("\n" + " " * 17)
    first.append(one_line(f"{entry.first.outlet}: {entry.first.title}"), style="dim")
    first.truncate(width + 1, overflow="ellipsis")
    return line.append_text(first)
