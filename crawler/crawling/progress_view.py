"""How far a crawl is, for a person: drawn live on a terminal, or in a line now and then."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, Any

from crawler.crawling.figures import Figures
from crawler.errors import StoreError
from crawler.printable import one_line
from crawler.store.crawl import frontier, hosts
from crawler.store.database import Store

if TYPE_CHECKING:
    from rich.console import RenderableType

logger = logging.getLogger(__name__)

DRAW_SECONDS = 0.25
COUNT_SECONDS = 1.0  # the frontier is counted in the store, which costs more than drawing
MOST_TROUBLES = 3  # hosts that a line names
COUNTING_SHARE = 0.02  # of the time at most goes into counting: a million links take a while


class ProgressView:
    """Shows pages, on-topic stories, harvest, what is left, and how each outlet fares.

    ``way`` is "live" to draw on the terminal, "lines" to print a line on stderr, or "log" to log it.
    """

    def __init__(self, way: str, line_seconds: float, store: Store, topic: str, floor: float) -> None:
        self.store = store
        self.topic = topic
        self.floor = floor
        self.way = way
        self.every_seconds = DRAW_SECONDS if way == "live" else line_seconds
        self._started_at = time.monotonic()
        self._count_at = 0.0
        self._left = 0
        self._troubles: dict[str, str] = {}
        self._live: Any = None

    def start(self) -> None:
        """Begin to draw."""
        if self.way == "live":
            from rich.console import Console
            from rich.live import Live

            self._live = Live(console=Console(file=sys.stderr), auto_refresh=False, transient=True)
            self._live.start()

    def stop(self) -> None:
        """Clear the drawing: the end report follows."""
        if self._live is not None:
            self._live.stop()

    def show(self, figures: Figures) -> None:
        """Draw, print or log how far the crawl is."""
        self._count()
        if self._live is not None:
            self._live.update(self._drawing(figures), refresh=True)
        elif self.way == "lines":
            print(f"bacajuga: {self.line(figures)}", file=sys.stderr, flush=True)
        else:
            logger.info("%s", self.line(figures))

    def say(self, line: str) -> None:
        """Print a line of its own, above what is drawn."""
        if self._live is not None:
            self._live.console.print(f"bacajuga: {line}", markup=False, highlight=False, soft_wrap=True)
        else:
            print(f"bacajuga: {line}", file=sys.stderr, flush=True)

    def line(self, figures: Figures) -> str:
        """Return how far the crawl is, in one line."""
        problems = sum(figures.outcomes.values()) - figures.outcomes["redirected"]
        line = (
            f"{_clock(time.monotonic() - self._started_at)}  {figures.fetches} fetched, "
            f"{figures.stories} stories, harvest {figures.harvest:.0%} "
            f"(last {len(figures.recent)}: {figures.recent_harvest:.0%}), {self._left} left, "
            f"{problems} without a story"
        )
        told = [one_line(f"{host}: {said}") for host, said in list(self._troubles.items())[:MOST_TROUBLES]]
        more = len(self._troubles) - len(told)
        return "; ".join([line, *told, *([f"{more} more hosts in trouble"] if more else [])])

    def _count(self) -> None:
        begun = time.monotonic()
        if begun < self._count_at:
            return
        try:
            with self.store.read() as connection:
                self._left = frontier.left(connection, self.topic, self.floor)
                now = self.store.now()
                self._troubles = {
                    trouble.host: f"{trouble.trouble}, asked again in {max(trouble.next_at - now, 0):.0f} s"
                    for trouble in hosts.troubled_hosts(connection, self.topic)
                }
        except StoreError as error:
            # Whoever needs an answer waits for it, or ends the crawl.
            logger.debug("the frontier is not counted: %s", error)
        ended = time.monotonic()
        self._count_at = ended + max(COUNT_SECONDS, (ended - begun) / COUNTING_SHARE)

    def _drawing(self, figures: Figures) -> RenderableType:
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        outlets = Table(box=None, pad_edge=False, show_edge=False)
        for heading in ("outlet", "fetched", "stories"):
            outlets.add_column(heading, justify="left" if heading == "outlet" else "right", style="dim")
        for outlet, fetched in figures.fetches_by_outlet.most_common(12):
            outlets.add_row(outlet, str(fetched), str(figures.stories_by_outlet[outlet]))
        head = Text(self.line(figures).split(";")[0], style="bold")
        parts: list[RenderableType] = [head, outlets]
        parts += [
            Text(one_line(f"{host}: {trouble}"), style="yellow")
            for host, trouble in list(self._troubles.items())[:5]
        ]
        if figures.last_title:
            parts.append(
                Text(
                    f"newest: {one_line(figures.last_title)}",
                    style="green",
                    overflow="ellipsis",
                    no_wrap=True,
                )
            )
        return Group(*parts)


def _clock(seconds: float) -> str:
    """Return a duration as minutes and seconds.

    >>> _clock(75)
    '1:15'
    """
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
