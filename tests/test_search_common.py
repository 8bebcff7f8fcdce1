"""Searching for what many texts have: on Postgres the last stored are ranked, and no more are read."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from crawler.search.query import parse_query
from crawler.store.answers import search_engines
from crawler.store.answers.search import SearchFilter, search
from crawler.store.database import Store
from tests import stories

STORIES = 40


@pytest.fixture
def many(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store whose texts all have one word, every second one another, and the first one a third."""
    monkeypatch.setattr(search_engines, "MOST_RANKED", 4)
    monkeypatch.setattr(search_engines, "PROBED", 10)
    with store.write() as connection:
        for number in range(1, STORIES + 1):
            stories.add_story(
                connection, number, f"https://www.detik.com/berita/d-{number}/x", f"Judul {number}", day=20,
                body=f"Data bocor{' lagi' if number % 2 == 0 else ''}{' pertama' if number == 1 else ''}.",
            )  # fmt: skip
    return store


def found(store: Store, written: str, wanted: SearchFilter | None = None) -> list[int]:
    result = search(store, parse_query(written), wanted, limit=STORIES)
    return sorted(int(hit.url.split("d-")[1].split("/")[0]) for hit in result.hits)


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("bocor", [37, 38, 39, 40]),
        ('"data bocor"', [37, 38, 39, 40]),
        ('"bocor lagi"', [34, 36, 38, 40]),
        ("lagi", [34, 36, 38, 40]),
        ("pertama", [1]),
        ("bocor -lagi", [33, 35, 37, 39]),
        ("tidakada", []),
    ],
)
def test_of_what_is_common_the_last_stored_are_ranked(many: Store, written: str, numbers: list[int]) -> None:
    every = found(many, written)
    if many.is_sqlite:  # which reads its hits one by one, and needs no limit
        assert set(numbers) <= set(every)
    else:
        assert every == numbers


def test_what_is_common_among_all_may_be_rare_among_the_wanted(many: Store) -> None:
    with many.write() as connection:
        stories.add_topic(connection, 2, "bpjs", relevance=0.9)
    assert found(many, "bocor", SearchFilter(topic="bpjs")) == [2]


def test_a_common_word_is_not_looked_for_in_every_text(many: Store) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(many.engine, "before_cursor_execute", note)
    found(many, "bocor")
    event.remove(many.engine, "before_cursor_execute", note)
    matching = [statement for statement in asked if "@@" in statement]
    assert bool(matching) is not many.is_sqlite  # which reads its hits one by one
    assert all("revisions.id >=" in statement for statement in matching)
