"""The brief: what is new between two moments, in two languages and three forms, every value harmless."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import feedparser
import pytest
from lxml import html
from sqlalchemy import insert, update

from crawler.brief.content import Incident, by_incident
from crawler.brief.feed import atom_feed
from crawler.brief.html import brief_html
from crawler.brief.text import brief_text
from crawler.brief.words import WORDS, Wording
from crawler.brief.writing import write_brief
from crawler.drift import FieldCheck, OutletCheck
from crawler.errors import ExportError
from crawler.store.answers import brief_threads
from crawler.store.answers.brief import BriefContent, BriefStory, brief_content, newest_stories
from crawler.store.answers.brief_threads import threads_of_new
from crawler.store.crawl.hosts import HostTrouble
from crawler.store.database import Store, open_store
from crawler.store.schema import articles, revisions
from tests import stories
from tests.test_cli import Ran

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
        newest = newest_stories(connection, stories.TOPIC, SECOND_DAY)
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


def test_feed_holds_all_that_is_new_however_much_and_nothing_later(store: Store) -> None:
    with store.write() as connection:
        for number in range(1, 61):
            stories.add_story(connection, number, f"https://a.test/{number}", f"Berita {number}", day=5)
            seen_at = AFTER if number > 55 else stories.SEEN_AT
            connection.execute(update(articles).where(articles.c.id == number).values(first_seen_at=seen_at))
    with store.read() as connection:
        new_count = brief_content(connection, stories.TOPIC, BEFORE, stories.SEEN_AT).new_count
        newest = newest_stories(connection, stories.TOPIC, stories.SEEN_AT, new_count)
        by_default = newest_stories(connection, stories.TOPIC, AFTER)
    assert {story.title for story in newest} == {f"Berita {number}" for number in range(1, 56)}
    assert len(by_default) == 50
    assert [story.title for story in by_default[:5]] == [f"Berita {number}" for number in range(60, 55, -1)]


def told_of(store: Store, since: datetime, until: datetime) -> BriefContent:
    """Return a brief with the incidents of its stories."""
    brief = content(store, since, until)
    return replace(brief, threads=threads_of_new(store, stories.TOPIC, brief.new, since))


KOTZ = "Penjual data bernama Kotz menawarkan sampel di Raid Forums kata Kominfo dan BSSN"
BANK = "Nasabah bank daerah kehilangan saldo setelah server kliring diretas menurut direksi"


def test_new_stories_stand_by_incident_with_what_was_known_before(store: Store) -> None:
    told = [
        (1, "Penjual Data Kotz Muncul di Raid Forums", KOTZ, 20, BEFORE),
        (2, "Kominfo Blokir Raid Forums Tempat Kotz Jualan", KOTZ, 21, stories.SEEN_AT),
        (3, "Server Bank Daerah Diretas, Saldo Nasabah Hilang", BANK, 23, stories.SEEN_AT),
        (4, "BSSN Lacak Penjual Data Kotz di Raid Forums", KOTZ, 24, stories.SEEN_AT),
    ]
    with store.write() as connection:
        for number, title, body, day, seen_at in told:
            url = f"https://www.detik.com/berita/d-{number}/x" if number < 4 else "https://a.test/4"
            stories.add_story(connection, number, url, title, day=day, body=body)
            connection.execute(update(articles).where(articles.c.id == number).values(first_seen_at=seen_at))
        stories.add_link(connection, 2, "https://www.detik.com/berita/d-1/x", "Kotz", position=1)
    brief = told_of(store, BEFORE, AFTER)
    found = [
        (each.title, [story.title for story in each.stories], each.story_count) for each in by_incident(brief)
    ]
    # The one with the newest story first, under the headline that is linked most, which is not new itself.
    assert found == [(told[0][1], [told[3][1], told[1][1]], 3), (told[2][1], [told[2][1]], 1)]

    text = brief_text(brief, "Kebocoran data", Wording("en", "Asia/Jakarta"))
    assert f"\n{told[0][1]}\n(2 new of 3 stories)\n* {told[3][1]}\n  a.test · Monday, 24 May" in text
    assert text.count(told[2][1]) == 1
    page = html.fromstring(brief_html(brief, "Kebocoran data", Wording("id", "Asia/Jakarta")))
    [incident] = page.find_class("incident")
    assert [each.text for each in incident.iter("h3")] == [told[0][1]]
    assert "2 baru dari 3 berita" in incident.text_content()
    assert [each.text for each in incident.iter("a")] == [told[3][1], told[1][1]]
    assert [each.text for each in incident.iter("b")] == ["a.test", "detik"]
    assert [each.text for each in page.iter("article")][1:] == ["\n"]


def test_stories_without_a_time_or_in_too_large_a_topic_stand_alone(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = told_of(filled, BEFORE, AFTER)
    assert len(brief.threads) >= 1
    alone = [each for each in by_incident(brief) if each.stories[0].url == stories.THIRD]
    assert [each.is_alone for each in alone] == [True], "it has no time of publication"
    monkeypatch.setattr(brief_threads, "MOST_COMPARED", 1)
    assert told_of(filled, BEFORE, AFTER).threads == []
    assert [each.story_count for each in by_incident(content(filled, BEFORE, AFTER))] == [1, 1, 1]


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


def test_command_tells_on_stdout_and_says_what_is_wrong(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'news.db'}"
    with closing(open_store(database)) as store:
        stories.fill(store)
    told = Ran("brief", stories.TOPIC, "--since", "9999d", "--lang", "en", "--db", database)
    assert (told.status, told.err) == (0, "")
    assert "3 new, 0 edited, 0 gone, 3 new links" in told.out
    nothing = Ran("brief", stories.TOPIC, "--since", "2026-11-20", "--until", "2026-11-21", "--db", database)
    assert "Tidak ada yang baru." in nothing.out
    unknown = Ran("brief", "ransomware", "--db", database)
    assert unknown.status == 3
    assert "its topics: data-breach" in unknown.err
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
        assert said in " ".join(wrong.err.replace("│", " ").split())


def test_headline_of_the_only_new_story_stands_there_once() -> None:
    [story] = nasty().new
    once = Incident(title=story.title, stories=[story], story_count=2)
    assert (once.heading, once.is_alone) == ("", False)
    assert Incident(title="Lain", stories=[story], story_count=2).heading == "Lain"


def test_brief_without_personal_data_is_masked_in_every_form(filled: Store, tmp_path: Path) -> None:
    from crawler.redaction import redact

    leaked = "Nomor HP 081234567890 milik Warga Tersebar"
    edit(filled, 1, leaked, "Hubungi 081298765432.", SECOND_DAY)
    with filled.write() as connection:
        connection.execute(update(articles).where(articles.c.id == 2).values(title=leaked, deck=leaked))
    paths = [tmp_path / name for name in ("brief.html", "brief.txt", "feed.xml")]
    for since in (BEFORE, AFTER):  # as a new story, and as an edit
        for mask in (None, redact):
            write_brief(
                filled, stories.TOPIC, "Topik", since=since, until=SECOND_DAY, paths=paths, redact=mask
            )
            written = [path.read_text() for path in paths]
            assert [re.search("0812[0-9]", text) is None for text in written] == [mask is not None] * 3
            assert ["disamarkan" in text for text in written] == [mask is not None] * 3
