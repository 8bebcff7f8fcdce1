"""What is told of addresses that tag pages and indexes by date led to, and of these pages themselves."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import insert

from crawler.address import address_of
from crawler.cli.why_page import why_page
from crawler.items import PageKind, Zone
from crawler.store.answers.explain import why
from crawler.store.database import Store
from crawler.store.schema import evidence
from crawler.topic import Topic, load_topic
from tests import stories
from tests.test_why_not import TAG_PAGE, add, answer, change

INDEX = "https://indeks.kompas.com/?site=all&date=2021-05-21"
LISTED = "https://www.kompas.com/tren/read/2021/05/22/104500465/data-bocor-dijual"
BESIDE = "https://www.kompas.com/tren/read/2021/05/22/104500999/data-bocor-populer"


@pytest.fixture(scope="module")
def topics() -> Mapping[str, Topic]:
    return {stories.TOPIC: load_topic(stories.TOPIC)}


@pytest.fixture
def filled(store: Store) -> Store:
    stories.fill(store)
    return store


@pytest.fixture
def discovered(filled: Store) -> Store:
    """A tag page found by a story's tag, an index by date, and what they list."""
    add(filled, TAG_PAGE, kind=PageKind.TAG_PAGE, zone=Zone.TAG, found_via=stories.SEED, label=None,
        anchor="kebocoran data", outcome="listing", detail="20 links")  # fmt: skip
    add(filled, INDEX, kind=PageKind.DATE_INDEX, zone=Zone.DISCOVERY, label=None, outcome="listing")
    # As the crawl writes down what no page has led to.
    change(filled, INDEX, PageKind.DATE_INDEX, found_via="discovery")
    with filled.write() as connection:
        connection.execute(
            insert(evidence).values(
                topic=stories.TOPIC, target_key=address_of(INDEX, PageKind.DATE_INDEX).key,
                source_key="discovery", zone="discovery", anchor_text="", anchor_score=0.6, context_score=0.0,
                page_score=0.5, depth=0,
            )
        )  # fmt: skip
    add(
        filled, LISTED, zone=Zone.LIST, label=None, anchor="Data Bocor Dijual", outcome="gone", state="failed"
    )
    change(filled, LISTED, found_via=address_of(TAG_PAGE, PageKind.TAG_PAGE).key)
    add(
        filled,
        BESIDE,
        zone=Zone.LIST,
        label=None,
        anchor="Data Bocor Populer",
        outcome="gone",
        state="failed",
    )
    change(filled, BESIDE, found_via=address_of(INDEX, PageKind.DATE_INDEX).key)
    return filled


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (LISTED, f"found on a tag page: {TAG_PAGE}"),
        (BESIDE, f"found on an index by date: {INDEX}"),
        (TAG_PAGE, f"found among the tags of {stories.SEED}"),
        (INDEX, "asked for as an index by date that its outlet offers"),
        (stories.THIRD, f"found by “Baca juga” in {stories.SECOND}"),
        (stories.SEED, "given as a seed"),
    ],
)
def test_why_tells_how_an_address_was_found(discovered: Store, url: str, found: str) -> None:
    [finding] = why(discovered, url).findings
    assert finding.found == found


def test_why_names_the_listings_of_the_chain(discovered: Store) -> None:
    [finding] = why(discovered, LISTED).findings
    assert [(hop.kind, hop.zone) for hop in finding.chain] == [
        ("story", None), ("tag_page", "tag"), ("story", "list"),
    ]  # fmt: skip
    lines = [line.strip() for line in why_page(why(discovered, LISTED), 100).plain.splitlines()]
    assert lines[-7:] == [
        "└ tag: “kebocoran data”",
        "a tag page",
        TAG_PAGE,
        "link 0.60, anchor 0.55",
        "└ listed: “Data Bocor Dijual”",
        LISTED,
        "link 0.60",
    ]
    assert f"found on a tag page: {TAG_PAGE}" in lines


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (TAG_PAGE, "Read as a tag page, whose links count and which is not kept itself: 20 links."),
        (INDEX, "Read as an index by date, whose links count and which is not kept itself."),
    ],
)
def test_a_listing_is_no_story(discovered: Store, topics: Mapping[str, Topic], url: str, words: str) -> None:
    told = answer(discovered, url, topics)
    assert told.verdict == "listing"
    assert words in told.paragraph
    assert all(page.url.startswith("https://") for page in told.referrers)


def test_a_listing_that_waits_is_named_as_one(filled: Store, topics: Mapping[str, Topic]) -> None:
    add(filled, TAG_PAGE, kind=PageKind.TAG_PAGE, zone=Zone.TAG, found_via=stories.SEED, state="queued")
    told = answer(filled, TAG_PAGE, topics)
    assert told.paragraph.startswith("A tag page, not a story: waits in the frontier with link score 0.60")
