"""A topic scores headlines, anchors and stories, and says why."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.items import Article
from crawler.topic import Topic, load_topic, topic_names
from crawler.topic.affixes import word_forms
from crawler.topic.evidence import EvidenceFinder, Kind
from crawler.topic.phrases import PhraseError, PhraseIndex, parse_phrase, words_and_stops_of, words_of
from crawler.topic.relevance import score
from crawler.topic.topic_check import LabelledHeadline, check_headlines, read_headlines
from crawler.topic.topic_rules import NearPair, Rules

HEADLINES = Path(__file__).parent / "headlines"
BREACH = load_topic("data-breach")

VOCABULARY = (
    "data bocor pengguna peretas situs diretas artis film aktris juta . , ! dijual kominfo bpjs nik membobol "
    "uu pdp pipa hoaks aman akun instagram"
)
INDONESIAN = st.lists(st.sampled_from([*VOCABULARY.split(), "\n"])).map(" ".join)


def topic(**rules: object) -> Topic:
    return Topic(name="test", title="Test", rules=Rules(**rules))  # type: ignore[arg-type]


# Affixes


@pytest.mark.parametrize(
    ("root", "forms"),
    [
        ("retas", "meretas diretas peretas peretasan keretasan meretasnya diretasnya"),
        ("curi", "mencuri dicuri pencuri pencurian tercuri pencuriannya mencurinya"),
        ("bobol", "membobol dibobol pembobol pembobolan kebobolan membobolnya"),
        ("sebar", "menyebar disebar penyebar penyebaran menyebarkan disebarkan tersebar menyebarkannya"),
        ("pakai", "memakai dipakai pemakai pemakaian terpakai"),
        ("bocor", "bocor bocornya membocorkan dibocorkan kebocoran pembocor pembocoran kebocorannya"),
        ("tebus", "menebus ditebus penebus penebusan"),
        ("kunci", "mengunci dikunci pengunci terkunci penguncian"),
        ("umbar", "mengumbar diumbar pengumbar"),
        ("hack", "menghack dihack ngehack"),
        ("gunakan", "menggunakan digunakan"),
        ("lindung", "melindungi dilindungi pelindung pelindungan lindungi"),
        ("cek", "mengecek dicek pengecekan"),
        ("salahguna", "disalahgunakan penyalahgunaan menyalahgunakan"),
        ("jual", "menjual dijual penjual penjualan terjual perjualan"),
    ],
)
def test_root_takes_its_affixes(root: str, forms: str) -> None:
    assert set(forms.split()) <= word_forms(root)


@pytest.mark.parametrize(
    ("root", "other"), [("bocor", "bocoran"), ("retas", "kertas"), ("curi", "curiga"), ("sebar", "sebarang")]
)
def test_root_leaves_other_words(root: str, other: str) -> None:
    assert other not in word_forms(root)


# Phrases


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("data bocor", "Data Bocor Lagi", ["data bocor"]),
        ("data bocor", "data-bocor-lagi", ["data bocor"]),
        ("data bocor", "database bocor", []),
        ("hacker*", "Para hackers dan hacker", ["hackers", "hacker"]),
        ("ROOT:retas situs", "peretas situs, meretas situs", ["peretas situs", "meretas situs"]),
        ("data breach*", "Data breaches", ["data breaches"]),
        ("e-KTP", "e-KTP dan e KTP", ["e ktp", "e ktp"]),
        ("data ROOT:curi", "data", []),
    ],
)
def test_phrase_is_found(phrase: str, text: str, found: list[str]) -> None:
    words = words_of(text)
    assert [
        " ".join(words[place.start : place.end]) for place in PhraseIndex([phrase]).places(words)
    ] == found


@pytest.mark.parametrize(
    "phrase", ["", "*", "ab*", "a*b", "ROOT:", "ROOT:a1", "root:bocor", "...", "data b*"]
)
def test_phrase_that_means_nothing_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        parse_phrase(phrase)


# Evidence


@pytest.mark.parametrize(
    ("rules", "text", "found"),
    [
        ({"strong": ("dark web",)}, "Dijual di dark web", ["dark web"]),
        ({"strong": ("data", "data bocor")}, "data bocor", ["data bocor"]),
        ({"strong": ("hacker",), "hiding": ("film",)}, "film hacker", []),
        ({"strong": ("hacker",), "hiding": ("film",), "hide": 1}, "film tentang hacker", ["hacker"]),
        ({"strong": ("film hacker",), "hiding": ("film",)}, "film hacker", ["film hacker"]),
    ],
)
def test_strong_phrases_and_what_hides_them(rules: dict[str, object], text: str, found: list[str]) -> None:
    words = words_and_stops_of(text)
    hits = EvidenceFinder(Rules(**rules)).find(words).evidence  # type: ignore[arg-type]
    assert [hit.phrase(words) for hit in hits] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("data bocor", ["data bocor"]),
        ("data warga bocor", ["data … bocor"]),
        ("bocor data", ["bocor data"]),
        ("data satu dua tiga bocor", []),  # no longer within 3 words
        ("ada data. Bocor juga", []),  # the sentence ends
        ("data pipa bocor", []),
        ("data bocor. Ada pipa", ["data bocor"]),
        ("data bocor data bocor", ["data bocor", "data bocor"]),
        ("bocor", []),
    ],
)
def test_near_pair(text: str, found: list[str]) -> None:
    pair = NearPair(left=("data",), right=("bocor",), without=("pipa",), window=3)
    words = words_and_stops_of(text)
    hits = EvidenceFinder(Rules(near=(pair,))).find(words).evidence
    assert [hit.phrase(words) for hit in hits] == found


def test_ordered_pair_wants_the_left_first() -> None:
    ordered = topic(near=(NearPair(left=("data",), right=("dicuri",), ordered=True),))
    assert ordered.score_headline("Data nasabah dicuri") >= 0.5
    assert ordered.score_headline("Motor dicuri, polisi cek data") == 0


def test_a_word_speaks_for_one_pair_only() -> None:
    twice = (
        NearPair(left=("data",), right=("bocor",)),
        NearPair(left=("nik",), right=("bocor",), weight=0.4),
    )
    assert topic(near=twice).score_headline("data dan nik bocor") == 0.6


def test_light_pair_needs_context() -> None:
    light = topic(near=(NearPair(left=("data",), right=("beredar",), weight=0.45),), context=("kominfo",))
    assert light.score_headline("Data beredar") < 0.5
    assert light.score_headline("Data beredar, Kominfo bertindak") >= 0.5


def test_context_alone_is_never_enough() -> None:
    words = ("kominfo", "bssn", "bpjs", "kpu", "siber", "nik", "dukcapil")
    assert topic(strong=("x",), context=words).score_headline(" ".join(words)) == 0.4


def test_a_phrase_counts_once_in_a_headline() -> None:
    assert topic(strong=("hacker",)).score_headline("hacker hacker hacker") == 0.6


# Pages


def test_headline_puts_a_story_on_topic() -> None:
    relevance = BREACH.score_page("Data pasien eHAC bocor", "Isi yang tidak berkata apa-apa.")
    assert relevance.on_topic
    assert relevance.matched == ["data … bocor"]


@pytest.mark.parametrize(
    ("words", "hits_in_lead", "hits_after", "on_topic"),
    [
        (400, 2, 0, True),  # the lead
        (400, 1, 0, False),
        (400, 0, 3, False),  # 0.75 in 100 words
        (400, 0, 4, True),  # 1 in 100 words
        (60, 1, 0, False),  # a note is no denser for being short
        (60, 2, 0, True),
    ],
)
def test_text_puts_a_story_on_topic(words: int, hits_in_lead: int, hits_after: int, on_topic: bool) -> None:
    text = ["kata"] * words
    for number in range(hits_in_lead):
        text[number * 3] = "ransomware"
    for number in range(hits_after):
        text[-1 - number * 3] = "ransomware"
    relevance = BREACH.score_page("Kabar hari ini", " ".join(text))
    assert relevance.on_topic is on_topic
    assert (relevance.score >= 0.5) is on_topic


def test_deck_belongs_to_the_lead() -> None:
    assert BREACH.score_page("Kabar", "kata " * 200, deck="Peretas menyebar data. Ransomware lagi.").on_topic


def test_matched_phrases_are_kept_once_in_order() -> None:
    relevance = BREACH.score_page(
        "Dugaan kebocoran data",
        "Peretas menawarkannya di dark web. Kebocoran data itu diakui. Peretas diburu.",
    )
    assert relevance.matched == ["kebocoran data", "peretas", "dark web"]


def test_story_of_something_else_scores_zero() -> None:
    body = "Harga cabai naik di pasar. Pedagang mengeluh karena hujan. " * 20
    assert BREACH.score_page("Harga cabai naik", body).score == 0


def test_empty_page_scores_zero() -> None:
    relevance = BREACH.score_page("", "")
    assert (relevance.score, relevance.on_topic, relevance.matched) == (0, False, [])


# Explanations


def test_matches_say_where() -> None:
    text = "Kominfo: Data pasien BOCOR"
    shown = [
        (match.phrase, match.kind, [text[start:end] for start, end in match.spans])
        for match in BREACH.matches(text)
    ]
    assert shown == [
        ("kominfo", Kind.CONTEXT, ["Kominfo"]),
        ("data … bocor", Kind.NEAR, ["Data", "BOCOR"]),
    ]


def test_matches_show_what_hides() -> None:
    assert [(match.kind, match.rule) for match in BREACH.matches("Sinopsis film hacker")] == [
        (Kind.NOT, "sinopsis"),
        (Kind.NOT, "film"),
    ]


@given(st.text() | INDONESIAN)
def test_scores_stay_between_zero_and_one(text: str) -> None:
    relevance = BREACH.score_page(text, text, deck=text)
    assert 0 <= BREACH.score_headline(text) <= 1
    assert 0 <= BREACH.score_context(text) <= 1
    assert 0 <= relevance.score <= 1
    assert relevance.on_topic == (relevance.score >= BREACH.threshold)
    assert bool(relevance.score) or not relevance.matched


@given(st.text() | INDONESIAN)
def test_matches_stand_where_they_say(text: str) -> None:
    for match in BREACH.matches(text):
        for start, end in match.spans:
            assert 0 <= start < end <= len(text)
        shown = " … ".join(" ".join(words_of(text[start:end])) for start, end in match.spans)
        assert words_of(shown) == words_of(match.phrase)


@given(INDONESIAN)
def test_a_headline_scores_as_its_slug(text: str) -> None:
    assert BREACH.score_headline("-".join(words_of(text))) == BREACH.score_headline(text)


@pytest.mark.parametrize(
    "words", ["data bocor ", "data pribadi aktris peretas ", "pipa data nik situs diserang "]
)
def test_long_text_of_nothing_but_phrases_is_read_in_a_moment(words: str) -> None:
    started = time.thread_time()
    BREACH.score_page("", words * 5_000)
    assert time.thread_time() - started < 20, "scoring must stay linear in the text"


# The topics that come with the package


def test_every_topic_loads_under_its_own_name() -> None:
    assert {"data-breach", "ransomware", "uu-pdp"} <= set(topic_names())
    for name in topic_names():
        assert load_topic(name).name == name
        assert load_topic(name).seeds


@pytest.mark.parametrize("name", sorted(file.stem for file in HEADLINES.glob("*.tsv")))
def test_topic_tells_headlines(name: str) -> None:
    report = check_headlines(load_topic(name), read_headlines(HEADLINES / f"{name}.tsv"))
    errors = "\n".join(f"{error.score:.2f} {error.headline}" for error in report.errors)
    assert report.precision >= 0.97, f"precision {report.precision:.3f}; mend {name}.toml:\n{errors}"
    assert report.recall >= 0.95, f"recall {report.recall:.3f}; mend {name}.toml:\n{errors}"


@pytest.mark.parametrize(
    ("name", "headline", "on_topic"),
    [
        ("ransomware", "Rumah sakit disandera peretas, diminta tebusan miliaran", True),
        ("ransomware", "PDN lumpuh, layanan imigrasi terganggu", True),
        ("ransomware", "LockBit umumkan korban baru", True),
        ("ransomware", "Penculik minta tebusan kepada keluarga, data korban disimpan", False),
        ("ransomware", "Data pelanggan toko daring bocor", False),
        ("uu-pdp", "DPR sahkan RUU PDP pekan depan", True),
        ("uu-pdp", "Melanggar data pribadi, perusahaan bisa kena denda", True),
        ("uu-pdp", "Pasien PDP corona sembuh", False),
        ("uu-pdp", "Situs kementerian diretas", False),
    ],
)
def test_other_topics_tell_their_own(name: str, headline: str, on_topic: bool) -> None:
    loaded = load_topic(name)
    assert (loaded.score_headline(headline) >= loaded.threshold) is on_topic


# Checking a topic


def test_check_counts_precision_recall_and_errors() -> None:
    rows = [
        LabelledHeadline(headline="Hacker bobol bank", on_topic=True),
        LabelledHeadline(headline="Hacker jadi judul lagu", on_topic=False),
        LabelledHeadline(headline="Bank diam saja", on_topic=True),
        LabelledHeadline(headline="Harga cabai naik", on_topic=False),
    ]
    report = check_headlines(topic(strong=("hacker",)), rows)
    assert (report.headlines, report.on_topic) == (4, 2)
    assert (report.precision, report.recall, report.f1) == (0.5, 0.5, 0.5)
    assert [(error.headline, error.on_topic, error.matched) for error in report.errors] == [
        ("Hacker jadi judul lagu", False, ["hacker"]),
        ("Bank diam saja", True, []),
    ]


def test_check_of_nothing_is_not_an_error() -> None:
    report = check_headlines(topic(strong=("hacker",)), [])
    assert (report.precision, report.recall, report.f1) == (1, 1, 1)


@pytest.mark.parametrize(
    ("published_at", "on_topic"),
    [
        ("2021-05-20T23:00:00+07:00", False),
        ("2021-05-21T00:00:00+07:00", True),
        ("2021-05-22T23:59:00+07:00", True),
        ("2021-05-22T17:30:00+00:00", False),  # the 23rd in Western Indonesia
        (None, True),  # a story without a time may be of these days
    ],
)
def test_only_stories_of_the_topics_days_are_on_topic(published_at: str | None, on_topic: bool) -> None:
    topic = replace(load_topic("data-breach"), since=date(2021, 5, 21), until=date(2021, 5, 22))
    story = Article(
        url="u", canonical_url="u", article_key="k", outlet="o", extractor="x",
        title="Data 279 Juta Penduduk Bocor", body="Kebocoran data itu diselidiki.",
        published_at=datetime.fromisoformat(published_at) if published_at else None,
    )  # fmt: skip
    score(story, topic)
    assert story.relevance is not None
    assert story.relevance.on_topic is on_topic
    assert story.relevance.score >= topic.threshold
