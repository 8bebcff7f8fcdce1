"""Copies, revisions and alarms as the store keeps them, on both databases."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import func, select

from crawler.address import address_of
from crawler.comparing.likeness import Thresholds
from crawler.store.database import Store
from crawler.store.dedupe.alarms import extraction_alarms_of
from crawler.store.dedupe.bands import claim, owners
from crawler.store.dedupe.copies import copies_of
from crawler.store.dedupe.repeats import MEMORY, REPEATED_FROM, count_blocks, repeated_blocks
from crawler.store.schema import articles, block_counts, pages, revisions
from tests import news_texts
from tests.news_texts import Text
from tests.storing import article_of, keep, roots, scores, url_of


def key(number: int, host: str = "www.kompas.com") -> str:
    return address_of(url_of(number, host)).key


def with_paragraph(source: Text, paragraph: str) -> Text:
    return Text(title=source.title, dateline=source.dateline, paragraphs=(*source.paragraphs, paragraph))


# Bands ------------------------------------------------------------------------------------------------------


def test_band_belongs_to_its_first_article(store: Store) -> None:
    with store.write() as connection:
        claim(connection, [(-(2**63), 1), (5, 1), (2**63 - 1, 1)])
        claim(connection, [(5, 2), (6, 2)])
        assert owners(connection, [-(2**63), 5, 6, 7, 2**63 - 1]) == {-(2**63): 1, 5: 1, 6: 2, 2**63 - 1: 1}


# Copies -----------------------------------------------------------------------------------------------------


def test_copy_under_another_address_points_at_the_first(store: Store) -> None:
    random = Random(1)
    story = news_texts.story(random)
    keep(store, url_of(1), story)
    copy = keep(store, url_of(2, "medan.tribunnews.com"), news_texts.dateline_changed(story, random))
    assert copy.duplicate_of == key(1)
    assert roots(store) == {key(1): None, key(2, "medan.tribunnews.com"): key(1)}
    (row,) = scores(store)
    assert (row.kind, row.j3, row.containment, row.num_jaccard, row.sig_version) == ("exact", 1, 1, 1, 1)


def test_edited_copy_is_near(store: Store) -> None:
    random = Random(2)
    story = news_texts.story(random)
    keep(store, url_of(1), story)
    keep(store, url_of(2), news_texts.sentence_dropped(story, random))
    (row,) = scores(store)
    assert row.kind == "near"
    assert 0.5 < row.j3 < 1


def test_follow_up_is_a_story_of_its_own(store: Store) -> None:
    random = Random(3)
    story = news_texts.story(random)
    keep(store, url_of(1), story)
    keep(store, url_of(2), news_texts.follow_up(story, random))
    assert set(roots(store).values()) == {None}


def test_round_up_is_linked_and_not_hidden(store: Store) -> None:
    random = Random(4)
    story = news_texts.story(random)
    # Three quarters new: less than near, enough for the bands to meet.
    more = news_texts.paragraphs(random, 4)
    keep(store, url_of(1), story)
    round_up = keep(
        store,
        url_of(2),
        Text(title="Ragam Cerita", dateline=story.dateline, paragraphs=(*story.paragraphs, *more)),
        thresholds=Thresholds(near=0.95, near_with_numbers=0.95),
    )
    assert round_up.duplicate_of is None
    (row,) = scores(store)
    assert (row.kind, row.article_id, row.of_id) == ("contained", 1, 2)
    assert row.containment >= 0.9
    with store.read() as connection:
        part, whole = copies_of(connection, 1)
    assert (part.relation, whole.relation) == ("this", "holds this")


def test_copy_of_a_copy_points_at_the_root(store: Store) -> None:
    random = Random(5)
    story = news_texts.story(random)
    keep(store, url_of(1), story)
    second = news_texts.sentence_dropped(story, random)
    keep(store, url_of(2), second)
    keep(store, url_of(3), second)
    assert roots(store) == {key(1): None, key(2): key(1), key(3): key(1)}


def test_chain_does_not_drift(store: Store) -> None:
    """Each is near the one before it, and the last has nothing left of the first."""
    random = Random(6)
    pool = [news_texts.sentence(random) for _ in range(40)]
    for step in range(20):
        keep(
            store,
            url_of(step),
            Text(title=f"T{step}", dateline="JAKARTA", paragraphs=tuple(pool[step : step + 20])),
        )
    links = roots(store)
    assert links[key(1)] == key(0)
    assert links[key(19)] != key(0)
    for row in scores(store):
        assert row.j3 >= 0.5
    assert all(links[root] is None for root in links.values() if root)


def test_thresholds_are_settings(store: Store) -> None:
    random = Random(7)
    story = news_texts.story(random)
    strict = Thresholds(near=1.01, near_with_numbers=1.01, contained=1.01)
    keep(store, url_of(1), story)
    keep(store, url_of(2), news_texts.sentence_dropped(story, random), thresholds=strict)
    assert set(roots(store).values()) == {None}


def test_short_texts_are_copies_only_word_for_word(store: Store) -> None:
    def short(words: str) -> Text:
        return Text(title=words, dateline="", paragraphs=(words,))

    keep(store, url_of(1), short("Simak video banjir di Jakarta pada hari Senin"))
    keep(store, url_of(2), short("Simak video banjir di Jakarta pada hari Selasa"))
    keep(store, url_of(3), short("Simak video banjir di Jakarta pada hari Senin"))
    assert roots(store) == {key(1): None, key(2): None, key(3): key(1)}


def test_story_without_words_is_kept(store: Store) -> None:
    keep(store, url_of(1), Text(title="Foto", dateline="", paragraphs=("",)))
    keep(store, url_of(2), Text(title="Foto lain", dateline="", paragraphs=("",)))
    assert set(roots(store).values()) == {None}


def test_pairwise_precision_and_recall_in_the_store(store: Store) -> None:
    random = Random(20210521)
    group_of: dict[str, int] = {}
    texts: list[tuple[int, Text]] = []
    for group in range(60):
        story = news_texts.story(random)
        texts += [
            (group, story),
            (group, news_texts.copy_of(story, random)),
            (group, news_texts.copy_of(story, random)),
        ]
        texts.append((1000 + group, news_texts.follow_up(story, random)))
        texts += [
            (2000 + group, news_texts.gold_price(random)),
            (3000 + group, news_texts.live_score(random)),
        ]
    random.shuffle(texts)
    for number, (group, story) in enumerate(texts):
        host = f"www{number % 7}.kompas.com"
        keep(store, url_of(number, host), story)
        group_of[key(number, host)] = group
    root_of = {story_key: root or story_key for story_key, root in roots(store).items()}
    names = sorted(root_of)
    together = {(a, b) for a in names for b in names if a < b and root_of[a] == root_of[b]}
    truly = {(a, b) for a in names for b in names if a < b and group_of[a] == group_of[b]}
    assert len(together & truly) / len(together) >= 0.99
    assert len(together & truly) / len(truly) >= 0.95


# Revisions --------------------------------------------------------------------------------------------------


def test_edited_story_twice_gives_three_revisions_and_one_article(store: Store) -> None:
    random = Random(8)
    story = news_texts.story(random)
    for minute in range(3):
        keep(store, url_of(1), story, minute=minute)
        keep(store, url_of(1), story, minute=minute)
        story = with_paragraph(story, news_texts.sentence(random))
    with store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(articles)) == 1
        assert connection.scalar(select(func.count()).select_from(revisions)) == 3
    assert roots(store) == {key(1): None}


def test_copy_of_an_earlier_revision_is_found(store: Store) -> None:
    random = Random(9)
    story = news_texts.story(random)
    keep(store, url_of(1), story)
    keep(store, url_of(1), news_texts.story(random), minute=1)
    assert keep(store, url_of(2), story).duplicate_of == key(1)


def test_unchanged_copy_stays_a_copy_when_it_is_visited_again(store: Store) -> None:
    random = Random(10)
    story = news_texts.story(random)
    keep(store, url_of(1), story)
    keep(store, url_of(2), story)
    keep(store, url_of(1), news_texts.story(random), minute=1)
    assert keep(store, url_of(2), story, minute=2).duplicate_of == key(1)
    assert len(scores(store)) == 1


def test_copy_that_is_rewritten_becomes_a_story(store: Store) -> None:
    random = Random(11)
    story = news_texts.story(random)
    keep(store, url_of(1), story)
    keep(store, url_of(2), story)
    assert keep(store, url_of(2), news_texts.story(random), minute=1).duplicate_of is None
    assert roots(store) == {key(1): None, key(2): None}
    assert scores(store) == []


def test_root_that_becomes_a_copy_takes_its_copies_along(store: Store) -> None:
    random = Random(12)
    first, second = news_texts.story(random), news_texts.story(random)
    keep(store, url_of(1), first)
    keep(store, url_of(2), second)
    keep(store, url_of(3), second)
    keep(store, url_of(2), first, minute=1)
    # 3 repeats an earlier text of 2, and nothing of 1.
    assert roots(store) == {key(1): None, key(2): key(1), key(3): None}


def test_older_of_two_stories_stays_the_first(store: Store) -> None:
    random = Random(13)
    first, second = news_texts.story(random), news_texts.story(random)
    keep(store, url_of(1), first)
    keep(store, url_of(2), second)
    keep(store, url_of(3), second)
    keep(store, url_of(1), second, minute=1)
    assert roots(store) == {key(1): None, key(2): key(1), key(3): key(1)}


# What a host repeats ----------------------------------------------------------------------------------------

FOOTER = (
    "Ikuti terus kabar terbaru dari kami lewat aplikasi resmi yang dapat diunduh tanpa biaya. "
    + " ".join(
        f"Kalimat kaki nomor {word} tercetak di bawah setiap cerita tanpa kecuali."
        for word in (
            "satu",
            "dua",
            "tiga",
            "empat",
            "lima",
            "enam",
            "tujuh",
            "delapan",
            "sembilan",
            "sepuluh",
        )
    )
)


def test_repeated_blocks_do_not_make_copies(store: Store) -> None:
    random = Random(14)
    for number in range(12):
        text = Text(
            title=f"T{number}",
            dateline="",
            paragraphs=(news_texts.sentence(random), news_texts.sentence(random)),
        )
        keep(store, url_of(number), with_paragraph(text, FOOTER))
    late = [root for story, root in roots(store).items() if story > key(REPEATED_FROM)]
    assert late
    assert set(late) == {None}


def test_copies_do_not_make_their_own_text_a_repeated_block(store: Store) -> None:
    story = news_texts.story(Random(15))
    for number in range(8):
        keep(store, url_of(number), story)
    assert set(roots(store).values()) == {None, key(0)}
    with store.read() as connection:
        assert connection.scalar(select(func.max(block_counts.c.stories))) == 1


def test_copy_is_found_beyond_the_footer(store: Store) -> None:
    random = Random(16)
    for number in range(6):
        keep(store, url_of(number), with_paragraph(news_texts.story(random), FOOTER))
    story = Text(title="T", dateline="", paragraphs=tuple(news_texts.sentence(random) for _ in range(6)))
    keep(store, url_of(10), with_paragraph(story, FOOTER))
    copy = keep(store, url_of(11, "www.detik.com"), story)
    assert copy.duplicate_of == key(10)


def test_counted_blocks_are_forgotten_unless_they_recur(store: Store) -> None:
    with store.write() as connection:
        for article_id in range(1, REPEATED_FROM + 1):
            count_blocks(connection, article_id, {-7, article_id})
        count_blocks(connection, MEMORY + 2000, {99})
        left = set(connection.scalars(select(block_counts.c.block)))
        assert left == {-7, 99}
        assert repeated_blocks(connection, [-7, 99]) == {-7}


# Extraction alarms ------------------------------------------------------------------------------------------

WALL = Text(
    title="", dateline="", paragraphs=("Situs ini memakai kuki. " * 3 + news_texts.sentence(Random(17)) * 3,)
)


def test_same_text_under_five_headlines_of_a_host_is_an_alarm(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(7):
        keep(store, url_of(number), Text(title=f"Judul {number}", dateline="", paragraphs=WALL.paragraphs))
        if number == 3:
            assert list(roots(store).values()).count(key(0)) == 3
    assert set(roots(store).values()) == {None}
    assert scores(store) == []
    with store.read() as connection:
        (alarm,) = extraction_alarms_of(connection)
        detail = connection.scalar(select(pages.c.detail).where(pages.c.page_key == key(6)))
    assert (alarm.host, alarm.stories, alarm.example_url) == ("www.kompas.com", 7, url_of(0))
    assert detail == "the same text as 6 other stories of www.kompas.com: a cookie wall, or a changed layout?"
    assert "extraction alarm: 5 stories of www.kompas.com have the same text" in caplog.text


def test_story_printed_six_times_under_one_headline_is_no_alarm(store: Store) -> None:
    story = news_texts.story(Random(18))
    for number in range(6):
        keep(store, url_of(number), story)
    assert list(roots(store).values()).count(key(0)) == 5
    with store.read() as connection:
        assert extraction_alarms_of(connection) == []


def test_story_in_a_network_of_hosts_is_no_alarm(store: Store) -> None:
    story = news_texts.story(Random(19))
    hosts = [f"{name}.tribunnews.com" for name in ("www", "medan", "jogja", "bali", "jateng", "jabar")]
    for number, host in enumerate(hosts):
        keep(
            store,
            url_of(number, host),
            Text(title=f"Judul {number}", dateline="", paragraphs=story.paragraphs),
        )
    assert list(roots(store).values()).count(None) == 1


# What a person sees -----------------------------------------------------------------------------------------


def test_copies_are_listed_from_the_first_published_on(store: Store) -> None:
    random = Random(20)
    story = news_texts.story(random)
    visits = [
        (1, "www.kompas.com", 9, None),
        (2, "www.detik.com", 7, "Antara"),
        (3, "www.republika.co.id", 8, None),
    ]
    for number, host, hour, agency in visits:
        article = article_of(url_of(number, host), story)
        published_at = article.visit.fetched_at.replace(hour=hour) if article.visit else None
        keep(store, url_of(number, host), story, published_at=published_at, agency=agency)
    with store.read() as connection:
        found = copies_of(connection, 3)
    assert [(copy.outlet, copy.relation, copy.agency) for copy in found] == [
        ("detik", "copy", "Antara"),
        ("republika", "this", None),
        ("kompas", "stored first", None),
    ]
    with store.read() as connection:
        assert copies_of(connection, 1)[0].url == url_of(2, "www.detik.com")


def test_story_without_copies_has_none_to_list(store: Store) -> None:
    keep(store, url_of(1), news_texts.story(Random(21)))
    with store.read() as connection:
        assert copies_of(connection, 1) == []
