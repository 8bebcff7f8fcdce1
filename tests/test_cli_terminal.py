from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.cli import exit_status
from crawler.cli.terminal import one_line, printable
from crawler.store.database import Store, open_store
from tests import stories
from tests.crawling import TIMEOUT
from tests.test_cli import PAGE_URL, Ran


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'news.db'}")
    yield opened
    opened.close()


@pytest.fixture
def database(store: Store) -> str:
    stories.fill(store)
    return store.engine.url.render_as_string(hide_password=False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Data \x1b[31mbocor\x1b[0m", "Data bocor"),
        ("\x1b]0;title\x07Data", "Data"),
        ("\x1b]8;;http://x\x1b\\Data\x1b]8;;\x1b\\", "Data"),
        ("\x9b31mData", "Data"),
        ("a\x07b\x08c\x7f", "abc"),
        ("\u202eatad", "atad"),
        ("[bold]Data[/bold]", "[bold]Data[/bold]"),
    ],
)
def test_nothing_from_the_web_commands_the_terminal(text: str, expected: str) -> None:
    assert printable(text) == expected


def test_one_line_is_one_line() -> None:
    assert one_line("Data\n  bocor\t lagi ") == "Data bocor lagi"


def test_titles_from_the_web_are_printed_harmlessly(store: Store) -> None:
    with store.write() as connection:
        stories.add_story(
            connection,
            1,
            stories.SEED,
            "Data [red]bocor[/red] \x1b]0;x\x07\x1b[2J:smile:",
            day=21,
            deck="\x9b2Jdeck",
        )
        stories.add_entry(connection, stories.SEED, is_seed=True, score=1.0)
    address = store.engine.url.render_as_string()
    for command in ("show", "why"):
        ran = Ran(command, stories.SEED, "--db", address)
        assert "Data [red]bocor[/red] :smile:" in ran.out
        assert not any(mark in ran.out for mark in ("\x1b", "\x9b", "\x07"))
    assert "\x9b" not in Ran("show", stories.SEED, "--db", address, "--json").out


COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3\d|4\d|9\d|10\d)(?:;\d+)*m")
PRINTERS = [
    ["why", stories.THIRD],
    ["show", stories.SECOND],
    ["search", "raid"],
    ["stats"],
    ["threads", stories.TOPIC, "--min", "1", "--stories"],
    ["brief", stories.TOPIC],
    ["doctor", "--offline", "-v"],
    ["search", "--help"],
    ["nosuch"],
]
PIPED = [["why", stories.THIRD], ["doctor", "--offline"], ["search", "--help"], ["nosuch"]]


def on_terminal(arguments: list[str], **env: str) -> str:
    """Run ``bacajuga`` on a pseudo terminal of 60 columns; return what it printed there."""
    ours, theirs = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env=environment | {"COLUMNS": "60", "TERM": "xterm-256color"} | env,
    )
    os.close(theirs)
    printed = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:
            break
        if not part:
            break
        printed += part
    os.close(ours)
    process.wait(timeout=30)
    return printed.decode()


def test_output_fits_the_window(database: str) -> None:
    printed = on_terminal(["why", stories.THIRD, "--db", database])
    assert COLOUR.search(printed)
    # An address stays whole, so that it can be copied: the terminal itself breaks it.
    lines = [printable(line) for line in printed.splitlines() if "https://" not in line]
    assert all(len(line) <= 60 for line in lines)


@pytest.mark.parametrize("arguments", PRINTERS, ids=" ".join)
def test_no_color_is_honoured_on_a_terminal(arguments: list[str], database: str) -> None:
    printed = on_terminal(arguments, NO_COLOR="1", DATABASE_URL=database)
    assert printed.strip()
    assert not COLOUR.search(printed), printed


@pytest.mark.parametrize("arguments", PIPED, ids=" ".join)
def test_pipe_gets_neither_colours_nor_other_marks(arguments: list[str], database: str) -> None:
    environment = {key: value for key, value in os.environ.items() if "COLOR" not in key}
    ran = subprocess.run(
        [sys.executable, "-m", "crawler", *arguments],
        capture_output=True,
        timeout=60,
        env=environment | {"TERM": "xterm-256color", "DATABASE_URL": database},
    )
    assert ran.stdout + ran.stderr
    assert b"\x1b" not in ran.stdout + ran.stderr


def test_a_closed_pipe_is_no_error(store: Store) -> None:
    with store.write() as connection:
        for number in range(1, 301):
            stories.add_story(
                connection, number, f"https://example.org/{number}", "Judul", day=21, body="kata " * 500
            )
    address = store.engine.url.render_as_string()
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler", "export", "articles", "--db", address],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=TIMEOUT) == exit_status.OUTPUT_CLOSED


def open_when_read(fifo: Path) -> int:
    """Open the pipe for writing as soon as somebody waits at its other end."""
    while True:
        try:
            return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.05)


def test_ctrl_c_is_one_line(tmp_path: Path) -> None:
    fifo = tmp_path / "page.html"
    os.mkfifo(fifo)
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler", "read", str(fifo), "--url", PAGE_URL],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    writing_end = open_when_read(fifo)
    time.sleep(0.5)  # from opening the pipe to reading it
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=TIMEOUT)
    os.close(writing_end)
    assert (process.returncode, out, err) == (exit_status.INTERRUPTED, "", "bacajuga: interrupted\n")
