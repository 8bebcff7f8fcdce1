"""``bacajuga yields``: what the crawls of a topic brought for their fetches."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli import exit_status
from crawler.cli.options import (
    DEFAULT_DATABASE,
    AsJson,
    Database,
    examples,
    is_topic_file,
    open_existing,
    topic_name,
)
from crawler.cli.terminal import print_json, print_table, say

EXAMPLES = examples(
    "bacajuga yields data-breach",
    "bacajuga yields data-breach --crawl 12",
    "bacajuga yields data-breach --json | jq '.yields.by_zone, .coverage'",
)


def yields(
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help="A topic's name, or its file.")],
    crawl: Annotated[
        list[int] | None,
        typer.Option("--crawl", metavar="ID", help="Only this crawl of the topic; repeatable."),
    ] = None,
    as_json: AsJson = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Tell what a topic's fetches brought: new stories by zone of the link, by hop and by outlet.

    Beside it: what a story costs in all and of late, why the last crawl stopped, what is left, and how much
    links from the seeds may have missed. Exit status 3 when the topic has not been crawled.
    """
    from crawler.cli.yields_page import HEADINGS, report_lines, table_rows, yield_record
    from crawler.store.answers.yields import crawled_topics, yield_report

    name = topic_name(topic) or topic
    store = open_existing(database)
    try:
        with store.read() as connection:
            report = yield_report(connection, name, _floor(topic), tuple(crawl or ()))
            others = crawled_topics(connection)
    finally:
        store.close()
    if not report.crawls:
        crawled = f"crawled so far: {', '.join(others)}" if others else "nothing has been crawled with it yet"
        say(f"{name} has not been crawled with {store.address}; {crawled}")
        raise typer.Exit(exit_status.NOTHING_FOUND)
    if as_json:
        print_json(yield_record(report))
        return
    for line in report_lines(report):
        say(line)
    if report.yields.total.fetches:
        say("")
        print_table(HEADINGS, table_rows(report.yields), flexible=1)


def _floor(topic: str) -> float:
    from crawler.store.answers.explain import DEFAULT_FLOOR
    from crawler.topic import load_topic, topic_names

    known = is_topic_file(topic) or topic in topic_names()
    return load_topic(topic).min_score if known else DEFAULT_FLOOR
