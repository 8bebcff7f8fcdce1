"""``bacajuga stats``: what is in the store."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.failing import found_nothing
from crawler.cli.options import DEFAULT_DATABASE, AsJson, Database, examples, open_existing, topic_name
from crawler.cli.terminal import one_line, print_json, print_table

if TYPE_CHECKING:
    from crawler.store.answers.stats import Stats

# Column headings of the shares of stories that have a field.
FILL_HEADINGS = {
    "published_at": "TIME",
    "authors": "AUTH",
    "editors": "EDIT",
    "deck": "DECK",
    "section": "SECT",
    "tags": "TAGS",
    "image_url": "IMG",
    "body": "TEXT",
}
EXAMPLES = examples(
    "bacajuga stats",
    "bacajuga stats data-breach",
    "bacajuga stats --json | jq '.outlets[] | {outlet, stories}'",
)


def stats(
    topic: Annotated[
        str | None, typer.Argument(metavar="TOPIC", help="Only this topic: its name, or its file.")
    ] = None,
    as_json: AsJson = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Count what the store holds: stories, links, versions, copies; per outlet, how complete its stories are.

    A share that is much lower than an outlet's others tells of rules that no longer fit its pages.
    Exit status 3 when there are no stories.
    """
    from crawler.cli.given_topic import nothing_of_topic, nothing_stored
    from crawler.store.answers.stats import stats as count

    name = topic_name(topic)
    with closing(open_existing(database)) as store:
        found = count(store, name)
        excuse = ""
        if not found.stories:
            excuse = nothing_of_topic(store, name) if name else nothing_stored(store)
    if as_json:
        print_json(found)
    if excuse:
        found_nothing(excuse)
    if not as_json:
        _print(found)


def _print(found: Stats) -> None:
    print_table(("WHAT", "HOW MUCH"), _facts(found), flexible=1)
    print()
    print_table(
        ("OUTLET", "STORIES", "MEAN WORDS", "FIRST WITH A COPIED TEXT"),
        [
            (outlet.outlet, f"{outlet.stories:,}", f"{outlet.words:.0f}", f"{outlet.first_publisher:,}")
            for outlet in found.outlets
        ],
        flexible=0,
    )
    print()
    print_table(
        ("STORIES WITH", *FILL_HEADINGS.values()),
        [
            (outlet.outlet, *(f"{outlet.fill[name]:.0%}" for name in FILL_HEADINGS))
            for outlet in found.outlets
        ],
        flexible=0,
    )
    if found.most_linked:
        print()
        print_table(
            ("LINKED BY", "OUTLET", "HEADLINE"),
            [(str(story.linked_by), story.outlet, story.title) for story in found.most_linked],
            flexible=2,
        )


def _facts(found: Stats) -> list[tuple[str, str]]:
    facts = [
        (
            "stories",
            f"{found.stories:,} read, {found.on_topic:,} on topic; {found.copies:,} repeat another",
        ),
        ("published", f"{_time(found.published_from)} to {_time(found.published_to)} UTC"),
        ("read-also links", f"{found.links:,}, {found.links_to_stored:,} of them to stories that are stored"),
        ("versions", f"{found.revisions:,}; stories that were edited: {found.edited:,}"),
        ("gone", f"{found.gone:,} taken down by their outlets"),
        ("outlets", f"{len(found.outlets):,}"),
        (
            "database",
            f"{_megabytes(found.database_bytes)}, of it {_megabytes(found.index_bytes)} search index",
        ),
    ]
    if found.topic is None and found.topics:
        counted = ", ".join(f"{name} {count:,}" for name, count in found.topics.items())
        facts.insert(1, ("topics", one_line(counted)))
    crawl = found.last_crawl
    if crawl is not None:
        end = f", {crawl.stop_reason or 'ended'}" if crawl.ended_at else ", not ended"
        facts.append(
            ("last crawl", f"{crawl.topic}, {_time(crawl.started_at)} UTC{end}; {found.crawls:,} in all")
        )
    return facts


def _time(moment: datetime | None) -> str:
    return "unknown" if moment is None else moment.isoformat(sep=" ", timespec="minutes")[:16]


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"
