"""What is personal data in a story, and what only looks like it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pyarrow.parquet
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scrapy.utils.test import get_crawler
from sqlalchemy import insert, update

from crawler.archive import refuse_with_redaction
from crawler.errors import ArchiveError
from crawler.export.exporting import Shape, export_table
from crawler.export.forms import GRAPH_FORMATS, Format, Table
from crawler.export.snapshotting import create_snapshot, export_snapshot
from crawler.items import Article, Link, Listing, Outcome, OutcomeKind
from crawler.redaction import redact, redact_article
from crawler.redaction.kinds import KINDS
from crawler.report.writing import write_report
from crawler.store.database import Store
from crawler.store.schema import pages, revisions
from crawler.store.story.story_filter import StoryFilter
from pipelines.normalise import NormalisePipeline
from tests import stories
from tests.crawling import run

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
        ("31.71.01.170845.0001", NIK),
        ("KK 3171011708150001", f"KK {NIK}"),  # a family card's number has the same form
        ("NIK3171011708450001_ktp.jpg", f"NIK{NIK}_ktp.jpg"),
        ("telp. (021) 7654321", f"telp. {PHONE}"),
        ("021-7654 3210", PHONE),
        ("021 - 5550 1234", PHONE),
        ("0274-512345", PHONE),
        ("(0361) 223 344", PHONE),
        ("BCA 1234567890 a.n. Budi", f"BCA {ACCOUNT} a.n. Budi"),
        ("1234567890 (atas nama Budi)", f"{ACCOUNT} (atas nama Budi)"),
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
        "IMEI 356938035643809",
        "NIP 198501012010011001",
        "ISBN 9786020633176",
        "Rp1.234.567.890,00 a.n. Budi",
        "Putusan 021/PUU-XX/2022 1234567",
        "(021) 500-454",
        "021-2021",
        "0274-512345-678",
        "Nomor 0212 2021 2022",
        "kode pos 55281",
        "versi 10.0.19041.1234",
        "pukul 08.30-09.45",
        "Rp 021 7654321",
        "halaman 1234567890 anak",
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
    said = Outcome(
        url=link.url, kind=OutcomeKind.GONE, detail="the page says 'NIK 3171011708450001\x1b[31m\0'"
    )
    outcome = pipeline.process_item(said)
    assert (NIK in outcome.detail) is redacts
    assert outcome.detail.isprintable(), "it is stored, printed and logged"


LEAKED = re.compile(
    r"3171011708450001|081234567890|0812-3456-7890|budi@example|4111111111111111|1234567890 a\\.n"
)
LEAK = "NIK 3171011708450001, telepon 0812-3456-7890, surel budi@example.org"


@pytest.fixture
def leaked(store: Store) -> Store:
    """A store with personal data in whatever a page may print."""
    printed = {
        "section": LEAK,
        "image_caption": LEAK,
        "dateline": LEAK,
        "tags": [LEAK, "bocor"],
        "authors": [LEAK],
    }
    with store.write() as connection:
        stories.add_story(
            connection, 1, stories.SEED, f"{LEAK} bocor", day=21, deck=LEAK, body=LEAK, **printed
        )
        stories.add_story(connection, 2, stories.SECOND, f"Kartu 4111111111111111 milik {LEAK}", day=22)
        stories.add_link(
            connection, 1, stories.SECOND, f"Kartu {LEAK}", position=1, label=f"Baca juga {LEAK}"
        )
        stories.add_link(connection, 2, stories.THIRD, f"Belum dibaca: {LEAK}", position=1)
        later = {
            "body": f"{LEAK}; kini 4111111111111111, BCA 1234567890 a.n. Budi",
            "authors": [LEAK],
            "deck": LEAK,
        }
        connection.execute(
            insert(revisions).values(
                id=9,
                article_id=1,
                content_hash="later",
                title=f"279 juta {LEAK}",
                seen_at=stories.SEEN_AT,
                **later,
            )
        )
        stories.add_entry(connection, stories.GONE, score=0.9, state="failed", outcome="gone")
        stories.add_page(connection, stories.GONE)
        connection.execute(
            update(pages).values(outcome="gone", article_key=None, detail=f"the page says {LEAK!r}")
        )
    return store


def everything_in(path: Path) -> str:
    """Return all that a file holds, unpacked."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    if path.suffix == ".parquet":
        return str(pyarrow.parquet.read_table(path).to_pylist())
    return path.read_text(encoding="utf-8")


KINDS_OF_EXPORT = [
    (table, form) for table in Table for form in Format if (form in GRAPH_FORMATS) is (table is Table.GRAPH)
]


@pytest.mark.parametrize(("table", "form"), KINDS_OF_EXPORT, ids=str)
def test_every_kind_of_export_is_masked(leaked: Store, tmp_path: Path, table: Table, form: Format) -> None:
    wanted = StoryFilter(topic=stories.TOPIC)
    for redacts in (True, False):
        path = tmp_path / f"{redacts}.{form}"
        export_table(leaked, table, wanted, path, Shape(form=form, redacts=redacts))
        found = LEAKED.findall(everything_in(path))
        assert bool(found) is not redacts, found
    snapshot = create_snapshot(leaked, "tersamar", wanted, {}, redacts=True)
    path = tmp_path / f"snapshot.{form}"
    export_snapshot(leaked, snapshot, table, path, Shape(form=form))
    assert not LEAKED.findall(everything_in(path))
    assert "disamarkan" in everything_in(path)


def test_report_is_masked_what_editors_changed_included(leaked: Store, tmp_path: Path) -> None:
    for mask in (redact, None):
        path = tmp_path / "report.html"
        write_report(leaked, stories.TOPIC, "Kebocoran data", path=path, redact=mask)
        assert bool(LEAKED.findall(path.read_text())) is (mask is None)


@pytest.mark.parametrize("keeper", ["ARCHIVE_DIR", "RAW_PAGES_DAYS"])
def test_pages_as_fetched_are_not_kept_beside_a_masked_store(keeper: str) -> None:
    settings = get_crawler(settings_dict={"REDACT_AT_STORE": True, keeper: "7"}).settings
    with pytest.raises(ArchiveError, match=rf"^REDACT_AT_STORE .* {keeper}=7 would keep"):
        refuse_with_redaction(settings, keeper)
    refuse_with_redaction(get_crawler(settings_dict={keeper: "7"}).settings, keeper)


@pytest.mark.parametrize("keeper", ["ARCHIVE_DIR=warc", "RAW_PAGES_DAYS=7"])
def test_crawl_that_would_keep_what_it_masks_does_not_begin(tmp_path: Path, keeper: str) -> None:
    ended = run(
        *("crawl", "data-breach", "https://kabar.test/1", "-s", "REDACT_AT_STORE=1", "-s", keeper),
        cwd=tmp_path,
    )
    assert ended.status == 1
    assert ended.stderr.startswith("bacajuga: REDACT_AT_STORE masks personal data for good, and ")
    assert ended.stderr.count("\n") == 1
    assert not (tmp_path / "warc").exists()


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
