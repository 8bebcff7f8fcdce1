"""Pages as fetched in WARC files: whole, readable by other tools, and up to the moment of a SIGKILL."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler import __version__
from crawler.archive import require_warcio
from crawler.archive.raw_page import RawPage
from crawler.archive.reader import Archive
from crawler.archive.writer import ArchiveWriter
from crawler.demo.sample_web import SampleWeb
from crawler.errors import ArchiveError
from tests.crawling import crawl_arguments, run, start
from tests.many_pages import wait_until

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
KILL_AFTER_PAGES = 25


def page(number: int, *, key: str | None = "", status: int = 200, minute: int = 0) -> RawPage:
    return RawPage(
        url=f"https://www.kompas.com/tren/read/2021/05/21/{number:09}/cerita",
        key=f"kompas:{number}" if key == "" else key,
        fetched_at=NOON + timedelta(minutes=minute),
        status=status,
        headers=(
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Encoding", "gzip"),
            ("X-Cache", "HIT"),
        ),
        body=f"<h1>Cerita {number} “béda”</h1>".encode() * 50,
    )


def written(folder: Path, *pages: RawPage, max_bytes: int = 10**9) -> list[Path]:
    writer = ArchiveWriter(
        folder, "data-breach-1-host:7:8", {"topic": "data-breach", "crawl": "1"}, max_bytes=max_bytes
    )
    for each in pages:
        writer.add(each)
    writer.close()
    return sorted(folder.iterdir())


def test_page_comes_back_as_it_was_written(tmp_path: Path) -> None:
    written(tmp_path, page(1), page(2))
    archive = Archive(tmp_path)
    ref = archive.pages()[1]
    assert (ref.topic, ref.crawl_id, ref.key) == ("data-breach", 1, "kompas:2")
    read = archive.load(ref)
    assert (read.url, read.status, read.body, read.fetched_at) == (page(2).url, 200, page(2).body, NOON)
    headers = dict(read.headers)
    assert headers["X-Cache"] == "HIT"
    assert "Content-Encoding" not in headers, "the stored body is decoded"
    assert headers["Content-Length"] == str(len(page(2).body))


def test_only_answers_to_the_frontier_are_pages_and_parts_are_found_by_time(tmp_path: Path) -> None:
    part = [page(2, key=None, minute=minute) for minute in (1, 30)]
    written(tmp_path, page(1), page(3, status=404), *part)
    archive = Archive(tmp_path)
    assert [ref.key for ref in archive.pages()] == ["kompas:1"]
    near = {minute: archive.part(part[0].url, NOON + timedelta(minutes=minute)) for minute in (0, 10, 60)}
    assert [(found.fetched_at - NOON).seconds // 60 for found in near.values() if found] == [1, 30, 30]
    assert archive.part("https://www.kompas.com/", NOON) is None


def test_full_file_is_followed_by_the_next(tmp_path: Path) -> None:
    files = written(tmp_path, *(page(number) for number in range(6)), max_bytes=1000)
    assert len(files) > 1
    assert [path.name[-12:] for path in files][:2] == ["-000.warc.gz", "-001.warc.gz"]
    assert ":" not in files[0].name, "no file system takes every character"
    for path in files:
        with path.open("rb") as file:
            first = next(iter(ArchiveIterator(file)))
            assert first.rec_type == "warcinfo"
            assert f"bacajuga/{__version__}" in first.content_stream().read().decode()
    assert len(Archive(tmp_path).pages()) == 6


def test_file_cut_anywhere_keeps_its_whole_records(tmp_path: Path) -> None:
    (path,) = written(tmp_path / "whole", page(1), page(2), page(3))
    whole = path.read_bytes()
    last = Archive(path.parent).pages()[2].place[1]
    cut = tmp_path / "cut" / path.name
    cut.parent.mkdir()
    for size in range(last, len(whole) - 40, 7):
        cut.write_bytes(whole[:size])
        archive = Archive(cut.parent)
        assert [archive.load(ref).body for ref in archive.pages()] == [page(1).body, page(2).body], size


def test_empty_folder_says_how_to_fill_it(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="crawl --archive"):
        Archive(tmp_path)


def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ArchiveError, match=r"pip install warcio"):
        require_warcio("the archive pages")


def test_killed_crawl_leaves_a_readable_archive_and_the_next_goes_on(
    sample_web: SampleWeb, tmp_path: Path
) -> None:
    folder, database = tmp_path / "pages", str(tmp_path / "news.db")
    arguments = [*crawl_arguments(sample_web.url, database), "--archive", str(folder)]
    crawl = start(*arguments, "-q")
    wait_until(lambda: fetched(sample_web) >= KILL_AFTER_PAGES, "pages", crawl)
    crawl.kill()
    crawl.communicate()
    kept, before = archived_urls(folder), {hit.url for hit in sample_web.log}
    # Of the last answers some were still on their way.
    assert fetched(sample_web) - 16 <= len(kept) <= fetched(sample_web)

    done = run(*arguments, "--json", "-q")
    assert done.status == 0, done.stderr
    assert (
        archived_urls(folder)
        >= {hit.url for hit in sample_web.log if hit.status == 200 and hit.path != "/robots.txt"} - before
    )
    assert not [url for url in archived_urls(folder) if url.endswith("/robots.txt")]
    parts = [ref for ref in Archive(folder)._by_url.values() if ref[0].key is None]
    assert parts, "no part of a split story was kept"


def test_archive_that_cannot_be_written_ends_the_crawl(sample_web: SampleWeb, tmp_path: Path) -> None:
    (tmp_path / "pages").write_text("a file")
    done = run(
        *crawl_arguments(sample_web.url, str(tmp_path / "news.db")),
        "--archive",
        str(tmp_path / "pages"),
        "-q",
    )
    assert done.status == 1
    assert done.stderr.endswith("cannot be made: it is a file; name a folder to make\n")
    assert fetched(sample_web) < 20, "the crawl went on without its archive"


def fetched(web: SampleWeb) -> int:
    return len([hit for hit in list(web.log) if hit.path != "/robots.txt"])


def archived_urls(folder: Path) -> set[str]:
    """Every address in the files as another tool reads them, digests checked; all as https, as in the log."""
    urls: set[str] = set()
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                if record.rec_type == "response" and record.raw_stream.limit >= 0:
                    record.content_stream().read()
                    url = record.rec_headers.get_header("WARC-Target-URI")
                    urls.add(url.replace("http://", "https://"))
    return urls
