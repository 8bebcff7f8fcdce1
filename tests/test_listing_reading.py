"""What a list turns out to be, where it goes on, and that no list can harm its reader."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from crawler.cli import exit_status
from crawler.items import Article, Listing, Outcome, OutcomeKind, PageKind, Zone
from crawler.outlets import OUTLETS, outlet_for
from crawler.reading.listing import kind_at
from crawler.reading.reader import read_page
from tests.test_cli import PAGE, PAGE_URL, Ran

TAG = "https://www.kompas.com/tag/kebocoran-data"
STORY = "https://tekno.kompas.com/read/2021/05/21/10150037/arsip-pelanggan-ditemukan"
SITE = "https://kabarcontoh.test"
SITEMAP = "https://www.tribunnews.com/nasional/sitemap-news.xml"
FEED = "https://www.antaranews.com/rss/terkini"


def listing(content: bytes | str, url: str, kind: PageKind = PageKind.TAG_PAGE) -> Listing:
    item = read_page(content, url, kind=kind)
    assert isinstance(item, Listing), item
    return item


def headlines(content: bytes | str, url: str, kind: PageKind = PageKind.TAG_PAGE) -> list[str]:
    return [link.anchor_text for link in listing(content, url, kind).links]


def entry(href: str, headline: str = "Arsip Toko Sepeda Ditemukan", after: str = "") -> str:
    return f'<li><h3><a href="{href}">{headline}</a></h3>{after}</li>'


# What outlets offer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(OUTLETS))
def test_addresses_of_an_outlets_lists_are_its_own_and_no_stories(name: str) -> None:
    outlet = OUTLETS[name]
    tag = outlet.tag_page_url("Kebocoran Data")
    for url in [*([tag] if tag else []), *outlet.date_index_urls(date(2021, 5, 7))]:
        assert outlet_for(url) is outlet, url
        assert outlet.is_listing_url(url), url
    for url in (*outlet.news_sitemaps, *outlet.feeds):
        assert outlet_for(url) is outlet, url
        assert not outlet.is_article_url(url), url
        assert kind_at(url) in {PageKind.SITEMAP, PageKind.FEED} or name == "viva", url


def test_tag_and_day_become_addresses() -> None:
    kompas, tribun, jpnn = OUTLETS["kompas"], OUTLETS["tribunnews"], OUTLETS["jpnn"]
    assert kompas.tag_page_url(" Data  Pribadi (KTP)! ") == "https://www.kompas.com/tag/data-pribadi-ktp"
    assert kompas.tag_page_url("!?") is None
    assert OUTLETS["sindonews"].tag_page_url("data") is None
    day = date(2021, 5, 7)
    assert kompas.date_index_urls(day) == ["https://indeks.kompas.com/?site=all&date=2021-05-07"]
    assert tribun.date_index_urls(day) == ["https://www.tribunnews.com/index-news?date=2021-5-7"]
    assert jpnn.date_index_urls(day) == ["https://www.jpnn.com/indeks?id=&d=07&m=05&y=2021&tab=all"]
    assert OUTLETS["grid"].date_index_urls(day) == []


# What a page asked for as a list turns out to be ----------------------------------------------------------


def test_list_is_read_only_where_it_is_asked_for() -> None:
    html = f"<h1>Kebocoran Data</h1><ul>{entry(STORY)}</ul>"
    assert headlines(html, TAG) == ["Arsip Toko Sepeda Ditemukan"]
    item = read_page(html, TAG)
    assert isinstance(item, Outcome)
    assert item.kind is OutcomeKind.NOT_A_STORY


def test_story_at_a_lists_address_is_that_story() -> None:
    item = read_page(PAGE, PAGE_URL, kind=PageKind.TAG_PAGE)
    assert isinstance(item, Article)
    assert item.title == "Data Bocor"


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<title>Just a moment...</title><script>window._cf_chl_opt={}</script>", OutcomeKind.BLOCKED),
        ("<title>Halaman tidak ditemukan</title><h1>Ups!</h1>", OutcomeKind.GONE),
        ("<title>403 Forbidden</title>", OutcomeKind.BLOCKED),
    ],
)
@pytest.mark.parametrize("expected", list(PageKind))
def test_what_stands_in_a_lists_place(html: str, kind: OutcomeKind, expected: PageKind) -> None:
    url = STORY if expected is PageKind.STORY else TAG
    item = read_page(html, url, kind=expected)
    assert isinstance(item, Outcome)
    assert item.kind is kind


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<h1>kebocoran data</h1><div id='app'></div><script>render()</script>",
        # An empty list shows the popular stories in its place.
        f"<h1>kebocoran data</h1><p>Tidak ada berita.</p><div><ul>{entry(STORY)}</ul></div>",
        f"<h1>kebocoran data</h1><div class='sidebar terpopuler'><ul>{entry(STORY)}</ul></div>",
    ],
)
def test_list_without_entries_is_an_empty_list(html: str) -> None:
    item = listing(html, TAG)
    assert item.links == []
    assert item.next_page is None


def test_headlines_at_addresses_of_another_form_are_a_changed_layout() -> None:
    rows = "".join(entry(f"/baru/{n}-x", f"Judul berita ke {n} dari lima puluh") for n in range(30))
    item = read_page(f"<h1>kebocoran data</h1><ul>{rows}</ul>", TAG, kind=PageKind.TAG_PAGE)
    assert isinstance(item, Outcome)
    assert item.kind is OutcomeKind.LAYOUT_CHANGED
    assert item.detail == "Kompas.com: 30 headlines, none at the address of a story"


# Entries --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        (STORY, STORY),
        ("//tekno.kompas.com/read/2021/05/21/10150037/arsip", "https://tekno.kompas.com/read/2021/05/21/10150037/arsip"),
        ("../read/2021/05/21/10150037/arsip#komentar", "https://www.kompas.com/read/2021/05/21/10150037/arsip"),
        ("https://news.detik.com/berita/d-5577123/data", "https://news.detik.com/berita/d-5577123/data"),
        (f"https://web.archive.org/web/20210601000000/{STORY}", STORY),
        ("javascript:void(0)", None),
        ("mailto:redaksi@kompas.com", None),
        ("https://www.kompas.com/tag/lain", None),
        ("https://iklan.test/satu-dua-tiga-empat-lima", None),
        ("https://video.kompas.com/watch/1234567/rekaman", None),
        ("http://[x", None),
        ("", None),
    ],
)  # fmt: skip
def test_only_links_to_stories_are_entries(href: str, kept: str | None) -> None:
    links = listing(f"<ul>{entry(href)}</ul>", TAG).links
    assert [link.url for link in links] == ([kept] if kept else [])


def test_address_in_the_data_of_a_scripts_link_counts() -> None:
    html = f'<h3><a href="javascript:;" data-url="{STORY}">Arsip Toko Sepeda Ditemukan</a></h3>'
    assert [link.url for link in listing(html, TAG).links] == [STORY]


def test_story_linked_thrice_is_one_entry_with_its_headline() -> None:
    html = (
        f'<div class="article__list"><a href="{STORY}"><img alt="Sepeda"></a>'
        f'<h3><a href="{STORY}?page=all">Arsip Toko Sepeda Ditemukan</a></h3>'
        f'<a href="{STORY}">Baca selengkapnya</a></div>'
    )
    (link,) = listing(html, TAG).links
    assert (link.url, link.anchor_text, link.zone) == (STORY, "Arsip Toko Sepeda Ditemukan", Zone.LIST)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("21/05/2021, 10:15 WIB", "2021-05-21T10:15:00+07:00"),
        ("Jum'at, 21 Mei 2021 | 12.15 WITA", "2021-05-21T12:15:00+08:00"),
        ("Tekno | 21 Mei 2021", "2021-05-21T00:00:00+07:00"),
        ('<time datetime="2021-05-21T03:15:00Z">5 jam lalu</time>', "2021-05-21T03:15:00+00:00"),
        ('<time datetime="">5 jam lalu</time>', None),
        ("2 jam yang lalu", None),
        ("Kemarin, 10:15 WIB", None),
        ("Rabu, 22 Juli", None),
        ("31/02/2021 10:15", None),
    ],
)
def test_only_absolute_times_are_kept(printed: str, expected: str | None) -> None:
    (link,) = listing(f"<ul>{entry(STORY, after=f'<span>{printed}</span>')}</ul>", TAG).links
    assert (link.published_at.isoformat() if link.published_at else None) == expected


def test_day_in_a_headline_or_a_teaser_is_not_the_storys() -> None:
    teaser = "<p>Panitia menyusun daftar sejak 17 Januari 2020, lalu membukanya untuk warga pekan ini.</p>"
    (link,) = listing(f"<ul>{entry(STORY, 'Jadwal Salat 17 Januari 2020', teaser)}</ul>", TAG).links
    assert link.published_at is None
    assert link.context.startswith("Panitia menyusun daftar")


# Paging ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "paging", "expected"),
    [
        (TAG, '<a href="?page=2">2</a><a href="?page=3">3</a>', f"{TAG}?page=2"),
        (f"{TAG}?page=2", '<a href="?page=1">1</a><a href="?page=3">3</a>', f"{TAG}?page=3"),
        (f"{TAG}?page=3", '<a href="?page=1">1</a><a href="?page=2">2</a>', None),
        (TAG, '<link rel="next" href="/tag/kebocoran-data?page=2">', f"{TAG}?page=2"),
        (TAG, '<a rel="next" href="?page=2">Lanjut</a>', f"{TAG}?page=2"),
        (TAG, f'<a rel="next" href="{TAG}">Lanjut</a>', f"{TAG}?page=2"),  # its own address leads nowhere
        (TAG, '<a href="?page=2&sort=new">Selanjutnya</a>', f"{TAG}?page=2&sort=new"),
        (TAG, '<a href="https://iklan.test/?page=2">Next</a>', f"{TAG}?page=2"),
        (TAG, "", f"{TAG}?page=2"),  # grows by a script: the outlet knows the form
        ("https://www.tribunnews.com/tag/x?page=10", "", None),  # later pages repeat that one
        (f"{SITE}/tag/x/", "", None),
        (f"{SITE}/tag/x/", '<a href="/tag/x/page/2/">»</a>', f"{SITE}/tag/x/page/2/"),
        (
            f"{SITE}/tag/x/page/2/",
            '<div class="pagination"><a href="/tag/x/">1</a><a href="/tag/x/page/3/">3</a></div>',
            f"{SITE}/tag/x/page/3/",
        ),
        # Another day is no other page.
        (f"{SITE}/indeks/2024/01/17", '<p class="calendar"><a href="/indeks/2024/01/18">18</a></p>', None),
        (
            f"{SITE}/indeks/2024/01/17",
            '<p class="paging"><a href="/indeks/2024/01/17/20">2</a></p>',
            f"{SITE}/indeks/2024/01/17/20",
        ),
    ],
)  # fmt: skip
def test_next_page_of_a_list(url: str, paging: str, expected: str | None) -> None:
    story = {
        "www.kompas.com": STORY,
        "www.tribunnews.com": "https://www.tribunnews.com/nasional/9000201/kabar",
    }.get(url.split("/")[2], "/2024/01/17/penjahit-menemukan-namanya-di-daftar/")
    assert listing(f"<h1>Daftar</h1><ul>{entry(story)}</ul>{paging}", url).next_page == expected


# Tags of stories ------------------------------------------------------------------------------------------


def tags_of(html: str, url: str) -> list[tuple[str, str]]:
    item = read_page(html, url)
    assert isinstance(item, Article), item
    assert all((link.zone, link.kind) == (Zone.TAG, PageKind.TAG_PAGE) for link in item.tag_links)
    return [(link.anchor_text, link.url) for link in item.tag_links]


def test_tags_of_a_story_lead_to_its_outlets_tag_pages() -> None:
    tags = (
        '<div class="detail__body-tag"><a href="/tag/data-bocor/">#Data Bocor</a>'
        '<a href="/tag/data-bocor/">ulang</a><a href="https://www.kompas.com/tag/lain">lain</a>'
        '<a href="javascript:;">kosong</a><a href="/">depan</a></div>'
    )
    assert tags_of(PAGE.replace("</body>", f"{tags}</body>"), PAGE_URL) == [
        ("Data Bocor", "https://news.detik.com/tag/data-bocor/")
    ]


def test_tags_known_from_metadata_are_found_among_the_links() -> None:
    head = '<meta name="dtk:keywords" content="data bocor,peretas">'
    links = (
        '<p><a href="https://www.detik.com/tag/peretas/?ref=1">Peretas</a> <a href="/tag/cuaca">Cuaca</a></p>'
    )
    html = PAGE.replace("<head>", f"<head>{head}").replace("</body>", f"{links}</body>")
    assert tags_of(html, PAGE_URL) == [("Peretas", "https://www.detik.com/tag/peretas/")]


# The command ----------------------------------------------------------------------------------------------


def test_command_prints_a_list(tmp_path: Path) -> None:
    page = tmp_path / "tag.html"
    page.write_text(f"<h1>Kebocoran Data</h1><ul>{entry(STORY)}</ul>")
    for arguments in ((), ("--as", "tag_page")):
        ran = Ran("read", str(page), "--url", TAG, *arguments)
        assert (ran.status, ran.err) == (exit_status.OK, "")
        record = json.loads(ran.out)
        assert (record["kind"], record["title"], len(record["links"])) == ("tag_page", "Kebocoran Data", 1)
        assert record["links"][0] == {
            "url": STORY, "anchor_text": "Arsip Toko Sepeda Ditemukan", "kind": "story", "published_at": None,
            "context": "",
        }  # fmt: skip
    assert Ran("read", str(page), "--url", TAG, "--as", "story").status == exit_status.NOTHING_FOUND


def test_command_says_that_a_list_is_empty(tmp_path: Path) -> None:
    page = tmp_path / "tag.html"
    page.write_text("<h1>Kosong</h1>")
    ran = Ran("read", str(page), "--url", TAG)
    assert (ran.status, ran.err) == (exit_status.NOTHING_FOUND, f"bacajuga: {TAG} lists no stories\n")
    assert json.loads(ran.out)["links"] == []


def test_command_names_the_kinds(tmp_path: Path) -> None:
    ran = Ran("read", str(tmp_path / "x"), "--url", TAG, "--as", "berita")
    assert ran.status == 2
    assert "none of story, tag_page, date_index, sitemap, feed" in " ".join(ran.err.replace("│", " ").split())


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        (STORY, PageKind.STORY),
        (TAG, PageKind.TAG_PAGE),
        ("https://indeks.kompas.com/?site=all&date=2021-05-21", PageKind.DATE_INDEX),
        ("https://news.detik.com/indeks?date=05/21/2021", PageKind.DATE_INDEX),
        ("https://www.antaranews.com/rss/terkini", PageKind.FEED),
        ("https://rss.tempo.co/nasional", PageKind.FEED),
        ("https://www.merdeka.com/sitemap.xml", PageKind.SITEMAP),
        ("https://www.kompas.com/", PageKind.STORY),
        ("https://kabarcontoh.test/2024/01/17/cara-membuat-sitemap-untuk-pemula", PageKind.STORY),
    ],
)
def test_kind_by_the_address(url: str, kind: PageKind) -> None:
    assert kind_at(url) is kind
