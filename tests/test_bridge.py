"""Words that stories of one incident share lead to other outlets' headlines on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.topic.bridge import CEILING, Bridge

DAY = datetime(2021, 5, 21, 3, tzinfo=UTC)


@pytest.fixture
def bridge() -> Bridge:
    made = Bridge()
    made.add_story("Kotz Jual Data 279 Juta Penduduk di Raid Forums, Kominfo Panggil Direksi BPJS", DAY)
    made.add_story("Data 279 Juta Penduduk Bocor, Polisi Buru Kotz", DAY + timedelta(days=1))
    return made


@pytest.mark.parametrize(
    "headline",
    [
        "Siapa Kotz, Penjual di Raid Forums?",
        "DPR Cecar Direksi BPJS soal 279 Juta Penduduk",
    ],
)
def test_headline_with_the_words_of_the_story_is_bridged(bridge: Bridge, headline: str) -> None:
    assert 0 < bridge.score(headline, DAY) <= CEILING


@pytest.mark.parametrize(
    "headline",
    [
        "Persib Menang 3-0 atas Persija di Bandung",
        "Harga Cabai Naik Menjelang Lebaran, Polisi Pantau Pasar",  # one word in common
    ],
)
def test_headline_of_other_news_is_not(bridge: Bridge, headline: str) -> None:
    assert bridge.score(headline, DAY) == 0


def test_same_words_a_year_later_are_other_news(bridge: Bridge) -> None:
    assert bridge.score("Siapa Kotz, Penjual di Raid Forums?", DAY + timedelta(days=365)) == 0


def test_without_a_date_more_words_are_needed(bridge: Bridge) -> None:
    assert bridge.score("Kotz di Raid", None) == 0
    assert bridge.score("Kotz Jual 279 Juta Data Penduduk di Raid Forums", None) > 0


def test_word_that_stands_in_many_headlines_bridges_nothing(bridge: Bridge) -> None:
    before = bridge.score("Polisi Temui Direksi", DAY)
    for number in range(200):
        bridge.add_headline(f"Polisi dan direksi perusahaan nomor {number}")
    assert before > 0
    assert bridge.score("Polisi Temui Direksi", DAY) == 0
