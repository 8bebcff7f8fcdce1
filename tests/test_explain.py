from __future__ import annotations

import pytest

from crawler.errors import BacaJugaError
from crawler.store.answers.explain import state_of, why
from crawler.store.answers.shown_story import show
from crawler.store.database import Store
from tests import stories


@pytest.fixture
def filled(store: Store) -> Store:
    stories.fill(store)
    return store


@pytest.mark.parametrize(
    ("url", "verdict", "words"),
    [
        (stories.SEED, "on_topic", 'relevance 0.90 for "data bocor", "raid forums"'),
        (stories.THIRD, "on_topic", "on topic"),
        (stories.AMP_OF_SECOND, "on_topic", "on topic"),
        (stories.REDIRECTED, "on_topic", "on topic"),
        (stories.LURE, "off_topic", "relevance 0.10"),
        (stories.COPY, "duplicate", f"repeats {stories.SECOND}"),
        (stories.QUEUED, "queued", "link score 0.65"),
        (stories.BELOW_FLOOR, "below_floor", "0.12 is below the floor of 0.20"),
        (stories.WAITING, "waiting", "1 try so far: 503"),
        (stories.FORBIDDEN, "forbidden", "forbidden to crawlers: Disallow: /private/"),
        (stories.GONE, "gone", "gone: 404"),
        (stories.NEVER_LINKED, "never_linked", "no page read for data-breach so far links to it"),
    ],
)
def test_every_address_has_its_reason(filled: Store, url: str, verdict: str, words: str) -> None:
    [finding] = why(filled, url).findings
    assert finding.verdict == verdict
    assert words in finding.reason


def test_the_chain_runs_from_the_seed_to_the_story(filled: Store) -> None:
    [finding] = why(filled, stories.THIRD).findings
    assert [hop.url for hop in finding.chain] == [stories.SEED, stories.SECOND, stories.THIRD]
    seed, second, third = finding.chain
    assert (seed.is_seed, seed.label, seed.link_score) == (True, None, None)
    assert (second.label, second.anchor_text) == ("Baca juga", "Kominfo blokir forum penjual data")
    assert (second.link_score, second.anchor_score) == (0.8, pytest.approx(0.75))
    assert (third.relevance, third.matched, third.depth) == (0.9, ["data bocor"], 2)


def test_the_chain_leads_to_an_address_that_is_not_stored(filled: Store) -> None:
    [finding] = why(filled, stories.FORBIDDEN).findings
    assert [hop.url for hop in finding.chain] == [stories.SEED, stories.FORBIDDEN]
    assert finding.chain[-1].title is None


def test_a_chain_that_bites_its_tail_ends(store: Store) -> None:
    with store.write() as connection:
        stories.add_story(connection, 1, stories.SEED, "First", day=21)
        stories.add_story(connection, 2, stories.SECOND, "Second", day=22)
        stories.add_entry(connection, stories.SEED, found_via=stories.SECOND, score=0.5)
        stories.add_entry(connection, stories.SECOND, found_via=stories.SEED, score=0.5)
    [finding] = why(store, stories.SECOND).findings
    assert [hop.url for hop in finding.chain] == [stories.SEED, stories.SECOND]


def test_redirects_that_lead_in_a_circle_end(store: Store) -> None:
    with store.write() as connection:
        stories.add_alias(connection, stories.SEED, stories.SECOND)
        stories.add_alias(connection, stories.SECOND, stories.SEED)
        stories.add_entry(
            connection, stories.SEED, is_seed=True, score=1.0, outcome="redirected", detail="to x"
        )
    assert why(store, stories.SEED).findings[0].verdict == "redirected"


def test_the_other_pages_that_link_are_listed(filled: Store) -> None:
    [finding] = why(filled, stories.QUEUED).findings
    [page] = finding.referrers
    assert (page.url, page.anchor_text, page.zone) == (stories.THIRD, "Polisi cari Kotz", "body")


def test_a_page_that_links_to_two_addresses_of_a_story_counts_once(filled: Store) -> None:
    [finding] = why(filled, stories.SECOND).findings
    assert [page.url for page in finding.referrers] == [stories.SEED]


def test_a_redirect_tells_where_to(filled: Store) -> None:
    explanation = why(filled, stories.REDIRECTED)
    assert explanation.story_url == stories.SECOND
    assert explanation.findings[0].redirected_to == stories.SECOND


def test_the_floor_is_the_topics(filled: Store) -> None:
    [finding] = why(filled, stories.QUEUED, floors={stories.TOPIC: 0.7}).findings
    assert finding.verdict == "below_floor"


def test_a_story_of_another_topic_only(filled: Store) -> None:
    [finding] = why(filled, stories.SEED, topic="banjir").findings
    assert finding.reason == "stored for another topic; no page read for banjir links to it"


def test_an_empty_store_knows_nothing(store: Store) -> None:
    assert why(store, stories.SEED).findings == []


@pytest.mark.parametrize(
    ("url", "state"),
    [
        (stories.SEED, "article"),
        (stories.AMP_OF_SECOND, "article"),
        (stories.QUEUED, "queued"),
        (stories.GONE, "gone"),
        (stories.NEVER_LINKED, "new"),
    ],
)
def test_the_state_of_an_address_is_one_word(filled: Store, url: str, state: str) -> None:
    with filled.read() as connection:
        assert state_of(connection, stories.TOPIC, stories.key(url)) == state


def test_what_is_no_web_address_is_refused(filled: Store) -> None:
    with pytest.raises(BacaJugaError, match="not a web address"):
        why(filled, "tribunnews")


def test_show_has_what_is_around_the_story(filled: Store) -> None:
    story = show(filled, stories.AMP_OF_SECOND)
    assert story is not None
    assert story.url == stories.SECOND
    assert [(link.target_url, link.target_stored) for link in story.links_out] == [
        (stories.SEED, True),
        (stories.THIRD, True),
    ]
    assert [link.source_url for link in story.links_in] == [stories.SEED, stories.COPY]
    assert [copy.url for copy in story.copies if copy.relation == "copy"] == [stories.COPY]
    assert story.addresses == sorted([stories.AMP_OF_SECOND, stories.REDIRECTED])
    assert len(story.revisions) == 1
    assert [(fit.topic, fit.found_via) for fit in story.topics] == [(stories.TOPIC, stories.SEED)]


def test_show_of_an_unknown_story_is_none(filled: Store) -> None:
    assert show(filled, stories.NEVER_LINKED) is None
