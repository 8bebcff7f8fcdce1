"""Where commands write: whole files that appear at the end, and what is no file, straight."""

from __future__ import annotations

import os
import subprocess
import threading
from contextlib import closing
from pathlib import Path

import pytest

from crawler.export.writing import is_stream
from crawler.store.database import open_store
from tests import stories
from tests.crawling import clean_environment, command

WRITERS = {
    "export": (["export", "articles"], b"url,outlet,title,"),
    "report": (["report", stories.TOPIC], b"<!DOCTYPE html>"),
    "brief": (["brief", stories.TOPIC, "--since", "9999d", "--lang", "en"], b"Brief: "),
}


@pytest.fixture
def database(tmp_path: Path) -> str:
    address = str(tmp_path / "news.db")
    with closing(open_store(address)) as store:
        stories.fill(store)
    return address


def ran(arguments: list[str], database: str, output: str, **options: object) -> bytes:
    done = subprocess.run(
        command(*arguments, "--db", database, "-o", output), check=True, timeout=120,
        env=clean_environment(), **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options),
    )  # type: ignore[call-overload]  # fmt: skip
    return done.stdout or b""


@pytest.mark.parametrize("output", ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
@pytest.mark.parametrize(("arguments", "begins"), WRITERS.values(), ids=list(WRITERS))
def test_stdout_by_any_name_goes_into_the_pipe(
    arguments: list[str], begins: bytes, output: str, database: str
) -> None:
    assert ran(arguments, database, output).startswith(begins)


@pytest.mark.parametrize(("arguments", "begins"), WRITERS.values(), ids=list(WRITERS))
def test_fifo_is_written_to_and_stays(
    arguments: list[str], begins: bytes, database: str, tmp_path: Path
) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(fifo.read_bytes()), daemon=True)
    reader.start()
    ran(arguments, database, str(fifo))
    reader.join(60)
    assert read[0].startswith(begins)
    assert fifo.is_fifo()


def test_stdout_that_a_shell_has_led_to_the_end_of_a_file_leaves_its_beginning(
    database: str, tmp_path: Path
) -> None:
    log = tmp_path / "all.txt"
    log.write_bytes(b"before\n")
    with log.open("ab") as end:
        ran(WRITERS["brief"][0], database, "/dev/stdout", stdout=end)
    assert log.read_bytes().startswith(b"before\nBrief: ")


def test_descriptor_that_is_closed_is_one_line(database: str) -> None:
    done = subprocess.run(
        command("brief", stories.TOPIC, "--db", database, "-o", "/dev/fd/77"),
        capture_output=True, text=True, timeout=120, env=clean_environment(),
    )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "cannot write /dev/fd/77: Bad file descriptor" in done.stderr


def test_what_is_a_stream_and_what_a_file(tmp_path: Path) -> None:
    file = tmp_path / "brief.txt"
    assert not is_stream(file)
    file.touch()
    assert not is_stream(file)
    assert not is_stream(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    assert is_stream(tmp_path / "pipe")
    assert is_stream(Path(os.devnull))
    assert is_stream(Path("-"))
