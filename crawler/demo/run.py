"""The demo: a whole crawl of the sample web, from one seed to two CSV files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.crawl import CrawlReport, run_crawl
from crawler.demo.sample_web import SEED, SampleWeb
from crawler.export.exporting import export
from crawler.export.forms import Format, Table
from crawler.store.database import open_store
from crawler.store.story_filter import StoryFilter

TOPIC = "data-breach"


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoResult:
    """What the demo leaves behind."""

    report: CrawlReport
    database: Path
    articles_file: Path
    articles: int
    links_file: Path
    links: int


def run_demo(folder: Path, **overrides: Any) -> DemoResult:
    """Crawl the sample web into a folder: a database, its stories and its read-also links as CSV.

    Args:
        folder: where to write; a database of an earlier demo there is replaced.
        overrides: settings, such as ``PROGRESS``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "bacajuga.db"
    for leftover in (database, folder / "bacajuga.db-wal", folder / "bacajuga.db-shm"):
        leftover.unlink(missing_ok=True)
    with SampleWeb() as web:
        settings = {
            "DATABASE_URL": f"sqlite:///{database}",
            "CONNECT_TO": web.url,
            # Quick, since nobody is on the other side; slow enough to watch.
            "HOST_DELAY": 0.1,
        }
        report = run_crawl(TOPIC, [SEED], **settings | overrides)
    store = open_store(str(database))
    try:
        articles_file, links_file = folder / "articles.csv", folder / "links.csv"
        wanted = StoryFilter(topic=TOPIC)
        return DemoResult(
            report=report,
            database=database,
            articles_file=articles_file,
            articles=export(store, Table.ARTICLES, wanted, articles_file, Format.CSV),
            links_file=links_file,
            links=export(store, Table.LINKS, wanted, links_file, Format.CSV),
        )
    finally:
        store.close()
