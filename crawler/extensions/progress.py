"""Live progress on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from crawler.crawling.session import CrawlSession, session_of
from crawler.store import frontier, hosts

if TYPE_CHECKING:
    from typing import Self

    from rich.console import RenderableType

logger = logging.getLogger(__name__)

DRAW_SECONDS = 0.25
COUNT_SECONDS = 1.0  # the frontier is counted in the store, which costs more than drawing


class ProgressExtension:
    """Shows pages, on-topic stories, harvest, what is left, and how each outlet fares.

    The setting PROGRESS says how: "live" draws on the terminal, "lines" prints a line now and then on
    stderr, "log" logs it, "off" is silent.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.way: str = crawler.settings.get("PROGRESS", "log")
        if self.way == "off":
            raise NotConfigured
        self.crawler = crawler
        self._line_seconds: float = crawler.settings.getfloat("PROGRESS_LINE_SECONDS", 10.0)
        self._started_at = time.monotonic()
        self._counted_at = 0.0
        self._left = 0
        self._troubles: dict[str, str] = {}
        self._live: Any = None
        self._loop: Any = None
        crawler.signals.connect(self.opened, signal=signals.spider_opened)
        crawler.signals.connect(self.closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension of a crawl, unless PROGRESS is off."""
        return cls(crawler)

    def opened(self) -> None:
        """Begin to draw, or to log."""
        if self.way == "live":
            from rich.console import Console
            from rich.live import Live

            self._live = Live(console=Console(file=sys.stderr), auto_refresh=False, transient=True)
            self._live.start()
        self._loop = create_looping_call(self.tick)
        self._loop.start(DRAW_SECONDS if self._live else self._line_seconds, now=False)

    def closed(self) -> None:
        """Clear the drawing: the end report follows."""
        if self._loop is not None and self._loop.running:
            self._loop.stop()
        if self._live is not None:
            self._live.stop()

    def tick(self) -> None:
        """Draw or log how far the crawl is."""
        session = session_of(self.crawler)
        self._count(session)
        if self._live is not None:
            self._live.update(self._drawing(session), refresh=True)
        elif self.way == "lines":
            print(f"bacajuga: {self.line(session)}", file=sys.stderr, flush=True)
        else:
            logger.info("%s", self.line(session))

    def line(self, session: CrawlSession) -> str:
        """Return how far the crawl is, in one line."""
        figures = session.figures
        problems = sum(figures.outcomes.values()) - figures.outcomes["redirected"]
        line = (
            f"{_clock(time.monotonic() - self._started_at)}  {figures.fetches} fetched, "
            f"{figures.stories} stories, harvest {figures.harvest:.0%} "
            f"(last {len(figures.recent)}: {figures.recent_harvest:.0%}), {self._left} left, "
            f"{problems} without a story"
        )
        return line + "".join(f"; {host}: {trouble}" for host, trouble in self._troubles.items())

    def _count(self, session: CrawlSession) -> None:
        if time.monotonic() - self._counted_at < COUNT_SECONDS:
            return
        self._counted_at = time.monotonic()
        with session.store.read() as connection:
            self._left = frontier.left(connection, session.name, session.floor)
            now = session.store.now()
            self._troubles = {
                trouble.host: f"{trouble.trouble}, asked again in {max(trouble.next_at - now, 0):.0f} s"
                for trouble in hosts.troubled_hosts(connection, session.name)
            }

    def _drawing(self, session: CrawlSession) -> RenderableType:
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        figures = session.figures
        outlets = Table(box=None, pad_edge=False, show_edge=False)
        for heading in ("outlet", "fetched", "stories"):
            outlets.add_column(heading, justify="left" if heading == "outlet" else "right", style="dim")
        for outlet, fetched in figures.fetches_by_outlet.most_common(12):
            outlets.add_row(outlet, str(fetched), str(figures.stories_by_outlet[outlet]))
        head = Text(self.line(session).split(";")[0], style="bold")
        parts: list[RenderableType] = [head, outlets]
        parts += [
            Text(f"{host}: {trouble}", style="yellow") for host, trouble in list(self._troubles.items())[:5]
        ]
        if figures.last_title:
            parts.append(
                Text(f"newest: {figures.last_title}", style="green", overflow="ellipsis", no_wrap=True)
            )
        return Group(*parts)


def _clock(seconds: float) -> str:
    """Return a duration as minutes and seconds.

    >>> _clock(75)
    '1:15'
    """
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
