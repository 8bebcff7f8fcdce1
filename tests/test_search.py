"""Searching the stored stories: what a person writes, and what is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.errors import SearchError
from crawler.search.query import Query, Term, parse_query
from crawler.store.answers.search import BEGIN, END, SearchFilter, search
from crawler.store.answers.search_expression import fts5_expression, tsquery_expressions
from crawler.store.database import Store, open_store
from tests import stories
from tests.searching import add, only, plain, titles


@pytest.fixture
def filled(store: Store) -> Store:
    stories.fill(store)
    return store


@pytest.fixture(scope="module")
def shared(shared_database_url: str) -> Iterator[Store]:
    opened = open_store(shared_database_url)
    stories.fill(opened)
    yield opened
    opened.close()


# What a person writes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "all_of", "none_of"),
    [
        ("kotz raid", [["kotz"], ["raid"]], []),
        ('"raid forums" kotz', [["raid forums"], ["kotz"]], []),
        ("“raid forums”", [["raid forums"]], []),
        ('"raid forums', [["raid forums"]], []),
        ("bocor*", [["bocor*"]], []),
        ('"data bocor"*', [["data bocor*"]], []),
        ('"data bocor*"', [["data bocor*"]], []),
        ("kotz -ponsel", [["kotz"]], ["ponsel"]),
        ('kotz -"raid forums"', [["kotz"]], ["raid forums"]),
        ("covid-19", [["covid 19"]], []),
        ("-- kotz - &", [["kotz"]], []),
        ("kominfo OR bssn data", [["kominfo", "bssn"], ["data"]], []),
        ("OR kotz OR", [["kotz"]], []),
        ("NEAR(a b) AND title:x", [["NEAR a"], ["b"], ["AND"], ["title x"]], []),
        ("'; DROP TABLE articles;--", [["DROP"], ["TABLE"], ["articles"]], []),
        ("Data\u00a0bocor\0!", [["Data"], ["bocor"]], []),
    ],
)
def test_query_is_read_as_a_person_means_it(
    written: str, all_of: list[list[str]], none_of: list[str]
) -> None:
    def shown(term: Term) -> str:
        return " ".join(term.words) + "*" * term.is_prefix

    query = parse_query(written)
    assert [[shown(term) for term in group] for group in query.all_of] == all_of
    assert [shown(term) for term in query.none_of] == none_of


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "give at least a word"),
        ("&&& !!", "give at least a word"),
        ("-kotz", "give at least one word without a minus sign"),
        ("*bocor", "write bocor*"),
        ("da*ta", "write da*"),
        ("**", "give at least a word"),
        ("a" * 101, "no word has 101 letters; give a beginning: aaaaaaaa*"),
        ("a " * 65, "at most 64 words"),
    ],
)
def test_what_cannot_be_searched_is_said_in_one_line(written: str, said: str) -> None:
    with pytest.raises(SearchError) as raised:
        parse_query(written)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\"*-():^{}+&|!<>'\\ ORNEAR²")), max_size=40)
)
def test_no_query_can_break_an_engine(shared: Store, written: str) -> None:
    try:
        query = parse_query(written)
    except SearchError:
        return
    assert len(search(shared, query, limit=2).hits) <= 2


@pytest.mark.parametrize("engine", [fts5_expression, lambda query: tsquery_expressions(query)[0]])
def test_expressions_hold_nothing_but_words_in_quotation_marks(engine: object) -> None:
    words = engine(parse_query("a'b \"c'd\" -e f*"))  # type: ignore[operator]
    for word in "abcdf":
        assert word in words
    assert "a'b" not in words


# What is found ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("raid forums", ["Kominfo Blokir Raid Forums"]),
        ('"forums raid"', []),
        ('"raid forums"', ["Kominfo Blokir Raid Forums"]),
        ("BPJS", ["279 Juta Data Peserta BPJS Bocor", "Bareskrim Periksa Dirut BPJS"]),
        ("bpjs -dirut", ["279 Juta Data Peserta BPJS Bocor"]),
        ("bareskrim OR kominfo", ["Bareskrim Periksa Dirut BPJS", "Kominfo Blokir Raid Forums"]),
        ("komin*", ["Kominfo Blokir Raid Forums"]),
        ("paragraf dirut", ["Bareskrim Periksa Dirut BPJS"]),
        ("tidakada", []),
    ],
)
def test_stories_are_found_by_their_words(shared: Store, written: str, found: list[str]) -> None:
    assert sorted(titles(shared, written)) == found


def test_headline_weighs_more_than_the_body(store: Store) -> None:
    add(store, 1, "Berita Lain", "Kotz disebut sekali di sini, kata juru bicara itu.")
    add(store, 2, "Menelusuri Kotz", "Isi tanpa nama itu, kata juru bicara itu juga.")
    add(store, 3, "Berita Ketiga", "Tidak ada apa-apa di sini.")
    assert titles(store, "kotz") == ["Menelusuri Kotz", "Berita Lain"]


def test_words_that_were_found_are_marked(store: Store) -> None:
    words = " ".join(f"kata{number}" for number in range(80))
    add(store, 1, "Menelusuri Kotz", f"{words} akun kotz menjual {words}", deck="Siapa dia")
    hit = only(search(store, parse_query("kotz akun"), limit=5))
    assert hit.title == f"Menelusuri {BEGIN}Kotz{END}"
    assert f"{BEGIN}kotz{END}" in hit.snippet
    assert hit.snippet.startswith("…")
    assert hit.snippet.endswith("…")
    assert len(hit.snippet.split()) < 50


def test_accents_do_not_matter_on_sqlite(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "news.db"))
    add(store, 1, "Résumé Rapat")
    assert titles(store, "resume") == titles(store, "résumé") == ["Résumé Rapat"]
    store.close()


def test_forms_of_a_word_are_one_on_postgres_and_a_beginning_finds_them_on_both(store: Store) -> None:
    add(store, 1, "Kebocoran Data Terjadi Lagi")
    assert titles(store, "bocor") == ([] if store.is_sqlite else ["Kebocoran Data Terjadi Lagi"])
    assert titles(store, "kebocor*") == ["Kebocoran Data Terjadi Lagi"]


def test_a_beginning_that_is_no_stem_is_found(store: Store) -> None:
    add(store, 1, "Peretasan Situs")
    assert titles(store, "peretas*") == ["Peretasan Situs"]
    assert titles(store, "peretas* -situs") == []


def test_names_with_signs_in_them_are_words(store: Store) -> None:
    add(store, 1, "Cek di bpjs-kesehatan.go.id soal Covid-19")
    for written in ("kesehatan", "covid-19", "19", "bpjs-kesehatan.go.id", '"go id"'):
        assert titles(store, written) == ["Cek di bpjs-kesehatan.go.id soal Covid-19"], written


def test_copies_stand_behind_the_first_one(filled: Store) -> None:
    hit = only(search(filled, parse_query("kominfo raid")))
    assert (hit.url, hit.copies) == (stories.SECOND, 1)
    every = search(filled, parse_query("kominfo raid"), fold_copies=False).hits
    assert {each.url for each in every} == {stories.SECOND, stories.COPY}


def test_the_first_copy_stands_for_the_others_even_if_it_ranks_below(store: Store) -> None:
    add(store, 1, "Kabar Sore", "Kotz " + "kata lain " * 200)
    for number in (2, 3):
        add(store, number, "Kotz Kotz Kotz", "kotz", duplicate_of=1)
    for number in range(4, 30):
        add(store, number, f"Kotz Nomor {number}", "kotz")
    result = search(store, parse_query("kotz"), limit=1)
    assert result.has_more
    assert (plain(result.hits[0].title), result.hits[0].copies) == ("Kabar Sore", 2)


def test_most_hits_are_kept_to(store: Store) -> None:
    for number in range(1, 90):
        add(store, number, f"Kotz {number}", duplicate_of=1 if 1 < number < 80 else None)
    result = search(store, parse_query("kotz"), limit=3)
    assert (len(result.hits), result.has_more) == (3, True)
    result = search(store, parse_query("kotz"), limit=11)
    assert (len(result.hits), result.has_more) == (11, False)


def test_filters(shared: Store) -> None:
    may = {"since": datetime(2021, 5, 22, tzinfo=UTC), "until": datetime(2021, 5, 23, tzinfo=UTC)}
    assert titles(shared, "paragraf", SearchFilter(**may)) == ["Kominfo Blokir Raid Forums"]
    assert titles(shared, "paragraf", SearchFilter(outlets=("detik",))) == []
    assert titles(shared, "paragraf", SearchFilter(topic="banjir")) == []
    assert "Bocoran Ponsel Terbaru" in titles(shared, "paragraf", SearchFilter(topic=stories.TOPIC))
    assert "Bocoran Ponsel Terbaru" not in titles(shared, "paragraf", SearchFilter(on_topic_only=True))
    assert len(titles(shared, "paragraf", SearchFilter(outlets=("tribunnews",)))) == 4


def test_hit_tells_where_it_belongs(shared: Store) -> None:
    fits = only(search(shared, parse_query("bareskrim")))
    assert (fits.outlet, fits.topics, fits.on_topic, fits.published_at) == (
        "tribunnews", [stories.TOPIC], True, None,
    )  # fmt: skip
    lure = only(search(shared, parse_query("ponsel")))
    assert (lure.topics, lure.on_topic) == ([], False)
    assert lure.published_at is not None
    assert lure.published_at.isoformat() == "2021-05-20T08:30:00+07:00"


def test_query_is_a_value() -> None:
    assert parse_query("Kotz") == Query(all_of=((Term(("Kotz",)),),))
