"""What a link promises follows from the pages that print it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.frontier.score import Evidence, anchor_or_slug, link_score, slug_text
from crawler.items import Zone

SHARES = st.floats(0, 1)
EVIDENCE = st.builds(
    Evidence,
    anchor_score=SHARES,
    context_score=SHARES,
    page_score=SHARES,
    zone=st.sampled_from([Zone.BODY, Zone.LIST, Zone.FURNITURE]),
)
FLOOR = 0.2


@pytest.mark.parametrize(
    ("referrers", "score"),
    [
        ([], 0.0),
        # an empty link on a page about something else: only the prior is left
        ([Evidence(anchor_score=0)], 0.05),
        # .5 * 1 + .5 * (1 + 1.6 / 3) / 2
        ([Evidence(anchor_score=1, page_score=1)], 0.883333),
        ([Evidence(anchor_score=1, page_score=1, context_score=1)], 0.983333),
        ([Evidence(anchor_score=1, page_score=1, zone=Zone.LIST)], 0.883333),
        # .5 * 1 + .5 * (.5 + 1.1 / 3) / 2
        ([Evidence(anchor_score=1, page_score=1, zone=Zone.FURNITURE)], 0.716667),
        # the best anchor, the best context, the best and the mean page: .4 + .5 * (1 + 1.6 / 4) / 2 + .03
        (
            [
                Evidence(anchor_score=0.8, page_score=0),
                Evidence(anchor_score=0.2, context_score=0.3, page_score=1),
            ],
            0.78,
        ),
        ([Evidence(anchor_score=0, zone=Zone.SEED)], 1.0),
        ([Evidence(anchor_score=0), Evidence(anchor_score=0, zone=Zone.SEED)], 1.0),
    ],
)
def test_score_of_referrers(referrers: list[Evidence], score: float) -> None:
    assert link_score(referrers) == pytest.approx(score, abs=1e-6)


def test_a_silent_link_is_followed_from_a_story_and_not_from_elsewhere() -> None:
    assert link_score([Evidence(anchor_score=0, page_score=0.9)]) > FLOOR
    assert link_score([Evidence(anchor_score=0, page_score=0)]) < FLOOR


def test_a_telling_link_is_followed_from_anywhere() -> None:
    assert link_score([Evidence(anchor_score=0.6, page_score=0, zone=Zone.FURNITURE)]) > FLOOR


def test_more_stories_that_link_to_it_raise_a_link() -> None:
    referrer = Evidence(anchor_score=0.6, page_score=0.8)
    scores = [link_score([referrer] * count) for count in range(1, 6)]
    assert scores == sorted(scores)
    assert scores[0] < scores[-1]


def test_any_iterable_will_do() -> None:
    assert link_score(iter([Evidence(anchor_score=0.6)])) == link_score([Evidence(anchor_score=0.6)])


@given(st.lists(EVIDENCE))
def test_score_stays_between_zero_and_one(referrers: list[Evidence]) -> None:
    assert 0 <= link_score(referrers) <= 1


@given(st.lists(EVIDENCE), st.randoms())
def test_order_of_referrers_does_not_matter(referrers: list[Evidence], random: object) -> None:
    mixed = list(referrers)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert link_score(mixed) == pytest.approx(link_score(referrers), abs=2e-6)


@given(EVIDENCE, st.lists(EVIDENCE), SHARES)
def test_a_better_referrer_never_lowers_a_link(one: Evidence, others: list[Evidence], share: float) -> None:
    for key in ("anchor_score", "context_score", "page_score"):
        better = replace(one, **{key: max(share, getattr(one, key))})
        assert link_score([better, *others]) >= link_score([one, *others]) - 1e-6


@given(EVIDENCE)
def test_furniture_says_no_more_than_the_body(one: Evidence) -> None:
    assert link_score([replace(one, zone=Zone.FURNITURE)]) <= link_score([replace(one, zone=Zone.BODY)])


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (
            "https://www.tribunnews.com/nasional/2021/05/21/data-warga-yang-bocor?page=2",
            "data warga yang bocor",
        ),
        ("https://news.detik.com/berita/d-5577171/situs-kementerian-diretas", "situs kementerian diretas"),
        ("https://www.pikiran-rakyat.com/nasional/pr-141940553/bocor-279-juta-data", "bocor 279 juta data"),
        ("https://harian.disway.id/amp/796095/hacker-minta-tebusan/16", "hacker minta tebusan"),
        ("https://money.kompas.com/read/2011/09/16/21311016/kebocoran.pipa.gas", "kebocoran pipa gas"),
        ("https://www.welfare.id/2022/09/ruu-pdp-disahkan.html", "ruu pdp disahkan"),
        ("https://viva.co.id/berita/1662662-data-kpu-bocor", "data kpu bocor"),
        ("https://www.kompas.com/tag/bjorka", "bjorka"),
        ("https://www.kompas.com/tag/uu%20pdp", "uu pdp"),
        ("https://www.kompas.com/", ""),
        ("https://www.kompas.com", ""),
        ("https://[not-a-host/data-bocor", ""),
        ("", ""),
    ],
)
def test_slug_becomes_words(url: str, words: str) -> None:
    assert slug_text(url) == words


@given(st.text())
def test_any_text_has_a_slug(url: str) -> None:
    assert isinstance(slug_text(url), str)


@pytest.mark.parametrize(
    ("anchor_text", "words"),
    [("Data bocor lagi", "Data bocor lagi"), ("", "situs diretas"), (" – ", "situs diretas")],
)
def test_slug_stands_in_for_a_missing_anchor(anchor_text: str, words: str) -> None:
    assert anchor_or_slug(anchor_text, "https://a.id/situs-diretas") == words
