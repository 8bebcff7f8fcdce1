"""``bacajuga yields``: what the crawls of a topic brought for their fetches."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import Annotated

import typer

from crawler.cli.failing import found_nothing
from crawler.cli.given_topic import given_topic
from crawler.cli.options import DEFAULT_DATABASE, AsJson, Database, TopicArgument, examples, open_existing
from crawler.cli.terminal import print_json, print_table, printable

EXAMPLES = examples(
    "bacajuga yields data-breach",
    "bacajuga yields data-breach --crawl 12",
    "bacajuga yields data-breach --json | jq '.yields.by_zone, .coverage'",
)


def yields(
    topic: TopicArgument,
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
    from crawler.near_names import nearest_first
    from crawler.store.answers.yields import crawled_topics, yield_report

    asked = given_topic(topic)
    with closing(open_existing(database)) as store, store.read() as connection:
        report = yield_report(connection, asked.name, asked.floor, tuple(crawl or ()))
        others = crawled_topics(connection)
    if not report.crawls:
        near = ", ".join(nearest_first(asked.name, others))
        crawled = f"crawled so far: {near}" if others else "it is empty; gather one: bacajuga crawl TOPIC"
        found_nothing(f"{asked.name} has not been crawled with {store.address}; {crawled}")
    if as_json:
        print_json(yield_record(report))
        return
    # A pipe gets the table alone; the words are no notes, though, and stay with -q.
    for line in [*report_lines(report), ""]:
        print(printable(line), file=sys.stderr)
    if report.yields.total.fetches:
        print_table(HEADINGS, table_rows(report.yields), flexible=1)
