"""Versions of a story: kept, told apart, compared word by word."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.comparing.revision_diff import Change, Difference, Wording, difference, words_of
from crawler.comparing.word_diff import stretches
from crawler.errors import BacaJugaError
from crawler.store.database import Store
from crawler.store.story.revisions import compare_revisions
from tests import news_texts
from tests.crawling import run
from tests.news_texts import Text
from tests.storing import keep, url_of

OPENING = "Sebanyak 279 juta data penduduk bocor, kata Budi."
MIDDLE = "Polisi memeriksa lima orang."
CLOSING = "Setiap data dijual Rp 5.000."


def changed(old: str, new: str) -> list[Change]:
    return compare(old, new).changes


def compare(old: str, new: str) -> Difference:
    return difference(
        Wording(title="Judul", deck=None, body=old), Wording(title="Judul", deck=None, body=new)
    )


# Word by word -----------------------------------------------------------------------------------------------


def test_same_text_has_no_changes() -> None:
    assert changed(OPENING, OPENING) == []


def test_figure_is_taken_with_its_unit() -> None:
    (change,) = changed(OPENING, OPENING.replace("279 juta", "34 juta"))
    assert (change.before, change.old, change.new) == ("Sebanyak", "279 juta", "34 juta")
    assert [(figure.old, figure.new) for figure in change.figures] == [("279 juta", "34 juta")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Rp 5.000", "Rp 7.500"),
        ("1,5 persen", "2 persen"),
        ("10 miliar", "10 triliun"),
        ("91 akun", "92 akun"),
    ],
)
def test_changed_figures_are_flagged(old: str, new: str) -> None:
    assert len(compare(f"Kerugian {old} lebih", f"Kerugian {new} lebih").figures) == 1


def test_words_without_figures_are_not_flagged() -> None:
    assert compare("Polisi menangkap Budi", "Polisi membebaskan Budi").figures == []


def test_deletion_is_flagged() -> None:
    found = compare(f"{OPENING} {MIDDLE} {CLOSING}", f"{OPENING} {CLOSING}")
    assert found.deletions == [MIDDLE]
    assert (found.words_added, found.words_removed) == (0, 4)


def test_deleted_word_is_flagged() -> None:
    assert compare("Budi tidak bersalah", "Budi bersalah").deletions == ["tidak"]


def test_added_paragraph_begins_at_its_own_first_word() -> None:
    (change,) = changed(f"{OPENING}\n\n{CLOSING}", f"{OPENING}\n\n{MIDDLE}\n\n{CLOSING}")
    assert (change.old, change.new) == ("", MIDDLE)


def test_deletion_next_to_a_changed_figure_stays_one() -> None:
    found = compare(f"{OPENING}\n\n{MIDDLE} {CLOSING}", f"{OPENING}\n\n{CLOSING.replace('5.000', '7.500')}")
    assert found.deletions == [MIDDLE]
    assert [(figure.old, figure.new) for figure in found.figures] == [("Rp 5.000", "Rp 7.500")]


def test_title_and_deck_are_compared() -> None:
    found = difference(
        Wording(title="279 Juta Data Bocor", deck=None, body=OPENING),
        Wording(title="34 Juta Data Bocor", deck="Menurut polisi.", body=OPENING),
    )
    assert found.title_changed
    assert [(change.place, change.old, change.new) for change in found.changes] == [
        ("title", "279 Juta", "34 Juta"),
        ("deck", "", "Menurut polisi."),
    ]


def test_rewritten_book_of_a_story_is_compared_at_once() -> None:
    random = Random(1)
    old, new = (" ".join(f"kata{random.randrange(10**6)}" for _ in range(30_000)) for _ in range(2))
    (change,) = changed(f"{OPENING} {old} {CLOSING}", f"{OPENING} {new} {CLOSING}")
    assert (change.before, change.after) == ("penduduk bocor, kata Budi.", CLOSING)


WORDS = st.lists(st.sampled_from(["data", "bocor", "279 juta", ".", "\n\n", "polisi"]), max_size=25)


@given(WORDS, WORDS)
def test_stretches_turn_one_text_into_the_other(first: list[str], second: list[str]) -> None:
    rebuilt, at = [], 0
    for stretch in stretches(first, second):
        rebuilt += first[at : stretch.old_from] + second[stretch.new_from : stretch.new_to]
        at = stretch.old_to
    assert rebuilt + first[at:] == second


@given(st.text())
def test_any_text_can_be_compared(text: str) -> None:
    assert compare(text, "").words_added == 0
    assert isinstance(words_of(text), list)


# In the store -----------------------------------------------------------------------------------------------


def edited(store: Store) -> list[Text]:
    """A story in three versions."""
    first = Text(title="279 Juta Data Bocor", dateline="JAKARTA", paragraphs=(OPENING, MIDDLE, CLOSING))
    second = Text(
        title="34 Juta Data Bocor",
        dateline="JAKARTA",
        paragraphs=(OPENING.replace("279", "34"), MIDDLE, CLOSING),
    )
    third = Text(title=second.title, dateline="JAKARTA", paragraphs=(second.paragraphs[0], CLOSING))
    for minute, text in enumerate((first, second, third)):
        keep(store, url_of(1), text, minute=minute)
    return [first, second, third]


def test_last_two_versions_are_compared(store: Store) -> None:
    edited(store)
    found = compare_revisions(store, url_of(1))
    assert found is not None
    assert (found.old.number, found.new.number, found.versions) == (2, 3, 3)
    assert found.difference.deletions == [MIDDLE]


def test_any_two_versions_are_compared(store: Store) -> None:
    edited(store)
    found = compare_revisions(store, url_of(1), 1, 3)
    assert found is not None
    assert found.difference.title_changed
    assert [figure.new for figure in found.difference.figures] == ["34 Juta", "34 juta"]


def test_newest_version_may_be_the_first_again(store: Store) -> None:
    first, *_ = edited(store)
    keep(store, url_of(1), first, minute=9)
    found = compare_revisions(store, url_of(1))
    assert found is not None
    assert (found.old.number, found.new.number, found.versions) == (3, 1, 3)


def test_story_with_one_version_has_nothing_to_compare(store: Store) -> None:
    keep(store, url_of(1), news_texts.story(Random(2)))
    assert compare_revisions(store, url_of(1)) is None
    assert compare_revisions(store, url_of(2)) is None


def test_unknown_version_is_named(store: Store) -> None:
    edited(store)
    with pytest.raises(BacaJugaError, match=r"no version 4 of .*; stored are 1 to 3"):
        compare_revisions(store, url_of(1), 4)


# On the command line ----------------------------------------------------------------------------------------


def test_diff_shows_what_changed(store: Store, database_url: str) -> None:
    edited(store)
    done = run("diff", url_of(1), "--from", "1", "--to", "3", "--db", database_url)
    assert done.status == 0, done.stderr
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert lines[0] == "34 Juta Data Bocor"
    assert "title  279 Juta Data Bocor → 34 Juta Data Bocor" in lines
    assert "figure  279 juta → 34 juta" in lines
    assert f"deleted  {MIDDLE}" in lines
    assert "body  JAKARTA - Sebanyak [-279 juta-]{+34 juta+} data penduduk bocor, kata Budi" in lines


def test_diff_as_json(store: Store, database_url: str) -> None:
    edited(store)
    done = run("diff", url_of(1), "--json", "--db", database_url)
    record = json.loads(done.stdout)
    assert record["difference"]["deletions"] == [MIDDLE]
    assert (record["old"]["number"], record["new"]["number"]) == (2, 3)


def test_diff_of_a_story_with_one_version_says_so(store: Store, database_url: str) -> None:
    keep(store, url_of(1), news_texts.story(Random(3)))
    done = run("diff", url_of(1), "--db", database_url)
    assert (done.status, done.stdout) == (3, "")
    assert done.stderr.startswith("no two versions stored of")
