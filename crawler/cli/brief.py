"""``bacajuga brief``: one page on what is new in a topic."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.given_topic import given_topic, require_topic
from crawler.cli.options import DEFAULT_DATABASE, Database, TopicArgument, examples, open_existing
from crawler.cli.period_options import moment, period
from crawler.cli.progress_line import ProgressLine
from crawler.cli.terminal import say
from crawler.cli.wording_options import DEFAULT_ZONE, Language, LanguageName, Zone
from crawler.export.period import since_moment

EXAMPLES = examples(
    "bacajuga brief data-breach",
    "bacajuga brief data-breach --since 7d -o brief.html -o brief.txt",
    "bacajuga brief data-breach -o feed.xml",
    "bacajuga brief data-breach --lang en | mail -s brief editor@example.org",
)


def brief(
    topic: TopicArgument,
    since: Annotated[
        str, typer.Option(metavar="WHEN", help="Tell what is newer: a day, a time, or a distance (24h, 7d).")
    ] = "24h",
    until: Annotated[
        str | None, typer.Option(metavar="WHEN", help="And not later than this; default: now.")
    ] = None,
    output: Annotated[
        list[Path] | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write it there: .html, .txt, .xml for a feed, or - for text on stdout, which is the "
            "default; repeatable.",
        ),
    ] = None,
    language: LanguageName = Language.ID,
    zone: Zone = DEFAULT_ZONE,
    next_at: Annotated[
        str | None,
        typer.Option("--next", metavar="TIME", help="When the next brief comes, to be told in it."),
    ] = None,
    redact: Annotated[
        bool, typer.Option("--redact", help="Mask personal data in headlines and texts.")
    ] = False,
    database: Database = DEFAULT_DATABASE,
) -> None:
    """Tell what is new: stories, edits (old and new headline, changed figures), deletions, links, trouble.

    New stories stand by incident, as bacajuga threads groups them. A .xml file is an Atom feed of the
    fifty stories found last, or of all that is new when that is more.
    """
    from crawler.brief.writing import ending_of, write_brief
    from crawler.errors import ExportError
    from crawler.redaction import redact as mask

    try:
        for path in output or []:
            ending_of(path)
    except ExportError as error:
        raise typer.BadParameter(str(error), param_hint="'--output'") from None
    now = datetime.now(UTC)
    begin, end = period(since, until, now)
    following = moment(next_at, since_moment, "--next")
    asked = given_topic(topic)
    with closing(open_existing(database)) as store:
        # A page that is to be there each morning is there before the first story, too.
        if not (asked.has_file and output):
            require_topic(store, asked.name)
        with ProgressLine() as progress:
            found = write_brief(
                store,
                asked.name,
                asked.title,
                since=begin or now,
                until=end or now,
                paths=output or [Path("-")],
                language=language,
                zone=zone,
                next_at=following,
                redact=mask if redact else None,
                progress=progress,
            )
    if output:
        told = f"{found.new_count} new, {found.edited_count} edited, {len(found.gone)} gone"
        say(f"brief ({told}) written to {', '.join(map(str, output))}")
