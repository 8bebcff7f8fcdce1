"""``bacajuga why`` and ``why-not``: how a story came into the store, or what keeps it out."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli import exit_status
from crawler.cli.addresses import web_address
from crawler.cli.given_topic import require_topic
from crawler.cli.options import (
    DEFAULT_DATABASE,
    AsJson,
    Database,
    TopicName,
    examples,
    is_topic_file,
    open_existing,
)
from crawler.cli.terminal import print_json

WHY_EXAMPLES = examples(
    "bacajuga why https://www.tribunnews.com/nasional/2021/05/21/...",
    "bacajuga why URL --topic data-breach",
    "bacajuga why URL --json | jq '.findings[].verdict'",
)
WHY_NOT_EXAMPLES = examples(
    "bacajuga why-not https://www.kompas.com/tren/read/2021/05/21/...",
    "bacajuga why-not URL --topic data-breach",
    "bacajuga why-not URL --json | jq '.answers[].verdict'",
)
Url = Annotated[str, typer.Argument(metavar="URL", help="Any address, stored or not.")]

if TYPE_CHECKING:
    from crawler.topic import Topic


def why(
    url: Url, topic: TopicName = None, as_json: AsJson = False, database: Database = DEFAULT_DATABASE
) -> None:
    """Tell why a story is here: the chain of links from the seed, with the scores and phrases at each step.

    For an address that is not stored it tells what became of it. Exit status 3 when it is not stored.
    """
    from crawler.cli.why_page import print_why
    from crawler.store.answers.explain import why as explain

    url = web_address(url)
    known, name = _topics(topic)
    with closing(open_existing(database)) as store:
        require_topic(store, name)
        found = explain(store, url, name, {each.name: each.min_score for each in known.values()})
    if as_json:
        print_json(found)
    else:
        print_why(found)
    if not found.is_stored:
        raise typer.Exit(exit_status.NOTHING_FOUND)


def why_not(
    url: Url, topic: TopicName = None, as_json: AsJson = False, database: Database = DEFAULT_DATABASE
) -> None:
    """Tell why a story is missing: never linked, below the floor, waiting, forbidden, a copy, off topic ...

    Exit status 0 when the store can say, 3 when it has never seen the address; then it tells what could
    make it known.
    """
    from crawler.cli.why_page import print_why_not
    from crawler.crawling.crawl import crawl_settings
    from crawler.store.answers.why_not import why_not as explain

    url = web_address(url)
    known, name = _topics(topic)
    with closing(open_existing(database)) as store:
        require_topic(store, name)
        found = explain(store, url, known, name, crawl_settings({}).getlist("OUTLETS"))
    if as_json:
        print_json(found)
    else:
        print_why_not(found)
    if not found.is_known:
        raise typer.Exit(exit_status.NOTHING_FOUND)


def _topics(given: str | None) -> tuple[dict[str, Topic], str | None]:
    """Return the topics whose files are at hand by name, and the name of the one asked for."""
    from crawler.topic import load_topic, topic_names

    known = {name: load_topic(name) for name in topic_names()}
    if given is None or not is_topic_file(given):
        return known, given
    own = load_topic(given)
    return known | {own.name: own}, own.name
