"""All copies found anew, from the stored texts alone."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import delete, func, select, update

from crawler.comparing.likeness import Thresholds
from crawler.store.database import Store
from crawler.store.dedupe import redo
from crawler.store.dedupe.alarms import extraction_alarms_of
from crawler.store.dedupe.redo import make_plan
from crawler.store.dedupe.redo_apply import carry_out
from crawler.store.dedupe.redo_changes import Changes, changes
from crawler.store.dedupe.redo_plan import open_plan
from crawler.store.schema import articles, bands, block_counts, copies
from tests import news_texts
from tests.crawling import run
from tests.news_texts import Text
from tests.storing import keep, roots, scores, url_of

USUAL = Thresholds()
GROUPS = 12  # of one story, two copies and a follow-up each
COPIES = 2 * GROUPS


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plans for Postgres stores go below the test's folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def silent(step: str, done: int, total: int) -> None:
    """Tell nobody."""


def fill(store: Store, groups: int = GROUPS) -> None:
    """Stories, each with two copies and a follow-up."""
    random = Random(1)
    texts: list[Text] = []
    for _ in range(groups):
        story = news_texts.story(random)
        texts += [story, news_texts.copy_of(story, random), news_texts.headline_changed(story, random)]
        texts.append(news_texts.follow_up(story, random))
    for number, text in enumerate(texts):
        keep(store, url_of(number), text)


def redone(store: Store, thresholds: Thresholds = USUAL) -> Changes:
    plan = open_plan(store, thresholds)
    make_plan(store, plan, thresholds, silent)
    found = changes(store, plan)
    carry_out(store, plan, thresholds)
    return found


def forget_links(store: Store) -> None:
    with store.write() as connection:
        for table in (bands, copies, block_counts):
            connection.execute(delete(table))
        connection.execute(update(articles).values(duplicate_of=None, duplicate_kind=None, text_key=None))


def test_redo_finds_what_the_crawl_found(store: Store) -> None:
    fill(store)
    before = roots(store)
    found = redone(store)
    assert found.are_none
    assert found.articles == 4 * GROUPS
    assert roots(store) == before


def test_lost_links_come_back(store: Store) -> None:
    fill(store)
    before, kinds = roots(store), [row.kind for row in scores(store)]
    forget_links(store)
    found = redone(store)
    assert found.changed == {"becomes a copy": COPIES}
    assert len(found.samples) == 10
    assert roots(store) == before
    assert [row.kind for row in scores(store)] == kinds
    with store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(bands)) > 16 * COPIES


def test_other_thresholds_part_copies(store: Store) -> None:
    fill(store)
    exact = sum(row.kind == "exact" for row in scores(store))
    found = redone(store, Thresholds(near=1.01, near_with_numbers=1.01, contained=1.01))
    assert found.changed == {"stands alone": COPIES - exact}
    assert {row.kind for row in scores(store)} == {"exact"}


def test_plan_changes_nothing(store: Store) -> None:
    fill(store)
    forget_links(store)
    plan = open_plan(store, USUAL)
    make_plan(store, plan, USUAL, silent)
    assert changes(store, plan).changed == {"becomes a copy": COPIES}
    assert set(roots(store).values()) == {None}
    with store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(bands)) == 0


def test_stopped_run_goes_on_where_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store)
    before = roots(store)
    forget_links(store)
    monkeypatch.setattr(redo, "BATCH", 10)
    seen: list[tuple[str, int]] = []

    def stopping(step: str, done: int, total: int) -> None:
        seen.append((step, done))
        if (step, done) == ("comparing stories", 20):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_plan(store, open_plan(store, USUAL), USUAL, stopping)
    seen.clear()
    plan = open_plan(store, USUAL)
    make_plan(store, plan, USUAL, stopping)
    assert seen[0] == ("comparing stories", 30)
    carry_out(store, plan, USUAL)
    assert roots(store) == before


def test_other_thresholds_begin_anew(store: Store) -> None:
    fill(store, 3)
    make_plan(store, open_plan(store, USUAL), USUAL, silent)
    assert open_plan(store, USUAL).read("linked", 0) > 0
    assert open_plan(store, Thresholds(near=0.8)).read("linked", 0) == 0


def test_what_is_stored_meanwhile_is_taken_in(store: Store) -> None:
    random = Random(2)
    story = news_texts.story(random)
    keep(store, url_of(1), story)
    keep(store, url_of(2), news_texts.story(random))
    plan = open_plan(store, USUAL)
    make_plan(store, plan, USUAL, silent)
    late = 60 * 24 * 365 * 10  # minutes: the plan began today
    keep(store, url_of(2), story, minute=late)
    keep(store, url_of(3), story, minute=late)
    carry_out(store, plan, USUAL)
    assert list(roots(store).values()).count(None) == 1
    assert len(scores(store)) == 2
    # The bands are the new ones: the next copy is found by them.
    assert keep(store, url_of(4), story).duplicate_of is not None


def test_cookie_walls_are_set_apart(store: Store) -> None:
    wall = news_texts.story(Random(3)).paragraphs
    for number in range(6):
        keep(store, url_of(number), Text(title=f"Judul {number}", dateline="", paragraphs=wall))
    forget_links(store)
    assert redone(store).alarms == 1
    assert set(roots(store).values()) == {None}
    with store.read() as connection:
        (alarm,) = extraction_alarms_of(connection)
    assert (alarm.host, alarm.stories) == ("www.kompas.com", 6)


def test_plan_is_deleted_once_carried_out(store: Store, tmp_path: Path) -> None:
    fill(store, 2)
    redone(store)
    assert [path for path in tmp_path.rglob("*") if "dedupe" in path.name] == []


# On the command line ----------------------------------------------------------------------------------------


def test_dedupe_counts_articles_and_stories(store: Store, database_url: str) -> None:
    fill(store, 5)
    done = run("dedupe", "--db", database_url)
    assert done.status == 0, done.stderr
    assert done.stdout.startswith("20 articles, 10 stories; links: ")
    assert json.loads(run("dedupe", "--json", "--db", database_url).stdout)["stories"] == 10


def test_outdated_fingerprints_are_told_and_mended(store: Store, database_url: str) -> None:
    fill(store, 2)
    with store.write() as connection:
        connection.execute(update(articles).values(sig_version=0))
    done = run("dedupe", "--db", database_url)
    assert "8 articles have outdated fingerprints" in done.stdout
    redone(store)
    assert "outdated" not in run("dedupe", "--db", database_url).stdout


def test_dry_run_tells_and_changes_nothing(store: Store, database_url: str) -> None:
    fill(store, 5)
    forget_links(store)
    done = run("dedupe", "--redo", "--dry-run", "--db", database_url)
    assert done.status == 0, done.stderr
    assert "becomes a copy: 10" in done.stdout
    assert "nothing was changed" in done.stderr
    assert set(roots(store).values()) == {None}
    assert run("dedupe", "--redo", "--db", database_url).status == 0
    assert list(roots(store).values()).count(None) == 10
