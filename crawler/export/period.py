"""The period that a person names: days or moments, in Jakarta's time unless they say otherwise."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

WIB = timezone(timedelta(hours=7), "WIB")


def since_moment(text: str) -> datetime:
    """Return the first moment of the day, or the moment, that the text names.

    >>> since_moment("2021-05-21").isoformat()
    '2021-05-21T00:00:00+07:00'

    Raises:
        ValueError: when the text is neither a date nor a time in ISO 8601.
    """
    return _moment(text, timedelta())


def until_moment(text: str) -> datetime:
    """Return the first moment that is too late: after the whole day that the text names, or that moment.

    >>> until_moment("2021-05-21").isoformat()
    '2021-05-22T00:00:00+07:00'
    >>> until_moment("2021-05-21T12:00Z").isoformat()
    '2021-05-21T12:00:00+00:00'

    Raises:
        ValueError: when the text is neither a date nor a time in ISO 8601.
    """
    return _moment(text, timedelta(days=1))


def _moment(text: str, after_day: timedelta) -> datetime:
    written = text.strip()
    try:
        return datetime.combine(date.fromisoformat(written), time(), WIB) + after_day
    except OverflowError:
        raise ValueError(f"{text!r} is too far away") from None
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(
            f"{text!r} is not a date; write 2021-05-21, or 2021-05-21T15:00 (Jakarta time), or with +08:00"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=WIB)
