"""What can go wrong in a way that a person can mend: each says the thing, the value and the next step."""

from __future__ import annotations


class BacaJugaError(Exception):
    """Base of every error that is meant for the user; its text is one clear line."""


class StoreError(BacaJugaError):
    """The database cannot be opened, read or written."""


class StoreUnavailable(StoreError):  # noqa: N818 - reads as what happened
    """The database is away for a while, or another process is in the way: the same may work later."""


class StoreFailureError(StoreError):
    """The database takes nothing any more: full, damaged, read-only, or away for too long."""


class Interrupted(BacaJugaError):  # noqa: N818 - reads as what happened
    """Somebody asked to stop while there was something to wait for."""


class UnknownOutlet(BacaJugaError):  # noqa: N818 - reads as what happened
    """An outlet was asked for by a name that no module of ``crawler.outlets`` bears."""


class TopicError(BacaJugaError):
    """A topic file that cannot be found or is not valid."""


class PageError(BacaJugaError):
    """A page that cannot be read."""


class ArchiveError(BacaJugaError):
    """An archive of pages that cannot be written or read."""


class ExportError(BacaJugaError):
    """An export that cannot be written."""


class JobError(BacaJugaError):
    """A jobs file that is not valid, or a job that cannot run now."""


class SearchError(BacaJugaError):
    """A search that cannot be understood."""
