from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.items import Article, Link, Listing, Outcome, OutcomeKind
from crawler.outlets import OUTLETS, outlet_named
from crawler.reading.page import Page
from crawler.reading.reader import merge_parts, read_page

PAGES = Path(__file__).parent / "pages"
SAVED = sorted(PAGES.glob("*/*.html"))
STORY = "https://www.tribunnews.com/nasional/2021/05/21/cerita"


def part(
    query: str, *blocks: str, links: tuple[tuple[str, int], ...] = (), next_page: str | None = None
) -> Article:
    return Article(
        url=f"{STORY}{query}",
        canonical_url=STORY,
        article_key="tribunnews:2021/05/21/cerita",
        outlet="tribunnews",
        title="Cerita" if not query else "Cerita - Halaman lain",
        body="\n\n".join(blocks),
        links=[Link(url=f"{STORY}-{name}", anchor_text=name, position=position) for name, position in links],
        next_page=next_page,
        extractor="tribunnews",
    )


def test_parts_are_joined_in_order() -> None:
    first = part("", "Satu.", "Dua.", links=(("a", 1),), next_page=f"{STORY}?page=2")
    second = part("?page=2", "Tiga.", "Empat.", links=(("b", 0), ("c", 2)))
    whole = merge_parts([second, first])
    assert whole.body == "Satu.\n\nDua.\n\nTiga.\n\nEmpat."
    assert [(link.anchor_text, link.position) for link in whole.links] == [("a", 1), ("b", 2), ("c", 4)]
    assert (whole.url, whole.title, whole.next_page, whole.missing_pages) == (STORY, "Cerita", None, [])


def test_overlapping_parts_are_not_doubled() -> None:
    first = part("", "Satu.", "Dua.", links=(("a", 1),))
    second = part("?page=2", "Satu.", "Tiga.", "Dua.", links=(("a", 1), ("b", 2)))
    whole = merge_parts([first, second])
    assert whole.body == "Satu.\n\nDua.\n\nTiga.\n\nDua."
    assert [(link.anchor_text, link.position) for link in whole.links] == [("a", 1), ("b", 3)]


def test_whole_story_takes_the_place_of_its_parts() -> None:
    whole = part("?page=all", "Satu.", "Dua.", "Tiga.")
    assert merge_parts([part("?page=2", "Tiga."), whole]).body == whole.body


def test_missing_part_is_named() -> None:
    whole = merge_parts([part("", "Satu."), part("?page=3", "Tiga.", next_page=f"{STORY}?page=4")])
    assert whole.missing_pages == [f"{STORY}?page=2", f"{STORY}?page=4"]


def test_one_part_is_itself() -> None:
    only = part("", "Satu.")
    assert merge_parts([only]) == replace(only, missing_pages=[])


def test_no_parts_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one part"):
        merge_parts([])


def test_saved_parts_make_one_story() -> None:
    page = (PAGES / "tribunnews" / "later-page-mobile.html").read_bytes()
    url = "https://m.tribunnews.com/nasional/2021/05/21/kominfo-tutup-dua-tautan"
    parts = [read_page(page, f"{url}?page={number}") for number in (1, 2)]
    stories = [item for item in parts if isinstance(item, Article)]
    whole = merge_parts(stories)
    assert len({story.article_key for story in stories}) == 1
    assert whole.body == stories[0].body  # the same text twice is one text


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_text_survives_its_encoding(encoding: str) -> None:
    body = '<h1 id="arttitle">Café “Bocor”</h1><div class="txt-article"><p>Satu – dua.</p></div>'
    html = f'<html><head><meta charset="{encoding}"></head><body>{body}</body></html>'
    item = read_page(html.encode(encoding), STORY, encoding=encoding)
    assert isinstance(item, Article)
    assert (item.title, item.body) == ("Café “Bocor”", "Satu – dua.")


def test_utf8_is_read_whatever_the_page_declares() -> None:
    body = '<h1 id="arttitle">Bocor © lagi</h1><div class="txt-article"><p>Satu.</p></div>'
    html = f'<meta charset="iso-8859-1">{body}'
    item = read_page(html.encode(), STORY)
    assert isinstance(item, Article)
    assert item.title == "Bocor © lagi"


def test_known_outlets_story_without_its_body_is_a_changed_layout() -> None:
    item = read_page("<h1 id='arttitle'>Judul</h1><div class='baru'><p>Isi.</p></div>", STORY)
    assert isinstance(item, Outcome)
    assert item.kind is OutcomeKind.LAYOUT_CHANGED
    assert "div.txt-article" in item.detail


@pytest.mark.parametrize("name", sorted(OUTLETS))
def test_empty_page_is_no_story(name: str) -> None:
    for html in ("", "<html></html>", "\x00", "<!-- -->"):
        assert isinstance(read_page(html, f"https://www.{OUTLETS[name].hosts[0]}/a/b-c-d-e-1234567"), Outcome)


def test_deep_nesting_is_survived() -> None:
    html = (
        "<div class='txt-article'>"
        + "<div>" * 3000
        + "Isi."
        + "</div>" * 3000
        + "</div><h1 id='arttitle'>Judul</h1>"
    )
    assert read_page(html, STORY)


@settings(max_examples=150, deadline=None)
@given(page=st.sampled_from(SAVED), seed=st.integers(0, 2**32), cuts=st.integers(1, 12))
def test_damaged_page_never_raises(page: Path, seed: int, cuts: int) -> None:
    damage = random.Random(seed)
    html = bytearray(page.read_bytes())
    for _ in range(cuts):
        at = damage.randrange(len(html) or 1)
        action = damage.randrange(3)
        if action == 0:
            del html[at : at + damage.randrange(200)]
        elif action == 1:
            html[at:at] = damage.choice(
                [b"<", b">", b'"', b"</div>", b"<p>", b"\xff\xfe", b"\x00", b"<a href='http://[x'>", b"&#0;"]
            )
        else:
            html[at : at + 1] = bytes([damage.randrange(256)])
    url = page.read_bytes().split(b" -->")[0].split()[-1].decode()
    assert isinstance(read_page(bytes(html), url), Article | Listing | Outcome)


@settings(max_examples=60, deadline=None)
@given(html=st.one_of(st.text(max_size=400), st.binary(max_size=400)))
def test_any_bytes_are_read_without_raising(html: str | bytes) -> None:
    for url in (STORY, "https://news.detik.com/berita/d-5577853/x", "https://contoh.id/satu-dua-tiga-empat"):
        assert isinstance(read_page(html, url), Article | Listing | Outcome)


def test_generic_reading_of_a_known_outlets_page_finds_the_same_story() -> None:
    page = PAGES / "generic" / "json-ld.html"
    item = outlet_named("generic").read(
        Page("https://kabarcontoh.id/2021/05/22/data-warga-diduga-bocor-lagi/", page.read_bytes())
    )
    assert isinstance(item, Article)
    assert item.outlet == "kabarcontoh.id"
    assert item.extractor == "generic"


@pytest.mark.parametrize(
    ("url", "opening", "agency"),
    [
        (
            "https://news.detik.com/berita/d-5577123/data-bocor",
            "JAKARTA (ANTARA) - Data warga bocor.",
            "ANTARA",
        ),
        (
            "https://news.detik.com/berita/d-5577123/data-bocor",
            "London (Reuters) — Data warga bocor.",
            "Reuters",
        ),
        ("https://news.detik.com/berita/d-5577123/data-bocor", "Jakarta (Humas) - Data warga bocor.", None),
        ("https://news.detik.com/berita/d-5577123/data-bocor", "Jakarta - Kata (Antara) data bocor.", None),
        ("https://www.antaranews.com/berita/2168514/data-bocor", "Jakarta (ANTARA) - Data bocor.", None),
    ],
)
def test_wire_service_of_the_dateline_is_credited(url: str, opening: str, agency: str | None) -> None:
    page = (
        '<html><head><meta property="og:title" content="Data Warga Bocor Lagi"></head><body>'
        '<h1 class="detail__title wrap__article-detail-title">Data Warga Bocor Lagi</h1>'
        '<div class="detail__body-text wrap__article-detail-content post-content">'
        f"<p>{opening} Polisi memeriksa saksi.</p><p>Belum ada tersangka.</p></div></body></html>"
    )
    article = read_page(page, url)
    assert isinstance(article, Article), article
    assert article.agency == agency
