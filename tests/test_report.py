"""The report: what it tells, in which order, in two languages, and that nothing from the web acts in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from lxml import html
from sqlalchemy import insert, update
from typer.testing import CliRunner

from crawler.cli.app import app
from crawler.coverage import Coverage
from crawler.redaction import redact
from crawler.report import data as report_data
from crawler.report.data import Report, gather
from crawler.report.editing import headline
from crawler.report.html import coverage_text, report_html
from crawler.report.layout import positions
from crawler.report.republishing import outlet_records, republishings
from crawler.report.timeline import MOST_COLOURS, timeline_of
from crawler.report.wording import Wording
from crawler.report.words import WORDS
from crawler.report.writing import write_report
from crawler.store.answers.report import ReportCopy, ReportStory
from crawler.store.database import Store, open_store
from crawler.store.schema import articles, copies, revisions
from tests import stories
from tests.many_stories import fill_many

WIB = ZoneInfo("Asia/Jakarta")
NASTY = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)> \"bocor\" 'data' "
    "\u2028 {{ 7*7 }} \u202e\x1b[31m"
)
NIK = "3171011708450001"


@pytest.fixture
def filled(store: Store) -> Store:
    stories.fill(store)
    with store.write() as connection:
        connection.execute(
            insert(copies).values(
                article_id=4, of_id=2, kind="exact", j3=1.0, containment=1.0, num_jaccard=1.0, sig_version=1,
                found_at=stories.SEEN_AT,
            )
        )  # fmt: skip
    return store


def edit(store: Store, number: int, title: str, body: str) -> None:
    changed = {"content_hash": f"edited{number}", "title": title}
    with store.write() as connection:
        connection.execute(
            insert(revisions).values(
                id=number + 100, article_id=number, body=body, authors=[], deck=None,
                seen_at=stories.SEEN_AT + timedelta(hours=number), **changed,
            )
        )  # fmt: skip
        connection.execute(update(articles).where(articles.c.id == number).values(**changed))


def told(store: Store, **options: Any) -> Report:
    return gather(store, stories.TOPIC, WIB, made_at=stories.SEEN_AT, **options)


def page(report: Report, language: str = "id", title: str = "Kebocoran data") -> tuple[str, Any]:
    """Return the report as text and as a tree."""
    text = report_html(report, title, Wording(language, "Asia/Jakarta"))
    return text, html.document_fromstring(text)


def page_data(tree: Any) -> Any:
    return json.loads(tree.get_element_by_id("data").text)


def test_it_tells_of_stories_links_and_copies_once(filled: Store) -> None:
    report = told(filled)
    # The newest first, the one without a time last; no lure, no copy.
    assert [each.story.url for each in report.stories] == [stories.SECOND, stories.SEED, stories.THIRD]
    # The copy's link leads to the story that it copies: that is none.
    assert report.links == [(1, 2), (2, 1), (2, 5)]
    assert [(each.links_in, each.links_out, each.copies) for each in report.stories] == [
        (1, 2, 1), (1, 1, 0), (1, 0, 0),
    ]  # fmt: skip
    assert (report.story_count, report.copy_count, report.gone_count, report.edited_count) == (3, 1, 0, 0)
    assert report.timeline.untimed == 1
    assert sum(thread.stories for thread in report.threads) == 3


def test_a_period_leaves_out_what_was_published_at_another_time(filled: Store) -> None:
    since = datetime(2021, 5, 22, tzinfo=WIB)
    assert [each.story.url for each in told(filled, since=since).stories] == [stories.SECOND]
    # Without the first copy, the second one stands for it.
    late = told(filled, since=since + timedelta(days=1))
    assert [each.story.url for each in late.stories] == [stories.COPY]
    assert (late.copy_count, late.links) == (0, [])
    nothing = told(filled, until=datetime(2021, 5, 1, tzinfo=UTC))
    assert nothing.stories == []
    text, tree = page(nothing)
    assert "Belum ada berita" in text
    assert page_data(tree)["nodes"] == []


def test_edits_are_told_with_headlines_and_figures_first(filled: Store) -> None:
    edit(filled, 2, "Kominfo Blokir Raid Forums", "Paragraf pertama.")
    edit(filled, 1, "34 Juta Data Peserta BPJS Bocor", "Paragraf pertama.\n\nParagraf kedua: 34 juta.")
    report = told(filled)
    assert [each.story.id for each in report.edits] == [1, 2]
    first = report.edits[0]
    assert [(piece.kind, piece.text) for piece in first.title] == [
        ("old", "279"), ("new", "34"), ("same", "Juta Data Peserta BPJS Bocor"),
    ]  # fmt: skip
    assert [(figure.old, figure.new) for figure in first.difference.figures] == [("279 Juta", "34 Juta")]
    _, tree = page(report)
    [shown, second] = tree.xpath("//ol[@class='edits']/li")
    assert [each.text for each in shown.xpath("./p[@class='was']/del|./p[@class='was']/ins")] == ["279", "34"]
    assert "Paragraf kedua" in " ".join(second.xpath(".//del/text()"))
    assert tree.xpath("//tr[@id='s0']//span[@class='flag']/text()") == ["disunting"]


def test_headlines_are_compared_word_by_word() -> None:
    assert [(piece.kind, piece.text) for piece in headline("A b c", "A b c")] == [("same", "A b c")]
    assert [(piece.kind, piece.text) for piece in headline("", "Baru")] == [("new", "Baru")]
    pieces = headline("Data bocor di forum", "Data dijual di forum gelap")
    assert [piece.kind for piece in pieces] == ["same", "old", "new", "same", "new"]


def test_what_is_redacted_stands_nowhere_in_the_file(filled: Store) -> None:
    edit(filled, 1, f"Data NIK {NIK} Bocor", f"NIK {NIK}, ponsel 0812-3456-7890, dijual.\n\nParagraf kedua.")
    open_text, _ = page(told(filled))
    assert NIK in open_text
    assert "0812-3456-7890" in open_text
    report = told(filled, redact=redact)
    masked, _ = page(report)
    assert report.is_redacted
    assert "disamarkan" in masked
    for secret in (NIK, NIK[:12], "0812", "3456-7890"):
        assert secret not in re.sub(r"<script>.*?</script>", "", masked, flags=re.DOTALL)


def story(number: int, outlet: str, at: datetime | None, duplicate_of: int | None = None) -> ReportStory:
    return ReportStory(
        id=number, url=f"https://{outlet}.test/{number}", outlet=outlet, title=f"Judul {number}",
        published_at=at, first_seen_at=stories.SEEN_AT, gone_at=None, duplicate_of=duplicate_of, agency=None,
        word_count=9, versions=1,
    )  # fmt: skip


def copy(article_id: int, of_id: int, kind: str, j3: float = 0.8, containment: float = 0.95) -> ReportCopy:
    return ReportCopy(article_id=article_id, of_id=of_id, kind=kind, j3=j3, containment=containment)


def test_who_published_first_is_first_whoever_was_stored_first() -> None:
    noon = datetime(2021, 5, 21, 12, tzinfo=UTC)
    held = [
        story(1, "kompas", noon),
        story(2, "antaranews", noon - timedelta(hours=2), 1),
        story(3, "detik", noon + timedelta(hours=4), 1),
        story(4, "tempo", None, 1),
        story(5, "suara", noon + timedelta(days=1)),
        story(6, "suara", noon),
    ]
    found = [
        copy(2, 1, "exact"),
        copy(3, 1, "near", 0.8),
        copy(4, 1, "near"),
        copy(1, 5, "contained"),
        copy(9, 1, "exact"),
    ]
    [group] = republishings({each.id: each for each in held}, found)
    assert [(each.story.id, each.kind, each.after) for each in group.printings] == [
        (2, "exact", None),
        (1, "reference", timedelta(hours=2)),
        (3, "near", timedelta(hours=6)),
        (5, "contained", timedelta(hours=26)),
        (4, "near", None),  # without a time nobody can tell
    ]
    assert [each.likeness for each in group.printings] == [0.8, None, 0.8, 0.95, 0.8]
    records = {each.outlet: (each.first, each.again, each.wait) for each in outlet_records([group])}
    assert records == {
        "antaranews": (1, 0, None),
        "kompas": (0, 1, timedelta(hours=2)),
        "detik": (0, 1, timedelta(hours=6)),
        "tempo": (0, 1, None),
    }


def test_nobody_is_called_first_where_times_are_missing() -> None:
    held = {1: story(1, "kompas", None), 2: story(2, "detik", datetime(2021, 5, 21, tzinfo=UTC), 1)}
    [group] = republishings(held, [copy(2, 1, "exact")])
    assert not group.is_sure
    assert outlet_records([group]) == []


@pytest.mark.parametrize(
    ("days", "step", "bars"), [(0, "day", 1), (209, "day", 210), (210, "week", 31), (4000, "month", 133)]
)
def test_timeline_is_even_and_has_room(days: int, step: str, bars: int) -> None:
    first = datetime(2021, 5, 21, 20, tzinfo=UTC)  # already the 22nd in Jakarta
    found = timeline_of([("detik", first), ("detik", first + timedelta(days=days)), ("tempo", None)], WIB)
    assert (found.step, len(found.starts), found.untimed) == (step, bars, 1)
    assert found.totals[0] + (found.totals[-1] if bars > 1 else 0) == 2
    if step == "day":
        assert found.starts[0] == date(2021, 5, 22)
    if step == "week":
        assert {start.weekday() for start in found.starts} == {0}


def test_outlets_without_a_colour_are_counted_together() -> None:
    moment = datetime(2021, 5, 21, tzinfo=UTC)
    found = timeline_of([(f"media{number}", moment) for number in range(MOST_COLOURS + 3)], WIB)
    assert found.outlets[-1] == ""
    assert len(found.outlets) == MOST_COLOURS + 1
    assert found.counts[-1] == [3]


def test_places_are_apart_the_same_each_time_and_by_group() -> None:
    rng = np.random.default_rng(1)
    groups = sorted(int(group) for group in rng.integers(0, 12, 200))
    groups = [sorted(set(groups)).index(group) for group in groups]
    edges = [tuple(map(int, pair)) for pair in rng.integers(0, 200, (260, 2)) if pair[0] != pair[1]]
    sizes = [0.3] * 200
    spots = positions(groups, edges, sizes)  # type: ignore[arg-type]
    assert np.array_equal(spots, positions(groups, edges, sizes))  # type: ignore[arg-type]
    away = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))
    np.fill_diagonal(away, np.inf)
    assert away.min() > 0.5  # dots of 0.3 do not overlap
    discs = []
    for group in range(max(groups) + 1):
        own = spots[[at for at, each in enumerate(groups) if each == group]]
        middle = (own.max(axis=0) + own.min(axis=0)) / 2
        discs.append((middle, np.hypot(*(own - middle).T).max()))
    for (one, reach), (other, far) in combinations(discs, 2):
        assert np.hypot(*(one - other)) > (reach + far) * 0.95
    assert positions([], [], []).shape == (0, 2)
    # Many links between few groups do not throw them out of the picture.
    tied = positions([0] * 20 + [1] * 20, [(a, b) for a in range(20) for b in range(20, 40)], [0.3] * 40)
    assert np.ptp(tied, axis=0).max() < 40
    assert np.isfinite(positions([0], [], [1.0])).all()


def nasty(store: Store) -> None:
    """Let pages print what attackers would."""
    with store.write() as connection:
        connection.execute(update(articles).values(title=NASTY, agency=NASTY))
        connection.execute(update(articles).where(articles.c.id == 1).values(url="javascript:alert(3)//a.b/"))
        connection.execute(update(articles).where(articles.c.id == 2).values(outlet="</script><b>media</b>"))
    edit(store, 5, f"{NASTY} lain", f"Isi {NASTY}")


@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_from_a_page_acts(filled: Store, language: str) -> None:
    nasty(filled)
    text, tree = page(told(filled), language, title=NASTY)
    assert tree.get("lang") == language
    assert len(tree.xpath("//script")) == 3
    assert not tree.xpath(
        "//img|//b[.='media']|//iframe|//object|//form[@action]|//*[@src]|//@*[starts-with(name(), 'on')]"
    )
    assert not re.search("[\x00-\x08\x1b\u2028\u202e]", text)
    assert "49" not in tree.xpath("//title")[0].text
    for link in tree.xpath("//a[not(starts-with(@href, '#'))]"):
        assert link.get("href").startswith(("http://", "https://"))
        assert link.get("rel") == "noopener noreferrer nofollow"
    assert tree.xpath("//tbody//td[@class='title']")[0].text_content().startswith("</script><script>alert(1)")
    assert "</script><b>media</b>" in page_data(tree)["outlets"]
    # Nothing is taken from anywhere: the only addresses are links and licences.
    assert tree.xpath("//link/@href") == ["data:,"]
    assert "@import" not in text
    assert "url(" not in tree.xpath("//style")[0].text


def test_the_policy_allows_the_very_scripts_and_no_other(filled: Store) -> None:
    text, tree = page(told(filled))
    [policy] = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    parts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL) + re.findall(
        r"<style>(.*?)</style>", text, re.DOTALL
    )
    assert len(parts) == 3
    for part in parts:
        digest = base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "Licensed under the Apache License, Version 2.0" in parts[0]
    assert "Redistributions in binary form must reproduce" in parts[0]


def test_each_picture_has_a_name_and_a_table(filled: Store) -> None:
    edit(filled, 1, "Judul baru", "Isi baru.")
    _, tree = page(told(filled))
    charts = tree.xpath("//div[contains(@class, 'chart')]")
    assert {chart.get("id") for chart in charts} >= {"timeline-chart", "graph-chart"}
    for chart in charts:
        assert chart.get("role") == "img"
        assert chart.get("aria-label")
        assert chart.xpath("ancestor::section//table//td"), (
            "what a picture shows has to stand in a table, too"
        )
    assert all(
        tree.get_element_by_id(link[1:]) is not None
        for link in tree.xpath("//a[starts-with(@href, '#')]/@href")
    )
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert tree.xpath("//th[@aria-sort='descending']/@data-key") == ["time"]
    assert tree.xpath("count(//details[not(@open)])") == 0, "without a script all tables have to show"
    for control in tree.xpath("//input|//select"):
        assert control.getparent().tag == "label" or tree.xpath(f"//label[@for='{control.get('id')}']")


def test_both_languages_have_the_same_words() -> None:
    places = {
        language: {key: sorted(re.findall(r"{\w+}", text)) for key, text in words.items()}
        for language, words in WORDS.items()
    }
    assert places["id"] == places["en"]


def test_words_follow_the_language(filled: Store) -> None:
    _, indonesian = page(told(filled), "id")
    _, english = page(told(filled), "en")
    assert indonesian.xpath("//h2[@id='list']/text()") == ["Daftar berita"]
    assert english.xpath("//h2[@id='list']/text()") == ["All stories"]
    assert indonesian.xpath("//tr[@id='s0']/td[1]/text()") == ["22 Mei 2021 08.30"]
    assert english.xpath("//tr[@id='s0']/td[1]/text()") == ["22 May 2021 08:30"]


@pytest.mark.parametrize(
    ("coverage", "said"),
    [
        (Coverage(seeds=(1, 1)), "it needs at least 4 seeds that are stories, there are 2"),
        (
            Coverage(seeds=(3, 3), both=2),
            "needs 7 stories that both halves of the seeds lead to, there are 2",
        ),
        (
            Coverage(seeds=(3, 3), both=9, either=40, estimate=50.2, interval=(44, 61)),
            "40 of about 50 stories",
        ),
        (Coverage(seeds=(3, 3), both=9, either=40, estimate=40.0, interval=(40, 40)), "the same 40 stories"),
    ],
)
def test_coverage_is_put_into_words(coverage: Coverage, said: str) -> None:
    assert said in coverage_text(coverage, Wording("en", "UTC"))


def test_what_does_not_fit_is_counted(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_data, "MOST_LISTED", 2)
    report = told(filled)
    text, tree = page(report, "en")
    assert (len(report.stories), report.story_count) == (2, 3)
    assert "Listed are the newest 2 of 3 stories" in text
    assert len(page_data(tree)["nodes"]) == 2
    assert page_data(tree)["edges"] == [[0, 1], [1, 0]] or page_data(tree)["edges"] == [[1, 0], [0, 1]]


def test_500_stories_fit_a_mail(store: Store, tmp_path: Path) -> None:
    fill_many(store)
    path = tmp_path / "report.html"
    steps = set()
    report = write_report(
        store, stories.TOPIC, "Data", path=path, progress=lambda step, done, total: steps.add(step)
    )
    assert 450 < report.story_count < 500
    assert report.edited_count == 30
    assert report.yields.yields.total.stories > 450
    assert path.stat().st_size < 1_300_000
    assert steps == {"comparing versions", "grouping stories"}
    tree = html.parse(str(path)).getroot()
    assert len(tree.xpath("//table[@id='stories']/tbody/tr")) == report.story_count
    assert len(page_data(tree)["nodes"]) == report.story_count
    again = tmp_path / "again.html"
    write_report(store, stories.TOPIC, "Data", path=again)
    made = re.compile("Dibuat [^<]*")
    assert made.sub("", path.read_text()) == made.sub("", again.read_text())


def ran(*arguments: str) -> Any:
    environment = {"COLUMNS": "200", "TERM": "dumb", "BACAJUGA_DEBUG": ""}
    return CliRunner(env=environment).invoke(app, list(arguments), prog_name="bacajuga")


def test_command_writes_a_file_and_says_what_is_wrong(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'news.db'}"
    with closing(open_store(database)) as opened:
        stories.fill(opened)
    path = tmp_path / "laporan.html"
    done = ran("report", stories.TOPIC, "-o", str(path), "--lang", "en", "--db", database)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == f"report (3 stories, 3 links, 0 edits) written to {path}\n"
    assert path.read_text().startswith('<!DOCTYPE html>\n<html lang="en">')
    unknown = ran("report", "ransomware", "-o", str(path), "--db", database)
    assert unknown.exit_code == 3
    assert "its topics: data-breach" in unknown.stderr
    nowhere = ran("report", stories.TOPIC, "-o", str(tmp_path / "no" / "r.html"), "--db", database)
    assert nowhere.exit_code == 1
    assert "there is no folder" in nowhere.stderr
    for arguments, said in (
        (("--since", "kemarin"), "is not a date"),
        (("--zone", "Jakarta"), "is no time zone"),
        (("--lang", "jv"), "'id', 'en'"),
        (("--since", "2021-05-22", "--until", "2021-05-20"), "is not before 2021-05-20"),
    ):
        wrong = ran("report", stories.TOPIC, *arguments, "-o", str(path), "--db", database)
        assert wrong.exit_code == 2
        assert said in " ".join(wrong.stderr.replace("│", " ").split())
