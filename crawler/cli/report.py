"""``bacajuga report``: a topic in pictures and tables, as one file."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.given_topic import given_topic, require_topic
from crawler.cli.options import DEFAULT_DATABASE, Database, TopicArgument, examples, open_existing
from crawler.cli.period_options import Since, Until, period
from crawler.cli.progress_line import ProgressLine
from crawler.cli.terminal import say
from crawler.cli.wording_options import DEFAULT_ZONE, Language, LanguageName, Zone

EXAMPLES = examples(
    "bacajuga report data-breach -o report.html",
    "bacajuga report data-breach -o report.html --lang en --since 2021-05-01",
    "bacajuga report data-breach -o for-the-lawyer.html --redact",
)


def report(
    topic: TopicArgument,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="Write it there: one HTML file; - for stdout."),
    ] = Path("report.html"),
    language: LanguageName = Language.ID,
    since: Since = None,
    until: Until = None,
    zone: Zone = DEFAULT_ZONE,
    redact: Annotated[
        bool, typer.Option("--redact", help="Mask personal data in headlines and texts.")
    ] = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Draw a topic: when its stories came, who links to whom, who had it first, what was edited.

    The file needs no network and no other file: mail it, open it, print it.
    """
    begin, end = period(since, until)

    from crawler.redaction import redact as mask
    from crawler.report.writing import write_report

    asked = given_topic(topic)
    with closing(open_existing(database)) as store:
        require_topic(store, asked.name)
        with ProgressLine() as progress:
            made = write_report(
                store,
                asked.name,
                asked.title,
                path=None if str(output) == "-" else output,
                since=begin,
                until=end,
                floor=asked.floor,
                language=language,
                zone=zone,
                redact=mask if redact else None,
                progress=progress,
            )
    told = f"{made.story_count:,} stories, {len(made.links):,} links, {made.edit_count:,} edits"
    say(f"report ({told}) written to {'stdout' if str(output) == '-' else output}")
