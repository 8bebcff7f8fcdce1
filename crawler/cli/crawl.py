"""``bacajuga crawl``: follow a topic from its seeds, or from the addresses given."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.cli import exit_status
from crawler.cli.loudness import crawl_log
from crawler.cli.options import (
    DEFAULT_DATABASE,
    AsJson,
    Database,
    Settings,
    TopicArgument,
    examples,
    setting_overrides,
    split_names,
)
from crawler.cli.terminal import print_json

EXAMPLES = examples(
    "bacajuga crawl data-breach",
    "bacajuga crawl data-breach https://tekno.kompas.com/read/2021/05/21/...",
    "bacajuga crawl ./my-topic.toml --max-pages 200 --db news.db",
    "bacajuga crawl data-breach --outlet tribunnews,kompas -s HOST_DELAY=2",
    "bacajuga crawl data-breach --workers 4 --db postgresql://me@localhost/news",
    "bacajuga crawl data-breach --since 2021-05-18 --until 2021-06-30",
)

STATUS_OF_ENDING = {
    "ok": exit_status.OK,
    "nothing_found": exit_status.NOTHING_FOUND,
    "down": exit_status.UNREACHABLE,
    "layout_changed": exit_status.BROKEN_OUTLET,
    "blocked": exit_status.BLOCKED,
    "forbidden": exit_status.FORBIDDEN,
    "gone": exit_status.GONE,
    "interrupted": exit_status.INTERRUPTED,
}


def crawl(
    topic: TopicArgument,
    urls: Annotated[
        list[str] | None,
        typer.Argument(metavar="URL", help="Where to start; default: the topic's own seeds."),
    ] = None,
    database: Database = DEFAULT_DATABASE,
    max_pages: Annotated[
        int, typer.Option(min=0, metavar="N", help="Stop after so many pages; 0 for no limit.")
    ] = 0,
    max_minutes: Annotated[
        float, typer.Option(min=0, metavar="N", help="Stop after so long; 0 for no limit.")
    ] = 0,
    min_score: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            metavar="SCORE",
            help="Fetch no link that scores less, 0 to 1; default: the topic's own.",
        ),
    ] = None,
    outlet: Annotated[
        list[str] | None,
        typer.Option(
            "--outlet",
            metavar="NAME",
            help="Only this outlet; repeatable, or NAME,NAME. See 'bacajuga outlets'.",
        ),
    ] = None,
    outlets: Annotated[list[str] | None, typer.Option("--outlets", hidden=True)] = None,  # its older name
    discover: Annotated[
        bool | None,
        typer.Option(
            "--discover/--no-discover",
            help="Ask outlets for their lists: tag pages, indexes by date, sitemaps, feeds. On by default.",
        ),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="Look through the outlets' indexes by date from this day on.",
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="And up to this day; default: today."),
    ] = None,
    workers: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="So many processes on this machine, which share one frontier."),
    ] = 1,
    revisit: Annotated[
        bool, typer.Option("--revisit", help="Ask again for stories that are due: edits, deletions.")
    ] = False,
    archive: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Keep every page as fetched in WARC files there; see 'bacajuga reread'."
        ),
    ] = None,
    settings: Settings = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say where it would start, and fetch nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Follow a story: fetch the best link first, read each story, keep it once.

    Ctrl-C stops it cleanly. The same command again goes on where the last one stopped, however it ended.
    With -q there is no progress and no report; with -v the log of Scrapy in place of the progress.
    """
    if since is not None and until is not None and since > until:
        raise typer.BadParameter(
            f"{until:%Y-%m-%d} is before --since {since:%Y-%m-%d}", param_hint="'--until'"
        )
    if archive is not None and not dry_run:
        _make_folder(archive)
    from crawler.crawling.crawl import plan_crawl
    from crawler.crawling.workers import run_workers
    from crawler.outlets import outlet_named

    if dry_run:
        plan = plan_crawl(topic, urls, database)
        if as_json:
            print_json([{"url": url, "state": state} for url, state in plan])
        else:
            for url, state in plan:
                print(f"{state}\t{url}")
        return
    chosen = {
        "MAX_PAGES": max_pages,
        "MAX_MINUTES": max_minutes,
        "OUTLETS": [outlet_named(name).name for name in split_names([*(outlet or []), *(outlets or [])])],
        "REVISIT": revisit,
        "SINCE": since and f"{since:%Y-%m-%d}",
        "UNTIL": until and f"{until:%Y-%m-%d}",
        "MIN_SCORE": min_score,
        "ARCHIVE_DIR": str(archive) if archive is not None else None,
        "DATABASE_URL": database if database != DEFAULT_DATABASE else None,
    }
    # An option that was not used leaves the word to -s, and -s to the settings file.
    given = {name: value for name, value in chosen.items() if value not in (None, 0, [], False)}
    if min_score is not None:
        given["MIN_SCORE"] = min_score
    if discover is not None:
        given["DISCOVER"] = discover
    report = run_workers(topic, urls, workers, **crawl_log() | setting_overrides(settings) | given)
    from crawler.cli.crawl_report import print_report, report_record

    if as_json:
        print_json(report_record(report))
    print_report(report)
    raise typer.Exit(status_of(report))


def status_of(report: Any) -> int:
    """Return the exit status for how a crawl ended."""
    return STATUS_OF_ENDING[report.ending]


def _make_folder(archive: Path) -> None:
    """Make the folder that pages are kept in, so that a wrong one is told before anything is fetched."""
    from crawler.errors import ArchiveError

    try:
        archive.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = "it is a file" if isinstance(error, FileExistsError) else error.strerror
        raise ArchiveError(f"archive {archive} cannot be made: {reason}; name a folder to make") from error
