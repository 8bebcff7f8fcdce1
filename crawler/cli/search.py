"""``bacajuga search``: the stored stories that have the words, best first."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.cli.export_options import IncludeDuplicates, OutletNames, known_outlets
from crawler.cli.failing import found_nothing
from crawler.cli.given_topic import nothing_of_topic, nothing_stored
from crawler.cli.options import (
    DEFAULT_DATABASE,
    AsCsv,
    AsJson,
    Database,
    TopicName,
    examples,
    one_form,
    open_existing,
    topic_name,
)
from crawler.cli.period_options import Since, Until, period
from crawler.cli.terminal import print_json, say

if TYPE_CHECKING:
    from crawler.store.answers.search import SearchFilter
    from crawler.store.database import Store

MOST_HITS = 10_000
EXAMPLES = examples(
    "bacajuga search kotz raid forums                     all three words",
    "bacajuga search '\"raid forums\" -ponsel bocor*'   phrase, not this, beginning",
    "bacajuga search 'kominfo OR bssn' --topic data-breach --since 2021-05-21",
    "bacajuga search ransomware --outlet kompas --json | jq .hits[].url",
)


def search(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS",
            help='All of them, in any order; "a phrase", -not, begin*, this OR that. Quote it for a shell.',
            show_default=False,
        ),
    ],
    topic: TopicName = None,
    outlet: OutletNames = None,
    since: Since = None,
    until: Until = None,
    on_topic: Annotated[
        bool, typer.Option("--on-topic", help="Only stories that fit the topic, or any.")
    ] = False,
    include_duplicates: IncludeDuplicates = False,
    copies: Annotated[bool, typer.Option("--copies", hidden=True)] = False,  # its older name
    all_revisions: Annotated[
        bool, typer.Option("--all-revisions", help="Search texts that editors have replaced, too.")
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, max=MOST_HITS, metavar="N", help="Most stories to show.")
    ] = 20,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Search headlines, decks and texts of the stored stories, best match first.

    Copies stand behind the first of them. SQLite takes words as written (bocor is not kebocoran; write
    bocor*), Postgres takes Indonesian words by their stem. Exit status 3 when nothing is found.
    """
    from crawler.search.query import parse_query

    one_form(as_json, as_csv)
    begin, end = period(since, until)
    text = " ".join(words)
    query = parse_query(text)

    from crawler.cli.search_page import print_csv, print_hits, search_record
    from crawler.store.answers.search import SearchFilter
    from crawler.store.answers.search import search as find

    with closing(open_existing(database)) as store:
        wanted = SearchFilter(
            topic=topic_name(topic),
            on_topic_only=on_topic,
            outlets=known_outlets(store, outlet),
            since=begin,
            until=end,
            earlier_versions=all_revisions,
        )
        result = find(store, query, wanted, limit=limit, fold_copies=not (include_duplicates or copies))
        advice = "" if result.hits else _advice(store, wanted, text)
    if as_json:
        print_json(search_record(text, result))
    elif as_csv:
        print_csv(result)
    if not result.hits:
        found_nothing(f"nothing found for {text}; {advice}")
    if not as_json and not as_csv:
        print_hits(result)
    if result.has_more:
        say(f"the best {len(result.hits):,}; more with --limit {min(limit * 5, MOST_HITS)}, or add -WORD")


def _advice(store: Store, wanted: SearchFilter, text: str) -> str:
    """Return what to try next."""
    from crawler.store.answers.provenance import known_topics
    from crawler.store.story.stories import outlets_of

    with store.read() as connection:
        topics = known_topics(connection)
        outlets = outlets_of(connection)
    if not outlets:
        return nothing_stored(store)
    if wanted.topic is not None and wanted.topic not in topics:
        return nothing_of_topic(store, wanted.topic)
    absent = [name for name in wanted.outlets if name not in outlets]
    if absent:
        return f"{store.address} has no story of {', '.join(absent)}; it has some of: {', '.join(outlets)}"
    narrowed = wanted != type(wanted)()
    if narrowed:
        return "try it without --topic, --outlet, --on-topic, --since or --until"
    if " " in text.strip():
        return "try fewer words, or OR between them"
    return "try the beginning of the word with a star, such as bocor*"
