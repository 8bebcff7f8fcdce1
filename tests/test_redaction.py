"""What is personal data in a story, and what only looks like it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scrapy.utils.test import get_crawler

from crawler.export.exporting import Shape, export_table
from crawler.export.forms import Table
from crawler.items import Article, Link, Listing
from crawler.redaction import redact, redact_article
from crawler.redaction.kinds import KINDS
from crawler.store.database import Store
from crawler.store.story.story_filter import StoryFilter
from pipelines.normalise import NormalisePipeline
from tests import stories

NIK, NPWP, CARD = "[NIK disamarkan]", "[NPWP disamarkan]", "[nomor kartu disamarkan]"
BPJS, PHONE, EMAIL = "[nomor BPJS disamarkan]", "[nomor telepon disamarkan]", "[surel disamarkan]"
ACCOUNT, PASSPORT = "[nomor rekening disamarkan]", "[nomor paspor disamarkan]"


# Numbers are made up: well-formed, of nobody.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NIK 3171011708450001 beredar", f"NIK {NIK} beredar"),
        ("NIK:3171011708450001.", f"NIK:{NIK}."),
        ("3171014108450001", NIK),  # a woman's: day 41
        ("3171 0117 0845 0001", NIK),
        ("317101-170845-0001", NIK),
        ("317101.170845.0001", NIK),
        ("9301011708990001", NIK),  # Papua Selatan, a province since 2022
        ("3171011708450001,3273012305880002", f"{NIK},{NIK}"),
        ("01.312.166.0-091.000", NPWP),
        ("NPWP: 09.254.294.3-407.000", f"NPWP: {NPWP}"),
        ("npwp 013121660091000", f"npwp {NPWP}"),
        ("NPWP 0013121660091000", f"NPWP {NPWP}"),
        ("kartu 4111111111111111", f"kartu {CARD}"),
        ("4111 1111 1111 1111", CARD),
        ("5555-5555-5555-4444", CARD),
        ("3782 822463 10005", CARD),
        ("2223003122003222", CARD),
        ("BPJS 0001234567890", f"BPJS {BPJS}"),
        ("081234567890", PHONE),
        ("0812-3456-7890", PHONE),
        ("0812 3456 7890", PHONE),
        ("0812.3456.7890", PHONE),
        ("+6281234567890", PHONE),
        ("+62 812-3456-7890", PHONE),
        ("+62\u00a0812\u20113456\u20117890", PHONE),
        ("(+62) 21 5550 1234", PHONE),
        ("6281234567890", PHONE),
        ("62 812 3456 7890", PHONE),
        ("wa.me/6281234567890", f"wa.me/{PHONE}"),
        ("(0812-3456-7890)", f"({PHONE})"),
        ("budi.santoso@gmail.com", EMAIL),
        ("surel: BUDI_S+x@mail.example.co.id.", f"surel: {EMAIL}."),
        ("info2budi@example.org", EMAIL),
        ("rekening BCA 1234567890", f"rekening BCA {ACCOUNT}"),
        ("no. rek 123-00-0456789-1", f"no. rek {ACCOUNT}"),
        ("paspor A1234567", f"paspor {PASSPORT}"),
        ("A 1234567 (nomor paspor)", f"{PASSPORT} (nomor paspor)"),
        (
            "Budi,3171011708450001,081234567890,1945-08-17,budi@example.org",
            f"Budi,{NIK},{PHONE},1945-08-17,{EMAIL}",
        ),
    ],
)
def test_personal_data_is_masked(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "279.000.000 data",
        "279 juta data; 1,3 miliar nomor",
        "Rp 1.234.567.890",
        "Rp81.234.567.890",
        "Rp 081234567890",
        "US$ 5.000",
        "62.812.345.678 baris",
        "1.234.567.890.123.456",
        "2021-05-21",
        "21/05/2021 08:30 WIB",
        "08.30-10.45 WIB",
        "08-05-2021",
        "20210521 163012",
        "d-5577123",
        "20210521163012-4-247312",
        "https://tekno.kompas.com/read/2021/05/21/10352778/data-bocor",
        "1621567890123",  # milliseconds since 1970
        "1621567890123456",
        "3171013208450001",  # day 32
        "3171011713450001",  # month 13
        "9971011708450001",  # no province 99
        "3100011708450001",  # no district 00
        "3171xxxxxxxx0001",
        "0812-3456-xxxx",
        "081234",
        "112, 110 dan 1500-454",
        "(021) 500454",
        "4111 1111 1111 1112",  # the check digit is wrong
        "0000000000000000",
        "013121660091000",  # nothing says that it is an NPWP
        "npwp 013121661091000",
        "Model A1234567",
        "B 1234 XYZ",
        "rekening sejak 2021-05-21 10:00",
        "rekening senilai Rp 1234567890",
        "saldo 1234567890",
        "redaksi@example.com",
        "humas_polri@example.go.id",
        "customer-care@example.co.id",
        "@kominfo dan @bjorka",
        "CVE-2021-44228",
        "UU Nomor 27 Tahun 2022",
        "10.000.000.000.000.000",
        "IP 192.168.100.200",
        "pukul 0 8 1 2",
        "",
    ],
)
def test_what_is_no_personal_data_stays(text: str) -> None:
    assert redact(text) == text


DIGITS_AND_WORDS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "NIK",
                "paspor",
                "rekening",
                "npwp",
                "Rp",
                "+62",
                "08",
                "8",
                "0",
                "@",
                ".",
                "-",
                " ",
                "\n",
                "\u00a0",
            ]
        ),
        st.text("0123456789", min_size=1, max_size=20),
        st.sampled_from(["3171011708450001", "4111111111111111", "0812", "A1234567", "budi@example.org"]),
        st.text(max_size=5),
    ),
    max_size=30,
).map("".join)


@given(st.one_of(DIGITS_AND_WORDS, st.text(st.characters(exclude_categories=[]))))
@example("paspor A1234567 rekening 1234567890 paspor B1234567")
@example("A1234567 3171011708450001 3171011708450001 3171011708450001 paspor")
def test_masking_twice_is_masking_once(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@given(st.text(st.characters(exclude_characters="0123456789@")))
def test_text_without_digits_and_at_signs_stays(text: str) -> None:
    assert redact(text) == text


@given(st.integers(1, 10**12), st.sampled_from(["Rp {}", "Rp{}", "{} data", "{} orang", "US$ {}"]))
def test_amounts_with_thousands_stay(number: int, form: str) -> None:
    text = form.format(f"{number:,}".replace(",", "."))
    assert redact(text) == text


@given(
    st.datetimes(), st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%dT%H:%M:%S", "%Y%m%d", "%d.%m.%Y %H.%M"])
)
def test_dates_stay(moment: object, form: str) -> None:
    text = f"Jakarta, {moment:{form}} WIB"
    assert redact(text) == text


def test_masks_are_of_a_form_that_can_be_searched_for() -> None:
    assert all(re.fullmatch(r"\[[A-Za-z ]+ disamarkan\]", kind.mask) for kind in KINDS)


@pytest.mark.parametrize(
    "text", ["a" * 300_000, "1" * 300_000, "a.@" * 60_000, "0812 " * 60_000, "+62 " * 60_000, "1-" * 100_000]
)
@pytest.mark.parametrize("ending", ["", "@example.org 3171011708450001"])
def test_long_texts_take_no_longer_than_their_length(text: str, ending: str) -> None:
    # Would not end within a test's patience if it grew with the square.
    assert isinstance(redact(text + ending), str)


def article() -> Article:
    return Article(
        url="https://www.detik.com/d-5577123/x",
        canonical_url="https://www.detik.com/d-5577123/x",
        article_key="detik:5577123",
        outlet="detik",
        title="NIK 3171011708450001 bocor",
        deck="Hubungi 0812-3456-7890",
        body="Sampel: budi@example.org.\n\nSebanyak 279.000.000 data.",
        image_caption="Paspor A1234567",
        links=[Link(url="https://www.detik.com/d-1/081234567890", anchor_text="081234567890 milik siapa")],
        extractor="detik",
    )


def test_a_story_is_masked_wherever_its_page_prints_something() -> None:
    story = article()
    redact_article(story)
    assert (story.title, story.deck) == (f"NIK {NIK} bocor", f"Hubungi {PHONE}")
    assert story.body == f"Sampel: {EMAIL}.\n\nSebanyak 279.000.000 data."
    assert story.image_caption == f"Paspor {PASSPORT}"
    assert story.links[0].anchor_text == f"{PHONE} milik siapa"
    assert story.links[0].url == "https://www.detik.com/d-1/081234567890", "addresses have to lead somewhere"


@pytest.mark.parametrize("redacts", [True, False])
def test_the_setting_masks_before_anything_is_compared(redacts: bool) -> None:
    pipeline = NormalisePipeline.from_crawler(get_crawler(settings_dict={"REDACT_AT_STORE": redacts}))
    story = pipeline.process_item(article())
    assert (NIK in story.title) is redacts
    link = Link(url="https://www.detik.com/d-1/x", anchor_text="Telepon 081234567890")
    listing = pipeline.process_item(
        Listing(url="https://www.detik.com/tag/x", outlet="detik", title="081234567890", links=[link])
    )
    assert (listing.title == PHONE) is redacts
    assert (PHONE in listing.links[0].anchor_text) is redacts


def test_an_export_is_masked_and_the_store_is_not(store: Store, tmp_path: Path) -> None:
    with store.write() as connection:
        stories.add_story(
            connection, 1, stories.SEED, "NIK 3171011708450001", day=21, body="Telepon 081234567890."
        )
        stories.add_story(connection, 2, stories.SECOND, "Lain", day=22)
        stories.add_link(connection, 1, stories.SECOND, "surel budi@example.org", position=1)
    for table in (Table.ARTICLES, Table.LINKS, Table.REVISIONS, Table.GRAPH):
        form = Shape(redacts=True).form if table is not Table.GRAPH else "gexf"
        shape = Shape(form=form, redacts=True)  # type: ignore[arg-type]
        path = tmp_path / str(table)
        export_table(store, table, StoryFilter(), path, shape)
        text = path.read_text()
        assert not re.search("3171011708450001|081234567890|budi@", text), table
        assert "disamarkan" in text
    export_table(store, Table.ARTICLES, StoryFilter(), tmp_path / "plain", Shape())
    assert "3171011708450001" in (tmp_path / "plain").read_text()
