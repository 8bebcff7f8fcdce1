"""Pages that are no stories, on outlets that we know and on sites that we do not: none becomes an article."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from crawler.items import Article, Outcome, OutcomeKind
from crawler.reading.reader import read_page

LIST = "".join(
    f'<li><h3><a href="/nasional/2021/05/21/berita-ke-{n}">Berita ke-{n} tentang data yang bocor</a></h3>'
    f"<p>Ringkasan berita ke-{n} dalam satu kalimat saja.</p></li>"
    for n in range(12)
)
TEXT = "".join(
    f"<p>Kalimat ke-{n} menceritakan isi rekaman itu dengan cukup banyak kata agar tampak seperti berita.</p>"
    for n in range(8)
)
TEASERS = "".join(
    f'<div><h2><a href="/nasional/2021/05/21/berita-ke-{n}">Berita ke-{n} tentang data yang bocor</a></h2>'
    f"<p>Ringkasan berita ke-{n} ini panjang, sebab menyebut siapa yang menjual data, siapa yang membeli, dan"
    " apa kata juru bicara kementerian tentang nasib warga yang namanya tercantum di dalamnya.</p></div>"
    for n in range(9)
)


class Case(NamedTuple):
    kind: OutcomeKind
    html: str
    known: str  # its address on an outlet that we know
    unknown: str  # and on a site that we do not


GONE, BLOCKED, NO = OutcomeKind.GONE, OutcomeKind.BLOCKED, OutcomeKind.NOT_A_STORY
STORY = "https://www.tribunnews.com/nasional/2021/05/21/data-bocor-lagi"
ELSEWHERE = "https://kabarcontoh.id/2021/05/21/data-warga-bocor-lagi/"
CASES = {
    "index": Case(
        NO, f"<h1>Indeks Berita</h1><ul>{LIST}</ul>",
        "https://www.tribunnews.com/index-news/nasional?date=2021-5-21", "https://kabarcontoh.id/indeks/2021",
    ),
    "tag": Case(
        NO, f"<h1>Kebocoran Data</h1><ul>{LIST}</ul>",
        "https://www.detik.com/tag/kebocoran-data", "https://kabarcontoh.id/tag/kebocoran-data/",
    ),
    "front page": Case(
        NO, f"<h1>Kabar</h1><ul>{LIST}</ul>", "https://nasional.kompas.com/", "https://kabarcontoh.id/"
    ),
    "search": Case(
        NO, f"<h1>Hasil</h1><ul>{LIST}</ul>",
        "https://www.antaranews.com/search?q=data", "https://kabarcontoh.id/search?q=data",
    ),
    "writer": Case(
        NO, f"<h1>Ani Lestari</h1><ul>{LIST}</ul>",
        "https://www.tempo.co/penulis/ani-lestari", "https://kabarcontoh.id/author/ani-lestari/",
    ),
    "section": Case(
        NO, f"<h1>Nasional</h1><ul>{LIST}</ul>", "https://www.liputan6.com/news", "https://kabarcontoh.id/nasional"
    ),
    "index at a story's address": Case(
        NO, f"<h1>Kabar Data Warga</h1><ul>{LIST}</ul>", STORY, ELSEWHERE
    ),
    "index with long teasers": Case(
        NO, f"<title>Kabar Data</title><h1>Kabar Data</h1><main>{TEASERS}</main>", STORY, ELSEWHERE
    ),
    "index that says that it is one": Case(
        NO, '<script type="application/ld+json">{"@type": "CollectionPage", "name": "Data"}</script>'
        f"<h1>Kabar Data</h1><main>{TEASERS[: len(TEASERS) // 3]}</main>", STORY, ELSEWHERE,
    ),
    "video": Case(
        NO, f'<meta property="og:type" content="video.other"><h1>Data Bocor</h1><video></video>{TEXT}',
        "https://video.tribunnews.com/view/123456/data-bocor", "https://kabarcontoh.id/video/data-bocor-di-kota",
    ),
    "video by its data": Case(
        NO, '<script type="application/ld+json">{"@type": "VideoObject", "name": "Data Bocor", "uploadDate": '
        f'"2021-05-21"}}</script><meta property="og:type" content="video.other"><h1>Data Bocor</h1>{TEXT}',
        "https://www.viva.co.id/video/1234567-data-bocor", "https://kabarcontoh.id/2021/05/21/data-warga-bocor-lagi/",
    ),
    "photos": Case(
        NO, f"<h1>Foto: Posko</h1><figure><img src='1.jpg'><figcaption>Satu</figcaption></figure>{TEXT}",
        "https://news.detik.com/foto-news/d-5577853/posko", "https://kabarcontoh.id/foto/posko-pengaduan-warga",
    ),
    "live ticker": Case(
        NO, '<script type="application/ld+json">{"@type": "LiveBlogPosting", "headline": "Sidang"}</script>'
        f"<h1>Langsung: Sidang Kebocoran</h1>{TEXT}",
        "https://www.kompas.com/live/2021/05/21/sidang-kebocoran", "https://kabarcontoh.id/live/sidang-kebocoran-data",
    ),
    "login": Case(
        BLOCKED, "<title>Masuk - Kabar</title><h1>Masuk</h1><form><input type='password'></form>",
        STORY, ELSEWHERE,
    ),
    "paywall": Case(
        BLOCKED, "<title>Data Bocor Lagi</title><h1 id='arttitle'>Data Bocor Lagi</h1>"
        "<div class='txt-article paywall'><p>Berlangganan untuk membaca berita ini selengkapnya.</p></div>",
        STORY, ELSEWHERE,
    ),
    "consent": Case(
        BLOCKED, "<title>Before you continue</title><h1>Sebelum melanjutkan</h1><p>Kami memakai kuki.</p>",
        STORY, ELSEWHERE,
    ),
    "captcha": Case(
        BLOCKED, "<title>Just a moment...</title><script>window._cf_chl_opt={};</script><h2>Checking</h2>",
        STORY, ELSEWHERE,
    ),
    "captcha in Indonesian": Case(
        BLOCKED, "<title>Verifikasi bahwa Anda manusia</title><div class='g-recaptcha'></div>",
        STORY, ELSEWHERE,
    ),
    "refusal of a delivery network": Case(
        BLOCKED, "<title>ERROR: The request could not be satisfied</title><h1>403 ERROR</h1>"
        "<p>Generated by cloudfront (CloudFront)</p>",
        STORY, ELSEWHERE,
    ),
    "filter of the state": Case(
        BLOCKED, "<title>Internet Positif</title><p>Situs ini diblokir.</p>", STORY, ELSEWHERE
    ),
    "soft 404": Case(
        GONE, "<title>Halaman tidak ditemukan</title><h1>Ups!</h1><p>Coba cari yang lain.</p>",
        STORY, ELSEWHERE,
    ),
    "soft 404 by its heading": Case(
        GONE, f"<title>Kabar</title><h1>404 Not Found</h1><ul>{LIST}</ul>", STORY, ELSEWHERE
    ),
    "deleted": Case(
        GONE, "<title>Kabar</title><h1>Maaf, berita ini telah dihapus</h1>", STORY, ELSEWHERE
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("place", ["known", "unknown"])
def test_page_is_seen_for_what_it_is(case: Case, place: str) -> None:
    item = read_page(f"<!DOCTYPE html><html>{case.html}</html>", getattr(case, place))
    assert isinstance(item, Outcome), f"read as a story: {item}"
    assert item.kind is case.kind, item.detail


SIDE = f"<div class='samping'>{TEASERS}</div>"


@pytest.mark.parametrize("url", [STORY, ELSEWHERE])
def test_story_among_many_side_links_stays_a_story(url: str) -> None:
    html = (
        "<title>Data Warga Bocor Lagi</title><h1 id='arttitle'>Data Warga Bocor Lagi</h1>"
        f"<div class='txt-article'>{TEXT}</div>{SIDE}"
    )
    assert isinstance(read_page(f"<!DOCTYPE html><html>{html}</html>", url), Article)


def test_known_outlets_changed_layout_is_told_from_an_index() -> None:
    head = '<meta property="article:published_time" content="2021-05-21T10:15:00+07:00">'
    item = read_page(f"{head}<h1>Data Warga Bocor Lagi</h1>{SIDE}", STORY)
    assert isinstance(item, Outcome)
    assert item.kind is OutcomeKind.LAYOUT_CHANGED
