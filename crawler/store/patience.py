"""Waiting for a database that is away: work is done again, whole, until it is back or patience ends."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from crawler.errors import Interrupted, StoreFailureError, StoreUnavailable

logger = logging.getLogger(__name__)

FIRST_PAUSE = 0.05  # seconds; then twice as long each time
LONGEST_PAUSE = 2.0
TELL_AFTER = 1.0  # a shorter wait is not worth a word
STEP = 0.1  # how soon a wait ends after somebody asked to stop

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Blocked(BaseException):
    """A call of the database was cut off from outside, by a signal's handler.

    No ``Exception``: SQLAlchemy would first ask the same connection to roll back.
    """


class Patience:
    """How long a worker waits for its database, and what it says meanwhile.

    The waits block: while the store is away there is nothing that could be done with another page.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.listeners: list[Callable[[str], None]] = []  # are told of a wait and of its end, in one line
        self.is_stopping = False  # set by a signal's handler: wait no more
        self.is_at_work = False
        self.is_away = False  # the last piece of work found no database
        self.interruptions = 0  # how often work had to be done again

    def work(self, work: Callable[[], Result]) -> Result:
        """Return what a piece of work returns that is one transaction, or reads only.

        Raises:
            StoreFailureError: when patience is at its end.
            Interrupted: when somebody asked to stop meanwhile.
        """
        if self.is_stopping and self.is_away:
            raise Interrupted("interrupted while the database was away")
        first_failed_at: float | None = None
        is_told = False
        pause = FIRST_PAUSE
        while True:
            try:
                self.is_at_work = True
                result = work()
            except StoreUnavailable as error:
                self.is_away = True
                self.interruptions += 1
                now = time.monotonic()
                first_failed_at = now if first_failed_at is None else first_failed_at
                waited = now - first_failed_at
                if self.is_stopping:
                    raise Interrupted(f"interrupted while the database was away ({error})") from error
                if waited >= self.seconds:
                    raise StoreFailureError(
                        f"{error}; waited {waited:.0f} s for it; nothing that was stored is lost: "
                        "run the same command when it is back"
                    ) from error
                if waited >= TELL_AFTER and not is_told:
                    is_told = True
                    self._tell(f"{error}; waiting for it, at most {self.seconds:.0f} s")
                self._sleep(min(pause, max(self.seconds - waited, 0.0)))
                pause = min(pause * 2, LONGEST_PAUSE)
            except Blocked as error:
                self.is_away = True
                raise Interrupted("interrupted while the database did not answer") from error
            else:
                self.is_away = False
                if is_told and first_failed_at is not None:
                    self._tell(f"the database is back after {time.monotonic() - first_failed_at:.0f} s")
                return result
            finally:
                self.is_at_work = False

    def _sleep(self, seconds: float) -> None:
        """Wait about that long, or until somebody asks to stop."""
        # Two workers that got into each other's way must not meet again at the same moment.
        until = time.monotonic() + seconds * random.uniform(0.5, 1.5)
        while (left := until - time.monotonic()) > 0 and not self.is_stopping:
            time.sleep(min(left, STEP))

    def _tell(self, line: str) -> None:
        if not self.listeners:
            logger.warning("%s", line)
        for listener in self.listeners:
            listener(line)


class HasPatience(Protocol):
    """Whatever has a store, and patience with it."""

    patience: Patience


Owner = TypeVar("Owner", bound=HasPatience)


def patient(
    method: Callable[Concatenate[Owner, Parameters], Result],
) -> Callable[Concatenate[Owner, Parameters], Result]:
    """Return the method, done again while the store is away: one transaction that may run twice."""

    @wraps(method)
    def patiently(self: Owner, /, *arguments: Parameters.args, **named: Parameters.kwargs) -> Result:
        return self.patience.work(lambda: method(self, *arguments, **named))

    return patiently
