"""Fingerprints and likeness, without any store."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise
from random import Random

import pytest
from scrapy.settings import Settings

from crawler.comparing.fingerprint import BANDS, Fingerprint, fingerprint, story_words
from crawler.comparing.likeness import CopyKind, Likeness, Shape, Thresholds, compare, kind, matches, shape_of
from crawler.comparing.text_blocks import block_key, blocks, folded, own_blocks
from crawler.comparing.text_marks import thresholds_of
from tests import news_texts
from tests.news_texts import Text

PAIRS = 300  # of each kind
TEXT_KEY, FIRST_BAND, LAST_BAND = 7956421132717997242, -3309498398264304068, 5754494377224554214


def mark_of(body: str, dateline: str | None = None) -> Fingerprint:
    mark = fingerprint(story_words(body, dateline=dateline, host="www.kompas.com"))
    assert mark is not None
    return mark


def shape(text: str) -> Shape:
    return shape_of(story_words(text).tokens)


def likeness_of(first: Text, second: Text) -> tuple[Likeness, CopyKind | None]:
    one, other = (shape_of(story_words(each.body, dateline=each.dateline).tokens) for each in (first, second))
    likeness = compare(one, other)
    return likeness, kind(one, other, likeness, Thresholds())


def is_found(first: Text, second: Text) -> bool:
    """Whether the store would link the two: they share a key, and the texts are alike."""
    marks = [mark_of(each.body, each.dateline) for each in (first, second)]
    return not set(marks[0].keys).isdisjoint(marks[1].keys) and likeness_of(first, second)[1] in (
        CopyKind.EXACT,
        CopyKind.NEAR,
    )


# Fingerprints -----------------------------------------------------------------------------------------------


def test_text_has_sixteen_bands_and_a_key_of_64_bits() -> None:
    mark = mark_of(news_texts.story(Random(1)).body)
    assert len(set(mark.bands)) == BANDS
    assert all(-(2**63) <= key < 2**63 for key in mark.keys)
    assert mark.keys == sorted(mark.keys)


def test_keys_are_the_same_on_every_machine() -> None:
    """A store is read by other machines and later versions: new keys need a new SIG_VERSION."""
    words = " ".join(f"kata{number}" for number in range(40))
    mark = mark_of(words)
    assert (mark.text_key, mark.bands[0], mark.bands[15]) == (TEXT_KEY, FIRST_BAND, LAST_BAND)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Data bocor.", "data  BOCOR"),
        ("Data bocor, kata Budi.", "“Data bocor” kata Budi"),
        ("Data ２７９ juta", "Data 279 juta"),
    ],
)
def test_only_words_count(one: str, other: str) -> None:
    assert mark_of(one).text_key == mark_of(other).text_key


def test_dateline_does_not_count() -> None:
    one = mark_of("JAKARTA, KOMPAS.com - Data bocor.", "JAKARTA, KOMPAS.com")
    assert one == mark_of("Data bocor.")


def test_short_text_has_its_exact_key_only() -> None:
    assert mark_of("kata " * 24).bands == ()
    assert mark_of("kata " * 25).bands != ()


def test_text_without_words_has_no_fingerprint() -> None:
    assert fingerprint(story_words("… — !")) is None
    assert fingerprint(story_words("")) is None


def test_standing_lines_are_left_out() -> None:
    text = news_texts.story(Random(2)).body
    spoilt = (
        f"{text}\n\nSCROLL TO CONTINUE WITH CONTENT\n\nArtikel ini telah tayang di Kompas.com dengan judul X"
    )
    assert mark_of(spoilt).text_key == mark_of(text).text_key


def test_repeated_blocks_are_left_out() -> None:
    text = news_texts.story(Random(3)).body
    footer = "Ikuti saluran kami untuk 12 kabar pilihan setiap hari."
    key = block_key(folded(footer), "www.kompas.com")
    assert key is not None
    words = story_words(f"{text}\n\n{footer}", host="www.kompas.com", repeated={key})
    assert words.tokens == story_words(text).tokens


def test_blocks_differ_by_host_and_not_by_figures() -> None:
    assert block_key("harga emas naik jadi 15 ribu", "a.com") == block_key(
        "harga emas naik jadi 27 ribu", "a.com"
    )
    assert block_key("harga emas naik jadi 15 ribu", "a.com") != block_key(
        "harga emas naik jadi 15 ribu", "b.com"
    )


def test_blocks_are_lines_and_sentences() -> None:
    text = 'Satu kalimat. "Dua kalimat!" Tiga?\n\nEmpat 1.500 orang'
    assert [each.strip(' ".') for each in blocks(text)] == [
        "Satu kalimat", "Dua kalimat", "Tiga", "Empat 1.500 orang",
    ]  # fmt: skip


def test_short_blocks_are_not_counted() -> None:
    assert own_blocks("ujarnya. begitu katanya.", "a.com", ())[1] == ()


def test_book_of_a_story_does_not_take_the_memory() -> None:
    random = Random(4)
    words = " ".join(f"kata{random.randrange(10**9)}" for _ in range(60_000))
    assert len(mark_of(words).bands) == BANDS


# Likeness ---------------------------------------------------------------------------------------------------


def test_scores_count_shared_three_grams() -> None:
    one = shape("a b c d e")
    other = shape("b c d e f g")
    likeness = compare(one, other)
    assert likeness.j3 == pytest.approx(2 / 5)
    assert likeness.containment == pytest.approx(2 / 3)
    assert likeness.contains == pytest.approx(2 / 4)


def test_numbers_that_neither_has_confirm_nothing() -> None:
    assert compare(shape("a b c"), shape("a b c")).num_jaccard == 0.0
    assert compare(shape("a 279 b"), shape("a 279 c 34")).num_jaccard == 0.5


@pytest.mark.parametrize(
    ("j3", "numbers", "containment", "expected"),
    [
        (0.72, 0.0, 0.8, CopyKind.NEAR),
        (0.55, 0.75, 0.7, CopyKind.NEAR),
        (0.55, 0.65, 0.7, None),
        (0.45, 1.0, 0.7, None),
        (0.3, 0.2, 0.92, CopyKind.CONTAINED),
        (0.3, 0.2, 0.88, None),
    ],
)
def test_kind_follows_the_thresholds(
    j3: float, numbers: float, containment: float, expected: CopyKind | None
) -> None:
    long_text = shape_of([f"kata{number}" for number in range(30)])
    likeness = Likeness(j3=j3, num_jaccard=numbers, containment=containment, contains=0.3, is_same_text=False)
    assert kind(long_text, long_text, likeness, Thresholds()) is expected


def test_thresholds_are_settings() -> None:
    chosen = thresholds_of(Settings({"COPY_NEAR": "0.8", "COPY_NEAR_WITH_NUMBERS": 0.6}))
    assert chosen == Thresholds(near=0.8, near_with_numbers=0.6)
    assert thresholds_of(Settings()) == Thresholds()


def test_short_texts_are_copies_only_word_for_word() -> None:
    one = shape("Simak video selengkapnya tentang banjir di Jakarta pada hari Senin")
    other = shape("Simak video selengkapnya tentang banjir di Jakarta pada hari Selasa")
    assert kind(one, other, compare(one, other), Thresholds(near=0.1)) is None
    assert kind(one, one, compare(one, one), Thresholds()) is CopyKind.EXACT


def test_best_of_several_stories_is_chosen() -> None:
    random = Random(5)
    text = news_texts.story(random)
    edited = news_texts.sentence_dropped(news_texts.sentence_added(text, random), random)
    shapes = [shape_of(story_words(each.body).tokens) for each in (edited, text, news_texts.story(random))]
    copied, parts = matches(
        shape_of(story_words(text.body).tokens), dict(enumerate([[s] for s in shapes])), Thresholds()
    )
    assert copied is not None
    assert (copied.other_id, copied.kind, parts) == (1, CopyKind.EXACT, [])


def test_round_up_holds_a_whole_story() -> None:
    random = Random(6)
    text = news_texts.story(random)
    round_up = Text(
        title="Ragam Cerita",
        dateline=text.dateline,
        paragraphs=(
            *news_texts.story(random).paragraphs,
            *text.paragraphs,
            *news_texts.story(random).paragraphs,
        ),
    )
    likeness, what = likeness_of(text, round_up)
    assert what is CopyKind.CONTAINED
    assert likeness.containment > 0.9 > likeness.contains


# Quality ----------------------------------------------------------------------------------------------------


def test_precision_and_recall_on_copies_and_hard_non_copies() -> None:
    random = Random(20210521)
    stories = [news_texts.story(random) for _ in range(PAIRS)]
    true_pairs = [(text, news_texts.copy_of(text, random)) for text in stories]
    gold = [news_texts.gold_price(random) for _ in range(PAIRS + 1)]
    games = [news_texts.live_score(random) for _ in range(PAIRS + 1)]
    false_pairs = [
        *((text, news_texts.follow_up(text, random)) for text in stories),
        *pairwise(gold),
        *pairwise(games),
        *pairwise(stories),
    ]
    found = sum(is_found(*pair) for pair in true_pairs)
    wrong = sum(is_found(*pair) for pair in false_pairs)
    assert found / len(true_pairs) >= 0.95
    assert found / (found + wrong) >= 0.99


@pytest.mark.parametrize("change", news_texts.CHANGES, ids=lambda change: change.__name__)
def test_every_change_alone_leaves_a_copy(change: news_texts.Change) -> None:
    random = Random(7)
    texts = [news_texts.story(random) for _ in range(60)]
    assert sum(is_found(text, change(text, random)) for text in texts) >= 59


# Cost -------------------------------------------------------------------------------------------------------


def test_fingerprint_of_an_article_takes_less_than_a_millisecond() -> None:
    """The aim is 0.3 ms for 2.4 kB (tests/benchmarks/dedupe.py); a busy machine gets room here."""
    random = Random(8)
    texts = [" ".join(news_texts.paragraphs(random, 12))[:2400] for _ in range(50)]
    best = min(_seconds(texts) for _ in range(5)) / len(texts)
    assert best < 0.001


def test_help_and_read_do_without_numpy() -> None:
    code = (
        "import sys, crawler.cli.app, crawler.cli.read, crawler.reading.reader, crawler.items;"
        " sys.exit(bool({'numpy', 'xxhash'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=300).returncode == 0


def _seconds(texts: list[str]) -> float:
    started = time.process_time()
    for text in texts:
        mark_of(text)
    return time.process_time() - started
