"""A topic file is read whole, and what is wrong with one is said in one clear line."""

from __future__ import annotations

import contextlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import BacaJugaError, TopicError
from crawler.topic import load_topic
from crawler.topic.topic_check import read_headlines
from crawler.topic.topic_file import read_topic_file
from crawler.topic.topic_rules import NearPair

SMALLEST = 'name = "kopi"\nstrong = ["harga kopi"]\n'
WHOLE = """
name = "kopi-robusta"
title = "Harga kopi"
language = "id"
seeds = ["https://www.kompas.com/a", "http://m.tribunnews.com/b?page=2"]
since = 2023-01-01
until = 2024-06-30
threshold = 0.6
min_score = 0.3
strong = ["harga kopi", "ROOT:panen kopi"]
not = ["kopi darat"]
hide = 2

[[near]]
left = ["kopi", "robusta"]
right = ["ROOT:naik", "mahal*"]
without = ["gaji"]
ordered = true
window = 5
weight = 0.4

[context]
words = ["lampung"]
weight = 0.1

[tags]
all = ["kopi"]
kompas = ["harga kopi", "kopi"]
"""


def test_every_key_is_read() -> None:
    file = read_topic_file(WHOLE, "kopi.toml")
    assert (file.name, file.title, file.language) == ("kopi-robusta", "Harga kopi", "id")
    assert file.seeds == ("https://www.kompas.com/a", "http://m.tribunnews.com/b?page=2")
    assert (file.since, file.until) == (date(2023, 1, 1), date(2024, 6, 30))
    assert (file.threshold, file.min_score) == (0.6, 0.3)
    assert file.rules.strong == ("harga kopi", "ROOT:panen kopi")
    assert (file.rules.hiding, file.rules.hide) == (("kopi darat",), 2)
    assert file.rules.near == (
        NearPair(
            left=("kopi", "robusta"),
            right=("ROOT:naik", "mahal*"),
            without=("gaji",),
            ordered=True,
            window=5,
            weight=0.4,
        ),
    )
    assert (file.rules.context, file.rules.context_weight) == (("lampung",), 0.1)
    assert file.tags == {"all": ("kopi",), "kompas": ("harga kopi", "kopi")}


def test_what_is_left_out_has_a_default() -> None:
    file = read_topic_file(SMALLEST, "kopi.toml")
    assert (file.title, file.language, file.seeds) == ("kopi", "id", ())
    assert (file.since, file.until, file.threshold, file.min_score) == (None, None, 0.5, 0.2)
    assert (file.rules.near, file.rules.context, file.rules.hiding, file.tags) == ((), (), (), {})


def test_empty_lists_may_stay_in_a_template() -> None:
    file = read_topic_file(SMALLEST + "seeds = []\nnot = []\n[context]\nwords = []", "kopi.toml")
    assert (file.seeds, file.rules.hiding, file.rules.context) == ((), (), ())


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("strogn = ['x']", ["unknown key strogn = ['x']", "nearest known key is strong"]),
        ("[context]\nword = ['x']", ["unknown key context.word", "nearest known key is words"]),
        ("[[near]]\nleft = ['a']\nrigth = ['b']", ["unknown key near[1].rigth", "is right"]),
        ("[[near]]\nleft = ['a']", ["near[1].right is missing"]),
        ("[[near]]\nleft = ['a']\nright = ['b']\nwindow = 0", ["near[1].window is 0", "from 1 to 50"]),
        ("[[near]]\nleft = ['a']\nright = ['b']\nordered = 1", ["near[1].ordered is 1", "true or false"]),
        ("[near]\nleft = ['a']", ["near is", "[[near]]"]),
        ("near = ['a']", ["near is 'a'", "[near]"]),
        ("threshold = 1.5", ["threshold is 1.5", "from 0.05 to 0.95"]),
        ("threshold = 'high'", ["threshold is 'high'", "number"]),
        ("min_score = true", ["min_score is True", "number"]),
        ("hide = 2.5", ["hide is 2.5", "whole number"]),
        ("language = 'Indonesian'", ["language is 'Indonesian'", "such as id"]),
        ("title = ''", ["title is ''"]),
        ("seeds = 'https://a.id'", ["seeds is 'https://a.id'", "a list"]),
        ("seeds = ['www.kompas.com']", ["seeds is 'www.kompas.com'", "https://"]),
        ("seeds = ['https://[a']", ["seeds is 'https://[a'", "https://"]),
        ("[[near]]\nleft = []\nright = ['b']", ["near[1].left is []", "a list"]),
        ("since = '2021-05-01'", ["since is '2021-05-01'", "without quotes", "since = 2021-05-01"]),
        ("since = 2021-05-01T10:00:00", ["since is", "a day"]),
        ("since = 2022-01-01\nuntil = 2021-01-01", ["until is", "not before since", "2022-01-01"]),
        ("not = ['']", ["not is ''", "not empty"]),
        ("not = ['a*']", ["not is 'a*'", "at least 3 letters"]),
        ("not = ['ROOT:']", ["not is 'ROOT:'", "ROOT:bocor"]),
        ("not = [3]", ["not is 3", "a text"]),
        ("language = 'en'\nnot = ['ROOT:bocor']", ["not is 'ROOT:bocor'", "language is 'id'"]),
        ("tags = 'kopi'", ["tags is 'kopi'", "[tags]"]),
        ("[tags]\nkompas = 'kopi'", ["tags.kompas is 'kopi'", "a list"]),
        ("title = kopi", ["not valid TOML", "line 3"]),
    ],
)
def test_error_names_file_key_value_and_what_is_allowed(lines: str, said: list[str]) -> None:
    with pytest.raises(TopicError) as raised:
        read_topic_file(SMALLEST + lines, "kopi.toml")
    message = str(raised.value)
    assert message.startswith("topic file kopi.toml")
    assert "\n" not in message
    for part in said:
        assert part in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("strong = ['kopi']", "name is missing"),
        ("name = 'Kopi Robusta'\nstrong = ['kopi']", "small letters, digits and hyphens"),
        ("name = 'kopi'", "no phrases to look for"),
    ],
)
def test_name_and_phrases_are_needed(text: str, said: str) -> None:
    with pytest.raises(TopicError, match=said):
        read_topic_file(text, "kopi.toml")


@given(st.text())
def test_any_text_is_a_topic_or_a_topic_error(text: str) -> None:
    with contextlib.suppress(TopicError):
        read_topic_file(text, "any.toml")


# Where topics come from


@pytest.mark.parametrize("as_text", [str, Path])
def test_path_is_a_topic_of_ones_own(tmp_path: Path, as_text: type) -> None:
    (tmp_path / "mine.toml").write_text(WHOLE, encoding="utf-8")
    topic = load_topic(as_text(tmp_path / "mine.toml"))
    assert topic.name == "kopi-robusta"
    assert topic.score_headline("Harga kopi di Lampung") > 0.6
    assert topic.tags_for("kompas") == ("kopi", "harga kopi")
    assert topic.tags_for("detik") == ("kopi",)


def test_bare_file_name_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(SMALLEST, encoding="utf-8")
    assert load_topic("mine.toml").name == "kopi"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nosuch", r"no topic named 'nosuch'; known: data-breach, .*\./nosuch\.toml"),
        ("", "no topic named ''"),
        ("./nosuch.toml", "nosuch.toml cannot be read: No such file"),
        ("./", "cannot be read"),
    ],
)
def test_unknown_topic_says_what_is_known(name: str, said: str) -> None:
    with pytest.raises(BacaJugaError, match=said):
        load_topic(name)


def test_mark_that_windows_editors_put_on_top_is_no_part_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(SMALLEST, encoding="utf-8-sig")
    assert load_topic(tmp_path / "mine.toml").name == "kopi"


def test_file_that_is_not_text_is_a_topic_error(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"name = \xff")
    with pytest.raises(TopicError, match="not UTF-8"):
        load_topic(tmp_path / "mine.toml")


# Labelled headlines


def test_headlines_are_read_by_column(tmp_path: Path) -> None:
    file = tmp_path / "h.tsv"
    file.write_text('\ufeffkind\tlabel\theadline\nx\t1\t"Data" bocor\ny\t0\tCabai naik\n', encoding="utf-8")
    rows = [(row.headline, row.on_topic) for row in read_headlines(file)]
    assert rows == [('"Data" bocor', True), ("Cabai naik", False)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("headline,label\nx,1\n", "lacks the column headline and label; it has: headline,label"),
        ("", "it has: none"),
        ("headline\tlabel\nx\tyes\n", "line 2: label is 'yes'; allowed: 1"),
        ("headline\tlabel\nx\n", "line 2: label is ''"),
    ],
)
def test_bad_headlines_say_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "h.tsv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(TopicError, match=said):
        read_headlines(file)


def test_missing_headlines_are_a_topic_error(tmp_path: Path) -> None:
    with pytest.raises(TopicError, match="cannot be read"):
        read_headlines(tmp_path / "nosuch.tsv")
