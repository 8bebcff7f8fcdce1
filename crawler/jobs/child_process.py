"""A command of ours in a process of its own, which is ended in time and does not outlive this one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import IO

import crawler
from crawler.jobs.process import this_process
from crawler.jobs.schedule import text_of_duration

GRACE_SECONDS = 10.0  # from SIGTERM to SIGKILL
LOOK_SECONDS = 0.1
TAIL_BYTES = 4096


class HowEnded(StrEnum):
    """Why a child is not there any more."""

    ENDED = "ended"  # by itself
    TIMED_OUT = "timed_out"
    STOPPED = "stopped"
    LOST = "lost"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """How a child ended."""

    status: int  # its exit status; negative for the signal that killed it
    how: HowEnded
    said: str  # its last line on stderr
    seconds: float


class ChildProcess:
    """``bacajuga ARGUMENT...``, leader of its own process group."""

    def __init__(self, arguments: list[str], database: str, *, log: IO[bytes] | None, out: IO[bytes]) -> None:
        """Start it.

        Args:
            arguments: of the command.
            database: the store's address; it may hold a password, which the list of processes would show.
            log: takes stderr; None leaves it to the terminal.
            out: takes stdout.
        """
        root = str(Path(crawler.__file__).parent.parent)
        path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH")) if part)
        self._log = log
        self._log_from = os.fstat(log.fileno()).st_size if log else 0
        self._started_at = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "crawler.jobs.child", str(os.getpid()), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=log,
            start_new_session=True,
            env=os.environ | {"DATABASE_URL": database, "PYTHONPATH": path},
        )
        self.identity = this_process(self._process.pid)

    def wait(self, limit: timedelta, *, stops: Callable[[], int], is_lost: Callable[[], bool]) -> Ended:
        """Wait for its end, or bring it about.

        Args:
            limit: how long it may run.
            stops: how often somebody has asked to stop; at the second time it is killed.
            is_lost: whether another process may by now do the same work.
        """
        how = HowEnded.ENDED
        kill_at: float | None = None
        while True:
            with suppress(subprocess.TimeoutExpired):
                status = self._process.wait(timeout=LOOK_SECONDS)
                break
            now = time.monotonic()
            if is_lost():
                how, kill_at = HowEnded.LOST, now
            elif how is HowEnded.ENDED and stops():
                how, kill_at = HowEnded.STOPPED, now + GRACE_SECONDS
                self._signal(signal.SIGTERM)
            elif how is HowEnded.ENDED and now - self._started_at > limit.total_seconds():
                how, kill_at = HowEnded.TIMED_OUT, now + GRACE_SECONDS
                self._signal(signal.SIGTERM)
            if kill_at is not None and (now >= kill_at or stops() > 1):
                self._signal(signal.SIGKILL)
        if how is not HowEnded.ENDED:
            # Whatever it has started itself.
            self._signal(signal.SIGKILL)
        said = text_of_duration(limit) if how is HowEnded.TIMED_OUT else self._last_line()
        return Ended(status=status, how=how, said=said, seconds=time.monotonic() - self._started_at)

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)

    def _last_line(self) -> str:
        if self._log is None:
            return ""
        with Path(self._log.name).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(self._log_from, size - TAIL_BYTES))
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1].removeprefix("bacajuga: ").strip() if lines else ""
