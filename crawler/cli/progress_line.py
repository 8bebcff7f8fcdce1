"""How far a long piece of work has got: one line on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

from crawler.cli.loudness import is_quiet, is_verbose
from crawler.printable import one_line

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

EVERY_SECONDS = 0.2
EVERY_SECONDS_PIPED = 15.0
logger = logging.getLogger("crawler.cli")


class ProgressLine:
    """Prints on stderr what is being done, how much of it, and how fast; nothing with -q.

    With -v there is no line to draw over: each step goes to the log when it is done.
    """

    def __init__(self) -> None:
        self._is_quiet = is_quiet() or is_verbose()
        # A dumb one wipes nothing away.
        self._is_terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._is_drawn = False
        self._step = ""
        self._started_at = self._printed_at = time.monotonic()
        self._done = self._done_before = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._log_step()
        if self._is_drawn:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def __call__(self, step: str, done: int, total: int | None = None) -> None:
        """Tell that a step has got so far; without a total where nobody knows it."""
        now = time.monotonic()
        if step != self._step:
            self._log_step()
            self._step, self._started_at, self._done_before = step, now, done
        self._done = done
        pause = EVERY_SECONDS if self._is_terminal else EVERY_SECONDS_PIPED
        if self._is_quiet or now - self._printed_at < pause:
            return
        self._printed_at = now
        rate = (done - self._done_before) / max(now - self._started_at, 0.001)
        of_total = "" if total is None else f" of {total:,} ({done / max(total, 1):.0%})"
        line = one_line(f"{step}: {done:,}{of_total}, {rate:,.0f} a second")
        if self._is_terminal:
            # A line that the terminal breaks could not be wiped away.
            shown = line[: shutil.get_terminal_size().columns - 1]
            print(f"\r\x1b[K{shown}", end="", file=sys.stderr, flush=True)
            self._is_drawn = True
        else:
            print(line, file=sys.stderr, flush=True)

    def _log_step(self) -> None:
        if self._step:
            logger.info(
                "%s: %s in %.1f s", self._step, f"{self._done:,}", time.monotonic() - self._started_at
            )
