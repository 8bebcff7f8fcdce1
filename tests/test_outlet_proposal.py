"""What saved pages agree on becomes an outlet file that reads them, and skeletons without their sentences."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.cli import exit_status
from crawler.cli.app import app
from crawler.demo.sample_web import SEED, SampleWeb
from crawler.errors import PageError
from crawler.items import Article
from crawler.outlet_proposal.proposal import propose
from crawler.outlet_proposal.selector_choice import Wanted, choose
from crawler.outlet_proposal.writing import skeleton_of, source_of
from crawler.own_outlets import load_folder
from crawler.reading.page import Page
from tests.crawling import run

PAGES = Path(__file__).parent / "pages"
SETS = {
    "kompas": ("article-2018", "current-2023"),
    "tribunnews": ("national-2020", "current-2026"),
    "detik": ("article-2018", "current-2023"),
    "sindonews": ("article-2018", "current-2026"),
    "suara": ("article-2015", "current-2026"),
}


def page_of(outlet: str, stem: str) -> Page:
    html = (PAGES / outlet / f"{stem}.html").read_bytes()
    address = re.match(rb"<!-- saved from (\S+) -->", html)
    assert address
    return Page(address[1].decode(), html)


def expected(outlet: str, stem: str) -> dict[str, str]:
    record: dict[str, str] = json.loads((PAGES / outlet / f"{stem}.json").read_text())
    return record


@pytest.mark.parametrize("name", SETS)
def test_proposed_rules_read_the_pages_they_come_from(name: str, tmp_path: Path) -> None:
    pages = [page_of(name, stem) for stem in SETS[name]]
    (tmp_path / f"{name}.py").write_text(source_of(propose(pages)))
    [(_, outlet)] = load_folder(tmp_path)
    for stem, page in zip(SETS[name], pages, strict=True):
        item, wanted = outlet.read(page), expected(name, stem)
        assert isinstance(item, Article), item
        assert item.title == wanted["title"]
        assert item.published_at
        assert item.published_at.isoformat() == wanted["published_at"]
        assert_same_text(item.body, wanted["body"])


def assert_same_text(got: str, wanted: str) -> None:
    """Most paragraphs are the same: what is noise inside the text is for a person to say."""
    ours, theirs = set(got.split("\n\n")), set(wanted.split("\n\n"))
    assert len(ours & theirs) >= 0.8 * len(theirs), ours ^ theirs


@pytest.mark.parametrize("name", SETS)
def test_skeleton_keeps_no_sentence_and_is_read(name: str) -> None:
    pages = [page_of(name, stem) for stem in SETS[name]]
    proposal = propose(pages)
    for stem, page in zip(SETS[name], pages, strict=True):
        skeleton = skeleton_of(proposal, page)
        texts = [expected(name, stem)["title"], *expected(name, stem)["body"].split("\n\n")]
        runs = {" ".join(words) for text in texts for words in zip(*[iter(text.split())] * 3, strict=False)}
        assert not [run for run in runs if run in skeleton]
        address = re.match(r"<!-- saved from (\S+) -->", skeleton)
        assert address
        item = proposal.outlet().read(Page(address[1], skeleton))
        assert isinstance(item, Article)
        assert item.title == "TULIS JUDUL SENDIRI"
        assert item.published_at


def test_selector_that_holds_on_all_pages_is_chosen() -> None:
    pages = [
        Page("https://a.test/1", '<h1 class="t1 judul css-a1b2">A</h1><h1 class="judul">B</h1>'),
        Page("https://a.test/2", '<h1 class="judul mt-4">A</h1><div class="mt-4">B</div>'),
    ]
    chosen = choose([Wanted(page, [page.root.find(".//h1")]) for page in pages])
    assert chosen.rules == ("h1.judul",)
    assert not chosen.missed


def test_pages_of_two_sites_are_refused() -> None:
    pages = [Page("https://a.test/1", "<p>x"), Page("https://b.test/1", "<p>x")]
    with pytest.raises(PageError, match=r"of a\.test, b\.test"):
        propose(pages)


def test_command_writes_the_files_and_says_its_doubts(tmp_path: Path) -> None:
    saved = [str(PAGES / "kompas" / f"{stem}.html") for stem in SETS["kompas"]]
    arguments = ["outlets", "new", *saved, "--name", "koran", "--folder", str(tmp_path)]
    ran = CliRunner().invoke(app, arguments)
    assert ran.exit_code == exit_status.OK, ran.stderr
    written = [Path(line) for line in ran.stdout.splitlines()]
    assert [path.name for path in written] == [
        "koran.py", "page-1.html", "page-1.json", "page-2.html", "page-2.json",
    ]  # fmt: skip
    assert json.loads(written[2].read_text())["title"] == "TULIS JUDUL SENDIRI"
    assert "? article_id: " in ran.stderr
    again = CliRunner().invoke(app, arguments)
    assert again.exit_code == exit_status.ERROR
    assert "koran.py" in again.stderr
    assert "already there" in again.stderr


def test_command_asks_for_the_address_of_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<h1>Judul</h1>")
    ran = CliRunner().invoke(app, ["outlets", "new", str(page), "--folder", str(tmp_path / "own")])
    assert ran.exit_code == exit_status.USAGE
    assert "--url" in ran.stderr


def test_command_fetches_addresses(sample_web: SampleWeb, tmp_path: Path) -> None:
    ended = run(
        "outlets", "new", SEED, "--folder", str(tmp_path), "-s", f"CONNECT_TO={sample_web.url}",
        environment={"BACAJUGA_CONTACT": "test@example.org"},
    )  # fmt: skip
    assert ended.status == exit_status.OK, ended.stderr
    assert (tmp_path / f"{ended.stdout.split()[0].rpartition('/')[2]}").exists()
    assert {hit.path for hit in sample_web.log} >= {"/robots.txt"}
