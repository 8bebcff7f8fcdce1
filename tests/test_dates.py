from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.dates import FIRST_YEAR, WIB, WIT, WITA, find_date, parse_date

NOW = datetime(2021, 5, 22, 12, 0, tzinfo=WIB)

PRINTED = {
    "Senin, 4 Mei 2020 04:25 WIB": "2020-05-04T04:25:00+07:00",
    "Tayang: Senin, 3 November 2025 19:26 WIB": "2025-11-03T19:26:00+07:00",
    "Kompas.com - 01/05/2018, 05:50 WIB": "2018-05-01T05:50:00+07:00",
    "Kamis, 02 Nov 2023 20:59 WIB": "2023-11-02T20:59:00+07:00",
    "Kamis, 05/11/2015 10:08 WIB": "2015-11-05T10:08:00+07:00",
    "Selasa, 16 Februari 2016 | 14:11 WIB": "2016-02-16T14:11:00+07:00",
    "Jum'at, 19 Juni 2015 - 11:58 wib": "2015-06-19T11:58:00+07:00",
    "Jum’at, 24 Juli 2026 - 13:39 WIB": "2026-07-24T13:39:00+07:00",
    "Minggu, 18 Juli 2021 – 18:52 WIB": "2021-07-18T18:52:00+07:00",
    "Selasa 01 May 2018 05:27 WIB": "2018-05-01T05:27:00+07:00",
    "Sabtu , 19 May 2018 , 05:27 WIB": "2018-05-19T05:27:00+07:00",
    "24 Juli 2026 | 09.00 WIB": "2026-07-24T09:00:00+07:00",
    "Jumat, 21 Mei 2021 pukul 14.05 WITA": "2021-05-21T14:05:00+08:00",
    "21 Mei 2021 14:05 WIT": "2021-05-21T14:05:00+09:00",
    "20/1/2026 18:30": "2026-01-20T18:30:00+07:00",
    "on 16 Feb 2016 at 09:10 WIB": "2016-02-16T09:10:00+07:00",
    "Fri, June 19 2015, 7:36 AM": "2015-06-19T07:36:00+07:00",
    "May 21, 2021 3:05 pm": "2021-05-21T15:05:00+07:00",
    "May 21, 2021 12:30 pm": "2021-05-21T12:30:00+07:00",
    "May 21, 2021 12:30 am": "2021-05-21T00:30:00+07:00",
    "1 Agt 2021 10:00": "2021-08-01T10:00:00+07:00",
    "3 Nopember 2014 08:00": "2014-11-03T08:00:00+07:00",
    "9 Pebruari 2014 08:00": "2014-02-09T08:00:00+07:00",
    "21 Mei 2021 14:05 (GMT+8)": "2021-05-21T14:05:00+08:00",
    "21 Mei 2021 14:05 UTC-3": "2021-05-21T14:05:00-03:00",
    "PERISTIWA | 17 Juni 2021 11:38 Reporter : Ani": "2021-06-17T11:38:00+07:00",
    "Kamis (20/5/2021)": "2021-05-20T00:00:00+07:00",
}
STATED = {
    "2021-05-21T02:20:00Z": "2021-05-21T02:20:00+00:00",
    "2021-05-21T02:20:00.000+07:00": "2021-05-21T02:20:00+07:00",
    "2016-02-16T13:01:00+0700": "2016-02-16T13:01:00+07:00",
    "2023-11-02 21:34:19": "2023-11-02T21:34:19+07:00",
    "2023/11/02 20:59:53": "2023-11-02T20:59:53+07:00",
    "2019-09-28WIB19:17:34+07:00": "2019-09-28T19:17:34+07:00",
}
RELATIVE = {
    "2 jam lalu": "2021-05-22T10:00:00+07:00",
    "sejam yang lalu": "2021-05-22T11:00:00+07:00",
    "3 hari yang lalu": "2021-05-19T12:00:00+07:00",
}
MONTH_NAMES = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
NO_DATES = [
    "",
    "Tidak ada waktu di sini",
    "05/01/1814",
    "31/02/2021",
    "99/99/2021",
    "1.229 Views",
    "21 Mei 2079",
]


@pytest.mark.parametrize(("text", "expected"), (PRINTED | STATED).items())
def test_time_is_read_with_its_zone(text: str, expected: str) -> None:
    assert parse_date(text) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(("text", "expected"), RELATIVE.items())
def test_relative_time_counts_from_now(text: str, expected: str) -> None:
    assert parse_date(text, now=NOW) == datetime.fromisoformat(expected)


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_gives_none(text: str) -> None:
    assert parse_date(text) is None


def test_missing_zone_is_the_outlets_own() -> None:
    at = parse_date("21 Mei 2021 14:05", zone=WITA)
    assert at is not None
    assert at.tzinfo == WITA


def test_clock_is_told_from_its_absence() -> None:
    with_clock, without = find_date("21 Mei 2021 14:05"), find_date("21 Mei 2021")
    assert with_clock
    assert with_clock.has_clock
    assert without
    assert not without.has_clock


@given(
    st.datetimes(min_value=datetime(FIRST_YEAR, 1, 1), max_value=datetime(2026, 12, 31)),
    st.sampled_from([WIB, WITA, WIT]),
)
def test_any_printed_time_comes_back(at: datetime, zone: object) -> None:
    text = f"{at.day} {MONTH_NAMES[at.month - 1]} {at.year}, {at:%H:%M} {zone}"
    assert parse_date(text) == at.replace(second=0, microsecond=0, tzinfo=zone)  # type: ignore[arg-type]


@given(st.text(max_size=120))
def test_any_text_gives_a_sane_aware_time_or_none(text: str) -> None:
    found = find_date(text)
    assert found is None or (found.at.tzinfo is not None and found.at.astimezone(UTC).year >= FIRST_YEAR - 1)
