"""The demo: a whole crawl of the sample web, from one seed to two CSV files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.crawling.crawl import CrawlReport, run_crawl
from crawler.demo.sample_web import SEED, SampleWeb
from crawler.errors import BacaJugaError
from crawler.export.exporting import export
from crawler.export.forms import Format, Table
from crawler.store.database import Store, open_store
from crawler.store.story.stories import stored_stories
from crawler.store.story.story_filter import StoryFilter

TOPIC = "data-breach"
_OLDEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class DemoResult:
    """What the demo leaves behind."""

    report: CrawlReport
    database: Path
    articles_file: Path
    articles: int
    links_file: Path
    links: int
    newest_url: str  # of the story that was published last


def run_demo(folder: Path, **overrides: Any) -> DemoResult:
    """Crawl the sample web into a folder: a database, its stories and its read-also links as CSV.

    Args:
        folder: where to write; a database of an earlier demo there is replaced.
        overrides: settings, such as ``PROGRESS``.
    """
    database = folder / "bacajuga.db"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for leftover in (database, folder / "bacajuga.db-wal", folder / "bacajuga.db-shm"):
            leftover.unlink(missing_ok=True)
    except OSError as error:
        raise BacaJugaError(f"folder {folder} cannot be used: {error.strerror}; name another one") from error
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
            newest_url=_newest_url(store),
        )
    finally:
        store.close()


def _newest_url(store: Store) -> str:
    stories = stored_stories(store, StoryFilter(topic=TOPIC))
    newest = max(stories, key=lambda story: story.published_at or _OLDEST, default=None)
    return newest.url if newest else ""
