"""Addresses that machines make without end are told from those that editors print."""

from __future__ import annotations

import pytest

from crawler.frontier.traps import trap_of


@pytest.mark.parametrize(
    "url",
    [
        "https://www.contoh.id/a/b/a/b/a/b",
        "https://www.contoh.id/berita/berita/berita/x",
        "https://www.contoh.id/" + "/".join(f"x{n}" for n in range(20)),
        "https://www.contoh.id/kalender/2021/05",
        "https://www.contoh.id/read/1;jsessionid=0123456789ABCDEF0123",
        "https://www.contoh.id/read/1?PHPSESSID=abcdef0123456789",
        "https://www.contoh.id/daftar?sort=new&page=2",
        "https://www.contoh.id/x?" + "&".join(f"p{n}=1" for n in range(12)),
    ],
)
def test_trap_is_told_with_its_reason(url: str) -> None:
    assert (trap_of(url) or "").startswith("a trap by its address: ")


@pytest.mark.parametrize(
    "url",
    [
        "https://tekno.kompas.com/read/2021/05/21/14351007/data-279-juta-penduduk-yang-bocor?page=all",
        "https://news.detik.com/read/2018/05/05/050505/4000000/10/data-bocor",
        "https://republika.co.id/berita/nasional/umum/18/05/05/p88abc-data-bocor",
        "https://index.okezone.com/bydate/channel/2021/05/05/5/5",
        "https://m.tribunnews.com/amp/nasional/2023/07/20/337-juta-data-dukcapil-bocor?utm_source=x&utm_medium=y",
        "https://sports.sindonews.com/read/1/1/kalender-jawa-2021",
        "http://[",
    ],
)
def test_story_is_no_trap(url: str) -> None:
    assert trap_of(url) is None
