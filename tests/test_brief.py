"""The brief: what is new between two moments, in two languages and three forms, every value harmless."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import feedparser
import pytest
from lxml import html
from sqlalchemy import insert, update
from typer.testing import CliRunner

from crawler.brief.feed import atom_feed
from crawler.brief.html import brief_html
from crawler.brief.text import brief_text
from crawler.brief.words import WORDS, Wording
from crawler.brief.writing import write_brief
from crawler.cli.app import app
from crawler.drift import FieldCheck, OutletCheck
from crawler.errors import ExportError
from crawler.store.answers.brief import BriefContent, BriefStory, brief_content, newest_stories
from crawler.store.crawl.hosts import HostTrouble
from crawler.store.database import Store, open_store
from crawler.store.schema import articles, revisions
from tests import stories

BEFORE = stories.SEEN_AT - timedelta(hours=1)
AFTER = stories.SEEN_AT + timedelta(hours=1)
SECOND_DAY = stories.SEEN_AT + timedelta(days=1)
NASTY = 'Data <script>alert(1)</script> & "bocor" \x1b[31m\u202e'


@pytest.fixture
def filled(store: Store) -> Store:
    stories.fill(store)
    return store


def content(store: Store, since: datetime, until: datetime) -> BriefContent:
    with store.read() as connection:
        return brief_content(connection, stories.TOPIC, since, until)


def edit(store: Store, number: int, title: str, body: str, at: datetime) -> None:
    """Let editors change a story."""
    changed = {"content_hash": f"edited{number}", "title": title}
    with store.write() as connection:
        connection.execute(
            insert(revisions).values(
                id=number + 100, article_id=number, body=body, authors=[], seen_at=at, deck=None, **changed
            )
        )
        connection.execute(update(articles).where(articles.c.id == number).values(**changed))


def test_first_day_tells_of_all_stories_on_topic_once(filled: Store) -> None:
    brief = content(filled, BEFORE, AFTER)
    # By time of publication, the newest first; the one without a time last; no lure, no copy.
    assert [story.url for story in brief.new] == [stories.SECOND, stories.SEED, stories.THIRD]
    assert (brief.new_count, brief.held, brief.edited, brief.gone) == (3, 3, [], [])
    assert [story.linked_from for story in brief.new] == [2, 1, 1]  # one of them by another address
    assert {(link.source_url, link.target_url) for link in brief.links} == {
        (stories.SEED, stories.SECOND), (stories.SECOND, stories.SEED), (stories.SECOND, stories.THIRD),
    }  # fmt: skip
    assert brief.links_count == 3
    assert content(filled, AFTER, SECOND_DAY).new == []


def test_second_day_tells_of_edits_and_deletions(filled: Store) -> None:
    body = "Paragraf pertama: 279 juta.\n\nParagraf kedua."
    edit(filled, 1, "279 Juta Data Bocor", body, SECOND_DAY - timedelta(hours=3))
    edit(filled, 2, "Kominfo Blokir Raid Forums", "Paragraf pertama.", SECOND_DAY - timedelta(hours=2))
    with filled.write() as connection:
        connection.execute(
            update(revisions).where(revisions.c.id == 1).values(body=body.replace("279", "34"))
        )
        connection.execute(update(articles).where(articles.c.id == 5).values(gone_at=SECOND_DAY))
    brief = content(filled, AFTER, SECOND_DAY)
    assert [(each.old_title, each.title) for each in brief.edited] == [
        ("279 Juta Data Peserta BPJS Bocor", "279 Juta Data Bocor"),
        ("Kominfo Blokir Raid Forums", "Kominfo Blokir Raid Forums"),
    ]
    first, second = brief.edited
    assert first.difference.title_changed
    assert [(figure.old, figure.new) for figure in first.difference.figures] == [("34 juta", "279 juta")]
    assert second.deletions == ["Paragraf kedua."]
    assert [story.url for story in brief.gone] == [stories.THIRD]
    assert content(filled, SECOND_DAY, SECOND_DAY + timedelta(days=1)).edited == []

    text = brief_text(brief, "Kebocoran data", Wording("id", "Asia/Jakarta"))
    assert "judul semula: 279 Juta Data Peserta BPJS Bocor" in text
    assert "angka: 34 juta -> 279 juta" in text
    assert "dihapus: Paragraf kedua." in text
    page = html.fromstring(brief_html(brief, "Kebocoran data", Wording("en", "UTC")))
    assert [each.text for each in page.iter("del")] == [
        "279 Juta Data Peserta BPJS Bocor", "34 juta", "Paragraf kedua.",
    ]  # fmt: skip
    assert "1 Jan" not in page.text_content()


def nasty() -> BriefContent:
    story = BriefStory(
        url="javascript:alert(1)",
        outlet=NASTY,
        title=NASTY,
        deck=NASTY,
        published_at=None,
        first_seen_at=stories.SEEN_AT,
        gone_at=stories.SEEN_AT,
        linked_from=0,
    )
    check = OutletCheck(
        outlet=NASTY,
        recent=20,
        older=40,
        fields=[FieldCheck(field="authors", measure="share", then=0.96, now=0.0, is_broken=True)],
    )
    return BriefContent(
        topic="x",
        since=BEFORE,
        until=AFTER,
        held=12_345,
        new=[story],
        new_count=201,
        edited=[],
        edited_count=0,
        gone=[story],
        links=[],
        links_count=0,
        broken=[check],
        troubles=[HostTrouble("a.test", 3, NASTY, stories.SEEN_AT.timestamp())],
    )


@pytest.mark.parametrize("language", ["id", "en"])
def test_page_is_whole_in_itself_and_runs_nothing_from_the_web(language: str) -> None:
    source = brief_html(nasty(), NASTY, Wording(language, "Asia/Jakarta"), AFTER)
    page = html.document_fromstring(source)
    assert page.get("lang") == language
    assert not list(page.iter("script", "img", "link", "iframe"))
    assert {each.get("href") for each in page.iter("a")} == {"#"}
    assert not re.search(r"url\(|@import|\x1b", source)
    assert "prefers-color-scheme: dark" in source
    assert "@media print" in source
    seen = page.text_content()
    assert seen.count("<script>alert(1)</script>") >= 5
    assert ("200 lagi" if language == "id" else "200 more") in seen
    assert ("12.345" if language == "id" else "12,345") in seen
    assert "96%" in seen
    assert "24 Nov" not in seen
    assert "23 Nov 2026" in seen


def test_text_holds_nothing_that_a_terminal_obeys() -> None:
    text = brief_text(nasty(), NASTY, Wording("id", "Asia/Jakarta"), AFTER)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert "Berikutnya: Senin, 23 Nov 2026 14.00 WIB" in text
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "dan 200 lagi" in text


def test_both_languages_have_the_same_words() -> None:
    places = {
        language: {key: sorted(re.findall(r"{\w+}", text)) for key, text in words.items()}
        for language, words in WORDS.items()
    }
    assert places["id"] == places["en"]


def test_feed_is_valid_atom_and_its_newest_story_comes_first(filled: Store) -> None:
    with filled.write() as connection:
        connection.execute(
            update(articles)
            .where(articles.c.id == 5)
            .values(title=NASTY, first_seen_at=SECOND_DAY, deck="Dek")
        )
    with filled.read() as connection:
        newest = newest_stories(connection, stories.TOPIC)
    written = atom_feed(newest, stories.TOPIC, "Kebocoran data", "id", AFTER)
    feed = feedparser.parse(written)
    assert not feed.bozo
    assert (feed.version, feed.feed.title) == ("atom10", "Kebocoran data")
    assert feed.feed.updated_parsed[:5] == SECOND_DAY.timetuple()[:5]
    assert [entry.link for entry in feed.entries] == [stories.THIRD, stories.SECOND, stories.SEED]
    for entry in feed.entries:  # RFC 4287, 4.1.2: what an entry has to have
        assert entry.id
        assert entry.title
        assert entry.updated
        assert entry.author
    assert "published" not in feed.entries[0]
    assert feed.entries[1].published == "2021-05-22T08:30:00+07:00"
    empty = feedparser.parse(atom_feed([], "x", "X", "en", AFTER))
    assert not empty.bozo
    assert empty.feed.updated


def test_files_are_written_by_their_endings(filled: Store, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("brief.html", "brief.txt", "feed.xml")]
    write_brief(filled, stories.TOPIC, "Data", since=BEFORE, until=AFTER, paths=paths)
    assert [path.read_bytes()[:12] for path in paths] == [b"<!DOCTYPE ht", b"Ringkasan: D", b"<?xml versio"]
    with pytest.raises(ExportError, match="has to end in one of"):
        write_brief(filled, stories.TOPIC, "Data", since=BEFORE, until=AFTER, paths=[tmp_path / "b.pdf"])


def test_times_are_those_of_the_zone() -> None:
    moment = datetime(2026, 11, 23, 22, 5, tzinfo=UTC)
    assert Wording("id", "Asia/Jayapura").time(moment) == "Selasa, 24 Nov 2026 07.05 WIT"
    assert Wording("en", "Asia/Makassar").time(moment) == "Tuesday, 24 Nov 2026 06:05 WITA"
    assert Wording("en", "UTC").time(moment.astimezone(ZoneInfo("Asia/Jakarta"))).endswith("22:05 UTC")


class Ran:
    """What a command printed and how it ended."""

    def __init__(self, *arguments: str) -> None:
        environment = {"COLUMNS": "200", "TERM": "dumb", "BACAJUGA_DEBUG": ""}
        result = CliRunner(env=environment).invoke(app, list(arguments), prog_name="bacajuga")
        self.status, self.stdout, self.stderr = result.exit_code, result.stdout, result.stderr


def test_command_tells_on_stdout_and_says_what_is_wrong(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'news.db'}"
    with closing(open_store(database)) as store:
        stories.fill(store)
    told = Ran("brief", stories.TOPIC, "--since", "9999d", "--lang", "en", "--db", database)
    assert (told.status, told.stderr) == (0, "")
    assert "3 new, 0 edited, 0 gone, 3 new links" in told.stdout
    nothing = Ran("brief", stories.TOPIC, "--since", "2026-11-20", "--until", "2026-11-21", "--db", database)
    assert "Tidak ada yang baru." in nothing.stdout
    unknown = Ran("brief", "ransomware", "--db", database)
    assert unknown.status == 3
    assert "its topics: data-breach" in unknown.stderr
    page = tmp_path / "empty.txt"
    assert Ran("brief", "ransomware", "-o", str(page), "--db", database).status == 0
    assert "Tidak ada yang baru." in page.read_text()
    assert Ran("brief", "ransomwere", "-o", str(tmp_path / "none.txt"), "--db", database).status == 3
    for arguments, said in (
        (("--since", "kemarin"), "or a distance, as 24h or 7d"),
        (("--zone", "Jakarta"), "is no time zone"),
        (("-o", "brief.pdf"), "has to end in one of"),
        (("--since", "2099-01-01"), "is not before now"),
    ):
        wrong = Ran("brief", stories.TOPIC, *arguments, "--db", database)
        assert wrong.status == 2
        assert said in " ".join(wrong.stderr.replace("│", " ").split())
