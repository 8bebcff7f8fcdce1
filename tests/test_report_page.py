"""The page of a report: nothing from the web acts in it, two languages, its size, and the command."""

from __future__ import annotations

import base64
import hashlib
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from sqlalchemy import update
from typer.testing import CliRunner

from crawler.cli.app import app
from crawler.coverage import Coverage
from crawler.report import data as report_data
from crawler.report.html import coverage_text
from crawler.report.wording import Wording
from crawler.report.words import WORDS
from crawler.report.writing import write_report
from crawler.store.database import Store, open_store
from crawler.store.schema import articles
from tests import stories
from tests.many_stories import fill_many
from tests.reports import edit, fill_with_copy, page, page_data, told

NASTY = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)> \"bocor\" 'data' "
    "\u2028 {{ 7*7 }} \u202e\x1b[31m"
)


@pytest.fixture
def filled(store: Store) -> Store:
    return fill_with_copy(store)


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
