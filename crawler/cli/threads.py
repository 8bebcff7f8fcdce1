"""``bacajuga threads``: a topic's stories grouped into incidents."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

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
from crawler.cli.terminal import print_json, say

EXAMPLES = examples(
    "bacajuga threads data-breach",
    "bacajuga threads data-breach --stories --min 5",
    "bacajuga threads data-breach --csv > threads.csv",
    "bacajuga threads data-breach --json | jq '.threads[] | {title, outlets}'",
)


def threads(
    topic: TopicArgument,
    least: Annotated[
        int, typer.Option("--min", min=1, metavar="N", help="Fewest stories of a thread to show.")
    ] = 2,
    stories: Annotated[bool, typer.Option("--stories", help="List the stories of each thread, too.")] = False,
    since: Since = None,
    until: Until = None,
    include_off_topic: Annotated[
        bool, typer.Option("--include-off-topic", help="Stories that did not fit the topic, too.")
    ] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Group a topic's stories into incidents, by their words, their time and their read-also links.

    For each: when it began and ended, whose stories, who had it first, which story the others link to most.
    Exit status 3 when there are none.
    """
    one_form(as_json, as_csv)
    begin, end = period(since, until)

    from crawler.cli.given_topic import nothing_of_topic
    from crawler.cli.progress_line import ProgressLine
    from crawler.cli.threads_page import print_csv, print_threads
    from crawler.store.answers.threads import threads as find
    from crawler.store.story.story_filter import StoryFilter

    name = topic_name(topic) or topic
    with closing(open_existing(database)) as store:
        wanted = StoryFilter(since=begin, until=end, include_off_topic=include_off_topic)
        with ProgressLine() as progress:
            every = find(store, name, wanted, lambda done, of: progress("comparing stories", done, of))
        advice = "try another period" if begin or end else "try --include-off-topic"
        excuse = "" if every else nothing_of_topic(store, name, advice)
    shown = [thread for thread in every if len(thread.stories) >= least]
    left_out = sum(len(thread.stories) for thread in every) - sum(len(thread.stories) for thread in shown)
    if as_json:
        print_json({"topic": name, "threads": shown, "stories_in_smaller_threads": left_out})
    elif as_csv:
        print_csv(shown)
    if not shown:
        found_nothing(
            excuse
            or f"no thread of {name} has {least} stories; {left_out:,} in smaller ones: --min 1 shows them"
        )
    if not as_json and not as_csv:
        print_threads(shown, with_stories=stories)
    if left_out:
        say(f"{left_out:,} more in smaller threads: --min 1 shows them")
