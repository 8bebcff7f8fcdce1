"""``bacajuga why-not``: why a story was not fetched, not stored, or is not on the topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import exit_status
from crawler.cli.addresses import web_address
from crawler.cli.options import (
    DEFAULT_DATABASE,
    AsJson,
    Database,
    TopicName,
    examples,
    is_topic_file,
    open_existing,
)
from crawler.cli.terminal import hanging, one_line, print_json, stdout

EXAMPLES = examples(
    "bacajuga why-not https://www.kompas.com/tren/read/2021/05/21/...",
    "bacajuga why-not URL --topic data-breach",
    "bacajuga why-not URL --json | jq '.answers[].verdict'",
)

if TYPE_CHECKING:
    from crawler.store.answers.why_not import WhyNot


def why_not(
    url: Annotated[str, typer.Argument(metavar="URL", help="Any address, stored or not.")],
    topic: TopicName = None,
    as_json: AsJson = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Tell why a story is missing: never linked, below the floor, waiting, forbidden, a copy, off topic ...

    Exit status 0 when the store can say, 3 when it has never seen the address; then it tells what could
    make it known.
    """
    url = web_address(url)
    result = _answered(url, topic, database)
    if as_json:
        print_json(result)
    else:
        print_answers(result)
    if not result.is_known:
        raise typer.Exit(exit_status.NOTHING_FOUND)


def print_answers(result: WhyNot) -> None:
    """Print a paragraph a topic, fitted to the window."""
    console = stdout()
    # Piped, a paragraph is a line.
    width = min(console.width, 100) if console.is_terminal else console.width
    paragraphs = [(each.topic, each.paragraph) for each in result.answers] if result.is_known else []
    if result.advice:
        paragraphs = [("", result.advice)]
    for name, paragraph in paragraphs:
        mark = f"{one_line(name)}: " if name else ""
        console.print(f"{mark}{hanging(paragraph, len(mark), width)}", soft_wrap=True)


def _answered(url: str, topic: str | None, database: str) -> WhyNot:
    from crawler.crawling.crawl import crawl_settings
    from crawler.store.answers.why_not import why_not as explain
    from crawler.topic import load_topic, topic_names

    known = {each.name: each for each in map(load_topic, topic_names())}
    if topic is not None and is_topic_file(topic):
        own = load_topic(topic)
        known[own.name] = own
        topic = own.name
    store = open_existing(database)
    try:
        return explain(store, url, known, topic, crawl_settings({}).getlist("OUTLETS"))
    finally:
        store.close()
