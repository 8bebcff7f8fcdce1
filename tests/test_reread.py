"""Kept pages read again: what our rules had wrong is mended in place, and nothing else is touched."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from crawler.archive.raw_page import PageSource
from crawler.archive.reader import Archive
from crawler.demo.sample_web import SampleWeb, truth
from crawler.outlets.detik import Detik
from crawler.outlets.kompas import Kompas
from crawler.outlets.tribunnews import Tribunnews
from crawler.reread.apply import apply_reread
from crawler.reread.plan import EARLIER_VERSION, Plan, plan_reread
from crawler.reread.topics import Topics
from crawler.store.crawl.raw_pages import StoredPages, drop_older
from crawler.store.database import Store, open_store
from crawler.store.schema import (
    article_topics,
    articles,
    evidence,
    frontier,
    links,
    pages,
    raw_pages,
    revisions,
)
from tests.crawling import (
    TIMEOUT,
    Finished,
    asked_more_than_once,
    clean_environment,
    crawl_arguments,
    keys_of,
    run,
    stored,
)
from tests.test_revisit import day, make_all_due

TRUTH = truth()
WANTED = {key for story in TRUTH.on_topic_reachable.values() for key in keys_of([story.url])}
TABLES = (articles, revisions, links, article_topics, pages, frontier, evidence)
TOPICS = Topics()

# A crawl with an outlet whose layout has changed, one whose editors are taken for authors, and one whose
# read-also links are not seen.
BROKEN_CRAWL = """
from crawler.outlets.detik import Detik
from crawler.outlets.kompas import Kompas
from crawler.outlets.tribunnews import Tribunnews
Kompas.body = ("div.not-there",)
Detik.headline = ("div.detail__date",)
Tribunnews.author = ("meta:og:type",)
from crawler.cli import main
main()
"""


def broken_crawl(*arguments: str) -> Finished:
    done = subprocess.run(
        [sys.executable, "-c", BROKEN_CRAWL, *arguments],
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        env=clean_environment(),
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def rows(store: Store) -> dict[str, list[Any]]:
    """Everything that a store holds of stories, pages and frontier, without when a score was computed."""
    with store.read() as connection:
        return {
            table.name: sorted(
                repr({name: value for name, value in row.items() if name not in ("scored_at", "id")})
                for row in connection.execute(select(table)).mappings()
            )
            for table in TABLES
        }


def mend(store: Store, source: PageSource) -> Plan:
    plan = plan_reread(store, source, TOPICS)
    apply_reread(store, source, TOPICS, plan)
    return plan


def test_mended_rules_give_what_an_unbroken_crawl_gives(
    sample_web: SampleWeb, database_url: str, tmp_path: Path
) -> None:
    crawl = crawl_arguments(sample_web.url, database_url)
    archive = str(tmp_path / "pages")
    broken = broken_crawl(*crawl, "--archive", archive, "--json", "-q")
    assert broken.status == 0, broken.stderr
    assert broken.record["outcomes"]["layout_changed"] > 0
    assert WANTED - stored(database_url).on_topic

    before = open_rows(database_url)
    asked = len(sample_web.log)
    dry = run("reread", "--from", archive, "--db", database_url, "--dry-run", "--json")
    assert dry.status == 0, dry.stderr
    assert dry.record["added"] > 0
    assert dry.record["fields"]["detik"]["title"] > 0
    assert dry.record["fields"]["tribunnews"]["authors"] > 0
    assert dry.record["applied"] is None
    assert open_rows(database_url) == before, "--dry-run changed the store"
    unasked = run("reread", "--from", archive, "--db", database_url)
    assert "nothing was changed" in unasked.stderr
    assert open_rows(database_url) == before, "changed the store without a yes"

    done = run("reread", "--from", archive, "--db", database_url, "--yes", "--json")
    assert done.record["applied"] == {"changed": dry.record["changed"], "added": dry.record["added"]}
    store = open_store(database_url)
    again = plan_reread(store, Archive(Path(archive)), TOPICS)
    store.close()
    assert again.is_empty, again.examples[:3]
    assert not again.unread
    assert len(sample_web.log) == asked, "asked the network"

    # The links of the stories that were added lead on.
    assert run(*crawl, "-q").status == 0
    found = stored(database_url)
    assert found.on_topic >= WANTED
    assert asked_more_than_once(sample_web.log, TRUTH) == {}
    for story in TRUTH.on_topic_reachable.values():
        (key,) = keys_of([story.url])
        assert found.titles[key] == story.title
        assert sorted(found.links.get(key, [])) == sorted(link.text for link in story.links), story.url
    store = open_store(database_url)
    with store.read() as connection:
        seen = [row.article_id for row in connection.execute(select(revisions.c.article_id))]
        known = connection.execute(select(articles.c.article_key, articles.c.authors)).all()
    store.close()
    assert len(seen) == len(set(seen)), "what our rules had wrong looks like an editors' revision"
    authors = {row.article_key: row.authors for row in known}
    for story in TRUTH.on_topic_reachable.values():
        (key,) = keys_of([story.url])
        if story.outlet == "tribunnews":
            assert sorted(authors[key]) == sorted(story.authors), story.url


def crawl_and_keep(sample_web: SampleWeb, database_url: str, folder: Path) -> None:
    """Crawl, and keep the pages both ways."""
    arguments = (*crawl_arguments(sample_web.url, database_url), "--archive", str(folder), "-q")
    done = run(*arguments, "-s", "RAW_PAGES_DAYS=2")
    assert done.status == 0, done.stderr


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store and an archive, to be copied."""
    folder = tmp_path_factory.mktemp("crawled")
    with SampleWeb() as web:
        crawl_and_keep(web, str(folder / "news.db"), folder / "pages")
    return folder


@pytest.fixture
def kept(crawled: Path, tmp_path: Path) -> Iterator[tuple[Store, list[PageSource]]]:
    """A crawl that kept its pages both ways."""
    shutil.copytree(crawled, tmp_path, dirs_exist_ok=True)
    store = open_store(str(tmp_path / "news.db"))
    yield store, [Archive(tmp_path / "pages"), StoredPages(store)]
    store.close()


def test_rule_that_changes_and_changes_back_leaves_no_trace(
    kept: tuple[Store, list[PageSource]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, sources = kept
    assert [ref.key for ref in sources[0].pages()] == [ref.key for ref in sources[1].pages()]
    before = rows(store)
    for source in sources:
        plan = plan_reread(store, source, TOPICS)
        assert plan.is_empty, plan.examples[:3]
        assert not plan.unread
        assert plan.unchanged > 60

        with monkeypatch.context() as patch:
            patch.setattr(Detik, "noise", (*Detik.noise, "p:nth-of-type(2)"))
            patch.setattr(Kompas, "title", "Kompas")
            patch.setattr(Kompas, "tags", ())
            patch.setattr(Tribunnews, "body", ("div.not-there",))
            worse = mend(store, source)
        assert worse.fields["detik"]["body"] > 3
        assert worse.fields["kompas"]["tags"] > 3
        assert worse.unread, "a story that reads no more was not named"
        changed = rows(store)
        assert len(changed["revisions"]) == len(before["revisions"])
        assert changed["revisions"] != before["revisions"]
        assert len(changed["articles"]) == len(before["articles"]), "a story that reads no more was deleted"

        mend(store, source)
        after = rows(store)
        for name, expected in before.items():
            assert after[name] == expected, name


def test_every_version_of_a_story_is_mended_from_its_own_page(
    sample_web: SampleWeb, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    crawl_and_keep(sample_web, database_url, tmp_path / "pages")
    make_all_due(database_url)
    with SampleWeb(site=day("Editors Write Another Headline")) as second_day:
        arguments = (*crawl_arguments(second_day.url, database_url), "--archive", str(tmp_path / "pages"))
        again = run(*arguments, "--revisit", "--json", "-q")
    assert again.record["edited"] == 1, (again.record, again.stderr)
    store, archive = open_store(database_url), Archive(tmp_path / "pages")
    before = rows(store)
    assert plan_reread(store, archive, TOPICS).is_empty
    with monkeypatch.context() as patch:
        patch.setattr(Tribunnews, "noise", (*Tribunnews.noise, "p:nth-of-type(2)"))
        patch.setattr(Kompas, "noise", (*Kompas.noise, "p:nth-of-type(2)"))
        patch.setattr(Detik, "noise", (*Detik.noise, "p:nth-of-type(2)"))
        plan = mend(store, archive)
        assert sum(counts[EARLIER_VERSION] for counts in plan.fields.values()) == 1
        assert plan_reread(store, archive, TOPICS).is_empty
    assert len(rows(store)["revisions"]) == len(before["revisions"])
    mend(store, archive)
    assert rows(store)["revisions"] == before["revisions"]
    store.close()


def test_text_of_a_later_page_is_left_alone(
    kept: tuple[Store, list[PageSource]], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, (archive, raw) = kept
    monkeypatch.setattr(Detik, "headline", ("div.detail__date",))
    with store.write() as connection:
        later = datetime.now(UTC) + timedelta(hours=1)
        connection.execute(update(pages).where(pages.c.outlet == "detik").values(fetched_at=later))
    before = rows(store)
    plan = mend(store, archive)
    assert plan.skipped["newer"] > 3
    assert rows(store) == before

    # Where the story is split and a part was not kept, the whole is not given up for it.
    with store.write() as connection:
        connection.execute(delete(raw_pages).where(raw_pages.c.page_key == ""))
    assert mend(store, raw).skipped["incomplete"] > 0
    assert rows(store) == before

    with store.write() as connection:
        [oldest] = connection.scalars(
            select(raw_pages.c.fetched_at).order_by(raw_pages.c.fetched_at).limit(1)
        )
        assert drop_older(connection, oldest) == 0
        assert drop_older(connection, datetime.now(UTC) + timedelta(days=1)) > 60
    assert raw.pages() == []


def test_store_without_pages_says_how_to_keep_them(tmp_path: Path) -> None:
    database = str(tmp_path / "news.db")
    open_store(database).close()
    told = run("reread", "--db", database)
    assert told.status == 3
    assert "RAW_PAGES_DAYS" in told.stderr
    assert "--archive" in told.stderr
    assert told.stdout == ""


def open_rows(database_url: str) -> dict[str, list[Any]]:
    store = open_store(database_url)
    try:
        return rows(store)
    finally:
        store.close()
