"""``bacajuga crawl``: follow a topic from its seeds, or from the addresses given."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.cli import exit_status
from crawler.cli.options import DEFAULT_DATABASE, AsJson, Database, Settings, examples, setting_overrides
from crawler.cli.terminal import print_json

EXAMPLES = examples(
    "bacajuga crawl data-breach",
    "bacajuga crawl data-breach https://tekno.kompas.com/read/2021/05/21/14351007/data-279-juta-penduduk",
    "bacajuga crawl ./my-topic.toml --max-pages 200 --db postgresql://me@localhost/news",
    "bacajuga crawl data-breach --outlets tribunnews,kompas -s HOST_DELAY=2",
    "bacajuga crawl data-breach --workers 4",
    "bacajuga crawl data-breach --since 2021-05-18 --until 2021-06-30 --max-pages 500",
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
    topic: Annotated[str, typer.Argument(help="A topic's name, or the path of a topic file.")],
    urls: Annotated[
        list[str] | None,
        typer.Argument(metavar="[URL]...", help="Where to start; default: the topic's own seeds."),
    ] = None,
    database: Database = DEFAULT_DATABASE,
    max_pages: Annotated[int, typer.Option(min=0, help="Stop after so many pages; 0 for no limit.")] = 0,
    max_minutes: Annotated[float, typer.Option(min=0, help="Stop after so long; 0 for no limit.")] = 0.0,
    min_score: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Fetch no link with a lower score; default: the topic's own."),
    ] = None,
    outlets: Annotated[
        str | None, typer.Option(metavar="NAME,...", help="Only these outlets; see 'bacajuga outlets'.")
    ] = None,
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
            formats=["%Y-%m-%d"], help="Look through the outlets' indexes by date from this day on."
        ),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="And up to this day; default: today.")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=1, help="So many processes on this machine, which share one frontier.")
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
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what Scrapy does.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no report.")] = False,
) -> None:
    """Follow a story: fetch the best link first, read each story, keep it once.

    Ctrl-C stops it cleanly. The same command again goes on where the last one stopped, however it ended.
    """
    if since is not None and until is not None and since > until:
        raise typer.BadParameter(
            f"{until:%Y-%m-%d} is before --since {since:%Y-%m-%d}", param_hint="'--until'"
        )
    if archive is not None and not dry_run:
        _make_folder(archive)
    from crawler.crawling.crawl import plan_crawl
    from crawler.crawling.workers import run_workers

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
        "OUTLETS": _outlet_names(outlets),
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
    quiet_log = {} if verbose else {"LOG_LEVEL": "ERROR"}
    shown = {"PROGRESS": progress_way(quiet=quiet)}
    report = run_workers(topic, urls, workers, **quiet_log | shown | setting_overrides(settings) | given)
    from crawler.cli.crawl_report import print_report, report_record

    if as_json:
        print_json(report_record(report))
    if not quiet:
        print_report(report)
    raise typer.Exit(status_of(report))


def progress_way(*, quiet: bool) -> str:
    """Return how the crawl shows its progress: live on a terminal, in lines elsewhere."""
    import sys

    if quiet:
        return "off"
    return "live" if sys.stderr.isatty() else "lines"


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


def _outlet_names(text: str | None) -> list[str]:
    if not text:
        return []
    from crawler.outlets import outlet_named

    return [outlet_named(name.strip()).name for name in text.split(",") if name.strip()]
