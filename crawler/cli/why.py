"""``bacajuga why``: how a story came into the store, or why it did not."""

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
from crawler.cli.terminal import print_json, stdout

EXAMPLES = examples(
    "bacajuga why https://www.tribunnews.com/nasional/2021/05/21/...",
    "bacajuga why URL --topic data-breach",
    "bacajuga why URL --json | jq '.findings[].verdict'",
)

if TYPE_CHECKING:
    from crawler.store.answers.explain import Explanation


def why(
    url: Annotated[str, typer.Argument(metavar="URL", help="Any address, stored or not.")],
    topic: TopicName = None,
    as_json: AsJson = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Tell why a story is here: the chain of links from the seed, with the scores and phrases at each step.

    For an address that is not stored it tells what became of it. Exit status 3 when it is not stored.
    """
    url = web_address(url)
    explanation = _explained(url, topic, database)
    if as_json:
        print_json(explanation)
    else:
        from crawler.cli.why_page import why_page

        console = stdout()
        console.print(why_page(explanation, console.width), soft_wrap=True)
    if not explanation.is_stored:
        raise typer.Exit(exit_status.NOTHING_FOUND)


def _explained(url: str, topic: str | None, database: str) -> Explanation:
    from crawler.store.answers.explain import why as explain
    from crawler.topic import load_topic, topic_names

    known = [load_topic(name) for name in topic_names()]
    if topic is not None and is_topic_file(topic):
        known.append(load_topic(topic))
        topic = known[-1].name
    floors = {each.name: each.min_score for each in known}
    return explain(open_existing(database), url, topic, floors)
