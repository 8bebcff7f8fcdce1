"""Searching the stored stories: what a person writes, what is found, and that the index stays right."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, text, update

from crawler.cli import exit_status
from crawler.errors import SearchError
from crawler.search.query import Query, Term, parse_query
from crawler.store.answers.search import BEGIN, END, SearchFilter, SearchHit, SearchResult, search
from crawler.store.answers.search_expression import fts5_expression, tsquery_expressions
from crawler.store.database import Store, open_store
from crawler.store.schema import articles, revisions
from tests import stories
from tests.test_cli import Ran
from tests.test_migrations import new_database_url  # noqa: F401 - a fixture

VIEWS = ("v_stories", "v_read_also", "v_revisions", "v_crawls")


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


def add(store: Store, number: int, title: str, body: str = "Isi.", **fields: object) -> None:
    url = f"https://www.detik.com/berita/d-{900000 + number}/x"
    with store.write() as connection:
        stories.add_story(connection, number, url, title, day=10, body=body, **fields)


def titles(store: Store, written: str, wanted: SearchFilter | None = None, **options: bool) -> list[str]:
    return [plain(hit.title) for hit in search(store, parse_query(written), wanted, **options).hits]


def only(result: SearchResult) -> SearchHit:
    [hit] = result.hits
    return hit


def plain(marked: str) -> str:
    return marked.replace(BEGIN, "").replace(END, "")


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


# The index stays right --------------------------------------------------------------------------------------


def test_an_edited_text_is_found_by_its_new_words_and_by_its_old_ones_when_asked(store: Store) -> None:
    add(store, 1, "Data Kotz Bocor")
    with store.write() as connection:
        connection.execute(
            insert(revisions).values(
                id=2, article_id=1, content_hash="new", title="Data Aman", body="Isi.", authors=[],
                seen_at=stories.SEEN_AT,
            )
        )  # fmt: skip
        connection.execute(update(articles).values(content_hash="new", title="Data Aman"))
    assert titles(store, "kotz") == []
    assert titles(store, "aman") == ["Data Aman"]
    earlier = SearchFilter(earlier_versions=True)
    hit = only(search(store, parse_query("kotz"), earlier))
    assert (plain(hit.title), hit.replaced_version_of) == ("Data Kotz Bocor", stories.SEEN_AT)
    newest = only(search(store, parse_query("data"), earlier))
    assert (plain(newest.title), newest.replaced_version_of) == ("Data Aman", None)


def test_a_text_that_is_read_again_is_indexed_again(store: Store) -> None:
    add(store, 1, "Menu Langganan", "Sampah menu")
    with store.write() as connection:
        connection.execute(update(revisions).values(title="Judul Benar", body="Isi kotz"))
        connection.execute(update(revisions).values(modified_at=stories.SEEN_AT))
    assert titles(store, "sampah") == titles(store, "langganan") == []
    assert titles(store, "kotz") == ["Judul Benar"]


def test_a_deleted_text_is_not_found(store: Store) -> None:
    add(store, 1, "Kotz Satu")
    add(store, 2, "Kotz Dua")
    with store.write() as connection:
        connection.execute(delete(revisions).where(revisions.c.article_id == 2))
    assert titles(store, "kotz") == ["Kotz Satu"]
    if store.is_sqlite:
        with store.write() as connection:
            check = "INSERT INTO search_index(search_index, rank) VALUES ('integrity-check', 1)"
            connection.execute(text(check))  # raises when the index has other words than the table


def test_a_write_that_is_taken_back_leaves_no_words(store: Store) -> None:
    with suppress(ZeroDivisionError), store.write() as connection:
        stories.add_story(connection, 1, stories.SEED, "Kotz", day=1)
        raise ZeroDivisionError
    assert titles(store, "kotz") == []


def test_a_story_of_a_megabyte_can_be_stored_and_found(store: Store) -> None:
    add(store, 1, "Laporan Panjang", "kotz " + " ".join(f"kata{number}x" for number in range(150_000)))
    assert titles(store, "kotz") == ["Laporan Panjang"]


def test_stories_that_were_stored_before_the_index_are_found(
    new_database_url: str,  # noqa: F811
) -> None:
    from alembic import command
    from alembic.config import Config

    from crawler.store import database

    engine = open_store(new_database_url).engine
    engine.dispose()
    older = Store(engine)
    config = Config()
    config.set_main_option("script_location", str(database._migrations()))
    drop_everything(older)
    with older.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
    stories.fill(older)
    older.close()
    newer = open_store(new_database_url, migrate=True)
    assert titles(newer, "raid") == ["Kominfo Blokir Raid Forums"]
    with newer.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM v_stories")) == 5
    newer.close()


def drop_everything(store: Store) -> None:
    with store.write() as connection:
        if not store.is_sqlite:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
            return
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for view in VIEWS:
            connection.execute(text(f"DROP VIEW {view}"))
        connection.execute(text("DROP TABLE search_index"))
        names = connection.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        ).all()
        for name in names:
            connection.execute(text(f'DROP TABLE "{name}"'))


# The views --------------------------------------------------------------------------------------------------


def rows_of(store: Store, view: str) -> list[dict[str, object]]:
    with store.read() as connection:
        return [dict(row._mapping) for row in connection.execute(text(f"SELECT * FROM {view}"))]


def test_views_read_as_a_person_would_write_them(shared: Store) -> None:
    seconds = [row for row in rows_of(shared, "v_stories") if row["url"] == stories.SECOND]
    assert [
        (row["topic"], row["headline"], row["published"], row["modified"], bool(row["on_topic"]))
        for row in seconds
    ] == [(stories.TOPIC, "Kominfo Blokir Raid Forums", "2021-05-22 08:30", "2021-05-22 11:00", True)]
    [copy] = [row for row in rows_of(shared, "v_stories") if row["url"] == stories.COPY]
    assert (copy["duplicate"], copy["first_copy_url"]) == ("exact", stories.SECOND)
    links = {(row["from_url"], row["to_url"]): row for row in rows_of(shared, "v_read_also")}
    assert len(links) == 6
    # The copy links to an AMP address: the view leads to the story.
    assert links[stories.COPY, stories.SECOND]["to_headline"] == "Kominfo Blokir Raid Forums"
    assert links[stories.SEED, stories.BELOW_FLOOR]["to_headline"] is None
    assert {row["newest"] for row in rows_of(shared, "v_revisions")} == {1}
    assert rows_of(shared, "v_crawls") == []


# The command ------------------------------------------------------------------------------------------------


@pytest.fixture
def database(tmp_path: Path) -> str:
    store = open_store(str(tmp_path / "news.db"))
    stories.fill(store)
    add(store, 7, "=HYPERLINK(0) \x1b]0;kotz\x07 hasil", "Kotz \x1b[31mmerah\x1b[0m.")
    store.close()
    return str(tmp_path / "news.db")


def test_command_prints_a_line_a_story_in_a_pipe(database: str) -> None:
    ran = Ran("search", "bpjs", "--db", database)
    assert ran.status == exit_status.OK
    heading, *lines = ran.out.splitlines()
    assert heading.split("\t") == [
        "PUBLISHED", "OUTLET", "TOPICS", "COPIES", "HEADLINE", "FOUND", "URL",
    ]  # fmt: skip
    assert {line.split("\t")[-1] for line in lines} == {stories.SEED, stories.THIRD}
    assert "\x02" not in ran.out


def test_command_takes_several_words(database: str) -> None:
    assert stories.SECOND in Ran("search", "raid", "forums", "--db", database).out


def test_command_prints_json_and_csv(database: str) -> None:
    record = json.loads(Ran("search", "raid", "--json", "--db", database).out)
    assert (record["query"], record["has_more"]) == ("raid", False)
    [hit] = record["hits"]
    assert (hit["url"], hit["found_words"], hit["copies"]) == (stories.SECOND, ["Raid"], 1)
    [row] = csv.DictReader(io.StringIO(Ran("search", "kotz", "--csv", "--db", database).out, newline=""))
    assert row["title"].startswith("'=HYPERLINK(0)"), "a spreadsheet would run it"
    assert Ran("search", "raid", "--csv", "--json", "--db", database).status == exit_status.USAGE


def test_command_prints_nothing_that_a_terminal_obeys(database: str) -> None:
    ran = Ran("search", "kotz", "--db", database)
    assert "\x1b" not in ran.out + ran.err
    assert "\x07" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["tidakada"], "try the beginning of the word with a star"),
        (["kotz", "tidakada"], "try fewer words"),
        (["raid", "--topic", "banjir"], "no topic banjir, the database has: data-breach"),
        (["raid", "--outlet", "kompas"], "no story of kompas, the database has: detik, tribunnews"),
        (["raid", "--since", "2026-01-01"], "try it without --topic, --outlet"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_nothing_found_says_what_to_try(database: str, arguments: list[str], said: str) -> None:
    ran = Ran("search", *arguments, "--db", database)
    assert (ran.status, ran.out) == (exit_status.NOTHING_FOUND, "")
    assert said in ran.err
    assert ran.err.count("\n") == 1


def test_a_query_that_cannot_be_read_is_one_line(database: str) -> None:
    ran = Ran("search", "*bocor", "--db", database)
    assert (ran.status, ran.out, ran.err.count("\n")) == (exit_status.ERROR, "", 1)
    assert "write bocor*" in ran.err


def test_more_than_asked_for_is_told(database: str) -> None:
    ran = Ran("search", "paragraf", "--limit", "1", "--db", database)
    assert len(ran.out.splitlines()) == 2
    assert "more with --limit 5" in ran.err


def test_query_is_a_value() -> None:
    assert parse_query("Kotz") == Query(all_of=((Term(("Kotz",)),),))
