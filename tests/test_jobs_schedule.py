"""When a job is due: cron's rules, fixed distances, and clocks that are put forward and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.jobs.schedule import Schedule, check_cron, parse_duration, text_of_duration

JAKARTA = ZoneInfo("Asia/Jakarta")
BERLIN = ZoneInfo("Europe/Berlin")


def times(schedule: Schedule, after: datetime, number: int) -> list[str]:
    found = []
    for _ in range(number):
        after = schedule.next_after(after) or pytest.fail("never due again")
        found.append(after.isoformat(timespec="minutes"))
    return found


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 5 * * *", ["2026-11-24T05:00+07:00", "2026-11-25T05:00+07:00"]),  # 23 November is a Monday
        ("0 5 * * 0", ["2026-11-29T05:00+07:00", "2026-12-06T05:00+07:00"]),  # Sunday, not Monday
        ("0 5 * * 7", ["2026-11-29T05:00+07:00"]),
        ("0 5 * * 1-5", ["2026-11-24T05:00+07:00"]),
        ("0 5 * * sat,sun", ["2026-11-28T05:00+07:00", "2026-11-29T05:00+07:00"]),
        ("0 5 * * 5-7", ["2026-11-27T05:00+07:00", "2026-11-28T05:00+07:00", "2026-11-29T05:00+07:00"]),
        ("0 5 1 * 3", ["2026-11-25T05:00+07:00", "2026-12-01T05:00+07:00", "2026-12-02T05:00+07:00"]),
        ("*/20 8-9 * * *", ["2026-11-24T08:00+07:00", "2026-11-24T08:20+07:00", "2026-11-24T08:40+07:00"]),
        ("@hourly", ["2026-11-23T13:00+07:00", "2026-11-23T14:00+07:00"]),
        ("0 0 29 2 *", ["2028-02-29T00:00+07:00"]),
    ],
)
def test_cron_means_what_cron_makes_of_it(cron: str, expected: list[str]) -> None:
    schedule = Schedule(zone="Asia/Jakarta", cron=cron)
    assert times(schedule, datetime(2026, 11, 23, 12, tzinfo=JAKARTA), len(expected)) == expected


@pytest.mark.parametrize(
    "cron", ["", "* * * *", "60 * * * *", "* * * * 8", "* * * * mon-xyz", "0 0 31 2 *", "@yearl"]
)
def test_wrong_cron_is_refused(cron: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        check_cron(cron, "Asia/Jakarta")


def test_fixed_hour_comes_once_on_each_day_of_a_changed_clock() -> None:
    schedule = Schedule(zone="Europe/Berlin", cron="30 2 * * *")
    forward = times(schedule, datetime(2026, 3, 27, 12, tzinfo=BERLIN), 3)
    assert forward == ["2026-03-28T02:30+01:00", "2026-03-29T03:30+02:00", "2026-03-30T02:30+02:00"]
    back = times(schedule, datetime(2026, 10, 23, 12, tzinfo=BERLIN), 3)
    assert back == ["2026-10-24T02:30+02:00", "2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"]


@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)]
)
@pytest.mark.parametrize(
    "schedule",
    [
        Schedule(zone="Europe/Berlin", cron="*/30 * * * *"),
        Schedule(zone="Europe/Berlin", every=timedelta(minutes=30)),
    ],
    ids=str,
)
def test_half_hours_are_half_hours_when_the_clock_changes(day: datetime, schedule: Schedule) -> None:
    moments = [day]
    for _ in range(12):
        # Within one zone Python would tell the distance between times of day.
        moments.append((schedule.next_after(moments[-1]) or day).astimezone(UTC))
    assert {(after - before).total_seconds() for before, after in pairwise(moments[1:])} == {1800.0}


def test_every_six_hours_begins_at_midnight() -> None:
    schedule = Schedule(zone="Asia/Jakarta", every=timedelta(hours=6))
    found = times(schedule, datetime(2026, 11, 23, 12, 30, tzinfo=JAKARTA), 2)
    assert found == ["2026-11-23T18:00+07:00", "2026-11-24T00:00+07:00"]


def test_missed_times_are_one_due_with_their_number() -> None:
    schedule = Schedule(zone="Asia/Jakarta", cron="0 * * * *")
    covered = datetime(2026, 11, 23, 12, 0, tzinfo=JAKARTA)
    assert schedule.due(covered, covered) is None
    assert schedule.due(covered, covered + timedelta(minutes=59)) is None
    due = schedule.due(covered, covered + timedelta(hours=5, minutes=10))
    assert due is not None
    assert (due.at, due.count) == (covered + timedelta(hours=5), 5)


def test_a_year_away_is_made_up_for_by_one_run() -> None:
    now = datetime(2026, 11, 23, 12, tzinfo=JAKARTA)
    minutely = Schedule(zone="Asia/Jakarta", cron="* * * * *").due(now - timedelta(days=400), now)
    yearly = Schedule(zone="Asia/Jakarta", cron="0 0 1 1 *").due(now - timedelta(days=400), now)
    assert minutely is not None
    assert minutely.at == now
    assert yearly is not None
    assert yearly.at.date().isoformat() == "2026-01-01"


@given(
    every=st.integers(1, 100_000),
    start=st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)),
    seconds=st.integers(0, 1_000_000),
    cut=st.floats(0, 1),
)
def test_no_due_time_is_lost_or_counted_twice(every: int, start: datetime, seconds: int, cut: float) -> None:
    """However a span is cut into runs, they stand for the same due times together."""
    schedule = Schedule(zone="Asia/Jakarta", every=timedelta(seconds=every))
    begin = start.replace(tzinfo=UTC)
    end = begin + timedelta(seconds=seconds)
    middle = begin + (end - begin) * cut
    whole = schedule.due(begin, end)
    first = schedule.due(begin, middle)
    second = schedule.due(first.at if first else begin, end)
    assert (whole.count if whole else 0) == sum(part.count for part in (first, second) if part)


@pytest.mark.parametrize(("text", "seconds"), [("2s", 2), ("30m", 1800), ("1h30m", 5400), ("1d", 86_400)])
def test_duration(text: str, seconds: int) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)
    assert text_of_duration(parse_duration(text)) == text


@pytest.mark.parametrize("text", ["", "30", "m", "-1h", "1.5h", "0s", "9999d", "1 jam"])
def test_wrong_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_duration(text)
