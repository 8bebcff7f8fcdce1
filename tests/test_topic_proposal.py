"""From example stories to a topic file: what it looks for, where it comes from, and what it must not do."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from crawler.cli import exit_status
from crawler.cli.app import app
from crawler.demo.sample_web import SEED, SampleWeb
from crawler.demo.story import load_stories
from crawler.errors import PageError, TopicError
from crawler.store.database import Store
from crawler.topic import load_topic
from crawler.topic.topic_check import HeadlineReport, LabelledHeadline, check_headlines
from crawler.topic.topic_file import read_topic_file
from crawler.topic_proposal.background import background_for
from crawler.topic_proposal.counting import Counts
from crawler.topic_proposal.example import Example, example_of
from crawler.topic_proposal.plain_text import example_of_text
from crawler.topic_proposal.proposal import TopicProposal, propose_topic
from crawler.topic_proposal.roots import roots_of
from crawler.topic_proposal.writing import topic_file_of
from tests import stories as stored
from tests.benchmarks.topic_proposal import example_from
from tests.crawling import run

ARTICLE = """\
Data 40 Juta Pelanggan Listrik Diduga Bocor, Kominfo Panggil Pengelola
![Gedung kantor](https://gambar.test/kantor.jpg)
Penulis: Saraswati Ayuningtyas
Kamis, 12 Agustus 2021 09:15 WIB
Kominfo membenarkan dugaan bocornya data pelanggan listrik yang beredar di sebuah forum.
Menurut Kominfo, data yang bocor memuat nama dan alamat. Penjual menjual data itu seharga satu unit mobil.
Baca juga: Kebocoran Data Pelanggan Listrik Diselidiki Polisi, Pengelola Bungkam
Pengelola Membantah Datanya Bocor
Kata pengelola, kebocoran tidak berasal dari pihaknya. Ia menyebut data yang dijual itu data lama.
Polisi menelusuri siapa yang menjual data dan siapa yang membelinya dari forum tersebut.
Baca juga:
Bocornya Data Pelanggan Bukti Lemahnya Perlindungan Data di Indonesia
Kirim Komentar
Isi komentar sepenuhnya adalah tanggung jawab pengguna.
"""
TAKEN = ("Data 26 Juta Nasabah Bank Bocor", "Kebocoran Data di Rumah Sakit", "Polisi Usut Bocornya Data Guru")
LEFT = (
    "Kominfo Blokir 15 Situs Judi",
    "Pelanggan Listrik Antre Token",
    "Pipa Bocor di Petamburan",
    "Pengelola Stadion Minta Maaf",
    "BPS Rilis Data Ekspor",
)
PAGE = """<!-- saved from https://news.detik.com/berita/d-5577123/data-bocor -->
<html><head><meta property="og:type" content="article"></head><body><h1>Data 40 Juta Pelanggan Bocor</h1>
<div class="detail__date">Jumat, 21 Mei 2021 08:30 WIB</div><div class="detail__body-text"><p>Jakarta - Data
pelanggan bocor dan dijual di forum, kata juru bicara, Jumat.</p><p>Data yang bocor memuat alamat.</p>
<p>Kebocoran data itu diselidiki polisi.</p></div></body></html>"""


def file_of(proposal: TopicProposal) -> str:
    return topic_file_of(proposal, Counts(proposal.examples, proposal.language).units)


def ran(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner(env={"COLUMNS": "100", "TERM": "dumb"}).invoke(app, ["topics", "new", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "artikel.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


# What an example is


def test_plain_text_parts_into_headlines_and_sentences() -> None:
    example = example_of_text(ARTICLE, "artikel.txt")
    assert example.headlines == (
        "Data 40 Juta Pelanggan Listrik Diduga Bocor, Kominfo Panggil Pengelola",
        "Pengelola Membantah Datanya Bocor",
        "Kebocoran Data Pelanggan Listrik Diselidiki Polisi, Pengelola Bungkam",
        "Bocornya Data Pelanggan Bukti Lemahnya Perlindungan Data di Indonesia",
    )
    assert "Menurut Kominfo, data yang bocor memuat nama dan alamat." in example.sentences
    text = " ".join(example.sentences)
    for noise in ("Saraswati", "gambar.test", "Komentar", "Baca juga"):
        assert noise not in text
    assert example.published_on == date(2021, 8, 12)


def test_address_on_a_line_of_plain_text_is_the_storys() -> None:
    example = example_of_text(f"https://www.kompas.com/tren/read/2021/05/22/1/x\n{ARTICLE}", "artikel.txt")
    assert (example.url, example.outlet) == ("https://www.kompas.com/tren/read/2021/05/22/1/x", "kompas")
    assert example.headlines[0].startswith("Data 40 Juta")


@pytest.mark.parametrize("text", ["", "\n\n", "Hanya judul", "Judul\nKirim Komentar"])
def test_text_without_an_article_is_a_page_error(text: str) -> None:
    with pytest.raises(PageError, match=r"kosong\.txt holds no article; wanted"):
        example_of_text(text, "kosong.txt")


@pytest.mark.parametrize(
    ("words", "root"),
    [
        (["kebocoran", "bocornya", "bocor", "membocorkan"], "bocor"),
        (["perlindungan", "dilindungi"], "lindung"),
        (["penjualan", "dijual", "menjual"], "jual"),
        (["ransomware"], "ransomware"),
    ],
)
def test_words_find_the_root_that_they_share(words: list[str], root: str) -> None:
    assert set(roots_of(words, set()).values()) == {root}


# What is proposed


def test_one_article_gives_the_pair_its_headlines_share() -> None:
    topic = propose_topic("bocor", [example_of_text(ARTICLE, "artikel.txt")]).topic()
    scores = {headline: topic.score_headline(headline) for headline in TAKEN + LEFT}
    assert {headline for headline, score in scores.items() if score >= topic.threshold} == set(TAKEN), scores


def test_names_are_context_and_never_enough() -> None:
    proposal = propose_topic("bocor", [example_of_text(ARTICLE, "artikel.txt")])
    assert "kominfo" in [found.phrase for found in proposal.choice.context]
    assert "kominfo" not in [found.phrase for found in proposal.choice.strong]
    assert proposal.topic().score_headline("Kominfo dan Pelanggan Listrik") < 0.5


def test_every_examples_own_headline_is_taken() -> None:
    stories = load_stories()
    for name in ("bpjs-blokir", "pdn-ransomware", "tokped-91", "pdn-imigrasi"):
        proposal = propose_topic("satu", [example_from(stories[name], stories)])
        assert proposal.unmatched == [], name


@pytest.mark.parametrize(
    ("incident", "least_f1"), [("bpjs-2021", 0.85), ("tokopedia-2020", 0.65), ("pdn-2024", 0.65)]
)
def test_five_stories_find_the_rest_of_their_incident_among_lures(incident: str, least_f1: float) -> None:
    report = check(incident, 5, same=True)
    assert report.f1 >= least_f1, report.errors
    assert report.precision >= 0.7, report.errors


def test_stories_of_one_incident_find_others_without_taking_lures() -> None:
    report = check("tokopedia-2020", 8, same=False)
    assert report.precision >= 0.9, report.errors
    assert report.recall >= 0.4, report.errors


def check(incident: str, size: int, *, same: bool) -> HeadlineReport:
    stories = load_stories()
    own = sorted(name for name, story in stories.items() if story.incident == incident)
    taken = own[:size]
    topic = propose_topic("bocor", [example_from(stories[name], stories) for name in taken]).topic()
    rows = [
        LabelledHeadline(headline=story.title, on_topic=story.on_topic)
        for name, story in stories.items()
        if name not in taken and (not story.on_topic or (story.incident == incident) == same)
    ]
    return check_headlines(topic, rows)


def test_examples_without_anything_in_common_are_a_topic_error() -> None:
    example = example_of(headline="Yang Lalu", paragraphs=["Dan begitu saja."], related=[], source="a.txt")
    with pytest.raises(TopicError, match=r"no words stand out in a\.txt; give more"):
        propose_topic("kosong", [example])
    with pytest.raises(TopicError, match="no example stories"):
        propose_topic("kosong", [])


def test_english_examples_are_not_taken_apart_by_indonesian_affixes() -> None:
    example = example_of(
        headline="Power Firm Confirms Customer Data Leaked",
        paragraphs=["The firm said customer data leaked.", "Leaked data was sold, the firm confirmed."],
        related=["Leaked customer data sold on forum", "Data leaked again at power firm"],
        source="a.html",
        language="en",
    )
    proposal = propose_topic("leak", [example])
    assert "ROOT:" not in file_of(proposal).partition("strong = ")[2]
    assert proposal.topic().score_headline("Airline customer data leaked") >= 0.5


def test_the_background_is_of_news() -> None:
    background = background_for("id")
    assert background.units > 2000
    assert background.per_thousand("warga") > background.per_thousand("bocor")
    assert "jakarta" in background.names


# The file


def test_file_says_what_was_proposed_and_where_it_was_seen() -> None:
    proposal = propose_topic("data-listrik", [example_of_text(ARTICLE, "artikel.txt")])
    text = file_of(proposal)
    read = read_topic_file(text, "data-listrik.toml")
    assert read.rules == proposal.topic().rules
    assert (read.name, read.title, read.language) == ("data-listrik", "Data listrik", "id")
    assert (read.since, read.until) == (date(2021, 7, 13), date(2022, 2, 8))
    [line] = [line for line in text.splitlines() if line.startswith('    "bocornya data",')]
    assert line.endswith("# 1 headline, 1 sentence: " + example_of_text(ARTICLE, "").headlines[3])
    assert "seeds = []" in text


def test_seeds_and_tags_come_from_the_pages() -> None:
    examples = [
        example_of(
            headline="Data Pelanggan Listrik Bocor",
            paragraphs=["Data pelanggan itu bocor.", "Kebocoran data diselidiki."],
            related=["Kebocoran Data Pelanggan Diusut"],
            source=url,
            url=url,
            outlet=outlet,
            tags=tags,
        )
        for url, outlet, tags in (
            ("https://www.kompas.com/a", "kompas", ("Kebocoran Data", "PLN")),
            ("https://contoh.test/b", "contoh.test", ("Kebocoran data",)),
            ("https://www.detik.com/c", "detik", ("listrik",)),
        )
    ]
    text = file_of(propose_topic("listrik", examples))
    read = read_topic_file(text, "listrik.toml")
    assert read.seeds == ("https://www.kompas.com/a", "https://contoh.test/b", "https://www.detik.com/c")
    assert read.tags == {"kompas": ("kebocoran data",), "contoh.test": ("kebocoran data",)}
    assert "# kompas also prints: pln" in text
    assert '# detik = ["listrik"]' in text


WORDS = st.sampled_from(
    ["Data", "bocor", "kebocoran", "dijual", '"Kata"', "\x1b[31m", "\\", "#", "\u202e", "\n", "]"]
)
TEXTS = st.lists(WORDS | st.text(max_size=12), max_size=12).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS, st.lists(TEXTS, max_size=4), TEXTS), min_size=1, max_size=3))
def test_whatever_the_pages_say_the_file_reads(parts: list[tuple[str, list[str], str]]) -> None:
    examples = [
        Example(
            source="x",
            headlines=(headline, f"Kebocoran data {headline}", "Data pelanggan bocor"),
            sentences=("Data yang bocor dijual.", "Bocornya data diusut.", *sentences),
            outlet=tag or None,
            tags=(tag,),
        )
        for headline, sentences, tag in parts
    ]
    try:
        text = file_of(propose_topic("apa-saja", examples))
    except TopicError:
        reject()
    assert all(sign.isprintable() or sign == "\n" for sign in text)
    read_topic_file(text, "apa-saja.toml")


# The command


def test_command_writes_a_file_and_tells_the_next_steps(folder: Path) -> None:
    status, out, err = ran("data-listrik", "--from", "artikel.txt")
    assert (status, out) == (exit_status.OK, "data-listrik.toml\n"), err
    assert "bacajuga topics check ./data-listrik.toml" in err
    assert "bacajuga crawl ./data-listrik.toml" in err
    assert "? one example tells its event more than the topic" in err
    assert load_topic(folder / "data-listrik.toml").score_headline(TAKEN[0]) >= 0.5


def test_command_never_overwrites(folder: Path) -> None:
    (folder / "mine.toml").write_text("mine")
    status, out, err = ran("mine", "--from", "artikel.txt")
    assert (status, out, (folder / "mine.toml").read_text()) == (exit_status.ERROR, "", "mine")
    assert "mine.toml is there already" in err
    assert ran("mine", "--from", "artikel.txt", "-o", "other.toml")[1] == "other.toml\n"


def test_several_examples_may_follow_one_from(folder: Path) -> None:
    (folder / "page.html").write_text(PAGE)
    (folder / "lagi.txt").write_text("Data Nasabah Bocor\nData nasabah yang bocor dijual orang.\n")
    status, _, err = ran("bocor", "--from", "artikel.txt", "page.html", "--from", "lagi.txt")
    assert status == exit_status.OK, err
    text = (folder / "bocor.toml").read_text()
    assert "from 3 examples" in text
    assert tomllib.loads(text)["seeds"] == ["https://news.detik.com/berita/d-5577123/data-bocor"]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["Data Bocor", "--from", "artikel.txt"], exit_status.USAGE, "'Data Bocor' is no topic's name"),
        (["bocor"], exit_status.USAGE, "no example stories"),
        (
            ["bocor", "--from", "tiada.txt"],
            exit_status.ERROR,
            "example tiada.txt cannot be read: No such file",
        ),
        (["bocor", "--from", "."], exit_status.ERROR, "example . cannot be read: Is a directory"),
        (["bocor", "--from", "https://["], exit_status.USAGE, "is not a web address"),
        (["bocor", "--from", "biner.bin"], exit_status.ERROR, "neither a page nor UTF-8 text"),
        (["bocor", "--from", "tanpa.html"], exit_status.ERROR, "does not tell its address"),
        (["bocor", "--from", "artikel.txt", "--language", "Bahasa"], exit_status.USAGE, "no language code"),
        (["bocor", "--from", "artikel.txt", "-o", "no/such/x.toml"], exit_status.ERROR, "cannot be written"),
        (["bocor", "--from", "https://a.id/b", "--db", "no.db"], exit_status.ERROR, "no such file"),
    ],
)
def test_bad_input_is_one_clear_line(folder: Path, arguments: list[str], status: int, said: str) -> None:
    (folder / "biner.bin").write_bytes(b"\xff\xfe\x00")
    (folder / "tanpa.html").write_text("<html><h1>Judul</h1></html>")
    ended, out, err = ran(*arguments)
    assert (ended, out) == (status, "")
    assert said in " ".join(err.replace("│", " ").split())
    assert "Traceback" not in err
    assert not list(folder.glob("*.toml"))


def test_stored_stories_need_no_fetch(store: Store, folder: Path) -> None:
    stored.fill(store)
    body = "Data peserta bocor.\n\nData yang bocor dijual di forum.\n\nKebocoran data diselidiki."
    url = "https://www.tribunnews.com/nasional/2021/05/29/data-peserta-bocor"
    with store.write() as connection:
        stored.add_story(connection, 9, url, "Data Peserta Bocor Lagi", day=29, body=body)
    address = store.engine.url.render_as_string(hide_password=False)
    status, _, err = ran("bocor", "--from", url, stored.SEED, "--db", address)
    assert status == exit_status.OK, err
    read = load_topic(folder / "bocor.toml")
    assert read.seeds == (url, stored.SEED)
    assert read.since == date(2021, 4, 21)


def test_addresses_are_fetched(sample_web: SampleWeb, tmp_path: Path) -> None:
    file = tmp_path / "bocor.toml"
    ended = run(
        "topics", "new", "bocor", "--from", SEED, "-o", str(file), "-s", f"CONNECT_TO={sample_web.url}",
        environment={"BACAJUGA_CONTACT": "test@example.org"},
    )  # fmt: skip
    assert ended.status == exit_status.OK, ended.stderr
    read = load_topic(file)
    assert len(read.seeds) == 1
    assert read.seeds[0].startswith("https://www.tribunnews.com/nasional/2021/05/21/kominfo-telah-blokir")
    assert (read.since, read.until) == (date(2021, 4, 21), date(2021, 11, 17))
    assert read.score_headline("Data 26 Juta Nasabah Bocor") >= read.threshold
    assert {hit.path for hit in sample_web.log} >= {"/robots.txt"}
