"""When a host that failed may be asked again, and which failures are worth another try."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from crawler.items import Outcome, OutcomeKind

FIRST_WAIT = 2.0
LONGEST_WAIT = 3600.0
# A page of a host that turns us away is not asked for again at once, and nor is the host.
BLOCKED_WAIT = 600.0

# The host is in trouble, not the page: the page is tried again when the host is asked again.
HOST_TROUBLE = frozenset({OutcomeKind.HOST_DOWN})
# The page is tried again a few times.
TRANSIENT = frozenset({OutcomeKind.HOST_DOWN, OutcomeKind.SERVER_ERROR})


def wait_after(failures: int, retry_after: float | None = None) -> float:
    """Return the seconds to leave a host in peace after so many failures in a row.

    Each failure waits four times longer. A host's own Retry-After (RFC 9110, 10.2.3) is waited out, and
    more than it when the host goes on failing: one that never answers is not asked for ever.

    >>> [wait_after(failures) for failures in (1, 2, 3)]
    [2.0, 8.0, 32.0]
    >>> [wait_after(failures, retry_after=20) for failures in (1, 2, 3, 4)]
    [20.0, 20.0, 32.0, 128.0]
    """
    first_wait = FIRST_WAIT if retry_after is None or failures > 1 else 0.0
    grown = first_wait * 4.0 ** min(max(failures, 1) - 1, 10)
    return min(max(grown, float(retry_after or 0.0)), LONGEST_WAIT)


def retry_after_seconds(value: str | None, now: datetime | None = None) -> float | None:
    r"""Return the seconds that a Retry-After header asks for, given as a number or a date, or None.

    >>> retry_after_seconds("120")
    120.0
    >>> retry_after_seconds("soon"), retry_after_seconds("\u00b2")
    (None, None)
    >>> retry_after_seconds("Fri, 31 Dec 99999999999999 23:59:59 GMT") is None
    True
    """
    value = (value or "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return max((moment - (now or datetime.now(UTC))).total_seconds(), 0.0)
    except (ValueError, OverflowError):
        return None


def is_worth_another_try(outcome: Outcome, tries: int, max_tries: int) -> bool:
    """Return whether the page goes back to the frontier after so many tries, this one included."""
    if outcome.kind in HOST_TROUBLE:
        # A few at each run, and not for ever: hosts die.
        return tries < 4 * max_tries
    # "Too many requests" names a time: the page is not to blame, however often it is said.
    if outcome.kind is OutcomeKind.BLOCKED and outcome.retry_after is not None:
        return True
    # It may be the network that is slow, or this machine that is busy.
    too_slow = outcome.kind is OutcomeKind.OVER_LIMIT and outcome.detail.startswith("DOWNLOAD_TIMEOUT")
    return (outcome.kind in TRANSIENT or too_slow) and tries < max_tries
