"""Run the commands that the documents show, on a demo's store and as on a terminal, and write their output.

``python -m tests.shown_output`` writes tables and outputs of all documents anew; the tests compare. A line
``...`` in an output stands for any lines; such an output is kept by hand.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import tempfile
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from unittest.mock import patch

from tests.documents import DOCUMENTS, ROOT, Shown, lines_of, shown_outputs
from tests.written_tables import with_tables

WIDTH, HEIGHT = 80, 50
DEMO_LOG = "demo.log"
# What is cheap, and prints the same on every sample store; a crawl prints in another order each time.
CHEAP = {
    *("--version", "topics", "outlets", "read", "export", "show", "why", "why-not", "search", "timeline"),
    *("threads", "stats", "dedupe", "report", "brief", "yields", "snapshot"),
}
CHEAP_PAIRS = {("jobs", "list"), ("jobs", "install"), ("db", "upgrade")}
# How far a command is, which it says on a terminal that cannot wipe a line away.
PROGRESS = re.compile(r"\w[\w ]*: [\d,]+ of [\d,]+ \(\d+%\)")
# Of the day of the crawl; the sample web's own days are in 2018 to 2024.
_LATE = r"20(?:2[5-9]|[3-9]\d)"
_CHANGING = (
    (
        re.compile(rf"\b{_LATE}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:[+-]\d\d:\d\d| UTC)?)?"),
        "TIME",
    ),
    (re.compile(rf"\b\w+, \d+ \w+ {_LATE} \d\d[:.]\d\d WIB"), "TIME"),
    (re.compile(rf"\b{_LATE}\b"), "YEAR"),
    (re.compile(r"month = \{\d+\}"), "MONTH"),
    (re.compile(r"\b\d+\.\d MB"), "SIZE"),
    (re.compile(r"\b(?=[a-f]*\d)[0-9a-f]{12,64}\b"), "HASH"),
    (re.compile(r"^( *)(fetched|cost|harvest|by hop|hop)\b.*"), r"\1\2"),
)


def is_checkable(command: str) -> bool:
    """Say whether a command of the documents can be run on the demo's store in the tests."""
    if any(mark in command for mark in "|><;&*"):
        return False
    words = shlex.split(command)
    return words[0] == "bacajuga" and (words[1] in CHEAP or tuple(words[1:3]) in CHEAP_PAIRS)


def same(printed: list[str], shown: list[str]) -> bool:
    """Say whether an output is as shown: ``...`` stands for any lines, times and sizes may differ."""
    if not shown:
        return not printed
    if shown[0].strip() == "...":
        return any(same(printed[start:], shown[1:]) for start in range(len(printed) + 1))
    return bool(printed) and _plain(printed[0]) == _plain(shown[0]) and same(printed[1:], shown[1:])


def _plain(line: str) -> str:
    for pattern, name in _CHANGING:
        line = pattern.sub(name, line)
    return " ".join(line.split())


@contextmanager
def sample_folder(folder: Path) -> Iterator[Path]:
    """Make a folder such as a reader has after ``make demo``, and give it; commands run there."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BACAJUGA")},
        **{"TERM": "dumb", "COLUMNS": str(WIDTH), "LINES": str(HEIGHT), "NO_COLOR": "1"},
    }
    bacajuga = [sys.executable, "-m", "crawler"]
    environment["PYTHONPATH"] = str(ROOT)
    demo = subprocess.run(
        [*bacajuga, "demo", "--keep", "demo-output"],
        cwd=folder, env=environment, check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    (folder / DEMO_LOG).write_bytes(demo.stderr)
    for name in ("tests", "crawler"):
        (folder / name).symlink_to(ROOT / name)
    example = subprocess.run(
        [*bacajuga, "jobs", "example"], cwd=folder, env=environment, check=True, capture_output=True
    )
    (folder / "jobs.toml").write_bytes(example.stdout)
    environment["DATABASE_URL"] = "sqlite:///demo-output/bacajuga.db"
    before = Path.cwd()
    os.chdir(folder)
    try:
        with patch.dict(os.environ, environment, clear=True):
            yield folder
    finally:
        os.chdir(before)


def demo_output(folder: Path) -> list[str]:
    """Return the lines that the demo of a sample folder printed, but for its progress."""
    lines = [line.rstrip() for line in (folder / DEMO_LOG).read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if not re.match(r"bacajuga: \d+:\d\d ", line)]


def printed_by(command: str) -> list[str]:
    """Return the lines that a command prints on a terminal, without the progress that it wipes away."""
    from crawler.cli.app import app

    main, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
    said: list[bytes] = []

    def listen() -> None:
        while True:
            try:
                part = os.read(main, 65536)
            except OSError:  # the other end is closed
                return
            if not part:
                return
            said.append(part)

    listener = threading.Thread(target=listen)
    listener.start()
    with (
        os.fdopen(terminal, "w", encoding="utf-8", buffering=1) as out,
        redirect_stdout(out),
        redirect_stderr(out),
        suppress(SystemExit),
    ):
        app(shlex.split(command)[1:], prog_name="bacajuga")
    listener.join(10)
    os.close(main)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", b"".join(said).decode("utf-8").replace("\r\n", "\n"))
    lines = [line.rpartition("\r")[2].rstrip() for line in text.splitlines()]
    lines = [line for line in lines if not PROGRESS.match(line)]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def write_outputs(document: str) -> None:
    """Put what its commands print now into a document; outputs with ``...`` only complain."""
    path = ROOT / document
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [shown for shown in shown_outputs(list(lines_of(document))) if is_checkable(shown.command)]
    printed = [
        printed_by(shown.command) for shown in found
    ]  # in their order: a later one may need an earlier
    for shown, output in reversed(list(zip(found, printed, strict=True))):
        if same(output, shown.output) and shown.output != ["..."]:
            continue
        if "..." in shown.output and shown.output != ["..."]:
            print(f"{shown.line}: {shown.command}\nprints something else now:\n" + "\n".join(output))
            continue
        first = shown.line.number  # of the output, counted from 0
        lines[first : first + len(shown.output)] = output
        print(f"{shown.line}: {shown.command}: written")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def said_wrong(shown: Shown) -> str:
    """Return what is wrong with a shown output, for a person; empty when it is right."""
    printed = printed_by(shown.command)
    if same(printed, shown.output):
        return ""
    return (
        f"{shown.line}: {shown.command} prints something else now; run python -m tests.shown_output, "
        "or paste this:\n" + "\n".join(printed)
    )


if __name__ == "__main__":
    wanted = sys.argv[1:] or [document for document in DOCUMENTS if document != "docs/hostile-pages.md"]
    for each in wanted:
        file = ROOT / each
        file.write_text(with_tables(file.read_text(encoding="utf-8")), encoding="utf-8")
    with tempfile.TemporaryDirectory() as scratch, sample_folder(Path(scratch)):
        for each in wanted:
            write_outputs(each)
