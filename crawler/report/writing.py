"""Writing a report: the library call behind ``bacajuga report``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler.export.writing import output_file
from crawler.report.data import Clean, Progress, Report, gather
from crawler.report.wording import Wording
from crawler.store.answers.explain import DEFAULT_FLOOR
from crawler.store.database import Store


def write_report(
    store: Store,
    topic: str,
    title: str,
    *,
    path: Path | None,
    since: datetime | None = None,
    until: datetime | None = None,
    floor: float = DEFAULT_FLOOR,
    language: str = "id",
    zone: str = "Asia/Jakarta",
    redact: Clean | None = None,
    progress: Progress | None = None,
) -> Report:
    """Write a report on a topic as one HTML file, and return what it tells.

    The file takes its name only when it is complete.

    Args:
        store: an open store.
        topic: the topic's name.
        title: and its title.
        path: of the file; stdout, when None.
        since: only stories published at or after it.
        until: only stories published before it.
        floor: the score below which the topic's links are not fetched.
        language: id or en.
        zone: in which times are written and days counted.
        redact: masks what must not be shown in headlines and texts.
        progress: is told how far it has got.

    Raises:
        ExportError: when the file cannot be written.
        StoreError: when the store cannot be read.
        TooManyStories: when there are more than can be grouped into threads.
    """
    from crawler.report.html import report_html

    report = gather(
        store,
        topic,
        ZoneInfo(zone),
        since=since,
        until=until,
        floor=floor,
        redact=redact,
        progress=progress,
    )
    written = report_html(report, title, Wording(language, zone)).encode("utf-8", "replace")
    with output_file(path) as file:
        file.write(written)
    return report
