"""How far a long piece of work has got: one line on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

EVERY_SECONDS = 0.2
EVERY_SECONDS_PIPED = 15.0


class ProgressLine:
    """Prints on stderr what is being done, how much of it, and how fast."""

    def __init__(self) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._step = ""
        self._started_at = self._printed_at = time.monotonic()
        self._done_before = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)

    def __call__(self, step: str, done: int, total: int | None = None) -> None:
        """Tell that a step has got so far; without a total where nobody knows it."""
        now = time.monotonic()
        if step != self._step:
            self._step, self._started_at, self._done_before = step, now, done
        pause = EVERY_SECONDS if self._is_terminal else EVERY_SECONDS_PIPED
        if now - self._printed_at < pause:
            return
        self._printed_at = now
        rate = (done - self._done_before) / max(now - self._started_at, 0.001)
        of_total = "" if total is None else f" of {total:,} ({done / max(total, 1):.0%})"
        line = f"{step}: {done:,}{of_total}, {rate:,.0f} a second"
        if self._is_terminal:
            print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)
        else:
            print(line, file=sys.stderr)
