"""Addresses: which ones are one story, and which are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import BacaJugaError, UnknownOutlet
from crawler.outlets import OUTLETS, outlet_for, outlet_named
from crawler.urls import (
    address_key,
    canonical_url,
    is_home_page,
    is_same_site,
    registrable_domain,
    trusted_canonical,
)

# The key of a story, and addresses under which it is met.
ONE_STORY = {
    "tribunnews:2021/05/21/kominfo-blokir-tautan": [
        "https://www.tribunnews.com/nasional/2021/05/21/kominfo-blokir-tautan",
        "http://www.tribunnews.com/nasional/2021/05/21/kominfo-blokir-tautan/",
        "https://m.tribunnews.com/nasional/2021/05/21/kominfo-blokir-tautan?page=2",
        "https://m.tribunnews.com/amp/nasional/2021/05/21/kominfo-blokir-tautan",
        "https://www.tribunnews.com/nasional/2021/05/21/kominfo-blokir-tautan?page=all",
        "https://www.tribunnews.com/nasional/2021/05/21/kominfo-blokir-tautan?utm_source=x&page=all#komentar",
        "https://tribunnews.com/nasional/2021/05/21/kominfo-blokir-tautan",
    ],
    "tribunnews:wow/2021/05/21/kominfo-konfirmasi": [
        "https://wow.tribunnews.com/2021/05/21/kominfo-konfirmasi?page=all",
        "https://wow.tribunnews.com/amp/2021/05/21/kominfo-konfirmasi",
        "http://wow.tribunnews.com/2021/05/21/kominfo-konfirmasi?page=2",
    ],
    "tribunnews:7766554": [
        "https://www.tribunnews.com/nasional/7766554/lembaga-dibentuk",
        "https://m.tribunnews.com/nasional/7766554/lembaga-dibentuk?page=2",
        "https://www.tribunnews.com/amp/nasional/7766554/lembaga-dibentuk",
    ],
    "kompas:2021/05/22/104500465": [
        "https://www.kompas.com/tren/read/2021/05/22/104500465/hasil-investigasi",
        "https://www.kompas.com/tren/read/2021/05/22/104500465/hasil-investigasi?page=all#page2",
        "https://amp.kompas.com/tren/read/2021/05/22/104500465/hasil-investigasi",
        "http://tren.kompas.com/read/2021/05/22/104500465/hasil-investigasi-lain",
        "https://www.kompas.com/tren/amp/read/2021/05/22/104500465/hasil-investigasi",
    ],
    "detik:5577853": [
        "https://news.detik.com/berita/d-5577853/data-bocor",
        "https://news.detik.com/berita/d-5577853/data-bocor/2",
        "https://news.detik.com/berita/d-5577853/data-bocor?single=1",
        "https://news.detik.com/berita/d-5577853/data-bocor/amp",
        "https://inet.detik.com/security/d-5577853/data-bocor?_ga=2.1.2",
        "https://news.detik.com/read/2021/05/21/120000/5577853/10/data-bocor",
    ],
    "cnnindonesia:20210521143639-185-644906": [
        "https://www.cnnindonesia.com/teknologi/20210521143639-185-644906/data-bocor",
        "https://www.cnnindonesia.com/teknologi/20210521143639-185-644906/data-bocor/2",
        "https://www.cnnindonesia.com/teknologi/20210521143639-185-644906/",
        "https://m.cnnindonesia.com/teknologi/20210521143639-185-644906/data-bocor/amp",
    ],
    "cnbcindonesia:20210521120000-37-247001": [
        "https://www.cnbcindonesia.com/tech/20210521120000-37-247001/data-bocor",
        "https://www.cnbcindonesia.com/tech/20210521120000-37-247001/data-bocor?page=all",
    ],
    "tempo:1464516": [
        "https://nasional.tempo.co/read/1464516/data-bocor",
        "https://nasional.tempo.co/amp/1464516/data-bocor",
        "https://nasional.tempo.co/read/1464516/data-bocor?page_num=2",
        "https://www.tempo.co/politik/data-bocor-1464516",
    ],
    "liputan6:4562311": [
        "https://www.liputan6.com/tekno/read/4562311/data-bocor",
        "https://m.liputan6.com/tekno/read/4562311/data-bocor",
        "https://m.liputan6.com/amp/4562311/data-bocor",
        "http://tekno.liputan6.com/read/4562311/data-bocor?page=2",
    ],
    "merdeka:data-warga-bocor-lagi": [
        "https://www.merdeka.com/peristiwa/data-warga-bocor-lagi.html",
        "https://m.merdeka.com/amp/peristiwa/data-warga-bocor-lagi.html",
        "https://m.merdeka.com/peristiwa/data-warga-bocor-lagi.html?page=2",
    ],
    "republika:qtg7xy330": [
        "https://nasional.republika.co.id/berita/qtg7xy330/data-bocor",
        "https://nasional.republika.co.id/berita//qtg7xy330/data-bocor",
        "http://nasional.republika.co.id/berita/nasional/umum/21/05/21/qtg7xy330-data-bocor",
        "https://m.republika.co.id/amp_version/qtg7xy330",
        "http://republika.co.id/share/qtg7xy330",
    ],
    "antaranews:2168514": [
        "https://www.antaranews.com/berita/2168514/data-bocor",
        "https://m.antaranews.com/amp/berita/2168514/data-bocor",
        "http://www.antaranews.com/berita/2168514/data-bocor?page=all",
    ],
    "antaranews:bali/243210": [
        "https://bali.antaranews.com/berita/243210/data-bocor",
        "https://bali.antaranews.com/berita/243210/data-bocor?page=all",
    ],
    "okezone:2413592": [
        "https://news.okezone.com/read/2021/05/21/337/2413592/data-bocor",
        "https://news.okezone.com/amp/2021/05/21/337/2413592/data-bocor",
        "https://news.okezone.com/read/2021/05/21/337/2413592/data-bocor?page=2",
    ],
    "sindonews:433446": [
        "https://nasional.sindonews.com/read/433446/15/data-bocor-1621580403",
        "https://nasional.sindonews.com/read/433446/15/data-bocor-1621580403/10",
        "https://nasional.sindonews.com/newsread/433446/15/data-bocor-1621580403",
        "https://nasional.sindonews.com/read/433446/15/data-bocor-1621580403?showpage=all",
    ],
    "suara:2021/05/21/130605": [
        "https://www.suara.com/news/2021/05/21/130605/data-bocor",
        "https://www.suara.com/news/2021/05/21/130605/data-bocor?page=all",
    ],
    "viva:1375421": [
        "https://www.viva.co.id/berita/nasional/1375421-data-bocor",
        "https://www.viva.co.id/berita/nasional/1375421-data-bocor?page=2",
    ],
    "tirto:gfVq": ["https://tirto.id/data-bocor-lagi-gfVq", "https://amp.tirto.id/data-bocor-lagi-gfVq"],
    "jpnn:data-bocor-lagi-kata-pakar": [
        "https://www.jpnn.com/news/data-bocor-lagi-kata-pakar",
        "https://m.jpnn.com/amp/news/data-bocor-lagi-kata-pakar",
        "https://www.jpnn.com/news/data-bocor-lagi-kata-pakar?page=2",
    ],
    "kumparan:1vmBbE3ZQMm": [
        "https://kumparan.com/kumparantech/data-bocor-1vmBbE3ZQMm",
        "https://kumparan.com/kumparantech/data-bocor-1vmBbE3ZQMm/full",
    ],
    "mediaindonesia:406580": ["https://mediaindonesia.com/humaniora/406580/data-bocor"],
    "beritasatu:776811": ["https://www.beritasatu.com/nasional/776811/data-bocor"],
    "katadata:60a8e86c02e34": [
        "https://katadata.co.id/amp/digital/teknologi/60a8e86c02e34/data-bocor",
        "https://katadata.co.id/digital/teknologi/60a8e86c02e34/data-bocor",
    ],
    # On its own domain and on tribunnews.com.
    "tribunnews:jabar/2021/05/21/data-bocor": [
        "https://www.tribunjabar.id/2021/05/21/data-bocor",
        "https://jabar.tribunnews.com/2021/05/21/data-bocor?page=2",
    ],
    "inews:kominfo-panggil-direksi": [
        "https://www.inews.id/news/nasional/kominfo-panggil-direksi",
        "https://www.inews.id/news/nasional/kominfo-panggil-direksi/2",
        "https://www.inews.id/news/nasional/kominfo-panggil-direksi/all",
    ],
    "inews:tasikmalaya/302735": [
        "https://tasikmalaya.inews.id/read/302735/server-desa-mati",
        "https://tasikmalaya.inews.id/read/302735/server-desa-mati/all",
    ],
    "kontan:bank-perketat-keamanan": [
        "https://keuangan.kontan.co.id/news/bank-perketat-keamanan?page=all",
        "https://amp.kontan.co.id/news/bank-perketat-keamanan",
    ],
    "bisnis:1396301": [
        "https://teknologi.bisnis.com/read/20210521/101/1396301/data-bocor",
        "https://m.bisnis.com/amp/read/20210521/101/1396301/data-bocor",
    ],
    "pikiranrakyat:pr-1251941675": [
        "https://malangterkini.pikiran-rakyat.com/nasional/pr-1251941675/data-bocor",
        "https://malangterkini.pikiran-rakyat.com/nasional/pr-1251941675/data-bocor?page=2",
    ],
    "disway:radarcirebon/113767": [
        "https://radarcirebon.disway.id/amp/113767/data-bocor",
        "https://radarcirebon.disway.id/read/113767/data-bocor",
        "https://radarcirebon.disway.id/read/113767/data-bocor/15",
    ],
    "grid:044001234": [
        "https://www.grid.id/read/044001234/data-bocor",
        "https://www.grid.id/read/044001234/data-bocor?page=all",
    ],
    # No outlet of ours: the canonical address is the identity.
    "aspek.id/279-juta-data-bocor": [
        "https://aspek.id/279-juta-data-bocor/",
        "http://www.aspek.id/279-juta-data-bocor?fbclid=x",
        "https://aspek.id/279-juta-data-bocor/amp/",
        "https://m.aspek.id//279-juta-data-bocor",
        "https://aspek.id:443/279-juta-data-bocor/?amp=1",
    ],
}


@pytest.mark.parametrize(("key", "url"), [(key, url) for key, urls in ONE_STORY.items() for url in urls])
def test_address_has_its_storys_key(key: str, url: str) -> None:
    assert outlet_for(url).article_key(url) == key


def test_no_two_stories_share_a_key() -> None:
    keys = [outlet_for(urls[0]).article_key(urls[0]) for urls in ONE_STORY.values()]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://contoh.id/berita?id=1", "https://contoh.id/berita?id=2"),
        ("https://contoh.id/a", "https://contoh.id/A"),
        ("https://jakarta.tribunnews.com/2021/05/21/sama", "https://jabar.tribunnews.com/2021/05/21/sama"),
        ("https://contoh.id/page/2", "https://contoh.id/page/3"),
    ],
)
def test_different_addresses_keep_different_keys(one: str, other: str) -> None:
    assert outlet_for(one).article_key(one) != outlet_for(other).article_key(other)


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        (
            "https://m.tribunnews.com/nasional/2021/05/21/x?page=2",
            "https://www.tribunnews.com/nasional/2021/05/21/x?page=all",
        ),
        ("https://wow.tribunnews.com/2021/05/21/x", "https://wow.tribunnews.com/2021/05/21/x?page=all"),
        (
            "https://amp.kompas.com/money/read/2021/05/21/104500465/x",
            "https://money.kompas.com/read/2021/05/21/104500465/x?page=all",
        ),
        ("https://news.detik.com/berita/d-5577853/x/2", "https://news.detik.com/berita/d-5577853/x?single=1"),
        (
            "https://nasional.sindonews.com/read/433446/15/x-1/10",
            "https://nasional.sindonews.com/read/433446/15/x-1?showpage=all",
        ),
        (
            "https://www.inews.id/news/nasional/satu-dua-tiga/2",
            "https://www.inews.id/news/nasional/satu-dua-tiga/all",
        ),
        ("https://www.liputan6.com/tekno/read/4562311/x", None),
        ("https://aspek.id/x", None),
    ],
)
def test_whole_story_has_an_address(url: str, whole: str | None) -> None:
    assert outlet_for(url).whole_url(url) == whole


@pytest.mark.parametrize(
    ("url", "is_later"),
    [
        ("https://m.tribunnews.com/nasional/2021/05/21/x?page=2", True),
        ("https://m.tribunnews.com/nasional/2021/05/21/x?page=all", False),
        ("https://m.tribunnews.com/nasional/2021/05/21/x?page=1", False),
        ("https://news.detik.com/berita/d-5577853/x/2", True),
        ("https://news.detik.com/berita/d-5577853/x", False),
        ("https://nasional.sindonews.com/read/433446/15/x-1/5", True),
        ("https://disway.id/read/922843/x/15", True),
        ("https://www.inews.id/news/nasional/satu-dua-tiga/all", False),
    ],
)
def test_later_page_is_known_by_its_address(url: str, is_later: bool) -> None:
    assert outlet_for(url).later_page(url) is is_later


@pytest.mark.parametrize(
    ("url", "is_article"),
    [
        ("https://www.tribunnews.com/nasional/2021/05/21/x", True),
        ("https://www.tribunnews.com/tag/kominfo", False),
        ("https://www.tribunnews.com/index-news/nasional?date=2021-5-1", False),
        ("https://www.tribunnews.com/", False),
        ("https://news.detik.com/indeks?page=2", False),
        ("https://20.detik.com/d-flash/20210521-1/video", False),
        ("https://www.kompas.com/tag/bpjs", False),
        ("https://indeks.kompas.com/?site=all", False),
        ("https://nasional.tempo.co/read/1464516/x", True),
        ("https://aspek.id/279-juta-data-penduduk-bocor/", True),
        ("https://aspek.id/kontak", False),
    ],
)
def test_story_is_known_by_its_address(url: str, is_article: bool) -> None:
    assert outlet_for(url).is_article_url(url) is is_article


@pytest.mark.parametrize(
    ("declared", "trusted"),
    [
        ("https://www.contoh.id/berita/1", "https://www.contoh.id/berita/1"),
        ("https://www.contoh.id/", None),
        ("https://lain.id/berita/1", None),
        ("", None),
        ("<? //=$amp_url ?>", None),
        ("https://web.archive.org/web/2022/https://www.contoh.id/berita/1", "https://www.contoh.id/berita/1"),
    ],
)
def test_canonical_is_trusted_on_its_own_site_only(declared: str, trusted: str | None) -> None:
    assert trusted_canonical(declared, "https://m.contoh.id/berita/1?x=2") == trusted


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("bola.republika.co.id", "republika.co.id"),
        ("www.kompas.com", "kompas.com"),
        ("tirto.id", "tirto.id"),
        ("127.0.0.1", "127.0.0.1"),
        ("malangterkini.pikiran-rakyat.com", "pikiran-rakyat.com"),
    ],
)
def test_registrable_domain(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


def test_sites_and_home_pages() -> None:
    assert is_same_site("https://a.republika.co.id/1", "https://b.republika.co.id/2")
    assert not is_same_site("https://a.co.id/1", "https://b.co.id/2")
    assert is_home_page("https://www.tribunnews.com/?utm_source=x")
    assert not is_home_page("https://www.tribunnews.com/nasional")


def test_unknown_outlet_says_which_are_known() -> None:
    with pytest.raises(UnknownOutlet, match=r"no outlet named 'kompaz'; known: .*kompas"):
        outlet_named("kompaz")
    assert issubclass(UnknownOutlet, BacaJugaError)


def test_every_outlet_is_complete() -> None:
    for name, outlet in OUTLETS.items():
        assert outlet.name == name
        assert outlet.title, f"give crawler/outlets/{name}.py a title"
        assert outlet.body, f"say in crawler/outlets/{name}.py where the story's text stands: body = (...)"
        assert outlet.article_id, (
            f"say in crawler/outlets/{name}.py how an address tells the story: article_id = (...)"
        )
        assert all(outlet_for(f"https://www.{host}/x") is outlet for host in outlet.hosts)


@given(st.text(max_size=200))
def test_any_text_has_an_address_key(text: str) -> None:
    for url in (text, f"https://{text}", f"https://contoh.id/{text}"):
        assert isinstance(address_key(url), str)
        assert isinstance(outlet_for(url).article_key(url), str)


@given(
    st.lists(
        st.sampled_from(["utm_source=a", "page=2", "id=7", "fbclid=x", "q=data+bocor", "amp=1"]), unique=True
    )
)
def test_canonical_form_is_stable(query: list[str]) -> None:
    once = canonical_url("http://www.contoh.id/berita/bocor?" + "&".join(query))
    assert canonical_url(once) == once
